/** One call of an iproute2 program: its options, the namespace it works on, and where it prints. */
import type { Interface } from "../../device/interface.ts";
import type { AddressFamily } from "../../ip/netlink.ts";
import type { NetworkNamespace } from "../../namespace/namespace.ts";
import type { Process } from "../process.ts";
import { CommandError, noDevice } from "./arguments.ts";
import type { Family } from "./prefix.ts";
import { Printer } from "./printer.ts";

export interface Options {
  family: Family;
  /** How often `-s` was given. */
  statistics: number;
  details: boolean;
  brief: boolean;
  oneLine: boolean;
  json: boolean;
  pretty: boolean;
  color: boolean;
  /** `-N`: numbers, not names. */
  numeric: boolean;
  /** `-r`: names of hosts, by the hosts file. */
  resolve: boolean;
  human: boolean;
  iec: boolean;
  /** `-t`, `-ts`: stamps in `monitor`. */
  timestamp: "" | "long" | "short";
  /** `-a`: `netns exec` and the like in all namespaces. */
  all: boolean;
  force: boolean;
  /** `-l`: rounds that a flush may take. */
  loops: number;
}

export function defaultOptions(): Options {
  return {
    family: "unspec",
    statistics: 0,
    details: false,
    brief: false,
    oneLine: false,
    json: false,
    pretty: false,
    color: false,
    numeric: false,
    resolve: false,
    human: false,
    iec: false,
    timestamp: "",
    all: false,
    force: false,
    loops: 10,
  };
}

export class Session {
  readonly out: Printer;

  constructor(readonly process: Process, public namespace: NetworkNamespace, readonly options: Options) {
    this.out = new Printer(
      { json: options.json, pretty: options.pretty, oneLine: options.oneLine, color: options.color && !options.json },
      (text) => process.stdout.write(text),
    );
  }

  get now(): number {
    return this.namespace.world.scheduler.now;
  }

  family(family: "inet" | "inet6"): AddressFamily {
    return family === "inet" ? this.namespace.ipv4 : this.namespace.ipv6;
  }

  /** What was printed goes out before the complaint. */
  complain(text: string): void {
    this.out.flush();
    this.process.stderr.write(text);
  }

  /** An interface by name, or by index as `if3`; undefined when there is none. */
  findDevice(name: string): Interface | undefined {
    const found = this.namespace.interfaces.byName(name);
    if (found !== undefined) {
      found.owner.world.linkwatch.sync(found); // asking for one by name (RTM_GETLINK) brings its state up to date
      return found;
    }
    const index = /^if(\d+)$/.exec(name);
    return index === null ? undefined : this.namespace.interfaces.byIndex(Number(index[1]));
  }

  /** As `findDevice`; without one the command ends. */
  device(name: string): Interface {
    return this.findDevice(name) ?? noDevice(name);
  }

  /** A namespace by name, as `-n` and `netns NAME` take it. */
  namespaceByName(name: string): NetworkNamespace {
    const found = this.process.machine.namespaces.get(name);
    if (found === undefined) {
      throw new CommandError(`Cannot open network namespace "${name}": No such file or directory\n`, 255);
    }
    return found;
  }
}

/** A name that the kernel takes for an interface (`dev_valid_name`, checked by `check_ifname`). */
export function validName(name: string): boolean {
  return name !== "" && name.length < 16 && !/[\s/]/.test(name);
}
