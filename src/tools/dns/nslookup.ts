/** `nslookup NAME [SERVER]` of BIND 9.18, not interactive. */
import { type RecordData, type ResourceRecord, typeName, TYPES } from "../../dns/message.ts";
import { reverseName } from "../../dns/name.ts";
import { candidates } from "../../dns/resolv_conf.ts";
import { parseIpv4 } from "../../wire/ipv4.ts";
import { parseIpv6 } from "../../wire/ipv6.ts";
import type { Process } from "../process.ts";
import { addressText } from "../tcp_client.ts";
import type { Reply, Server } from "./exchange.ts";
import { askAll, configuredServers, resolvConfOf, serversNamed } from "./lookup.ts";
import { className, classNumber, dataText, rcodeName, typeNumber } from "./text.ts";

interface Options {
  type: number | null;
  class: number;
  port: number;
  seconds: number;
  tries: number;
  recurse: boolean;
  tcp: boolean;
  search: boolean;
  debug: boolean;
  operands: string[];
}

export async function nslookup(process: Process): Promise<number> {
  const options = parse(process);
  if (options === null) return 1;
  const [name, serverName] = options.operands;
  if (name === undefined) return 0;
  const conf = resolvConfOf(process);
  let servers: Server[];
  if (serverName === undefined) servers = await configuredServers(process, conf, options.port);
  else {
    const found = await serversNamed(process, serverName, options.port);
    if (found === null) {
      process.stdout.write(`nslookup: couldn't get address for '${serverName}': not found\n`);
      return 1;
    }
    servers = found;
  }
  return await new Session(process, options, servers, serverName !== undefined).lookUp(name);
}

function parse(process: Process): Options | null {
  const options: Options = {
    type: null,
    class: 1,
    port: 53,
    seconds: 5,
    tries: 3,
    recurse: true,
    tcp: false,
    search: true,
    debug: false,
    operands: [],
  };
  for (const word of process.args) {
    if (word[0] !== "-" || word === "-") {
      if (word !== "-") options.operands.push(word);
      continue;
    }
    const [name, value = ""] = word.slice(1).toLowerCase().split("=", 2);
    if (/^(ty(pe)?|q(uery(type)?)?)$/.test(name)) {
      const type = typeNumber(value);
      if (type === null) process.stdout.write(`unknown query type: ${value}\n`);
      else options.type = type;
    } else if (/^cl(ass)?$/.test(name)) options.class = classNumber(value) ?? options.class;
    else if (/^po(rt)?$/.test(name)) options.port = Number(value);
    else if (/^t(imeout)?$/.test(name)) options.seconds = Math.max(1, Number(value) || 1);
    else if (/^ret(ry)?$/.test(name)) options.tries = Math.max(1, Number(value) || 1);
    else if (/^(no)?rec(urse)?$/.test(name)) options.recurse = !name.startsWith("no");
    else if (/^(no)?(vc)$/.test(name)) options.tcp = !name.startsWith("no");
    else if (/^(no)?sea(rch)?$/.test(name)) options.search = !name.startsWith("no");
    else if (/^(no)?deb(ug)?$/.test(name)) options.debug = !name.startsWith("no");
    else if (!/^(no)?(def|d2|fail|domain|srchl)/.test(name)) {
      process.stdout.write(`*** Invalid option: ${name}\n`);
      if (name === "h" || name === "help") return null;
    }
  }
  return options;
}

/** `example.com` without the final dot. */
function bare(name: string): string {
  return name === "." ? name : name.replace(/\.$/, "");
}

class Session {
  #headed = false;

  constructor(
    readonly process: Process,
    readonly options: Options,
    readonly servers: readonly Server[],
    readonly chosen: boolean,
  ) {}

  async lookUp(name: string): Promise<number> {
    const { options } = this;
    const address = parseIpv4(name) ?? parseIpv6(name);
    if (address !== null && (options.type === null || options.type === TYPES.PTR)) {
      return await this.#ask([reverseName(address)], TYPES.PTR, bare(reverseName(address)));
    }
    const names = options.search ? candidates(resolvConfOf(this.process), name) : [`${name.replace(/\.$/, "")}.`];
    return await this.#ask(names, options.type, name);
  }

  #write(text: string): void {
    this.process.stdout.write(text);
  }

  async #ask(names: string[], type: number | null, shown: string): Promise<number> {
    for (const [i, name] of names.entries()) {
      const reply = await this.#query(name, type ?? TYPES.A);
      if (reply === null) {
        this.#write(";; no servers could be reached\n\n");
        return 1;
      }
      const { message } = reply;
      if (message.rcode === 3 && i + 1 < names.length) continue;
      this.#recursion(reply);
      if (type !== TYPES.PTR || this.options.type !== null) this.#head(reply);
      if (message.rcode !== 0) {
        const what = i === 0 || message.rcode !== 3 ? bare(name) : shown;
        this.#write(`** server can't find ${what}: ${rcodeName(message.rcode)}\n\n`);
        return 1;
      }
      return type === null ? await this.#both(name, shown, reply) : this.#single(shown, type, reply);
    }
    return 1;
  }

  async #query(name: string, type: number): Promise<Reply | null> {
    const { options } = this;
    const question = { name, type, class: options.class, recurse: options.recurse, ednsSize: 0, dig: false };
    return await askAll(this.process, question, {
      servers: this.servers,
      tcp: options.tcp,
      retryTruncated: true,
      afterServfail: "go on and say so",
      tries: options.tries,
      ms: options.seconds * 1000,
      say: (text) => this.#write(text),
    });
  }

  #recursion({ octets, server }: Reply): void {
    if (this.chosen || !this.options.recurse || (octets[3] & 0x80) !== 0) return;
    this.#write(`;; Got recursion not available from ${addressText(server.to.address)}\n`);
  }

  #head({ server }: Reply): void {
    if (this.#headed) return;
    this.#headed = true;
    this.#write(`Server:\t\t${server.name}\nAddress:\t${addressText(server.to.address)}#${server.port}\n\n`);
  }

  /** The addresses of both families. */
  async #both(name: string, shown: string, first: Reply): Promise<number> {
    this.#debug(first);
    const { message } = first;
    if (!message.authoritative && message.answers.length > 0) this.#write("Non-authoritative answer:\n");
    this.#write(message.answers.map(answerText).join(""));
    const target = message.answers.findLast((it) => it.data.type === "CNAME");
    const next = target === undefined ? name : (target.data as { name: string }).name;
    const second = await this.#query(next, TYPES.AAAA);
    let some = message.answers.length > 0;
    if (second !== null) {
      this.#recursion(second);
      this.#debug(second);
      some ||= second.message.answers.length > 0;
      this.#write(second.message.answers.map(answerText).join(""));
    }
    if (!some) this.#write(`*** Can't find ${bare(shown)}: No answer\n`);
    this.#write("\n");
    return 0;
  }

  #single(shown: string, type: number, reply: Reply): number {
    this.#debug(reply);
    const { message } = reply;
    const addresses = type === TYPES.A || type === TYPES.AAAA;
    if (!message.authoritative) this.#write("Non-authoritative answer:\n");
    if (message.answers.length === 0) this.#write(`*** Can't find ${bare(shown)}: No answer\n`);
    else this.#write(message.answers.map(answerText).join(""));
    if (!message.authoritative && !addresses) {
      this.#write("\nAuthoritative answers can be found from:\n");
      this.#write([...message.authority, ...message.additional].map(answerText).join(""));
    }
    this.#write("\n");
    return 0;
  }

  #debug({ message }: Reply): void {
    if (!this.options.debug) return;
    let text = "------------\n    QUESTIONS:\n";
    for (const it of message.questions) {
      text += `\t${bare(it.name)}, type = ${typeName(it.type)}, class = ${className(it.class)}\n`;
    }
    const sections = [["ANSWERS", message.answers], ["AUTHORITY RECORDS", message.authority], [
      "ADDITIONAL RECORDS",
      message.additional,
    ]] as const;
    for (const [title, records] of sections) {
      text += `    ${title}:\n`;
      for (const record of records) {
        text += `    ->  ${bare(record.name)}\n\t${debugText(record.data)}\tttl = ${record.ttl}\n`;
      }
    }
    this.#write(`${text}------------\n`);
  }
}

function soaText(data: RecordData & { type: "SOA" }): string {
  return `\torigin = ${bare(data.mname)}\n\tmail addr = ${bare(data.rname)}\n\tserial = ${data.serial}\n` +
    `\trefresh = ${data.refresh}\n\tretry = ${data.retry}\n\texpire = ${data.expire}\n\tminimum = ${data.minimum}\n`;
}

/** What stands before the data of a record. */
const TITLES: Readonly<Record<string, string>> = {
  MX: "mail exchanger",
  NS: "nameserver",
  CNAME: "canonical name",
  PTR: "name",
  TXT: "text",
  SRV: "service",
  NAPTR: "naptr",
};

function titled(data: RecordData): string {
  const title = data.type === "OTHER" ? `rdata_${data.code}` : data.type === "CAA" ? "rdata_257" : TITLES[data.type];
  return `${title} = ${dataText(data)}\n`;
}

function answerText(record: ResourceRecord): string {
  const { data } = record;
  const name = bare(record.name);
  if (data.type === "A" || data.type === "AAAA") return `Name:\t${name}\nAddress: ${data.address}\n`;
  if (data.type === "SOA") return `${name}\n${soaText(data)}`;
  return `${name}\t${titled(data)}`;
}

function debugText(data: RecordData): string {
  if (data.type === "A") return `internet address = ${data.address}\n`;
  if (data.type === "AAAA") return `has AAAA address ${data.address}\n`;
  if (data.type === "SOA") return soaText(data).slice(1);
  return titled(data);
}
