/** Deno's `resolveDns`: its result shapes and errors over the stub resolver. */
import { errors } from "../socket/errors.ts";
import { labelsOf, reverseName } from "./name.ts";
import { parseIpv4 } from "../wire/ipv4.ts";
import { parseIpv6 } from "../wire/ipv6.ts";
import { type RecordData, type TypeName, TYPES } from "./message.ts";
import type { ResolvConf } from "./resolv_conf.ts";
import { answerOf, ask, type DnsSockets, lookup } from "./stub_resolver.ts";

/** As Deno's `RecordType`. */
export type RecordType =
  | "A"
  | "AAAA"
  | "ANAME"
  | "CAA"
  | "CNAME"
  | "MX"
  | "NAPTR"
  | "NS"
  | "PTR"
  | "SOA"
  | "SRV"
  | "TXT";

/** As Deno's `ResolveDnsOptions`. */
export interface ResolveDnsOptions {
  /** The server to ask, port 53 by default; without it those of `/etc/resolv.conf` are asked. */
  nameServer?: { ipAddr: string; port?: number };
  /** Gives up when it is aborted. */
  signal?: AbortSignal;
}

/** As Deno's `CaaRecord`. */
export interface CaaRecord {
  /** Whether who does not know the tag must not issue certificates (RFC 8659). */
  critical: boolean;
  /** `issue`, `issuewild` or `iodef`. */
  tag: string;
  /** What the tag says, such as the domain of an issuer. */
  value: string;
}
/** As Deno's `MxRecord`. */
export interface MxRecord {
  /** The lowest is tried first. */
  preference: number;
  /** The name of the mail server, with the dot at its end. */
  exchange: string;
}
/** As Deno's `NaptrRecord`. */
export interface NaptrRecord {
  /** The lowest is followed first (RFC 3403). */
  order: number;
  /** The lowest first among those of one order. */
  preference: number;
  /** What the result is: `S`, `A`, `U` or `P`. */
  flags: string;
  /** The services that it leads to. */
  services: string;
  /** A substitution for the name asked for, or nothing. */
  regexp: string;
  /** The next name to ask for, where there is no `regexp`. */
  replacement: string;
}
/** As Deno's `SoaRecord`. */
export interface SoaRecord {
  /** The primary name server. */
  mname: string;
  /** The mailbox of who is responsible, its `@` written as a dot. */
  rname: string;
  /** The zone's version. */
  serial: number;
  /** Seconds between the looks that secondaries take at the serial. */
  refresh: number;
  /** Seconds before a look that failed is taken again. */
  retry: number;
  /** Seconds after which a secondary without news stops answering. */
  expire: number;
  /** Seconds for which the absence of a name is remembered (RFC 2308). */
  minimum: number;
}
/** As Deno's `SrvRecord`. */
export interface SrvRecord {
  /** The lowest is tried first (RFC 2782). */
  priority: number;
  /** The share among those of one priority. */
  weight: number;
  /** Where the service listens. */
  port: number;
  /** The host of the service. */
  target: string;
}

/** What `resolveDns` gives, by the type asked for. */
export type DnsResult = string[] | CaaRecord[] | MxRecord[] | NaptrRecord[] | SoaRecord[] | SrvRecord[] | string[][];

/** ANAME has no registered number: nothing answers it. */
const ANAME = 65305;
/** Milliseconds that one server is given, as in Deno's resolver, and rounds. */
const TIMEOUT_MS = 5000;
const ATTEMPTS = 2;

/**
 * As Deno's `resolveDns`.
 *
 * @throws {NotFound} there are no such records
 * @throws {TimedOut} no name server answered
 */
export async function resolveDns(
  sockets: DnsSockets,
  conf: ResolvConf,
  name: string,
  recordType: RecordType,
  options: ResolveDnsOptions = {},
): Promise<DnsResult> {
  const { signal, nameServer } = options;
  signal?.throwIfAborted();
  const type = recordType === "ANAME" ? ANAME : TYPES[recordType as TypeName];
  if (type === undefined) throw new TypeError(`unknown variant \`${recordType}\``);
  if (labelsOf(name) === null) throw new Error("proto error: Malformed label: ");
  const sought = recordType === "PTR" ? pointerName(name) : name;
  const data = nameServer === undefined
    ? await fromConf(sockets, conf, sought, type, signal)
    : await fromServer(sockets, nameServer, sought, type, signal);
  if (data === null || data.length === 0) throw noRecords(sought, recordType);
  return data.map(shaped) as DnsResult;
}

function pointerName(name: string): string {
  const address = parseIpv4(name) ?? parseIpv6(name);
  return address === null ? name : reverseName(address);
}

async function fromConf(
  sockets: DnsSockets,
  conf: ResolvConf,
  name: string,
  type: number,
  signal: AbortSignal | undefined,
): Promise<RecordData[] | null> {
  const result = await lookup(sockets, conf, name, type, signal);
  signal?.throwIfAborted();
  if (result.failure === "TIMEOUT") throw timedOut();
  if (result.failure === "NOSERVERS") throw new Error("proto error: no connections available");
  return result.failure === null ? result.records.map((record) => record.data) : null;
}

async function fromServer(
  sockets: DnsSockets,
  nameServer: { ipAddr: string; port?: number },
  name: string,
  type: number,
  signal: AbortSignal | undefined,
): Promise<RecordData[] | null> {
  const absolute = name.endsWith(".") ? name : `${name}.`;
  for (let i = 0; i < ATTEMPTS; i++) {
    const message = await ask(sockets, nameServer.ipAddr, nameServer.port ?? 53, absolute, type, TIMEOUT_MS, {
      signal,
    });
    signal?.throwIfAborted();
    if (message !== null) return answerOf(message, absolute, type).map((record) => record.data);
  }
  throw timedOut();
}

function timedOut(): Error {
  return new errors.TimedOut("proto error: request timed out");
}

function noRecords(name: string, type: string): Error {
  const absolute = name.endsWith(".") ? name : `${name}.`;
  return new errors.NotFound(
    `proto error: no records found for Query { name: Name("${absolute}"), query_type: ${type}, query_class: IN }`,
  );
}

function shaped(data: RecordData): unknown {
  switch (data.type) {
    case "A":
    case "AAAA":
      return data.address;
    case "NS":
    case "CNAME":
    case "PTR":
      return data.name;
    case "TXT":
      return data.texts;
    case "OTHER":
      return data.octets;
    default: {
      const { type: _type, ...fields } = data;
      return fields;
    }
  }
}
