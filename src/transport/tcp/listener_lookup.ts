/** Which of the listeners on a port a segment is for (`__inet_lookup_listener`). */
import type { IpAddress } from "../../ip/host.ts";
import { equal6 } from "../../wire/ipv6.ts";
import { get32 } from "../../wire/octets.ts";
import type { Packet } from "../../wire/packet.ts";
import { type Binding, isAny } from "./binding.ts";
import { hashKeys, sameAddress } from "./endpoint.ts";
import type { Listener } from "./listen.ts";

/** Of the listeners on its port, the one that a packet from interface `device` is for. */
export function findListener(
  candidates: readonly Listener[],
  packet: Packet,
  six: boolean,
  device: number,
): Listener | null {
  const bytes = packet.bytes, network = packet.network;
  const local = six ? bytes.subarray(network + 24, network + 40) : get32(bytes, network + 16);
  let best: Listener | null = null, bestScore = -1, ties = 0;
  for (const listener of candidates) {
    const score = listenerScore(listener.binding, six, local, device);
    if (score < 0 || score < bestScore) continue;
    if (score > bestScore) {
      best = listener;
      bestScore = score;
      ties = 1;
    } else if (listener.binding.reusePort) {
      // SO_REUSEPORT: by the hash of the addresses, each of n with the same chance.
      ties++;
      const hash = hashKeys(ties, get32(bytes, packet.head) | 0, get32(bytes, network + 12) | 0) >>> 0;
      if (hash % ties === 0) best = listener;
    }
  }
  return best;
}

function listenerScore(binding: Binding, six: boolean, local: IpAddress, device: number): number {
  if (binding.boundIndex !== 0 && binding.boundIndex !== device) return -1;
  let score = binding.boundIndex !== 0 ? 2 : 1;
  if (binding.version === 6) {
    if (six) {
      if (isAny(binding.local)) return score;
      return equal6(binding.local as Uint8Array, local as Uint8Array) ? score + 4 : -1;
    }
    return !binding.v6Only && isAny(binding.local) ? score : -1;
  }
  if (six) return -1;
  score++; // a socket of IPv4 goes before one that takes both
  if (isAny(binding.local)) return score;
  return sameAddress(binding.local, local) ? score + 4 : -1;
}
