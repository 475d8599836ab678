/** tcpdump's command line (4.99.3). */
import { OptionParser } from "../getopt.ts";

export interface TcpdumpOptions {
  /** As typed; null takes the first that is up. */
  device: string | null;
  count: number;
  snapLength: number;
  numeric: number;
  verbose: number;
  time: number;
  nano: boolean;
  link: boolean;
  quick: boolean;
  absoluteSequence: boolean;
  noChecksum: boolean;
  hex: number;
  hexAndText: number;
  text: number;
  number: boolean;
  lineBuffered: boolean;
  packetBuffered: boolean;
  noPromiscuous: boolean;
  print: boolean;
  countOnly: boolean;
  direction: "in" | "out" | "inout";
  readFile: string | null;
  writeFile: string | null;
  filterFile: string | null;
  listDevices: boolean;
  listLinkTypes: boolean;
  immediate: boolean;
  expression: string;
}

/** An end before anything was captured. */
export class TcpdumpExit extends Error {
  constructor(readonly code: number, readonly words: string, readonly toOutput = false) {
    super(words);
  }
}

const VERSION = `tcpdump version 4.99.3
libpcap version 1.10.3 (with TPACKET_V3)
OpenSSL 3.0.19 27 Jan 2026
`;

const USAGE = `${VERSION}Usage: tcpdump [-AbdDefhHIJKlLnNOpqStuUvxX#] [ -B size ] [ -c count ] [--count]
		[ -C file_size ] [ -E algo:secret ] [ -F file ] [ -G seconds ]
		[ -i interface ] [ --immediate-mode ] [ -j tstamptype ]
		[ -M secret ] [ --number ] [ --print ] [ -Q in|out|inout ]
		[ -r file ] [ -s snaplen ] [ -T type ] [ --version ]
		[ -V file ] [ -w file ] [ -W filecount ] [ -y datalinktype ]
		[ --time-stamp-precision precision ] [ --micro ] [ --nano ]
		[ -z postrotate-command ] [ -Z user ] [ expression ]
`;

export const SNAPLEN_LIMIT = 262144;

const LONG = [
  { name: "buffer-size", argument: 1, option: "B" },
  { name: "list-interfaces", option: "D" },
  { name: "help", option: "h" },
  { name: "interface", argument: 1, option: "i" },
  { name: "monitor-mode", option: "I" },
  { name: "time-stamp-type", argument: 1, option: "j" },
  { name: "list-time-stamp-types", option: "J" },
  { name: "micro", option: "micro" },
  { name: "nano", option: "nano" },
  { name: "dont-verify-checksums", option: "K" },
  { name: "list-data-link-types", option: "L" },
  { name: "no-optimize", option: "O" },
  { name: "no-promiscuous-mode", option: "p" },
  { name: "direction", argument: 1, option: "Q" },
  { name: "snapshot-length", argument: 1, option: "s" },
  { name: "absolute-tcp-sequence-numbers", option: "S" },
  { name: "packet-buffered", option: "U" },
  { name: "linktype", argument: 1, option: "y" },
  { name: "immediate-mode", option: "immediate" },
  { name: "relinquish-privileges", argument: 1, option: "Z" },
  { name: "count", option: "count" },
  { name: "number", option: "#" },
  { name: "print", option: "print" },
  { name: "version", option: "version" },
  { name: "time-stamp-precision", argument: 1, option: "precision" },
] as const;

function fail(words: string): TcpdumpExit {
  return new TcpdumpExit(1, `tcpdump: ${words}\n`);
}

/** @throws {TcpdumpExit} */
export function parseTcpdumpOptions(args: readonly string[]): TcpdumpOptions {
  const options: TcpdumpOptions = {
    device: null,
    count: 0,
    snapLength: SNAPLEN_LIMIT,
    numeric: 0,
    verbose: 0,
    time: 0,
    nano: false,
    link: false,
    quick: false,
    absoluteSequence: false,
    noChecksum: false,
    hex: 0,
    hexAndText: 0,
    text: 0,
    number: false,
    lineBuffered: false,
    packetBuffered: false,
    noPromiscuous: false,
    print: false,
    countOnly: false,
    direction: "inout",
    readFile: null,
    writeFile: null,
    filterFile: null,
    listDevices: false,
    listLinkTypes: false,
    immediate: false,
    expression: "",
  };
  let complaint = "";
  const short = "#AbB:c:C:dDeE:fF:G:hHi:Ij:JKlLm:M:nNOpqQ:r:s:StT:uUvV:w:W:xXy:Yz:Z:";
  const parser = new OptionParser("tcpdump", args, short, (sentence) => complaint += sentence + "\n", LONG);
  for (let parsed = parser.next(); parsed !== null; parsed = parser.next()) {
    if (!apply(options, parsed.option, parsed.argument)) throw new TcpdumpExit(1, complaint + USAGE);
  }
  if (options.time > 5) throw fail("only -t, -tt, -ttt, -tttt, and -ttttt are supported");
  options.expression = parser.operands.join(" ");
  return options;
}

/** False for a wrong option. */
function apply(options: TcpdumpOptions, option: string, argument: string): boolean {
  switch (option) {
    case "#":
      options.number = true;
      break;
    case "A":
      options.text++;
      break;
    case "c": {
      const count = Number(argument);
      if (!/^\s*[+-]?\d+/.test(argument) || parseInt(argument) <= 0) throw fail(`invalid packet count ${argument}`);
      options.count = Number.isNaN(count) ? parseInt(argument) : count;
      break;
    }
    case "count":
      options.countOnly = true;
      break;
    case "D":
      options.listDevices = true;
      break;
    case "L":
      options.listLinkTypes = true;
      break;
    case "e":
      options.link = true;
      break;
    case "F":
      options.filterFile = argument;
      break;
    case "h":
      throw new TcpdumpExit(0, USAGE, true);
    case "version":
      throw new TcpdumpExit(0, VERSION, true);
    case "i":
      options.device = argument;
      break;
    case "K":
      options.noChecksum = true;
      break;
    case "l":
      options.lineBuffered = true;
      break;
    case "n":
      options.numeric++;
      break;
    case "p":
      options.noPromiscuous = true;
      break;
    case "q":
      options.quick = true;
      break;
    case "Q":
      if (argument.toLowerCase() !== "in" && argument.toLowerCase() !== "out" && argument.toLowerCase() !== "inout") {
        throw fail(`unknown capture direction \`${argument}'`);
      }
      options.direction = argument.toLowerCase() as "in";
      break;
    case "r":
      options.readFile = argument;
      break;
    case "s": {
      const length = /^\d+$/.test(argument) ? Number(argument) : -1;
      if (length < 0 || length > SNAPLEN_LIMIT) {
        throw fail(`invalid snaplen ${argument} (must be >= 0 and <= ${SNAPLEN_LIMIT})`);
      }
      options.snapLength = length === 0 ? SNAPLEN_LIMIT : length;
      break;
    }
    case "S":
      options.absoluteSequence = true;
      break;
    case "t":
      options.time++;
      break;
    case "U":
      options.packetBuffered = true;
      break;
    case "v":
      options.verbose++;
      break;
    case "w":
      options.writeFile = argument;
      break;
    case "x":
      options.hex++;
      break;
    case "X":
      options.hexAndText++;
      break;
    case "immediate":
      options.immediate = true;
      break;
    case "print":
      options.print = true;
      break;
    case "nano":
      options.nano = true;
      break;
    case "micro":
      options.nano = false;
      break;
    case "precision":
      if (argument !== "micro" && argument !== "nano") throw fail(`unable to set time stamp precision: ${argument}`);
      options.nano = argument === "nano";
      break;
    case "?":
      return false;
    default:
      break; // the others change nothing that is seen here
  }
  return true;
}
