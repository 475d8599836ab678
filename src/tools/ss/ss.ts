/** `ss` of iproute2 6.1: the sockets of the namespace. */
import type { IpAddress } from "../../ip/host.ts";
import { formatIpv4 } from "../../wire/ipv4.ts";
import { formatIpv6 } from "../../wire/ipv6.ts";
import { OptionParser } from "../getopt.ts";
import { nameOf } from "../name_lookup.ts";
import type { Process } from "../process.ts";
import { readServices, type Services } from "../services.ts";
import { isAnyAddress, type ListedSocket, rawSockets, tcpSockets, udpSockets, unixSockets } from "../socket_list.ts";
import { NETID, render, type Row, STATE } from "./columns.ts";
import { compileExpression, defaultStates, parseStates, SsError, withoutStates } from "./filter.ts";
import { tcpInfoText } from "./info.ts";
import { USAGE } from "./usage.ts";

interface SsOptions {
  tcp: boolean;
  udp: boolean;
  raw: boolean;
  unix: boolean;
  four: boolean;
  six: boolean;
  all: boolean;
  listening: boolean;
  numeric: boolean;
  resolve: boolean;
  header: boolean;
  oneLine: boolean;
  processes: boolean;
  extended: boolean;
  memory: boolean;
  info: boolean;
  timers: boolean;
  summary: boolean;
}

const LONG = [
  { name: "numeric", option: "n" },
  { name: "resolve", option: "r" },
  { name: "options", option: "o" },
  { name: "extended", option: "e" },
  { name: "memory", option: "m" },
  { name: "info", option: "i" },
  { name: "processes", option: "p" },
  { name: "tcp", option: "t" },
  { name: "udp", option: "u" },
  { name: "raw", option: "w" },
  { name: "unix", option: "x" },
  { name: "all", option: "a" },
  { name: "listening", option: "l" },
  { name: "ipv4", option: "4" },
  { name: "ipv6", option: "6" },
  { name: "packet", option: "0" },
  { name: "family", argument: 1, option: "f" },
  { name: "socket", argument: 1, option: "A" },
  { name: "query", argument: 1, option: "A" },
  { name: "summary", option: "s" },
  { name: "version", option: "V" },
  { name: "help", option: "h" },
  { name: "no-header", option: "H" },
  { name: "oneline", option: "O" },
] as const;

export async function ss(process: Process): Promise<number> {
  try {
    return await run(process);
  } catch (error) {
    if (!(error instanceof SsError)) throw error;
    process.stderr.write(error.words);
    return error.code;
  }
}

async function run(process: Process): Promise<number> {
  const options: SsOptions = {
    tcp: false,
    udp: false,
    raw: false,
    unix: false,
    four: false,
    six: false,
    all: false,
    listening: false,
    numeric: false,
    resolve: false,
    header: true,
    oneLine: false,
    processes: false,
    extended: false,
    memory: false,
    info: false,
    timers: false,
    summary: false,
  };
  const complain = (sentence: string): void => process.stderr.write(sentence + "\n");
  const parser = new OptionParser("ss", process.args, "dhalBetuwxnro460spTbEf:mMiA:D:F:vVzZN:KHSO", complain, LONG);
  for (let parsed = parser.next(); parsed !== null; parsed = parser.next()) {
    const code = apply(process, options, parsed.option, parsed.argument);
    if (code !== null) return code;
  }
  if (options.summary) {
    process.stdout.write(summary(process));
    return 0;
  }
  const services = readServices(process.files);
  let states = defaultStates(options.all, options.listening);
  let words = parser.operands;
  const stateGiven: string[] = [];
  while (words[0] === "state" || words[0] === "exclude" || words[0] === "excl") {
    if (words[1] === undefined) throw new SsError(255, `ss: ${words[0]} requires a state name\n`);
    if (words[0] === "state") {
      stateGiven.push(...parseStates(words[1]));
      states = stateGiven;
    } else states = withoutStates(states, words[1]);
    words = words.slice(2);
  }
  const test = compileExpression(words, services);
  const { tcp, udp, raw, unix } = options;
  const none = !tcp && !udp && !raw && !unix;
  const listed = [
    ...none || raw ? rawSockets(process) : [],
    ...none || udp ? udpSockets(process) : [],
    ...none || tcp ? tcpSockets(process) : [],
  ].filter((socket) => {
    if (options.four !== options.six && (socket.family === 6) !== options.six) return false;
    return states.includes(socket.state) && test(socket);
  });
  const rows: Row[] = [];
  if ((none || unix) && !options.four && !options.six && words.length === 0) {
    rows.push(...unixRows(process, options, states));
  }
  for (const socket of listed) rows.push(await row(process, options, services, socket));
  const kinds = [tcp, udp, raw].filter(Boolean).length;
  const hidden: number[] = [];
  if (kinds === 1 && !unix) hidden.push(NETID);
  // UDP alone is asked for its connected sockets only: one state, which needs no column.
  const connectedOnly = !none && !tcp && !unix && !raw && !options.all && !options.listening && stateGiven.length === 0;
  if (states.length === 1 || connectedOnly) hidden.push(STATE);
  process.stdout.write(render(rows, hidden, options.header));
  return 0;
}

/** The exit code when the program ends here. */
function apply(process: Process, options: SsOptions, option: string, argument: string): number | null {
  switch (option) {
    case "t":
      options.tcp = true;
      break;
    case "u":
      options.udp = true;
      break;
    case "w":
      options.raw = true;
      break;
    case "x":
      options.unix = true;
      break;
    case "4":
      options.four = true;
      break;
    case "6":
      options.six = true;
      break;
    case "f":
      if (argument === "inet") options.four = true;
      else if (argument === "inet6") options.six = true;
      else if (argument === "unix") options.unix = true;
      else throw new SsError(255, `ss: "${argument}" is invalid family\n`);
      break;
    case "A":
      for (const name of argument.split(",")) {
        if (name === "all") {
          options.tcp =
            options.udp =
            options.raw =
            options.unix =
              true;
        } else if (name === "inet") options.tcp = options.udp = options.raw = true;
        else if (name === "tcp") options.tcp = true;
        else if (name === "udp") options.udp = true;
        else if (name === "raw") options.raw = true;
        else if (name.startsWith("unix")) options.unix = true;
        else throw new SsError(255, `ss: "${name}" is illegal socket table id\n`);
      }
      break;
    case "a":
      options.all = true;
      break;
    case "l":
      options.listening = true;
      break;
    case "n":
      options.numeric = true;
      break;
    case "r":
      options.resolve = true;
      break;
    case "H":
      options.header = false;
      break;
    case "O":
      options.oneLine = true;
      break;
    case "p":
      options.processes = true;
      break;
    case "e":
      options.extended = options.timers = true; // as ss has it
      break;
    case "m":
      options.memory = true;
      break;
    case "i":
      options.info = true;
      break;
    case "o":
      options.timers = true;
      break;
    case "s":
      options.summary = true;
      break;
    case "Z":
    case "z":
      process.stderr.write("ss: SELinux is not enabled.\n");
      return 1;
    case "V":
    case "v":
      process.stdout.write("ss utility, iproute2-6.1.0\n");
      return 0;
    case "h":
      process.stdout.write(USAGE);
      return 0;
    case "?":
      process.stderr.write(USAGE);
      return 255;
    default:
      break;
  }
  return null;
}

/** An address as the column before the colon has it. */
async function host(process: Process, options: SsOptions, socket: ListedSocket, address: IpAddress): Promise<string> {
  const scope = socket.device !== null && address === socket.local ? `%${socket.device.name}` : "";
  if (isAnyAddress(address) && socket.family === 6) return (socket.v6Only ? "[::]" : "*") + scope;
  const name = options.resolve ? await nameOf(process, address) : null;
  if (name !== null) return name + scope;
  return (typeof address === "number" ? formatIpv4(address) : `[${formatIpv6(address)}]`) + scope;
}

function port(options: SsOptions, services: Services, socket: ListedSocket, number: number): string {
  if (number === 0) return "*";
  if (socket.protocol === "raw") {
    return { 1: "icmp", 2: "igmp", 6: "tcp", 17: "udp", 58: "ipv6-icmp" }[number] ?? String(number);
  }
  const name = options.numeric ? null : services.name(number, socket.protocol === "tcp" ? "tcp" : "udp");
  return name ?? String(number);
}

async function row(process: Process, options: SsOptions, services: Services, socket: ListedSocket): Promise<Row> {
  return [
    socket.protocol,
    socket.state,
    String(socket.receiveQueue).padEnd(6),
    String(socket.sendQueue).padEnd(6),
    `${await host(process, options, socket, socket.local)}:`,
    port(options, services, socket, socket.localPort),
    `${await host(process, options, socket, socket.remote)}:`,
    socket.protocol === "raw" && socket.remotePort === 0 ? "*" : port(options, services, socket, socket.remotePort),
    extra(options, socket),
  ];
}

function extra(options: SsOptions, socket: ListedSocket): string {
  let text = "";
  if (options.timers && socket.timer !== null) {
    text += ` timer:(${socket.timer.name},${duration(socket.timer.at / 1e6)},${socket.timer.retries})`;
  }
  if (options.processes && socket.program !== "") {
    text += ` users:(("${socket.program}",pid=${socket.pid},fd=3))`;
  }
  if (options.extended && socket.inode !== 0) {
    text += ` ino:${socket.inode} sk:${socket.inode.toString(16)}`;
    text += socket.family === 6 ? ` v6only:${socket.v6Only ? 1 : 0} <->` : " <->";
  }
  const start = options.oneLine ? " " : "\n\t ";
  let details = "";
  if (options.memory && socket.state !== "TIME-WAIT") {
    const { tcp } = socket;
    const [receive, send] = [tcp?.receiveBuffer ?? 212992, tcp?.sendBuffer ?? 212992];
    details += `skmem:(r${socket.receiveQueue},rb${receive},t0,tb${send},f0,w0,o0,bl0,d0)`;
  }
  if (options.info && socket.tcp !== null) {
    details += (details === "" ? "" : " ") + tcpInfoText(socket.tcp, options.timers);
  }
  return details === "" ? text : text + start + details;
}

/** Milliseconds as `59sec`, `1min30sec` or `200ms`. */
function duration(ms: number): string {
  const whole = Math.max(0, Math.floor(ms));
  const minutes = Math.floor(whole / 60000);
  const seconds = Math.floor(whole / 1000) % 60;
  const rest = whole % 1000;
  let text = "";
  if (minutes > 0) text += `${minutes}min`;
  if (seconds > 0) text += minutes > 0 || rest === 0 || minutes > 9 ? `${seconds}sec` : `${seconds}.`;
  if (text.endsWith(".")) return `${text}${String(rest).padStart(3, "0")}ms`;
  return text === "" ? `${rest}ms` : text;
}

function unixRows(process: Process, options: SsOptions, states: readonly string[]): Row[] {
  const rows: Row[] = [];
  for (const socket of unixSockets(process)) {
    const listening = socket.state === "listening";
    const state = listening ? "LISTEN" : socket.state === "connected" ? "ESTAB" : "UNCONN";
    if (!states.includes(state)) continue;
    const kind = socket.type === "stream" ? "u_str" : "u_dgr";
    const process_ = options.processes ? ` users:(("${socket.program}",pid=${socket.pid},fd=3))` : "";
    const [receive, send] = listening ? [socket.waiting, socket.backlog] : [socket.readable, 0];
    const peer = socket.peer === null ? "0" : String(socket.peer.inode);
    rows.push([
      kind,
      state,
      String(receive).padEnd(6),
      String(send).padEnd(6),
      `${(socket.path ?? "*").replace(/^\0/, "@")} `,
      String(socket.inode),
      "* ",
      peer,
      process_,
    ]);
  }
  return rows;
}

function summary(process: Process): string {
  const [tcp, udp, raw] = [tcpSockets(process), udpSockets(process), rawSockets(process)];
  const count = (list: ListedSocket[], family?: 4 | 6): number =>
    list.filter((it) => it.state !== "TIME-WAIT" && (family === undefined || it.family === family)).length;
  const established = tcp.filter((it) => it.state === "ESTAB").length;
  const waiting = tcp.filter((it) => it.state === "TIME-WAIT").length;
  const orphans = tcp.filter((it) => it.tcp === null && it.state !== "TIME-WAIT").length;
  const total = count(tcp) + count(udp) + count(raw);
  const line = (name: string, lists: ListedSocket[][]): string => {
    const sum = (family?: 4 | 6): number => lists.reduce((all, list) => all + count(list, family), 0);
    return `${name}\t  ${String(sum()).padEnd(9)} ${String(sum(4)).padEnd(9)} ${String(sum(6)).padEnd(9)}\n`;
  };
  return `Total: ${total}\n` +
    `TCP:   ${tcp.length} (estab ${established}, closed ${waiting}, orphaned ${orphans}, timewait ${waiting})\n\n` +
    "Transport Total     IP        IPv6\n" +
    line("RAW", [raw]) + line("UDP", [udp]) + line("TCP", [tcp]) + line("INET", [raw, udp, tcp]) + line("FRAG", []) +
    "\n";
}
