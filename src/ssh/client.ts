/** `ssh`: logs in over emulated TCP, and runs a command or a shell there. */
import { addressText, startConnect, within } from "../tools/tcp_client.ts";
import { gaiError, lookUp } from "../tools/name_lookup.ts";
import type { Process } from "../tools/process.ts";
import type { TcpConn } from "../socket/tcp.ts";
import { duplexOver } from "../tls/duplex.ts";
import { Errno, strerror } from "../wire/errno.ts";
import { deferred } from "../time/deferred.ts";
import { textOf } from "./accounts.ts";
import { askSecret, atTerminal } from "./keyboard.ts";
import {
  type AuthAnswer,
  type Channel,
  type Client,
  LibraryError,
  type ParsedKey,
  type Ssh2,
  ssh2Library,
} from "./library.ts";
import { checkHost } from "./host_check.ts";
import { parseOptions, type SshOptions } from "./options.ts";
import { ALGORITHMS, IDENT } from "./server.ts";

/** What OpenSSH answers for whatever is not the remote program's end. */
const FAILED = 255;

/** Files that are looked for when no `-i` names one. */
const IDENTITIES = ["id_rsa", "id_ecdsa", "id_ed25519"];

export async function ssh(process: Process): Promise<number> {
  const options = parseOptions(process);
  if (typeof options === "number") return options;
  const conn = await open(process, options);
  if (conn === null) return FAILED;
  try {
    const ssh2 = await ssh2Library(process.namespace.world);
    return await new Session(process, options, conn, ssh2).run();
  } catch (error) {
    if (!(error instanceof LibraryError)) throw error;
    process.stderr.write(`ssh: ${error.message}\r\n`);
    return FAILED;
  } finally {
    conn[Symbol.dispose]();
  }
}

/** The connection to the first address that answers; null when the complaint has been written. */
export async function open(
  process: Process,
  options: Pick<SshOptions, "host" | "port" | "family" | "connectTimeout" | "verbose">,
): Promise<TcpConn | null> {
  const { host, port } = options;
  const say = (text: string) => process.stderr.write(`${text}\r\n`);
  const found = await lookUp(process, host, options.family);
  if (typeof found === "string") {
    say(`ssh: Could not resolve hostname ${host}: ${gaiError(found)}`);
    return null;
  }
  let failure = 0;
  for (const to of found) {
    const address = addressText(to.address);
    if (options.verbose) say(`debug1: Connecting to ${host} [${address}] port ${port}.`);
    const connecting = startConnect(process, to, port);
    let late = false;
    const giveUp = () => {
      late = true;
      connecting.cancel();
    };
    failure = await within(process, options.connectTimeout * 1000, giveUp, () => connecting.result);
    if (failure === 0) {
      if (options.verbose) say("debug1: Connection established.");
      return connecting.stream();
    }
    if (late) failure = -Errno.ETIMEDOUT;
    if (options.verbose) say(`debug1: connect to address ${address} port ${port}: ${strerror(-failure)}`);
  }
  say(`ssh: connect to host ${host} port ${port}: ${strerror(-failure)}`);
  return null;
}

class Session {
  readonly #address: string;
  readonly #client: Client;
  readonly #keys: ParsedKey[] = [];
  readonly #ended = deferred<number>();
  #asked = 0;
  #method = "none";
  #left: readonly string[] = [];
  #hostDenied = false;
  #ready = false;
  #over = false;
  #raw = false;
  /** What the remote program ended with. */
  #exit: number | null = null;
  readonly #stopInput = new AbortController();

  constructor(readonly process: Process, readonly options: SshOptions, readonly conn: TcpConn, readonly ssh2: Ssh2) {
    this.#address = conn.remoteAddr.hostname;
    this.#client = new ssh2.Client();
  }

  async run(): Promise<number> {
    const { process, options } = this;
    this.#readKeys();
    const { world } = process.namespace;
    this.conn.setNoDelay();
    const sock = duplexOver(world, this.conn);
    this.#client
      .on("ready", () => this.#opened())
      .on("error", (error: Error & { level?: string }) => this.#failed(error))
      .on("close", () => this.#closed());
    this.#debug(`Authenticating to ${options.host}:${options.port} as '${options.user}'`);
    this.#client.connect({
      sock,
      username: options.user,
      ident: IDENT,
      readyTimeout: 0,
      keepaliveInterval: 0,
      algorithms: ALGORITHMS,
      hostVerifier: (key, answer) => {
        checkHost(process, options, this.#address, key).then((trusted) => {
          this.#hostDenied = !trusted;
          answer(trusted);
          world.settle();
        }, this.#ended.reject);
      },
      authHandler: (left, _partial, answer) => {
        this.#nextMethod(left).then((next) => {
          answer(next);
          world.settle();
        }, this.#ended.reject);
      },
    });
    world.settle();
    try {
      let code = FAILED;
      await process.wait(`session with ${options.host}`, (done) => {
        this.#ended.promise.then((value) => {
          code = value;
          done();
        }, done);
      });
      // Rejected when something went wrong that no SSH server is to blame for.
      await Promise.race([this.#ended.promise, Promise.resolve()]);
      return code;
    } finally {
      this.#stopInput.abort();
      this.#setRaw(false);
      this.#client.end();
      // The goodbye goes out before the connection does.
      await world.settle();
      sock.destroy();
    }
  }

  #end(code: number): void {
    this.#over = true;
    this.#ended.resolve(code);
  }

  #setRaw(on: boolean): void {
    if (this.#raw === on) return;
    this.#raw = on;
    this.process.stdin.setRaw?.(on);
  }

  #say(text: string): void {
    if (!this.options.quiet) this.process.stderr.write(`${text}\r\n`);
  }

  #debug(text: string): void {
    if (this.options.verbose) this.#say(`debug1: ${text}`);
  }

  #readKeys(): void {
    const { process, options } = this;
    const home = process.env.get("HOME") ?? "/root";
    const named = options.identities.map((path) => process.files.resolve(path, process.cwd));
    for (const path of named.length > 0 ? named : IDENTITIES.map((name) => `${home}/.ssh/${name}`)) {
      const text = textOf(process.files, path);
      if (text === "") continue;
      const parsed = this.ssh2.utils.parseKey(text);
      const key = Array.isArray(parsed) ? parsed[0] : parsed;
      if (key instanceof Error || !key.isPrivateKey()) this.#say(`Load key "${path}": error in libcrypto`);
      else this.#keys.push(key);
    }
  }

  async #nextMethod(left: readonly string[] | null): Promise<AuthAnswer | false> {
    const { user: username, methods, batch, prompts } = this.options;
    if (left === null) return { type: "none", username };
    this.#left = left;
    if (this.#asked === 0) this.#debug(`Authentications that can continue: ${left.join(",")}`);
    const key = methods.publickey && left.includes("publickey") ? this.#keys.shift() : undefined;
    if (key !== undefined) {
      this.#method = "publickey";
      return { type: "publickey", username, key };
    }
    if (!methods.password || batch || !left.includes("password") || this.#asked >= prompts) return false;
    if (this.#asked++ > 0) this.#say("Permission denied, please try again.");
    else this.#debug("Next authentication method: password");
    this.#method = "password";
    const password = await askSecret(this.process, `${username}@${this.options.host}'s password: `);
    return { type: "password", username, password: password ?? "" };
  }

  #failed(error: Error & { level?: string }): void {
    const { user, host } = this.options;
    if (this.#over) return;
    if (this.#hostDenied) return this.#end(FAILED);
    if (error.level === "client-authentication") {
      this.#say(`${user}@${host}: Permission denied (${this.#left.join(",")}).`);
    } else if (!this.#ready && error.level === "client-socket") {
      this.#say(`Connection reset by ${this.#address} port ${this.options.port}`);
    } else if (!this.#ready && error.level !== undefined) {
      this.#say(`Unable to negotiate with ${this.#address} port ${this.options.port}: ${error.message}`);
    } else this.#say(`client_loop: ${error.message}`);
    this.#end(FAILED);
  }

  #closed(): void {
    if (this.#over) return;
    if (this.#exit === null && !this.#ready) {
      this.#say(`Connection closed by ${this.#address} port ${this.options.port}`);
    } else if (this.#exit === null) this.#say(`Connection to ${this.options.host} closed by remote host.`);
    this.#end(this.#exit ?? FAILED);
  }

  #opened(): void {
    this.#ready = true;
    const { options, process } = this;
    if (options.verbose) {
      this.#say(`Authenticated to ${options.host} ([${this.#address}]:${options.port}) using "${this.#method}".`);
    }
    if (options.noCommand) return;
    const wanted = options.command === null ? "auto" : "never";
    const terminal = options.terminal === "force" ||
      (options.terminal === "auto" && wanted === "auto" && atTerminal(process));
    const window = terminal ? { term: process.env.get("TERM") ?? "xterm" } : false;
    const begin = (error: Error | undefined, channel: Channel) => {
      if (error !== undefined) {
        this.#say(error.message);
        return this.#end(FAILED);
      }
      this.#carry(channel, terminal);
    };
    if (options.command === null) return this.#client.shell(window, {}, begin);
    this.#debug(`Sending command: ${options.command}`);
    this.#client.exec(options.command, window === false ? {} : { pty: window }, begin);
  }

  #carry(channel: Channel, terminal: boolean): void {
    // The terminal of the other side shows what is typed, and takes Ctrl-C.
    if (terminal) this.#setRaw(true);
    const { stdout, stderr } = this.process;
    channel.on("data", (data: Uint8Array) => stdout.write(Uint8Array.from(data)));
    channel.stderr.on("data", (data: Uint8Array) => stderr.write(Uint8Array.from(data)));
    channel.on("exit", (code: number | null) => {
      this.#exit = code ?? FAILED;
    });
    channel.on("error", () => {});
    channel.on("close", () => {
      if (this.#exit !== null) this.#debug(`Exit status ${this.#exit}`);
      this.#setRaw(false);
      if (terminal) this.#say(`Connection to ${this.options.host} closed.`);
      this.#end(this.#exit ?? FAILED);
    });
    this.#pump(channel);
  }

  /** Standard input goes to the other side until it ends. */
  async #pump(channel: Channel): Promise<void> {
    const { stdin, namespace: { world } } = this.process;
    const { signal } = this.#stopInput;
    try {
      while (!this.options.noInput) {
        const data = await stdin.read(signal);
        if (data === null) break;
        const room = channel.write(data);
        world.settle();
        if (!room) await new Promise<void>((resolve) => void channel.once("drain", resolve));
      }
    } catch {
      // The process has been ended: so is the channel.
    }
    if (signal.aborted) return;
    channel.end();
    world.settle();
  }
}
