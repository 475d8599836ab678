/** ss's filter: states, and expressions over addresses and ports (misc/ssfilter.y). */
import type { IpAddress } from "../../ip/host.ts";
import { mask4, parseIpv4 } from "../../wire/ipv4.ts";
import { parseIpv6 } from "../../wire/ipv6.ts";
import type { Services } from "../services.ts";
import type { ListedSocket } from "../socket_list.ts";

export type Test = (socket: ListedSocket) => boolean;

/** A complaint, and the exit code with it. */
export class SsError extends Error {
  constructor(readonly code: number, readonly words: string) {
    super(words);
  }
}

const STATES: Readonly<Record<string, string>> = {
  "established": "ESTAB",
  "syn-sent": "SYN-SENT",
  "syn-recv": "SYN-RECV",
  "fin-wait-1": "FIN-WAIT-1",
  "fin-wait-2": "FIN-WAIT-2",
  "time-wait": "TIME-WAIT",
  "unconnected": "UNCONN",
  "closed": "UNCONN",
  "close-wait": "CLOSE-WAIT",
  "last-ack": "LAST-ACK",
  "listening": "LISTEN",
  "closing": "CLOSING",
};

const ALL = [...new Set(Object.values(STATES))];
const CONNECTED = ALL.filter((state) => state !== "UNCONN" && state !== "LISTEN");
const BUCKET = ["SYN-RECV", "TIME-WAIT"];

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  all: ALL,
  connected: CONNECTED,
  synchronized: CONNECTED.filter((state) => state !== "SYN-SENT"),
  bucket: BUCKET,
  big: ALL.filter((state) => !BUCKET.includes(state)),
};

/** What is shown without `state`, by the options. */
export function defaultStates(all: boolean, listening: boolean): readonly string[] {
  if (all) return ALL;
  if (listening) return ["LISTEN", "UNCONN"];
  return CONNECTED.filter((state) => !BUCKET.includes(state));
}

export function parseStates(word: string): readonly string[] {
  const states = GROUPS[word] ?? (STATES[word] === undefined ? undefined : [STATES[word]]);
  if (states === undefined) throw new SsError(255, `ss: wrong state name: ${word}\n`);
  return states;
}

export function withoutStates(states: readonly string[], word: string): readonly string[] {
  const excluded = parseStates(word);
  return states.filter((state) => !excluded.includes(state));
}

/** The words of an expression: parentheses and operators may touch others. */
function split(words: readonly string[]): string[] {
  return words.join(" ").match(/[()!]|[<>=!]=|[<>=]|&&?|\|\|?|[^\s()]+/g) ?? [];
}

class Parser {
  #at = 0;
  constructor(readonly words: readonly string[], readonly services: Services) {}

  whole(): Test {
    const test = this.#or();
    if (this.#at < this.words.length) this.#wrong(this.words[this.#at]);
    return test;
  }

  #wrong(word: string | undefined): never {
    if (word === undefined) {
      throw new SsError(255, 'ss: bison bellows (while parsing filter): "syntax error!" Sorry.\n');
    }
    throw new SsError(1, `Error: an inet prefix is expected rather than "${word}".\nCannot parse dst/src address.\n`);
  }

  get #next(): string | undefined {
    return this.words[this.#at];
  }

  #take(...words: string[]): boolean {
    if (this.#next === undefined || !words.includes(this.#next)) return false;
    this.#at++;
    return true;
  }

  #or(): Test {
    let left = this.#and();
    while (this.#take("or", "|", "||")) {
      const [a, b] = [left, this.#and()];
      left = (socket) => a(socket) || b(socket);
    }
    return left;
  }

  #and(): Test {
    let left = this.#not();
    while (this.#next !== undefined && !["or", "|", "||", ")"].includes(this.#next)) {
      this.#take("and", "&", "&&");
      const [a, b] = [left, this.#not()];
      left = (socket) => a(socket) && b(socket);
    }
    return left;
  }

  #not(): Test {
    if (this.#take("not", "!")) {
      const test = this.#not();
      return (socket) => !test(socket);
    }
    if (this.#take("(")) {
      const test = this.#or();
      if (!this.#take(")")) this.#wrong(this.#next);
      return test;
    }
    return this.#predicate();
  }

  #predicate(): Test {
    const word = this.#next;
    this.#at++;
    if (word === "sport" || word === "dport") return this.#port(word === "sport");
    if (word === "src" || word === "dst") return this.#address(word === "src");
    if (word === "dev") {
      this.#take("=", "==", "eq");
      const name = this.words[this.#at++];
      return (socket) => socket.device?.name === name;
    }
    if (word === "autobound") return (socket) => socket.localPort >= 32768;
    return this.#wrong(word);
  }

  #operator(): string {
    const names: Readonly<Record<string, string>> = {
      eq: "=",
      ne: "!=",
      neq: "!=",
      gt: ">",
      lt: "<",
      ge: ">=",
      geq: ">=",
      le: "<=",
      leq: "<=",
      "==": "=",
    };
    const word = this.#next ?? "";
    if (["=", "==", "!=", "<", ">", "<=", ">=", ...Object.keys(names)].includes(word)) {
      this.#at++;
      return names[word] ?? word;
    }
    return "=";
  }

  #port(source: boolean): Test {
    const operator = this.#operator();
    const word = this.words[this.#at++];
    if (word === undefined) this.#wrong(word);
    const text = word.slice(word.lastIndexOf(":") + 1);
    const port = /^\d+$/.test(text) ? Number(text) : this.services.port(text);
    if (port === null || port > 65535) {
      throw new SsError(1, `Error: "${text}" does not look like a port.\nCannot parse dst/src address.\n`);
    }
    return (socket) => compare(operator, source ? socket.localPort : socket.remotePort, port);
  }

  #address(source: boolean): Test {
    const negative = this.#operator() === "!=";
    const word = this.words[this.#at++];
    if (word === undefined) this.#wrong(word);
    const { address, length, port } = this.#place(word);
    return (socket) => {
      const own = source ? socket.local : socket.remote;
      const same = (address === null || inPrefix(own, address, length)) &&
        (port === null || (source ? socket.localPort : socket.remotePort) === port);
      return same !== negative;
    };
  }

  /** `10.0.0.0/8`, `10.0.0.1:80`, `[::1]:80`, `:80`, `*`. */
  #place(word: string): { address: IpAddress | null; length: number; port: number | null } {
    let host = word;
    let port: number | null = null;
    const bracket = /^\[([^\]]*)\](?:\/(\d+))?(?::(.+))?$/.exec(word);
    const colons = word.split(":").length - 1;
    let portText: string | undefined;
    if (bracket !== null) {
      host = bracket[1] + (bracket[2] !== undefined ? `/${bracket[2]}` : "");
      portText = bracket[3];
    } else if (colons === 1) [host, portText] = word.split(":");
    if (portText !== undefined && portText !== "*" && portText !== "") {
      port = /^\d+$/.test(portText) ? Number(portText) : this.services.port(portText);
      if (port === null) {
        throw new SsError(1, `Error: "${portText}" does not look like a port.\nCannot parse dst/src address.\n`);
      }
    }
    if (host === "" || host === "*") return { address: null, length: 0, port };
    const [text, lengthText] = host.split("/", 2);
    const address = parseIpv4(text) ?? parseIpv6(text);
    if (address === null) this.#wrong(word);
    const most = typeof address === "number" ? 32 : 128;
    return { address, length: lengthText === undefined ? most : Number(lengthText), port };
  }
}

function inPrefix(address: IpAddress, prefix: IpAddress, length: number): boolean {
  if (typeof address !== typeof prefix) return false;
  if (typeof address === "number") {
    const mask = mask4(length);
    return ((address & mask) >>> 0) === (((prefix as number) & mask) >>> 0);
  }
  const other = prefix as Uint8Array;
  for (let bit = 0; bit < length; bit++) {
    const mask = 0x80 >> (bit & 7);
    if ((address[bit >> 3] & mask) !== (other[bit >> 3] & mask)) return false;
  }
  return true;
}

function compare(operator: string, a: number, b: number): boolean {
  switch (operator) {
    case "!=":
      return a !== b;
    case "<":
      return a < b;
    case ">":
      return a > b;
    case "<=":
      return a <= b;
    case ">=":
      return a >= b;
    default:
      return a === b;
  }
}

/** @throws {SsError} */
export function compileExpression(words: readonly string[], services: Services): Test {
  const all = split(words);
  return all.length === 0 ? () => true : new Parser(all, services).whole();
}
