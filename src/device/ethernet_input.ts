/** Takes the Ethernet header off a received frame (`eth_type_trans`). */
import type { Packet } from "../wire/packet.ts";
import { TO_BROADCAST, TO_HOST, TO_MULTICAST, TO_OTHER_HOST } from "../wire/packet.ts";
import { ETHERNET_HEADER } from "../wire/ethernet.ts";
import type { Interface } from "./interface.ts";

/**
 * Sets `link`, `protocol` and `kind` from the frame at `packet.head`, and moves `head` past the header.
 * False when the frame is shorter than a header.
 */
export function ethernetInput(packet: Packet, device: Interface): boolean {
  const at = packet.head;
  if (packet.tail - at < ETHERNET_HEADER) return false;
  const bytes = packet.bytes;
  packet.link = at;
  packet.head = at + ETHERNET_HEADER;
  packet.protocol = (bytes[at + 12] << 8) | bytes[at + 13];
  const own = device.address;
  if ((bytes[at] & 1) !== 0) {
    packet.kind = isBroadcast(bytes, at) ? TO_BROADCAST : TO_MULTICAST;
  } else if (
    bytes[at + 5] === own[5] && bytes[at + 4] === own[4] && bytes[at + 3] === own[3] && bytes[at + 2] === own[2] &&
    bytes[at + 1] === own[1] && bytes[at] === own[0]
  ) packet.kind = TO_HOST;
  else packet.kind = TO_OTHER_HOST;
  return true;
}

function isBroadcast(bytes: Uint8Array, at: number): boolean {
  return (bytes[at] & bytes[at + 1] & bytes[at + 2] & bytes[at + 3] & bytes[at + 4] & bytes[at + 5]) === 255;
}

/**
 * Takes an 802.1Q tag off (`skb_vlan_untag`): the TCI goes to `packet.vlan`, the addresses move up to the inner EtherType.
 * `head` is behind the Ethernet header. False when the frame is too short. The packet must be its holder's own.
 */
export function untag(packet: Packet): boolean {
  const { bytes, head, link } = packet;
  if (packet.tail - head < 4) return false;
  packet.vlan = (bytes[head] << 8) | bytes[head + 1];
  packet.protocol = (bytes[head + 2] << 8) | bytes[head + 3];
  bytes.copyWithin(link + 4, link, link + 12);
  packet.link = link + 4;
  packet.head = head + 4;
  return true;
}

/** Puts the tag of `packet.vlan` into the frame at `head` (`__vlan_hwaccel_push_inside`). */
export function pushTag(packet: Packet): void {
  const bytes = packet.bytes;
  const head = packet.head - 4;
  bytes.copyWithin(head, head + 4, head + 16);
  bytes[head + 12] = 0x81;
  bytes[head + 13] = 0;
  bytes[head + 14] = packet.vlan >>> 8;
  bytes[head + 15] = packet.vlan;
  packet.head = packet.link = head;
  packet.vlan = -1;
}
