/**
 * Packets that Linux drops without a counter of its own in `ip -s link`, `nstat` or `tc -s qdisc`: what its `kfree_skb` tracepoint
 * would tell, by the name of the reason (`include/net/dropreason-core.h`). With those counters, no packet is lost silently.
 */
export class Drops {
  /** Received by an interface in promiscuous mode, or flooded to it, for another host. */
  OTHERHOST = 0;
  /** The interface went down, or away, while the packet waited, or a VLAN's or macvlan's is down. */
  DEV_READY = 0;
  /** Too short, or longer than the interface that it should leave by takes. */
  PKT_TOO_SMALL = 0;
  PKT_TOO_BIG = 0;
  /** A bridge: a group address as the source; a port that is not forwarding; nowhere to go; a pause frame. */
  MAC_INVALID_SOURCE = 0;
  BRIDGE_INGRESS_STP_STATE = 0;
  BRIDGE_NO_EGRESS_PORT = 0;
  MAC_IEEE_MAC_CONTROL = 0;
  /** A unicast packet in a group's frame, where `drop_unicast_in_l2_multicast` is set. */
  UNICAST_IN_L2_MULTICAST = 0;
  /** From an address, or to one, that cannot be on that interface; with a source route. */
  IP_MARTIAN = 0;
  IP_SOURCE_ROUTE = 0;
  /** Not for this host, where it does not forward; a blackhole route. */
  IP_NOT_FORWARDED = 0;
  IP_BLACKHOLE = 0;
  /** A group that nobody here listens to. */
  IP_NOT_MEMBER = 0;
  /** A packet of this host that no route takes, with nobody to be told. */
  IP_OUTNOROUTES = 0;
  /** A fragment that was there already. */
  DUP_FRAG = 0;
  /** The neighbour is gone, may not be asked for, or cannot be made. */
  NEIGH_DEAD = 0;
  NEIGH_FAILED = 0;
  NEIGH_CREATEFAIL = 0;
  /** ARP that makes no sense, or came where there is none. */
  ARP_IGNORED = 0;
  /** A TCP segment that its socket has no use for: a RST for a listener, anything for a closed connection. */
  TCP_FLAGS = 0;
  TCP_CLOSE = 0;
  /** A partition of the network is on (`Network.partition`). */
  PARTITION = 0;
}

/** The reasons by name. */
export type DropReason = keyof Drops;
