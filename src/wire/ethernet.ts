/** Ethernet II (IEEE 802.3) and 802.1Q: destination, source, EtherType. Offsets from the start of the frame. */

export const ETHERNET_HEADER = 14;
export const ETH_P_IP = 0x0800;
export const ETH_P_ARP = 0x0806;
export const ETH_P_8021Q = 0x8100;
export const ETH_P_IPV6 = 0x86dd;
/** Every protocol: for taps. */
export const ETH_P_ALL = 0x0003;

export const ETHERNET_DESTINATION = 0;
export const ETHERNET_SOURCE = 6;
export const ETHERNET_TYPE = 12;

export const BROADCAST_MAC: Uint8Array = new Uint8Array([255, 255, 255, 255, 255, 255]);
export const ZERO_MAC: Uint8Array = new Uint8Array(6);

/** `02:00:00:00:00:01` */
export function formatMac(bytes: Uint8Array, at = 0): string {
  let text = "";
  for (let i = 0; i < 6; i++) text += (i > 0 ? ":" : "") + bytes[at + i].toString(16).padStart(2, "0");
  return text;
}

/** The six octets of a MAC address as `ip` takes it (one or two hex digits each), or null. */
export function parseMac(text: string): Uint8Array | null {
  const words = text.split(":");
  if (words.length !== 6 || words.some((word) => !/^[0-9a-fA-F]{1,2}$/.test(word))) return null;
  return Uint8Array.from(words, (word) => parseInt(word, 16));
}
