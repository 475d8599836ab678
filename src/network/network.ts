/**
 * The network: a small deterministic world of machines, namespaces and wires, with a virtual clock. What `mod.ts` exports.
 *
 * @module
 */
import type { Drops } from "../device/drops.ts";
import type { Interface } from "../device/interface.ts";
import { World } from "../device/world.ts";
import { Machine } from "../namespace/machine.ts";
import type { NetworkNamespace } from "../namespace/namespace.ts";
import { Capture, type CaptureOptions } from "./capture.ts";
import { Clock } from "./clock.ts";
import { type DriveEnd, Driver } from "./driver.ts";
import { type Door, publish, type PublishOptions, type Uplink, uplink, type UplinkOptions } from "./door.ts";
import { DeadlockError, LeftRunningError, NetworkUsageError, StormError } from "./errors.ts";
import { Host, Namespace } from "./namespace.ts";
import { DnsNameService } from "./services.ts";
import { CertificateAuthority } from "../tls/authority.ts";
import { TRUSTED_FILE } from "../tls/deno_tls.ts";
import { connectWire, type Wire, type WireEnd, type WireOptions } from "./wire.ts";
import { type Duration, durationNs } from "./units.ts";

/** What makes one network differ from another. */
export interface NetworkOptions {
  /** What everything random comes from: the same seed and program give the same bytes on the wire. Default 0. */
  seed?: number | string;
  /** `virtual` (default), or `real`: virtual time follows the wall clock, for interactive use and doors to the real network. */
  clock?: "virtual" | "real";
}

/** How long `run` may take. */
export interface RunOptions {
  /** Virtual time after which `run` gives up with a DeadlockError. None by default. */
  timeLimit?: Duration;
}

/** The machine that a network begins with. */
const FIRST_MACHINE = "ubuntu-host";

/**
 * A virtual network.
 *
 * ```ts
 * import { Network } from "@netns/emulator";
 *
 * using net = new Network({ seed: 1 });
 * const host = net.host("host");
 * await net.run(async () => {
 *   const { stdout } = await host.exec("ping -c 1 127.0.0.1");
 *   console.log(stdout);
 * });
 * ```
 */
export class Network {
  /**
   * The stack's side of the world.
   *
   * @internal
   */
  readonly world: World;
  /** Virtual timers for user code. */
  readonly clock: Clock;
  /** What everything random comes from. */
  readonly seed: number | string;
  readonly #driver: Driver;
  readonly #machines = new Map<string, Machine>();
  readonly #faces = new Map<NetworkNamespace, Namespace>();
  readonly #wires = new Set<Wire>();
  readonly #closers = new Set<() => void>();
  #authority: CertificateAuthority | null = null;
  #busy = "";
  #closed = false;
  #failed = false;
  #failure: unknown = undefined;

  /** An empty network, at virtual time 0. */
  constructor(options: NetworkOptions = {}) {
    this.seed = options.seed ?? 0;
    this.world = new World(this.seed);
    this.#driver = new Driver(this.world, options.clock === "real");
    this.world.hold = (promise) => this.#driver.hold(promise);
    this.world.settle = () => this.#driver.settle();
    this.clock = new Clock(this.world, this.#driver, (error) => this.fail(error));
  }

  /** The machine on which scenario files run, `ubuntu-host`. Its `lo` is down, as in a new namespace. */
  get machine(): Host {
    this.#checkOpen();
    const known = this.#machines.get(FIRST_MACHINE);
    return this.namespaceOf((known ?? this.#boot(FIRST_MACHINE)).initial) as Host;
  }

  /**
   * Boots a machine: lo is up, `/etc/hosts` has localhost, the host name is set.
   *
   * @throws {NetworkUsageError} there is a machine of this name already
   */
  host(name: string): Host {
    this.#checkOpen();
    if (this.#machines.has(name)) {
      throw new NetworkUsageError(`There is a host "${name}" already: use another name`);
    }
    if (!/^[a-zA-Z0-9]([a-zA-Z0-9.-]{0,62}[a-zA-Z0-9])?$/.test(name)) {
      throw new NetworkUsageError(`Not a host name: "${name}" (letters, digits, "-" and ".", at most 64)`);
    }
    const host = this.namespaceOf(this.#boot(name).initial) as Host;
    host.setUp("lo");
    return host;
  }

  /** `ip netns add NAME` on the first machine: a namespace with nothing but a `lo` that is down. */
  namespace(name: string): Namespace {
    return this.machine.namespace(name);
  }

  /**
   * Joins two namespaces by a veth pair: both ends are made, given their addresses, and set up.
   *
   * ```ts
   * import { Network } from "@netns/emulator";
   *
   * using net = new Network();
   * const [a, b] = [net.host("a"), net.host("b")];
   * net.veth([a, "eth0", "10.0.0.1/24"], [b, "eth0", "10.0.0.2/24"], { delay: "5ms", rate: "10mbit", loss: "1%" });
   * ```
   *
   * @throws {NetworkUsageError} an address, name or option that cannot be
   */
  veth(a: WireEnd, b: WireEnd, options: WireOptions = {}): Wire {
    this.#checkOpen();
    const wire = connectWire(this, a, b, options);
    this.#wires.add(wire);
    return wire;
  }

  /**
   * Loses everything on the wires between two groups, silently, in both directions, until `heal`.
   *
   * @throws {NetworkUsageError} no wire joins the groups
   */
  partition(groupA: Namespace[] | Namespace, groupB: Namespace[] | Namespace): void {
    const a = new Set([groupA].flat().map((namespace) => namespace.kernel));
    const b = new Set([groupB].flat().map((namespace) => namespace.kernel));
    let parted = 0;
    for (const wire of this.#wires) {
      const [one, other] = wire.namespaces();
      if ((a.has(one) && b.has(other)) || (b.has(one) && a.has(other))) {
        wire.part(true);
        parted++;
      }
    }
    if (parted === 0) {
      throw new NetworkUsageError("No wire joins these groups directly: partition the hosts beside a wire");
    }
  }

  /** Ends all partitions. */
  heal(): void {
    for (const wire of this.#wires) wire.part(false);
  }

  /**
   * Lets real clients on this machine's loopback reach a port of a namespace. On the real clock only.
   *
   * @throws {NetworkUsageError} the clock is virtual, or another address than the loopback was not asked for in so many words
   * @throws {NotCapable} `--allow-net` is missing
   */
  publish(namespace: Namespace, options: PublishOptions): Door {
    this.#checkOpen();
    return publish(this, namespace, options);
  }

  /** Lets a namespace open the real addresses that are listed, and nothing else. On the real clock only. */
  uplink(namespace: Namespace, options: UplinkOptions): Uplink {
    this.#checkOpen();
    return uplink(this, namespace, options);
  }

  /** Whether `close` was called. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * The network's certificate authority, which all its machines trust (in `/etc/ssl/certs/ca-certificates.crt`). It is made of
   * the seed when it is first asked for.
   *
   * ```ts
   * import { Network } from "@netns/emulator";
   *
   * using net = new Network();
   * const host = net.host("host");
   * await net.run(async () => {
   *   const server = host.serve({ port: 443, ...net.ca().issue(["localhost"]) }, () => new Response("hello"));
   *   if (await (await host.fetch("https://localhost/")).text() !== "hello") throw new Error();
   *   await server.shutdown();
   * });
   * ```
   *
   * @throws {NotSupported} where there is no Node's crypto module (in a browser)
   */
  ca(): CertificateAuthority {
    this.#checkOpen();
    if (this.#authority === null) {
      this.#authority = new CertificateAuthority(this.world.random.split("certificate authority"));
      for (const machine of this.#machines.values()) this.#trust(machine);
    }
    return this.#authority;
  }

  /** Whether virtual time follows the wall clock. */
  get realTime(): boolean {
    return this.#driver.realTime;
  }

  /**
   * Packets that were dropped without a trace in the counters of interfaces, queues and protocols (`ip -s link`, `tc -s qdisc`,
   * `nstat`), by reason. No packet is lost silently.
   */
  get drops(): Readonly<Drops> {
    return this.world.drops;
  }

  /** Starts to record every packet of the network as pcapng. */
  capture(options: CaptureOptions = {}): Capture {
    this.#checkOpen();
    const capture = new Capture(this.world, (device) => this.nameOf(device), options);
    this.#closers.add(() => capture.stop());
    return capture;
  }

  /**
   * Calls `body` and lets virtual time pass, only when all user code waits, until its promise settles.
   *
   * @throws {DeadlockError} nothing can happen any more, and `body` still waits
   * @throws {LeftRunningError} `body` is done, but a sleep, timer, connection attempt or command that it started goes on
   * @throws {StormError} packets went in circles, and were dropped
   * @throws {NetworkUsageError} the network runs already, or is closed
   * @throws what `body` throws, and what a background task or a timer's callback throws
   */
  async run<T>(body: () => Promise<T> | T, options: RunOptions = {}): Promise<T> {
    const limit = options.timeLimit === undefined ? Infinity : this.world.scheduler.now + durationNs(options.timeLimit);
    return await this.#exclusively("run", async () => {
      let done = false;
      let result: { value: T } | { error: unknown } | undefined;
      const settled = (outcome: { value: T } | { error: unknown }) => {
        result = outcome;
        done = true;
      };
      this.#failed = false;
      const storms = this.world.backlog.stormDrops;
      const stopWatching = watchRejections((reason) => this.fail(reason));
      try {
        new Promise<T>((resolve) => resolve(body())).then((value) => settled({ value }), (error) => settled({ error }));
        const end = await this.#driver.drive(() => done || this.#failed, limit);
        if (this.#failed) throw this.#failure;
        if (result === undefined) throw this.#stuck(end, options);
      } finally {
        stopWatching();
      }
      if ("error" in result) throw result.error;
      const { stormDrops, stormedOn } = this.world.backlog;
      if (stormDrops > storms) {
        throw new StormError(stormDrops - storms, `${this.nameOf(stormedOn!)}/${stormedOn!.name}`);
      }
      const left = [...this.world.waits.list(true), ...this.clock.pending()];
      if (left.length > 0) throw new LeftRunningError(left);
      return result.value;
    });
  }

  /** Lets `duration` (ms, or `"1h"`) of virtual time pass. */
  async advance(duration: Duration): Promise<void> {
    const limit = this.world.scheduler.now + durationNs(duration);
    await this.#exclusively("advance", async () => {
      this.#failed = false;
      await this.#driver.drive(() => this.#failed, limit);
      if (this.#failed) throw this.#failure;
    });
  }

  /** Runs the next event, and the user code that it wakes. False when there is none. */
  async step(): Promise<boolean> {
    return await this.#exclusively("step", async () => {
      const next = this.world.scheduler.nextAt();
      if (next === Infinity) return false;
      this.#failed = false;
      await this.#driver.drive(() => this.#failed, next);
      if (this.#failed) throw this.#failure;
      return true;
    });
  }

  /** Holds virtual time while an operation of the real world (a file, `crypto.subtle`, an import) is under way. */
  hold<T>(promise: Promise<T>): Promise<T> {
    return this.#driver.hold(promise);
  }

  /** Ends `run` with this error: a background task failed. */
  fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#failure = error;
  }

  /** What the program waits for now, oldest first. */
  waiting(): string[] {
    return [...this.world.waits.list(), ...this.clock.pending()];
  }

  /**
   * The name under which an interface's namespace appears in captures: the machine's, or the namespace's.
   *
   * @internal
   */
  nameOf(device: Interface): string {
    const owner = device.owner as NetworkNamespace;
    if (owner.name !== "") return owner.name;
    for (const machine of this.#machines.values()) if (machine.initial === owner) return machine.hostname;
    return `namespace ${owner.id}`;
  }

  /**
   * The user's side of a namespace.
   *
   * @internal
   */
  namespaceOf(kernel: NetworkNamespace): Namespace {
    let face = this.#faces.get(kernel);
    if (face === undefined) {
      for (const machine of this.#machines.values()) {
        if (machine.initial === kernel) face = new Host(this, machine, kernel);
        else if (machine.namespaces.get(kernel.name) === kernel) face = new Namespace(this, machine, kernel);
        if (face !== undefined) break;
      }
      if (face === undefined) {
        throw new NetworkUsageError(`The namespace "${kernel.name}" is not of this network any more`);
      }
      this.#faces.set(kernel, face);
    }
    return face;
  }

  /** Has `close` called when the network is closed. */
  onClose(close: () => void): void {
    this.#closers.add(close);
  }

  /**
   * Ends the world: timers and captures stop, and what user code still waits for never comes, as when a machine is switched
   * off. A `run` under way throws.
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const close of this.#closers) close();
    this.clock.clear();
    if (this.#busy !== "") this.fail(new NetworkUsageError(`The network was closed while ${this.#busy}() ran`));
  }

  /** As `close`. */
  [Symbol.dispose](): void {
    this.close();
  }

  #trust(machine: Machine): void {
    const files = machine.files(machine.initial);
    files.makeDirectory("/etc/ssl/certs", { parents: true });
    const { cert, ecdsa } = this.#authority!;
    files.write(TRUSTED_FILE, cert + ecdsa.cert, { append: true });
  }

  #boot(name: string): Machine {
    const machine = new Machine(this.world, name);
    if (this.#authority !== null) this.#trust(machine);
    machine.nameService = new DnsNameService((context) => this.namespaceOf(context.namespace).services.dns);
    this.#machines.set(name, machine);
    return machine;
  }

  #stuck(end: DriveEnd, options: RunOptions): DeadlockError {
    const reason = end === "limit"
      ? `the time limit of ${options.timeLimit} has passed`
      : end === "idle"
      ? "for a day nothing but housekeeping happened"
      : undefined;
    return new DeadlockError(this.waiting(), this.clock.now(), reason);
  }

  async #exclusively<T>(what: string, body: () => Promise<T>): Promise<T> {
    this.#checkOpen();
    if (this.#busy !== "") {
      throw new NetworkUsageError(
        `${what}() was called while ${this.#busy}() runs: await that one first; inside run(), await net.clock.sleep()`,
      );
    }
    this.#busy = what;
    try {
      return await body();
    } finally {
      this.#busy = "";
    }
  }

  #checkOpen(): void {
    if (this.#closed) throw new NetworkUsageError("This network is closed: make a new one");
  }
}

/** Has `report` called with rejections that nobody handles; gives the function that ends the watch. */
function watchRejections(report: (reason: unknown) => void): () => void {
  const target = globalThis as unknown as Partial<EventTarget>;
  if (typeof target.addEventListener !== "function") return () => {};
  const listener = (event: Event) => {
    event.preventDefault();
    report((event as unknown as { reason: unknown }).reason);
  };
  target.addEventListener("unhandledrejection", listener);
  return () => target.removeEventListener!("unhandledrejection", listener);
}
