/** IPv4's namespace-wide settings: `net.ipv4.*` but for those of single interfaces and of the transports (`struct netns_ipv4`). */
import { ALL_CONF, DEFAULT_CONF, type DevConf4 } from "./devconf4.ts";
import { NeighbourLimits, NeighbourParameters } from "./neighbour_parameters.ts";

/** Names and defaults are those of Linux 6.18. */
export class Settings4 {
  allConf: DevConf4 = ALL_CONF;
  defaultConf: DevConf4 = DEFAULT_CONF;
  neighbours: NeighbourParameters = new NeighbourParameters();
  neighbourLimits: NeighbourLimits = new NeighbourLimits();
  fib_multipath_hash_fields = 7;
  fib_multipath_hash_policy = 0;
  fib_multipath_hash_seed = 0;
  fib_multipath_use_neigh = 0;
  fib_notify_on_flag_change = 0;
  fwmark_reflect = 0;
  icmp_echo_enable_probe = 0;
  icmp_echo_ignore_all = 0;
  icmp_echo_ignore_broadcasts = 1;
  icmp_errors_use_inbound_ifaddr = 0;
  icmp_ignore_bogus_error_responses = 1;
  icmp_msgs_burst = 50;
  icmp_msgs_per_sec = 1000;
  /** Milliseconds between ICMP errors to one destination. */
  icmp_ratelimit = 1000;
  icmp_ratemask = 6168;
  igmp_link_local_mcast_reports = 1;
  igmp_max_memberships = 20;
  igmp_max_msf = 10;
  igmp_qrv = 2;
  ip_autobind_reuse = 0;
  ip_default_ttl = 64;
  ip_dynaddr = 0;
  ip_early_demux = 1;
  ip_forward_update_priority = 1;
  ip_forward_use_pmtu = 0;
  ip_no_pmtu_disc = 0;
  ip_nonlocal_bind = 0;
  /** Octets. */
  ipfrag_high_thresh = 4194304;
  ipfrag_low_thresh = 3145728;
  ipfrag_max_dist = 64;
  /** Seconds. */
  ipfrag_time = 30;
  nexthop_compat_mode = 1;
  raw_l3mdev_accept = 1;
  min_adv_mss = 256;
  min_pmtu = 552;
  /** Seconds. */
  mtu_expires = 600;
  xfrm4_gc_thresh = 32768;
}

/** What a namespace has until it writes: one object for all. */
export const DEFAULT_SETTINGS: Settings4 = new Settings4();

/** A namespace's own copy. */
export function ownSettings(settings: Settings4): Settings4 {
  const copy = Object.assign(new Settings4(), settings);
  copy.neighbours = Object.assign(new NeighbourParameters(), settings.neighbours);
  copy.neighbourLimits = Object.assign(new NeighbourLimits(), settings.neighbourLimits);
  return copy;
}
