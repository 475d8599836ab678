/** `dig` of BIND 9.18: asks a name server, and prints what it answers. */
import { EDNS_SIZE } from "../../dns/message.ts";
import { labelsOf, reverseName } from "../../dns/name.ts";
import { candidates } from "../../dns/resolv_conf.ts";
import { parseIpv4 } from "../../wire/ipv4.ts";
import { parseIpv6 } from "../../wire/ipv6.ts";
import type { Process } from "../process.ts";
import { addressText } from "../tcp_client.ts";
import type { Question, Reply, Server } from "./exchange.ts";
import { askAll, configuredServers, resolvConfOf, serversNamed } from "./lookup.ts";
import { classNumber, dataText, headerLines, questionLine, recordLine, type RecordStyle, typeNumber } from "./text.ts";

const VERSION = "9.18.49-1~deb12u3-Debian";
const USAGE = `Usage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}
            {global-d-opt} host [@local-server] {local-d-opt}
            [ host [@local-server] {local-d-opt} [...]]

Use "dig -h" (or "dig -h | more") for complete list of options
`;

/** The `+` options that are on or off. */
const FLAGS = {
  additional: true,
  answer: true,
  authority: true,
  class: true,
  cmd: true,
  comments: true,
  fail: true,
  identify: false,
  ignore: false,
  multiline: false,
  qr: false,
  question: true,
  recurse: true,
  search: false,
  short: false,
  stats: true,
  tcp: false,
  ttlid: true,
  ttlunits: false,
};

type Flag = keyof typeof FLAGS;

/** Options whose effect cannot be seen here. */
const SILENT = new Set(
  ("adflag aaflag aaonly cdflag cookie crypto dnssec do expire idnin idnout keepalive keepopen nsid onesoa opcode padding " +
    "rrcomments sigchase showsearch defname nssearch badcookie besteffort zflag yaml mapped unknownformat all header-only recurse")
    .split(
      " ",
    ),
);
/** What `+all` and `+noall` set. */
const ALL: readonly Flag[] = ["additional", "answer", "authority", "cmd", "comments", "question", "stats"];

interface Lookup {
  name: string;
  type: number;
  class: number;
  flags: typeof FLAGS;
  ednsSize: number;
  tries: number;
  seconds: number;
  server: string | null;
  port: number;
  typeGiven: boolean;
}

/** A complaint, and the exit code. */
class DigExit extends Error {
  constructor(readonly code: number, readonly words: string, readonly toStdout = false) {
    super(words);
  }
}

export async function dig(process: Process): Promise<number> {
  try {
    return await run(process);
  } catch (error) {
    if (!(error instanceof DigExit)) throw error;
    (error.toStdout ? process.stdout : process.stderr).write(error.words);
    return error.code;
  }
}

async function run(process: Process): Promise<number> {
  const { lookups, family } = parse(process);
  let code = 0;
  let cmd = `\n; <<>> DiG ${VERSION} <<>>${process.args.map((it) => ` ${it}`).join("")}\n`;
  for (const lookup of lookups) {
    const found = lookup.server === null
      ? await configuredServers(process, resolvConfOf(process), lookup.port, family)
      : await serversNamed(process, lookup.server, lookup.port, family);
    if (found === null || found.length === 0) {
      throw new DigExit(1, `dig: couldn't get address for '${lookup.server}': failure\n`);
    }
    if (cmd !== "" && lookup.server !== null) {
      cmd += `; (${found.length} server${found.length === 1 ? "" : "s"} found)\n`;
    }
    if (cmd !== "") cmd += ";; global options: +cmd\n";
    if (!await one(process, lookup, found, cmd)) code = 9;
    cmd = "";
  }
  return code;
}

/** One name: true when a server answered. */
async function one(process: Process, lookup: Lookup, servers: Server[], cmd: string): Promise<boolean> {
  const { flags } = lookup;
  const names = flags.search ? candidates(resolvConfOf(process), lookup.name) : [absolute(lookup.name)];
  const shown = flags.cmd && !flags.short ? cmd : "";
  let said = false;
  for (const [i, name] of names.entries()) {
    const question: Question = {
      name,
      type: lookup.type,
      class: lookup.class,
      recurse: flags.recurse,
      ednsSize: lookup.ednsSize,
      dig: true,
    };
    let fatal = false;
    const reply = await askAll(process, question, {
      servers,
      tcp: flags.tcp,
      retryTruncated: !flags.ignore,
      afterServfail: flags.fail ? "stop" : "go on and say so",
      tries: lookup.tries,
      ms: lookup.seconds * 1000,
      say: (text) => {
        fatal ||= text.includes("no servers could be reached");
        process.stdout.write(text);
      },
    });
    if (reply === null) {
      if (!fatal) process.stdout.write(`${shown};; no servers could be reached\n`);
      return false;
    }
    if (reply.message.rcode === 3 && i + 1 < names.length) continue;
    if (!said) process.stdout.write(shown);
    said = true;
    print(process, lookup, reply);
    return true;
  }
  return true;
}

function absolute(name: string): string {
  return name.endsWith(".") ? name : `${name}.`;
}

function print(process: Process, lookup: Lookup, reply: Reply): void {
  const { flags } = lookup;
  const { message } = reply;
  if (flags.short) {
    const from = flags.identify ? ` from server ${addressText(reply.server.to.address)} in ${reply.ms} ms.` : "";
    for (const { data } of message.answers) process.stdout.write(`${dataText(data)}${from}\n`);
    return;
  }
  const style: RecordStyle = {
    ttl: flags.ttlid,
    class: flags.class,
    units: flags.ttlunits,
    multiline: flags.multiline,
  };
  let text = "";
  if (flags.qr) text += sending(reply, style);
  if (flags.comments) {
    text += `;; Got answer:\n${headerLines(message, reply.octets)}`;
    const desired = (reply.octets[2] & 1) !== 0, available = (reply.octets[3] & 0x80) !== 0;
    if (desired && !available) text += ";; WARNING: recursion requested but not available\n";
    text += "\n";
    if (message.ednsSize > 0) text += `;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: ${message.ednsSize}\n`;
  }
  if (flags.question && message.questions.length > 0) {
    if (flags.comments) text += ";; QUESTION SECTION:\n";
    for (const it of message.questions) text += questionLine(it.name, it.type, it.class, style);
    if (flags.comments) text += "\n";
  }
  for (const section of ["answer", "authority", "additional"] as const) {
    const records = section === "answer" ? message.answers : message[section];
    if (!flags[section] || records.length === 0) continue;
    if (flags.comments) text += `;; ${section.toUpperCase()} SECTION:\n`;
    for (const record of records) text += recordLine(record, style);
    if (flags.comments) text += "\n";
  }
  if (flags.stats) text += stats(process, reply);
  process.stdout.write(text);
}

function sending(reply: Reply, style: RecordStyle): string {
  const { sent, message } = reply;
  const [question] = message.questions;
  const edns = ((sent[10] << 8) | sent[11]) > 0;
  const cookie = Array.from(sent.subarray(-8), (it) => it.toString(16).padStart(2, "0")).join("");
  const asked = { ...message, rcode: 0, answers: [], authority: [], additional: [] };
  return `;; Sending:\n${headerLines(asked, sent)}\n` +
    (edns ? `;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: ${EDNS_SIZE}\n; COOKIE: ${cookie}\n` : "") +
    `;; QUESTION SECTION:\n${questionLine(question.name, question.type, question.class, style)}\n` +
    `;; QUERY SIZE: ${sent.length}\n\n`;
}

function stats(process: Process, reply: Reply): string {
  const { server } = reply;
  const [week, day, month, year, time] = new Date(process.namespace.world.wallClock()).toUTCString().split(" ");
  return `;; Query time: ${reply.ms} msec\n` +
    `;; SERVER: ${addressText(server.to.address)}#${server.port}(${server.name}) (${reply.tcp ? "TCP" : "UDP"})\n` +
    `;; WHEN: ${week.slice(0, 3)} ${month} ${day} ${time} UTC ${year}\n` +
    `;; MSG SIZE  rcvd: ${reply.octets.length}\n\n`;
}

function parse(process: Process): { lookups: Lookup[]; family: 4 | 6 | null } {
  const base: Lookup = {
    name: ".",
    type: 1,
    class: 1,
    flags: { ...FLAGS },
    ednsSize: EDNS_SIZE,
    tries: 3,
    seconds: 5,
    server: null,
    port: 53,
    typeGiven: false,
  };
  const lookups: Lookup[] = [];
  let family: 4 | 6 | null = null;
  // What stands before the first name holds for all, what stands after a name for that one.
  const current = () => lookups.at(-1) ?? base;
  const add = (name: string) => {
    if (labelsOf(name) === null) throw new DigExit(10, `dig: '${name}' is not a legal name (bad escape)\n`, true);
    lookups.push({ ...base, flags: { ...base.flags }, name });
  };
  const { args } = process;
  for (let i = 0; i < args.length; i++) {
    const word = args[i];
    const argument = (inline: string): string => {
      if (inline !== "") return inline;
      if (i + 1 >= args.length) throw new DigExit(1, USAGE);
      return args[++i];
    };
    if (word[0] === "@") current().server = word.slice(1);
    else if (word[0] === "+") plus(lookups.length > 0 ? lookups.at(-1)! : base, word);
    else if (word[0] === "-" && word.length > 1) {
      const rest = word.slice(2);
      switch (word[1]) {
        case "4":
        case "6":
          family = word[1] === "4" ? 4 : 6;
          break;
        case "v":
          throw new DigExit(0, `DiG ${VERSION}\n`, true);
        case "h":
          throw new DigExit(0, USAGE, true);
        case "x":
          addReverse(argument(rest), add, current);
          break;
        case "t":
          setType(process, current(), argument(rest));
          break;
        case "c": {
          const text = argument(rest);
          const klass = classNumber(text);
          if (klass === null) process.stderr.write(`;; Warning, ignoring invalid class ${text}\n`);
          else current().class = klass;
          break;
        }
        case "q":
          add(argument(rest));
          break;
        case "p":
          base.port = current().port = Number(argument(rest));
          break;
        case "b":
        case "k":
        case "y":
        case "f":
          argument(rest);
          break;
        case "r":
        case "u":
        case "m":
        case "i":
          break;
        default:
          throw new DigExit(1, `Invalid option: ${word}\n${USAGE}`);
      }
    } else place(current(), lookups, base, word, add);
  }
  if (lookups.length === 0) {
    add(".");
    if (!base.typeGiven) lookups[0].type = 2;
  }
  return { lookups, family };
}

/** A word that is a type, a class or a name. */
function place(current: Lookup, lookups: Lookup[], base: Lookup, word: string, add: (name: string) => void): void {
  const type = current.typeGiven ? null : typeNumber(word);
  const klass = classNumber(word);
  if (type !== null) {
    current.type = type;
    current.typeGiven = true;
  } else if (klass !== null) current.class = klass;
  else {
    add(word);
    if (lookups.length > 1) lookups.at(-1)!.flags = { ...base.flags, ...lookups.at(-1)!.flags };
  }
}

function setType(process: Process, lookup: Lookup, text: string): void {
  const type = typeNumber(text);
  if (type === null) {
    process.stderr.write(`;; Warning, ignoring invalid type ${text}\n`);
    return;
  }
  lookup.type = type;
  lookup.typeGiven = true;
}

function addReverse(text: string, add: (name: string) => void, current: () => Lookup): void {
  const address = parseIpv4(text) ?? parseIpv6(text);
  add(address === null ? `${text.split(".").reverse().join(".")}.in-addr.arpa.` : reverseName(address));
  current().type = 12;
  current().typeGiven = true;
}

function plus(lookup: Lookup, word: string): void {
  const [name, value = ""] = word.slice(1).split("=", 2);
  const on = !name.startsWith("no");
  const bare = on ? name : name.slice(2);
  const { flags } = lookup;
  const aliases: Record<string, Flag> = { vc: "tcp", rec: "recurse", rdflag: "recurse", comm: "comments" };
  const flag: string = aliases[bare] ?? bare;
  if (flag === "all") { for (const it of ALL) flags[it] = on; }
  else if (flag in FLAGS) {
    flags[flag as Flag] = on;
    if (flag === "short" && on) { for (const it of ALL) if (it !== "answer") flags[it] = false; }
  } else if (bare === "edns" || bare === "bufsize") {
    lookup.ednsSize = on ? (bare === "bufsize" && value !== "" ? Number(value) : EDNS_SIZE) : 0;
  } else if (bare === "time" || bare === "timeout") lookup.seconds = Math.max(1, Number(value) || 1);
  else if (bare === "tries") lookup.tries = Math.max(1, Number(value) || 1);
  else if (bare === "retry") lookup.tries = 1 + (Number(value) || 0);
  else if (bare === "domain") flags.search = true;
  else if (!SILENT.has(bare) && !/^(ndots|opcode|split|subnet|trace)/.test(bare)) {
    throw new DigExit(1, `Invalid option: ${word}\n${USAGE}`);
  }
}
