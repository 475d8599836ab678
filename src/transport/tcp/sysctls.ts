/** `net.ipv4.tcp_*` of one namespace, with Linux 6.18's defaults and bounds. */
import { numberSysctl, type SysctlEntry } from "../../ip/host.ts";
import { Errno, KernelError } from "../../wire/errno.ts";
import { congestionControls } from "./congestion_controls.ts";

export class TcpSysctls {
  abortOnOverflow = 0;
  advWinScale = 1;
  appWin = 31;
  autocorking = 1;
  backlogAckDefer = 1;
  baseMss = 1024;
  challengeAckLimit = 0x7fffffff;
  childEhashEntries = 0;
  compSackDelayNs = 1000000;
  compSackNr = 44;
  compSackSlackNs = 100000;
  congestionControl = "cubic";
  dsack = 1;
  earlyDemux = 1;
  earlyRetrans = 3;
  ecn = 2;
  ecnFallback = 1;
  ecnOption = 2;
  ecnOptionBeacon = 3;
  fack = 0;
  fastopen = 1;
  fastopenBlackholeTimeout = 0;
  finTimeout = 60;
  frto = 2;
  fwmarkAccept = 0;
  invalidRatelimit = 500;
  keepaliveInterval = 75;
  keepaliveProbes = 9;
  keepaliveTime = 7200;
  l3mdevAccept = 0;
  limitOutputBytes = 4194304;
  maxReordering = 300;
  maxSynBacklog = 2048;
  maxTwBuckets = 131072;
  migrateReq = 0;
  minRttWindow = 300;
  minSndMss = 48;
  minTsoSegs = 2;
  moderateRcvbuf = 1;
  mtuProbeFloor = 48;
  mtuProbing = 0;
  noMetricsSave = 0;
  noSsthreshMetricsSave = 1;
  notsentLowat = 4294967295;
  orphanRetries = 0;
  pacingCaRatio = 120;
  pacingSsRatio = 200;
  pingpongThreshold = 1;
  plbCongThresh = 128;
  plbEnabled = 0;
  plbIdleRehashRounds = 3;
  plbRehashRounds = 12;
  plbSuspendRtoSec = 60;
  probeInterval = 600;
  probeThreshold = 8;
  recovery = 1;
  reflectTos = 0;
  reordering = 3;
  retransCollapse = 1;
  retries1 = 3;
  retries2 = 15;
  rfc1337 = 0;
  rmem: [number, number, number] = [4096, 131072, 33554432];
  rtoMaxMs = 120000;
  rtoMinUs = 200000;
  sack = 1;
  shrinkWindow = 0;
  slowStartAfterIdle = 1;
  stdurg = 0;
  synLinearTimeouts = 4;
  synRetries = 6;
  synackRetries = 5;
  syncookies = 1;
  thinLinearTimeouts = 0;
  timestamps = 1;
  tsoRttLog = 9;
  tsoWinDivisor = 3;
  twReuse = 2;
  twReuseDelay = 1000;
  windowScaling = 1;
  wmem: [number, number, number] = [4096, 16384, 4194304];
  workaroundSignedWindows = 0;

  entries(): SysctlEntry[] {
    const number = (name: string, key: NumberKey, least?: number, most?: number) =>
      numberSysctl(`net/ipv4/tcp_${name}`, this as { [key in NumberKey]: number }, key, least, most);
    return [
      number("abort_on_overflow", "abortOnOverflow", 0, 255),
      number("adv_win_scale", "advWinScale", -31, 31),
      constant("allowed_congestion_control", "reno cubic"),
      number("app_win", "appWin", 0, 31),
      number("autocorking", "autocorking", 0, 1),
      constant("available_congestion_control", "reno cubic"),
      number("backlog_ack_defer", "backlogAckDefer", 0, 1),
      number("base_mss", "baseMss"),
      number("challenge_ack_limit", "challengeAckLimit"),
      number("child_ehash_entries", "childEhashEntries", 0, 16 * 1024 * 1024),
      number("comp_sack_delay_ns", "compSackDelayNs", 0, 4294967295),
      number("comp_sack_nr", "compSackNr", 0, 255),
      number("comp_sack_slack_ns", "compSackSlackNs", 0, 4294967295),
      this.#congestionControl(),
      number("dsack", "dsack", 0, 255),
      number("early_demux", "earlyDemux", 0, 255),
      number("early_retrans", "earlyRetrans", 0, 4),
      number("ecn", "ecn", 0, 5),
      number("ecn_fallback", "ecnFallback", 0, 1),
      number("ecn_option", "ecnOption", 0, 2),
      number("ecn_option_beacon", "ecnOptionBeacon", 0, 3),
      constant("ehash_entries", "-262144"),
      number("fack", "fack", 0, 255),
      number("fastopen", "fastopen"),
      number("fastopen_blackhole_timeout_sec", "fastopenBlackholeTimeout", 0),
      constant("fastopen_key", "00000000-00000000-00000000-00000000"),
      number("fin_timeout", "finTimeout"),
      number("frto", "frto", 0, 255),
      number("fwmark_accept", "fwmarkAccept", 0, 255),
      number("invalid_ratelimit", "invalidRatelimit"),
      number("keepalive_intvl", "keepaliveInterval"),
      number("keepalive_probes", "keepaliveProbes", 0, 255),
      number("keepalive_time", "keepaliveTime"),
      number("l3mdev_accept", "l3mdevAccept", 0, 1),
      number("limit_output_bytes", "limitOutputBytes"),
      number("max_reordering", "maxReordering"),
      number("max_syn_backlog", "maxSynBacklog"),
      number("max_tw_buckets", "maxTwBuckets"),
      number("migrate_req", "migrateReq", 0, 1),
      number("min_rtt_wlen", "minRttWindow", 0, 86400),
      number("min_snd_mss", "minSndMss", 48, 65535),
      number("min_tso_segs", "minTsoSegs", 1, 255),
      number("moderate_rcvbuf", "moderateRcvbuf", 0, 255),
      number("mtu_probe_floor", "mtuProbeFloor", 48, 65535),
      number("mtu_probing", "mtuProbing", 0, 255),
      number("no_metrics_save", "noMetricsSave", 0, 255),
      number("no_ssthresh_metrics_save", "noSsthreshMetricsSave", 0, 1),
      number("notsent_lowat", "notsentLowat", 0, 4294967295),
      number("orphan_retries", "orphanRetries", 0, 255),
      number("pacing_ca_ratio", "pacingCaRatio", 0, 1000),
      number("pacing_ss_ratio", "pacingSsRatio", 0, 1000),
      number("pingpong_thresh", "pingpongThreshold", 1, 255),
      number("plb_cong_thresh", "plbCongThresh", 0, 256),
      number("plb_enabled", "plbEnabled", 0, 1),
      number("plb_idle_rehash_rounds", "plbIdleRehashRounds", 0, 255),
      number("plb_rehash_rounds", "plbRehashRounds", 0, 255),
      number("plb_suspend_rto_sec", "plbSuspendRtoSec", 0, 255),
      number("probe_interval", "probeInterval", 0, 4294967295),
      number("probe_threshold", "probeThreshold"),
      number("recovery", "recovery", 0, 255),
      number("reflect_tos", "reflectTos", 0, 1),
      number("reordering", "reordering"),
      number("retrans_collapse", "retransCollapse", 0, 255),
      number("retries1", "retries1", 0, 255),
      number("retries2", "retries2", 0, 255),
      number("rfc1337", "rfc1337", 0, 255),
      this.#memory("rmem"),
      number("rto_max_ms", "rtoMaxMs", 1000, 120000),
      number("rto_min_us", "rtoMinUs", 1),
      number("sack", "sack", 0, 255),
      number("shrink_window", "shrinkWindow", 0, 1),
      number("slow_start_after_idle", "slowStartAfterIdle", 0, 255),
      number("stdurg", "stdurg", 0, 255),
      number("syn_linear_timeouts", "synLinearTimeouts", 0, 127),
      number("syn_retries", "synRetries", 1, 127),
      number("synack_retries", "synackRetries", 0, 255),
      number("syncookies", "syncookies", 0, 255),
      number("thin_linear_timeouts", "thinLinearTimeouts", 0, 255),
      number("timestamps", "timestamps", 0, 255),
      number("tso_rtt_log", "tsoRttLog", 0, 255),
      number("tso_win_divisor", "tsoWinDivisor", 0, 255),
      number("tw_reuse", "twReuse", 0, 2),
      number("tw_reuse_delay", "twReuseDelay", 1, 60000),
      number("window_scaling", "windowScaling", 0, 255),
      this.#memory("wmem"),
      number("workaround_signed_windows", "workaroundSignedWindows", 0, 255),
    ];
  }

  #congestionControl(): SysctlEntry {
    return {
      path: "net/ipv4/tcp_congestion_control",
      read: () => this.congestionControl,
      write: (value) => {
        const name = value.trim();
        if (!congestionControls.has(name)) throw new KernelError(Errno.ENOENT);
        this.congestionControl = name;
      },
    };
  }

  #memory(key: "rmem" | "wmem"): SysctlEntry {
    return {
      path: `net/ipv4/tcp_${key}`,
      read: () => this[key].join("\t"),
      write: (value) => {
        const words = value.trim().split(/\s+/).map(Number);
        if (words.length > 3 || words.some((n) => !Number.isInteger(n) || n < 1 || n > 0x7fffffff)) {
          throw new KernelError(Errno.EINVAL);
        }
        for (let i = 0; i < words.length; i++) this[key][i] = words[i];
      },
    };
  }
}

type NumberKey = { [K in keyof TcpSysctls]: TcpSysctls[K] extends number ? K : never }[keyof TcpSysctls];

function constant(name: string, value: string): SysctlEntry {
  return { path: `net/ipv4/tcp_${name}`, read: () => value };
}
