/** Counts an ICMP message that a socket sends (`icmp_out_count`). */
import type { Mib } from "../ip/mib.ts";
import { ICMP_ECHO, ICMPV6_ECHO_REQUEST } from "../wire/icmp.ts";

export function countIcmpOut(mib: Mib, version: 4 | 6, type: number): void {
  if (version === 4) {
    mib.icmp.OutMsgs++;
    if (type === ICMP_ECHO) mib.icmp.OutEchos++;
    mib.icmp.outTypes.set(type, (mib.icmp.outTypes.get(type) ?? 0) + 1);
  } else {
    mib.icmp6.OutMsgs++;
    if (type === ICMPV6_ECHO_REQUEST) mib.icmp6.OutEchos++;
    mib.icmp6.outTypes.set(type, (mib.icmp6.outTypes.get(type) ?? 0) + 1);
  }
}
