/** IPv4's routing tables and their lookup (`fib_trie.c`, `fib_rules.c`): what is asked for every packet that is not cached. */
import { smallWords } from "../wire/slab.ts";
import { Errno } from "../wire/errno.ts";
import type { InterfaceTable } from "../device/interface_table.ts";
import { type FibInfo, FibInfos, type FibNexthop } from "./fib_info4.ts";
import { FibRules } from "./fib_rules.ts";
import { FibTrie } from "./fib_trie.ts";
import type { Flow4 } from "./flow4.ts";
import { ignoresLinkdown } from "./in_device.ts";
import {
  FR_ACT_GOTO,
  FR_ACT_NOP,
  FR_ACT_PROHIBIT,
  FR_ACT_TO_TBL,
  FR_ACT_UNREACHABLE,
  RT_TABLE_DEFAULT,
  RT_TABLE_LOCAL,
  RT_TABLE_MAIN,
  RTN_UNICAST,
  RTNH_F_DEAD,
  RTNH_F_LINKDOWN,
  type Rule,
  typeError,
} from "./netlink.ts";

/** Words of an alias: the FibInfo's number, the TOS, and the next alias of the prefix or -1. */
const ALIAS = 3;
/** Words up to which the aliases share a block with those of other tables. */
const SMALL = 96;

/** What a lookup found (`fib_result`); the fields are those of the last success. */
export class FibResult {
  info: FibInfo = null!;
  nexthop: FibNexthop = null!;
  type: number = RTN_UNICAST;
  scope = 0;
  /** The route's own, 0 when it takes any. */
  tos = 0;
  prefixLength = 0;
  table = 0;
}

const EMPTY = new Int32Array(0);

/** A prefix's routes, one after the other: by descending TOS, then ascending metric. */
export class FibTable {
  readonly trie: FibTrie = new FibTrie();
  #aliases: Int32Array<ArrayBuffer> = EMPTY;
  #count = 0;
  #free = -1;
  /** Routes listed. */
  size = 0;

  constructor(readonly id: number, readonly infos: FibInfos) {}

  /** Octets held by prefixes and aliases. */
  get bytes(): number {
    return this.trie.bytes + this.#aliases.byteLength;
  }

  info(alias: number): FibInfo {
    return this.infos.list[this.#aliases[alias]]!;
  }

  tos(alias: number): number {
    return this.#aliases[alias + 1];
  }

  next(alias: number): number {
    return this.#aliases[alias + 2];
  }

  head(key: number, length: number): number {
    return this.trie.get(key, length);
  }

  /** Puts a route after the alias `previous`, or first (-1). */
  insert(key: number, length: number, previous: number, info: FibInfo, tos: number): void {
    let at = this.#free;
    if (at >= 0) this.#free = this.#aliases[at + 2];
    else {
      at = this.#count++ * ALIAS;
      if (at + ALIAS > this.#aliases.length) {
        const length = Math.max(this.#aliases.length * 2, ALIAS * 4);
        const grown = length <= SMALL ? smallWords(length) : new Int32Array(length);
        grown.set(this.#aliases);
        this.#aliases = grown;
      }
    }
    info.references++;
    this.size++;
    this.#aliases[at] = info.index;
    this.#aliases[at + 1] = tos;
    if (previous < 0) {
      this.#aliases[at + 2] = this.trie.get(key, length);
      this.trie.set(key, length, at);
    } else {
      this.#aliases[at + 2] = this.#aliases[previous + 2];
      this.#aliases[previous + 2] = at;
    }
  }

  /** Puts another info into an alias; the caller lets go of the old one. */
  exchange(alias: number, info: FibInfo): void {
    info.references++;
    this.#aliases[alias] = info.index;
  }

  /** Takes out the alias after `previous`, or the first (-1); the caller lets go of its info. */
  remove(key: number, length: number, previous: number, alias: number): void {
    const next = this.#aliases[alias + 2];
    if (previous >= 0) this.#aliases[previous + 2] = next;
    else if (next >= 0) this.trie.set(key, length, next);
    else this.trie.delete(key, length);
    this.#aliases[alias + 2] = this.#free;
    this.#free = alias;
    this.size--;
  }

  /** `fib_table_lookup`: 0, -EAGAIN when there is no route here, or the error of the route's type. */
  lookup(flow: Flow4, scope: number, ignoreLinkdown: boolean, result: FibResult): number {
    const found = FOUND;
    for (let i = this.trie.match(flow.destination, found) - 1; i >= 0; i--) {
      for (let alias = this.trie.valueAt(found[i]); alias >= 0; alias = this.#aliases[alias + 2]) {
        const tos = this.#aliases[alias + 1];
        if (tos !== 0 && tos !== (flow.tos & 0xfc)) continue;
        const info = this.infos.list[this.#aliases[alias]]!;
        if (info.scope < scope) continue;
        const error = typeError(info.type);
        if (error !== 0) return error;
        if ((info.flags & RTNH_F_DEAD) !== 0) continue;
        const nexthop = usable(info, flow.oif, ignoreLinkdown);
        if (nexthop === null) continue;
        result.info = info;
        result.nexthop = nexthop;
        result.type = info.type;
        result.scope = info.scope;
        result.tos = tos;
        result.prefixLength = this.trie.lengthAt(found[i]);
        result.table = this.id;
        return 0;
      }
    }
    return -Errno.EAGAIN;
  }
}

const FOUND = new Int32Array(33);

function usable(info: FibInfo, oif: number, ignoreLinkdown: boolean): FibNexthop | null {
  for (const nexthop of info.nexthops) {
    const flags = nexthop.flags;
    if ((flags & RTNH_F_DEAD) !== 0) continue;
    const device = nexthop.device!;
    if ((flags & RTNH_F_LINKDOWN) !== 0 && !ignoreLinkdown && ignoresLinkdown(device)) continue;
    if (oif !== 0 && oif !== device.index) continue;
    return nexthop;
  }
  return null;
}

const RESULT = new FibResult();
const OTHER = new FibResult();

export class Fib4 {
  readonly infos: FibInfos = new FibInfos();
  readonly rules: FibRules;
  /** The two tables of every namespace are at hand; the others by number. */
  local: FibTable | null = null;
  main: FibTable | null = null;
  #others: Map<number, FibTable> | null = null;
  /** What the last lookup found: read it before the next, of whatever namespace. */
  readonly result: FibResult = RESULT;

  constructor(interfaces: InterfaceTable) {
    this.rules = new FibRules(4, interfaces);
  }

  table(id: number): FibTable | undefined {
    if (id === RT_TABLE_LOCAL) return this.local ?? undefined;
    if (id === RT_TABLE_MAIN) return this.main ?? undefined;
    return this.#others?.get(id);
  }

  /** All there are, by ascending number. */
  tables(): FibTable[] {
    const known = [this.local, this.main, ...this.#others?.values() ?? []].filter((table) => table !== null);
    return known.sort((a, b) => a.id - b.id);
  }

  /** The table, made when it is not there; the local table brings the main one along (`fib_new_table`). */
  obtain(id: number): FibTable {
    let table = this.table(id);
    if (table === undefined) {
      if (id === RT_TABLE_LOCAL && !this.rules.custom) this.obtain(RT_TABLE_MAIN);
      table = new FibTable(id, this.infos);
      if (id === RT_TABLE_LOCAL) this.local = table;
      else if (id === RT_TABLE_MAIN) this.main = table;
      else (this.#others ??= new Map()).set(id, table);
    }
    return table;
  }

  /**
   * `fib_lookup`: 0 and `result`, or a negative errno. `scope` is the least that a route may have; `ignoreLinkdown` takes routes whose
   * interface has no carrier all the same.
   */
  lookup(flow: Flow4, scope = 0, ignoreLinkdown = false): number {
    if (this.rules.custom) return this.#walk(flow, scope, ignoreLinkdown);
    let error = -Errno.ENETUNREACH;
    const { result } = this;
    if (this.local !== null) {
      error = this.local.lookup(flow, scope, ignoreLinkdown, result);
      if (error === 0 && result.prefixLength === 32) return 0;
    }
    if (this.main !== null) error = this.#merge(flow, scope, ignoreLinkdown, error);
    if (error === 0) return 0;
    const standard = this.table(RT_TABLE_DEFAULT);
    if (standard !== undefined) error = standard.lookup(flow, scope, ignoreLinkdown, result);
    return error === -Errno.EAGAIN ? -Errno.ENETUNREACH : error;
  }

  /** Without custom rules local and main are one trie on Linux: the longer prefix wins, local first among equals. */
  #merge(flow: Flow4, scope: number, ignoreLinkdown: boolean, local: number): number {
    if (local !== 0) return this.main!.lookup(flow, scope, ignoreLinkdown, this.result);
    const other = OTHER;
    if (this.main!.lookup(flow, scope, ignoreLinkdown, other) !== 0) return 0;
    const { result } = this;
    if (other.prefixLength > result.prefixLength) {
      result.info = other.info;
      result.nexthop = other.nexthop;
      result.type = other.type;
      result.scope = other.scope;
      result.tos = other.tos;
      result.prefixLength = other.prefixLength;
      result.table = other.table;
    }
    return 0;
  }

  /** `fib_rules_lookup` */
  #walk(flow: Flow4, scope: number, ignoreLinkdown: boolean): number {
    const rules = this.rules.list();
    for (let i = 0; i < rules.length; i++) {
      const rule = rules[i];
      if (!this.rules.matches(rule, flow) || rule.action === FR_ACT_NOP) continue;
      if (rule.action === FR_ACT_GOTO) {
        const target = rules.findIndex((other) => other.priority === rule.goto);
        if (target > i) i = target - 1;
        continue;
      }
      const error = this.#act(rule, flow, scope, ignoreLinkdown);
      if (error === 0 && this.result.prefixLength <= rule.suppressPrefixLength) continue;
      if (error !== -Errno.EAGAIN) return error;
    }
    return -Errno.ENETUNREACH;
  }

  #act(rule: Rule, flow: Flow4, scope: number, ignoreLinkdown: boolean): number {
    if (rule.action === FR_ACT_UNREACHABLE) return -Errno.ENETUNREACH;
    if (rule.action === FR_ACT_PROHIBIT) return -Errno.EACCES;
    if (rule.action !== FR_ACT_TO_TBL) return -Errno.EINVAL;
    const table = this.table(rule.table);
    return table === undefined ? -Errno.EAGAIN : table.lookup(flow, scope, ignoreLinkdown, this.result);
  }
}
