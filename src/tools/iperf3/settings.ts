/** What a test is to do: the command line, and the parameters that a client sends to its server. */
import { KERNEL_RELEASE, KERNEL_VERSION } from "../../namespace/proc.ts";
import { OptionParser } from "../getopt.ts";
import type { Process } from "../process.ts";
import { USAGE } from "./usage.ts";
import { parseQuantity } from "./units.ts";

export interface Settings {
  server: boolean;
  host: string;
  port: number;
  format: string;
  /** Seconds between reports; 0 for none but the last. */
  interval: number;
  bind: string | null;
  bindDevice: string | null;
  verbose: boolean;
  json: boolean;
  oneOff: boolean;
  family: 4 | 6 | null;
  udp: boolean;
  /** Bits per second; 0 is no limit. */
  rate: number;
  burst: number;
  pacingTimer: number;
  duration: number;
  bytes: number;
  blocks: number;
  length: number;
  clientPort: number;
  parallel: number;
  reverse: boolean;
  bidirectional: boolean;
  window: number;
  congestion: string;
  mss: number;
  noDelay: boolean;
  tos: number;
  zeroCopy: boolean;
  omit: number;
  title: string;
  extraData: string;
  serverOutput: boolean;
  counters64: boolean;
  connectTimeout: number;
  logFile: string | null;
  forceFlush: boolean;
}

export const DEFAULT_TCP_LENGTH = 128 * 1024;
export const DEFAULT_PACING_TIMER = 1000;
const MAX_DURATION = 86400;
const UDP_RATE = 1024 * 1024;

export function defaultSettings(): Settings {
  return {
    server: false,
    host: "",
    port: 5201,
    format: "a",
    interval: 1,
    bind: null,
    bindDevice: null,
    verbose: false,
    json: false,
    oneOff: false,
    family: null,
    udp: false,
    rate: -1,
    burst: 0,
    pacingTimer: DEFAULT_PACING_TIMER,
    duration: 10,
    bytes: 0,
    blocks: 0,
    length: 0,
    clientPort: 0,
    parallel: 1,
    reverse: false,
    bidirectional: false,
    window: 0,
    congestion: "",
    mss: 0,
    noDelay: false,
    tos: 0,
    zeroCopy: false,
    omit: 0,
    title: "",
    extraData: "",
    serverOutput: false,
    counters64: false,
    connectTimeout: -1,
    logFile: null,
    forceFlush: false,
  };
}

const SHORT = "p:f:i:D1VJvsc:ub:t:n:k:l:P:Rw:B:M:N46S:L:ZO:F:A:T:C:dI:hX:";
const LONG = [
  { name: "port", argument: 1, option: "p" },
  { name: "format", argument: 1, option: "f" },
  { name: "interval", argument: 1, option: "i" },
  { name: "daemon", option: "D" },
  { name: "one-off", option: "1" },
  { name: "verbose", option: "V" },
  { name: "json", option: "J" },
  { name: "version", option: "v" },
  { name: "server", option: "s" },
  { name: "client", argument: 1, option: "c" },
  { name: "udp", option: "u" },
  { name: "bitrate", argument: 1, option: "b" },
  { name: "bandwidth", argument: 1, option: "b" },
  { name: "time", argument: 1, option: "t" },
  { name: "bytes", argument: 1, option: "n" },
  { name: "blockcount", argument: 1, option: "k" },
  { name: "length", argument: 1, option: "l" },
  { name: "parallel", argument: 1, option: "P" },
  { name: "reverse", option: "R" },
  { name: "bidir", option: "bidir" },
  { name: "window", argument: 1, option: "w" },
  { name: "bind", argument: 1, option: "B" },
  { name: "bind-dev", argument: 1, option: "bind-dev" },
  { name: "cport", argument: 1, option: "cport" },
  { name: "set-mss", argument: 1, option: "M" },
  { name: "no-delay", option: "N" },
  { name: "version4", option: "4" },
  { name: "version6", option: "6" },
  { name: "tos", argument: 1, option: "S" },
  { name: "dscp", argument: 1, option: "dscp" },
  { name: "flowlabel", argument: 1, option: "L" },
  { name: "zerocopy", option: "Z" },
  { name: "omit", argument: 1, option: "O" },
  { name: "file", argument: 1, option: "F" },
  { name: "affinity", argument: 1, option: "A" },
  { name: "title", argument: 1, option: "T" },
  { name: "extra-data", argument: 1, option: "extra-data" },
  { name: "congestion", argument: 1, option: "C" },
  { name: "linux-congestion", argument: 1, option: "C" },
  { name: "pidfile", argument: 1, option: "I" },
  { name: "logfile", argument: 1, option: "logfile" },
  { name: "forceflush", option: "flush" },
  { name: "get-server-output", option: "output" },
  { name: "udp-counters-64bit", option: "counters" },
  { name: "repeating-payload", option: "ignored" },
  { name: "dont-fragment", option: "ignored" },
  { name: "connect-timeout", argument: 1, option: "timeout" },
  { name: "pacing-timer", argument: 1, option: "pacing" },
  { name: "rcv-timeout", argument: 1, option: "ignored" },
  { name: "snd-timeout", argument: 1, option: "ignored" },
  { name: "idle-timeout", argument: 1, option: "ignored-server" },
  { name: "help", option: "h" },
] as const;

/** Options that only one side may have. */
const CLIENT_ONLY = new Set([
  ..."ubtnklPRwMNSLZOTC",
  "bidir",
  "cport",
  "dscp",
  "extra-data",
  "output",
  "counters",
  "timeout",
]);
const SERVER_ONLY = new Set([..."D1", "ignored-server"]);

/** Ends the program before it has begun. */
export class Usage extends Error {
  constructor(readonly stderr: string, readonly stdout: string, readonly code: number) {
    super(stderr);
  }
}

function wrong(words: string): Usage {
  return new Usage(`iperf3: parameter error - ${words}\n\n`, USAGE, 1);
}

function whole(text: string): number {
  return Math.trunc(Number(/^\s*([-+]?\d+)/.exec(text)?.[1] ?? 0));
}

/** @throws {Usage} */
export function parseSettings(process: Process): Settings {
  const s = defaultSettings();
  let client = false, clientOnly = false, serverOnly = false, ends = 0;
  let complaint = "";
  const parser = new OptionParser("iperf3", process.args, SHORT, (words) => complaint += `${words}\n`, LONG);
  for (let one = parser.next(); one !== null; one = parser.next()) {
    const { option, argument } = one;
    if (option === "?") throw new Usage(complaint + USAGE, "", 1);
    if (CLIENT_ONLY.has(option)) clientOnly = true;
    if (SERVER_ONLY.has(option)) serverOnly = true;
    if (option === "s") {
      if (client) throw wrong("cannot be both server and client");
      s.server = true;
    } else if (option === "c") {
      if (s.server) throw wrong("cannot be both server and client");
      client = true;
      [s.host, s.bindDevice] = splitDevice(argument, s.bindDevice);
    } else if (option === "v") {
      throw new Usage("", `iperf 3.12 (cJSON 1.7.15)\n${systemText(process)}\n${FEATURES}\n`, 0);
    } else if (option === "h") throw new Usage("", USAGE, 0);
    else {
      if ("tnk".includes(option) && option.length === 1) ends |= 1 << "tnk".indexOf(option);
      set(s, option, argument);
    }
  }
  if (s.udp && s.rate < 0) s.rate = UDP_RATE;
  if (s.rate < 0) s.rate = 0;
  if (!s.server && !client) throw wrong("must either be a client (-c) or server (-s)");
  if (s.server && clientOnly) throw wrong("some option you are trying to set is client only");
  if (client && serverOnly) throw wrong("some option you are trying to set is server only");
  check(s, ends);
  return s;
}

function splitDevice(text: string, device: string | null): [host: string, device: string | null] {
  const at = text.indexOf("%");
  return at < 0 || text.startsWith("fe80") ? [text, device] : [text.slice(0, at), text.slice(at + 1)];
}

function set(s: Settings, option: string, argument: string): void {
  switch (option) {
    case "p":
      s.port = whole(argument);
      if (s.port < 1 || s.port > 65535) throw wrong("port number must be between 1 and 65535 inclusive");
      break;
    case "cport":
      s.clientPort = whole(argument);
      if (s.clientPort < 1 || s.clientPort > 65535) throw wrong("port number must be between 1 and 65535 inclusive");
      break;
    case "f":
      s.format = argument[0] ?? "";
      if (!/^[kmgtKMGT]$/.test(s.format)) {
        throw wrong("bad format specifier (valid formats are in the set [kmgtKMGT])");
      }
      break;
    case "i":
      s.interval = Number.parseFloat(argument) || 0;
      if (s.interval !== 0 && (s.interval < 0.1 || s.interval > 60)) {
        throw wrong("invalid report interval (min = 0.1, max = 60 seconds)");
      }
      break;
    case "1":
      s.oneOff = true;
      break;
    case "V":
      s.verbose = true;
      break;
    case "J":
      s.json = true;
      break;
    case "4":
    case "6":
      s.family = Number(option) as 4 | 6;
      break;
    case "B":
      [s.bind, s.bindDevice] = splitDevice(argument, s.bindDevice);
      break;
    case "bind-dev":
      s.bindDevice = argument;
      break;
    case "logfile":
      s.logFile = argument;
      break;
    case "timeout":
      s.connectTimeout = whole(argument);
      break;
    default:
      setTraffic(s, option, argument);
  }
}

function setTraffic(s: Settings, option: string, argument: string): void {
  const quantity = (): number => Math.floor(parseQuantity(argument, 1024));
  switch (option) {
    case "u":
      s.udp = true;
      break;
    case "b": {
      const [rate, burst] = argument.split("/");
      s.rate = Math.floor(parseQuantity(rate, 1000));
      if (burst !== undefined) s.burst = whole(burst);
      if (burst !== undefined && (s.burst <= 0 || s.burst > 1000)) throw wrong("invalid burst count (maximum = 1000)");
      break;
    }
    case "t":
      s.duration = whole(argument);
      if (s.duration > MAX_DURATION) {
        throw wrong(`test duration too long (maximum = ${MAX_DURATION} seconds)`);
      }
      break;
    case "n":
      s.bytes = quantity();
      break;
    case "k":
      s.blocks = quantity();
      break;
    case "l":
      s.length = quantity();
      break;
    case "P":
      s.parallel = whole(argument);
      if (s.parallel > 128) throw wrong("number of parallel streams too large (maximum = 128)");
      break;
    case "R":
    case "bidir":
      if (option === "R" ? s.bidirectional : s.reverse) throw wrong("cannot be both reverse and bidirectional");
      if (option === "R") s.reverse = true;
      else s.bidirectional = true;
      break;
    case "w":
      s.window = quantity();
      if (s.window > 512 * 1024 * 1024) throw wrong("socket buffer size too large (maximum = 536870912 bytes)");
      break;
    case "M":
      s.mss = whole(argument);
      if (s.mss > 9216) throw wrong("TCP MSS too large (maximum = 9216 bytes)");
      break;
    case "N":
      s.noDelay = true;
      break;
    case "S":
      s.tos = Number(/^0[0-7]+$/.test(argument) ? `0o${argument.slice(1)}` : argument);
      if (!(s.tos >= 0 && s.tos <= 255)) throw wrong("bad TOS value (must be between 0 and 255 inclusive)");
      break;
    case "dscp":
      s.tos = Number(argument) << 2;
      break;
    case "Z":
      s.zeroCopy = true;
      break;
    case "O":
      s.omit = whole(argument);
      if (s.omit < 0 || s.omit > 60) throw wrong("bogus value for --omit");
      break;
    case "T":
      s.title = argument;
      break;
    case "extra-data":
      s.extraData = argument;
      break;
    case "C":
      s.congestion = argument;
      break;
    case "output":
      s.serverOutput = true;
      break;
    case "counters":
      s.counters64 = true;
      break;
    case "pacing":
      s.pacingTimer = quantity();
  }
}

function check(s: Settings, ends: number): void {
  if (s.udp) {
    if (s.length > 0 && (s.length < 16 || s.length > 65507)) {
      throw wrong("block size invalid (minimum = 16 bytes, maximum = 65507 bytes)");
    }
  } else if (s.length === 0) s.length = DEFAULT_TCP_LENGTH;
  else if (s.length > 1024 * 1024) throw wrong("block size too large (maximum = 1048576 bytes)");
  if ((ends & (ends - 1)) !== 0) throw wrong("only one test end condition (-t, -n, -k) may be specified");
  if ((ends & 6) !== 0) s.duration = 0;
}

export const FEATURES =
  "Optional features available: CPU affinity setting, IPv6 flow label, SCTP, TCP congestion algorithm setting, " +
  "sendfile / zerocopy, socket pacing, authentication, bind to device, support IPv4 don't fragment";

/** `Linux NAME RELEASE VERSION MACHINE`, as `uname -a` without the system's name. */
export function systemText(process: Process): string {
  return `Linux ${process.machine.hostname} ${KERNEL_RELEASE} ${KERNEL_VERSION} x86_64`;
}

/** What a client tells its server (`send_parameters`). */
export function parametersText(s: Settings): string {
  const words: [string, unknown][] = [[s.udp ? "udp" : "tcp", true], ["omit", s.omit], ["time", s.duration]];
  words.push(["num", s.bytes], ["blockcount", s.blocks]);
  if (s.mss > 0) words.push(["MSS", s.mss]);
  if (s.noDelay) words.push(["nodelay", true]);
  words.push(["parallel", s.parallel]);
  if (s.reverse) words.push(["reverse", true]);
  if (s.bidirectional) words.push(["bidirectional", true]);
  if (s.window > 0) words.push(["window", s.window]);
  if (s.length > 0) words.push(["len", s.length]);
  if (s.rate > 0) words.push(["bandwidth", s.rate]);
  words.push(["pacing_timer", s.pacingTimer]);
  if (s.burst > 0) words.push(["burst", s.burst]);
  if (s.tos > 0) words.push(["TOS", s.tos]);
  if (s.title !== "") words.push(["title", s.title]);
  if (s.extraData !== "") words.push(["extra_data", s.extraData]);
  if (s.congestion !== "") words.push(["congestion", s.congestion]);
  if (s.serverOutput) words.push(["get_server_output", 1]);
  if (s.counters64) words.push(["udp_counters_64bit", 1]);
  if (s.zeroCopy) words.push(["zerocopy", 1]);
  words.push(["client_version", "3.12"]);
  return JSON.stringify(Object.fromEntries(words));
}

/** What a server takes from its client (`get_parameters`). */
export function takeParameters(s: Settings, from: Readonly<Record<string, unknown>>): void {
  const number = (name: string, otherwise = 0): number =>
    typeof from[name] === "number" ? from[name] as number : otherwise;
  const text = (name: string): string => typeof from[name] === "string" ? from[name] as string : "";
  s.udp = from.udp === true || from.udp === 1;
  s.omit = number("omit");
  s.duration = number("time");
  s.bytes = number("num");
  s.blocks = number("blockcount");
  s.mss = number("MSS");
  s.noDelay = from.nodelay !== undefined;
  s.parallel = Math.max(1, Math.min(128, number("parallel", 1)));
  s.reverse = from.reverse !== undefined;
  s.bidirectional = from.bidirectional !== undefined;
  s.window = number("window");
  s.length = Math.min(1024 * 1024, number("len"));
  s.rate = number("bandwidth");
  s.pacingTimer = number("pacing_timer", DEFAULT_PACING_TIMER);
  s.burst = number("burst");
  s.tos = number("TOS");
  s.title = text("title");
  s.extraData = text("extra_data");
  s.congestion = text("congestion");
  s.serverOutput = number("get_server_output") !== 0;
  s.counters64 = number("udp_counters_64bit") !== 0;
}
