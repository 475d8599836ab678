/** A million hellos, and records, from fixed seeds: only a TlsFailure comes out of those that are none. */
import { assert } from "@std/assert";
import { TlsFailure } from "../../src/tls/alerts.ts";
import { concat, KeyExchange } from "../../src/tls/cryptography.ts";
import { Fields } from "../../src/tls/messages.ts";
import { Protection, Records } from "../../src/tls/records.ts";
import { clientHello, readClientHello, readServerHello, serverHello } from "../../src/tls/tls_stream.ts";
import { Random } from "../../src/time/random.ts";
import { chance, damaged } from "../http/stream.ts";

Error.stackTraceLimit = 0; // a million refusals need no traces
const MILLION = 1_000_000;
/** Each has room for what a stream may bring, and that takes its time: half a million. */
const RECORDS = 500_000;
/** The platform's cipher takes its time for each of these. */
const SEALED = 50_000;

/** All of `data` at once, then the end. */
class Once {
  #data: Uint8Array | null;
  constructor(data: Uint8Array) {
    this.#data = data;
  }
  read(into: Uint8Array): Promise<number | null> {
    const data = this.#data;
    this.#data = null;
    if (data === null || data.length === 0) return Promise.resolve(null);
    into.set(data);
    return Promise.resolve(data.length);
  }
  write(data: Uint8Array): Promise<number> {
    return Promise.resolve(data.length);
  }
  closeWrite(): Promise<void> {
    return Promise.resolve();
  }
  close(): void {}
}

/** How many of the records of damaged copies of `data` are read, of `count` copies. */
async function records(data: Uint8Array, count: number, seed: number, secret: Uint8Array | null): Promise<number> {
  const random = chance(seed);
  let read = 0;
  for (let i = 0; i < count; i++) {
    const octets = damaged(data, random);
    const layer = new Records(new Once(octets));
    if (secret !== null) layer.reading = new Protection(secret);
    try {
      for (let one = await layer.read(); one !== null; one = await layer.read()) {
        assert(one.data.length <= octets.length);
        read++;
      }
    } catch (error) {
      if (!(error instanceof TlsFailure)) throw error;
    }
  }
  return read;
}

Deno.test("half a million octet strings are records in the clear or refused", async () => {
  const data = Uint8Array.of(22, 3, 3, 0, 4, 1, 0, 0, 0, 21, 3, 3, 0, 2, 2, 40);
  const read = await records(data, RECORDS, 7, null);
  assert(read > RECORDS / 10, `${read} records`);
});

Deno.test("protected records that were touched are refused, and no other", async () => {
  const secret = new Uint8Array(32).fill(9);
  const layer = new Records(new Once(new Uint8Array(0)));
  layer.writing = new Protection(secret);
  const data = concat(layer.encode(23, Uint8Array.of(1, 2, 3)), layer.encode(23, new Uint8Array(40)));
  const read = await records(data, SEALED, 8, secret);
  assert(read > SEALED / 100, `${read} records`);
});

function hellos(data: Uint8Array, seed: number, parse: (fields: Fields) => unknown): void {
  const random = chance(seed);
  let read = 0;
  for (let i = 0; i < MILLION; i++) {
    try {
      parse(new Fields(damaged(data, random), "Hello"));
      read++;
    } catch (error) {
      if (!(error instanceof TlsFailure)) throw error;
    }
  }
  assert(read > MILLION / 100 && read < MILLION, `${read} read`);
}

const random = new Random(1);
const exchange = new KeyExchange(new Uint8Array(32).fill(5));

Deno.test("a million octet strings are hellos of clients or refused", () => {
  const hello = clientHello({ random, name: "web", alpnProtocols: ["h2"], trusted: [], now: () => 0 }, exchange);
  hellos(hello.subarray(4), 9, readClientHello);
});

Deno.test("a million octet strings are hellos of servers or refused", () => {
  hellos(serverHello(random, new Uint8Array(0), exchange).subarray(4), 10, readServerHello);
});
