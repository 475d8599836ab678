/** Runs a script against a namespace in virtual time. */
import type { Interface } from "../device/interface.ts";
import { register } from "../device/lifecycle.ts";
import { changeLink } from "../device/link.ts";
import type { AddressFamily } from "../ip/netlink.ts";
import type { NetworkNamespace } from "../namespace/namespace.ts";
import { type Scheduler, Timer } from "../time/scheduler.ts";
import { Errno } from "../wire/errno.ts";
import { FIN, PSH } from "../wire/tcp.ts";
import { runCode } from "./code.ts";
import { CodeError, type Variables } from "./code_expression.ts";
import { difference } from "./compare.ts";
import { Flow } from "./flow.ts";
import {
  describe,
  isRelevant,
  learn,
  type LivePacket,
  liveTimestamp,
  readOutgoing,
  timestampOf,
} from "./live_packet.ts";
import { packetBytes } from "./packet_bytes.ts";
import { dump } from "./packet_text.ts";
import { checkResult } from "./results.ts";
import type { Settings } from "./settings.ts";
import { CODE_SYMBOLS } from "./symbols.ts";
import type { Command, PacketSpec, Script, ScriptEvent, SystemCall } from "./syntax.ts";
import { type Attempt, SystemCalls } from "./system_calls.ts";
import { Timing } from "./timing.ts";
import { createTun, type Tun } from "./tun.ts";
import { CallError } from "./values.ts";

/** Where a script runs. */
export interface Environment {
  /** As new, lo down. */
  readonly namespace: NetworkNamespace;
  /** Runs a shell command there: its exit code. */
  command(text: string): Promise<number>;
}

/** The port of a remote that opens a connection. */
const REMOTE_PORT = 33445;
/** Virtual ns that a packet without a time is waited for. */
const PATIENCE = 600e9;

/** A script failed: the message is complete. */
class Failure extends Error {
  override readonly name = "Failure";
}

/** A blocking call that has not returned. */
interface Blocked {
  readonly event: ScriptEvent;
  readonly call: SystemCall;
  readonly attempt: Attempt;
  /** When it is to return, in the script's time. */
  readonly end: number;
}

export class Runner {
  readonly #scheduler: Scheduler;
  readonly #tun: Tun;
  readonly #device: Interface;
  readonly #calls: SystemCalls;
  readonly #flow: Flow;
  readonly #variables: Variables = new Map(Object.entries(CODE_SYMBOLS));
  #timing: Timing;
  #blocked: Blocked | null = null;

  constructor(
    readonly path: string,
    readonly script: Script,
    readonly settings: Settings,
    readonly environment: Environment,
    readonly print: (line: string) => void,
  ) {
    const { namespace } = environment;
    const { version, local, remote, bindPort, connectPort } = settings;
    this.#scheduler = namespace.world.scheduler;
    ({ device: this.#device, tun: this.#tun } = createTun(namespace, "tun0"));
    this.#calls = new SystemCalls(namespace, {
      version,
      local: { address: local, port: bindPort },
      remote: { address: remote, port: connectPort },
    });
    this.#flow = new Flow(version, local, remote, bindPort, REMOTE_PORT);
    this.#timing = this.#newTiming();
  }

  /** The message about the first thing that was not as the script says, or null. */
  async run(): Promise<string | null> {
    try {
      this.#configure();
      for (const command of this.script.init) await this.#command(command);
      this.#timing = this.#newTiming();
      for (const event of this.script.events) await this.#event(event);
      this.#finishBlocked();
      return null;
    } catch (error) {
      if (error instanceof Failure) return error.message;
      throw error;
    } finally {
      this.#calls.closeAll();
      for (const command of this.script.cleanup) await this.environment.command(command.text);
    }
  }

  #newTiming(): Timing {
    return new Timing(this.#scheduler.now, this.settings.tolerance, this.settings.tolerancePercent);
  }

  /** The interface, its address, and the way to the remote. */
  #configure(): void {
    const { namespace } = this.environment;
    const { version, local, remote, prefixLength, mtu } = this.settings;
    if (version === 4) {
      namespace.sysctls().find((entry) => entry.path === "net/ipv6/conf/all/disable_ipv6")?.write?.("1");
    }
    changeLink(namespace.loopback, { up: true });
    register(this.#device);
    changeLink(this.#device, { mtu, up: true });
    const family: AddressFamily = version === 4 ? namespace.ipv4 : namespace.ipv6;
    family.addAddress(this.#device, { local, prefixLength, flags: version === 6 ? 0x02 : 0 }, "add"); // IFA_F_NODAD
    const nexthops = [{ device: this.#device }];
    family.addRoute({ destination: remote, prefixLength: version === 4 ? 32 : 128, nexthops }, "add");
    this.#scheduler.drain();
    this.#tun.outgoing.length = 0;
  }

  get #now(): number {
    return this.#timing.toScript(this.#scheduler.now);
  }

  /** Runs the world one step; a call that waits may return by it. */
  #step(): void {
    this.#scheduler.step();
    this.#checkBlocked();
  }

  /**
   * Runs the world up to a time of the script, which is then now (or it is later already). What the world has for that very
   * moment comes afterwards: a kernel's timers are never early, and late by a little.
   */
  #advance(to: number): void {
    const live = this.#timing.toLive(to);
    while (this.#scheduler.nextAt() < live) this.#step();
    if (this.#scheduler.now < live) this.#scheduler.now = live;
  }

  async #event(event: ScriptEvent): Promise<void> {
    const { action, time } = event;
    const { from, to } = this.#timing.window(time, this.#scheduler.now);
    if (action.kind === "packet" && action.packet.outbound) return this.#expect(event, action.packet, from, to);
    if (this.#timing.last > from && time.kind === "absolute") {
      const micro = (ns: number) => Math.round(ns / 1e3);
      throw new Failure(
        `${this.path}:${event.line}: time goes backward in script ` +
          `from ${micro(this.#timing.last)} usec to ${micro(from)} usec`,
      );
    }
    this.#advance(from);
    switch (action.kind) {
      case "packet":
        this.#tun.inject(this.#incoming(action.packet), this.#device);
        this.#scheduler.drain();
        this.#checkBlocked();
        this.#timing.happened("in", from, this.#now);
        return;
      case "call":
        return this.#call(event, action.call, from);
      case "command":
        await this.#command(action);
        this.#timing.happened(null, from, this.#now);
        return;
      case "code":
        this.#code(event, action.text);
        this.#timing.happened(null, from, this.#now);
        return;
      case "wait":
        this.#expectNothing(event);
        this.#timing.happened(null, from, this.#now);
    }
  }

  /** A UDP packet goes to the port that the socket has by now, from the peer that it has. */
  #incoming(packet: PacketSpec): Uint8Array {
    const { current } = this.#calls;
    if (packet.body.protocol !== "tcp" && current !== null && current.isDatagram) {
      this.#flow.localPort = current.localPort || this.settings.bindPort;
      this.#flow.remotePort = this.settings.connectPort;
    }
    return packetBytes(packet, this.#flow);
  }

  async #command({ text, line }: Command): Promise<void> {
    const code = await this.environment.command(text);
    if (code !== 0) {
      throw new Failure(`${this.path}:${line}: error executing \`${text}\` command: non-zero status ${code}`);
    }
  }

  #code(event: ScriptEvent, text: string): void {
    for (const [name, value] of this.#calls.current?.info() ?? []) this.#variables.set(name, value);
    try {
      runCode(text, this.#variables, this.print);
    } catch (error) {
      if (!(error instanceof CodeError)) throw error;
      throw new Failure(`${this.path}:${event.line}: error executing code: ${error.message}`);
    }
  }

  #call(event: ScriptEvent, call: SystemCall, from: number): void {
    this.#finishBlocked();
    let attempt: Attempt;
    try {
      attempt = this.#calls.start(call);
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      throw this.#callFailure(event, call, error.message);
    }
    this.#scheduler.drain();
    this.#timing.happened("call", from, this.#now);
    const end = call.end === null ? from : event.time.kind === "relative" ? from - event.time.at + call.end : call.end;
    if (!attempt.waits || (call.end === null && this.#isExpected(event, call, attempt.result))) {
      this.#returned(event, call, attempt, attempt.result, end);
      return;
    }
    this.#blocked = { event, call, attempt, end };
    if (attempt.deadline < Infinity) this.#scheduler.arm(new Timer(() => {}), attempt.deadline);
    if (call.end === null) this.#finishBlocked();
  }

  #isExpected(event: ScriptEvent, call: SystemCall, result: number): boolean {
    try {
      return checkResult(call, result) === null;
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      throw this.#callFailure(event, call, error.message);
    }
  }

  #callFailure(event: ScriptEvent, call: SystemCall, what: string): Failure {
    return new Failure(`${this.path}:${event.line}: runtime error in ${call.name} call: ${what}`);
  }

  /** Compares what a call gave, and when, with the script. */
  #returned(event: ScriptEvent, call: SystemCall, attempt: Attempt, result: number, end: number): void {
    let wrong: string | null;
    try {
      wrong = checkResult(call, result) ?? attempt.check();
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      wrong = error.message;
    }
    if (wrong !== null) throw this.#callFailure(event, call, wrong);
    if (event.time.kind === "any" || this.#timing.accepts(end, end, this.#now)) return;
    const time = { kind: "absolute", at: end, end } as const;
    throw new Failure(
      `${this.path}:${event.line}: ${this.#timing.error("system call return", time, end, end, this.#now)}`,
    );
  }

  #checkBlocked(): void {
    if (this.#blocked === null) return;
    const { event, call, attempt, end } = this.#blocked;
    const result = attempt.retry();
    if (result === -Errno.EAGAIN) return;
    this.#blocked = null;
    this.#returned(event, call, attempt, result, end);
  }

  /** Waits for a call that has not returned, as long as it may take. */
  #finishBlocked(): void {
    if (this.#blocked === null) return;
    const { event, call, end, attempt } = this.#blocked;
    const live = this.#timing.toLive(this.#timing.latest(end, end));
    while (this.#blocked !== null && this.#scheduler.nextAt() <= live) this.#step();
    if (this.#blocked === null) return;
    this.#blocked = null;
    if (call.end === null) this.#returned(event, call, attempt, attempt.result, end);
    throw this.#callFailure(event, call, "system call did not return");
  }

  /** The next packet that matters, if it is out. */
  #take(spec: PacketSpec): LivePacket | null {
    const { outgoing } = this.#tun;
    while (outgoing.length > 0) {
      const packet = readOutgoing(outgoing.shift()!);
      if (packet !== null && isRelevant(packet, spec.body.protocol)) return packet;
    }
    return null;
  }

  /** The next packet, waited for until `latest` (ns of virtual time). */
  #await(spec: PacketSpec, latest: number): LivePacket | null {
    for (;;) {
      const packet = this.#take(spec);
      if (packet !== null || this.#scheduler.nextAt() > latest) return packet;
      this.#step();
    }
  }

  #expect(event: ScriptEvent, spec: PacketSpec, from: number, to: number): void {
    const { time } = event;
    const latest = time.kind === "any"
      ? this.#scheduler.now + PATIENCE
      : this.#timing.toLive(this.#timing.latest(from, to));
    const packet = this.#await(spec, latest);
    const failure = (what: string, more: string[]) =>
      new Failure([`${this.path}:${event.line}: error handling packet: ${what}`, ...more].join("\n"));
    if (packet === null) throw failure("Timed out waiting for packet", [dump("script", spec, from)]);
    const actual = this.#gather(spec, packet, latest);
    const at = this.#timing.toScript(packet.at);
    const ticks = this.settings.timestampTick === 0 ? -1 : this.settings.tolerance / this.settings.timestampTick;
    let wrong = difference(spec, actual, packet, ticks);
    if (wrong === null && time.kind !== "any" && !this.#timing.accepts(from, to, at)) {
      wrong = this.#timing.error("outbound packet", time, from, to, at);
    }
    if (wrong !== null) throw failure(wrong, [dump("script", spec, from), dump("actual", actual, at)]);
    const scriptTime = time.kind === "any" ? at : Math.min(Math.max(at, from), to);
    this.#timing.happened("out", scriptTime, at);
  }

  /** A live packet in the script's terms. A larger segment that the script expects may come as several, one after the other. */
  #gather(spec: PacketSpec, packet: LivePacket, latest: number): PacketSpec {
    this.#learn(spec, packet);
    let whole = describe(packet, this.#flow)!;
    while (
      spec.body.protocol === "tcp" && whole.body.protocol === "tcp" && whole.body.payload > 0 &&
      whole.body.payload < spec.body.payload
    ) {
      const next = this.#await(spec, latest);
      if (next === null) break;
      const more = describe(next, this.#flow)!.body;
      const { body } = whole;
      if (more.protocol !== "tcp" || more.payload === 0 || more.sequence !== (body.sequence + body.payload) >>> 0) {
        this.#tun.outgoing.unshift({ bytes: next.bytes, at: next.at });
        break;
      }
      const flags = body.flags | (more.flags & (FIN | PSH));
      whole = { ...whole, body: { ...body, payload: body.payload + more.payload, flags } };
    }
    return whole;
  }

  #learn(spec: PacketSpec, packet: LivePacket): void {
    const script = spec.body.protocol === "tcp" ? spec.body : null;
    learn(this.#flow, packet, script);
    const timestamp = timestampOf(script?.options ?? null);
    if (timestamp < 0) return;
    const live = liveTimestamp(packet);
    if (live >= 0) this.#flow.learnTimestamp(timestamp, live);
  }

  #expectNothing(event: ScriptEvent): void {
    for (const outgoing of this.#tun.outgoing.splice(0)) {
      const packet = readOutgoing(outgoing);
      if (packet === null || !isRelevant(packet, "tcp")) continue;
      const at = this.#timing.toScript(packet.at);
      throw new Failure(
        `${this.path}:${event.line}: error handling packet: unexpected outbound packet at ${
          (at / 1e9).toFixed(6)
        } sec\n` +
          dump("actual", describe(packet, this.#flow)!, at),
      );
    }
  }
}
