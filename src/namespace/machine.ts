/** A machine: a host name, files, an initial namespace and named ones, and the processes that run on it. */
import type { World } from "../device/world.ts";
import { Errno, KernelError } from "../wire/errno.ts";
import { FileTree, type FileView, NamespaceFiles } from "./file_system.ts";
import { NetworkNamespace } from "./namespace.ts";
import { syntheticFiles } from "./proc.ts";
import type { NameService } from "./resolver.ts";
import type { UnixSocket } from "../transport/unix.ts";
import { UnixNameTable } from "./unix_names.ts";

/** `/etc/hosts` of a new machine. */
const HOSTS = `127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
ff00::0\tip6-mcastprefix
ff02::1\tip6-allnodes
ff02::2\tip6-allrouters
`;

const DIRECTORIES = ["/bin", "/etc/netns", "/home", "/root", "/run", "/tmp", "/usr/bin", "/usr/sbin", "/var/log"];

/** Processes that one machine may run at once (`kernel.pid_max`). */
export const PROCESS_LIMIT = 32768;

/** A process as the machine's list has it: what `kill`, `ip netns pids` and `ss -p` need. */
export interface RunningProcess {
  readonly pid: number;
  readonly name: string;
  readonly args: readonly string[];
  readonly namespace: NetworkNamespace;
  /** Sends a signal: "SIGINT", "SIGTERM", …. */
  kill(signal: string): void;
}

export class Machine {
  /** As `uname -n` says it; `/etc/hostname` is only what it was at boot. */
  hostname: string;
  /** The machine's own namespace. */
  readonly initial: NetworkNamespace;
  /** Asks the name servers of `/etc/resolv.conf` for what the hosts file does not have; null: nobody is asked. */
  nameService: NameService | null = null;
  /** Told when a named namespace came or went (`ip netns monitor`). */
  readonly namespaceWatchers: Set<(name: string, added: boolean) => void> = new Set();
  readonly #namespaces: Map<string, NetworkNamespace> = new Map();
  readonly #processes: Map<number, RunningProcess> = new Map();
  /** Made when somebody looks: of many machines most are never asked for a file. */
  #tree: FileTree | null = null;
  readonly #bootName: string;
  #unixPaths: Map<string, UnixSocket> | null = null;
  #unixNames: Map<NetworkNamespace, UnixNameTable> | null = null;
  #nextPid = 1000;

  constructor(readonly world: World, hostname: string) {
    this.hostname = hostname;
    this.initial = new NetworkNamespace(world, "", ++world.namespaces);
    this.#bootName = hostname;
  }

  #disk(): FileTree {
    if (this.#tree !== null) return this.#tree;
    this.#tree = new FileTree();
    const files = this.files(this.initial);
    for (const path of DIRECTORIES) files.makeDirectory(path, { parents: true });
    files.write("/etc/hosts", HOSTS);
    files.write("/etc/hostname", `${this.#bootName}\n`);
    files.write("/etc/resolv.conf", "");
    return this.#tree;
  }

  /** Those of `ip netns add`, by name. */
  get namespaces(): ReadonlyMap<string, NetworkNamespace> {
    return this.#namespaces;
  }

  /** `ip netns add`: throws EEXIST. */
  addNamespace(name: string): NetworkNamespace {
    if (this.#namespaces.has(name)) throw new KernelError(Errno.EEXIST);
    const namespace = new NetworkNamespace(this.world, name, ++this.world.namespaces);
    this.#namespaces.set(name, namespace);
    for (const watcher of this.namespaceWatchers) watcher(name, true);
    return namespace;
  }

  /** `ip netns del`: its veths (and their peers) go with it, once no process runs in it. Throws ENOENT. */
  removeNamespace(name: string): void {
    const namespace = this.#namespaces.get(name);
    if (namespace === undefined) throw new KernelError(Errno.ENOENT);
    this.#namespaces.delete(name);
    for (const watcher of this.namespaceWatchers) watcher(name, false);
    this.#closeIfUnused(namespace);
  }

  #closeIfUnused(namespace: NetworkNamespace): void {
    if (namespace === this.initial || this.#namespaces.get(namespace.name) === namespace) return;
    for (const process of this.#processes.values()) if (process.namespace === namespace) return;
    this.#unixNames?.delete(namespace);
    namespace.close();
  }

  /** The files as processes in this namespace see them: with `overlay`, `/etc/netns/NAME` is laid over `/etc` as `ip netns exec` does. */
  files(namespace: NetworkNamespace, overlay = false): FileView {
    const over = overlay && namespace !== this.initial ? `/etc/netns/${namespace.name}` : "";
    return new NamespaceFiles(this.#disk(), syntheticFiles(this, namespace), over);
  }

  /** Where the Unix sockets of this namespace are bound: paths are the machine's, abstract names its own. */
  unixNames(namespace: NetworkNamespace): UnixNameTable {
    this.#unixNames ??= new Map();
    let names = this.#unixNames.get(namespace);
    if (names === undefined) {
      this.#unixPaths ??= new Map();
      names = new UnixNameTable(this.#unixPaths, new Map(), this.files(namespace));
      this.#unixNames.set(namespace, names);
    }
    return names;
  }

  /** By number, in the order of their start. */
  get processes(): ReadonlyMap<number, RunningProcess> {
    return this.#processes;
  }

  /** A number for a new process; numbers go round as Linux's do. Throws EAGAIN when all are taken. */
  takePid(): number {
    if (this.#processes.size >= PROCESS_LIMIT - 1000) throw new KernelError(Errno.EAGAIN);
    do this.#nextPid = this.#nextPid + 1 >= PROCESS_LIMIT ? 1000 : this.#nextPid + 1; while (
      this.#processes.has(this.#nextPid)
    );
    return this.#nextPid;
  }

  /** Lists a process that starts. */
  processStarted(process: RunningProcess): void {
    this.#processes.set(process.pid, process);
  }

  processEnded(process: RunningProcess): void {
    if (this.#processes.get(process.pid) === process) this.#processes.delete(process.pid);
    this.#closeIfUnused(process.namespace);
  }
}
