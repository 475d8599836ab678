/** `netstat` of net-tools 2.10. */
import { formatIpv4 } from "../../wire/ipv4.ts";
import { formatIpv6 } from "../../wire/ipv6.ts";
import type { IpAddress } from "../../ip/host.ts";
import { OptionParser } from "../getopt.ts";
import { nameOf } from "../name_lookup.ts";
import type { Process } from "../process.ts";
import { readServices, type Services } from "../services.ts";
import {
  isAnyAddress,
  type ListedSocket,
  type ListedTimer,
  rawSockets,
  tcpSockets,
  udpSockets,
  unixSockets,
} from "../socket_list.ts";
import { statistics } from "./statistics.ts";

interface NetstatOptions {
  tcp: boolean;
  udp: boolean;
  raw: boolean;
  unix: boolean;
  four: boolean;
  six: boolean;
  all: boolean;
  listening: boolean;
  numericHosts: boolean;
  numericPorts: boolean;
  wide: boolean;
  programs: boolean;
  extended: number;
  timers: boolean;
  mode: "sockets" | "route" | "interfaces" | "groups" | "statistics";
}

const LONG = [
  { name: "protocol", argument: 1, option: "A" },
  { name: "route", option: "r" },
  { name: "interfaces", option: "i" },
  { name: "groups", option: "g" },
  { name: "statistics", option: "s" },
  { name: "masquerade", option: "M" },
  { name: "verbose", option: "v" },
  { name: "wide", option: "W" },
  { name: "numeric", option: "n" },
  { name: "numeric-hosts", option: "hosts" },
  { name: "numeric-ports", option: "ports" },
  { name: "numeric-users", option: "users" },
  { name: "symbolic", option: "N" },
  { name: "extend", option: "e" },
  { name: "programs", option: "p" },
  { name: "timers", option: "o" },
  { name: "continuous", option: "c" },
  { name: "listening", option: "l" },
  { name: "all", option: "a" },
  { name: "fib", option: "F" },
  { name: "cache", option: "C" },
  { name: "context", option: "Z" },
  { name: "tcp", option: "t" },
  { name: "udp", option: "u" },
  { name: "udplite", option: "U" },
  { name: "sctp", option: "S" },
  { name: "raw", option: "w" },
  { name: "unix", option: "x" },
  { name: "inet", option: "4" },
  { name: "inet6", option: "6" },
  { name: "version", option: "V" },
  { name: "help", option: "h" },
] as const;

const USAGE = `usage: netstat [-vWeenNcCF] [<Af>] -r         netstat {-V|--version|-h|--help}
       netstat [-vWnNcaeol] [<Socket> ...]
       netstat { [-vWeenNac] -i | [-cnNe] -M | -s [-6tuw] }

        -r, --route              display routing table
        -i, --interfaces         display interface table
        -g, --groups             display multicast group memberships
        -s, --statistics         display networking statistics (like SNMP)
        -M, --masquerade         display masqueraded connections

        -v, --verbose            be verbose
        -W, --wide               don't truncate IP addresses
        -n, --numeric            don't resolve names
        --numeric-hosts          don't resolve host names
        --numeric-ports          don't resolve port names
        --numeric-users          don't resolve user names
        -N, --symbolic           resolve hardware names
        -e, --extend             display other/more information
        -p, --programs           display PID/Program name for sockets
        -o, --timers             display timers
        -c, --continuous         continuous listing

        -l, --listening          display listening server sockets
        -a, --all                display all sockets (default: connected)
        -F, --fib                display Forwarding Information Base (default)
        -C, --cache              display routing cache instead of FIB
        -Z, --context            display SELinux security context for sockets

  <Socket>={-t|--tcp} {-u|--udp} {-U|--udplite} {-S|--sctp} {-w|--raw}
           {-x|--unix} --ax25 --ipx --netrom
  <AF>=Use '-6|-4' or '-A <af>' or '--<af>'; default: inet
  List of possible address families (which support routing):
    inet (DARPA Internet) inet6 (IPv6) ax25 (AMPR AX.25) 
    netrom (AMPR NET/ROM) rose (AMPR ROSE) ipx (Novell IPX) 
    ddp (Appletalk DDP) x25 (CCITT X.25) 
`;

const VERSION = `net-tools 2.10
Fred Baumgarten, Alan Cox, Bernd Eckenfels, Phil Blundell, Tuan Hoang, Brian Micek and others
+NEW_ADDRT +RTF_IRTT +RTF_REJECT +FW_MASQUERADE +I18N +SELINUX
AF: (inet) +UNIX +INET +INET6 +IPX +AX25 +NETROM +X25 +ATALK +ECONET +ROSE -BLUETOOTH
HW:  +ETHER +ARC +SLIP +PPP +TUNNEL -TR +AX25 +NETROM +X25 +FR +ROSE +ASH +SIT +FDDI +HIPPI +HDLC/LAPB +EUI64 
`;

export async function netstat(process: Process): Promise<number> {
  const options: NetstatOptions = {
    tcp: false,
    udp: false,
    raw: false,
    unix: false,
    four: false,
    six: false,
    all: false,
    listening: false,
    numericHosts: false,
    numericPorts: false,
    wide: false,
    programs: false,
    extended: 0,
    timers: false,
    mode: "sockets",
  };
  const complain = (sentence: string): void => process.stderr.write(sentence + "\n");
  const parser = new OptionParser("netstat", process.args, "A:CFMacdeghilnNoprsStuUvVWwx64?Z", complain, LONG);
  for (let parsed = parser.next(); parsed !== null; parsed = parser.next()) {
    const code = apply(process, options, parsed.option, parsed.argument);
    if (code !== null) return code;
  }
  switch (options.mode) {
    case "route":
      return await process.spawn(["route", ...routeArguments(options)]);
    case "interfaces":
      return await interfaces(process, options);
    case "groups":
      return await groups(process, options);
    case "statistics": {
      const { tcp, udp, raw, six } = options;
      const all = !tcp && !udp && !raw;
      process.stdout.write(statistics(process, { tcp: tcp || all, udp: udp || all, raw: raw || all, six }));
      return 0;
    }
    default:
      return await sockets(process, options);
  }
}

/** The exit code when the program ends here. */
function apply(process: Process, options: NetstatOptions, option: string, argument: string): number | null {
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
    case "A":
      if (argument === "inet" || argument === "ip") options.four = true;
      else if (argument === "inet6") options.six = true;
      else if (argument === "unix") options.unix = true;
      else {
        process.stderr.write(`netstat: unsupported address family \`${argument}' !\n`);
        return 1;
      }
      break;
    case "a":
      options.all = true;
      break;
    case "l":
      options.listening = true;
      break;
    case "n":
      options.numericHosts = options.numericPorts = true;
      break;
    case "hosts":
      options.numericHosts = true;
      break;
    case "ports":
      options.numericPorts = true;
      break;
    case "W":
      options.wide = true;
      break;
    case "p":
      options.programs = true;
      break;
    case "e":
      options.extended++;
      break;
    case "o":
      options.timers = true;
      break;
    case "r":
      options.mode = "route";
      break;
    case "i":
      options.mode = "interfaces";
      break;
    case "g":
      options.mode = "groups";
      break;
    case "s":
      options.mode = "statistics";
      break;
    case "M":
      process.stderr.write("netstat: no support for `ip_masquerade' on this system.\n");
      return 1;
    case "Z":
      process.stderr.write("SELinux is not enabled on this machine.\n");
      return 1;
    case "V":
      process.stdout.write(VERSION);
      return 0;
    case "h":
    case "?":
      process.stderr.write(USAGE);
      return option === "h" ? 0 : 3;
    default:
      break;
  }
  return null;
}

function routeArguments(options: NetstatOptions): string[] {
  const args = options.six ? ["-6"] : [];
  if (options.numericHosts) args.push("-n");
  // netstat's columns are those of route -e, and route's own with one more e
  if (options.extended < 1 && !options.six) args.push("-e");
  if (options.extended > 1) args.push("-ee");
  return args;
}

async function interfaces(process: Process, options: NetstatOptions): Promise<number> {
  process.stdout.write("Kernel Interface table\n");
  if (options.extended > 0) return await process.spawn(["ifconfig", ...(options.all ? ["-a"] : [])]);
  // The same table as ifconfig's, under a wider heading.
  const stdout = {
    broken: process.stdout.broken,
    terminal: process.stdout.terminal,
    write(data: string | Uint8Array): void {
      const text = typeof data === "string" ? data : new TextDecoder().decode(data);
      process.stdout.write(text.replace(/^Iface +MTU /m, "Iface             MTU "));
    },
  };
  return await process.spawn(["ifconfig", "-s", ...(options.all ? ["-a"] : [])], { stdout });
}

// Groups

async function groups(process: Process, options: NetstatOptions): Promise<number> {
  const { namespace } = process;
  process.stdout.write("IPv6/IPv4 Group Memberships\n");
  process.stdout.write("Interface       RefCnt Group\n--------------- ------ ---------------------\n");
  const line = async (device: string, users: number, group: IpAddress): Promise<void> => {
    const name = options.numericHosts ? null : await nameOf(process, group);
    const text = name ?? (typeof group === "number" ? formatIpv4(group) : formatIpv6(group));
    process.stdout.write(`${device.padEnd(15)} ${String(users).padEnd(6)} ${text}\n`);
  };
  const both = options.four === options.six;
  for (const family of [both || options.four ? namespace.ipv4 : null, both || options.six ? namespace.ipv6 : null]) {
    if (family === null) continue;
    for (const device of namespace.interfaces) {
      for (const { group, users } of family.multicastGroups(device)) await line(device.name, users, group);
    }
  }
  return 0;
}

// Sockets

const TCP_STATES: Readonly<Record<string, string>> = {
  "ESTAB": "ESTABLISHED",
  "SYN-SENT": "SYN_SENT",
  "SYN-RECV": "SYN_RECV",
  "FIN-WAIT-1": "FIN_WAIT1",
  "FIN-WAIT-2": "FIN_WAIT2",
  "TIME-WAIT": "TIME_WAIT",
  "UNCONN": "CLOSE",
  "CLOSE-WAIT": "CLOSE_WAIT",
  "LAST-ACK": "LAST_ACK",
  "LISTEN": "LISTEN",
  "CLOSING": "CLOSING",
};

async function sockets(process: Process, options: NetstatOptions): Promise<number> {
  const { tcp, udp, raw, unix } = options;
  const none = !tcp && !udp && !raw && !unix;
  const which = options.all ? "servers and established" : options.listening ? "only servers" : "w/o servers";
  const services = readServices(process.files);
  if (none || tcp || udp || raw) {
    let header = `Active Internet connections (${which})\n`;
    header += "Proto Recv-Q Send-Q Local Address           Foreign Address         State      ";
    if (options.extended > 0) header += " User       Inode     ";
    if (options.programs) header += " PID/Program name    ";
    if (options.timers) header += " Timer";
    process.stdout.write(header + "\n");
    const groups = [
      none || tcp ? tcpSockets(process) : [],
      none || udp ? udpSockets(process) : [],
      none || raw ? rawSockets(process) : [],
    ];
    for (const group of groups) {
      for (const family of [4, 6]) {
        for (const socket of group) {
          if (socket.family === family && isShown(options, socket)) {
            process.stdout.write(await line(process, options, services, socket));
          }
        }
      }
    }
  }
  if ((none && !options.four && !options.six) || unix) printUnix(process, options, which);
  return 0;
}

function isShown(options: NetstatOptions, socket: ListedSocket): boolean {
  if (options.four !== options.six && (socket.family === 6) !== options.six) return false;
  if (options.all) return true;
  const listens = socket.protocol === "tcp" ? socket.state === "LISTEN" : socket.state === "UNCONN";
  return listens === options.listening;
}

/** Widths of addresses and ports in a column. */
const COLUMN = 23;

async function place(
  process: Process,
  options: NetstatOptions,
  services: Services,
  socket: ListedSocket,
  address: IpAddress,
  port: number,
): Promise<string> {
  const numeric = typeof address === "number" ? formatIpv4(address) : formatIpv6(address);
  const name = options.numericHosts || isAnyAddress(address) ? null : await nameOf(process, address);
  // Without -n an IPv6 address that has no name stands in brackets.
  let host = name ?? (typeof address !== "number" && !options.numericHosts ? `[${numeric}]` : numeric);
  const protocol = socket.protocol === "udp" ? "udp" : "tcp";
  const service = options.numericPorts || socket.protocol === "raw" ? null : services.name(port, protocol);
  const portText = port === 0 ? "*" : service ?? String(port);
  if (!options.wide && host.length + portText.length > COLUMN - 1) {
    host = host.slice(0, Math.max(COLUMN - 1 - portText.length, 10));
  }
  return `${host}:${portText}`.padEnd(COLUMN);
}

async function line(
  process: Process,
  options: NetstatOptions,
  services: Services,
  socket: ListedSocket,
): Promise<string> {
  const protocol = socket.protocol + (socket.family === 6 ? "6" : "");
  const local = await place(process, options, services, socket, socket.local, socket.localPort);
  const remote = await place(process, options, services, socket, socket.remote, socket.remotePort);
  const listening = socket.state === "LISTEN";
  const state = socket.protocol === "tcp"
    ? TCP_STATES[socket.state] ?? socket.state
    : socket.protocol === "raw"
    ? (socket.state === "UNCONN" ? "7" : "1")
    : socket.state === "ESTAB"
    ? "ESTABLISHED"
    : "";
  const sendQueue = listening ? 0 : socket.sendQueue;
  let text = `${protocol.padEnd(5)}${String(socket.receiveQueue).padStart(7)}${String(sendQueue).padStart(7)} `;
  text += `${local} ${remote} ${state.padEnd(11)}`;
  if (options.extended > 0) {
    const user = options.numericHosts ? "0" : "root";
    text += ` ${user.padEnd(10)} ${String(socket.inode).padEnd(10)}`;
  }
  if (options.programs) {
    const owner = socket.program === "" ? "-" : `${socket.pid}/${socket.program}`;
    text += ` ${owner.slice(0, 19).padEnd(20)}`;
  }
  if (options.timers) {
    const { timer } = socket;
    text += timer === null ? " off (0.00/0/0)" : timerText(timer);
  }
  return text + "\n";
}

function timerText({ name, at, retries }: ListedTimer): string {
  const probes = name === "keepalive" || name === "persist"; // of these the third number tells, of segments the second
  const counts = probes ? `0/${retries}` : `${retries}/0`;
  return ` ${name === "persist" ? "probe" : name} (${(at / 1e9).toFixed(2)}/${counts})`;
}

function printUnix(process: Process, options: NetstatOptions, which: string): void {
  let header = `Active UNIX domain sockets (${which})\n`;
  header += "Proto RefCnt Flags       Type       State         I-Node  ";
  if (options.programs) header += " PID/Program name    ";
  process.stdout.write(header + " Path\n");
  for (const socket of unixSockets(process)) {
    const listening = socket.state === "listening";
    const connected = socket.state === "connected";
    if (!options.all && (options.listening ? !listening : !connected)) continue;
    const type = socket.type === "stream" ? "STREAM" : "DGRAM";
    const state = listening ? "LISTENING" : connected ? "CONNECTED" : "";
    let text = `unix  ${String(connected ? 3 : 2).padEnd(6)} ${(listening ? "[ ACC ]" : "[ ]").padEnd(11)} `;
    text += `${type.padEnd(10)} ${state.padEnd(13)} ${String(socket.inode).padEnd(8)}`;
    if (options.programs) text += ` ${`${socket.pid}/${socket.program}`.slice(0, 19).padEnd(20)}`;
    process.stdout.write(`${text} ${(socket.path ?? "").replace(/^\0/, "@")}\n`);
  }
}
