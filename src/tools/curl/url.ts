/** URLs as curl takes them (`urlapi.c`), and patterns of them (`tool_urlglob.c`). */
import { CurlExit } from "./options.ts";

export interface CurlUrl {
  readonly scheme: string;
  readonly user: string | null;
  readonly password: string;
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  /** Whether the port stands in the URL, and is not the scheme's own. */
  readonly portGiven: boolean;
  /** Path and query, as in the request. */
  readonly target: string;
  /** All of it, as `%{url_effective}` has it. */
  readonly href: string;
}

const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** What a URL says; null when it is malformed. A scheme that is missing is http. */
export function parseCurlUrl(text: string, asIs: boolean): CurlUrl | null {
  // deno-lint-ignore no-control-regex
  if (text === "" || /[\x00-\x20\x7f]/.test(text)) return null;
  const match = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):\/{1,3})?([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(text);
  if (match === null) return null;
  const scheme = (match[1] ?? "http").toLowerCase();
  const at = match[2].lastIndexOf("@");
  const login = at < 0 ? null : match[2].slice(0, at);
  const authority = match[2].slice(at + 1);
  const parts = /^(\[[0-9a-fA-F:.]+(?:%[^\]]*)?\]|[^:[\]]*)(?::(\d*))?$/.exec(authority);
  if (parts === null || parts[1] === "" && scheme !== "file") return null;
  const port = parts[2] ? Number(parts[2]) : PORTS[scheme] ?? 0;
  if (port > 65535) return null;
  const path = match[3] === "" ? "/" : asIs ? match[3] : withoutDots(match[3]);
  const query = match[4] ?? "";
  const colon = login?.indexOf(":") ?? -1;
  return {
    scheme,
    user: login === null ? null : decode(colon < 0 ? login : login.slice(0, colon)),
    password: colon < 0 ? "" : decode(login!.slice(colon + 1)),
    host: parts[1].replace(/^\[(.*)\]$/, "$1"),
    port,
    portGiven: port !== PORTS[scheme],
    target: path + query,
    href: `${scheme}://${match[2]}${path}${query}${match[5] ?? ""}`,
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** RFC 3986 section 5.2.4. */
function withoutDots(path: string): string {
  const out: string[] = [];
  const segments = path.split("/").slice(1);
  segments.forEach((segment, i) => {
    const last = i === segments.length - 1;
    if (segment === "..") out.pop();
    else if (segment !== ".") out.push(segment);
    if (last && (segment === "." || segment === "..")) out.push("");
  });
  return `/${out.join("/")}`;
}

export interface Globbed {
  readonly url: string;
  /** What stands for `#1`, `#2`, … in `-o`. */
  readonly parts: readonly string[];
}

/** URLs that one pattern may stand for. */
const GLOB_LIMIT = 100_000;

/** All URLs of `{a,b}` and `[1-3]`. @throws {CurlExit} */
export function globbed(pattern: string): Globbed[] {
  let list: Globbed[] = [{ url: "", parts: [] }];
  for (let at = 0; at < pattern.length;) {
    const c = pattern[at];
    if (c === "\\" && /[{}[\]]/.test(pattern[at + 1] ?? "")) {
      list = list.map((it) => ({ ...it, url: it.url + pattern[at + 1] }));
      at += 2;
    } else if (c === "{" || c === "[" && !isIpv6(pattern, at)) {
      const { choices, length } = c === "{" ? setOf(pattern, at) : rangeOf(pattern, at);
      if (list.length * choices.length > GLOB_LIMIT) throw globError("range overflow", pattern, at);
      list = list.flatMap((it) => choices.map((choice) => ({ url: it.url + choice, parts: [...it.parts, choice] })));
      at += length;
    } else {
      const next = pattern.slice(at + 1).search(/[{[\\]/);
      const stop = next < 0 ? pattern.length : at + 1 + next;
      const text = pattern.slice(at, stop);
      list = list.map((it) => ({ ...it, url: it.url + text }));
      at = stop;
    }
  }
  return list;
}

function isIpv6(pattern: string, at: number): boolean {
  return /^\[[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%[^\]]*)?\]/.test(pattern.slice(at)) || pattern.slice(at, at + 2) === "[]";
}

function setOf(pattern: string, at: number): { choices: string[]; length: number } {
  const end = pattern.indexOf("}", at);
  if (end < 0) throw globError("unmatched brace", pattern, at);
  return { choices: pattern.slice(at + 1, end).split(","), length: end - at + 1 };
}

function rangeOf(pattern: string, at: number): { choices: string[]; length: number } {
  const match = /^\[(?:(\d+)-(\d+)|([a-z])-([a-z])|([A-Z])-([A-Z]))(?::(\d+))?\]/.exec(pattern.slice(at));
  if (match === null) {
    const begun = /^\[(?:\d+-|[a-zA-Z]-)/.exec(pattern.slice(at));
    if (begun !== null) throw globError("bad range", pattern, at + begun[0].length);
    throw globError("bad range specification", pattern, at + 1);
  }
  const step = Number(match[7] ?? 1) || 1;
  const choices: string[] = [];
  if (match[1] !== undefined) {
    const width = match[1][0] === "0" ? match[1].length : 0;
    if (Number(match[1]) > Number(match[2])) throw globError("bad range", pattern, at + match[0].length - 1);
    for (let i = Number(match[1]); i <= Number(match[2]); i += step) {
      choices.push(String(i).padStart(width, "0"));
      if (choices.length > GLOB_LIMIT) throw globError("range overflow", pattern, at + 1);
    }
  } else {
    const [from, to] = [match[3] ?? match[5], match[4] ?? match[6]].map((it) => it.charCodeAt(0));
    if (from > to) throw globError("bad range", pattern, at + 1);
    for (let i = from; i <= to; i += step) choices.push(String.fromCharCode(i));
  }
  return { choices, length: match[0].length };
}

function globError(what: string, pattern: string, at: number): CurlExit {
  const caret = `${" ".repeat(Math.max(0, at))}^`;
  return new CurlExit(3, `${what} in URL position ${at + 1}:\n${pattern}\n${caret}`);
}
