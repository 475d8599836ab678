import { assertEquals } from "@std/assert";
import {
  formatClass,
  formatG,
  formatRate,
  formatSize,
  formatTime,
  formatTime64,
  octetsOf,
  parseClass,
  parseHandle,
  parsePercent,
  parseRate,
  parseSize,
  parseTime,
  transmissionTicks,
  wholeTicksNs,
} from "../../src/tools/tc/units.ts";

Deno.test("rates are octets a second, bare numbers bits", () => {
  assertEquals(parseRate("8000"), 1000);
  assertEquals(parseRate("1.5mbit"), 187500);
  assertEquals(parseRate("1KBps"), 1000);
  assertEquals(parseRate("10kibit"), 1280);
  assertEquals(parseRate("banana"), null);
  assertEquals(parseRate("-1mbit"), null);
  assertEquals(formatRate(187500), "1500Kbit");
  assertEquals(formatRate(125000), "1Mbit");
  assertEquals(formatRate(1280), "10240bit");
});

Deno.test("sizes count in 1024s and are rounded only where nothing is lost", () => {
  assertEquals(parseSize("10k"), 10240);
  assertEquals(parseSize("32kbit"), 4096);
  assertEquals(parseSize("1mb"), 1048576);
  assertEquals(parseSize("x"), null);
  assertEquals(formatSize(4095), "4Kb");
  assertEquals(formatSize(1514000), "1514000b");
  assertEquals(formatSize(1048576), "1Mb");
  assertEquals(formatSize(0), "0b");
});

Deno.test("times are microseconds, kept in ticks of 64 ns", () => {
  assertEquals(parseTime("50ms"), 50000);
  assertEquals(parseTime("100"), 100);
  assertEquals(parseTime("1.5s"), 1500000);
  assertEquals(parseTime("5x"), null);
  assertEquals(wholeTicksNs(100), 99968);
  assertEquals(wholeTicksNs(10000), 10_000_000);
  assertEquals(formatTime(911876), "912ms");
  assertEquals(formatTime(0), "0us");
  assertEquals(formatTime64(99968), "100us");
  assertEquals(formatTime64(64), "64ns");
});

Deno.test("a burst comes back from ticks as the kernel and tc leave it", () => {
  assertEquals(octetsOf(187500, transmissionTicks(187500, 4096)), 4095);
  assertEquals(octetsOf(32000, transmissionTicks(32000, 1540)), 1539);
  assertEquals(octetsOf(125000, transmissionTicks(125000, 5120)), 5120);
});

Deno.test("shares, handles and classes", () => {
  assertEquals(parsePercent("25%"), 0.25);
  assertEquals(parsePercent("0.1"), 0.001);
  assertEquals(parsePercent("101%"), null);
  assertEquals(parseHandle("1:"), 0x10000);
  assertEquals(parseHandle("ffff"), 0xffff0000);
  assertEquals(parseHandle("x"), null);
  assertEquals(parseClass("1:a"), 0x1000a);
  assertEquals(parseClass("root"), 0xffffffff);
  assertEquals(formatClass(0x1000a), "1:a");
  assertEquals(formatG(0.0001), "0.0001");
  assertEquals(formatG(0.00001), "1e-05");
});
