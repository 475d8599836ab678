/**
 * The counters of the management information base, by the names and in the order of `/proc/net/snmp`, `/proc/net/netstat` and
 * `/proc/net/snmp6` (Linux 6.18). One object each a namespace; whoever meets the event counts it.
 *
 * @module
 */

/** `Ip:` (`Forwarding` and `DefaultTTL` are sysctls and are read from there). */
export class IpCounters {
  InReceives = 0;
  InHdrErrors = 0;
  InAddrErrors = 0;
  ForwDatagrams = 0;
  InUnknownProtos = 0;
  InDiscards = 0;
  InDelivers = 0;
  OutRequests = 0;
  OutDiscards = 0;
  OutNoRoutes = 0;
  ReasmTimeout = 0;
  ReasmReqds = 0;
  ReasmOKs = 0;
  ReasmFails = 0;
  FragOKs = 0;
  FragFails = 0;
  FragCreates = 0;
  OutTransmits = 0;
}

/** `IpExt:` */
export class IpExtCounters {
  InNoRoutes = 0;
  InTruncatedPkts = 0;
  InMcastPkts = 0;
  OutMcastPkts = 0;
  InBcastPkts = 0;
  OutBcastPkts = 0;
  InOctets = 0;
  OutOctets = 0;
  InMcastOctets = 0;
  OutMcastOctets = 0;
  InBcastOctets = 0;
  OutBcastOctets = 0;
  InCsumErrors = 0;
  InNoECTPkts = 0;
  InECT1Pkts = 0;
  InECT0Pkts = 0;
  InCEPkts = 0;
  ReasmOverlaps = 0;
}

/** `Icmp:`; the messages by type (`IcmpMsg:`) are counted in `inTypes` and `outTypes`. */
export class IcmpCounters {
  InMsgs = 0;
  InErrors = 0;
  InCsumErrors = 0;
  InDestUnreachs = 0;
  InTimeExcds = 0;
  InParmProbs = 0;
  InSrcQuenchs = 0;
  InRedirects = 0;
  InEchos = 0;
  InEchoReps = 0;
  InTimestamps = 0;
  InTimestampReps = 0;
  InAddrMasks = 0;
  InAddrMaskReps = 0;
  OutMsgs = 0;
  OutErrors = 0;
  OutRateLimitGlobal = 0;
  OutRateLimitHost = 0;
  OutDestUnreachs = 0;
  OutTimeExcds = 0;
  OutParmProbs = 0;
  OutSrcQuenchs = 0;
  OutRedirects = 0;
  OutEchos = 0;
  OutEchoReps = 0;
  OutTimestamps = 0;
  OutTimestampReps = 0;
  OutAddrMasks = 0;
  OutAddrMaskReps = 0;
  readonly inTypes: Map<number, number> = new Map();
  readonly outTypes: Map<number, number> = new Map();
}

/** `Tcp:` (the first four are constants). */
export class TcpCounters {
  ActiveOpens = 0;
  PassiveOpens = 0;
  AttemptFails = 0;
  EstabResets = 0;
  CurrEstab = 0;
  InSegs = 0;
  OutSegs = 0;
  RetransSegs = 0;
  InErrs = 0;
  OutRsts = 0;
  InCsumErrors = 0;
}

/** `TcpExt:` */
export class TcpExtCounters {
  SyncookiesSent = 0;
  SyncookiesRecv = 0;
  SyncookiesFailed = 0;
  EmbryonicRsts = 0;
  PruneCalled = 0;
  RcvPruned = 0;
  OfoPruned = 0;
  OutOfWindowIcmps = 0;
  LockDroppedIcmps = 0;
  ArpFilter = 0;
  TW = 0;
  TWRecycled = 0;
  TWKilled = 0;
  PAWSActive = 0;
  PAWSEstab = 0;
  BeyondWindow = 0;
  TSEcrRejected = 0;
  PAWSOldAck = 0;
  PAWSTimewait = 0;
  DelayedACKs = 0;
  DelayedACKLocked = 0;
  DelayedACKLost = 0;
  ListenOverflows = 0;
  ListenDrops = 0;
  TCPHPHits = 0;
  TCPPureAcks = 0;
  TCPHPAcks = 0;
  TCPRenoRecovery = 0;
  TCPSackRecovery = 0;
  TCPSACKReneging = 0;
  TCPSACKReorder = 0;
  TCPRenoReorder = 0;
  TCPTSReorder = 0;
  TCPFullUndo = 0;
  TCPPartialUndo = 0;
  TCPDSACKUndo = 0;
  TCPLossUndo = 0;
  TCPLostRetransmit = 0;
  TCPRenoFailures = 0;
  TCPSackFailures = 0;
  TCPLossFailures = 0;
  TCPFastRetrans = 0;
  TCPSlowStartRetrans = 0;
  TCPTimeouts = 0;
  TCPLossProbes = 0;
  TCPLossProbeRecovery = 0;
  TCPRenoRecoveryFail = 0;
  TCPSackRecoveryFail = 0;
  TCPRcvCollapsed = 0;
  TCPBacklogCoalesce = 0;
  TCPDSACKOldSent = 0;
  TCPDSACKOfoSent = 0;
  TCPDSACKRecv = 0;
  TCPDSACKOfoRecv = 0;
  TCPAbortOnData = 0;
  TCPAbortOnClose = 0;
  TCPAbortOnMemory = 0;
  TCPAbortOnTimeout = 0;
  TCPAbortOnLinger = 0;
  TCPAbortFailed = 0;
  TCPMemoryPressures = 0;
  TCPMemoryPressuresChrono = 0;
  TCPSACKDiscard = 0;
  TCPDSACKIgnoredOld = 0;
  TCPDSACKIgnoredNoUndo = 0;
  TCPSpuriousRTOs = 0;
  TCPMD5NotFound = 0;
  TCPMD5Unexpected = 0;
  TCPMD5Failure = 0;
  TCPSackShifted = 0;
  TCPSackMerged = 0;
  TCPSackShiftFallback = 0;
  TCPBacklogDrop = 0;
  PFMemallocDrop = 0;
  TCPMinTTLDrop = 0;
  TCPDeferAcceptDrop = 0;
  IPReversePathFilter = 0;
  TCPTimeWaitOverflow = 0;
  TCPReqQFullDoCookies = 0;
  TCPReqQFullDrop = 0;
  TCPRetransFail = 0;
  TCPRcvCoalesce = 0;
  TCPOFOQueue = 0;
  TCPOFODrop = 0;
  TCPOFOMerge = 0;
  TCPChallengeACK = 0;
  TCPSYNChallenge = 0;
  TCPFastOpenActive = 0;
  TCPFastOpenActiveFail = 0;
  TCPFastOpenPassive = 0;
  TCPFastOpenPassiveFail = 0;
  TCPFastOpenListenOverflow = 0;
  TCPFastOpenCookieReqd = 0;
  TCPFastOpenBlackhole = 0;
  TCPSpuriousRtxHostQueues = 0;
  BusyPollRxPackets = 0;
  TCPAutoCorking = 0;
  TCPFromZeroWindowAdv = 0;
  TCPToZeroWindowAdv = 0;
  TCPWantZeroWindowAdv = 0;
  TCPSynRetrans = 0;
  TCPOrigDataSent = 0;
  TCPHystartTrainDetect = 0;
  TCPHystartTrainCwnd = 0;
  TCPHystartDelayDetect = 0;
  TCPHystartDelayCwnd = 0;
  TCPACKSkippedSynRecv = 0;
  TCPACKSkippedPAWS = 0;
  TCPACKSkippedSeq = 0;
  TCPACKSkippedFinWait2 = 0;
  TCPACKSkippedTimeWait = 0;
  TCPACKSkippedChallenge = 0;
  TCPWinProbe = 0;
  TCPKeepAlive = 0;
  TCPMTUPFail = 0;
  TCPMTUPSuccess = 0;
  TCPDelivered = 0;
  TCPDeliveredCE = 0;
  TCPAckCompressed = 0;
  TCPZeroWindowDrop = 0;
  TCPRcvQDrop = 0;
  TCPWqueueTooBig = 0;
  TCPFastOpenPassiveAltKey = 0;
  TcpTimeoutRehash = 0;
  TcpDuplicateDataRehash = 0;
  TCPDSACKRecvSegs = 0;
  TCPDSACKIgnoredDubious = 0;
  TCPMigrateReqSuccess = 0;
  TCPMigrateReqFailure = 0;
  TCPPLBRehash = 0;
  TCPAORequired = 0;
  TCPAOBad = 0;
  TCPAOKeyNotFound = 0;
  TCPAOGood = 0;
  TCPAODroppedIcmps = 0;
}

/** `Udp:`, and the UDP lines of snmp6. */
export class UdpCounters {
  InDatagrams = 0;
  NoPorts = 0;
  InErrors = 0;
  OutDatagrams = 0;
  RcvbufErrors = 0;
  SndbufErrors = 0;
  InCsumErrors = 0;
  IgnoredMulti = 0;
  MemErrors = 0;
}

/** `Ip6…` */
export class Ip6Counters {
  InReceives = 0;
  InHdrErrors = 0;
  InTooBigErrors = 0;
  InNoRoutes = 0;
  InAddrErrors = 0;
  InUnknownProtos = 0;
  InTruncatedPkts = 0;
  InDiscards = 0;
  InDelivers = 0;
  OutForwDatagrams = 0;
  OutRequests = 0;
  OutDiscards = 0;
  OutNoRoutes = 0;
  ReasmTimeout = 0;
  ReasmReqds = 0;
  ReasmOKs = 0;
  ReasmFails = 0;
  FragOKs = 0;
  FragFails = 0;
  FragCreates = 0;
  InMcastPkts = 0;
  OutMcastPkts = 0;
  InOctets = 0;
  OutOctets = 0;
  InMcastOctets = 0;
  OutMcastOctets = 0;
  InBcastOctets = 0;
  OutBcastOctets = 0;
  InNoECTPkts = 0;
  InECT1Pkts = 0;
  InECT0Pkts = 0;
  InCEPkts = 0;
  OutTransmits = 0;
}

/** `Icmp6…`; the messages by type in `inTypes` and `outTypes`. */
export class Icmp6Counters {
  InMsgs = 0;
  InErrors = 0;
  OutMsgs = 0;
  OutErrors = 0;
  InCsumErrors = 0;
  OutRateLimitHost = 0;
  InDestUnreachs = 0;
  InPktTooBigs = 0;
  InTimeExcds = 0;
  InParmProblems = 0;
  InEchos = 0;
  InEchoReplies = 0;
  InGroupMembQueries = 0;
  InGroupMembResponses = 0;
  InGroupMembReductions = 0;
  InRouterSolicits = 0;
  InRouterAdvertisements = 0;
  InNeighborSolicits = 0;
  InNeighborAdvertisements = 0;
  InRedirects = 0;
  InMLDv2Reports = 0;
  OutDestUnreachs = 0;
  OutPktTooBigs = 0;
  OutTimeExcds = 0;
  OutParmProblems = 0;
  OutEchos = 0;
  OutEchoReplies = 0;
  OutGroupMembQueries = 0;
  OutGroupMembResponses = 0;
  OutGroupMembReductions = 0;
  OutRouterSolicits = 0;
  OutRouterAdvertisements = 0;
  OutNeighborSolicits = 0;
  OutNeighborAdvertisements = 0;
  OutRedirects = 0;
  OutMLDv2Reports = 0;
  readonly inTypes: Map<number, number> = new Map();
  readonly outTypes: Map<number, number> = new Map();
}

/** All of a namespace; each group is made when first counted or read, so that an idle namespace stays small. */
export class Mib {
  #ip: IpCounters | null = null;
  #ipExt: IpExtCounters | null = null;
  #icmp: IcmpCounters | null = null;
  #udp: UdpCounters | null = null;
  #tcp: TcpCounters | null = null;
  #tcpExt: TcpExtCounters | null = null;
  #ip6: Ip6Counters | null = null;
  #icmp6: Icmp6Counters | null = null;
  #udp6: UdpCounters | null = null;
  get ip(): IpCounters {
    return this.#ip ??= new IpCounters();
  }
  get ipExt(): IpExtCounters {
    return this.#ipExt ??= new IpExtCounters();
  }
  get icmp(): IcmpCounters {
    return this.#icmp ??= new IcmpCounters();
  }
  get udp(): UdpCounters {
    return this.#udp ??= new UdpCounters();
  }
  get tcp(): TcpCounters {
    return this.#tcp ??= new TcpCounters();
  }
  get tcpExt(): TcpExtCounters {
    return this.#tcpExt ??= new TcpExtCounters();
  }
  get ip6(): Ip6Counters {
    return this.#ip6 ??= new Ip6Counters();
  }
  get icmp6(): Icmp6Counters {
    return this.#icmp6 ??= new Icmp6Counters();
  }
  get udp6(): UdpCounters {
    return this.#udp6 ??= new UdpCounters();
  }
}
