/** A stub resolver: asks name servers over UDP, and over TCP when an answer did not fit (RFC 1123 section 6.1.3.2). */
import {
  decodeMessage,
  encodeMessage,
  type Message,
  NOERROR,
  NXDOMAIN,
  query,
  type ResourceRecord,
  typeOf,
} from "./message.ts";
import { keyOf } from "./name.ts";
import { candidates, type ResolvConf } from "./resolv_conf.ts";

/** The sockets that a resolver needs; a namespace has them. */
export interface DnsSockets {
  /** One exchange of datagrams: sends `data` and gives the first answer that `accept` takes, or null after `ms`. */
  exchange(
    server: string,
    port: number,
    data: Uint8Array,
    accept: (answer: Uint8Array) => boolean,
    ms: number,
    signal?: AbortSignal,
  ): Promise<Uint8Array | null>;
  /** The same over TCP, with the length before the message. */
  exchangeTcp(
    server: string,
    port: number,
    data: Uint8Array,
    ms: number,
    signal?: AbortSignal,
  ): Promise<Uint8Array | null>;
  /** A number from 0 to 65535 from the seed. */
  randomId(): number;
}

/** Why there is no answer. */
export type LookupFailure = "NXDOMAIN" | "NODATA" | "SERVFAIL" | "REFUSED" | "TIMEOUT" | "NOSERVERS";

export interface LookupResult {
  /** The name that was found in the end: the one asked for with a domain of the search list. */
  name: string;
  records: ResourceRecord[];
  message: Message | null;
  failure: LookupFailure | null;
}

/** Asks one server one question. Null: no usable answer in time. */
export async function ask(
  sockets: DnsSockets,
  server: string,
  port: number,
  name: string,
  type: number,
  ms: number,
  options: { tcp?: boolean; signal?: AbortSignal; recursionDesired?: boolean } = {},
): Promise<Message | null> {
  const id = sockets.randomId();
  const data = encodeMessage(query(id, name, type, options.recursionDesired ?? true));
  const matches = (octets: Uint8Array): boolean => {
    const message = decodeMessage(octets);
    const question = message?.questions[0];
    return message !== null && message.response && message.id === id &&
      (question === undefined || (keyOf(question.name) === keyOf(name) && question.type === type));
  };
  if (!options.tcp) {
    const octets = await sockets.exchange(server, port, data, matches, ms, options.signal);
    if (octets === null) return null;
    const message = decodeMessage(octets)!;
    if (!message.truncated) return message;
  }
  const octets = await sockets.exchangeTcp(server, port, data, ms, options.signal);
  return octets !== null && matches(octets) ? decodeMessage(octets) : null;
}

/** Looks a name up as `/etc/resolv.conf` says: search list, servers, attempts, time-outs. */
export async function lookup(
  sockets: DnsSockets,
  conf: ResolvConf,
  name: string,
  type: number,
  signal?: AbortSignal,
): Promise<LookupResult> {
  if (conf.nameservers.length === 0) return { name, records: [], message: null, failure: "NOSERVERS" };
  let failure: LookupResult = { name, records: [], message: null, failure: "NXDOMAIN" };
  for (const candidate of candidates(conf, name)) {
    const message = await askServers(sockets, conf, candidate, type, signal);
    if (message === null) return { name: candidate, records: [], message, failure: "TIMEOUT" };
    if (message.rcode === NOERROR) {
      const records = answerOf(message, candidate, type);
      if (records.length > 0) return { name: candidate, records, message, failure: null };
      failure = { name: candidate, records: [], message, failure: "NODATA" };
    } else if (message.rcode !== NXDOMAIN) {
      failure = { name: candidate, records: [], message, failure: message.rcode === 5 ? "REFUSED" : "SERVFAIL" };
    } else if (failure.failure === "NXDOMAIN") failure.message = message;
  }
  return failure;
}

async function askServers(
  sockets: DnsSockets,
  conf: ResolvConf,
  name: string,
  type: number,
  signal: AbortSignal | undefined,
): Promise<Message | null> {
  const { nameservers } = conf;
  const first = conf.rotate ? sockets.randomId() % nameservers.length : 0;
  let last: Message | null = null;
  for (let attempt = 0; attempt < conf.attempts; attempt++) {
    for (let i = 0; i < nameservers.length; i++) {
      const server = nameservers[(first + i) % nameservers.length];
      // res_send.c: the time doubles with each round, and is shared among the servers
      const ms = attempt === 0
        ? conf.timeout * 1000
        : Math.max(1, Math.floor((conf.timeout << attempt) / nameservers.length)) * 1000;
      const message = await ask(sockets, server, 53, name, type, ms, { tcp: conf.useTcp, signal });
      if (message === null) continue;
      if (message.rcode === NOERROR || message.rcode === NXDOMAIN) return message;
      last = message;
    }
  }
  return last;
}

/** The records that answer the question, after following aliases within the message. */
export function answerOf(message: Message, name: string, type: number): ResourceRecord[] {
  let sought = keyOf(name);
  for (let i = 0; i <= message.answers.length; i++) {
    const here = message.answers.filter((record) => keyOf(record.name) === sought);
    const matching = here.filter((record) => typeOf(record.data) === type);
    if (matching.length > 0) return matching;
    const alias = here.find((record) => record.data.type === "CNAME");
    if (alias === undefined) return [];
    sought = keyOf((alias.data as { name: string }).name);
  }
  return [];
}
