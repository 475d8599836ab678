/** A name server: authoritative for its zones, and for the rest a cache before other servers. */
import type { DatagramConn } from "../socket/datagram.ts";
import type { Addr } from "../socket/addresses.ts";
import type { ByteStream } from "../http/byte_reader.ts";
import {
  decodeMessage,
  encodeMessage,
  FORMERR,
  type Message,
  NOERROR,
  NOTIMP,
  NXDOMAIN,
  REFUSED,
  type ResourceRecord,
  SERVFAIL,
  UDP_LIMIT,
} from "./message.ts";
import { keyOf } from "./name.ts";
import { ask, type DnsSockets } from "./stub_resolver.ts";
import type { Zone } from "./zone.ts";

/** What a name server counts. */
export interface DnsCounters {
  /** Queries that were understood. */
  queries: number;
  /** Answers that were sent to them, also negative ones. */
  answered: number;
  /** Octets that are no query: dropped, or answered with FORMERR. */
  malformed: number;
  /** Questions that the cache answered. */
  cacheHits: number;
  /** Questions that were passed on to a forwarder. */
  forwarded: number;
}

/** Answers kept, in messages. */
const CACHE_LIMIT = 10_000;
/** Seconds that a negative answer without a SOA is kept. */
const NEGATIVE_TTL = 60;
const FORWARD_MS = 2000;

interface Cached {
  message: Message;
  storedAt: number;
  expiresAt: number;
}

export interface DnsServerOptions {
  zones: readonly Zone[];
  /** Servers to ask for names outside the zones (addresses); none: such questions are refused. */
  forwarders?: readonly string[];
  /** Turns the order of equal records with each answer (round robin). */
  rotate?: boolean;
}

/** Answers queries; the sockets are the caller's. */
export class DnsServer {
  readonly counters: DnsCounters = { queries: 0, answered: 0, malformed: 0, cacheHits: 0, forwarded: 0 };
  readonly #options: DnsServerOptions;
  readonly #sockets: DnsSockets;
  readonly #now: () => number;
  readonly #cache = new Map<string, Cached>();
  #turn = 0;

  /** `now` gives virtual milliseconds. */
  constructor(options: DnsServerOptions, sockets: DnsSockets, now: () => number) {
    this.#options = options;
    this.#sockets = sockets;
    this.#now = now;
  }

  /** Answers datagrams until the socket is closed. */
  async serveUdp(conn: Pick<DatagramConn, "receive" | "send"> & AsyncIterable<[Uint8Array, Addr]>): Promise<void> {
    for await (const [octets, from] of conn) {
      const reply = async () => {
        const answer = await this.respond(octets, UDP_LIMIT);
        if (answer !== null) await conn.send(answer, from).catch(() => {}); // who asked may be gone
      };
      reply();
    }
  }

  /** Answers the messages of TCP connections until the listener is closed. */
  async serveTcp(listener: AsyncIterable<ByteStream>): Promise<void> {
    for await (const conn of listener) this.#serveConnection(conn);
  }

  async #serveConnection(conn: ByteStream): Promise<void> {
    try {
      for (;;) {
        const octets = await readMessage(conn);
        if (octets === null) break;
        const answer = await this.respond(octets, 65535);
        if (answer === null) break;
        await writeMessage(conn, answer);
      }
    } catch {
      // The client went away.
    } finally {
      try {
        conn.close();
      } catch {
        // It was closed already.
      }
    }
  }

  /** The octets that answer a query; null when they are not worth one. `limit` is what fits without EDNS. */
  async respond(octets: Uint8Array, limit: number): Promise<Uint8Array | null> {
    const message = decodeMessage(octets);
    if (message === null) {
      this.counters.malformed++;
      return octets.length >= 12 && (octets[2] & 0x80) === 0 ? formatError(octets) : null;
    }
    if (message.response) {
      this.counters.malformed++;
      return null;
    }
    this.counters.queries++;
    const reply = await this.#answer(message);
    this.counters.answered++;
    const most = message.ednsSize > 0 ? Math.max(message.ednsSize, UDP_LIMIT) : limit;
    return encodeMessage(reply, Math.max(limit, Math.min(most, 4096)));
  }

  async #answer(message: Message): Promise<Message> {
    const reply: Message = {
      ...message,
      response: true,
      recursionAvailable: (this.#options.forwarders?.length ?? 0) > 0,
      authoritative: false,
      truncated: false,
      answers: [],
      authority: [],
      additional: [],
      ednsSize: message.ednsSize > 0 ? 1232 : 0,
      rcode: NOERROR,
    };
    if (message.opcode !== 0) return { ...reply, rcode: NOTIMP };
    if (message.questions.length !== 1) return { ...reply, rcode: FORMERR };
    const [question] = message.questions;
    const zone = this.#zoneFor(question.name);
    if (zone !== null && question.class === 1) {
      const answer = zone.answer(question.name, question.type);
      return { ...reply, ...answer, answers: this.#rotated(answer.answers) };
    }
    if (!message.recursionDesired || !reply.recursionAvailable) return { ...reply, rcode: REFUSED };
    return await this.#forward(reply, question.name, question.type);
  }

  /** The zone with the longest origin that has the name. */
  #zoneFor(name: string): Zone | null {
    let best: Zone | null = null;
    for (const zone of this.#options.zones) {
      if (zone.contains(name) && (best === null || zone.origin.length > best.origin.length)) best = zone;
    }
    return best;
  }

  #rotated(records: ResourceRecord[]): ResourceRecord[] {
    const addresses = records.filter((it) => it.data.type === "A" || it.data.type === "AAAA");
    if (this.#options.rotate === false || addresses.length < 2) return records;
    const others = records.filter((it) => !addresses.includes(it));
    const first = this.#turn++ % addresses.length;
    return [...others, ...addresses.slice(first), ...addresses.slice(0, first)];
  }

  async #forward(reply: Message, name: string, type: number): Promise<Message> {
    const key = `${keyOf(name)} ${type}`;
    const cached = this.#cache.get(key);
    if (cached !== undefined && cached.expiresAt > this.#now()) {
      this.counters.cacheHits++;
      return aged(reply, cached, this.#now());
    }
    for (const server of this.#options.forwarders!) {
      this.counters.forwarded++;
      const answer = await ask(this.#sockets, server, 53, name, type, FORWARD_MS);
      if (answer === null || (answer.rcode !== NOERROR && answer.rcode !== NXDOMAIN)) continue;
      this.#store(key, answer);
      return aged(reply, { message: answer, storedAt: 0, expiresAt: 0 }, 0);
    }
    return { ...reply, rcode: SERVFAIL };
  }

  #store(key: string, message: Message): void {
    const records = message.answers.length > 0 ? message.answers : message.authority;
    const ttl = records.reduce(
      (least, record) => Math.min(least, record.ttl),
      records.length > 0 ? 604_800 : NEGATIVE_TTL,
    );
    if (ttl === 0) return;
    if (this.#cache.size >= CACHE_LIMIT) this.#cache.delete(this.#cache.keys().next().value!);
    const now = this.#now();
    this.#cache.set(key, { message, storedAt: now, expiresAt: now + ttl * 1000 });
  }
}

/** A cached answer with what is left of its time. */
function aged(reply: Message, cached: Cached, now: number): Message {
  const age = Math.floor((now - cached.storedAt) / 1000);
  const older = (records: ResourceRecord[]) => records.map((it) => ({ ...it, ttl: Math.max(0, it.ttl - age) }));
  const { rcode, answers, authority, additional } = cached.message;
  return { ...reply, rcode, answers: older(answers), authority: older(authority), additional: older(additional) };
}

function formatError(octets: Uint8Array): Uint8Array {
  const answer = new Uint8Array(12);
  answer.set(octets.subarray(0, 2));
  answer[2] = 0x80 | (octets[2] & 0x79);
  answer[3] = FORMERR;
  return answer;
}

/** A message of a TCP stream, after its two octets of length; null at the end. */
export async function readMessage(conn: Pick<ByteStream, "read">): Promise<Uint8Array | null> {
  const length = new Uint8Array(2);
  if (!await readFull(conn, length)) return null;
  const octets = new Uint8Array((length[0] << 8) | length[1]);
  return await readFull(conn, octets) ? octets : null;
}

async function readFull(conn: Pick<ByteStream, "read">, into: Uint8Array): Promise<boolean> {
  for (let got = 0; got < into.length;) {
    const count = await conn.read(into.subarray(got));
    if (count === null) return false;
    got += count;
  }
  return true;
}

/** Writes a message with its length before it. */
export async function writeMessage(conn: Pick<ByteStream, "write">, message: Uint8Array): Promise<void> {
  const octets = new Uint8Array(2 + message.length);
  octets[0] = message.length >>> 8;
  octets[1] = message.length;
  octets.set(message, 2);
  for (let sent = 0; sent < octets.length;) sent += await conn.write(octets.subarray(sent));
}
