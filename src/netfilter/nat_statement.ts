/** `snat`, `dnat`, `masquerade` and `redirect` (`nft_nat.c`, `nft_masq.c`, `nft_redir.c`). */
import { selectAddress } from "../ip/address4.ts";
import { NF_LOCAL_OUT } from "../ip/host.ts";
import { inDevice } from "../ip/in_device.ts";
import { inet6 } from "../ip/inet6_device.ts";
import { RT_SCOPE_UNIVERSE } from "../ip/netlink.ts";
import type { Route4 } from "../ip/route4.ts";
import { selectSource } from "../ip/source_address6.ts";
import { INADDR_LOOPBACK } from "../wire/ipv4.ts";
import { get32 } from "../wire/octets.ts";
import type { Statement } from "./chain.ts";
import type { Connection } from "./connection.ts";
import { BREAK, DROP, type HookState } from "./hook_state.ts";
import { MANIP_DST, MANIP_SRC } from "./mangle.ts";
import { NatRange } from "./nat.ts";
import type { Selector } from "./selector.ts";
import type { ValueSet } from "./value_set.ts";

export type NatType = "snat" | "dnat" | "masquerade" | "redirect";

export class NatStatement implements Statement {
  readonly #range = new NatRange();

  /** `map` and its key give the address of each packet where the range has none. */
  constructor(
    readonly type: NatType,
    readonly range: NatRange,
    readonly key: readonly Selector[] | null = null,
    readonly map: ValueSet | null = null,
  ) {}

  run(state: HookState): number {
    const connection = state.packet.connection as Connection | null;
    if (connection === null) return BREAK;
    const { nat } = state.netfilter;
    const manip = this.type === "snat" || this.type === "masquerade" ? MANIP_SRC : MANIP_DST;
    let { range } = this;
    if (this.map !== null || this.type === "masquerade" || this.type === "redirect") {
      range = this.#range;
      range.leastPort = this.range.leastPort;
      range.mostPort = this.range.mostPort;
      range.random = this.range.random;
      range.persistent = this.range.persistent;
      range.address = true;
      if (this.map !== null) {
        const element = this.map.find(state, this.key!);
        if (element === null || element.data === undefined) return BREAK;
        setAddress(range, element.data as number | Uint8Array);
      } else if (!(this.type === "masquerade" ? masqueradeAddress(state, range) : redirectAddress(state, range))) {
        return DROP;
      }
    }
    return nat.setup(connection, range, manip);
  }
}

/** Of one address. */
export function setAddress(range: NatRange, address: number | Uint8Array, at = 0): void {
  range.address = true;
  for (let i = 0; i < 4; i++) {
    range.least[i] = range.most[i] = typeof address === "number" ? (i === 3 ? address : 0) : get32(address, at + 4 * i);
  }
}

/** The address that the outgoing interface would itself have sent from. */
function masqueradeAddress(state: HookState, range: NatRange): boolean {
  const { host } = state.netfilter;
  const { output, bytes, network } = state;
  if (output === null) return false;
  if (state.version === 4) {
    const route = state.packet.route as Route4 | null;
    const next = route !== null && route.gateway !== 0 ? route.gateway : get32(bytes, network + 16);
    const address = selectAddress(host.ipv4, output, next, RT_SCOPE_UNIVERSE);
    if (address === 0) return false;
    setAddress(range, address);
    return true;
  }
  const address = selectSource(host.ipv6, bytes, network + 24, output);
  if (address === null) return false;
  setAddress(range, address);
  return true;
}

/** This host: the incoming interface's first address, or loopback's for what is sent here. */
function redirectAddress(state: HookState, range: NatRange): boolean {
  if (state.place === NF_LOCAL_OUT) {
    if (state.version === 4) setAddress(range, INADDR_LOOPBACK);
    else setAddress(range, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1));
    return true;
  }
  if (state.input === null) return false;
  if (state.version === 4) {
    const first = inDevice(state.input)?.addresses[0];
    if (first === undefined) return false;
    setAddress(range, first.local);
    return true;
  }
  const first = inet6(state.input)?.addresses[0];
  if (first === undefined) return false;
  setAddress(range, first.local as Uint8Array);
  return true;
}
