/** A packet at one of the netfilter's places, its headers found once for all rules (`nft_pktinfo`, `nf_hook_state`). */
import type { Interface } from "../device/interface.ts";
import { skipExtensions } from "../ip/extension_headers6.ts";
import { IP_OFFSET, IPV4_FRAGMENT, IPV4_PROTOCOL } from "../wire/ipv4.ts";
import { IPV6_HEADER, IPV6_NEXT_HEADER } from "../wire/ipv6.ts";
import { get16 } from "../wire/octets.ts";
import type { Packet } from "../wire/packet.ts";
import type { Chain } from "./chain.ts";
import type { Netfilter } from "./netfilter.ts";

/** What statements answer. */
export const CONTINUE = 0;
/** The rule does not concern this packet. */
export const BREAK = 1;
export const ACCEPT = 2;
export const DROP = 3;
export const JUMP = 4;
export const GOTO = 5;
export const RETURN = 6;
/** The packet is no longer the netfilter's: a queue of fragments has it. */
export const STOLEN = 7;

const found = new Int32Array(2);
const NOTHING = new Uint8Array(0);

export class HookState {
  place = 0;
  version: 4 | 6 = 4;
  packet!: Packet;
  input: Interface | null = null;
  output: Interface | null = null;
  bytes: Uint8Array = NOTHING;
  network = 0;
  /** Where the transport header begins; -1 when the headers before it make no sense. */
  transport = 0;
  tail = 0;
  protocol = 0;
  /** A fragment but the first: without a transport header. */
  fragment = false;
  /** What a selector has loaded: a number, octets of `bytes` or another array from `at`, or text. */
  number = 0;
  octets: Uint8Array = NOTHING;
  at = 0;
  text = "";
  /** Where a JUMP or GOTO leads. */
  target: Chain | null = null;
  /** A chain of type route has changed the mark. */
  marked = false;

  constructor(readonly netfilter: Netfilter) {}

  set(
    place: number,
    version: 4 | 6,
    packet: Packet,
    input: Interface | null,
    output: Interface | null,
  ): void {
    this.place = place;
    this.version = version;
    this.input = input;
    this.output = output;
    this.take(packet);
  }

  /** Finds the headers of a packet, or of the one that took its place. */
  take(packet: Packet): void {
    const { bytes, network, tail } = packet;
    this.packet = packet;
    this.bytes = bytes;
    this.network = network;
    this.tail = tail;
    if (this.version === 4) {
      this.transport = network + ((bytes[network] & 15) << 2);
      this.protocol = bytes[network + IPV4_PROTOCOL];
      this.fragment = (get16(bytes, network + IPV4_FRAGMENT) & IP_OFFSET) !== 0;
      return;
    }
    found[1] = 0;
    this.transport = skipExtensions(bytes, network + IPV6_HEADER, tail, bytes[network + IPV6_NEXT_HEADER], found);
    this.protocol = found[0];
    this.fragment = found[1] !== 0;
  }

  /** Whether `octets` of the transport header of `protocol` are there. */
  has(protocol: number, octets: number): boolean {
    return this.protocol === protocol && !this.fragment && this.transport >= 0 && this.transport + octets <= this.tail;
  }
}
