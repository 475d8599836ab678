/** The wire between the two ends of a veth pair: what it does to packets is done by a netem at each end. */
import type { Interface } from "../device/interface.ts";
import { changeLink } from "../device/link.ts";
import type { VethPair } from "../device/veth.ts";
import { deleteQdisc, setQdisc, TC_H_ROOT } from "./control.ts";
import { Netem, type NetemOptions } from "./netem.ts";

/** What is left out stays as it is. */
export interface WireSettings {
  /** ns */
  delay?: number;
  /** ns, up and down */
  jitter?: number;
  /** Bits a second; 0 is no limit. */
  rate?: number;
  /** Shares from 0 to 1. */
  loss?: number;
  duplicate?: number;
  corrupt?: number;
  /** Share of packets that overtake those which are delayed. */
  reorder?: number;
  /** Octets. */
  mtu?: number;
  /** Packets that wait before the wire, on a wire that has a rate or a delay; 1000 when never set. */
  txqueuelen?: number;
}

export class Wire {
  #settings: WireSettings = {};

  constructor(readonly a: Interface, readonly b: Interface) {}

  /**
   * Changes both directions at once. Packets that are on their way arrive as they would have.
   *
   * @throws {KernelError} for an MTU that is not allowed
   */
  set(settings: WireSettings): void {
    for (const [name, value] of Object.entries(settings)) {
      if (value !== undefined) this.#settings[name as keyof WireSettings] = value;
    }
    const { mtu, txqueuelen } = settings;
    for (const device of [this.a, this.b]) {
      if (mtu !== undefined || txqueuelen !== undefined) changeLink(device, { mtu, txqueuelen });
      this.#apply(device);
    }
  }

  #apply(device: Interface): void {
    const netem = netemOptions(this.#settings);
    const present = device.rootQdisc;
    if (netem !== null) setQdisc(device, { kind: "netem", parent: TC_H_ROOT, netem }, "replace");
    else if (present instanceof Netem && present.handle !== 0) {
      // Nothing is left to be done to packets; those that wait still leave as they would have.
      if (present.statistics.backlogPackets > 0) present.change({});
      else deleteQdisc(device, { parent: TC_H_ROOT });
    }
  }

  /** Takes the carrier away from both ends, as when a cable is pulled; what is on its way is lost. */
  cut(): void {
    const pair = this.a.driver as VethPair;
    pair.cut = true;
    this.#setCarrier(false);
  }

  /** Gives the carrier back. */
  mend(): void {
    const pair = this.a.driver as VethPair;
    pair.cut = false;
    this.#setCarrier(this.a.up && this.b.up);
  }

  /** Loses everything, silently and with carrier, until it is called with false. */
  part(parted: boolean): void {
    (this.a.driver as VethPair).parted = parted;
  }

  #setCarrier(carrier: boolean): void {
    this.a.setCarrier(carrier);
    this.b.setCarrier(carrier);
    const { linkwatch } = this.a.owner.world;
    linkwatch.sync(this.a);
    linkwatch.sync(this.b);
  }
}

function netemOptions(settings: WireSettings): NetemOptions | null {
  const { delay = 0, jitter = 0, rate = 0, loss = 0, duplicate = 0, corrupt = 0, reorder = 0 } = settings;
  if (delay + jitter + rate + loss + duplicate + corrupt + reorder === 0) return null;
  return {
    limit: settings.txqueuelen,
    delay,
    jitter,
    duplicate,
    corrupt,
    reorder: reorder > 0 ? reorder : undefined,
    rate: rate > 0 ? { rate: rate / 8 } : undefined,
    loss: loss > 0 ? { model: "random", share: loss } : undefined,
  };
}
