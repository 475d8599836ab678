/** What a filter expression means (libpcap's gencode.c): a test that is run on packets. */
import { parseMac } from "../../wire/ethernet.ts";
import { mask4, parseIpv4 } from "../../wire/ipv4.ts";
import { parseIpv6 } from "../../wire/ipv6.ts";
import {
  type Arithmetic,
  type Direction,
  type Expression,
  FilterError,
  type Kind,
  parseFilter,
  parseNumber,
  type Protocol,
} from "./filter_parse.ts";

export { FilterError } from "./filter_parse.ts";

/** What names in an expression stand for, and the network that `ip broadcast` is about. */
export interface FilterNames {
  hosts(name: string): (number | Uint8Array)[] | null;
  port(name: string, protocol?: "tcp" | "udp"): number | null;
  protocol(name: string): number | null;
  /** The netmask of the interface that is listened on; null when it has none. */
  readonly netmask: number | null;
}

/** A packet as a filter sees it. A load beyond its end rejects the packet, as in BPF. */
export class FilterPacket {
  bytes: Uint8Array = new Uint8Array(0);
  /** Where the link header begins; without one (`any`), the network header. */
  start = 0;
  end = 0;
  /** EtherType when there is no link header, else -1. */
  cookedType = -1;
  outgoing = false;

  get length(): number {
    return this.end - this.start;
  }

  load(at: number, size: number): number {
    at += this.start;
    if (at < 0 || at + size > this.end) throw OUT_OF_RANGE;
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + this.bytes[at + i];
    return value;
  }
}

const OUT_OF_RANGE = Symbol("beyond the packet");

type Test = (packet: FilterPacket) => boolean;
type Value = (packet: FilterPacket) => number;

const IPV4 = 0x0800, ARP = 0x0806, RARP = 0x8035, IPV6 = 0x86dd;
const NUMBERS: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  esp: 50,
  ah: 51,
  icmp6: 58,
  pim: 103,
  vrrp: 112,
  carp: 112,
  igrp: 9,
  sctp: 132,
};
const ETHER_NAMES: Readonly<Record<string, number>> = {
  ip: IPV4,
  arp: ARP,
  rarp: RARP,
  ip6: IPV6,
  loopback: 0x9000,
  aarp: 0x80f3,
  atalk: 0x809b,
};

const both = (a: Test, b: Test): Test => (packet) => a(packet) && b(packet);
const either = (a: Test, b: Test): Test => (packet) => a(packet) || b(packet);
const any = (tests: Test[]): Test => tests.reduce(either);

class Compiler {
  /** Octets of 802.1Q tags that `vlan` has stepped over so far. */
  #tags = 0;

  constructor(readonly names: FilterNames) {}

  expression(expression: Expression): Test {
    switch (expression.kind) {
      case "and":
        return both(this.expression(expression.left), this.expression(expression.right));
      case "or":
        return either(this.expression(expression.left), this.expression(expression.right));
      case "not": {
        const test = this.expression(expression.of);
        return (packet) => !test(packet);
      }
      case "protocol":
        return this.#protocol(expression.name);
      case "cast":
        return this.#cast(expression.protocol, expression.cast);
      case "vlan":
        return this.#vlan(expression.id);
      case "direction":
        return (packet) => packet.outgoing === expression.outgoing;
      case "relation":
        return this.#relation(expression.operator, expression.left, expression.right);
      case "primitive": {
        const { protocol, direction, kind } = expression.qualifiers;
        return this.#primitive(protocol, direction ?? "src or dst", kind, expression.id, expression.mask);
      }
    }
  }

  #etherType(type: number): Test {
    const at = 12 + this.#tags;
    return (packet) => (packet.cookedType >= 0 ? packet.cookedType : packet.load(at, 2)) === type;
  }

  /** A load from the network header on. */
  #network(at: number, size: number): Value {
    const offset = 14 + this.#tags + at;
    return (packet) => packet.load(packet.cookedType >= 0 ? at : offset, size);
  }

  #ipProtocol(number: number): Test {
    const field = this.#network(9, 1);
    return both(this.#etherType(IPV4), (packet) => field(packet) === number);
  }

  #ip6Protocol(number: number): Test {
    const next = this.#network(6, 1);
    const fragment = this.#network(40, 1);
    return both(
      this.#etherType(IPV6),
      (packet) => next(packet) === number || (next(packet) === 44 && fragment(packet) === number),
    );
  }

  #protocol(name: string): Test {
    if (name in ETHER_NAMES) return this.#etherType(ETHER_NAMES[name]);
    if (name === "stp") return (packet) => packet.load(12, 2) <= 1500 && packet.load(14, 1) === 0x42;
    const number = NUMBERS[name];
    if (number === undefined) throw new FilterError(`unknown protocol: ${name}`);
    if (name === "icmp" || name === "igmp" || name === "igrp") return this.#ipProtocol(number);
    if (name === "icmp6") return this.#ip6Protocol(number);
    return either(this.#ipProtocol(number), this.#ip6Protocol(number));
  }

  #cast(protocol: Protocol | null, cast: "broadcast" | "multicast"): Test {
    if (protocol === null || protocol === "link") {
      if (cast === "multicast") return (packet) => packet.cookedType < 0 && (packet.load(0, 1) & 1) !== 0;
      return (packet) => packet.cookedType < 0 && packet.load(0, 4) === 0xffffffff && packet.load(4, 2) === 0xffff;
    }
    if (protocol === "ip") {
      const destination = this.#network(16, 4);
      if (cast === "multicast") return both(this.#etherType(IPV4), (packet) => destination(packet) >>> 28 >= 14);
      const { netmask } = this.names;
      if (netmask === null) throw new FilterError("netmask not known, so 'ip broadcast' not supported");
      const host = ~netmask >>> 0;
      return both(this.#etherType(IPV4), (packet) => {
        const part = (destination(packet) & host) >>> 0;
        return part === 0 || part === host;
      });
    }
    if (protocol === "ip6" && cast === "multicast") {
      const first = this.#network(24, 1);
      return both(this.#etherType(IPV6), (packet) => first(packet) === 255);
    }
    throw new FilterError(
      cast === "broadcast"
        ? "only link-layer/IP broadcast filters supported"
        : "link-layer multicast filters supported only on ethernet/FDDI/token ring/ARCNET/802.11/ATM LANE/Fibre Channel",
    );
  }

  #vlan(id: number | null): Test {
    const at = 12 + this.#tags;
    this.#tags += 4;
    return (packet) => {
      if (packet.cookedType >= 0) return false;
      const type = packet.load(at, 2);
      if (type !== 0x8100 && type !== 0x88a8 && type !== 0x9100) return false;
      return id === null || (packet.load(at + 2, 2) & 0xfff) === id;
    };
  }

  #relation(operator: string, left: Arithmetic, right: Arithmetic): Test {
    const [guardLeft, a] = this.#arithmetic(left);
    const [guardRight, b] = this.#arithmetic(right);
    const compare: Record<string, (x: number, y: number) => boolean> = {
      "<": (x, y) => x < y,
      ">": (x, y) => x > y,
      "<=": (x, y) => x <= y,
      ">=": (x, y) => x >= y,
      "=": (x, y) => x === y,
      "!=": (x, y) => x !== y,
    };
    const holds = compare[operator];
    const relation: Test = (packet) => holds(a(packet), b(packet));
    return [guardLeft, guardRight].reduceRight<Test>(
      (test, guard) => guard === null ? test : both(guard, test),
      relation,
    );
  }

  /** The value, and what the packet must be for it to make sense. Values are unsigned words of 32 bits. */
  #arithmetic(tree: Arithmetic): [guard: Test | null, value: Value] {
    switch (tree.kind) {
      case "number": {
        const value = tree.value >>> 0;
        return [null, () => value];
      }
      case "length":
        return [null, (packet) => packet.length];
      case "negative": {
        const [guard, of] = this.#arithmetic(tree.of);
        return [guard, (packet) => -of(packet) >>> 0];
      }
      case "load":
        return this.#load(tree.protocol, tree.offset, tree.size);
      case "operation": {
        const [guardLeft, a] = this.#arithmetic(tree.left);
        const [guardRight, b] = this.#arithmetic(tree.right);
        const guard = guardLeft !== null && guardRight !== null ? both(guardLeft, guardRight) : guardLeft ?? guardRight;
        const operate = OPERATIONS[tree.operator];
        return [guard, (packet) => operate(a(packet), b(packet))];
      }
    }
  }

  #load(protocol: Protocol, offset: Arithmetic, size: number): [Test | null, Value] {
    const [inner, index] = this.#arithmetic(offset);
    const guarded = (test: Test): Test => inner === null ? test : both(inner, test);
    const network = 14 + this.#tags;
    const base = (packet: FilterPacket): number => packet.cookedType >= 0 ? 0 : network;
    switch (protocol) {
      case "link":
        return [inner, (packet) => packet.load(index(packet), size)];
      case "ip":
      case "ip6":
      case "arp":
      case "rarp":
        return [guarded(this.#protocol(protocol)), (packet) => packet.load(base(packet) + index(packet), size)];
      case "icmp6":
        return [guarded(this.#protocol("icmp6")), (packet) => packet.load(base(packet) + 40 + index(packet), size)];
      default: {
        // Of IPv4 only, and of first fragments.
        const fragment = this.#network(6, 2);
        const header = this.#network(0, 1);
        const test = both(this.#ipProtocol(NUMBERS[protocol]), (packet) => (fragment(packet) & 0x1fff) === 0);
        return [guarded(test), (packet) => packet.load(base(packet) + (header(packet) & 15) * 4 + index(packet), size)];
      }
    }
  }

  #primitive(
    protocol: Protocol | null,
    direction: Direction,
    kind: Kind | null,
    id: string,
    mask: string | null,
  ): Test {
    switch (kind) {
      case "proto":
        return this.#proto(protocol, id);
      case "port":
      case "portrange":
        return this.#ports(protocol, direction, kind, id);
      case "net":
        return this.#net(protocol, direction, id, mask);
      case "gateway":
        throw new FilterError("'gateway' not supported in this configuration");
      default:
        return this.#host(protocol, direction, id, kind === null, mask);
    }
  }

  #proto(protocol: Protocol | null, id: string): Test {
    const number = parseNumber(id);
    if (protocol === "link") {
      const type = number ?? ETHER_NAMES[id];
      if (type === undefined) throw new FilterError(`unknown ether proto '${id}'`);
      return this.#etherType(type);
    }
    const value = number ?? NUMBERS[id] ?? this.names.protocol(id);
    if (value === null || value === undefined) throw new FilterError(`unknown ip proto '${id}'`);
    if (protocol === "ip") return this.#ipProtocol(value);
    if (protocol === "ip6") return this.#ip6Protocol(value);
    return either(this.#ipProtocol(value), this.#ip6Protocol(value));
  }

  #ports(protocol: Protocol | null, direction: Direction, kind: "port" | "portrange", id: string): Test {
    if (protocol !== null && !["tcp", "udp", "sctp"].includes(protocol)) {
      throw new FilterError(`illegal qualifier of '${kind}'`);
    }
    const named = protocol === "tcp" || protocol === "udp" ? protocol : undefined;
    const one = (text: string): number => {
      const port = parseNumber(text) ?? this.names.port(text, named);
      if (port === null) throw new FilterError(`unknown port '${text}'`);
      if (port > 65535) throw new FilterError(`illegal port number ${port} > 65535`);
      return port;
    };
    const range = kind === "portrange" ? /^([^-]+)-(.+)$/.exec(id) : null;
    let [low, high] = range === null ? [one(id), one(id)] : [one(range[1]), one(range[2])];
    if (low > high) [low, high] = [high, low];
    const numbers = protocol === null ? [6, 17, 132] : [NUMBERS[protocol]];
    const [proto4, fragment, header] = [this.#network(9, 1), this.#network(6, 2), this.#network(0, 1)];
    const next6 = this.#network(6, 1);
    const network = 14 + this.#tags;
    const at = (packet: FilterPacket, offset: number): number =>
      packet.load((packet.cookedType >= 0 ? 0 : network) + offset, 2);
    const match = (packet: FilterPacket, ports: number): boolean =>
      directed(
        direction,
        () => within(at(packet, ports), low, high),
        () => within(at(packet, ports + 2), low, high),
      );
    const four = both(
      this.#etherType(IPV4),
      (packet) =>
        numbers.includes(proto4(packet)) && (fragment(packet) & 0x1fff) === 0 &&
        match(packet, (header(packet) & 15) * 4),
    );
    const six = both(this.#etherType(IPV6), (packet) => numbers.includes(next6(packet)) && match(packet, 40));
    return either(six, four);
  }

  #host(protocol: Protocol | null, direction: Direction, id: string, bare: boolean, mask: string | null): Test {
    const mac = parseMac(id.replaceAll("-", ":"));
    if (mac !== null && id.length >= 11) {
      if (protocol !== "link") throw new FilterError("ethernet address used in non-ether expression");
      return this.#etherHost(direction, mac);
    }
    if (id.includes("/")) {
      if (!bare) throw new FilterError("can't parse filter expression: syntax error");
      return this.#net(protocol, direction, id, mask);
    }
    const address = parseIpv4(id) ?? (id.includes(":") ? parseIpv6(id) : null);
    if (protocol === "link") {
      throw new FilterError(address !== null ? "illegal link layer address" : `unknown ether host '${id}'`);
    }
    if (protocol !== null && !["ip", "ip6", "arp", "rarp"].includes(protocol)) {
      throw new FilterError(`'${protocol}' modifier applied to host`);
    }
    if (address === null && /^\d+(\.\d+){0,2}$/.test(id) && bare) return this.#net(protocol, direction, id, mask);
    const addresses = address !== null ? [address] : this.names.hosts(id);
    if (addresses === null || addresses.length === 0) throw new FilterError(`unknown host '${id}'`);
    const tests = addresses
      .filter((it) => protocol === null || (protocol === "ip6") === (typeof it !== "number"))
      .map((it) =>
        typeof it === "number"
          ? this.#address4(protocol, direction, it, 0xffffffff)
          : this.#address6(direction, it, 128)
      );
    if (tests.length === 0) {
      throw new FilterError(
        address === null
          ? `unknown host '${id}'`
          : `'${protocol}' modifier applied to ${protocol === "ip6" ? "ip" : "ip6"} host`,
      );
    }
    return any(tests);
  }

  #etherHost(direction: Direction, mac: Uint8Array): Test {
    const is = (packet: FilterPacket, at: number): boolean => {
      for (let i = 0; i < 6; i++) if (packet.load(at + i, 1) !== mac[i]) return false;
      return true;
    };
    return (packet) => packet.cookedType < 0 && directed(direction, () => is(packet, 6), () => is(packet, 0));
  }

  #address4(protocol: Protocol | null, direction: Direction, address: number, mask: number): Test {
    const wanted = (address & mask) >>> 0;
    const at = (type: number, source: number, destination: number): Test => {
      const [from, to] = [this.#network(source, 4), this.#network(destination, 4)];
      const is = (value: number): boolean => ((value & mask) >>> 0) === wanted;
      return both(this.#etherType(type), (packet) => directed(direction, () => is(from(packet)), () => is(to(packet))));
    };
    if (protocol === "ip") return at(IPV4, 12, 16);
    if (protocol === "arp") return at(ARP, 14, 24);
    if (protocol === "rarp") return at(RARP, 14, 24);
    return any([at(IPV4, 12, 16), at(ARP, 14, 24), at(RARP, 14, 24)]);
  }

  #address6(direction: Direction, address: Uint8Array, length: number): Test {
    const [from, to] = [8, 24].map((at) => Array.from({ length: 16 }, (_, i) => this.#network(at + i, 1)));
    const is = (packet: FilterPacket, octets: Value[]): boolean => {
      for (let i = 0; i * 8 < length; i++) {
        const mask = length - i * 8 >= 8 ? 255 : 256 - (1 << (8 - (length - i * 8)));
        if ((octets[i](packet) & mask) !== (address[i] & mask)) return false;
      }
      return true;
    };
    return both(this.#etherType(IPV6), (packet) => directed(direction, () => is(packet, from), () => is(packet, to)));
  }

  #net(protocol: Protocol | null, direction: Direction, id: string, maskText: string | null): Test {
    const [text, lengthText] = id.split("/", 2);
    if (text.includes(":")) {
      const address = parseIpv6(text);
      const length = lengthText === undefined ? 128 : Number(lengthText);
      if (address === null || !(length <= 128)) throw new FilterError(`mask length must be <= 128`);
      return this.#address6(direction, address, length);
    }
    const parts = text.split(".");
    if (parts.length > 4 || parts.some((part) => !/^\d+$/.test(part) || Number(part) > 255)) {
      throw new FilterError(`unknown network '${text}'`);
    }
    const given = parts.length * 8;
    const address = parts.reduce((sum, part) => sum * 256 + Number(part), 0) * 2 ** (32 - given);
    let mask = mask4(given);
    if (lengthText !== undefined) {
      if (!/^\d+$/.test(lengthText) || Number(lengthText) > 32) throw new FilterError("mask length must be <= 32");
      mask = mask4(Number(lengthText));
      if (((address & ~mask) >>> 0) !== 0) throw new FilterError(`non-network bits set in "${id}"`);
    } else if (maskText !== null) {
      const value = parseIpv4(maskText);
      if (value === null) throw new FilterError(`unknown network '${maskText}'`);
      mask = value;
      if (((address & ~mask) >>> 0) !== 0) throw new FilterError(`non-network bits set in "${text} mask ${maskText}"`);
    }
    if (protocol === "link") throw new FilterError("illegal qualifier of 'net'");
    return this.#address4(protocol, direction, address, mask);
  }
}

const OPERATIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => (a + b) >>> 0,
  "-": (a, b) => (a - b) >>> 0,
  "*": (a, b) => Math.imul(a, b) >>> 0,
  "/": (a, b) => {
    if (b === 0) throw OUT_OF_RANGE;
    return Math.floor(a / b);
  },
  "%": (a, b) => {
    if (b === 0) throw OUT_OF_RANGE;
    return a % b;
  },
  "&": (a, b) => (a & b) >>> 0,
  "|": (a, b) => (a | b) >>> 0,
  "^": (a, b) => (a ^ b) >>> 0,
  "<<": (a, b) => b > 31 ? 0 : (a << b) >>> 0,
  ">>": (a, b) => b > 31 ? 0 : a >>> b,
};

function within(value: number, low: number, high: number): boolean {
  return value >= low && value <= high;
}

function directed(direction: Direction, source: () => boolean, destination: () => boolean): boolean {
  switch (direction) {
    case "src":
      return source();
    case "dst":
      return destination();
    case "src and dst":
      return source() && destination();
    default:
      return source() || destination();
  }
}

/** A test of packets; an empty expression takes all. @throws {FilterError} */
export function compileFilter(text: string, names: FilterNames): (packet: FilterPacket) => boolean {
  if (text.trim() === "") return () => true;
  const test = new Compiler(names).expression(parseFilter(text));
  return (packet) => {
    try {
      return test(packet);
    } catch (error) {
      if (error === OUT_OF_RANGE) return false;
      throw error;
    }
  };
}
