/** Passing on (`net/ipv4/ip_forward.c`): the hottest path of a router. */
import { ICMP_DEST_UNREACH, ICMP_EXC_TTL, ICMP_FRAG_NEEDED, ICMP_TIME_EXCEEDED } from "../wire/icmp.ts";
import { IP_DF, IPV4_CHECKSUM, IPV4_FRAGMENT, IPV4_TTL } from "../wire/ipv4.ts";
import { get16 } from "../wire/octets.ts";
import { type Packet, TO_HOST } from "../wire/packet.ts";
import type { InDevice } from "./in_device.ts";
import type { Ipv4 } from "./ipv4.ts";
import { fitsCut, output } from "./ipv4_output.ts";
import { NF_FORWARD } from "./host.ts";
import type { Route4 } from "./route4.ts";

/** `ip_forward`: takes a packet that came in and whose route leads on. */
export function forward(ipv4: Ipv4, packet: Packet, own: InDevice, route: Route4): void {
  const { ip } = ipv4.host.mib;
  if (packet.kind !== TO_HOST) {
    ipv4.host.world.drop(packet, "IP_NOT_FORWARDED");
    return;
  }
  const network = packet.network;
  if (packet.bytes[network + IPV4_TTL] <= 1) {
    ip.InHdrErrors++;
    ipv4.icmp.send(packet, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0);
    packet.release();
    return;
  }
  ip.ForwDatagrams++;
  const length = packet.tail - packet.head;
  const { settings } = ipv4;
  const mtu = route.mtu(settings.ip_forward_use_pmtu !== 0 ? ipv4.host.world.scheduler.now : -1);
  if (
    length > mtu && !(packet.gsoSize > 0 && fitsCut(packet, mtu)) &&
    (get16(packet.bytes, network + IPV4_FRAGMENT) & IP_DF) !== 0
  ) {
    ip.FragFails++;
    ipv4.icmp.send(packet, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, mtu);
    packet.release();
    return;
  }
  const redirect = packet.control === 1;
  if (!packet.owned) {
    const copy = packet.copy();
    copy.route = route;
    packet.release();
    packet = copy;
  }
  decrementTtl(packet.bytes, network);
  if (redirect) ipv4.icmp.redirect(packet, route);
  const { netfilter } = ipv4.host;
  if (netfilter !== null) {
    const passed = netfilter.pass(NF_FORWARD, 4, packet, own.device, route.device);
    if (passed === null) return;
    packet = passed;
  }
  output(ipv4, packet, route, mtu);
}

/** One less, and the checksum one more (in its high octet), as RFC 1624 has it (`ip_decrease_ttl`). */
function decrementTtl(bytes: Uint8Array, at: number): void {
  let sum = ((bytes[at + IPV4_CHECKSUM] << 8) | bytes[at + IPV4_CHECKSUM + 1]) + 0x100;
  if (sum >= 0xffff) sum = (sum + 1) & 0xffff;
  bytes[at + IPV4_CHECKSUM] = sum >>> 8;
  bytes[at + IPV4_CHECKSUM + 1] = sum;
  bytes[at + IPV4_TTL]--;
}
