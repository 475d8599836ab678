/** Connection tracking (`net/netfilter/nf_conntrack_core.c`): which packets belong together, and for how long that is remembered. */
import type { IpHost, SysctlEntry } from "../ip/host.ts";
import { NF_PRE_ROUTING, numberSysctl } from "../ip/host.ts";
import { type Scheduler, SECOND, Timer } from "../time/scheduler.ts";
import { fold, pseudoHeader, sumOctets } from "../wire/checksum.ts";
import { IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_TCP, IPPROTO_UDP } from "../wire/ipv4.ts";
import { get16 } from "../wire/octets.ts";
import { CHECKSUM_NONE, CHECKSUM_UNNECESSARY } from "../wire/packet.ts";
import { RST, TCP_FLAGS } from "../wire/tcp.ts";
import { skipExtensions } from "../ip/extension_headers6.ts";
import {
  Connection,
  CT_ESTABLISHED,
  CT_IS_REPLY,
  CT_NEW,
  CT_RELATED,
  CT_UNTRACKED,
  IPS_ASSURED,
  IPS_CONFIRMED,
  IPS_DYING,
  IPS_EXPECTED,
  IPS_SEEN_REPLY,
  Tuple,
} from "./connection.ts";
import { ACCEPT, DROP, type HookState } from "./hook_state.ts";
import {
  nextTcpState,
  segmentKind,
  TCP_ACK_SET,
  TCP_ESTABLISHED,
  TCP_IGNORE,
  TCP_INVALID,
  TCP_NONE,
  TCP_RST_SET,
  TCP_SYN_RECV,
  TCP_SYN_SENT,
  TCP_TIME_WAIT,
} from "./tcp_states.ts";

/** Timeouts in seconds, named as their sysctls (`nf_conntrack_…`), and limits. */
export class ConntrackSettings {
  max = 262144;
  buckets = 262144;
  checksum = 1;
  acct = 0;
  log_invalid = 0;
  generic_timeout = 600;
  icmp_timeout = 30;
  icmpv6_timeout = 30;
  udp_timeout = 30;
  udp_timeout_stream = 120;
  tcp_be_liberal = 0;
  tcp_loose = 1;
  tcp_max_retrans = 3;
  tcp_timeout_syn_sent = 120;
  tcp_timeout_syn_recv = 60;
  tcp_timeout_established = 432000;
  tcp_timeout_fin_wait = 120;
  tcp_timeout_close_wait = 60;
  tcp_timeout_last_ack = 30;
  tcp_timeout_time_wait = 120;
  tcp_timeout_close = 10;
  tcp_timeout_max_retrans = 300;
  tcp_timeout_unacknowledged = 300;
}

const LEAST_BUCKETS = 64;
/** Buckets that an early drop looks through for a connection that may go (NF_CT_EVICTION_RANGE). */
const EVICTION_RANGE = 8;
/** Forgotten connections are looked for at most this often. */
const GC_INTERVAL = SECOND;

const found = new Int32Array(2);
const inner = new Tuple(false);
const outer = new Tuple(false);

/** What became of a packet of TCP. */
const TAKEN = 0;
const INVALID = 1;
/** Its connection is over, and this packet opens a new one of the same name. */
const REPEAT = 2;

export class Conntrack {
  settings: ConntrackSettings = new ConntrackSettings();
  count = 0;
  readonly #key = new Tuple(false);
  #buckets: (Tuple | null)[] = new Array(LEAST_BUCKETS).fill(null);
  readonly #gc: Timer = new Timer(() => this.#collect());
  #gcAt = Infinity;

  constructor(readonly host: IpHost) {}

  get #scheduler(): Scheduler {
    return this.host.world.scheduler;
  }

  // The table

  /** The tuple of a confirmed connection that still lives, or null. */
  find(key: Tuple): Tuple | null {
    const now = this.#scheduler.now;
    const buckets = this.#buckets;
    for (let tuple = buckets[key.hash & (buckets.length - 1)]; tuple !== null; tuple = tuple.next) {
      if (!tuple.equals(key)) continue;
      const connection = tuple.connection!;
      if (connection.expires > now) return tuple;
      this.remove(connection);
      return null;
    }
    return null;
  }

  #link(tuple: Tuple): void {
    const at = tuple.hash & (this.#buckets.length - 1);
    tuple.next = this.#buckets[at];
    this.#buckets[at] = tuple;
  }

  #unlink(tuple: Tuple): void {
    const at = tuple.hash & (this.#buckets.length - 1);
    let other = this.#buckets[at];
    if (other === tuple) this.#buckets[at] = tuple.next;
    else {
      while (other !== null && other.next !== tuple) other = other.next;
      if (other !== null) other.next = tuple.next;
    }
    tuple.next = null;
  }

  remove(connection: Connection): void {
    if ((connection.status & (IPS_CONFIRMED | IPS_DYING)) !== IPS_CONFIRMED) return;
    connection.status |= IPS_DYING;
    this.#unlink(connection.original);
    this.#unlink(connection.reply);
    this.count--;
  }

  #grow(): void {
    const all = this.connections();
    this.#buckets = new Array(this.#buckets.length * 2).fill(null);
    for (const connection of all) {
      this.#link(connection.original);
      this.#link(connection.reply);
    }
  }

  /** In the order of the table. */
  connections(): Connection[] {
    const list: Connection[] = [];
    for (const first of this.#buckets) {
      for (let tuple = first; tuple !== null; tuple = tuple.next) if (!tuple.reply) list.push(tuple.connection!);
    }
    return list;
  }

  /** Those that have not expired. */
  living(): Connection[] {
    const now = this.#scheduler.now;
    return this.connections().filter((connection) => connection.expires > now);
  }

  flush(): void {
    for (const connection of this.connections()) this.remove(connection);
  }

  #watch(expires: number): void {
    if (expires >= this.#gcAt) return;
    this.#gcAt = expires;
    this.#scheduler.arm(this.#gc, expires);
  }

  /** `gc_worker` */
  #collect(): void {
    const now = this.#scheduler.now;
    let next = Infinity;
    for (const connection of this.connections()) {
      if (connection.expires <= now) this.remove(connection);
      else if (connection.expires < next) next = connection.expires;
    }
    this.#gcAt = Infinity;
    if (next < Infinity) this.#watch(Math.max(next, now + GC_INTERVAL));
  }

  /** Makes room: a connection near this one that is not assured goes (`early_drop`). */
  #earlyDrop(key: Tuple): boolean {
    const mask = this.#buckets.length - 1;
    const from = key.hash & mask;
    for (let i = 0; i < EVICTION_RANGE; i++) {
      for (let tuple = this.#buckets[(from + i) & mask]; tuple !== null; tuple = tuple.next) {
        const connection = tuple.connection!;
        if ((connection.status & IPS_ASSURED) !== 0) continue;
        this.remove(connection);
        return true;
      }
    }
    return false;
  }

  // Packets

  /** `nf_conntrack_in` */
  track(state: HookState): number {
    const { packet } = state;
    if (packet.connection !== null || packet.connectionInfo === CT_UNTRACKED) return ACCEPT;
    packet.connectionInfo = CT_ESTABLISHED;
    const { protocol, bytes, transport } = state;
    if (state.fragment || transport < 0) return ACCEPT;
    if (!this.#checksumRight(state)) return ACCEPT;
    if (protocol === IPPROTO_ICMP && state.version === 4) {
      if (transport + 8 > state.tail) return ACCEPT;
      const type = bytes[transport];
      if (type === 3 || type === 4 || type === 5 || type === 11 || type === 12) {
        this.#relate(state);
        return ACCEPT;
      }
    } else if (protocol === IPPROTO_ICMPV6 && state.version === 6) {
      if (transport + 8 > state.tail) return ACCEPT;
      const type = bytes[transport];
      if ((type >= 130 && type <= 137) || type === 143) {
        packet.connectionInfo = CT_UNTRACKED;
        return ACCEPT;
      }
      if (type < 128) {
        this.#relate(state);
        return ACCEPT;
      }
    }
    for (let again = 0; again < 2; again++) {
      const key = this.#key;
      if (!key.readState(state)) return ACCEPT;
      let tuple = this.find(key);
      if (tuple === null) {
        const connection = this.#create(state, key);
        if (connection === null) return ACCEPT;
        if (connection === FULL) return DROP;
        tuple = connection.original;
      }
      const connection = tuple.connection!;
      packet.connection = connection;
      packet.connectionInfo = tuple.reply
        ? CT_ESTABLISHED + CT_IS_REPLY
        : (connection.status & IPS_SEEN_REPLY) !== 0
        ? CT_ESTABLISHED
        : (connection.status & IPS_EXPECTED) !== 0
        ? CT_RELATED
        : CT_NEW;
      const outcome = this.#advance(state, connection, tuple.reply);
      if (outcome === TAKEN) {
        if (tuple.reply) connection.status |= IPS_SEEN_REPLY;
        return ACCEPT;
      }
      packet.connection = null;
      packet.connectionInfo = CT_ESTABLISHED;
      if (outcome === INVALID) return ACCEPT;
    }
    return ACCEPT;
  }

  /** Headers whose checksum is wrong belong to nothing (nf_conntrack_checksum). */
  #checksumRight(state: HookState): boolean {
    const { packet, bytes, transport, tail, protocol, version, network } = state;
    if (state.place !== NF_PRE_ROUTING || packet.checksum !== CHECKSUM_NONE || this.settings.checksum === 0) {
      return true;
    }
    let sum = 0;
    if (protocol === IPPROTO_TCP || protocol === IPPROTO_UDP) {
      if (transport + 8 > tail) return false;
      if (protocol === IPPROTO_UDP && get16(bytes, transport + 6) === 0) return version === 4;
    } else if (protocol !== IPPROTO_ICMPV6 && protocol !== IPPROTO_ICMP) return true;
    if (protocol !== IPPROTO_ICMP) {
      sum = version === 4
        ? pseudoHeader(bytes, network + 12, network + 16, 4, protocol, tail - transport)
        : pseudoHeader(bytes, network + 8, network + 24, 16, protocol, tail - transport);
    }
    if (fold(sumOctets(bytes, transport, tail, sum)) !== 0xffff) return false;
    packet.checksum = CHECKSUM_UNNECESSARY;
    return true;
  }

  /** An ICMP error belongs to the connection of what it quotes (`nf_conntrack_inet_error`). */
  #relate(state: HookState): void {
    const { packet, bytes, transport, tail, version } = state;
    const quoted = transport + 8;
    if (!readQuoted(bytes, version, quoted, tail)) return;
    inner.invert(outer);
    const tuple = this.find(inner);
    if (tuple === null) return;
    packet.connection = tuple.connection;
    packet.connectionInfo = tuple.reply ? CT_RELATED + CT_IS_REPLY : CT_RELATED;
  }

  /** `init_conntrack`; null: no connection begins with such a packet. */
  #create(state: HookState, key: Tuple): Connection | null {
    const { protocol, bytes, transport } = state;
    if (protocol === IPPROTO_ICMP) {
      const type = key.dport >>> 8;
      if (type !== 8 && type !== 13 && type !== 15 && type !== 17) return null;
    } else if (protocol === IPPROTO_ICMPV6) {
      const type = key.dport >>> 8;
      if (type !== 128 && type !== 139) return null;
    } else if (protocol === IPPROTO_TCP) {
      if (!tcpHeaderRight(state)) return null;
      const first = nextTcpState(false, segmentKind(bytes[transport + TCP_FLAGS]), TCP_NONE);
      if (first >= TCP_IGNORE || (first !== TCP_SYN_SENT && this.settings.tcp_loose === 0)) return null;
    } else if (protocol === IPPROTO_UDP && transport + 8 > state.tail) return null;
    const { max } = this.settings;
    if (max !== 0 && this.count >= max && !this.#earlyDrop(key)) return FULL;
    const connection = new Connection();
    connection.original.copy(key);
    connection.reply.invert(key);
    connection.streamFrom = this.#scheduler.now + 2 * SECOND;
    return connection;
  }

  /** What the packet does to its connection's state and life (`nf_conntrack_handle_packet`). */
  #advance(state: HookState, connection: Connection, reply: boolean): number {
    const { settings } = this;
    let timeout: number;
    switch (state.protocol) {
      case IPPROTO_TCP:
        return this.#advanceTcp(state, connection, reply);
      case IPPROTO_UDP:
        timeout = settings.udp_timeout;
        if ((connection.status & IPS_SEEN_REPLY) !== 0 && this.#scheduler.now > connection.streamFrom) {
          timeout = settings.udp_timeout_stream;
          connection.status |= IPS_ASSURED;
        }
        break;
      case IPPROTO_ICMP:
        timeout = settings.icmp_timeout;
        break;
      case IPPROTO_ICMPV6:
        timeout = settings.icmpv6_timeout;
        break;
      default:
        timeout = settings.generic_timeout;
    }
    this.#refresh(connection, timeout);
    return TAKEN;
  }

  /** `nf_ct_refresh_acct` */
  #refresh(connection: Connection, seconds: number): void {
    const life = seconds * SECOND;
    if ((connection.status & IPS_CONFIRMED) === 0) {
      connection.expires = life;
      return;
    }
    connection.expires = this.#scheduler.now + life;
    this.#watch(connection.expires);
  }

  /** `nf_conntrack_tcp_packet`, without the check of windows. */
  #advanceTcp(state: HookState, connection: Connection, reply: boolean): number {
    if (!tcpHeaderRight(state)) return INVALID;
    const kind = segmentKind(state.bytes[state.transport + TCP_FLAGS]);
    const was = connection.state;
    const next = nextTcpState(reply, kind, was);
    if (next === TCP_INVALID) return INVALID;
    if (next === TCP_IGNORE) return TAKEN;
    if (next === TCP_SYN_SENT && was >= TCP_TIME_WAIT) {
      this.remove(connection);
      return REPEAT;
    }
    const { settings } = this;
    let timeout = this.tcpTimeout(next);
    if (kind === TCP_RST_SET) timeout = settings.tcp_timeout_close;
    connection.state = next;
    if ((connection.status & IPS_SEEN_REPLY) === 0 && !reply) {
      if (kind === TCP_RST_SET) {
        // Nobody answered yet: a reset ends it at once.
        this.remove(connection);
        return TAKEN;
      }
      if (kind === TCP_ACK_SET && timeout > settings.tcp_timeout_unacknowledged) {
        timeout = settings.tcp_timeout_unacknowledged;
      }
    } else if (next === TCP_ESTABLISHED && (was === TCP_SYN_RECV || was === TCP_ESTABLISHED)) {
      connection.status |= IPS_ASSURED;
    }
    this.#refresh(connection, timeout);
    return TAKEN;
  }

  tcpTimeout(state: number): number {
    const s = this.settings;
    switch (state) {
      case TCP_SYN_RECV:
        return s.tcp_timeout_syn_recv;
      case TCP_ESTABLISHED:
        return s.tcp_timeout_established;
      case 4:
        return s.tcp_timeout_fin_wait;
      case 5:
        return s.tcp_timeout_close_wait;
      case 6:
        return s.tcp_timeout_last_ack;
      case TCP_TIME_WAIT:
        return s.tcp_timeout_time_wait;
      case 8:
        return s.tcp_timeout_close;
      default:
        return s.tcp_timeout_syn_sent;
    }
  }

  /** The packet of a new connection has got through: from now on it is known (`__nf_conntrack_confirm`). */
  confirm(state: HookState): number {
    const { packet } = state;
    const connection = packet.connection as Connection | null;
    if (connection === null || (connection.status & (IPS_CONFIRMED | IPS_DYING)) !== 0) return ACCEPT;
    if (packet.connectionInfo >= CT_IS_REPLY) return ACCEPT;
    if (this.find(connection.original) !== null || this.find(connection.reply) !== null) return DROP;
    if (this.count >= this.#buckets.length) this.#grow();
    connection.expires += this.#scheduler.now;
    connection.status |= IPS_CONFIRMED;
    this.#link(connection.original);
    this.#link(connection.reply);
    this.count++;
    this.#watch(connection.expires);
    return ACCEPT;
  }

  sysctls(): SysctlEntry[] {
    const { settings } = this;
    const entries: SysctlEntry[] = (Object.keys(settings) as (keyof ConntrackSettings)[]).map((key) =>
      numberSysctl(`net/netfilter/nf_conntrack_${key}`, settings, key, 0)
    );
    entries.push({ path: "net/netfilter/nf_conntrack_count", read: () => String(this.count) });
    return entries.sort((a, b) => a.path < b.path ? -1 : 1);
  }
}

/** No room for another connection. */
const FULL = new Connection();

function tcpHeaderRight({ bytes, transport, tail }: HookState): boolean {
  if (transport + 20 > tail) return false;
  const header = (bytes[transport + 12] >>> 4) << 2;
  if (header < 20 || transport + header > tail) return false;
  return (bytes[transport + TCP_FLAGS] & RST) === 0 || (bytes[transport + TCP_FLAGS] & 3) === 0;
}

/** Where the transport header of a packet that an ICMP error quotes begins, its protocol in `protocolOut[0]`; -1 when it is cut off. */
export function quotedTransport(
  bytes: Uint8Array,
  version: 4 | 6,
  at: number,
  tail: number,
  protocolOut: Int32Array,
): number {
  if (version === 4) {
    const header = (bytes[at] & 15) << 2;
    if (at + 20 > tail || bytes[at] >>> 4 !== 4 || header < 20 || at + header > tail) return -1;
    if ((get16(bytes, at + 6) & 0x1fff) !== 0) return -1;
    protocolOut[0] = bytes[at + 9];
    return at + header;
  }
  if (at + 40 > tail || bytes[at] >>> 4 !== 6) return -1;
  const transport = skipExtensions(bytes, at + 40, tail, bytes[at + 6], protocolOut);
  return protocolOut[1] !== 0 ? -1 : transport;
}

/** Leaves the quoted packet's tuple in `outer`. */
function readQuoted(bytes: Uint8Array, version: 4 | 6, at: number, tail: number): boolean {
  const transport = quotedTransport(bytes, version, at, tail, found);
  return transport >= 0 && outer.read(bytes, version, at, transport, tail, found[0]);
}
