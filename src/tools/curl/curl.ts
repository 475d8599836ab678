/** `curl`: HTTP requests from the command line, as curl 7.88.1. */
import { KernelError } from "../../wire/errno.ts";
import type { Process } from "../process.ts";
import { Connections, TransferError } from "./connect.ts";
import { CurlExit, type CurlOptions, parseCurlOptions, type Target } from "./options.ts";
import { BufferedStdout, fileSink, type Sink, stdoutSink } from "./output.ts";
import { Progress } from "./progress.ts";
import { messageOf } from "./request.ts";
import { CERTIFICATE_HINT } from "./tls.ts";
import { Trace } from "./trace.ts";
import { Transfer } from "./transfer.ts";
import { type Globbed, globbed } from "./url.ts";
import { type Outcome, writeOut } from "./write_out.ts";

export async function curl(process: Process): Promise<number> {
  try {
    const options = await parseCurlOptions(process);
    return await new Run(process, options).all();
  } catch (error) {
    if (!(error instanceof CurlExit)) throw error;
    (error.toStdout ? process.stdout : process.stderr).write(error.words);
    return error.code;
  }
}

const encoder = new TextEncoder();

/** One run of the program. */
class Run {
  readonly #stdout: BufferedStdout;
  readonly #stderr: (text: string | Uint8Array) => void;
  #urlNumber = 0;

  constructor(readonly process: Process, readonly options: CurlOptions) {
    this.#stdout = new BufferedStdout(process, options.noBuffer);
    this.#stderr = this.#errorStream();
  }

  #errorStream(): (text: string | Uint8Array) => void {
    const { process, options } = this;
    if (options.stderr === null) return (text) => process.stderr.write(text);
    if (options.stderr === "-") return (text) => process.stdout.write(text);
    return this.#appendTo(options.stderr);
  }

  #appendTo(file: string): (data: string | Uint8Array) => void {
    const path = this.process.files.resolve(file, this.process.cwd);
    let append = false;
    return (data) => {
      try {
        this.process.files.write(path, data, { append });
        append = true;
      } catch (error) {
        if (!(error instanceof KernelError)) throw error;
      }
    };
  }

  #trace(toTerminal: boolean): Trace {
    const { options } = this;
    if (options.traceAscii !== null) {
      const write = options.traceAscii === "-"
        ? (text: string | Uint8Array) =>
          this.#stdout.write(typeof text === "string" ? encoder.encode(text) : text.slice())
        : this.#appendTo(options.traceAscii);
      return new Trace(write, true, false);
    }
    return new Trace(options.verbose ? this.#stderr : null, false, toTerminal);
  }

  async all(): Promise<number> {
    const { options } = this;
    if (options.head && (options.data !== null && !options.get || options.form.length > 0)) {
      if (!options.silent) {
        const [asked, option] = options.form.length > 0 ? ["multipart formpost", "-F, --form"] : ["POST", "-d, --data"];
        this.#warn(`You can only select one HTTP request method! You asked for both ${asked} `);
        this.#warn(`(${option}) and HEAD (-I, --head).`);
      }
      return 2;
    }
    const trace = this.#trace(false);
    if (options.user !== null && !options.user.includes(":")) {
      this.#stderr(`Enter host password for user '${options.user}':\n`);
      options.user += ":";
    }
    const connections = new Connections(this.process, options, trace);
    const header = this.#dump();
    let code = 0;
    let resolved = false;
    for (const target of options.targets) {
      let list: Globbed[];
      try {
        list = options.globOff ? [{ url: target.url, parts: [] }] : globbed(target.url);
      } catch (error) {
        if (!(error instanceof CurlExit)) throw error;
        if (this.#complains) this.#stderr(`curl: (${error.code}) ${error.words}\n`);
        code = error.code;
        continue;
      }
      for (const one of list) {
        code = await this.#withRetries(one, target, connections, header, () => {
          if (!resolved) connections.readResolve();
          resolved = true;
        });
        if (code !== 0 && options.failEarly) break;
      }
      if (code !== 0 && options.failEarly) break;
    }
    connections.closeAll();
    this.#stdout.flush();
    return code;
  }

  get #complains(): boolean {
    return !this.options.silent || this.options.showError;
  }

  #warn(words: string): void {
    if (!this.options.silent) this.#stderr(`Warning: ${words}\n`);
  }

  /** `-D` */
  #dump(): ((line: Uint8Array) => void) | null {
    const { dumpHeader } = this.options;
    if (dumpHeader === null) return null;
    if (dumpHeader === "-") return (line) => this.#stdout.write(line);
    return this.#appendTo(dumpHeader);
  }

  async #withRetries(
    one: Globbed,
    target: Target,
    connections: Connections,
    dump: ((line: Uint8Array) => void) | null,
    beforeFirst: () => void,
  ): Promise<number> {
    const { options, process } = this;
    let wait = options.retryDelayMs || 1000;
    let titled = false;
    for (let left = options.retries;; left--) {
      const outcome = await this.#transfer(one, target, connections, dump, beforeFirst, titled);
      titled = outcome.progress.titled;
      const why = left > 0 ? this.#transient(outcome) : null;
      if (why === null) {
        this.#finish(outcome);
        return outcome.exitCode;
      }
      this.#stdout.flush();
      this.#warn(`Problem : ${why}. Will retry in ${wait / 1000} seconds. ${left} retries left.`);
      await process.sleep(wait);
      if (options.retryDelayMs === 0) wait = Math.min(wait * 2, 600_000);
    }
  }

  /** Why it is worth another try, or null. */
  #transient({ exitCode, statistics }: Outcome): string | null {
    if (exitCode === 28 || exitCode === 6) return "timeout";
    if (exitCode === 7 && this.options.retryRefused) return "connection refused";
    return [408, 429, 500, 502, 503, 504].includes(statistics.status) ? "HTTP error" : null;
  }

  /** Says what is left to say of a transfer. */
  #finish(outcome: Outcome): void {
    const { options } = this;
    if (outcome.exitCode !== 0 && this.#complains) {
      this.#stderr(`curl: (${outcome.exitCode}) ${outcome.error}\n`);
      if (outcome.exitCode === 60) this.#stderr(CERTIFICATE_HINT);
    }
    this.#stdout.flush();
    if (options.writeOut !== null) {
      const stdout = (text: string) => this.#stdout.write(encoder.encode(text));
      const stderr = (text: string) => this.#stderr(text);
      writeOut(options.writeOut, outcome, { stdout, stderr, complain: stderr });
      this.#stdout.flush();
    }
  }

  async #transfer(
    one: Globbed,
    target: Target,
    connections: Connections,
    dump: ((line: Uint8Array) => void) | null,
    beforeFirst: () => void,
    titled: boolean,
  ): Promise<Outcome> {
    const { options, process } = this;
    const { scheduler } = process.namespace.world;
    let url = this.#withQuery(one.url);
    if (target.upload !== null && target.upload !== "-" && /^[a-z]+:\/\/[^/]*\/?$|\/$/i.test(url)) {
      url = `${url.replace(/\/$/, "")}/${target.upload.split("/").pop()}`;
    }
    const filename = this.#filename(one, target, url);
    const toTerminal = filename === null && process.stdout.terminal;
    const sink: Sink = filename === null
      ? stdoutSink(process, this.#stdout)
      : fileSink(process, filename, options.createDirs, options.resumeFrom !== null, (words) => this.#warn(words));
    const metered = !options.silent && options.progressMeter && !toTerminal;
    const progress = new Progress(
      metered ? (text) => this.#stderr(text) : null,
      () => scheduler.now,
      scheduler.now,
      options.progressBar,
    );
    progress.titled = titled;
    const include = options.include || options.head;
    const header = (line: Uint8Array) => {
      dump?.(line);
      if (include) sink.write(line);
    };
    const transfer = new Transfer(process, options, connections, connections.trace, progress, sink, header, url);
    const outcome: Outcome = {
      statistics: transfer.statistics,
      progress,
      exitCode: 0,
      error: null,
      filename,
      url,
      urlNumber: this.#urlNumber++,
    };
    try {
      if (filename === "") {
        this.#stderr(this.#complains ? "curl: Remote file name has no length!\n" : "");
        throw new TransferError(23, "Failed writing received data to disk/application");
      }
      this.#resume(filename);
      const message = await messageOf(process, options, target);
      beforeFirst();
      await transfer.run(url, message);
      sink.finish(true);
    } catch (error) {
      if (!(error instanceof TransferError)) throw error;
      if (filename !== null && filename !== "") sink.finish(false);
      outcome.exitCode = error.code;
      outcome.error = error.message;
    }
    return outcome;
  }

  /** `-C`: asks for what is missing only. */
  #resume(filename: string | null): void {
    const { options, process } = this;
    if (options.resumeFrom === null) return;
    if (options.resumeFrom < 0) {
      const path = filename === null ? null : process.files.resolve(filename, process.cwd);
      options.resumeFrom = path !== null && process.files.exists(path) ? process.files.stat(path).size : 0;
    }
    if (options.resumeFrom > 0) options.range = `${options.resumeFrom}-`;
  }

  #withQuery(url: string): string {
    const { options } = this;
    const added = [...options.query];
    if (options.get && options.data !== null) added.push(new TextDecoder().decode(options.data));
    if (added.length === 0) return url;
    const [before, ...fragment] = url.split("#");
    const whole = /^[a-z]+:\/\/[^/?]*$/i.test(before) ? `${before}/` : before;
    const separator = whole.includes("?") ? "&" : "?";
    return [`${whole}${separator}${added.join("&")}`, ...fragment].join("#");
  }

  /** The file that takes the body; null for standard output, "" when `-O` finds no name. */
  #filename(one: Globbed, target: Target, url: string): string | null {
    const { outputDir } = this.options;
    let name: string;
    if (target.remoteName) {
      const path = url.replace(/^[a-z]+:\/\//i, "").replace(/[?#].*/s, "");
      name = path.includes("/") ? path.slice(path.lastIndexOf("/") + 1) : "";
      if (name === "") return "";
    } else if (target.output === null || target.output === "-") return null;
    else name = target.output.replace(/#(\d+)/g, (whole, n) => one.parts[Number(n) - 1] ?? whole);
    return outputDir === null ? name : `${outputDir}/${name}`;
  }
}
