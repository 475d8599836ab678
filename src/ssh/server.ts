/** An SSH server in a namespace: keys, passwords, the message of the day, and sessions that run the machine's programs. */
import type { Sshd, SshdOptions, SshdPlace } from "../network/ssh_door.ts";
import { numericAddress } from "../socket/addresses.ts";
import { systemError } from "../socket/errors.ts";
import { type TcpConn, TcpListener } from "../socket/tcp.ts";
import { TcpSocket } from "../transport/tcp/socket.ts";
import { duplexOver } from "../tls/duplex.ts";
import { Errno } from "../wire/errno.ts";
import { Accounts, textOf } from "./accounts.ts";
import { fingerprint, type KeyFiles, makeEd25519 } from "./keys.ts";
import { type AuthContext, type ServerConnection, type Ssh2, ssh2Library } from "./library.ts";
import { serveSession, type SessionRequests } from "./session.ts";
import { firstString, fromBase64 } from "./wire.ts";

/** What both sides say of themselves: the machine of the article. */
export const IDENT = "OpenSSH_8.9p1 Ubuntu-3ubuntu0.1";

/** What a login shows when neither `/etc/motd` nor an option says anything else. */
export const MOTD = `Welcome to Ubuntu 22.04.1 LTS (GNU/Linux 5.4.0-1106-gcp x86_64)
 * Documentation:  https://help.ubuntu.com
 * Management:     https://landscape.canonical.com
 * Support:        https://ubuntu.com/advantage
`;

/** Attempts that one connection has (`MaxAuthTries`). */
const ATTEMPTS = 6;
/** `SSH_LISTEN_BACKLOG`. */
const BACKLOG = 128;
/** Connections at once that have not logged in yet (`MaxStartups`, its hard limit). */
const STARTUPS = 100;

const METHODS = ["publickey", "password"];
/**
 * Exchanges whose messages have the same length each time, so that a login's packets are the same in each run, and ciphers that
 * are made anew for each packet: nothing of the platform's is left behind by a connection.
 */
export const ALGORITHMS = {
  kex: ["curve25519-sha256", "curve25519-sha256@libssh.org"],
  cipher: ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com"],
};

const KEY_FILE = "/etc/ssh/ssh_host_ed25519_key";

/** The machine's host key: of `/etc/ssh`, or a new one of the network's seed, put there. */
export function hostKey({ machine, edge: { files } }: SshdPlace): Pick<KeyFiles, "privateText" | "blob"> {
  const kept = textOf(files, KEY_FILE);
  const known = fromBase64(textOf(files, `${KEY_FILE}.pub`).split(" ")[1] ?? "");
  if (kept !== "" && known !== null) return { privateText: kept, blob: known };
  const made = makeEd25519(
    machine.world.random.split(`ssh host key of ${machine.hostname}`),
    `root@${machine.hostname}`,
  );
  files.makeDirectory("/etc/ssh", { parents: true });
  files.write(KEY_FILE, made.privateText);
  files.write(`${KEY_FILE}.pub`, made.publicText);
  return made;
}

/** A listener of a server, of one family only as OpenSSH has them. Throws Deno's errors, as `listen` does. */
export function openListener({ namespace, edge }: SshdPlace, hostname: string, port: number): TcpListener {
  const address = numericAddress(namespace, hostname)?.address;
  if (address === undefined) throw systemError(Errno.EADDRNOTAVAIL);
  const socket = new TcpSocket(namespace.tcp, typeof address === "number" ? 4 : 6);
  socket.reuseAddress = true;
  socket.v6Only = true;
  let errno = socket.bind(address, port);
  if (errno === 0) errno = socket.listen(BACKLOG);
  if (errno === 0) return new TcpListener(edge, socket);
  socket.close();
  throw systemError(errno);
}

/** Serves what comes in on the listeners until they are closed. */
export function serveSsh(place: SshdPlace, listeners: readonly TcpListener[], options: SshdOptions = {}): Sshd {
  const key = hostKey(place);
  const counters = { connections: 0, refused: 0 };
  const open = new Set<TcpConn>();
  const server = new Server(place, key.privateText, options, counters);
  const accept = async (listener: TcpListener) => {
    for await (const conn of listener) {
      counters.connections++;
      if (server.startups >= STARTUPS) {
        conn.close();
        continue;
      }
      open.add(conn);
      server.serve(conn, () => open.delete(conn));
    }
  };
  const finished = Promise.all(listeners.map(accept)).then(() => {});
  const close = () => {
    for (const listener of listeners) listener[Symbol.dispose]();
    for (const conn of open) conn[Symbol.dispose]();
  };
  const { addr } = listeners[0];
  return { addr, fingerprint: fingerprint(key.blob), finished, counters, close, [Symbol.dispose]: close };
}

class Server {
  /** Connections that have not logged in. */
  startups = 0;
  readonly #accounts: Accounts;

  constructor(
    readonly place: SshdPlace,
    readonly key: string,
    readonly options: SshdOptions,
    readonly counters: Sshd["counters"],
  ) {
    this.#accounts = new Accounts(place.edge.files, options.users);
  }

  async serve(conn: TcpConn, closed: () => void): Promise<void> {
    const { world } = this.place.namespace;
    this.startups++;
    let starting = true;
    const started = () => {
      if (starting) this.startups--;
      starting = false;
    };
    try {
      const ssh2 = await ssh2Library(world);
      const server = new ssh2.Server(
        { hostKeys: [this.key], ident: IDENT, algorithms: ALGORITHMS },
        (client) => this.#welcome(ssh2, client, conn, started),
      );
      conn.setNoDelay();
      const duplex = duplexOver(world, conn);
      // Whatever ends the connection has been told to its sessions; nobody else waits for it.
      duplex.on("error", () => {});
      duplex.on("close", () => {
        started();
        closed();
      });
      server.injectSocket(duplex);
    } catch (error) {
      started();
      closed();
      conn[Symbol.dispose]();
      throw error;
    }
  }

  #welcome(ssh2: Ssh2, client: ServerConnection, conn: TcpConn, started: () => void): void {
    let attempts = 0;
    let user = "";
    client.on("error", () => {});
    client.on("authentication", (context: AuthContext) => {
      user = context.username;
      const right = this.#mayEnter(ssh2, context);
      if (right) return context.accept();
      if (context.method !== "none") this.counters.refused++;
      if (context.method !== "none" && ++attempts >= ATTEMPTS) return client.end();
      context.reject(METHODS);
    });
    client.on("ready", started);
    client.on("session", (accept: () => SessionRequests) => {
      serveSession(this.place, accept(), {
        user,
        motd: this.options.banner ?? (textOf(this.place.edge.files, "/etc/motd") || MOTD),
        from: conn.remoteAddr,
        to: conn.localAddr,
      });
    });
    client.on("request", (_accept: unknown, reject: (() => void) | undefined) => reject?.());
  }

  #mayEnter(ssh2: Ssh2, context: AuthContext): boolean {
    const { username, method } = context;
    if (!this.#accounts.known(username)) return false;
    if (method === "password") return this.#accounts.passwordIsRight(username, context.password);
    if (
      method !== "publickey" || !this.#accounts.keyIsRight(username, firstString(context.key.data), context.key.data)
    ) {
      return false;
    }
    // Without a signature the client only asks whether this key would do.
    if (context.signature === undefined) return true;
    const parsed = ssh2.utils.parseKey(context.key.data);
    const key = Array.isArray(parsed) ? parsed[0] : parsed;
    return !(key instanceof Error) && key.verify(context.blob!, context.signature, context.hashAlgo) === true;
  }
}
