/** `/proc/net/nf_conntrack` (`ct_seq_show`). */
import type { Connection, Tuple } from "../netfilter/connection.ts";
import { IPS_ASSURED, IPS_SEEN_REPLY, isIcmp } from "../netfilter/connection.ts";
import { TCP_STATE_NAMES } from "../netfilter/tcp_states.ts";
import { formatIpv4, IPPROTO_TCP, IPPROTO_UDP } from "../wire/ipv4.ts";
import type { NetworkNamespace } from "./namespace.ts";

const NAMES: ReadonlyMap<number, string> = new Map([
  [1, "icmp"],
  [6, "tcp"],
  [17, "udp"],
  [33, "dccp"],
  [47, "gre"],
  [58, "icmpv6"],
  [132, "sctp"],
  [136, "udplite"],
]);

/** `%pI6`: all digits. */
function words(...numbers: number[]): string {
  return numbers.flatMap((word) => [word >>> 16, word & 0xffff]).map((half) => half.toString(16).padStart(4, "0")).join(
    ":",
  );
}

function tupleText(tuple: Tuple): string {
  const { protocol, sport, dport } = tuple;
  const source = tuple.version === 4 ? formatIpv4(tuple.s3) : words(tuple.s0, tuple.s1, tuple.s2, tuple.s3);
  const destination = tuple.version === 4 ? formatIpv4(tuple.d3) : words(tuple.d0, tuple.d1, tuple.d2, tuple.d3);
  const text = `src=${source} dst=${destination} `;
  if (protocol === IPPROTO_TCP || protocol === IPPROTO_UDP) return `${text}sport=${sport} dport=${dport} `;
  return isIcmp(protocol) ? `${text}type=${dport >>> 8} code=${dport & 255} id=${sport} ` : text;
}

function line(connection: Connection, now: number): string {
  const { original, status } = connection;
  const { protocol } = original;
  const version = original.version === 4 ? "ipv4     2" : "ipv6     10";
  const left = Math.floor((connection.expires - now) / 1e9);
  let text = `${version} ${(NAMES.get(protocol) ?? "unknown").padEnd(8)} ${protocol} ${left} `;
  if (protocol === IPPROTO_TCP) text += `${TCP_STATE_NAMES[connection.state]} `;
  text += tupleText(original);
  if ((status & IPS_SEEN_REPLY) === 0) text += "[UNREPLIED] ";
  text += tupleText(connection.reply);
  if ((status & IPS_ASSURED) !== 0) text += "[ASSURED] ";
  return `${text}mark=${connection.mark} zone=0 use=2\n`;
}

export function conntrackText(namespace: NetworkNamespace): string {
  if (!namespace.ruleset.tracking) return "";
  const { now } = namespace.world.scheduler;
  return namespace.ruleset.netfilter.conntrack.living().map((connection) => line(connection, now)).join("");
}
