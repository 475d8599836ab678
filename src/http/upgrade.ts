/** Requests that leave HTTP: what `upgradeWebSocket` leaves for the server to find. */
import type { ByteReader, ByteStream } from "./byte_reader.ts";

/** Takes the connection over after the 101 response; `reader` holds what the client has sent already. */
export type Takeover = (stream: ByteStream, reader: ByteReader) => void;

const takeovers = new WeakMap<Response, Takeover>();
/** Marks a response: once it is sent, `takeover` has the connection. */
export function offerUpgrade(response: Response, takeover: Takeover): void {
  takeovers.set(response, takeover);
}

/** The takeover that a response carries, once. */
export function takeUpgrade(response: Response): Takeover | undefined {
  const takeover = takeovers.get(response);
  takeovers.delete(response);
  return takeover;
}
