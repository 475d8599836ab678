/** Counting ICMP messages by their types (`ICMPMSGIN_INC_STATS`, `ICMPMSGOUT_INC_STATS`). */
import type { IcmpCounters } from "./mib.ts";

const IN = [
  "InEchoReps",
  null,
  null,
  "InDestUnreachs",
  "InSrcQuenchs",
  "InRedirects",
  null,
  null,
  "InEchos",
  null,
  null,
  "InTimeExcds",
  "InParmProbs",
  "InTimestamps",
  "InTimestampReps",
  null,
  null,
  "InAddrMasks",
  "InAddrMaskReps",
] as const;

const OUT = [
  "OutEchoReps",
  null,
  null,
  "OutDestUnreachs",
  "OutSrcQuenchs",
  "OutRedirects",
  null,
  null,
  "OutEchos",
  null,
  null,
  "OutTimeExcds",
  "OutParmProbs",
  "OutTimestamps",
  "OutTimestampReps",
  null,
  null,
  "OutAddrMasks",
  "OutAddrMaskReps",
] as const;

export function countIn(icmp: IcmpCounters, type: number): void {
  const name = IN[type];
  if (name) icmp[name]++;
  icmp.inTypes.set(type, (icmp.inTypes.get(type) ?? 0) + 1);
}

/** A message is sent: `OutMsgs` and its type. */
export function countOut(icmp: IcmpCounters, type: number): void {
  icmp.OutMsgs++;
  const name = OUT[type];
  if (name) icmp[name]++;
  icmp.outTypes.set(type, (icmp.outTypes.get(type) ?? 0) + 1);
}
