import { assertEquals } from "@std/assert";
import { PingStatistics } from "../../../src/tools/ping/statistics.ts";
import { parsePingOptions, PingExit } from "../../../src/tools/ping/options.ts";

Deno.test("losses, duplicates and round trips are summed up as ping does", () => {
  const statistics = new PingStatistics();
  for (let sequence = 1; sequence <= 3; sequence++) statistics.sent();
  for (const [sequence, us] of [[1, 1000], [2, 3000], [2, 2000]]) {
    statistics.roundTrip(us);
    statistics.answer(sequence);
  }
  assertEquals(
    statistics.summary("host", 2_000_400_000, true, false),
    "\n--- host ping statistics ---\n" +
      "3 packets transmitted, 2 received, +1 duplicates, 33.3333% packet loss, time 2000ms\n" +
      "rtt min/avg/max/mdev = 1.000/2.000/3.000/0.816 ms, pipe 3\n",
  );
});

Deno.test("packets on their way are counted over the wrap of the sequence numbers", () => {
  const statistics = new PingStatistics();
  for (let sequence = 1; sequence <= 70_000; sequence++) {
    statistics.sent();
    assertEquals(statistics.inFlight, 1);
    statistics.forget(sequence);
    statistics.answer(sequence & 0xffff);
    assertEquals(statistics.inFlight, 0);
  }
  assertEquals(statistics.received, 70_000);
});

Deno.test("wrong options end with ping's words and exit codes", () => {
  const complaint = (...args: string[]): [number, string] => {
    try {
      parsePingOptions("ping", args);
    } catch (error) {
      if (error instanceof PingExit) return [error.code, error.words.split("\n")[0]];
      throw error;
    }
    return [0, ""];
  };
  assertEquals(complaint(), [1, "ping: usage error: Destination address required"]);
  assertEquals(complaint("-c", "x", "h"), [1, "ping: invalid argument: 'x'"]);
  assertEquals(complaint("-t", "300", "h"), [1, "ping: invalid argument: '300': out of range: 0 <= value <= 255"]);
  assertEquals(complaint("-Z", "h"), [2, "ping: invalid option -- 'Z'"]);
  assertEquals(complaint("-46", "h"), [2, "ping: only one -4 or -6 option may be specified"]);
});
