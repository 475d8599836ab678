import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { FibTrie } from "../../src/ip/fib_trie.ts";
import { mask4 } from "../../src/wire/ipv4.ts";
import { Random } from "../../src/time/random.ts";

const prefix = fc.tuple(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 0, max: 32 }), fc.boolean()).map((
  [address, length, near],
) => ({ key: ((near ? address & 0x0f00000f : address) & mask4(length)) >>> 0, length }));
const change = fc.record({ prefix, remove: fc.boolean(), value: fc.nat(1000) });

function covers(key: number, length: number, address: number): boolean {
  return ((address ^ key) & mask4(length)) === 0;
}

/** By destination, the longest prefix first. */
function kernelOrder(a: { key: number; length: number }, b: { key: number; length: number }): number {
  return a.key - b.key || b.length - a.length;
}

Deno.test("the trie holds, finds and lists what a plain list of prefixes does", () => {
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 60 }),
      fc.array(fc.integer({ min: 0, max: 0xffffffff })),
      (changes, asked) => {
        const trie = new FibTrie();
        const model = new Map<string, { key: number; length: number; value: number }>();
        for (const { prefix: { key, length }, remove, value } of changes) {
          if (remove) {
            trie.delete(key, length);
            model.delete(`${key}/${length}`);
          } else {
            trie.set(key, length, value);
            model.set(`${key}/${length}`, { key, length, value });
          }
        }
        const all = [...model.values()].sort(kernelOrder);
        assertEquals([...trie.entries()], all);
        const found = new Int32Array(33);
        for (const address of [...asked, ...changes.map((one) => one.prefix.key + 1)]) {
          const count = trie.match(address >>> 0, found);
          const expected = all.filter(({ key, length }) => covers(key, length, address)).sort((a, b) =>
            a.length - b.length
          );
          assertEquals(
            [...found.subarray(0, count)].map((place) => trie.valueAt(place)),
            expected.map((one) => one.value),
          );
        }
        for (const { prefix: { key, length } } of changes) {
          assertEquals(trie.get(key, length), model.get(`${key}/${length}`)?.value ?? -1);
        }
      },
    ),
    { seed: 4, numRuns: 300 },
  );
});

Deno.test("a large table finds the same before and after it was put in order, and after changes", () => {
  const random = new Random("large");
  const trie = new FibTrie();
  const prefixes: { key: number; length: number }[] = [];
  for (let i = 0; i < 20_000; i++) {
    const length = random.below(33);
    const key = (random.uint32() & mask4(length)) >>> 0;
    prefixes.push({ key, length });
    trie.set(key, length, i);
  }
  const addresses = prefixes.slice(0, 3000).map(({ key }) => (key + random.below(300)) >>> 0);
  const found = new Int32Array(33);
  const look = (address: number) => [...found.subarray(0, trie.match(address, found))].map((at) => trie.valueAt(at));
  const before = addresses.map(look);
  for (let round = 0; round < 4; round++) addresses.forEach(look);
  assertEquals(addresses.map(look), before);
  for (const { key, length } of prefixes.slice(10_000)) trie.delete(key, length);
  const after = addresses.map(look);
  for (let round = 0; round < 4; round++) addresses.forEach(look);
  assertEquals(addresses.map(look), after);
  for (const { key, length } of prefixes) trie.delete(key, length);
  assertEquals([...trie.entries()], []);
});
