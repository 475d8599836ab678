/** `nc`'s command line (OpenBSD netcat, Debian 1.219-1). */
import { OptionParser } from "../getopt.ts";

export interface NcOptions {
  family: 0 | 4 | 6;
  unix: boolean;
  listen: boolean;
  udp: boolean;
  keep: boolean;
  verbose: boolean;
  scan: boolean;
  numeric: boolean;
  noStdin: boolean;
  shutdownAtEof: boolean;
  crlf: boolean;
  broadcast: boolean;
  randomPorts: boolean;
  /** Milliseconds; -1 for ever. */
  timeout: number;
  /** Seconds to stay after the end of standard input; -1 does not matter. */
  quit: number;
  /** Seconds between lines or ports. */
  interval: number;
  receiveLimit: number;
  sourcePort: string | null;
  sourceAddress: string | null;
  ttl: number;
  tos: number;
  host: string | null;
  /** As typed. */
  port: string | null;
}

/** An end at once. */
export class NcExit extends Error {
  constructor(readonly code: number, readonly words: string) {
    super(words);
  }
}

const USAGE = `usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]
	  [-m minttl] [-O length] [-P proxy_username] [-p source_port]
	  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]
	  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]
	  [destination] [port]
`;

const HELP = `	Command Summary:
		-4		Use IPv4
		-6		Use IPv6
		-b		Allow broadcast
		-C		Send CRLF as line-ending
		-D		Enable the debug socket option
		-d		Detach from stdin
		-F		Pass socket fd
		-h		This help text
		-I length	TCP receive buffer length
		-i interval	Delay interval for lines sent, ports scanned
		-k		Keep inbound sockets open for multiple connects
		-l		Listen mode, for inbound connects
		-M ttl		Outgoing TTL / Hop Limit
		-m minttl	Minimum incoming TTL / Hop Limit
		-N		Shutdown the network socket after EOF on stdin
		-n		Suppress name/port resolutions
		-O length	TCP send buffer length
		-P proxyuser	Username for proxy authentication
		-p port		Specify local port for remote connects
		-q secs		quit after EOF on stdin and delay of secs
		-r		Randomize remote ports
		-S		Enable the TCP MD5 signature option
		-s sourceaddr	Local source address
		-T keyword	TOS value
		-t		Answer TELNET negotiation
		-U		Use UNIX domain socket
		-u		UDP mode
		-V rtable	Specify alternate routing table
		-v		Verbose
		-W recvlimit	Terminate after receiving a number of packets
		-w timeout	Timeout for connects and final net reads
		-X proto	Proxy protocol: "4", "5" (SOCKS) or "connect"
		-x addr[:port]	Specify proxy address and port
		-Z		DCCP mode
		-z		Zero-I/O mode [used for scanning]
	Port numbers can be individual or ranges: lo-hi [inclusive]
`;

export function fail(words: string): NcExit {
  return new NcExit(1, `nc: ${words}\n`);
}

/** A whole number as `strtonum` takes it. */
function number(text: string, least: number, most: number, what: string): number {
  if (!/^\s*[+-]?\d+$/.test(text)) throw fail(`${what} invalid: ${text}`);
  const value = Number(text);
  if (value < least) throw fail(`${what} too small: ${text}`);
  if (value > most) throw fail(`${what} too large: ${text}`);
  return value;
}

const INT_MAX = 2147483647;

/** @throws {NcExit} */
export function parseNcOptions(args: readonly string[]): NcOptions {
  const options: NcOptions = {
    family: 0,
    unix: false,
    listen: false,
    udp: false,
    keep: false,
    verbose: false,
    scan: false,
    numeric: false,
    noStdin: false,
    shutdownAtEof: false,
    crlf: false,
    broadcast: false,
    randomPorts: false,
    timeout: -1,
    quit: -1,
    interval: 0,
    receiveLimit: 0,
    sourcePort: null,
    sourceAddress: null,
    ttl: -1,
    tos: -1,
    host: null,
    port: null,
  };
  const parser = new OptionParser("nc", args, "46bCDdFhI:i:klM:m:NnO:P:p:q:rSs:T:tUuV:vW:w:X:x:Zz", () => {});
  for (let parsed = parser.next(); parsed !== null; parsed = parser.next()) {
    apply(options, parsed.option, parsed.argument);
  }
  place(options, parser.operands);
  return options;
}

function apply(options: NcOptions, option: string, argument: string): void {
  switch (option) {
    case "4":
      options.family = 4;
      break;
    case "6":
      options.family = 6;
      break;
    case "U":
      options.unix = true;
      break;
    case "b":
      options.broadcast = true;
      break;
    case "C":
      options.crlf = true;
      break;
    case "d":
      options.noStdin = true;
      break;
    case "h":
      throw new NcExit(1, `OpenBSD netcat (Debian patchlevel 1.219-1)\n${USAGE}${HELP}`);
    case "i":
      options.interval = number(argument, 0, INT_MAX, "interval");
      break;
    case "k":
      options.keep = true;
      break;
    case "l":
      options.listen = true;
      break;
    case "M":
      options.ttl = number(argument, 0, 255, "ttl");
      break;
    case "N":
      options.shutdownAtEof = true;
      break;
    case "n":
      options.numeric = true;
      break;
    case "p":
      options.sourcePort = argument;
      break;
    case "q":
      options.quit = number(argument, -INT_MAX, INT_MAX, "quit timer");
      if (options.quit >= 0) options.shutdownAtEof = true;
      break;
    case "r":
      options.randomPorts = true;
      break;
    case "s":
      options.sourceAddress = argument;
      break;
    case "T":
      options.tos = typeOfService(argument);
      break;
    case "u":
      options.udp = true;
      break;
    case "v":
      options.verbose = true;
      break;
    case "W":
      options.receiveLimit = number(argument, 1, INT_MAX, "receive limit");
      break;
    case "w":
      options.timeout = number(argument, 0, Math.floor(INT_MAX / 1000), "timeout") * 1000;
      break;
    case "z":
      options.scan = true;
      break;
    case "D":
    case "F":
    case "I":
    case "m":
    case "O":
    case "S":
    case "t":
    case "V":
      break; // nothing here shows a difference
    default:
      throw new NcExit(1, USAGE);
  }
}

const TOS_NAMES: Readonly<Record<string, number>> = {
  critical: 0xa0,
  inetcontrol: 0xc0,
  lowdelay: 0x10,
  netcontrol: 0xe0,
  throughput: 0x08,
  reliability: 0x04,
  ef: 0xb8,
  cs0: 0,
  cs1: 0x20,
  cs2: 0x40,
  cs3: 0x60,
  cs4: 0x80,
  cs5: 0xa0,
  cs6: 0xc0,
  cs7: 0xe0,
  af11: 0x28,
  af12: 0x30,
  af13: 0x38,
  af21: 0x48,
  af22: 0x50,
  af23: 0x58,
  af31: 0x68,
  af32: 0x70,
  af33: 0x78,
  af41: 0x88,
  af42: 0x90,
  af43: 0x98,
};

function typeOfService(text: string): number {
  const named = TOS_NAMES[text];
  if (named !== undefined) return named;
  if (/^0x[0-9a-f]+$/i.test(text) && parseInt(text, 16) <= 255) return parseInt(text, 16);
  if (/^\d+$/.test(text) && Number(text) <= 255) return Number(text);
  throw fail(`illegal tos value ${text}`);
}

/** Which words are the host and the port. */
function place(options: NcOptions, words: readonly string[]): void {
  if (words.length === 0 && !options.listen) throw new NcExit(1, USAGE);
  if (words.length > 2) throw new NcExit(1, USAGE);
  if (options.unix) {
    if (words.length !== 1) throw new NcExit(1, USAGE);
    options.host = words[0];
  } else if (options.listen) {
    if (words.length === 2) [options.host, options.port] = words;
    else if (words.length === 1 && options.sourcePort !== null) options.host = words[0];
    else if (words.length === 1) options.port = words[0];
    options.port ??= options.sourcePort;
    options.host ??= options.sourceAddress;
  } else {
    options.host = words[0];
    options.port = words[1] ?? null;
  }
  if (!options.unix && options.port === null) throw fail("missing port number");
  if (options.listen && options.scan) throw fail("cannot use -z and -l");
  if (!options.listen && options.keep) throw fail("must use -l with -k");
}

/** The ports of `80`, `80-90` or `http`, in the order in which nc tries them. @throws {NcExit} */
export function parsePorts(text: string, byName: (name: string) => number | null): number[] {
  const named = byName(text);
  if (named !== null) return [named];
  const one = (word: string): number => number(word, 1, 65535, "port number");
  const dash = text.indexOf("-");
  if (dash <= 0) return [one(text)];
  let [low, high] = [one(text.slice(0, dash)), one(text.slice(dash + 1))];
  if (low > high) [low, high] = [high, low];
  return Array.from({ length: high - low + 1 }, (_, i) => low + i);
}
