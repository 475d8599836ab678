/** `host` of BIND 9.18. */
import { type ResourceRecord, TYPES } from "../../dns/message.ts";
import { reverseName } from "../../dns/name.ts";
import { candidates } from "../../dns/resolv_conf.ts";
import { parseIpv4 } from "../../wire/ipv4.ts";
import { parseIpv6 } from "../../wire/ipv6.ts";
import { OptionParser } from "../getopt.ts";
import type { Process } from "../process.ts";
import { addressText } from "../tcp_client.ts";
import type { Reply, Server } from "./exchange.ts";
import { askAll, configuredServers, resolvConfOf, serversNamed } from "./lookup.ts";
import { classNumber, dataText, headerLines, questionLine, rcodeName, recordLine, typeNumber } from "./text.ts";

const USAGE = `Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]
            [-R number] [-m flag] [-p port] hostname [server]
       -a is equivalent to -v -t ANY
       -A is like -a but omits RRSIG, NSEC, NSEC3
       -c specifies query class for non-IN data
       -C compares SOA records on authoritative nameservers
       -d is equivalent to -v
       -l lists all hosts in a domain, using AXFR
       -m set memory debugging flag (trace|record|usage)
       -N changes the number of dots allowed before root lookup is done
       -p specifies the port on the server to query
       -r disables recursive processing
       -R specifies number of retries for UDP packets
       -s a SERVFAIL response should stop query
       -t specifies the query type
       -T enables TCP/IP mode
       -U enables UDP mode
       -v enables verbose output
       -V print version number and exit
       -w specifies to wait forever for a reply
       -W specifies how long to wait for a reply
       -4 use IPv4 query transport only
       -6 use IPv6 query transport only
`;

interface Options {
  type: number | null;
  class: number;
  verbose: boolean;
  recurse: boolean;
  tcp: boolean;
  servfailStops: boolean;
  tries: number;
  seconds: number;
  port: number;
  ndots: number | null;
  family: 4 | 6 | null;
}

export async function host(process: Process): Promise<number> {
  const options: Options = {
    type: null,
    class: 1,
    verbose: false,
    recurse: true,
    tcp: false,
    servfailStops: false,
    tries: 2,
    seconds: 5,
    port: 53,
    ndots: null,
    family: null,
  };
  const parser = new OptionParser("host", process.args, "46aAc:dilm:N:p:rR:st:TUvVwW:C", (sentence) => {
    process.stderr.write(`${sentence}\n`);
  });
  for (let one = parser.next(); one !== null; one = parser.next()) {
    if (one.option === "V") {
      process.stderr.write("host 9.18.49-1~deb12u3-Debian\n");
      return 0;
    }
    const wrong = one.option === "?" ? "" : apply(options, one.option, one.argument);
    if (wrong === null) continue;
    process.stderr.write(wrong === "" ? USAGE : `host: ${wrong}\n`);
    return 1;
  }
  const [name, serverName] = parser.operands;
  if (name === undefined) {
    process.stderr.write(USAGE);
    return 1;
  }
  const conf = resolvConfOf(process);
  if (options.ndots !== null) conf.ndots = options.ndots;
  let servers: Server[];
  if (serverName === undefined) servers = await configuredServers(process, conf, options.port, options.family);
  else {
    const found = await serversNamed(process, serverName, options.port, options.family);
    if (found === null) {
      process.stderr.write(`host: couldn't get address for '${serverName}': not found\n`);
      return 1;
    }
    servers = found;
  }
  const session = new Session(process, options, servers, serverName ?? null, name);
  const address = parseIpv4(name) ?? parseIpv6(name);
  if (address !== null) return await session.one([reverseName(address)], options.type ?? TYPES.PTR, true);
  return await session.all(candidates(conf, name));
}

/** What is wrong with the option; null when nothing is. */
function apply(options: Options, option: string, argument: string): string | null {
  switch (option) {
    case "4":
    case "6":
      options.family = option === "4" ? 4 : 6;
      break;
    case "a":
    case "A":
      options.type = TYPES.ANY;
      options.verbose = true;
      break;
    case "c": {
      const klass = classNumber(argument);
      if (klass === null) return `invalid class: ${argument}`;
      options.class = klass;
      break;
    }
    case "d":
    case "v":
      options.verbose = true;
      break;
    case "N":
      options.ndots = Number(argument);
      break;
    case "p":
      options.port = Number(argument);
      break;
    case "r":
      options.recurse = false;
      break;
    case "R":
      options.tries = Math.max(1, 1 + (Number(argument) || 0));
      break;
    case "t": {
      const type = typeNumber(argument);
      if (type === null) return `invalid type: ${argument}`;
      options.type = type;
      break;
    }
    case "s":
      options.servfailStops = true;
      break;
    case "T":
      options.tcp = true;
      break;
    case "w":
      options.seconds = 2 ** 31 / 1000;
      break;
    case "W":
      options.seconds = Math.max(1, Number(argument) || 1);
      break;
    default: // nothing here shows a difference
  }
  return null;
}

function bare(name: string): string {
  return name === "." ? name : name.replace(/\.$/, "");
}

class Session {
  #introduced = false;

  constructor(
    readonly process: Process,
    readonly options: Options,
    readonly servers: readonly Server[],
    readonly serverName: string | null,
    readonly name: string,
  ) {}

  #write(text: string): void {
    this.process.stdout.write(text);
  }

  /** Addresses and mail servers, or one type if that was asked for. */
  async all(names: string[]): Promise<number> {
    const { type } = this.options;
    if (type !== null) return await this.one(names, type, false);
    const found = await this.#find(names, TYPES.A);
    if (found === null) return 1;
    if (!this.#print(found, TYPES.A, false, true)) return 1;
    const alias = found.message.answers.findLast((it) => it.data.type === "CNAME")?.data as
      | { name: string }
      | undefined;
    const name = alias?.name ?? found.message.questions[0].name;
    for (const type of [TYPES.AAAA, TYPES.MX]) {
      const reply = await this.#find([name], type);
      if (reply !== null) this.#print(reply, type, false, true);
    }
    return 0;
  }

  async one(names: string[], type: number, reverse: boolean): Promise<number> {
    const found = await this.#find(names, type);
    return found !== null && this.#print(found, type, reverse, false) ? 0 : 1;
  }

  /** The first answer that is not NXDOMAIN, or the last; null when no server answered. */
  async #find(names: string[], type: number): Promise<Reply | null> {
    const { options } = this;
    let reply: Reply | null = null;
    for (const name of names) {
      if (options.verbose) this.#write(`Trying "${bare(name)}"\n`);
      let fatal = false;
      reply = await askAll(
        this.process,
        { name, type, class: options.class, recurse: options.recurse, ednsSize: 0, dig: false },
        {
          servers: this.servers,
          tcp: options.tcp,
          retryTruncated: true,
          afterServfail: options.servfailStops ? "stop" : "go on",
          shownName: this.name,
          tries: options.tries,
          ms: options.seconds * 1000,
          say: (text) => {
            fatal ||= text.includes("no servers could be reached");
            this.#write(text);
          },
        },
      );
      if (reply === null) {
        if (!fatal) this.#write(";; no servers could be reached\n");
        return null;
      }
      if (reply.message.rcode !== 3) break;
    }
    return reply;
  }

  /** Prints an answer: false when it is that there is no such name. */
  #print(reply: Reply, type: number, reverse: boolean, several: boolean): boolean {
    this.#introduce(reply);
    const { message } = reply;
    const name = message.questions[0]?.name ?? ".";
    if (message.rcode !== 0) {
      const shown = reverse ? name : bare(this.name);
      this.#write(`Host ${shown} not found: ${message.rcode}(${rcodeName(message.rcode)})\n`);
      if (this.options.verbose) this.#received(reply);
      return false;
    }
    if (this.options.verbose) this.#verbose(reply);
    else if (message.answers.length > 0) { for (const record of message.answers) this.#write(answerText(record)); }
    else if (!several) {
      const what = Object.entries(TYPES).find(([, number]) => number === type)?.[0] ?? `TYPE${type}`;
      this.#write(`${bare(name)} has no ${what} record\n`);
    }
    return true;
  }

  #introduce({ server }: Reply): void {
    if (this.serverName === null || this.#introduced) return;
    this.#introduced = true;
    const address = addressText(server.to.address);
    this.#write(`Using domain server:\nName: ${this.serverName}\nAddress: ${address}#${server.port}\nAliases: \n\n`);
  }

  #received({ octets, server, ms }: Reply): void {
    this.#write(`Received ${octets.length} bytes from ${addressText(server.to.address)}#${server.port} in ${ms} ms\n`);
  }

  #verbose(reply: Reply): void {
    const { message, octets } = reply;
    let text = `${headerLines(message, octets)}\n`;
    if (message.questions.length > 0) {
      text += ";; QUESTION SECTION:\n";
      for (const it of message.questions) text += questionLine(it.name, it.type, it.class);
      text += "\n";
    }
    for (
      const [title, records] of [["ANSWER", message.answers], ["AUTHORITY", message.authority], [
        "ADDITIONAL",
        message.additional,
      ]] as const
    ) {
      if (records.length === 0) continue;
      text += `;; ${title} SECTION:\n${records.map((it) => recordLine(it)).join("")}\n`;
    }
    this.#write(text);
    this.#received(reply);
  }
}

const WORDS: Readonly<Record<string, string>> = {
  A: "has address",
  AAAA: "has IPv6 address",
  MX: "mail is handled by",
  CNAME: "is an alias for",
  PTR: "domain name pointer",
  NS: "name server",
  TXT: "descriptive text",
  SOA: "has SOA record",
  SRV: "has SRV record",
  CAA: "has CAA record",
  NAPTR: "has NAPTR record",
};

function answerText({ name, data }: ResourceRecord): string {
  const words = WORDS[data.type] ?? `has TYPE${(data as { code: number }).code} record`;
  return `${bare(name)} ${words} ${dataText(data)}\n`;
}
