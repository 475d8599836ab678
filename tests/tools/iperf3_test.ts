import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseQuantity, unitText } from "../../src/tools/iperf3/units.ts";
import { jsonText, Members } from "../../src/tools/iperf3/cjson.ts";
import { Network } from "../../mod.ts";

/** Two machines on a wire, with a server on the second. */
async function measured(options: string, wire: { delay?: string; rate?: string } = {}): Promise<string[]> {
  using net = new Network({ seed: 1 });
  const client = net.host("client"), server = net.host("server");
  net.veth([client, "eth0", "10.0.0.1/24"], [server, "eth0", "10.0.0.2/24"], wire);
  return await net.run(async () => {
    const serving = server.exec("iperf3 -s -1");
    await client.exec("sleep 0.1");
    const { stdout, stderr } = await client.exec(`iperf3 -c 10.0.0.2 ${options}`);
    return [stdout + stderr, (await serving).stdout];
  });
}

Deno.test("quantities are shown in four places, of a unit that suits or of the one that is wanted", () => {
  assertEquals(unitText(131072, "A"), " 128 KByte");
  assertEquals(unitText(1048576, "A"), "1.00 MByte");
  assertEquals(unitText(131072, "a"), "1.05 Mbit");
  assertEquals(unitText(1250000, "g"), "0.01 Gbit");
  assertEquals(unitText(0, "a"), "0.00 bit");
});

Deno.test("quantities are read with a unit of 1024 or 1000", () => {
  assertEquals(parseQuantity("10K", 1024), 10240);
  assertEquals(parseQuantity("1.5M", 1000), 1500000);
  assertEquals(parseQuantity("x", 1000), 0);
});

Deno.test("JSON is laid out as cJSON's", () => {
  const inner = new Members().add("a", 0.1).add("b", [new Members().add("c", true)]);
  assertEquals(jsonText(inner), '{\n\t"a":\t0.1,\n\t"b":\t[{\n\t\t\t"c":\ttrue\n\t\t}]\n}');
});

Deno.test("TCP over a wire of 10 Mbit/s gets what the headers leave of it", async () => {
  const [client, server] = await measured("-t 3", { delay: "5ms", rate: "10mbit" });
  assert(/receiver/.test(client));
  const rate = Number(/([\d.]+) Mbits\/sec {18}receiver/.exec(client)?.[1]);
  assert(rate > 9 && rate < 9.7, client);
  assertStringIncludes(client, "\n\niperf Done.\n");
  assertStringIncludes(server, "Server listening on 5201 (test #1)");
});

Deno.test("UDP tells jitter and losses, and -R lets the server send", async () => {
  const [client] = await measured("-u -b 1M -t 2 -R", { delay: "5ms" });
  assertStringIncludes(client, "Reverse mode, remote host 10.0.0.2 is sending\n");
  assert(/0\/17[0-9] \(0%\) {2}receiver/.test(client), client);
});

Deno.test("an amount ends the test, both ways at once, and the JSON parses", async () => {
  const [client] = await measured("-n 1M --bidir -J", { delay: "1ms" });
  const report = JSON.parse(client);
  assert(report.end.sum_sent.bytes >= 1048576);
  assert(report.end.sum_received_bidir_reverse.bytes > 0);
});

Deno.test("who cannot be reached is told so", async () => {
  using net = new Network({ seed: 1 });
  const alone = net.host("alone");
  const { code, stderr } = await net.run(() => alone.exec("iperf3 -c 127.0.0.1"));
  assertEquals([code, stderr], [1, "iperf3: error - unable to connect to server: Connection refused\n"]);
});
