/** Namespaces for tests of the transports: one alone with lo up, or two on a veth. */
import { World } from "../../src/device/world.ts";
import { changeLink, createLink } from "../../src/device/link.ts";
import type { Interface } from "../../src/device/interface.ts";
import { NetworkNamespace } from "../../src/namespace/namespace.ts";
import { parseIpv4 } from "../../src/wire/ipv4.ts";
import { parseIpv6 } from "../../src/wire/ipv6.ts";

export const ip4 = (text: string): number => parseIpv4(text)!;
export const ip6 = (text: string): Uint8Array => parseIpv6(text)!;

export class Hosts {
  readonly world: World = new World("test");
  readonly a: NetworkNamespace = new NetworkNamespace(this.world, "a", 1);
  readonly b: NetworkNamespace = new NetworkNamespace(this.world, "b", 2);
  readonly deviceA: Interface;
  readonly deviceB: Interface;

  /** 10.0.0.1 and 10.0.0.2, fd00::1 and fd00::2 on v0; lo is up in both. */
  constructor() {
    const { a, b } = this;
    this.deviceA = createLink(a, { kind: "veth", name: "v0", peer: { name: "v0", owner: b } });
    this.deviceB = this.deviceA.link!;
    for (const [host, device, number] of [[a, this.deviceA, 1], [b, this.deviceB, 2]] as const) {
      changeLink(host.loopback, { up: true });
      changeLink(device, { up: true });
      host.ipv4.addAddress(
        device,
        { local: ip4(`10.0.0.${number}`), prefixLength: 24, broadcast: ip4("10.0.0.255") },
        "add",
      );
      host.ipv6.addAddress(device, { local: ip6(`fd00::${number}`), prefixLength: 64, flags: 0x02 }, "add");
    }
    this.run(5);
  }

  /** Runs the world for some virtual seconds. */
  run(seconds = 0): void {
    const { scheduler } = this.world;
    const end = scheduler.now + seconds * 1e9;
    while (scheduler.nextAt() <= end) scheduler.step();
    scheduler.now = end;
  }
}
