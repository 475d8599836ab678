# the tree of net.ipv4, and what it refuses
$ ip netns add a
$ ip netns add x
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 netns x
$ ip netns exec a sysctl net.ipv4.conf.all net.ipv4.conf.default net.ipv4.conf.v0
net.ipv4.conf.all.accept_local = 0
net.ipv4.conf.all.accept_redirects = 1
net.ipv4.conf.all.accept_source_route = 0
net.ipv4.conf.all.arp_accept = 0
net.ipv4.conf.all.arp_announce = 0
net.ipv4.conf.all.arp_evict_nocarrier = 1
net.ipv4.conf.all.arp_filter = 0
net.ipv4.conf.all.arp_ignore = 0
net.ipv4.conf.all.arp_notify = 0
net.ipv4.conf.all.bc_forwarding = 0
net.ipv4.conf.all.bootp_relay = 0
net.ipv4.conf.all.disable_policy = 0
net.ipv4.conf.all.disable_xfrm = 0
net.ipv4.conf.all.drop_gratuitous_arp = 0
net.ipv4.conf.all.drop_unicast_in_l2_multicast = 0
net.ipv4.conf.all.force_igmp_version = 0
net.ipv4.conf.all.forwarding = 0
net.ipv4.conf.all.igmpv2_unsolicited_report_interval = 10000
net.ipv4.conf.all.igmpv3_unsolicited_report_interval = 1000
net.ipv4.conf.all.ignore_routes_with_linkdown = 0
net.ipv4.conf.all.log_martians = 0
net.ipv4.conf.all.mc_forwarding = 0
net.ipv4.conf.all.medium_id = 0
net.ipv4.conf.all.promote_secondaries = 0
net.ipv4.conf.all.proxy_arp = 0
net.ipv4.conf.all.proxy_arp_pvlan = 0
net.ipv4.conf.all.route_localnet = 0
net.ipv4.conf.all.rp_filter = 0
net.ipv4.conf.all.secure_redirects = 1
net.ipv4.conf.all.send_redirects = 1
net.ipv4.conf.all.shared_media = 1
net.ipv4.conf.all.src_valid_mark = 0
net.ipv4.conf.all.tag = 0
net.ipv4.conf.default.accept_local = 0
net.ipv4.conf.default.accept_redirects = 1
net.ipv4.conf.default.accept_source_route = 1
net.ipv4.conf.default.arp_accept = 0
net.ipv4.conf.default.arp_announce = 0
net.ipv4.conf.default.arp_evict_nocarrier = 1
net.ipv4.conf.default.arp_filter = 0
net.ipv4.conf.default.arp_ignore = 0
net.ipv4.conf.default.arp_notify = 0
net.ipv4.conf.default.bc_forwarding = 0
net.ipv4.conf.default.bootp_relay = 0
net.ipv4.conf.default.disable_policy = 0
net.ipv4.conf.default.disable_xfrm = 0
net.ipv4.conf.default.drop_gratuitous_arp = 0
net.ipv4.conf.default.drop_unicast_in_l2_multicast = 0
net.ipv4.conf.default.force_igmp_version = 0
net.ipv4.conf.default.forwarding = 0
net.ipv4.conf.default.igmpv2_unsolicited_report_interval = 10000
net.ipv4.conf.default.igmpv3_unsolicited_report_interval = 1000
net.ipv4.conf.default.ignore_routes_with_linkdown = 0
net.ipv4.conf.default.log_martians = 0
net.ipv4.conf.default.mc_forwarding = 0
net.ipv4.conf.default.medium_id = 0
net.ipv4.conf.default.promote_secondaries = 0
net.ipv4.conf.default.proxy_arp = 0
net.ipv4.conf.default.proxy_arp_pvlan = 0
net.ipv4.conf.default.route_localnet = 0
net.ipv4.conf.default.rp_filter = 0
net.ipv4.conf.default.secure_redirects = 1
net.ipv4.conf.default.send_redirects = 1
net.ipv4.conf.default.shared_media = 1
net.ipv4.conf.default.src_valid_mark = 0
net.ipv4.conf.default.tag = 0
net.ipv4.conf.v0.accept_local = 0
net.ipv4.conf.v0.accept_redirects = 1
net.ipv4.conf.v0.accept_source_route = 1
net.ipv4.conf.v0.arp_accept = 0
net.ipv4.conf.v0.arp_announce = 0
net.ipv4.conf.v0.arp_evict_nocarrier = 1
net.ipv4.conf.v0.arp_filter = 0
net.ipv4.conf.v0.arp_ignore = 0
net.ipv4.conf.v0.arp_notify = 0
net.ipv4.conf.v0.bc_forwarding = 0
net.ipv4.conf.v0.bootp_relay = 0
net.ipv4.conf.v0.disable_policy = 0
net.ipv4.conf.v0.disable_xfrm = 0
net.ipv4.conf.v0.drop_gratuitous_arp = 0
net.ipv4.conf.v0.drop_unicast_in_l2_multicast = 0
net.ipv4.conf.v0.force_igmp_version = 0
net.ipv4.conf.v0.forwarding = 0
net.ipv4.conf.v0.igmpv2_unsolicited_report_interval = 10000
net.ipv4.conf.v0.igmpv3_unsolicited_report_interval = 1000
net.ipv4.conf.v0.ignore_routes_with_linkdown = 0
net.ipv4.conf.v0.log_martians = 0
net.ipv4.conf.v0.mc_forwarding = 0
net.ipv4.conf.v0.medium_id = 0
net.ipv4.conf.v0.promote_secondaries = 0
net.ipv4.conf.v0.proxy_arp = 0
net.ipv4.conf.v0.proxy_arp_pvlan = 0
net.ipv4.conf.v0.route_localnet = 0
net.ipv4.conf.v0.rp_filter = 0
net.ipv4.conf.v0.secure_redirects = 1
net.ipv4.conf.v0.send_redirects = 1
net.ipv4.conf.v0.shared_media = 1
net.ipv4.conf.v0.src_valid_mark = 0
net.ipv4.conf.v0.tag = 0
$ ip netns exec a sysctl net.ipv4.neigh.v0
net.ipv4.neigh.v0.anycast_delay = 100
net.ipv4.neigh.v0.app_solicit = 0
net.ipv4.neigh.v0.base_reachable_time_ms = 30000
net.ipv4.neigh.v0.delay_first_probe_time = 5
net.ipv4.neigh.v0.gc_stale_time = 60
net.ipv4.neigh.v0.interval_probe_time_ms = 5000
net.ipv4.neigh.v0.locktime = 100
net.ipv4.neigh.v0.mcast_resolicit = 0
net.ipv4.neigh.v0.mcast_solicit = 3
net.ipv4.neigh.v0.proxy_delay = 80
net.ipv4.neigh.v0.proxy_qlen = 64
net.ipv4.neigh.v0.retrans_time_ms = 1000
net.ipv4.neigh.v0.ucast_solicit = 3
net.ipv4.neigh.v0.unres_qlen = 101
net.ipv4.neigh.v0.unres_qlen_bytes = 212992
$ ip netns exec a sysctl net.ipv4.icmp_ratelimit net.ipv4.icmp_ratemask net.ipv4.icmp_msgs_per_sec net.ipv4.icmp_msgs_burst
net.ipv4.icmp_ratelimit = 1000
net.ipv4.icmp_ratemask = 6168
net.ipv4.icmp_msgs_per_sec = 1000
net.ipv4.icmp_msgs_burst = 50
$ ip netns exec a sysctl net.ipv4.ipfrag_high_thresh net.ipv4.ipfrag_low_thresh net.ipv4.ipfrag_time net.ipv4.ipfrag_max_dist
net.ipv4.ipfrag_high_thresh = 4194304
net.ipv4.ipfrag_low_thresh = 3145728
net.ipv4.ipfrag_time = 30
net.ipv4.ipfrag_max_dist = 64
$ ip netns exec a sysctl net.ipv4.route
net.ipv4.route.min_adv_mss = 256
net.ipv4.route.min_pmtu = 552
net.ipv4.route.mtu_expires = 600
$ ip netns exec a sysctl -w net.ipv4.conf.default.rp_filter=1
net.ipv4.conf.default.rp_filter = 1
$ ip netns exec a sysctl net.ipv4.conf.v0.rp_filter net.ipv4.conf.lo.rp_filter net.ipv4.conf.all.rp_filter
net.ipv4.conf.v0.rp_filter = 1
net.ipv4.conf.lo.rp_filter = 1
net.ipv4.conf.all.rp_filter = 0
$ ip -n a addr add 10.0.0.1/24 dev v0
$ ip netns exec a sysctl -w net.ipv4.conf.default.rp_filter=2
net.ipv4.conf.default.rp_filter = 2
$ ip netns exec a sysctl net.ipv4.conf.v0.rp_filter net.ipv4.conf.lo.rp_filter
net.ipv4.conf.v0.rp_filter = 1
net.ipv4.conf.lo.rp_filter = 2
$ ip netns exec a sysctl -w net.ipv4.ip_forward=1
net.ipv4.ip_forward = 1
$ ip netns exec a sysctl net.ipv4.conf.all.forwarding net.ipv4.conf.default.forwarding net.ipv4.conf.v0.forwarding net.ipv4.conf.all.accept_redirects
net.ipv4.conf.all.forwarding = 1
net.ipv4.conf.default.forwarding = 1
net.ipv4.conf.v0.forwarding = 1
net.ipv4.conf.all.accept_redirects = 0
$ ip netns exec a sysctl -w net.ipv4.conf.v0.forwarding=0
net.ipv4.conf.v0.forwarding = 0
$ ip netns exec a sysctl net.ipv4.ip_forward net.ipv4.conf.all.forwarding
net.ipv4.ip_forward = 1
net.ipv4.conf.all.forwarding = 1
$ ip netns exec a sysctl -w net.ipv4.conf.all.forwarding=0
net.ipv4.conf.all.forwarding = 0
$ ip netns exec a sysctl net.ipv4.ip_forward net.ipv4.conf.default.forwarding net.ipv4.conf.all.accept_redirects
net.ipv4.ip_forward = 0
net.ipv4.conf.default.forwarding = 0
net.ipv4.conf.all.accept_redirects = 1
$ ip netns exec a sysctl -w net.ipv4.ip_default_ttl=0
sysctl: setting key "net.ipv4.ip_default_ttl": Invalid argument
[1]
$ ip netns exec a sysctl -w net.ipv4.ip_default_ttl=256
sysctl: setting key "net.ipv4.ip_default_ttl": Invalid argument
[1]
$ ip netns exec a sysctl -w net.ipv4.ip_default_ttl=abc
sysctl: setting key "net.ipv4.ip_default_ttl": Invalid argument
[1]
$ ip netns exec a sysctl -w net.ipv4.icmp_echo_ignore_all=2
sysctl: setting key "net.ipv4.icmp_echo_ignore_all": Invalid argument
[1]
$ ip netns exec a sysctl -w net.ipv4.conf.v0.rp_filter=17
net.ipv4.conf.v0.rp_filter = 17
$ ip netns exec a sysctl -w net.ipv4.conf.v0.rp_filter=x
sysctl: setting key "net.ipv4.conf.v0.rp_filter": Invalid argument
[1]
$ ip netns exec a sysctl -w net.ipv4.route.min_pmtu=20
sysctl: setting key "net.ipv4.route.min_pmtu": Invalid argument
[1]
$ ip netns exec a sysctl -w net.ipv4.neigh.v0.base_reachable_time_ms=5000
net.ipv4.neigh.v0.base_reachable_time_ms = 5000
$ ip netns exec a sysctl -w net.ipv4.neigh.v0.unres_qlen=3
net.ipv4.neigh.v0.unres_qlen = 3
$ ip netns exec a sysctl net.ipv4.neigh.v0.unres_qlen_bytes net.ipv4.neigh.v0.unres_qlen
net.ipv4.neigh.v0.unres_qlen_bytes = 6270
net.ipv4.neigh.v0.unres_qlen = 3
$ ip netns exec a sysctl -w net.ipv4.conf.all.mc_forwarding=1
sysctl: setting key "net.ipv4.conf.all.mc_forwarding": Invalid argument
$ ip netns exec a sysctl -w net.ipv4.icmp_ratelimit=-1
sysctl: setting key "net.ipv4.icmp_ratelimit": Invalid argument
[1]
