import type { Interface, LinkEvent } from "../device/interface.ts";
import type { Packet } from "../wire/packet.ts";
import type { IpHost, Protocol, SysctlEntry } from "./host.ts";

export class Ipv4 {
  readonly protocols: (Protocol | null)[] = new Array(256).fill(null);
  constructor(readonly host: IpHost) {}
  input(packet: Packet, _device: Interface): void {
    packet.release();
  }
  arpInput(packet: Packet, _device: Interface): void {
    packet.release();
  }
  linkEvent(_device: Interface, _event: LinkEvent): void {}
  sysctls(): SysctlEntry[] {
    return [];
  }
}
