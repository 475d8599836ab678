import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { World } from "../../src/device/world.ts";
import { hostByAddress, hostByName, HostsFile, parseHosts } from "../../src/namespace/hosts.ts";
import { Machine } from "../../src/namespace/machine.ts";
import { Random } from "../../src/time/random.ts";
import { parseIpv6 } from "../../src/wire/ipv6.ts";

function hostsFile(text: string): HostsFile {
  const machine = new Machine(new World(1), "host");
  const files = machine.files(machine.initial);
  files.write("/etc/hosts", text);
  return new HostsFile(files);
}

Deno.test("a name has the addresses of all lines that have it, in either case of letters", () => {
  const entries = parseHosts("10.0.0.1 web www # one\n10.0.0.2\tWWW\nfd00::1 web\n");
  assertEquals(hostByName(entries, "www", 4)!.addresses, [0x0a000001, 0x0a000002]);
  assertEquals(hostByName(entries, "WEB", 6)!.addresses, [parseIpv6("fd00::1")!]);
  assertEquals(hostByName(entries, "other", 4), null);
});

Deno.test("::1 is 127.0.0.1 to a look-up of IPv4, as glibc has it", () => {
  assertEquals(hostByName(parseHosts("::1 ip6-localhost"), "ip6-localhost", 4)!.addresses, [0x7f000001]);
});

Deno.test("an address has the name of the first line that has it", () => {
  assertEquals(hostByAddress(parseHosts("10.0.0.1 a\n10.0.0.1 b\n"), 0x0a000001)!.name, "a");
});

Deno.test("adding and removing keep comments, order and tabs", () => {
  const hosts = hostsFile("# mine\n127.0.0.1\tlocalhost\n10.0.0.1\tweb  www\t# both\n10.0.0.2 web\n");
  hosts.add("10.0.0.3", "db", "store");
  assertEquals(hosts.text.split("\n").at(-2), "10.0.0.3\tdb store");
  assert(hosts.remove("WEB"));
  assertEquals(hosts.text, "# mine\n127.0.0.1\tlocalhost\n10.0.0.1  www\t# both\n10.0.0.3\tdb store\n");
  assert(hosts.remove("10.0.0.1"));
  assertEquals(hosts.text, "# mine\n127.0.0.1\tlocalhost\n10.0.0.3\tdb store\n");
  assert(!hosts.remove("web"));
});

Deno.test("a file without a last newline gets one before a new line", () => {
  const hosts = hostsFile("127.0.0.1 localhost");
  hosts.add("10.0.0.1", "a");
  assertEquals(hosts.text, "127.0.0.1 localhost\n10.0.0.1\ta\n");
});

Deno.test("what is no address or no name is refused", () => {
  const hosts = hostsFile("");
  assertThrows(() => hosts.add("10.0.0.300", "a"), TypeError, 'Not an IP address: "10.0.0.300"');
  assertThrows(() => hosts.add("10.0.0.1"), TypeError);
  assertThrows(() => hosts.add("10.0.0.1", "a b"), TypeError);
});

Deno.test("what is added is found, and gone after it is removed", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/);
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(0xffff), name), { maxLength: 10 }), (pairs) => {
    const hosts = hostsFile("# comment\n");
    for (const [low, one] of pairs) hosts.add(`10.0.${low >>> 8}.${low & 255}`, one);
    for (const [low, one] of pairs) assert(hostByName(hosts.entries(), one, 4)!.addresses.includes(0x0a000000 + low));
    for (const [, one] of pairs) hosts.remove(one);
    assertEquals(hosts.text, "# comment\n");
  }));
});

Deno.test("a million lines of any kind are read or passed over", () => {
  const random = new Random("hosts fuzz");
  const pieces = [..."0123456789abcdef.:% \t#\r\0", "127.0.0.1", "::1", " localhost", "\n", "ffff:", "é"];
  for (let i = 0; i < 250_000; i++) {
    let text = "";
    for (let length = random.below(16); length >= 0; length--) text += pieces[random.below(pieces.length)];
    parseHosts(text + "\n" + text + "\na\n");
  }
});
