/** `route add` and `del` (`lib/inet_sr.c`, `lib/inet6_sr.c`): SIOCADDRT and SIOCDELRT over netlink's requests. */
import * as nl from "../../ip/netlink.ts";
import { Errno, KernelError, strerror } from "../../wire/errno.ts";
import { mask4 } from "../../wire/ipv4.ts";
import { parseIpv6 } from "../../wire/ipv6.ts";
import { lookUp, parseInetAton } from "../name_lookup.ts";
import type { Process } from "../process.ts";
import { INET6_USAGE, INET_USAGE } from "./usage.ts";

/** Ends the program: what it says on standard error, and its exit code. */
export class Ended extends Error {
  constructor(readonly text: string, readonly code: number) {
    super(text);
  }
}

const E_USAGE = 3;
const E_LOOKUP = 6;
const E_SOCK = 7;

/** An address by number or name; `default` is 0.0.0.0. */
async function resolve(process: Process, host: string): Promise<{ address: number; network: boolean }> {
  if (host === "default") return { address: 0, network: true };
  const number = parseInetAton(host);
  if (number !== null) return { address: number, network: false };
  const found = /^[\d.]+$/.test(host) ? [] : await lookUp(process, host);
  if (typeof found === "string") throw new Ended(`${host}: Host name lookup failure\n`, E_LOOKUP);
  const four = found.find(({ version }) => version === 4);
  if (four === undefined) throw new Ended(`${host}: Unknown host\n`, E_LOOKUP);
  return { address: four.address as number, network: false };
}

/** What the words say. */
interface Words {
  destination: number;
  host: boolean;
  /** null: none was given. */
  mask: number | null;
  gateway: number | null;
  metric: number | null;
  device: string | null;
  reject: boolean;
  metrics: nl.RouteMetrics;
}

async function readWords(process: Process, words: string[]): Promise<Words> {
  const usage = (): never => {
    throw new Ended(INET_USAGE, E_USAGE);
  };
  const next = (): string => words.shift() ?? usage();
  let kind: "net" | "host" | null = null;
  if (words[0] === "-net" || words[0] === "-host") kind = words.shift() === "-net" ? "net" : "host";
  const [target, length] = next().split("/", 2);
  const { address, network } = await resolve(process, target);
  const result: Words = {
    destination: address,
    host: kind === null ? !network : kind === "host",
    mask: null,
    gateway: null,
    metric: null,
    device: null,
    reject: false,
    metrics: {},
  };
  if (length !== undefined) {
    if (!/^\d+$/.test(length)) usage();
    result.mask = Number(length) > 32 ? 0xffffffff : mask4(Number(length));
    if (Number(length) > 32) throw new Ended(`route: netmask doesn't match route address\n${INET_USAGE}`, E_USAGE);
    if (kind === null && Number(length) < 32) result.host = false;
  }
  while (words.length > 0) {
    const word = next();
    if (word === "metric") {
      const text = next();
      if (!/^\d/.test(text)) usage();
      result.metric = Number.parseInt(text);
    } else if (word === "netmask") {
      const text = next();
      if (result.mask !== null) usage();
      result.mask = (await resolve(process, text)).address;
    } else if (word === "gw" || word === "gateway") {
      const text = next();
      if (result.gateway !== null) usage();
      const gateway = await resolveGateway(process, text);
      result.gateway = gateway;
    } else if (word === "mss" || word === "mtu") result.metrics.advmss = bounded(next(), 64, "MSS") - 40;
    else if (word === "window") result.metrics.window = bounded(next(), 128, "window");
    else if (word === "irtt") result.metrics.rtt = Number.parseInt(next()) || 0;
    else if (word === "reject") result.reject = true;
    else if (word === "mod" || word === "dyn" || word === "reinstate") continue;
    else if (word === "dev" || word === "device") {
      if (result.device !== null) usage();
      result.device = next();
    } else {
      if (result.device !== null || words.length > 0) usage();
      result.device = word;
    }
  }
  return result;
}

async function resolveGateway(process: Process, text: string): Promise<number> {
  if (parseInetAton(text) !== null || text === "default") {
    const { address, network } = await resolve(process, text);
    if (network) throw new Ended(`route: ${text}: cannot use a NETWORK as gateway!\n`, E_USAGE);
    return address;
  }
  const found = await lookUp(process, text);
  const four = typeof found === "string" ? undefined : found.find(({ version }) => version === 4);
  if (four === undefined) throw new Ended(`${text}: Unknown host\n`, E_LOOKUP);
  return four.address as number;
}

function bounded(text: string, least: number, what: string): number {
  const number = Number.parseInt(text) || 0;
  if (number < least || number > 65536) throw new Ended(`route: Invalid ${what}.\n`, E_USAGE);
  return number;
}

function checkMask(words: Words): void {
  const { mask } = words;
  if (mask === null || mask === 0) return;
  const inverted = ~mask >>> 0;
  const refuse = (why: string): never => {
    throw new Ended(`route: ${why}\n${INET_USAGE}`, E_USAGE);
  };
  if (words.host && inverted !== 0) {
    refuse(`netmask ${inverted.toString(16).padStart(8, "0")} doesn't make sense with host route`);
  }
  if ((inverted & (inverted + 1)) !== 0) {
    refuse(`bogus netmask ${[24, 16, 8, 0].map((shift) => (mask >>> shift) & 255).join(".")}`);
  }
  if ((words.destination & inverted) !== 0) refuse("netmask doesn't match route address");
}

export async function changeInet(process: Process, words: string[], adds: boolean): Promise<number> {
  const said = await readWords(process, words);
  checkMask(said);
  attempt(adds ? "SIOCADDRT" : "SIOCDELRT", () => {
    const request = toRequest(process, said, adds);
    if (adds) process.namespace.ipv4.addRoute(request, "prepend");
    else process.namespace.ipv4.deleteRoute(request);
  });
  return 0;
}

function attempt(call: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new Ended(`${call}: ${strerror(error.errno)}\n`, E_SOCK);
  }
}

/** `rtentry_to_fib_config` */
function toRequest(process: Process, words: Words, adds: boolean): nl.RouteRequest {
  const mask = words.host ? 0xffffffff : words.mask ?? 0;
  if ((words.destination & ~mask) !== 0) throw new KernelError(Errno.EINVAL);
  const request: nl.RouteRequest = {
    destination: words.destination,
    prefixLength: mask === 0 ? 0 : 32 - Math.log2((~mask >>> 0) + 1),
    table: nl.RT_TABLE_MAIN,
    type: words.reject ? nl.RTN_UNREACHABLE : nl.RTN_UNICAST,
  };
  // `rt_metric` has 16 bits and is one more.
  const metric = words.metric === null ? 0 : (words.metric + 1) & 0xffff;
  if (metric > 0) request.metric = metric - 1;
  if (adds) request.protocol = nl.RTPROT_BOOT;
  if (words.reject) {
    if (adds) request.scope = nl.RT_SCOPE_HOST;
    return request;
  }
  const device = words.device === null ? null : process.namespace.interfaces.byName(words.device);
  if (device === undefined) throw new KernelError(Errno.ENODEV);
  if (device !== null || words.gateway !== null) request.nexthops = [{ device, gateway: words.gateway }];
  if (adds) {
    if (words.gateway === 0) throw new KernelError(Errno.EINVAL);
    const { ipv4 } = process.namespace;
    // The kernel looks in the main table, which holds local addresses too as long as nobody added a rule.
    const own = words.gateway !== null && !ipv4.fib.rules.custom && ipv4.isLocal(words.gateway);
    const beyond = words.gateway !== null && !own;
    request.scope = beyond ? nl.RT_SCOPE_UNIVERSE : nl.RT_SCOPE_LINK;
  }
  if (Object.keys(words.metrics).length > 0) request.metrics = words.metrics;
  return request;
}

export function changeInet6(process: Process, words: string[], adds: boolean): number {
  const usage = (): never => {
    throw new Ended(INET6_USAGE, E_USAGE);
  };
  const next = (): string => words.shift() ?? usage();
  const [target, length] = next().split("/", 2);
  const destination = readInet6(target);
  const request: nl.RouteRequest = {
    destination,
    prefixLength: target === "default" ? 0 : length === undefined ? 128 : Number(length),
    table: nl.RT_TABLE_MAIN,
    metric: 1,
  };
  if (!(request.prefixLength >= 0 && request.prefixLength <= 128)) usage();
  let gateway: Uint8Array | null = null;
  let name: string | null = null;
  while (words.length > 0) {
    const word = next();
    if (word === "metric") request.metric = Number.parseInt(next()) || usage();
    else if (word === "gw" || word === "gateway") gateway = readInet6(next());
    else if (word === "mod" || word === "dyn") continue;
    else name = word === "dev" || word === "device" ? next() : word;
  }
  const call = adds ? "SIOCADDRT" : "SIOCDELRT";
  attempt(call, () => {
    const device = name === null ? null : process.namespace.interfaces.byName(name);
    if (device === undefined) throw new KernelError(Errno.ENODEV);
    if (device !== null || gateway !== null) request.nexthops = [{ device, gateway }];
    if (adds) process.namespace.ipv6.addRoute({ ...request, protocol: nl.RTPROT_BOOT }, "append");
    else process.namespace.ipv6.deleteRoute({ ...request, metric: request.metric === 1 ? undefined : request.metric });
  });
  return 0;
}

function readInet6(text: string): Uint8Array {
  if (text === "default") return new Uint8Array(16);
  const address = parseIpv6(text);
  if (address === null) throw new Ended(`getaddrinfo: ${text}: -3\n${text}: Host name lookup failure\n`, 1);
  return address;
}
