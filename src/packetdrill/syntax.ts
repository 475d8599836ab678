/** What a packetdrill script says: the parser's result. Times are integer nanoseconds. */

export interface Script {
  /** `--name=value` lines. */
  readonly options: readonly { readonly name: string; readonly value: string; readonly line: number }[];
  /** Commands before the first event and after the last. */
  readonly init: readonly Command[];
  readonly cleanup: readonly Command[];
  readonly events: readonly ScriptEvent[];
}

export interface ScriptEvent {
  readonly line: number;
  readonly time: EventTime;
  readonly action: Action;
}

export interface EventTime {
  readonly kind: "absolute" | "relative" | "any" | "absolute range" | "relative range";
  readonly at: number;
  /** The end of a range; else as `at`. */
  readonly end: number;
}

export type Action =
  | { readonly kind: "packet"; readonly packet: PacketSpec }
  | { readonly kind: "call"; readonly call: SystemCall }
  | Command
  | { readonly kind: "code"; readonly text: string }
  /** `//+N wait`: until then nothing else comes out. */
  | { readonly kind: "wait" };

export interface Command {
  readonly kind: "command";
  readonly text: string;
  readonly line: number;
}

export interface SystemCall {
  readonly name: string;
  readonly arguments: readonly Expression[];
  /** When a blocking call returns, counted as its event's time is; null for one that does not block. */
  readonly end: number | null;
  readonly result: Expression;
  /** The name of the errno that goes with a result of -1. */
  readonly errno: string | null;
}

export type Expression =
  | { readonly kind: "any" }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "word"; readonly name: string }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "or"; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  /** `{sa_family = AF_INET, …}`; what stands without a name has one of "0", "1", …. */
  | { readonly kind: "fields"; readonly fields: ReadonlyMap<string, Expression> }
  /** `htons(8080)`, `inet_addr("192.0.2.1")` */
  | { readonly kind: "function"; readonly name: string; readonly argument: Expression };

/** A packet as a script describes it; sequence numbers are the script's. */
export interface PacketSpec {
  readonly outbound: boolean;
  readonly ip: IpSpec;
  readonly body: TcpSpec | UdpSpec | IcmpSpec;
}

export interface IpSpec {
  /** Bits of the TOS octet that count, and their value; "ect01" takes either ECT. */
  readonly tosMask: number;
  readonly tos: number;
  readonly ect01: boolean;
  /** 0 is not said. */
  readonly ttl: number;
}

export interface TcpSpec {
  readonly protocol: "tcp";
  /** 0 is the connection's own. */
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly flags: number;
  readonly sequence: number;
  readonly payload: number;
  readonly acknowledgement: number;
  /** -1 is not said. */
  readonly window: number;
  readonly urgent: number;
  /** Null: `<...>`, any. */
  readonly options: readonly TcpOption[] | null;
}

export interface TcpOption {
  readonly kind: number;
  /** What follows kind and length. */
  readonly data: Uint8Array;
}

export interface UdpSpec {
  readonly protocol: "udp";
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: number;
}

export interface IcmpSpec {
  readonly protocol: "icmp";
  readonly type: string;
  readonly code: string | null;
  /** -1 is not said. */
  readonly mtu: number;
  readonly identifier: number;
  /** The packet that the error quotes. */
  readonly quoted: { readonly protocol: "tcp" | "udp"; readonly sequence: number; readonly payload: number };
}

/** The only error that the parser throws. Its message begins with `FILE:LINE: `. */
export class ParseError extends Error {
  override readonly name = "ParseError";
  constructor(readonly path: string, readonly line: number, what: string) {
    super(`${path}:${line}: ${what}`);
  }
}
