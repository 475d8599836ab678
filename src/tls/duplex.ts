/**
 * A connection of a namespace as a Duplex of Node, for the libraries that speak over one.
 *
 * What such a library does is foreign to virtual time: it goes on by `process.nextTick` and turns of the real loop. So the clock
 * is held for a few of them (`World.settle`) whenever octets were handed to it.
 *
 * @module
 */
import type { World } from "../device/world.ts";
import { type NodeDuplex, requiredModule, type StreamModule } from "./platform.ts";

/** A connected byte stream that can be ended on its own side: a `TcpConn`, a `UnixConn`, Deno's own. */
export interface DuplexStream {
  /** Octets that were read; null at the end. */
  read(into: Uint8Array): Promise<number | null>;
  /** Octets that were taken. */
  write(data: Uint8Array): Promise<number>;
  closeWrite(): Promise<void>;
  close(): void;
}

/** Octets that are read at once. */
const CHUNK = 65536;

/** The duplex over a stream: it ends, fails and is closed as the stream does and is. */
export function duplexOver(world: World, stream: DuplexStream): NodeDuplex {
  const { Duplex } = requiredModule<StreamModule>("stream", "A Node library");
  let reading = false;
  const read = async () => {
    if (reading) return;
    reading = true;
    try {
      for (let more = true; more;) {
        const buffer = new Uint8Array(CHUNK);
        const count = await stream.read(buffer);
        more = duplex.push(count === null ? null : buffer.slice(0, count)) && count !== null;
        world.settle();
      }
    } catch (error) {
      duplex.destroy(error as Error);
      world.settle();
    } finally {
      reading = false;
    }
  };
  const write = async (chunk: Uint8Array) => {
    for (let sent = 0; sent < chunk.length;) sent += await stream.write(chunk.subarray(sent));
  };
  const told = (operation: Promise<void>, done: (error?: Error | null) => void) => {
    const tell = (error?: Error) => {
      done(error);
      world.settle();
    };
    operation.then(() => tell(), tell);
  };
  const duplex = new Duplex({
    read: () => void read(),
    write: (chunk, _encoding, done) => told(write(chunk), done),
    writev: (chunks, done) => told(write(joined(chunks)), done),
    final: (done) => told(stream.closeWrite(), done),
    destroy(error, done) {
      try {
        stream.close();
      } catch {
        // It was closed already.
      }
      done(error);
    },
  });
  return duplex;
}

/** What was written piece by piece meanwhile goes out at once. */
function joined(chunks: readonly { chunk: Uint8Array }[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, { chunk }) => sum + chunk.length, 0));
  let at = 0;
  for (const { chunk } of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
