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
