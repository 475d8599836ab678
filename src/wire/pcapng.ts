/** pcapng (draft-ietf-opsawg-pcapng): a section with an interface block for each interface and an enhanced packet block for each packet. */

/** LINKTYPE_ETHERNET and LINKTYPE_RAW (bare IP). */
export const LINKTYPE_ETHERNET = 1;
export const LINKTYPE_RAW = 101;

const CHUNK = 1 << 20;
const encoder = new TextEncoder();

/** Writes blocks into memory, in little-endian order. */
export class PcapngWriter {
  readonly #full: Uint8Array[] = [];
  #chunk = new Uint8Array(CHUNK);
  #view = new DataView(this.#chunk.buffer);
  #used = 0;
  #fullLength = 0;
  #interfaces = 0;

  constructor() {
    const application = option(4, encoder.encode("@netns/emulator"));
    const length = 24 + application.length + 4 + 4; // end of options, total length
    const at = this.#begin(0x0a0d0d0a, length);
    this.#view.setUint32(at + 8, 0x1a2b3c4d, true);
    this.#view.setUint16(at + 12, 1, true);
    this.#view.setUint16(at + 14, 0, true);
    this.#view.setBigInt64(at + 16, -1n, true);
    this.#chunk.set(application, at + 24);
    this.#end(at, length);
  }

  /** Octets written so far. */
  get length(): number {
    return this.#fullLength + this.#used;
  }

  /** Describes an interface, with nanosecond stamps; its number is what `packet` takes. */
  interface(name: string, description: string, linkType: number = LINKTYPE_ETHERNET): number {
    const options = [
      option(2, encoder.encode(name)),
      option(3, encoder.encode(description)),
      option(9, Uint8Array.of(9)),
      new Uint8Array(4),
    ];
    const size = options.reduce((sum, bytes) => sum + bytes.length, 0);
    const length = 20 + size;
    const at = this.#begin(1, length);
    this.#view.setUint16(at + 8, linkType, true);
    this.#view.setUint16(at + 10, 0, true);
    this.#view.setUint32(at + 12, 0, true);
    let to = at + 16;
    for (const bytes of options) {
      this.#chunk.set(bytes, to);
      to += bytes.length;
    }
    this.#end(at, length);
    return this.#interfaces++;
  }

  /**
   * Begins a packet of `size` octets that was seen at `timeNs`, and gives the place where its octets belong: the caller
   * fills them in before it calls the writer again.
   */
  packet(id: number, timeNs: number, size: number, outgoing: boolean): Uint8Array {
    const padded = (size + 3) & ~3;
    const length = 28 + padded + 12 + 4;
    const at = this.#begin(6, length);
    const view = this.#view;
    view.setUint32(at + 8, id, true);
    view.setUint32(at + 12, Math.floor(timeNs / 4294967296), true);
    view.setUint32(at + 16, timeNs >>> 0, true);
    view.setUint32(at + 20, size, true);
    view.setUint32(at + 24, size, true);
    const flags = at + 28 + padded;
    view.setUint16(flags, 2, true);
    view.setUint16(flags + 2, 4, true);
    view.setUint32(flags + 4, outgoing ? 2 : 1, true);
    view.setUint32(flags + 8, 0, true);
    this.#end(at, length);
    return this.#chunk.subarray(at + 28, at + 28 + size);
  }

  /** All that was written, in one piece. */
  bytes(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.length);
    let at = 0;
    for (const chunk of this.#full) {
      all.set(chunk, at);
      at += chunk.length;
    }
    all.set(this.#chunk.subarray(0, this.#used), at);
    return all;
  }

  #begin(type: number, length: number): number {
    if (this.#used + length > this.#chunk.length) {
      this.#full.push(this.#chunk.subarray(0, this.#used));
      this.#fullLength += this.#used;
      this.#chunk = new Uint8Array(Math.max(CHUNK, length));
      this.#view = new DataView(this.#chunk.buffer);
      this.#used = 0;
    }
    const at = this.#used;
    this.#used += length;
    this.#view.setUint32(at, type, true);
    this.#view.setUint32(at + 4, length, true);
    return at;
  }

  #end(at: number, length: number): void {
    this.#view.setUint32(at + length - 4, length, true);
  }
}

function option(code: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + ((value.length + 3) & ~3));
  bytes[0] = code;
  bytes[2] = value.length;
  bytes[3] = value.length >>> 8;
  bytes.set(value, 4);
  return bytes;
}
