/** Capture files: pcap, written and read, and pcapng, read. */

/** Link types (LINKTYPE_*) that are known here, as tcpdump names them. */
export const LINKTYPE_EN10MB = 1;
export const LINKTYPE_LINUX_SLL = 113;
export const LINKTYPE_LINUX_SLL2 = 276;

export const LINKTYPE_NAMES: Readonly<Record<number, [name: string, description: string]>> = {
  [LINKTYPE_EN10MB]: ["EN10MB", "Ethernet"],
  [LINKTYPE_LINUX_SLL]: ["LINUX_SLL", "Linux cooked v1"],
  [LINKTYPE_LINUX_SLL2]: ["LINUX_SLL2", "Linux cooked v2"],
};

export interface Captured {
  readonly bytes: Uint8Array;
  /** Octets that it had on the wire. */
  readonly length: number;
  /** When: seconds since the epoch, and nanoseconds of the second. */
  readonly seconds: number;
  readonly nanoseconds: number;
}

export interface CaptureFile {
  readonly linkType: number;
  readonly snapLength: number;
  readonly packets: Captured[];
  /** What tcpdump complains of at the end, when the file is cut short; else null. */
  readonly complaint: string | null;
}

/** Octets of the header of a pcap file. */
export function pcapHeader(linkType: number, snapLength: number): Uint8Array {
  const bytes = new Uint8Array(24);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, snapLength, true);
  view.setUint32(20, linkType, true);
  return bytes;
}

/** Octets of one packet of a pcap file. */
export function pcapRecord(packet: Captured): Uint8Array {
  const bytes = new Uint8Array(16 + packet.bytes.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, packet.seconds, true);
  view.setUint32(4, Math.floor(packet.nanoseconds / 1000), true);
  view.setUint32(8, packet.bytes.length, true);
  view.setUint32(12, packet.length, true);
  bytes.set(packet.bytes, 16);
  return bytes;
}

/** A capture file's contents, or why it is none. */
export function readCapture(bytes: Uint8Array): CaptureFile | string {
  if (bytes.length < 4) {
    return bytes.length === 0
      ? "truncated dump file; tried to read 4 file header bytes, only got 0"
      : `truncated dump file; tried to read 4 file header bytes, only got ${bytes.length}`;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const little of [true, false]) {
    const magic = view.getUint32(0, little);
    if (magic === 0xa1b2c3d4 || magic === 0xa1b23c4d) return readPcap(bytes, view, little, magic === 0xa1b23c4d);
  }
  if (view.getUint32(0, true) === 0x0a0d0d0a) return readPcapng(bytes, view);
  return "unknown file format";
}

function readPcap(bytes: Uint8Array, view: DataView, little: boolean, nano: boolean): CaptureFile | string {
  if (bytes.length < 24) {
    return `truncated dump file; tried to read 24 file header bytes, only got ${bytes.length}`;
  }
  const packets: Captured[] = [];
  const limit = 262144;
  let complaint: string | null = null;
  let at = 24;
  while (at < bytes.length) {
    if (at + 16 > bytes.length) {
      complaint = `truncated dump file; tried to read 16 header bytes, only got ${bytes.length - at}`;
      break;
    }
    const kept = view.getUint32(at + 8, little);
    if (kept > limit) {
      complaint = `invalid packet capture length ${kept}, bigger than snaplen of ${view.getUint32(16, little)}`;
      break;
    }
    if (at + 16 + kept > bytes.length) {
      complaint = `truncated dump file; tried to read ${kept} captured bytes, only got ${bytes.length - at - 16}`;
      break;
    }
    const fraction = view.getUint32(at + 4, little) * (nano ? 1 : 1000);
    packets.push({
      bytes: bytes.subarray(at + 16, at + 16 + kept),
      length: view.getUint32(at + 12, little),
      seconds: view.getUint32(at, little),
      nanoseconds: fraction,
    });
    at += 16 + kept;
  }
  return { linkType: view.getUint32(20, little) & 0xffff, snapLength: view.getUint32(16, little), packets, complaint };
}

interface InterfaceBlock {
  linkType: number;
  snapLength: number;
  /** Units of its time stamps in a second. */
  perSecond: bigint;
}

function readPcapng(bytes: Uint8Array, view: DataView): CaptureFile | string {
  if (bytes.length < 28) return "truncated dump file; the section header block is not whole";
  const little = view.getUint32(8, true) === 0x1a2b3c4d;
  const interfaces: InterfaceBlock[] = [];
  const packets: Captured[] = [];
  let complaint: string | null = null;
  let at = 0;
  while (at + 12 <= bytes.length) {
    const type = view.getUint32(at, little);
    const size = view.getUint32(at + 4, little);
    if (size < 12 || size % 4 !== 0 || at + size > bytes.length) {
      complaint = `truncated dump file; tried to read ${size} bytes, only got ${bytes.length - at}`;
      break;
    }
    if (type === 1 && size >= 20) interfaces.push(readInterface(view, at, size, little));
    else if (type === 6 && size >= 32) {
      const from = interfaces[view.getUint32(at + 8, little)];
      const kept = view.getUint32(at + 20, little);
      if (from !== undefined && 28 + kept <= size - 4) {
        const high = BigInt(view.getUint32(at + 12, little));
        const stamp = ((high << 32n) | BigInt(view.getUint32(at + 16, little))) * 1000000000n / from.perSecond;
        packets.push({
          bytes: bytes.subarray(at + 28, at + 28 + kept),
          length: view.getUint32(at + 24, little),
          seconds: Number(stamp / 1000000000n),
          nanoseconds: Number(stamp % 1000000000n),
        });
      }
    }
    at += size;
  }
  const first = interfaces[0];
  if (first === undefined) return "the capture file has no Interface Description Blocks";
  return { linkType: first.linkType, snapLength: first.snapLength || 262144, packets, complaint };
}

function readInterface(view: DataView, at: number, size: number, little: boolean): InterfaceBlock {
  const block = {
    linkType: view.getUint16(at + 8, little),
    snapLength: view.getUint32(at + 12, little),
    perSecond: 1000000n,
  };
  for (let option = at + 16; option + 4 <= at + size - 4;) {
    const code = view.getUint16(option, little);
    const length = view.getUint16(option + 2, little);
    if (code === 0) break;
    if (code === 9 && length === 1 && option + 5 <= at + size) {
      const resolution = view.getUint8(option + 4);
      block.perSecond = ((resolution & 0x80) !== 0 ? 2n : 10n) ** BigInt(resolution & 0x7f);
    }
    option += 4 + ((length + 3) & ~3);
  }
  return block;
}
