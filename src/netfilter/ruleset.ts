/** The tables of a namespace, and changing them all or not at all (`nf_tables_api.c`). */
import type { IpHost, SysctlEntry } from "../ip/host.ts";
import { Errno, KernelError } from "../wire/errno.ts";
import { type BaseHook, Chain, JUMP_LIMIT, type Rule, type Statement } from "./chain.ts";
import { NatStatement } from "./nat_statement.ts";
import { Netfilter } from "./netfilter.ts";
import { type Selector, SELECTORS } from "./selector.ts";
import { Comparison, type Counter, MarkSet, NoTrack, RangeMatch } from "./statements.ts";
import { type Element, SetMatch, ValueSet, VerdictMap } from "./value_set.ts";

export type Family = "ip" | "ip6" | "inet" | "arp" | "bridge" | "netdev";

/** A rule with what it was written as: its listing is its author's affair (`NFTA_RULE_USERDATA`). */
export interface WrittenRule extends Rule {
  readonly source: unknown;
}

/** A set or map with a name, and what it was declared as. */
export class NamedSet extends ValueSet {
  constructor(
    readonly name: string,
    readonly handle: number,
    readonly key: readonly string[],
    /** Of a map: the type of what it leads to; null: a set. */
    readonly data: string | null,
    readonly flags: readonly string[],
    readonly timeout: string | null,
    readonly size: number | null,
    readonly comment: string | null,
  ) {
    super();
  }
}

export class Table {
  readonly chains: Chain[] = [];
  readonly sets: NamedSet[] = [];
  readonly counters: { name: string; handle: number; counter: Counter }[] = [];
  dormant = false;
  comment: string | null = null;
  #handle = 0;

  constructor(readonly family: Family, readonly name: string, readonly handle: number) {}

  takeHandle(): number {
    return ++this.#handle;
  }

  chain(name: string): Chain | undefined {
    return this.chains.find((chain) => chain.name === name);
  }

  set(name: string): NamedSet | undefined {
    return this.sets.find((set) => set.name === name);
  }

  /** Whether any rule or map leads to the chain. */
  leadsTo(chain: Chain): boolean {
    return this.chains.some((one) => one.rules.some((rule) => statementsLeadTo(rule.statements, chain))) ||
      this.sets.some((set) => set.elements.some((element) => element.verdict?.chain === chain));
  }

  /** Whether any rule looks into the set. */
  uses(set: ValueSet): boolean {
    return this.chains.some((one) => one.rules.some((rule) => rule.statements.some((s) => setOf(s) === set)));
  }
}

function statementsLeadTo(statements: readonly Statement[], chain: Chain): boolean {
  return statements.some((statement) => statement.targets?.includes(chain) ?? false);
}

function setOf(statement: Statement): ValueSet | null {
  if (statement instanceof SetMatch || statement instanceof VerdictMap) return statement.set;
  return statement instanceof NatStatement ? statement.map : null;
}

export class Ruleset {
  readonly tables: Table[] = [];
  #netfilter: Netfilter | null = null;
  #tableHandle = 0;

  /** `install` is told what packets shall meet; null: nothing. */
  constructor(readonly host: IpHost, readonly install: (netfilter: Netfilter | null) => void) {}

  get netfilter(): Netfilter {
    return this.#netfilter ??= new Netfilter(this.host);
  }

  /** Whether connections are, or were, tracked here. */
  get tracking(): boolean {
    return this.#netfilter !== null;
  }

  takeHandle(): number {
    return ++this.#tableHandle;
  }

  table(family: Family, name: string): Table | undefined {
    return this.tables.find((table) => table.family === family && table.name === name);
  }

  sysctls(): SysctlEntry[] {
    return this.netfilter.conntrack.sysctls();
  }

  /** Lets packets meet the tables as they are now. Throws EMLINK for chains that lead in circles or too deep. */
  activate(): void {
    for (const table of this.tables) {
      for (const chain of table.chains) if (chain.hook !== null) measure(chain, 0);
    }
    if (this.#netfilter === null && this.tables.length === 0) return;
    const active = this.netfilter.plan(this.#plan(["ip", "inet"]), this.#plan(["ip6", "inet"]));
    this.install(active ? this.netfilter : null);
  }

  #plan(families: readonly Family[]): { chains: Chain[]; tracked: boolean } {
    const tables = this.tables.filter((table) => families.includes(table.family));
    const chains = tables.filter((table) => !table.dormant).flatMap((table) =>
      table.chains.filter((chain) => chain.hook !== null)
    );
    const tracked = tables.some((table) =>
      table.chains.some((chain) =>
        chain.hook?.type === "nat" || chain.rules.some((rule) => rule.statements.some(needsTracking))
      )
    );
    return { chains, tracked };
  }
}

function measure(chain: Chain, depth: number): void {
  if (depth > JUMP_LIMIT) throw new KernelError(Errno.EMLINK);
  for (const rule of chain.rules) {
    for (const statement of rule.statements) {
      for (const target of statement.targets ?? []) measure(target, depth + 1);
    }
  }
}

const OF_CONNECTIONS: ReadonlySet<Selector> = new Set(
  [...SELECTORS].filter(([name]) => name.startsWith("ct ")).map(([, selector]) => selector),
);

function needsTracking(statement: Statement): boolean {
  if (statement instanceof NatStatement || statement instanceof NoTrack) return true;
  if (statement instanceof MarkSet) {
    return statement.what === "ct mark" || (statement.source !== null && OF_CONNECTIONS.has(statement.source));
  }
  if (statement instanceof Comparison || statement instanceof RangeMatch) return OF_CONNECTIONS.has(statement.selector);
  if (statement instanceof SetMatch || statement instanceof VerdictMap) {
    return statement.key.some((selector) => OF_CONNECTIONS.has(selector));
  }
  return false;
}

/** Changes that become valid together: each says how it is taken back. */
export class Transaction {
  readonly #undo: (() => void)[] = [];

  constructor(readonly ruleset: Ruleset) {}

  #put<T>(list: T[], item: T, at = list.length): void {
    list.splice(at, 0, item);
    this.#undo.push(() => list.splice(list.indexOf(item), 1));
  }

  #take<T>(list: T[], item: T): void {
    const at = list.indexOf(item);
    list.splice(at, 1);
    this.#undo.push(() => list.splice(at, 0, item));
  }

  /** Sets a property, to be set back. */
  assign<T, K extends keyof T>(object: T, key: K, value: T[K]): void {
    const was = object[key];
    object[key] = value;
    this.#undo.push(() => object[key] = was);
  }

  addTable(family: Family, name: string): Table {
    const table = new Table(family, name, this.ruleset.takeHandle());
    this.#put(this.ruleset.tables, table);
    return table;
  }

  deleteTable(table: Table): void {
    this.#take(this.ruleset.tables, table);
  }

  addChain(table: Table, name: string, hook: BaseHook | null): Chain {
    const chain = new Chain(name, table.takeHandle(), hook);
    this.#put(table.chains, chain);
    return chain;
  }

  /** Throws EBUSY while rules lead there. */
  deleteChain(table: Table, chain: Chain): void {
    if (table.leadsTo(chain)) throw new KernelError(Errno.EBUSY);
    this.flushChain(chain);
    this.#take(table.chains, chain);
  }

  flushChain(chain: Chain): void {
    this.assign(chain, "rules", []);
  }

  addRule(chain: Chain, rule: WrittenRule, at: number): void {
    const rules = chain.rules.slice();
    rules.splice(at, 0, rule);
    this.assign(chain, "rules", rules);
  }

  deleteRule(chain: Chain, rule: Rule): void {
    this.assign(chain, "rules", chain.rules.filter((other) => other !== rule));
  }

  replaceRule(chain: Chain, rule: Rule, by: WrittenRule): void {
    this.assign(chain, "rules", chain.rules.map((other) => other === rule ? by : other));
  }

  addSet(table: Table, set: NamedSet): void {
    this.#put(table.sets, set);
  }

  /** Throws EBUSY while rules use it. */
  deleteSet(table: Table, set: NamedSet): void {
    if (table.uses(set)) throw new KernelError(Errno.EBUSY);
    this.#take(table.sets, set);
  }

  addElement(set: ValueSet, element: Element): void {
    const was = set.elements;
    set.elements = was.slice();
    set.add(element);
    this.#undo.push(() => set.elements = was);
  }

  deleteElement(set: ValueSet, element: Element): void {
    this.assign(set, "elements", set.elements.filter((other) => other !== element));
  }

  flushSet(set: ValueSet): void {
    this.assign(set, "elements", []);
  }

  addCounter(table: Table, name: string, counter: Counter): void {
    this.#put(table.counters, { name, handle: table.takeHandle(), counter });
  }

  deleteCounter(table: Table, name: string): void {
    this.#take(table.counters, table.counters.find((one) => one.name === name)!);
  }

  commit(): void {
    try {
      this.ruleset.activate();
    } catch (error) {
      this.abort();
      throw error;
    }
  }

  abort(): void {
    for (let undo = this.#undo.pop(); undo !== undefined; undo = this.#undo.pop()) undo();
    this.ruleset.activate();
  }
}
