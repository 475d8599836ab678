/** `traceroute`'s command line (Dmitry Butskoy's, 2.1.2). */
import { ACK, CWR, ECE, FIN, PSH, RST, SYN, URG } from "../../wire/tcp.ts";
import { TCP_OPTIONS_HELP, USAGE } from "./usage.ts";

/** How a TCP probe looks (mod-tcp.c). */
export interface TcpProbeOptions {
  /** 0 is a SYN with the options that the namespace's sysctls have. */
  flags: number;
  sack: boolean;
  timestamps: boolean;
  windowScaling: boolean;
  /** 0 is what the route's MTU has room for. */
  mss: number;
  info: boolean;
}

export interface TracerouteOptions {
  family: 4 | 6 | null;
  method: "default" | "icmp" | "udp" | "tcp";
  numeric: boolean;
  dontFragment: boolean;
  first: number;
  hops: number;
  queries: number;
  simultaneous: number;
  port: number | null;
  /** Seconds to wait at most, and factors of the time that an answer from the same hop, or a later one, took. */
  wait: number;
  here: number;
  near: number;
  /** Milliseconds between probes. */
  sendWait: number;
  device: string | null;
  source: string | null;
  sourcePort: number;
  tos: number;
  mark: number;
  host: string;
  /** Octets with all headers; null is the method's own. */
  length: number | null;
  /** Words of -O: what TCP probes have, and whether the flags of answers are shown. */
  tcp: TcpProbeOptions;
}

/** An end at once. */
export class TracerouteExit extends Error {
  constructor(readonly code: number, readonly words: string, readonly toOutput = false) {
    super(words);
  }
}

const VERSION = `Modern traceroute for Linux, version 2.1.2
Copyright (c) 2016  Dmitry Butskoy,   License: GPL v2 or any later
`;

function fail(words: string): TracerouteExit {
  return new TracerouteExit(2, words + "\n");
}

/** Long names and the letters that they stand for; `:` where an argument follows. */
const LONG: Readonly<Record<string, string>> = {
  debug: "d",
  "dont-fragment": "F",
  first: "f:",
  gateway: "g:",
  icmp: "I",
  tcp: "T",
  interface: "i:",
  "max-hops": "m:",
  "sim-queries": "N:",
  port: "p:",
  tos: "t:",
  flowlabel: "l:",
  wait: "w:",
  queries: "q:",
  source: "s:",
  sendwait: "z:",
  extensions: "e",
  "as-path-lookups": "A",
  module: "M:",
  options: "O:",
  sport: "sport:",
  fwmark: "fwmark:",
  udp: "U",
  version: "V",
  help: "help",
  mtu: "mtu",
  back: "back",
};

const WITH_ARGUMENT = "fgimNptlwqszMOP";
const PLAIN = "46dFITnreAUDV";

/** @throws {TracerouteExit} */
export function parseTracerouteOptions(args: readonly string[]): TracerouteOptions {
  const options: TracerouteOptions = {
    family: null,
    method: "default",
    tcp: { flags: 0, sack: false, timestamps: false, windowScaling: false, mss: 0, info: false },
    numeric: false,
    dontFragment: false,
    first: 1,
    hops: 30,
    queries: 3,
    simultaneous: 16,
    port: null,
    wait: 5,
    here: 3,
    near: 10,
    sendWait: 0,
    device: null,
    source: null,
    sourcePort: 0,
    tos: 0,
    mark: 0,
    host: "",
    length: null,
  };
  if (args.length === 0) throw new TracerouteExit(0, USAGE, true);
  const words: [text: string, at: number][] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at];
    if (word === "--") {
      for (at++; at < args.length; at++) words.push([args[at], at + 1]);
    } else if (word.startsWith("--")) at = long(options, args, at);
    else if (word.startsWith("-") && word.length > 1) at = short(options, args, at);
    else words.push([word, at + 1]);
  }
  operands(options, words);
  return options;
}

function long(options: TracerouteOptions, args: readonly string[], at: number): number {
  const [name, value] = args[at].slice(2).split(/=(.*)/s, 2);
  const letter = LONG[name];
  if (letter === undefined) throw fail(`Bad option \`--${name}' (argc ${at + 1})`);
  if (!letter.endsWith(":")) {
    apply(options, letter, "", at + 1, `--${name}`);
    return at;
  }
  const argument = value ?? args[at + 1];
  if (argument === undefined) throw fail(`Option \`--${name}' (argc ${at + 1}) requires an argument: \`${name}'`);
  apply(options, letter.slice(0, -1), argument, at + 1, `--${name}`);
  return value === undefined ? at + 1 : at;
}

function short(options: TracerouteOptions, args: readonly string[], at: number): number {
  const word = args[at];
  for (let i = 1; i < word.length; i++) {
    const letter = word[i];
    if (PLAIN.includes(letter)) {
      apply(options, letter, "", at + 1, `-${letter}`);
      continue;
    }
    if (!WITH_ARGUMENT.includes(letter)) throw fail(`Bad option \`-${letter}' (argc ${at + 1})`);
    const rest = word.slice(i + 1);
    const argument = rest !== "" ? rest : args[at + 1];
    if (argument === undefined) throw fail(`Option \`-${letter}' (argc ${at + 1}) requires an argument`);
    apply(options, letter, argument, rest !== "" ? at + 1 : at + 2, `-${letter}`);
    return rest !== "" ? at : at + 1;
  }
  return at;
}

function apply(options: TracerouteOptions, letter: string, argument: string, position: number, shown: string): void {
  const wrong = (): TracerouteExit =>
    fail(`Cannot handle \`${shown}' option with arg \`${argument}' (argc ${position})`);
  const integer = (): number => {
    if (!/^(0x[0-9a-f]+|\d+)$/i.test(argument)) throw wrong();
    return Number(argument);
  };
  const decimal = (text: string): number => {
    if (!/^(\d+\.?\d*|\.\d+)$/.test(text)) throw wrong();
    return Number(text);
  };
  switch (letter) {
    case "4":
      options.family = 4;
      break;
    case "6":
      options.family = 6;
      break;
    case "F":
      options.dontFragment = true;
      break;
    case "I":
      options.method = "icmp";
      break;
    case "T":
      options.method = "tcp";
      break;
    case "U":
      options.method = "udp";
      break;
    case "M":
      if (!["default", "icmp", "udp", "tcp"].includes(argument)) throw fail(`Unknown traceroute module ${argument}`);
      options.method = argument as "default";
      break;
    case "n":
      options.numeric = true;
      break;
    case "f":
      options.first = integer();
      break;
    case "m":
      options.hops = integer();
      break;
    case "q":
      options.queries = integer();
      break;
    case "N":
      options.simultaneous = integer();
      break;
    case "p":
      options.port = integer();
      break;
    case "t":
      options.tos = integer();
      break;
    case "w": {
      const [most, here, near] = argument.split(",");
      options.wait = decimal(most);
      if (here !== undefined && here !== "") options.here = decimal(here);
      if (near !== undefined && near !== "") options.near = decimal(near);
      break;
    }
    case "z": {
      const value = decimal(argument);
      options.sendWait = value > 10 ? value : value * 1000;
      break;
    }
    case "i":
      options.device = argument;
      break;
    case "s":
      options.source = argument;
      break;
    case "sport":
      options.sourcePort = integer();
      options.simultaneous = 1;
      break;
    case "fwmark":
      options.mark = integer();
      break;
    case "O":
      moduleOptions(options, argument);
      break;
    case "V":
      throw new TracerouteExit(0, VERSION, true);
    case "help":
      throw new TracerouteExit(0, USAGE, true);
    case "D":
    case "P":
    case "mtu":
    case "back":
    case "g":
      throw fail(`traceroute: ${shown} is not supported here`);
    default:
      break; // what is left changes nothing that is seen here
  }
}

const FLAGS: Readonly<Record<string, number>> = {
  fin: FIN,
  syn: SYN,
  rst: RST,
  psh: PSH,
  ack: ACK,
  urg: URG,
  ece: ECE,
  cwr: CWR,
  ecn: SYN | ECE | CWR,
};

function moduleOptions(options: TracerouteOptions, words: string): void {
  const { tcp } = options;
  for (const word of words.split(",")) {
    const [name, value] = word.split("=");
    if (name === "help") throw new TracerouteExit(0, TCP_OPTIONS_HELP, true);
    if (name in FLAGS) tcp.flags |= FLAGS[name];
    else if (name === "flags" && /^(0x[0-9a-f]+|\d+)$/i.test(value ?? "")) tcp.flags = Number(value) & 255;
    else if (name === "mss" && /^\d+$/.test(value ?? "")) tcp.mss = Number(value);
    else if (name === "sack") tcp.sack = true;
    else if (name === "timestamps") tcp.timestamps = true;
    else if (name === "window_scaling") tcp.windowScaling = true;
    else if (name === "info") tcp.info = true;
    else if (name !== "sysctl" && name !== "reuse") {
      throw fail(`\`${word}' (argc 1): arguments are not allowed`);
    }
  }
}

function operands(options: TracerouteOptions, words: readonly (readonly [string, number])[]): void {
  if (words.length === 0) throw fail('Specify "host" missing argument.');
  options.host = words[0][0];
  if (words.length > 1) {
    const [text, at] = words[1];
    if (!/^\d+$/.test(text)) throw fail(`Cannot handle "packetlen" cmdline arg \`${text}' on position 2 (argc ${at})`);
    options.length = Number(text);
  }
  if (words.length > 2) throw fail(`Extra arg \`${words[2][0]}' (position 3, argc ${words[2][1]})`);
  if (options.first < 1 || options.first > options.hops) throw fail("first hop out of range");
  if (options.hops > 255) throw fail("max hops cannot be more than 255");
  if (options.queries < 1 || options.queries > 10) throw fail("no more than 10 probes per hop");
  if (options.wait < 0) throw fail("bad wait specifications");
  if (options.length !== null && options.length > 65000) {
    throw fail("too big packetlen 65000 specified".replace("65000", String(options.length)));
  }
}
