/** Questions of `dig`, `nslookup` and `host` to one server: what came back, or how it failed (`dighost.c`). */
import { decodeMessage, encodeMessage, type Message, query } from "../../dns/message.ts";
import { readMessage, writeMessage } from "../../dns/server.ts";
import { UdpSocket } from "../../transport/udp_socket.ts";
import { Errno } from "../../wire/errno.ts";
import type { LookedUp } from "../name_lookup.ts";
import type { Process } from "../process.ts";
import { closeQuietly } from "../../http/byte_reader.ts";
import { addressText, startConnect, within } from "../tcp_client.ts";

export interface Question {
  name: string;
  type: number;
  class: number;
  recurse: boolean;
  /** 0: without EDNS. */
  ednsSize: number;
  /** The AD bit and a COOKIE option, as dig sends them. */
  dig: boolean;
}

export interface Server {
  to: LookedUp;
  /** As it was named. */
  name: string;
  port: number;
}

export interface Reply {
  message: Message;
  octets: Uint8Array;
  sent: Uint8Array;
  server: Server;
  tcp: boolean;
  /** Virtual ms. */
  ms: number;
}

/** `setup`: it could not even be sent. */
export interface Failure {
  kind: "timed out" | "refused" | "setup" | "connect";
  words: string;
}

/** The octets of a question. */
export function questionOctets(process: Process, question: Question): Uint8Array<ArrayBuffer> {
  const random = process.namespace.random.split("dig");
  const message = query(randomId(process), question.name, question.type, question.recurse);
  message.ednsSize = question.ednsSize;
  message.questions[0].class = question.class;
  const plain = encodeMessage(message);
  if (!question.dig) return plain;
  plain[3] |= 0x20;
  if (question.ednsSize === 0) return plain;
  const octets = new Uint8Array(plain.length + 12);
  octets.set(plain);
  octets.set([0, 12, 0, 10, 0, 8], plain.length - 2);
  random.fill(octets.subarray(plain.length + 4));
  return octets;
}

const counters = new WeakMap<Process, number>();

/** Different for each question of a process, and the same in each run of the world. */
function randomId(process: Process): number {
  const count = (counters.get(process) ?? 0) + 1;
  counters.set(process, count);
  return process.namespace.random.split(`query ${process.pid} ${count}`).below(65536);
}

const ERRORS: Readonly<Record<number, string>> = {
  [Errno.ECONNREFUSED]: "connection refused",
  [Errno.ENETUNREACH]: "network unreachable",
  [Errno.EHOSTUNREACH]: "host unreachable",
  [Errno.ETIMEDOUT]: "timed out",
  [Errno.ECONNRESET]: "connection reset",
};

function words(errno: number): string {
  return ERRORS[Math.abs(errno)] ?? "failure";
}

/** Asks once. */
export async function exchange(
  process: Process,
  question: Question,
  server: Server,
  tcp: boolean,
  ms: number,
): Promise<Reply | Failure> {
  const sent = questionOctets(process, question);
  const { scheduler } = process.namespace.world;
  const start = scheduler.now;
  const octets = tcp ? await overTcp(process, server, sent, ms) : await overUdp(process, server, sent, ms);
  if (!(octets instanceof Uint8Array)) return octets;
  const message = decodeMessage(octets);
  if (message === null) return { kind: "timed out", words: "timed out" };
  return { message, octets, sent, server, tcp, ms: Math.round((scheduler.now - start) / 1e6) };
}

async function overUdp(process: Process, server: Server, data: Uint8Array, ms: number): Promise<Uint8Array | Failure> {
  const socket = new UdpSocket(process.namespace.udp, server.to.version);
  if (server.to.scope !== null) socket.device = server.to.scope;
  try {
    let errno = socket.connect(server.to.address, server.port);
    if (errno < 0) return { kind: "setup", words: words(errno) };
    errno = socket.send(data);
    if (errno < 0) return { kind: "refused", words: words(errno) };
    const { scheduler } = process.namespace.world;
    const end = scheduler.now + ms * 1e6;
    const into = new Uint8Array(65535);
    for (;;) {
      const count = socket.receive(into);
      if (count >= 0) {
        if (count >= 12 && into[0] === data[0] && into[1] === data[1]) return into.slice(0, count);
        continue;
      }
      if (count !== -Errno.EAGAIN) return { kind: "refused", words: words(count) };
      const left = (end - scheduler.now) / 1e6;
      if (left <= 0) return { kind: "timed out", words: "timed out" };
      const what = `an answer of ${addressText(server.to.address)}#${server.port}`;
      await process.wait(what, (done) => socket.onReadable = socket.onError = done, left);
    }
  } finally {
    socket.close();
  }
}

async function overTcp(process: Process, server: Server, data: Uint8Array, ms: number): Promise<Uint8Array | Failure> {
  const connecting = startConnect(process, server.to, server.port);
  let stop = () => connecting.cancel();
  let late = false;
  return await within(process, ms, () => {
    late = true;
    stop();
  }, async () => {
    const errno = connecting.immediate < 0 ? connecting.immediate : await connecting.result;
    if (late) return { kind: "timed out", words: "timed out" };
    if (errno < 0) return { kind: "connect", words: words(errno) };
    const stream = connecting.stream();
    stop = () => closeQuietly(stream);
    try {
      await writeMessage(stream, data);
      return await readMessage(stream) ?? { kind: "refused", words: "end of file" };
    } catch {
      return late ? { kind: "timed out", words: "timed out" } : { kind: "refused", words: "connection reset" };
    } finally {
      closeQuietly(stream);
    }
  });
}

/** What is said of a failure: `server` by its address. */
export function failureLine(failure: Failure, server: Server, name: string): string {
  const where = `${addressText(server.to.address)}#${server.port}`;
  const shown = name.endsWith(".") && name !== "." ? name.slice(0, -1) : name;
  if (failure.kind === "setup") {
    return `;; UDP setup with ${where}(${server.name}) for ${shown} failed: ${failure.words}.\n;; no servers could be reached\n`;
  }
  if (failure.kind === "connect") {
    return `;; Connection to ${where}(${server.name}) for ${shown} failed: ${failure.words}.\n;; no servers could be reached\n`;
  }
  return `;; communications error to ${where}: ${failure.words}\n`;
}
