/** The words of `nft`'s language, each with its place in the text. */

export type TokenKind = "string" | "number" | "address" | "quoted" | "symbol" | "newline" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** Without quotes. */
  readonly text: string;
  /** Offsets in the input: from, and one past the end. */
  readonly from: number;
  readonly to: number;
}

/** Where something stands in the input. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

/** Something wrong with the input: at a place, and perhaps because of another. */
export class NftError extends Error {
  constructor(message: string, readonly place: Place, readonly cause2: Place | null = null) {
    super(message);
  }
}

const PATTERNS: readonly (readonly [TokenKind | "skip", RegExp])[] = [
  ["skip", /[ \t\r]+|\\\n|#[^\n]*/y],
  ["newline", /\n/y],
  ["quoted", /"[^"\n]*"/y],
  ["address", /(?:[0-9a-fA-F]{1,2}:){5}[0-9a-fA-F]{1,2}(?![0-9a-fA-F:])/y],
  [
    "address",
    /(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|(?:[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4})*)?::(?:[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4})*)?(?:\.\d+\.\d+\.\d+)?/y,
  ],
  ["address", /\d+\.\d+\.\d+\.\d+/y],
  ["number", /0x[0-9a-fA-F]+|\d+/y],
  ["string", /[a-zA-Z_][a-zA-Z0-9_./\\-]*\*?/y],
  ["symbol", /==|!=|<=|>=|<<|>>|[={}()[\],;:.\/\-+@&|^!<>~*$]/y],
];

export function tokens(text: string): Token[] {
  const list: Token[] = [];
  let at = 0;
  next: while (at < text.length) {
    for (const [kind, pattern] of PATTERNS) {
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      if (match === null || match[0] === "") continue;
      const to = at + match[0].length;
      if (kind !== "skip") {
        list.push({ kind, text: kind === "quoted" ? match[0].slice(1, -1) : match[0], from: at, to });
      }
      at = to;
      continue next;
    }
    list.push({ kind: "symbol", text: text[at], from: at, to: ++at });
  }
  list.push({ kind: "end", text: "", from: text.length, to: text.length + 1 });
  return list;
}

/** Words with a meaning of their own: an error names these as they are, and others as "string". */
const KEYWORDS = new Set(
  ("accept add all bytes bridge burst ceil chain chains comment continue counter counters create ct daddr dccp delete describe " +
    "device dnat dport drop dup dynamic element ether export fib flags flow fwd flowtable flowtables flush forward get goto handle hook " +
    "icmp icmpv6 import include index inet insert interval ip ip6 jhash jump last length level limit list log map maps mark masquerade " +
    "meta meters monitor netdev notrack numgen over packets persistent policy position prefix priority quota quotas random redirect " +
    "reject rename replace reset return rule ruleset saddr sctp set sets size snat sport state synproxy table tables tcp th timeout " +
    "to type typeof udp udplite vlan vmap with").split(" "),
);

/** Words that may name nothing. */
const RESERVED = new Set(
  ("accept add chain comment continue counter create ct delete dnat drop dup ether flush fwd goto icmp icmpv6 iif iifname inet " +
    "insert ip ip6 jump limit list log map mark masquerade meta notrack oif oifname queue quota redirect reject rename replace reset " +
    "return rule set snat table tcp th udp").split(" "),
);

/** What a parser calls a token that it did not expect. */
export function describe(token: Token): string {
  switch (token.kind) {
    case "newline":
      return "newline";
    case "end":
      return "end of file";
    case "number":
      return "number";
    case "quoted":
      return "quoted string";
    case "address":
      return "string";
    case "string":
      return KEYWORDS.has(token.text) ? token.text : "string";
    default:
      if (token.text === ";") return "semicolon";
      if (token.text === ",") return "comma";
      if (token.text === ".") return ".";
      return `'${token.text}'`;
  }
}

/** Reads tokens one after the other. */
export class Reader {
  #at = 0;
  constructor(readonly list: readonly Token[]) {}

  get token(): Token {
    return this.list[this.#at];
  }

  peek(ahead = 1): Token {
    return this.list[Math.min(this.#at + ahead, this.list.length - 1)];
  }

  get previous(): Token {
    return this.list[Math.max(0, this.#at - 1)];
  }

  next(): Token {
    const token = this.list[this.#at];
    if (this.#at < this.list.length - 1) this.#at++;
    return token;
  }

  is(text: string): boolean {
    const { token } = this;
    return token.text === text && (token.kind === "string" || token.kind === "symbol");
  }

  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.next();
    return true;
  }

  fail(expecting = ""): never {
    const { token } = this;
    throw new NftError(
      `syntax error, unexpected ${describe(token)}${expecting === "" ? "" : `, expecting ${expecting}`}`,
      token,
    );
  }

  expect(text: string, expecting = ""): Token {
    if (!this.is(text)) this.fail(expecting);
    return this.next();
  }

  /** What a user may call a table, a chain or a set: no word of the language. */
  identifier(): Token {
    const { token } = this;
    if (token.kind === "string" && RESERVED.has(token.text)) this.fail("string");
    return this.name();
  }

  /** A name: a word that is no number. */
  name(expecting = "string"): Token {
    const { token } = this;
    if (token.kind !== "string" && token.kind !== "quoted") this.fail(expecting);
    return this.next();
  }

  /** A statement's end is before a newline, a semicolon, a closing brace or the end. */
  get atEnd(): boolean {
    const { kind, text } = this.token;
    return kind === "newline" || kind === "end" || (kind === "symbol" && (text === ";" || text === "}"));
  }

  skipSeparators(): void {
    while (this.token.kind === "newline" || this.is(";")) this.next();
  }

  skipNewlines(): void {
    while (this.token.kind === "newline") this.next();
  }
}
