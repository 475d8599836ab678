/** Wires as users make them: one line for a configured veth pair, and what can be done to it while packets are on their way. */
import { IFA_F_NODAD } from "../ip/netlink.ts";
import type { Interface } from "../device/interface.ts";
import { changeLink, createLink } from "../device/link.ts";
import { Wire as DeviceWire, type WireSettings } from "../qdisc/wire.ts";
import type { NetworkNamespace } from "../namespace/namespace.ts";
import { KernelError } from "../wire/errno.ts";
import { parseMac } from "../wire/ethernet.ts";
import { mask4, parseIpv4 } from "../wire/ipv4.ts";
import { parseIpv6 } from "../wire/ipv6.ts";
import { NetworkUsageError } from "./errors.ts";
import type { Namespace } from "./namespace.ts";
import type { Network } from "./network.ts";
import { type Duration, durationNs, type Rate, rateBits, type Share, shareOf } from "./units.ts";

/** One end: the namespace, the interface's name, and its addresses with their prefix lengths (`"10.0.0.1/24"`). */
export type WireEnd = [namespace: Namespace, name: string, ...addresses: string[]];

/** What a wire does to packets. Each is for both directions. */
export interface WireSetOptions {
  /** Time on the wire. */
  delay?: Duration;
  /** By how much the delay varies, up and down. */
  jitter?: Duration;
  /** Bits a second. */
  rate?: Rate;
  /** Packets that are lost. */
  loss?: Share;
  /** Packets that arrive twice. */
  duplicate?: Share;
  /** Packets in which one bit is turned. */
  corrupt?: Share;
  /** Packets that overtake those in the delay. */
  reorder?: Share;
  /** Octets. */
  mtu?: number;
  /** Packets that wait before the wire. */
  txqueuelen?: number;
}

/** What a new wire is like. */
export interface WireOptions extends WireSetOptions {
  /** Link-layer addresses of the two ends; from the seed by default. */
  macs?: [string, string];
}

/** A veth pair as users hold it. */
export class Wire {
  readonly #wire: DeviceWire;

  /**
   * For `Network.veth`.
   *
   * @internal
   */
  constructor(wire: DeviceWire) {
    this.#wire = wire;
  }

  /** Changes what the wire does, at once: packets that are on their way arrive as they would have. */
  set(options: WireSetOptions): void {
    this.#wire.set(settingsOf(options));
  }

  /** Takes the carrier away from both ends, as when a cable is pulled. */
  cut(): void {
    this.#wire.cut();
  }

  /** Gives the carrier back. */
  mend(): void {
    this.#wire.mend();
  }

  /**
   * Loses everything, silently, until it is called with false; for `Network.partition`.
   *
   * @internal
   */
  part(parted: boolean): void {
    this.#wire.part(parted);
  }

  /**
   * The namespaces in which the ends are now.
   *
   * @internal
   */
  namespaces(): [NetworkNamespace, NetworkNamespace] {
    return [this.#wire.a.owner as NetworkNamespace, this.#wire.b.owner as NetworkNamespace];
  }
}

/** Makes a configured wire: for `Network.veth`. */
export function connectWire(network: Network, a: WireEnd, b: WireEnd, options: WireOptions): Wire {
  const [one, other] = [checkedEnd(network, a), checkedEnd(network, b)];
  const macs = options.macs?.map((text) => {
    const mac = parseMac(text);
    if (mac === null) throw new NetworkUsageError(`Not a MAC address: "${text}"`);
    return mac;
  });
  const { mtu: _mtu, txqueuelen: _length, macs: _macs, ...rest } = options;
  const settings = settingsOf(rest); // what is wrong is said before anything is made
  try {
    const device = createLink(one.namespace, {
      kind: "veth",
      name: one.name,
      address: macs?.[0],
      mtu: options.mtu,
      txqueuelen: options.txqueuelen,
      peer: {
        owner: other.namespace,
        name: other.name,
        address: macs?.[1],
        mtu: options.mtu,
        txqueuelen: options.txqueuelen,
      },
    });
    const wire = new DeviceWire(device, device.link!);
    configure(one, device);
    configure(other, device.link!);
    if (Object.keys(rest).length > 0) wire.set(settings);
    return new Wire(wire);
  } catch (error) {
    if (error instanceof KernelError) {
      throw new NetworkUsageError(`net.veth ${one.name} - ${other.name}: ${error.message}`);
    }
    throw error;
  }
}

interface CheckedEnd {
  namespace: NetworkNamespace;
  name: string;
  addresses: { text: string; address: number | Uint8Array; prefixLength: number }[];
}

function checkedEnd(network: Network, end: WireEnd): CheckedEnd {
  const [namespace, name, ...addresses] = end;
  if (namespace.network !== network) {
    throw new NetworkUsageError(`"${namespace.name}" is of another network: both ends of a wire are in one`);
  }
  return { namespace: namespace.kernel, name, addresses: addresses.map(checkedPrefix) };
}

function checkedPrefix(text: string): CheckedEnd["addresses"][number] {
  const [bare, length] = text.split("/", 2);
  const address = parseIpv4(bare) ?? parseIpv6(bare);
  const bits = typeof address === "number" ? 32 : 128;
  const prefixLength = length === undefined ? bits : Number(length);
  if (address === null || !Number.isInteger(prefixLength) || prefixLength < 0 || prefixLength > bits) {
    throw new NetworkUsageError(`Not an address with its prefix length: "${text}" (try "10.0.0.1/24")`);
  }
  return { text, address, prefixLength };
}

/** Gives an end its addresses, with the usual broadcast address and without waiting for duplicate detection, and sets it up. */
function configure(end: CheckedEnd, device: Interface): void {
  for (const { address, prefixLength } of end.addresses) {
    const family = typeof address === "number" ? end.namespace.ipv4 : end.namespace.ipv6;
    const broadcast = typeof address === "number" && prefixLength < 31
      ? (address | ~mask4(prefixLength)) >>> 0
      : undefined;
    family.addAddress(device, { local: address, prefixLength, broadcast, flags: IFA_F_NODAD }, "add");
  }
  changeLink(device, { up: true });
}

function settingsOf(options: WireSetOptions): WireSettings {
  return {
    delay: options.delay === undefined ? undefined : durationNs(options.delay),
    jitter: options.jitter === undefined ? undefined : durationNs(options.jitter),
    rate: options.rate === undefined ? undefined : rateBits(options.rate),
    loss: options.loss === undefined ? undefined : shareOf(options.loss),
    duplicate: options.duplicate === undefined ? undefined : shareOf(options.duplicate),
    corrupt: options.corrupt === undefined ? undefined : shareOf(options.corrupt),
    reorder: options.reorder === undefined ? undefined : shareOf(options.reorder),
    mtu: options.mtu,
    txqueuelen: options.txqueuelen,
  };
}
