/** curl's command line (`tool_getparam.c`): options for each URL, and the words for what is wrong. */
import { KernelError } from "../../wire/errno.ts";
import { readAll } from "../input.ts";
import type { Process } from "../process.ts";
import { HELP, VERSION } from "./texts.ts";

/** Part of a form (`-F`). */
export interface FormPart {
  readonly name: string;
  /** Text, or the file whose contents are sent. */
  readonly text: string | null;
  readonly file: string | null;
  /** The name of the file as it is sent; null: none is sent (`name=<file`). */
  readonly filename: string | null;
  readonly type: string | null;
}

/** Where one URL's body goes. */
export interface Target {
  readonly url: string;
  /** `-o`'s word, or null. */
  output: string | null;
  remoteName: boolean;
  upload: string | null;
}

export interface CurlOptions {
  targets: Target[];
  verbose: boolean;
  traceAscii: string | null;
  include: boolean;
  head: boolean;
  silent: boolean;
  showError: boolean;
  progressMeter: boolean;
  noBuffer: boolean;
  method: string | null;
  headers: string[];
  /** `-d` and its like, joined with `&`; null when there is none. */
  data: Uint8Array | null;
  json: boolean;
  form: FormPart[];
  get: boolean;
  query: string[];
  user: string | null;
  bearer: string | null;
  userAgent: string | null;
  referer: string | null;
  autoReferer: boolean;
  cookies: string[];
  cookieJar: string | null;
  follow: boolean;
  locationTrusted: boolean;
  maxRedirects: number;
  keepPost: Set<number>;
  fail: boolean;
  failWithBody: boolean;
  failEarly: boolean;
  maxTimeMs: number;
  connectTimeoutMs: number;
  maxFilesize: number;
  writeOut: string | null;
  dumpHeader: string | null;
  outputDir: string | null;
  createDirs: boolean;
  resolve: string[];
  family: 4 | 6 | null;
  http10: boolean;
  http09: boolean;
  raw: boolean;
  compressed: boolean;
  range: string | null;
  pathAsIs: boolean;
  globOff: boolean;
  retries: number;
  retryDelayMs: number;
  retryRefused: boolean;
  proxy: string | null;
  stderr: string | null;
  unixSocket: string | null;
  requestTarget: string | null;
  timeCondition: string | null;
  progressBar: boolean;
  /** `-k`: takes any certificate. */
  insecure: boolean;
  /** `--cacert`. */
  caFile: string | null;
  /** `-C`: octets that are there already; -1: as many as the file has. */
  resumeFrom: number | null;
}

/** curl ends at once: what it prints, and its exit code. */
export class CurlExit extends Error {
  constructor(readonly code: number, readonly words: string, readonly toStdout = false) {
    super(words);
  }
}

const HINT = "curl: try 'curl --help' or 'curl --manual' for more information\n";

function wrong(option: string, words: string): CurlExit {
  return new CurlExit(2, `curl: option ${option}: ${words}\n${HINT}`);
}

/** Long names: `:` after those with an argument; the short letter, if there is one, comes after a space. */
const NAMES =
  ("verbose v|include i|head I|silent s|show-error S|output: o|remote-name O|remote-name-all|data: d|data-ascii:|" +
    "data-binary:|data-raw:|data-urlencode:|json:|form: F|form-string:|get G|url-query:|header: H|request: X|user: u|" +
    "oauth2-bearer:|user-agent: A|referer: e|cookie: b|cookie-jar: c|location L|location-trusted|max-redirs:|post301|post302|" +
    "post303|fail f|fail-with-body|fail-early|max-time: m|connect-timeout:|max-filesize:|write-out: w|dump-header: D|output-dir:|" +
    "create-dirs|resolve:|ipv4 4|ipv6 6|http1.0 0|http1.1|http2|http0.9|raw|compressed|range: r|path-as-is|globoff g|retry:|" +
    "retry-delay:|retry-max-time:|retry-connrefused|retry-all-errors|proxy: x|noproxy:|stderr:|unix-socket:|upload-file: T|url:|" +
    "insecure k|no-progress-meter|progress-meter|progress-bar #|no-buffer N|no-keepalive|keepalive-time:|trace-ascii:|trace:|" +
    "request-target:|time-cond: z|disable q|netrc n|version V|help h|basic|tcp-nodelay|interface:|limit-rate:|speed-time: y|" +
    "speed-limit: Y|remote-time R|remote-header-name J|parallel Z|tr-encoding|cacert:|next :|anyauth|styled-output|happy-eyeballs-timeout-ms:|" +
    "no-sessionid|tlsv1.2|tlsv1.3|tlsv1 1|proto:|proto-redir:|proto-default:|expect100-timeout:|local-port:|trace-time|continue-at: C")
    .split("|")
    .map((text) => {
      const [name, letter = ""] = text.split(" ");
      const takes = name.endsWith(":");
      return { name: takes ? name.slice(0, -1) : name, letter, takes };
    });

/** Reads the words. @throws {CurlExit} */
export async function parseCurlOptions(process: Process): Promise<CurlOptions> {
  const parser = new Parser(process);
  const { args } = process;
  let plain = false;
  for (let i = 0; i < args.length; i++) {
    const word = args[i];
    if (plain || word.length < 1 || word[0] !== "-" || word === "-") parser.addUrl(word);
    else if (word === "--") plain = true;
    else if (word.startsWith("--")) {
      const { found, no } = longOption(word);
      if (found.takes && i + 1 >= args.length) throw wrong(word, "requires parameter");
      await parser.apply(found.name, found.takes ? args[++i] : "", word, !no);
    } else {
      for (let at = 1; at < word.length; at++) {
        const found = NAMES.find((it) => it.letter === word[at]);
        if (found === undefined) throw wrong(word, "is unknown");
        if (!found.takes) {
          await parser.apply(found.name, "", `-${word[at]}`, true);
          continue;
        }
        const rest = word.slice(at + 1);
        if (rest === "" && i + 1 >= args.length) throw wrong(word, "requires parameter");
        await parser.apply(found.name, rest === "" ? args[++i] : rest, word, true);
        break;
      }
    }
  }
  return parser.finish();
}

function longOption(word: string): { found: typeof NAMES[number]; no: boolean } {
  const name = word.slice(2);
  const exact = NAMES.find((it) => it.name === name);
  if (exact !== undefined) return { found: exact, no: false };
  if (name.startsWith("no-")) {
    const negated = NAMES.find((it) => it.name === name.slice(3) && !it.takes);
    if (negated !== undefined) return { found: negated, no: true };
  }
  const starting = NAMES.filter((it) => it.name.startsWith(name));
  if (starting.length > 1) throw wrong(word, "is ambiguous");
  if (starting.length === 0) throw wrong(word, "is unknown");
  return { found: starting[0], no: false };
}

class Parser {
  readonly options: CurlOptions = {
    targets: [],
    verbose: false,
    traceAscii: null,
    include: false,
    head: false,
    silent: false,
    showError: false,
    progressMeter: true,
    noBuffer: false,
    method: null,
    headers: [],
    data: null,
    json: false,
    form: [],
    get: false,
    query: [],
    user: null,
    bearer: null,
    userAgent: null,
    referer: null,
    autoReferer: false,
    cookies: [],
    cookieJar: null,
    follow: false,
    locationTrusted: false,
    maxRedirects: 50,
    keepPost: new Set(),
    fail: false,
    failWithBody: false,
    failEarly: false,
    maxTimeMs: Infinity,
    connectTimeoutMs: Infinity,
    maxFilesize: Infinity,
    writeOut: null,
    dumpHeader: null,
    outputDir: null,
    createDirs: false,
    resolve: [],
    family: null,
    http10: false,
    http09: false,
    raw: false,
    compressed: false,
    range: null,
    pathAsIs: false,
    globOff: false,
    retries: 0,
    retryDelayMs: 0,
    retryRefused: false,
    proxy: null,
    stderr: null,
    unixSocket: null,
    requestTarget: null,
    timeCondition: null,
    progressBar: false,
    insecure: false,
    caFile: null,
    resumeFrom: null,
  };
  /** `-o`, `-O` and `-T` belong to the URLs in order, whichever stands first. */
  readonly #outputs: { output: string | null; remote: boolean }[] = [];
  readonly #uploads: string[] = [];
  readonly #urls: string[] = [];
  #remoteAll = false;

  constructor(readonly process: Process) {}

  addUrl(url: string): void {
    this.#urls.push(url);
  }

  finish(): CurlOptions {
    const { options } = this;
    if (this.#urls.length === 0) {
      const none = this.process.args.length === 0 ? "" : "curl: no URL specified!\n";
      throw new CurlExit(2, `${none}${HINT}`);
    }
    options.targets = this.#urls.map((url, i) => ({
      url,
      output: this.#outputs[i]?.output ?? null,
      remoteName: this.#outputs[i]?.remote ?? this.#remoteAll,
      upload: this.#uploads[i] || null,
    }));
    return options;
  }

  async apply(name: string, value: string, word: string, on: boolean): Promise<void> {
    const { options } = this;
    switch (name) {
      case "verbose":
        options.verbose = on;
        break;
      case "trace-ascii":
        options.traceAscii = value;
        break;
      case "insecure":
        options.insecure = on;
        break;
      case "cacert":
        options.caFile = value;
        break;
      case "include":
        options.include = on;
        break;
      case "head":
        options.head = on;
        break;
      case "silent":
        options.silent = on;
        break;
      case "show-error":
        options.showError = on;
        break;
      case "progress-meter":
        options.progressMeter = on;
        break;
      case "no-progress-meter":
        options.progressMeter = false;
        break;
      case "no-buffer":
        options.noBuffer = true;
        break;
      case "output":
        this.#outputs.push({ output: value, remote: false });
        break;
      case "remote-name":
        this.#outputs.push({ output: null, remote: true });
        break;
      case "remote-name-all":
        this.#remoteAll = on;
        break;
      case "upload-file":
        this.#uploads.push(value);
        break;
      case "url":
        this.addUrl(value);
        break;
      case "data":
      case "data-ascii":
      case "data-binary":
      case "data-raw":
      case "data-urlencode":
      case "json":
        await this.#data(name, value);
        break;
      case "form":
      case "form-string":
        this.#form(name, value, word);
        break;
      case "url-query":
        options.query.push(urlencoded(value, () => new Uint8Array(0)));
        break;
      case "get":
        options.get = on;
        break;
      case "header":
        if (value.startsWith("@")) {
          options.headers.push(...(await this.#text(value.slice(1))).split(/\r?\n/).filter(Boolean));
        } else options.headers.push(value);
        break;
      case "request":
        options.method = value;
        break;
      case "user":
        options.user = value;
        break;
      case "oauth2-bearer":
        options.bearer = value;
        break;
      case "user-agent":
        options.userAgent = value;
        break;
      case "referer": {
        const auto = value.indexOf(";auto");
        options.autoReferer = auto >= 0;
        options.referer = (auto >= 0 ? value.slice(0, auto) : value) || null;
        break;
      }
      case "cookie":
        // A word without `=` names a file of cookies.
        if (value.includes("=")) options.cookies.push(value);
        break;
      case "cookie-jar":
        options.cookieJar = value;
        break;
      case "location-trusted":
        options.locationTrusted = on;
        options.follow = on;
        break;
      case "location":
        options.follow = on;
        break;
      case "max-redirs":
        options.maxRedirects = Number(value) < 0 ? Infinity : whole(value, word);
        break;
      case "post301":
      case "post302":
      case "post303":
        options.keepPost.add(Number(name.slice(4)));
        break;
      case "fail":
        options.fail = on;
        if (on && options.failWithBody) {
          throw wrong(word, "you must select either --fail or --fail-with-body, not both.");
        }
        break;
      case "fail-with-body":
        if (on && options.fail) throw wrong(word, "is badly used here");
        options.failWithBody = on;
        break;
      case "fail-early":
        options.failEarly = on;
        break;
      case "max-time":
        options.maxTimeMs = seconds(value, word) || Infinity;
        break;
      case "connect-timeout":
        options.connectTimeoutMs = seconds(value, word) || Infinity;
        break;
      case "max-filesize":
        options.maxFilesize = whole(value, word);
        break;
      case "write-out":
        options.writeOut = value.startsWith("@") ? await this.#text(value.slice(1)) : value;
        break;
      case "dump-header":
        options.dumpHeader = value;
        break;
      case "output-dir":
        options.outputDir = value;
        break;
      case "create-dirs":
        options.createDirs = on;
        break;
      case "resolve":
        options.resolve.push(value);
        break;
      case "ipv4":
      case "ipv6":
        options.family = name === "ipv4" ? 4 : 6;
        break;
      case "http1.0":
        options.http10 = true;
        break;
      case "http1.1":
      case "http2":
        options.http10 = false;
        break;
      case "http0.9":
        options.http09 = on;
        break;
      case "raw":
        options.raw = on;
        break;
      case "compressed":
        options.compressed = on;
        break;
      case "range":
        options.range = value;
        break;
      case "path-as-is":
        options.pathAsIs = on;
        break;
      case "globoff":
        options.globOff = on;
        break;
      case "retry":
        options.retries = whole(value, word);
        break;
      case "retry-delay":
        options.retryDelayMs = whole(value, word) * 1000;
        break;
      case "retry-connrefused":
      case "retry-all-errors":
        options.retryRefused = on;
        break;
      case "progress-bar":
        options.progressBar = on;
        break;
      case "continue-at":
        options.resumeFrom = value === "-" ? -1 : whole(value, word);
        break;
      case "proxy":
        options.proxy = value || null;
        break;
      case "stderr":
        options.stderr = value;
        break;
      case "unix-socket":
        options.unixSocket = value;
        break;
      case "request-target":
        options.requestTarget = value;
        break;
      case "time-cond":
        options.timeCondition = value;
        break;
      case "version":
        throw new CurlExit(0, VERSION, true);
      case "help":
        throw new CurlExit(0, HELP, true);
      default: // nothing here shows a difference
    }
  }

  async #octets(file: string): Promise<Uint8Array> {
    const { process } = this;
    if (file === "-") return await readAll(process.stdin);
    try {
      return process.files.read(process.files.resolve(file, process.cwd));
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      if (!this.options.silent) {
        process.stderr.write(`Warning: Couldn't read data from file "${file}", this makes an empty POST.\n`);
      }
      return new Uint8Array(0);
    }
  }

  async #text(file: string): Promise<string> {
    return new TextDecoder().decode(await this.#octets(file));
  }

  async #data(name: string, value: string): Promise<void> {
    const { options } = this;
    let octets: Uint8Array;
    if (name === "data-urlencode") {
      const at = /^[^=@]*@(.*)$/s.exec(value);
      const file = at === null ? new Uint8Array(0) : await this.#octets(at[1]);
      octets = encoder.encode(urlencoded(value, () => file));
    } else if (value.startsWith("@") && name !== "data-raw") {
      octets = await this.#octets(value.slice(1));
      // Line ends and NULs are left out of what is sent as text.
      if (name === "data" || name === "data-ascii") octets = octets.filter((it) => it !== 13 && it !== 10 && it !== 0);
    } else octets = encoder.encode(value);
    if (name === "json") options.json = true;
    if (options.data === null) options.data = octets;
    else {
      const separator = name === "json" ? new Uint8Array(0) : encoder.encode("&");
      options.data = Uint8Array.from([...options.data, ...separator, ...octets]);
    }
  }

  #form(name: string, value: string, word: string): void {
    const equals = value.indexOf("=");
    if (equals < 0) throw wrong(word, "is badly used here");
    const field = value.slice(0, equals);
    const content = value.slice(equals + 1);
    if (name === "form-string") {
      this.options.form.push({ name: field, text: content, file: null, filename: null, type: null });
      return;
    }
    const [first, ...attributes] = content.split(";");
    const attribute = (key: string) =>
      attributes.find((it) => it.startsWith(`${key}=`))?.slice(key.length + 1).replace(/^"(.*)"$/, "$1") ?? null;
    if (first[0] === "@" || first[0] === "<") {
      const file = first.slice(1);
      const filename = first[0] === "@" ? attribute("filename") ?? file.split("/").pop()! : attribute("filename");
      this.options.form.push({ name: field, text: null, file, filename, type: attribute("type") });
    } else {
      const text = attributes.length > 0 && attribute("type") === null ? content : first;
      this.options.form.push({
        name: field,
        text,
        file: null,
        filename: attribute("filename"),
        type: attribute("type"),
      });
    }
  }
}

const encoder = new TextEncoder();

/** `content`, `=content`, `name=content`, `@file`, `name@file`, with the content percent-encoded. */
function urlencoded(value: string, file: () => Uint8Array): string {
  const match = /^([^=@]*)([=@])(.*)$/s.exec(value);
  if (match === null) return percent(encoder.encode(value));
  const [, name, how, content] = match;
  const text = percent(how === "=" ? encoder.encode(content) : file());
  return name === "" ? text : `${name}=${text}`;
}

function percent(octets: Uint8Array): string {
  let text = "";
  for (const octet of octets) {
    const c = String.fromCharCode(octet);
    if (/[A-Za-z0-9\-._~]/.test(c)) text += c;
    else if (c === " ") text += "+";
    else text += `%${octet.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return text;
}

function seconds(text: string, word: string): number {
  if (!/^\d*\.?\d+$|^\d+\.$/.test(text)) throw wrong(word, "expected a proper numerical parameter");
  return Math.round(Number(text) * 1000);
}

function whole(text: string, word: string): number {
  if (!/^\d+$/.test(text)) throw wrong(word, "expected a proper numerical parameter");
  return Number(text);
}
