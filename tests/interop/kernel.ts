/** The real kernel beside an emulated host: a namespace of this machine whose TAP is joined to one of ours. */
import type { Tap } from "../../src/device/tap.ts";
import { createLink } from "../../src/device/link.ts";
import type { Namespace } from "../../mod.ts";

const TAP_PROGRAM = decodeURIComponent(new URL("tap.py", import.meta.url).pathname);
/** Octets on their way to the kernel after which frames are dropped, as by the queue of a slow interface. */
const QUEUE_LIMIT = 4 << 20;

/** Why there can be no interop here, or null. */
export async function whyNot(): Promise<string | null> {
  if (Deno.build.os !== "linux") return "this is not Linux";
  if (Deno.uid() !== 0) return "not root";
  for (const program of ["ip", "python3"]) if (!await has(program)) return `no ${program}`;
  if (await Deno.stat("/dev/net/tun").then(() => false, () => true)) return "no /dev/net/tun";
  const name = `netns-interop-${Deno.pid}-try`;
  if ((await run("ip", "netns", "add", name)).code !== 0) return "namespaces may not be made here";
  await run("ip", "netns", "del", name);
  return null;
}

/** Whether a program of this machine is there. */
export async function has(program: string): Promise<boolean> {
  return (await run("sh", "-c", `command -v ${program}`)).code === 0;
}

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Root's programs are found from a user's login too. */
const env = { PATH: `${Deno.env.get("PATH")}:/usr/sbin:/sbin` };

/** Runs a program of this machine to its end. */
export async function run(program: string, ...args: string[]): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(program, { args, env, stdin: "null" }).output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

/** A namespace of the real kernel, with its `tap0` joined to an interface of an emulated namespace. */
export class KernelHost implements AsyncDisposable {
  static #made = 0;
  static readonly #living = new Set<KernelHost>();
  readonly name = `netns-interop-${Deno.pid}-${++KernelHost.#made}`;
  readonly #children: Deno.ChildProcess[] = [];
  #helper: Deno.ChildProcess | null = null;
  #pump: Promise<void> | null = null;
  #writer: WritableStreamDefaultWriter<Uint8Array> | null = null;
  /** Frames that came from the kernel and went to it, and those that were dropped because it did not take them. */
  readonly frames = { received: 0, sent: 0, dropped: 0 };

  /** Makes the namespace, its `tap0` with `addresses`, and `device` of `ours` at the other end of it. */
  static async join(ours: Namespace, device: string, ...addresses: string[]): Promise<KernelHost> {
    const host = new KernelHost();
    KernelHost.#living.add(host);
    await checked("ip", "netns", "add", host.name);
    await host.sh("ip link set lo up");
    await host.#plug(ours, device);
    for (const address of addresses) {
      await host.sh(`ip addr add ${address} dev tap0${address.includes(":") ? " nodad" : ""}`);
    }
    await host.sh("ip link set tap0 up");
    return host;
  }

  /** Disposes of those that a test left behind, because the world that it ran in came to its end before it. */
  static async disposeOfAll(): Promise<void> {
    for (const host of KernelHost.#living) await host[Symbol.asyncDispose]();
  }

  /** Runs a line of shell in the namespace; throws when it fails. */
  async sh(line: string): Promise<string> {
    const { code, stdout, stderr } = await this.exec(line);
    if (code !== 0) throw new Error(`${line}: exit code ${code}\n${stdout}${stderr}`);
    return stdout;
  }

  /** Runs a line of shell in the namespace, for at most 30 s. */
  exec(line: string): Promise<Ended> {
    return run("ip", "netns", "exec", this.name, "timeout", "-k", "1", "30", "sh", "-c", line);
  }

  /** Starts a program in the namespace that runs until the host is disposed of, or ends by itself. */
  start(...command: string[]): Deno.ChildProcess {
    const child = new Deno.Command("ip", {
      args: ["netns", "exec", this.name, ...command],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#children.push(child);
    return child;
  }

  /** Waits until something in the namespace listens on the TCP port. */
  async listening(port: number): Promise<void> {
    for (let i = 0; i < 200; i++) {
      if ((await this.exec(`ss -Hltn 'sport = :${port}'`)).stdout !== "") return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`nobody listens on port ${port} in ${this.name}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!KernelHost.#living.delete(this)) return;
    for (const child of this.#children) {
      try {
        child.kill("SIGKILL");
      } catch {
        // it has ended by itself
      }
      await child.status;
      if (!child.stdout.locked) await child.stdout.cancel();
    }
    await this.#writer?.close().catch(() => {});
    await this.#helper?.status;
    await this.#pump;
    await run("ip", "netns", "del", this.name);
  }

  async #plug(ours: Namespace, name: string): Promise<void> {
    const helper = new Deno.Command("ip", {
      args: ["netns", "exec", this.name, "python3", TAP_PROGRAM, "tap0"],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#helper = helper;
    const device = createLink(ours.kernel, { kind: "tap", name });
    const tap = device.driver as Tap;
    const writer = this.#writer = helper.stdin.getWriter();
    let waiting = 0;
    tap.onFrame = (frame) => {
      if (waiting > QUEUE_LIMIT) {
        this.frames.dropped++;
        return;
      }
      this.frames.sent++;
      const record = new Uint8Array(frame.length + 2);
      record.set([frame.length >>> 8, frame.length]);
      record.set(frame, 2);
      waiting += record.length;
      writer.write(record).then(() => waiting -= record.length, () => {});
    };
    let ready = () => {};
    const there = new Promise<void>((resolve) => ready = resolve);
    this.#pump = this.#deliver(helper.stdout, tap, () => ready());
    await Promise.race([there, this.#pump.then(() => Promise.reject(new Error("the TAP could not be opened")))]);
    // A router whose link-local address is tentative may not ask for neighbours: here nobody waits for that second.
    await ours.exec(`sysctl -w net.ipv6.conf.${name}.accept_dad=0`);
    await this.sh("sysctl -w net.ipv6.conf.tap0.accept_dad=0");
    ours.setUp(name);
  }

  async #deliver(stream: ReadableStream<Uint8Array>, tap: Tap, onReady: () => void): Promise<void> {
    let pending = new Uint8Array(0);
    for await (const piece of stream) {
      const bytes = new Uint8Array(pending.length + piece.length);
      bytes.set(pending);
      bytes.set(piece, pending.length);
      let at = 0;
      while (at + 2 <= bytes.length) {
        const end = at + 2 + ((bytes[at] << 8) | bytes[at + 1]);
        if (end > bytes.length) break;
        if (end === at + 2) onReady();
        else {
          this.frames.received++;
          tap.write(bytes.subarray(at + 2, end));
        }
        at = end;
      }
      pending = bytes.slice(at);
    }
  }
}

async function checked(program: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await run(program, ...args);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
}
