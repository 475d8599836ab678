/** ping's command line (iputils 20221126): options, their ranges and complaints. */
import { OptionParser } from "../getopt.ts";
import { parseIpv4 } from "../../wire/ipv4.ts";
import { parseIpv6 } from "../../wire/ipv6.ts";

/** A program ends at once with this code, after these words on standard error (or, with `toOutput`, on standard output). */
export class PingExit extends Error {
  constructor(readonly code: number, readonly words: string, readonly toOutput = false) {
    super(words);
  }
}

export interface PingOptions {
  /** The family asked for, or 0. */
  family: 0 | 4 | 6;
  adaptive: boolean;
  audible: boolean;
  broadcast: boolean;
  strictSource: boolean;
  count: number;
  /** `-C`: connect the socket. */
  connect: boolean;
  /** Seconds; 0 is none. */
  deadline: number;
  timestamps: boolean;
  identifier: number | null;
  flood: boolean;
  flowLabel: number | null;
  recordRoute: boolean;
  /** Milliseconds. */
  interval: number;
  intervalGiven: boolean;
  device: string | null;
  source4: number | null;
  source6: Uint8Array | null;
  preload: number;
  noLoop: boolean;
  mark: number | null;
  pmtuDiscover: "dont" | "want" | "do" | null;
  numeric: boolean;
  outstanding: boolean;
  /** As typed. */
  pattern: string | null;
  quiet: boolean;
  tos: number;
  size: number;
  sendBuffer: number;
  ttl: number | null;
  latency: boolean;
  verbose: boolean;
  /** Milliseconds to wait for an answer after the last packet; 0 is for ever. */
  linger: number;
  targets: string[];
  /** Remarks on the way, for standard error. */
  remarks: string[];
}

const INT_MAX = 2147483647;
/** Sequence numbers that duplicates are told by (MAX_DUP_CHK). */
export const DUPLICATE_WINDOW = 65536;

const USAGE = `
Usage
  ping [options] <destination>

Options:
  <destination>      dns name or ip address
  -a                 use audible ping
  -A                 use adaptive ping
  -B                 sticky source address
  -c <count>         stop after <count> replies
  -C                 call connect() syscall on socket creation
  -D                 print timestamps
  -d                 use SO_DEBUG socket option
  -e <identifier>    define identifier for ping session, default is random for
                     SOCK_RAW and kernel defined for SOCK_DGRAM
                     Imply using SOCK_RAW (for IPv4 only for identifier 0)
  -f                 flood ping
  -h                 print help and exit
  -I <interface>     either interface name or address
  -i <interval>      seconds between sending each packet
  -L                 suppress loopback of multicast packets
  -l <preload>       send <preload> number of packages while waiting replies
  -m <mark>          tag the packets going out
  -M <pmtud opt>     define mtu discovery, can be one of <do|dont|want>
  -n                 no dns name resolution
  -O                 report outstanding replies
  -p <pattern>       contents of padding byte
  -q                 quiet output
  -Q <tclass>        use quality of service <tclass> bits
  -s <size>          use <size> as number of data bytes to be sent
  -S <size>          use <size> as SO_SNDBUF socket option value
  -t <ttl>           define time to live
  -U                 print user-to-user latency
  -v                 verbose output
  -V                 print version and exit
  -w <deadline>      reply wait <deadline> in seconds
  -W <timeout>       time to wait for response

IPv4 options:
  -4                 use IPv4
  -b                 allow pinging broadcast
  -R                 record route
  -T <timestamp>     define timestamp, can be one of <tsonly|tsandaddr|tsprespec>

IPv6 options:
  -6                 use IPv6
  -F <flowlabel>     define flow label, default is random
  -N <nodeinfo opt>  use icmp6 node info query, try <help> as argument

For more details see ping(8).
`;

const VERSION = `ping from iputils 20221126
libcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes
`;

/** Ends with the usage text; `complaint` stands before it. */
export function usage(complaint = ""): PingExit {
  return new PingExit(2, complaint + USAGE);
}

/** `error(code, errno, …)`: the words after the program's name. */
export function failure(code: number, words: string): PingExit {
  return new PingExit(code, `ping: ${words}\n`);
}

/** A whole number between two bounds (`strtol_or_err`). */
function integer(text: string, least: bigint, most: bigint): number {
  const match = /^[ \t\n]*([+-]?\d+)$/.exec(text);
  if (match === null) throw failure(1, `invalid argument: '${text}'`);
  const value = BigInt(match[1]);
  if (value > 9223372036854775807n || value < -9223372036854775808n) {
    throw failure(1, `invalid argument: '${text}': Numerical result out of range`);
  }
  if (value < least || value > most) {
    throw failure(1, `invalid argument: '${text}': out of range: ${least} <= value <= ${most}`);
  }
  return Number(value);
}

/** Seconds, perhaps with a fraction; garbage behind the number is only remarked on (`ping_strtod`). */
function seconds(text: string, what: string, options: PingOptions): number {
  const match = /^[ \t\n]*[+-]?(0x[0-9a-f]+|(\d+\.?\d*|\.\d+)(e[+-]?\d+)?)/i.exec(text);
  const value = match === null ? 0 : Number(match[0]);
  if (match === null || match[0].length < text.length) {
    if (text === "") throw failure(2, `${what}: `);
    options.remarks.push(
      `ping: option argument contains garbage: ${text.slice(match?.[0].length ?? 0)}`,
      "ping: this will become fatal error in the future",
    );
  }
  return value;
}

/** Decimal, or hexadecimal after `0x`; null when there is more. */
function hexOrDecimal(text: string): number | null {
  if (/^0x/i.test(text)) return /^0x[0-9a-f]*$/i.test(text) ? parseInt(text.slice(2) || "0", 16) : null;
  return /^[+-]?\d*$/.test(text) ? Number(text) : null;
}

function typeOfService(text: string): number {
  const value = hexOrDecimal(text);
  if (value === null) throw failure(2, `bad TOS value: ${text}`);
  if (value > 255) throw failure(2, `the decimal value of TOS bits must be in range 0-255: ${value}`);
  return value;
}

function flowLabel(text: string): number {
  const value = hexOrDecimal(text);
  if (value === null) throw failure(2, `bad value for flowinfo: ${text}`);
  if (value < 0 || value > 0xfffff) throw failure(2, `flow value is greater than 20 bits: ${text}`);
  return value;
}

/** `-I`: an address of either family, or the name of an interface. */
function sourceOrDevice(text: string, options: PingOptions): void {
  if (text.includes(":")) {
    const [address, scope] = text.split("%", 2);
    options.source6 = parseIpv6(address);
    if (options.source6 === null) throw failure(2, `invalid source address: ${text}`);
    if (scope !== undefined) options.device = scope;
    options.strictSource = true;
    return;
  }
  const address = parseIpv4(text);
  if (address === null) options.device = text;
  else {
    options.source4 = address;
    options.strictSource = true;
  }
}

function family(options: PingOptions, wanted: 4 | 6): void {
  if (options.family !== 0 && options.family !== wanted) throw failure(2, "only one -4 or -6 option may be specified");
  options.family = wanted;
}

const NODE_INFORMATION_HELP = `ping -6 -N <nodeinfo opt>
Help:
  help
Query:
  name
  ipv6
  ipv6-all
  ipv6-compatible
  ipv6-global
  ipv6-linklocal
  ipv6-sitelocal
  ipv4
  ipv4-all
Subject:
  subject-ipv6=addr
  subject-ipv4=addr
  subject-name=name
  subject-fqdn=name
`;

/** @throws PingExit with ping's words and exit code. */
export function parsePingOptions(name: string, args: readonly string[]): PingOptions {
  const options: PingOptions = {
    family: name.endsWith("4") ? 4 : name.endsWith("6") ? 6 : 0,
    adaptive: false,
    audible: false,
    broadcast: false,
    strictSource: false,
    count: 0,
    connect: false,
    deadline: 0,
    timestamps: false,
    identifier: null,
    flood: false,
    flowLabel: null,
    recordRoute: false,
    interval: 1000,
    intervalGiven: false,
    device: null,
    source4: null,
    source6: null,
    preload: 1,
    noLoop: false,
    mark: null,
    pmtuDiscover: null,
    numeric: false,
    outstanding: false,
    pattern: null,
    quiet: false,
    tos: 0,
    size: 56,
    sendBuffer: 0,
    ttl: null,
    latency: false,
    verbose: false,
    linger: 10000,
    targets: [],
    remarks: [],
  };
  let complaint = "";
  let timestampOption = false;
  const parser = new OptionParser(
    "ping",
    args,
    "h?4bRT:6F:N:aABc:CdDe:fi:I:l:Lm:M:nOp:qQ:rs:S:t:UvVw:W:",
    (sentence) => complaint += sentence + "\n",
  );
  for (let parsed = parser.next(); parsed !== null; parsed = parser.next()) {
    const { option, argument } = parsed;
    switch (option) {
      case "4":
        family(options, 4);
        break;
      case "6":
        family(options, 6);
        break;
      case "b":
        options.broadcast = true;
        break;
      case "R":
      case "T":
        if (option === "T" && !["tsonly", "tsandaddr", "tsprespec"].includes(argument)) {
          throw failure(2, `invalid timestamp type: ${argument}`);
        }
        if (option === "R" ? timestampOption : options.recordRoute) {
          throw failure(2, "only one of -T or -R may be used");
        }
        if (option === "R") options.recordRoute = true;
        else timestampOption = true;
        break;
      case "F":
        options.flowLabel = flowLabel(argument);
        break;
      case "N":
        if (argument === "help") throw new PingExit(0, NODE_INFORMATION_HELP, true);
        throw failure(2, "node information queries are not supported");
      case "a":
        options.audible = true;
        break;
      case "A":
        options.adaptive = true;
        break;
      case "B":
        options.strictSource = true;
        break;
      case "c":
        options.count = integer(argument, 1n, 9223372036854775807n);
        break;
      case "C":
        options.connect = true;
        break;
      case "d":
      case "r":
        break; // SO_DEBUG and SO_DONTROUTE change nothing that is seen here
      case "D":
        options.timestamps = true;
        break;
      case "e":
        options.identifier = integer(argument, 0n, 65535n);
        break;
      case "f":
        options.flood = options.numeric = true;
        break;
      case "i": {
        const interval = seconds(argument, "bad timing interval", options);
        if (interval > INT_MAX / 1000) throw failure(2, `bad timing interval: ${argument}`);
        options.interval = Math.trunc(interval * 1000);
        options.intervalGiven = true;
        break;
      }
      case "I":
        sourceOrDevice(argument, options);
        break;
      case "l":
        options.preload = integer(argument, 1n, BigInt(DUPLICATE_WINDOW));
        break;
      case "L":
        options.noLoop = true;
        break;
      case "m":
        options.mark = integer(argument, 0n, 4294967295n);
        break;
      case "M":
        if (argument !== "do" && argument !== "dont" && argument !== "want") {
          throw failure(2, `invalid -M argument: ${argument}`);
        }
        options.pmtuDiscover = argument;
        break;
      case "n":
        options.numeric = true;
        break;
      case "O":
        options.outstanding = true;
        break;
      case "p":
        options.pattern = argument;
        break;
      case "q":
        options.quiet = true;
        break;
      case "Q":
        options.tos = typeOfService(argument);
        break;
      case "s":
        options.size = integer(argument, 0n, BigInt(INT_MAX));
        break;
      case "S":
        options.sendBuffer = integer(argument, 1n, BigInt(INT_MAX));
        break;
      case "t":
        options.ttl = integer(argument, 0n, 255n);
        break;
      case "U":
        options.latency = true;
        break;
      case "v":
        options.verbose = true;
        break;
      case "V":
        throw new PingExit(0, VERSION, true);
      case "w":
        options.deadline = integer(argument, 0n, BigInt(INT_MAX));
        break;
      case "W": {
        const linger = seconds(argument, "bad linger time", options);
        if (linger < 0 || linger > INT_MAX / 1000) throw failure(2, `bad linger time: ${argument}`);
        options.linger = Math.trunc(linger * 1000);
        break;
      }
      default:
        throw usage(complaint);
    }
  }
  options.targets = parser.operands;
  if (options.targets.length === 0) throw failure(1, "usage error: Destination address required");
  if (options.recordRoute || timestampOption) {
    // Packets carry no IP options here: as on a kernel that refuses IP_OPTIONS.
    throw failure(
      2,
      options.recordRoute ? "record route: Operation not permitted" : "ts option: Operation not permitted",
    );
  }
  return options;
}

/** The octets of `-p`, up to 16. @throws PingExit */
export function parsePattern(text: string): Uint8Array {
  const wrong = /[^0-9a-fA-F]/.exec(text);
  if (wrong !== null) throw failure(2, `patterns must be specified as hex digits: ${text.slice(wrong.index)}`);
  const pairs = text.match(/..?/g) ?? [];
  return Uint8Array.from(pairs.slice(0, 16), (pair) => parseInt(pair, 16));
}
