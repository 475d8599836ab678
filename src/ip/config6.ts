/**
 * The sysctls of IPv6: `net.ipv6.conf.DEV.*` in `DeviceConfig6`, the rest in `Settings6`, with the defaults of Linux 6.18.
 * The objects are shared until written: a write replaces the holder's object by a changed copy, so that a namespace
 * whose sysctls nobody touched has none of its own.
 *
 * @module
 */

/** `net.ipv6.conf.{all,default,DEV}` (but `mtu`, which is kept with the device), in the order that the kernel lists them. */
export class DeviceConfig6 {
  accept_dad = 1;
  accept_ra = 1;
  accept_ra_defrtr = 1;
  accept_ra_from_local = 0;
  accept_ra_min_hop_limit = 1;
  accept_ra_min_lft = 0;
  accept_ra_mtu = 1;
  accept_ra_pinfo = 1;
  accept_ra_rt_info_max_plen = 0;
  accept_ra_rt_info_min_plen = 0;
  accept_ra_rtr_pref = 1;
  accept_redirects = 1;
  accept_source_route = 0;
  accept_untracked_na = 0;
  /** 0 EUI-64, 1 none, 2 stable secret, 3 random. */
  addr_gen_mode = 0;
  autoconf = 1;
  dad_transmits = 1;
  disable_ipv6 = 0;
  disable_policy = 0;
  drop_unicast_in_l2_multicast = 0;
  drop_unsolicited_na = 0;
  enhanced_dad = 1;
  force_forwarding = 0;
  force_mld_version = 0;
  force_tllao = 0;
  forwarding = 0;
  hop_limit = 64;
  ignore_routes_with_linkdown = 0;
  ioam6_enabled = 0;
  ioam6_id = 65535;
  ioam6_id_wide = 4294967295;
  keep_addr_on_down = 0;
  max_addresses = 16;
  max_desync_factor = 600;
  mc_forwarding = 0;
  mldv1_unsolicited_report_interval = 10000;
  mldv2_unsolicited_report_interval = 1000;
  ndisc_evict_nocarrier = 1;
  ndisc_notify = 0;
  ndisc_tclass = 0;
  optimistic_dad = 0;
  proxy_ndp = 0;
  ra_defrtr_metric = 1024;
  ra_honor_pio_life = 0;
  ra_honor_pio_pflag = 0;
  regen_max_retry = 3;
  regen_min_advance = 2;
  router_probe_interval = 60;
  router_solicitation_delay = 1;
  router_solicitation_interval = 4;
  router_solicitation_max_interval = 3600;
  router_solicitations = -1;
  rpl_seg_enabled = 0;
  seg6_enabled = 0;
  seg6_require_hmac = 0;
  suppress_frag_ndisc = 1;
  temp_prefered_lft = 86400;
  temp_valid_lft = 604800;
  use_oif_addrs_only = 0;
  use_optimistic = 0;
  use_tempaddr = 0;
}

export type DeviceSysctl6 = keyof DeviceConfig6;

/** A copy with one value changed: what a write to a sysctl stores. */
export function changedConfig(config: DeviceConfig6, name: DeviceSysctl6, value: number): DeviceConfig6 {
  const copy = Object.assign(new DeviceConfig6(), config);
  copy[name] = value;
  return copy;
}

/** `net.ipv6.*` outside `conf` and `neigh`; slashes in names as in `/proc/sys`. */
export class Settings6 {
  anycast_src_echo_reply = 0;
  auto_flowlabels = 1;
  bindv6only = 0;
  fib_multipath_hash_fields = 7;
  fib_multipath_hash_policy = 0;
  fib_notify_on_flag_change = 0;
  flowlabel_consistency = 1;
  flowlabel_reflect = 0;
  flowlabel_state_ranges = 0;
  fwmark_reflect = 0;
  "icmp/echo_ignore_all" = 0;
  "icmp/echo_ignore_anycast" = 0;
  "icmp/echo_ignore_multicast" = 0;
  "icmp/error_anycast_as_unicast" = 0;
  /** Milliseconds between two errors to one destination. */
  "icmp/ratelimit" = 100;
  idgen_delay = 1;
  idgen_retries = 3;
  ioam6_id = 16777215;
  /** Octets of fragments kept, and seconds. */
  ip6frag_high_thresh = 4194304;
  ip6frag_low_thresh = 3145728;
  ip6frag_time = 60;
  ip_nonlocal_bind = 0;
  max_dst_opts_length = 2147483647;
  max_dst_opts_number = 8;
  max_hbh_length = 2147483647;
  max_hbh_opts_number = 8;
  "route/gc_elasticity" = 9;
  "route/gc_interval" = 30;
  "route/gc_min_interval" = 0;
  "route/gc_min_interval_ms" = 500;
  "route/gc_thresh" = 1024;
  "route/gc_timeout" = 60;
  "route/max_size" = 2147483647;
  "route/min_adv_mss" = 1220;
  "route/mtu_expires" = 600;
  "route/skip_notify_on_dev_down" = 0;
  seg6_flowlabel = 0;
  xfrm6_gc_thresh = 32768;
}

export type Sysctl6 = keyof Settings6;

export function changedSettings(settings: Settings6, name: Sysctl6, value: number): Settings6 {
  const copy = Object.assign(new Settings6(), settings);
  copy[name] = value;
  return copy;
}

export const DEFAULT_SETTINGS: Settings6 = new Settings6();
export const DEFAULT_CONFIG: DeviceConfig6 = new DeviceConfig6();
export const DEFAULT_ALL_CONFIG: DeviceConfig6 = changedConfig(DEFAULT_CONFIG, "accept_dad", 0);
/** Where there is no link to share: no DAD, no temporary addresses. */
export const DEFAULT_LOOPBACK_CONFIG: DeviceConfig6 = changedConfig(
  changedConfig(DEFAULT_CONFIG, "accept_dad", -1),
  "use_tempaddr",
  -1,
);
