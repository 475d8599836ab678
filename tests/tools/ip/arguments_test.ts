import { assertEquals, assertThrows } from "@std/assert";
import { Arguments, CommandError, matches, parseNumber, parseUnsigned } from "../../../src/tools/ip/arguments.ts";
import { formatPrefix, parsePrefix } from "../../../src/tools/ip/prefix.ts";
import { Decimal, Printer } from "../../../src/tools/ip/printer.ts";

Deno.test("a word stands for all that begin with it", () => {
  assertEquals(matches("a", "address"), true);
  assertEquals(matches("addresses", "address"), false);
  assertEquals(matches("", "address"), true);
});

Deno.test("numbers are read as strtoul with base 0 reads them", () => {
  assertEquals(parseNumber("10"), 10);
  assertEquals(parseNumber("0x1f"), 31);
  assertEquals(parseNumber("017"), 15);
  assertEquals(parseNumber("-3"), -3);
  assertEquals(parseNumber("08"), null);
  assertEquals(parseNumber("ff"), null);
  assertEquals(parseNumber("ff", 16), 255);
  assertEquals(parseNumber(""), null);
  assertEquals(parseUnsigned("-1"), null);
  assertEquals(parseUnsigned("256", 255), null);
});

Deno.test("a keyword without its value is an incomplete command line", () => {
  const args = new Arguments(["dev"]);
  args.take();
  const error = assertThrows(() => args.value(), CommandError);
  assertEquals((error as CommandError).text, 'Command line is not complete. Try option "help"\n');
  assertEquals((error as CommandError).code, 255);
});

Deno.test("prefixes take short addresses, masks and default", () => {
  const text = (word: string) => {
    const prefix = parsePrefix(word, "unspec");
    return prefix === null ? null : `${formatPrefix(prefix.address, prefix.length)} ${prefix.family}`;
  };
  assertEquals(text("10/8"), "10.0.0.0/8 inet");
  assertEquals(text("10.1"), "10.1.0.0 inet");
  assertEquals(text("10.0.0.1/255.255.255.0"), "10.0.0.1/24 inet");
  assertEquals(text("2001:db8::/32"), "2001:db8::/32 inet6");
  assertEquals(text("10.0.0.1/33"), null);
  assertEquals(text("10.0.0.1/255.0.255.0"), null);
  assertEquals(text("1.2.3.4.5"), null);
  assertEquals(parsePrefix("default", "inet")?.unspecified, true);
  assertEquals(parsePrefix("10.0.0.1", "inet6"), null);
});

Deno.test("one description prints as text, JSON and pretty JSON", () => {
  const print = (json: boolean, pretty: boolean) => {
    let text = "";
    const out = new Printer({ json, pretty, oneLine: false, color: false }, (piece) => text += piece);
    out.begin();
    out.openObject();
    out.put("name", 'a"b', "name a ");
    out.openArray("flags");
    out.put("", "UP", "<UP> ");
    out.closeArray();
    out.openArray("empty");
    out.closeArray();
    out.put("share", new Decimal("0.50"), null);
    out.put("gone", null, null);
    out.text("\n");
    out.closeObject();
    out.end();
    return text;
  };
  assertEquals(print(false, false), "name a <UP> \n");
  assertEquals(print(true, false), '[{"name":"a\\"b","flags":["UP"],"empty":[],"share":0.50,"gone":null}]\n');
  assertEquals(
    print(true, true),
    `[ {
        "name": "a\\"b",
        "flags": [ "UP" ],
        "empty": [ ],
        "share": 0.50,
        "gone": null
    } ]
`,
  );
});
