/** `-w`: the variables of one transfer (`tool_writeout.c`). */
import type { Progress } from "./progress.ts";
import { LIBRARY } from "./texts.ts";
import type { Statistics } from "./transfer.ts";

export interface Outcome {
  statistics: Statistics;
  progress: Progress;
  exitCode: number;
  /** null when all went well. */
  error: string | null;
  filename: string | null;
  url: string;
  urlNumber: number;
}

/** A value, and whether JSON shows it as a number. */
type Value = { text: string; number: boolean } | null;

const text = (value: string | null): Value => value === null ? null : { text: value, number: false };
const number = (value: number): Value => ({ text: String(value), number: true });
const seconds = (ns: number): Value => ({ text: (Math.floor(ns / 1000) / 1e6).toFixed(6), number: true });

const VARIABLES: Readonly<Record<string, (outcome: Outcome) => Value>> = {
  certs: () => text(""),
  content_type: ({ statistics }) => text(fieldOf(statistics, "content-type")),
  errormsg: ({ error }) => text(error),
  exitcode: ({ exitCode }) => number(exitCode),
  filename_effective: ({ filename }) => text(filename),
  ftp_entry_path: () => null,
  http_code: ({ statistics }) => number(statistics.status),
  http_connect: () => number(0),
  http_version: ({ statistics }) => text(statistics.version),
  local_ip: ({ statistics }) => text(statistics.connection?.local.address ?? ""),
  local_port: ({ statistics }) => number(statistics.connection?.local.port ?? 0),
  method: ({ statistics }) => text(statistics.method),
  num_certs: () => number(0),
  num_connects: ({ statistics }) => number(statistics.connects),
  num_headers: ({ statistics }) => number(statistics.headers.length),
  num_redirects: ({ statistics }) => number(statistics.redirects),
  proxy_ssl_verify_result: () => number(0),
  redirect_url: ({ statistics }) => text(statistics.redirectUrl),
  referer: ({ statistics }) => text(statistics.referer),
  remote_ip: ({ statistics }) => text(statistics.connection?.address ?? ""),
  remote_port: ({ statistics }) => number(statistics.connection?.port ?? 0),
  response_code: ({ statistics }) => number(statistics.status),
  scheme: ({ statistics }) => text(statistics.scheme),
  size_download: ({ progress }) => number(progress.downloaded),
  size_header: ({ statistics }) => number(statistics.headerOctets),
  size_request: ({ statistics }) => number(statistics.requestOctets),
  size_upload: ({ progress }) => number(progress.uploaded),
  speed_download: ({ progress }) => number(progress.speed(progress.downloaded)),
  speed_upload: ({ progress }) => number(progress.speed(progress.uploaded)),
  ssl_verify_result: ({ statistics }) => number(statistics.connection?.verifyResult ?? 0),
  time_appconnect: ({ statistics }) => seconds(statistics.times.appconnect),
  time_connect: ({ statistics }) => seconds(statistics.times.connect),
  time_namelookup: ({ statistics }) => seconds(statistics.times.namelookup),
  time_pretransfer: ({ statistics }) => seconds(statistics.times.pretransfer),
  time_redirect: ({ statistics }) => seconds(statistics.times.redirect),
  time_starttransfer: ({ statistics }) => seconds(statistics.times.starttransfer),
  time_total: ({ statistics }) => seconds(statistics.times.total),
  url: ({ url }) => text(url),
  url_effective: ({ statistics }) => text(statistics.effectiveUrl),
  urlnum: ({ urlNumber }) => number(urlNumber),
};

/** Names that are only shown when they are asked for, as these variables' three digits. */
const CODES = new Set(["http_code", "response_code", "http_connect"]);

function fieldOf(statistics: Statistics, name: string): string | null {
  return statistics.headers.findLast(([key]) => key === name)?.[1] ?? null;
}

function json(outcome: Outcome): string {
  const fields = Object.entries(VARIABLES).map(([name, value]) => {
    const it = value(outcome);
    return `"${name}":${it === null ? "null" : it.number ? it.text : JSON.stringify(it.text)}`;
  });
  return `{${fields.join(",")},"curl_version":${JSON.stringify(LIBRARY)}}`;
}

function headerJson(statistics: Statistics): string {
  const names = [...new Set(statistics.headers.map(([name]) => name))];
  const lines = names.map((name) => {
    const values = statistics.headers.filter(([key]) => key === name).map(([, value]) => JSON.stringify(value));
    return `"${name}":[${values.join(",")}]`;
  });
  return `{${lines.join(",\n")}\n}`;
}

/** Writes what the format asks for. */
export function writeOut(
  format: string,
  outcome: Outcome,
  streams: { stdout: (text: string) => void; stderr: (text: string) => void; complain: (text: string) => void },
): void {
  let out = streams.stdout;
  let at = 0;
  while (at < format.length) {
    const rest = format.slice(at);
    const variable = /^%\{([^}]*)\}/.exec(rest);
    const field = /^%header\{([^}]*)\}/.exec(rest);
    if (variable !== null) {
      at += variable[0].length;
      const [, name] = variable;
      if (name === "stdout") out = streams.stdout;
      else if (name === "stderr") out = streams.stderr;
      else if (name === "onerror") { if (outcome.exitCode === 0) return; }
      else if (name === "json") out(json(outcome));
      else if (name === "header_json") out(headerJson(outcome.statistics));
      else if (name in VARIABLES) {
        const value = VARIABLES[name](outcome)?.text ?? "";
        out(CODES.has(name) ? value.padStart(3, "0") : value);
      } else streams.complain(`curl: unknown --write-out variable: '${name}'\n`);
    } else if (field !== null) {
      at += field[0].length;
      out(fieldOf(outcome.statistics, field[1].toLowerCase()) ?? "");
    } else if (rest.startsWith("%%")) {
      out("%");
      at += 2;
    } else if (rest[0] === "\\" && rest.length > 1) {
      const escapes: Record<string, string> = { n: "\n", r: "\r", t: "\t" };
      out(escapes[rest[1]] ?? rest.slice(0, 2));
      at += 2;
    } else {
      out(rest[0]);
      at++;
    }
  }
}
