import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Interface } from "../../src/device/interface.ts";
import { masked6, prefixEqual6 } from "../../src/ip/address_kind6.ts";
import { Fib6Table } from "../../src/ip/fib6.ts";
import { Route6 } from "../../src/ip/route6.ts";
import { Random } from "../../src/time/random.ts";
import { parseIpv6 } from "../../src/wire/ipv6.ts";
import { get32 } from "../../src/wire/octets.ts";

const ip6 = (text: string) => parseIpv6(text)!;
const device = { index: 1 } as unknown as Interface;

function route(destination: Uint8Array, length: number, metric = 1): Route6 {
  return new Route6(masked6(destination, length), length, 254, 1, 3, metric, device, null);
}

function longest(table: Fib6Table, address: Uint8Array): Route6[] {
  const found: Route6[] = [];
  const words = [0, 4, 8, 12].map((at) => get32(address, at) | 0) as [number, number, number, number];
  for (let node = table.longest(...words); node !== 0; node = table.shorter(node)) found.push(table.first(node)!);
  return found;
}

/** The length of the longest prefix that holds an address. */
function naive(prefixes: Map<number, Set<string>>, address: Uint8Array): number {
  for (let length = 128; length >= 0; length--) {
    if (prefixes.get(length)?.has(masked6(address, length).join())) return length;
  }
  return -1;
}

/** Few distinct bits, so that prefixes lie in one another. */
const address = fc.array(fc.constantFrom(0, 0, 0x80, 0xff, 0x20), { minLength: 16, maxLength: 16 })
  .map((octets) => Uint8Array.from(octets));
const change = fc.record({
  add: fc.boolean(),
  address,
  length: fc.integer({ min: 0, max: 128 }),
  metric: fc.integer({ min: 1, max: 3 }),
});

Deno.test("the trie holds what a list holds: longest match, order, and removal", () => {
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 60 }),
      fc.array(address, { minLength: 5, maxLength: 20 }),
      (changes, asked) => {
        const table = new Fib6Table(254);
        let list: Route6[] = [];
        for (const one of changes) {
          if (one.add) {
            const made = route(one.address, one.length, one.metric);
            table.insert(made);
            list.push(made);
          } else if (list.length > 0) {
            const victim = list[(one.length * 7 + one.metric) % list.length];
            table.remove(victim);
            list = list.filter((other) => other !== victim);
          }
        }
        assertEquals(table.size, list.length);
        assertEquals(new Set(table), new Set(list));
        for (const address of asked) {
          const covering = list.filter((other) => prefixEqual6(other.destination, address, other.prefixLength));
          const lengths = [...new Set(covering.map((other) => other.prefixLength))].sort((a, b) => b - a);
          const found = longest(table, address);
          assertEquals(found.map((other) => other.prefixLength), lengths);
          for (const first of found) {
            const same = covering.filter((other) => other.prefixLength === first.prefixLength);
            assertEquals(first.metric, Math.min(...same.map((other) => other.metric)));
          }
        }
      },
    ),
    { numRuns: 300, seed: 6 },
  );
});

Deno.test("routes of one prefix are in the order of metric, then of coming", () => {
  const table = new Fib6Table(254);
  const some = [3, 1, 2, 1, 3].map((metric) => route(new Uint8Array(16), 0, metric));
  for (const one of some) table.insert(one);
  assertEquals([...table], [some[1], some[3], some[2], some[0], some[4]]);
});

Deno.test("dumps list the more specific before the less, zeros before ones", () => {
  const table = new Fib6Table(254);
  const prefix = (first: number, length: number) => route(Uint8Array.of(first, ...new Array(15).fill(0)), length);
  for (const one of [prefix(0x20, 8), prefix(0, 0), prefix(0x20, 64), prefix(0xfe, 10), prefix(0x20, 4)]) {
    table.insert(one);
  }
  assertEquals([...table].map((one) => `${one.destination[0]}/${one.prefixLength}`), [
    "32/64",
    "32/8",
    "32/4",
    "254/10",
    "0/0",
  ]);
});

Deno.test("a large table is put in order and goes on finding and losing its routes", () => {
  const table = new Fib6Table(254);
  const random = new Random(1);
  const routes: Route6[] = [];
  for (let i = 0; i < 30_000; i++) {
    const bytes = new Uint8Array(16);
    random.fill(bytes);
    bytes[0] = 0x20;
    const made = route(bytes, 32 + random.below(33));
    routes.push(made);
    table.insert(made);
  }
  // What is asked for does not only lie in the trunk of the tree.
  for (
    const one of [route(ip6("fe80::"), 64), route(ip6("2100::"), 8), route(ip6("2200::"), 7), route(ip6("2000::"), 3)]
  ) {
    routes.push(one);
    table.insert(one);
  }
  const sorted = new Map<number, Set<string>>();
  for (const one of routes) {
    if (!sorted.has(one.prefixLength)) sorted.set(one.prefixLength, new Set());
    sorted.get(one.prefixLength)!.add(one.destination.join());
  }
  for (let round = 0; round < 3; round++) {
    for (const one of routes) {
      const found = longest(table, one.destination)[0];
      if (!(found.prefixLength >= one.prefixLength)) throw new Error("not found");
      if (round === 2 && (one.w1 & 15) === 0) {
        const other = one.destination;
        other[5] ^= 0x55;
        other[0] = 0x20 + (other[6] & 3);
        const slow = naive(sorted, other);
        assertEquals(longest(table, other)[0]?.prefixLength ?? -1, slow);
      }
    }
  }
  for (const one of routes) table.remove(one);
  assertEquals(table.size, 0);
  assertEquals([...table], []);
});
