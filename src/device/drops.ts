/**
 * Packets that Linux drops without a counter of its own in `ip -s link`, `nstat` or `tc -s qdisc`: what its `kfree_skb` tracepoint
 * would tell, by the name of the reason (`include/net/dropreason-core.h`). With those counters, no packet is lost silently.
 */
export class Drops {
  /** For another host: received in promiscuous mode, or flooded by a bridge. */
  OTHERHOST = 0;
  /** The interface went down, or away, while the packet waited, or a VLAN's or macvlan's is down. */
  DEV_READY = 0;
  /** Shorter than a link header. */
  PKT_TOO_SMALL = 0;
  /** Longer than the bridge port that it should leave by takes. */
  PKT_TOO_BIG = 0;
  /** At a bridge: a group address, or none, as the source. */
  MAC_INVALID_SOURCE = 0;
  /** At a bridge: a pause frame. */
  MAC_IEEE_MAC_CONTROL = 0;
  /** At a bridge: the port that it came in by is not forwarding. */
  BRIDGE_INGRESS_STP_STATE = 0;
  /** At a bridge: nowhere to go. */
  BRIDGE_NO_EGRESS_PORT = 0;
  /** A unicast packet in a group's frame, where `drop_unicast_in_l2_multicast` is set. */
  UNICAST_IN_L2_MULTICAST = 0;
  /** From an address, or to one, that cannot be on that interface. */
  IP_MARTIAN = 0;
  /** With a source route, or another option that is not followed. */
  IP_SOURCE_ROUTE = 0;
  /** Not for this host, and not to be forwarded: forwarding is off, or it was not sent to this host's link address. */
  IP_NOT_FORWARDED = 0;
  /** Took a blackhole route. */
  IP_BLACKHOLE = 0;
  /** To a group that nobody here listens to. */
  IP_NOT_MEMBER = 0;
  /** One of this host that no route takes, with nobody to be told. */
  IP_OUTNOROUTES = 0;
  /** A fragment that was there already. */
  DUP_FRAG = 0;
  /** The neighbour's entry went away. */
  NEIGH_DEAD = 0;
  /** The neighbour may not be asked for. */
  NEIGH_FAILED = 0;
  /** There is no room for the neighbour's entry. */
  NEIGH_CREATEFAIL = 0;
  /** ARP that makes no sense, or came where there is none. */
  ARP_IGNORED = 0;
  /** A TCP segment of no use to the socket: a RST for a listener. */
  TCP_FLAGS = 0;
  /** A TCP segment for a connection that is closed. */
  TCP_CLOSE = 0;
  /** A partition of the network is on (`Network.partition`). */
  PARTITION = 0;
}

/** The reasons by name. */
export type DropReason = keyof Drops;
