/** Bodies between the platform's streams and a connection. */
import type { BodyReader } from "./body.ts";
import { joined } from "./byte_reader.ts";

/** Octets that a body stream asks for at once. */
const CHUNK = 65536;

/**
 * What `reader` decodes, as a byte stream. `onEnd` is called once: with null after the last octet, with the reason when the body
 * is cancelled or broken; `broken` makes the error that the stream's reader gets then.
 */
export function bodyStream(
  reader: BodyReader,
  onEnd: (reason: unknown) => void,
  broken: () => Error,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    type: "bytes",
    autoAllocateChunkSize: CHUNK,
    async pull(controller) {
      const request = controller.byobRequest!;
      try {
        const count = await reader.read(request.view as Uint8Array<ArrayBuffer>);
        if (count > 0) {
          request.respond(count);
          if (!reader.done) return;
          controller.close();
        } else {
          controller.close();
          request.respond(0);
        }
        onEnd(null);
      } catch (error) {
        controller.error(broken());
        onEnd(error);
      }
    },
    cancel(reason) {
      onEnd(reason ?? new Error("cancelled"));
    },
  }, { highWaterMark: 0 });
}

type Piece = ReadableStreamReadResult<Uint8Array>;

/** The pieces of a body, of which some were read ahead. */
export class Pieces {
  readonly #ahead: Promise<Piece>[] = [];

  constructor(readonly reader: ReadableStreamDefaultReader<Uint8Array>) {}

  read(): Promise<Piece> {
    return this.#ahead.shift() ?? this.reader.read();
  }

  /** The next piece if it is there within a few microtasks, and then it is taken; undefined otherwise. */
  async soon(): Promise<Piece | undefined> {
    const promise = this.read();
    let result: Piece | undefined;
    promise.then((piece) => result = piece, () => {});
    for (let i = 0; i < PATIENCE && result === undefined; i++) await undefined;
    if (result === undefined) this.#ahead.push(promise);
    return result;
  }

  /** Puts a piece before all others. */
  putBack(piece: Uint8Array): void {
    this.#ahead.unshift(Promise.resolve({ done: false, value: piece }));
  }

  cancel(reason?: unknown): Promise<void> {
    return this.reader.cancel(reason);
  }
}

/** Turns of the microtask queue in which a body that is all there shows its end. */
const PATIENCE = 8;
const EMPTY = new Uint8Array(0);

/**
 * Looks at a body: one that is complete when the message is made (a text, octets, a closed stream) is given whole, so that its
 * length can be said; of any other the pieces follow as they come.
 */
export async function peekBody(stream: ReadableStream<Uint8Array>): Promise<Uint8Array | Pieces> {
  const pieces = new Pieces(stream.getReader());
  const first = await pieces.soon();
  if (first === undefined) return pieces;
  if (first.done) return EMPTY;
  const second = await pieces.soon();
  if (second?.done) return first.value;
  if (second === undefined) pieces.putBack(first.value);
  else pieces.putBack(joined([first.value, second.value], first.value.length + second.value.length));
  return pieces;
}
