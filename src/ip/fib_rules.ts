/** Policy routing rules of one family (`net/core/fib_rules.c`): which table is asked, in the order of their priorities. */
import type { InterfaceTable } from "../device/interface_table.ts";
import { Errno, KernelError } from "../wire/errno.ts";
import type { IpAddress } from "./host.ts";
import { FR_ACT_GOTO, FR_ACT_TO_TBL, type Rule } from "./netlink.ts";
import { type ChangeMode, RT_TABLE_DEFAULT, RT_TABLE_LOCAL, RT_TABLE_MAIN, RTPROT_KERNEL } from "./netlink.ts";

/** What a lookup asks for (`flowi`). Numbers are 0 where they are not known; `null` is no address. */
export interface Flow<Address extends IpAddress = IpAddress> {
  destination: Address;
  source: Address;
  /** Interface indexes; locally made packets come in by lo (1). */
  iif: number;
  oif: number;
  mark: number;
  tos: number;
  protocol: number;
  sourcePort: number;
  destinationPort: number;
}

const EMPTY: Rule = {
  priority: 0,
  from: null,
  fromLength: 0,
  to: null,
  toLength: 0,
  iif: "",
  oif: "",
  fwmark: 0,
  fwmask: 0,
  tos: 0,
  action: FR_ACT_TO_TBL,
  table: 0,
  goto: 0,
  invert: false,
  suppressPrefixLength: -1,
  protocol: 0,
  ipProtocol: 0,
  sourcePorts: null,
  destinationPorts: null,
};

function standard(priority: number, table: number): Rule {
  return { ...EMPTY, priority, table, protocol: RTPROT_KERNEL };
}

/** The rules of a new namespace, shared until one is changed. */
const IPV4_STANDARD: readonly Rule[] = [
  standard(0, RT_TABLE_LOCAL),
  standard(32766, RT_TABLE_MAIN),
  standard(32767, RT_TABLE_DEFAULT),
];
const IPV6_STANDARD: readonly Rule[] = IPV4_STANDARD.slice(0, 2);

export class FibRules {
  #rules: readonly Rule[];
  /** Somebody changed the rules: lookups have to walk them. */
  custom = false;

  constructor(version: 4 | 6, readonly interfaces: InterfaceTable) {
    this.#rules = version === 4 ? IPV4_STANDARD : IPV6_STANDARD;
  }

  list(): readonly Rule[] {
    return this.#rules;
  }

  /** `ip rule add` (`fib_nl_newrule`). The rule that was made. */
  add(request: Partial<Rule>, mode: ChangeMode): Rule {
    const rule: Rule = { ...EMPTY, ...request };
    if (request.priority === undefined) {
      const second = this.#rules[1];
      rule.priority = second !== undefined && second.priority > 0 ? second.priority - 1 : 0;
    }
    if (request.fwmark !== undefined && request.fwmask === undefined) rule.fwmask = 0xffffffff;
    if (rule.action === FR_ACT_GOTO && rule.goto <= rule.priority) {
      throw new KernelError(Errno.EINVAL, "Backward goto not supported");
    }
    if ((rule.tos & 3) !== 0) throw new KernelError(Errno.EINVAL, "Invalid dsfield (dscp) or ECN bits set");
    if (rule.action === FR_ACT_TO_TBL && rule.table === 0) rule.table = this.#emptyTable();
    if (mode === "add" && this.#rules.some((other) => equal(other, rule))) throw new KernelError(Errno.EEXIST);
    const rules = this.#rules.slice();
    let at = rules.findIndex((other) => other.priority > rule.priority);
    if (at < 0) at = rules.length;
    rules.splice(at, 0, rule);
    this.#rules = rules;
    this.custom = true;
    return rule;
  }

  /** `ip rule del`: the first rule that has all that is given. */
  delete(request: Partial<Rule>): Rule {
    const at = this.#rules.findIndex((rule) => matches(rule, request));
    if (at < 0) throw new KernelError(Errno.ENOENT);
    const rule = this.#rules[at];
    this.#rules = this.#rules.toSpliced(at, 1);
    this.custom = true;
    return rule;
  }

  #emptyTable(): number {
    for (let id = 1; id < RT_TABLE_DEFAULT; id++) if (!this.#rules.some((rule) => rule.table === id)) return id;
    throw new KernelError(Errno.ENOBUFS);
  }

  /** Whether a flow meets a rule (`fib_rule_match`). */
  matches(rule: Rule, flow: Flow): boolean {
    return this.#meets(rule, flow) !== rule.invert;
  }

  #meets(rule: Rule, flow: Flow): boolean {
    if (rule.iif !== "" && this.interfaces.byName(rule.iif)?.index !== flow.iif) return false;
    if (rule.oif !== "" && this.interfaces.byName(rule.oif)?.index !== flow.oif) return false;
    if (((rule.fwmark ^ flow.mark) & rule.fwmask) !== 0) return false;
    if (rule.fromLength > 0 && !covers(rule.from!, rule.fromLength, flow.source)) return false;
    if (rule.toLength > 0 && !covers(rule.to!, rule.toLength, flow.destination)) return false;
    if (rule.tos !== 0 && rule.tos !== (flow.tos & 0xfc)) return false;
    if (rule.ipProtocol !== 0 && rule.ipProtocol !== flow.protocol) return false;
    if (rule.sourcePorts !== null && !within(rule.sourcePorts, flow.sourcePort)) return false;
    return rule.destinationPorts === null || within(rule.destinationPorts, flow.destinationPort);
  }
}

function within(range: readonly [number, number], port: number): boolean {
  return port >= range[0] && port <= range[1];
}

/** Whether `address` lies in the prefix. */
function covers(prefix: IpAddress, length: number, address: IpAddress): boolean {
  if (length === 0) return true;
  if (typeof prefix === "number" || typeof address === "number") {
    return (((prefix as number) ^ (address as number)) >>> (32 - length)) === 0;
  }
  const whole = length >> 3;
  for (let i = 0; i < whole; i++) if (prefix[i] !== address[i]) return false;
  const rest = length & 7;
  return rest === 0 || ((prefix[whole] ^ address[whole]) >> (8 - rest)) === 0;
}

function same(a: unknown, b: unknown): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return a.every((octet, i) => octet === b[i]);
  if (Array.isArray(a) && Array.isArray(b)) return a[0] === b[0] && a[1] === b[1];
  return a === b;
}

const COMPARED = Object.keys(EMPTY) as (keyof Rule)[];

/** `rule_exists`, which looks neither at who made a rule nor at where it jumps to. */
function equal(a: Rule, b: Rule): boolean {
  return COMPARED.every((key) => key === "protocol" || key === "goto" || same(a[key], b[key]));
}

function matches(rule: Rule, request: Partial<Rule>): boolean {
  return COMPARED.every((key) => request[key] === undefined || same(rule[key], request[key]));
}
