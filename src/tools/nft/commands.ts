/** The commands of `nft`: read one by one and carried out in one transaction, which fails as a whole. */
import { Errno, KernelError, strerror } from "../../wire/errno.ts";
import { NF_LOCAL_IN, NF_LOCAL_OUT, NF_POST_ROUTING, NF_PRE_ROUTING } from "../../ip/host.ts";
import type { BaseHook, Chain, Rule } from "../../netfilter/chain.ts";
import { ACCEPT, DROP } from "../../netfilter/hook_state.ts";
import {
  type Family,
  NamedSet,
  type Ruleset,
  type Table,
  Transaction,
  type WrittenRule,
} from "../../netfilter/ruleset.ts";
import { NatStatement } from "../../netfilter/nat_statement.ts";
import { Counter } from "../../netfilter/statements.ts";

import { NftError, type Place, Reader, type Token, tokens } from "./lexer.ts";
import { readElements, type RuleContext, type Written } from "./match.ts";
import { priorityOf } from "./priority.ts";
import { elementTypes, PLACES, showChain, showCounter, showRule, showSet, showTable } from "./show.ts";
import { readCounts, readRule } from "./statement.ts";
import { SET_TYPES, type Style } from "./types.ts";

const FAMILIES: readonly string[] = ["ip", "ip6", "inet", "arp", "bridge", "netdev"];
const ACTIONS: readonly string[] = [
  "add",
  "create",
  "insert",
  "delete",
  "replace",
  "flush",
  "list",
  "rename",
  "reset",
  "get",
];

/** One run of `nft` over a text. */
export class Commands {
  readonly #reader: Reader;
  readonly #transaction: Transaction;
  /** What is printed once all is done. */
  readonly #output: (() => string)[] = [];
  #start: Place = { from: 0, to: 0 };
  /** Tables that were there before. */
  readonly #known: readonly Table[];

  constructor(text: string, readonly ruleset: Ruleset, readonly style: Style, readonly echo: boolean) {
    this.#reader = new Reader(tokens(text));
    this.#transaction = new Transaction(ruleset);
    this.#known = ruleset.tables.slice();
  }

  /** Carries out all commands; what they print. With `check`, nothing is changed. Throws an NftError. */
  run(check: boolean): string {
    const reader = this.#reader;
    try {
      reader.skipSeparators();
      while (reader.token.kind !== "end") {
        this.#start = reader.token;
        this.#command();
        if (!reader.atEnd || reader.is("}")) reader.fail("newline or semicolon");
        reader.skipSeparators();
      }
      this.#kernel(this.#whole(), () => this.ruleset.activate());
    } catch (error) {
      this.#transaction.abort();
      throw error;
    }
    const output = this.#output.map((print) => print()).join("");
    if (check) this.#transaction.abort();
    return output;
  }

  /** The command as the kernel's complaints mark it: up to the end of its line. */
  #whole(): Place {
    const { token, previous } = this.#reader;
    return { from: this.#start.from, to: token.kind === "newline" || token.kind === "end" ? token.to : previous.to };
  }

  /** Tells the kernel's complaints in nft's words. */
  #kernel<T>(place: Place, action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      throw new NftError(`Could not process rule: ${strerror(error.errno)}`, place);
    }
  }

  #refuse(errno: number, place: Place): never {
    throw new NftError(`Could not process rule: ${strerror(errno)}`, place);
  }

  #command(): void {
    const reader = this.#reader;
    const { token } = reader;
    if (token.kind !== "string") reader.fail();
    const action = ACTIONS.includes(token.text) ? reader.next().text : "add";
    switch (action) {
      case "list":
        return this.#list();
      case "flush":
        return this.#flush();
      case "delete":
        return this.#delete();
      case "rename":
        return this.#rename();
      case "reset":
        return this.#reset();
      case "get":
        return this.#get();
      case "insert":
      case "replace":
        if (!reader.take("rule") && action === "replace") reader.fail("rule");
        return this.#rule(action);
    }
    const object = reader.token;
    switch (object.text) {
      case "table":
        reader.next();
        return this.#table(action === "create");
      case "chain":
        reader.next();
        return this.#chain(action === "create");
      case "rule":
        reader.next();
        return this.#rule("add");
      case "set":
      case "map":
        reader.next();
        return this.#set(object.text === "map", action === "create");
      case "element":
        reader.next();
        return this.#elements(action);
      case "counter":
        reader.next();
        return this.#counter(action === "create");
    }
    this.#rule("add");
  }

  // Names

  #family(): Family {
    const reader = this.#reader;
    return FAMILIES.includes(reader.token.text) ? reader.next().text as Family : "ip";
  }

  /** A table that must be there; `word` begins the complaint when it is not. */
  #tableOf(kernel = false): Table {
    const family = this.#family();
    return this.#named(family, this.#reader.identifier(), kernel);
  }

  #named(family: Family, token: Token, kernel: boolean): Table {
    const table = this.ruleset.table(family, token.text);
    if (table !== undefined) return table;
    const near = nearestTable(this.#known, family, token.text);
    if (near !== null) {
      throw new NftError(
        `No such file or directory; did you mean table ‘${near.name}’ in family ${near.family}?`,
        token,
      );
    }
    if (kernel) this.#refuse(Errno.ENOENT, token);
    throw new NftError("No such file or directory", token);
  }

  #chainOf(table: Table): Chain {
    const token = this.#reader.identifier();
    const chain = table.chain(token.text);
    if (chain !== undefined) return chain;
    return missingChain(table, token);
  }

  #setOf(table: Table): NamedSet {
    const token = this.#reader.identifier();
    const set = table.set(token.text);
    if (set === undefined) throw new NftError("No such file or directory", token);
    return set;
  }

  #context(table: Table): RuleContext {
    return {
      family: table.family,
      table,
      style: this.style,
      chain: (token) => table.chain(token.text) ?? missingChain(table, token, Infinity),
      transport: null,
      network: table.family === "ip" || table.family === "ip6" ? table.family : null,
    };
  }

  // Adding

  #table(create: boolean): void {
    const reader = this.#reader;
    const family = this.#family();
    const token = reader.identifier();
    let table = this.ruleset.table(family, token.text);
    if (table !== undefined && create) this.#refuse(Errno.EEXIST, token);
    table ??= this.#transaction.addTable(family, token.text);
    if (!reader.take("{")) return;
    for (reader.skipSeparators(); !reader.is("}"); reader.skipSeparators()) this.#tableItem(table);
    reader.next();
  }

  #tableItem(table: Table): void {
    const reader = this.#reader;
    const word = reader.next();
    switch (word.text) {
      case "flags": {
        const flag = reader.name();
        if (flag.text !== "dormant") throw new NftError(`unknown table option ${flag.text}`, flag);
        this.#transaction.assign(table, "dormant", true);
        return;
      }
      case "comment":
        this.#transaction.assign(table, "comment", reader.next().text);
        return;
      case "chain":
        this.#chainIn(table, reader.identifier(), false);
        return;
      case "set":
      case "map":
        this.#setIn(table, reader.identifier(), word.text === "map", false);
        return;
      case "counter":
        this.#counterIn(table, reader.identifier(), false);
        return;
    }
    throw new NftError("syntax error, unexpected string", word);
  }

  #chain(create: boolean): void {
    const table = this.#tableOf();
    this.#chainIn(table, this.#reader.identifier(), create);
  }

  #chainIn(table: Table, token: Token, create: boolean): void {
    const reader = this.#reader;
    const known = table.chain(token.text);
    if (known !== undefined && create) this.#refuse(Errno.EEXIST, token);
    if (!reader.take("{")) {
      if (known === undefined) this.#transaction.addChain(table, token.text, null);
      return;
    }
    let hook: BaseHook | null = null;
    let chain = known;
    const obtain = () => chain ??= this.#transaction.addChain(table, token.text, hook);
    for (reader.skipSeparators(); !reader.is("}"); reader.skipSeparators()) {
      if (reader.is("type")) {
        hook = this.#hook(table.family);
        if (chain !== undefined) this.#sameHook(chain, hook);
      } else if (reader.take("policy")) {
        const word = reader.token;
        if (word.text !== "accept" && word.text !== "drop") reader.fail("accept or drop or '$'");
        reader.next();
        const policy = word.text === "accept" ? ACCEPT : DROP;
        this.#transaction.assign(obtain(), "policy", policy);
      } else if (reader.is("comment") && (chain === undefined || chain.rules.length === 0)) {
        reader.next();
        const comment = reader.next().text;
        if (hook === null && reader.peek().text === "type") reader.skipSeparators();
        if (hook === null && reader.is(";")) reader.skipSeparators();
        if (hook === null && reader.is("type")) hook = this.#hook(table.family);
        this.#transaction.assign(obtain(), "comment", comment);
      } else this.#addRule(obtain(), table, obtain().rules.length);
    }
    reader.next();
    obtain();
  }

  #sameHook(chain: Chain, hook: BaseHook): void {
    const own = chain.hook;
    if (own !== null && own.type === hook.type && own.place === hook.place && own.priority === hook.priority) return;
    while (!this.#reader.atEnd || this.#reader.is(";") || this.#reader.is("}")) {
      if (this.#reader.token.kind === "end" || this.#reader.token.kind === "newline") break;
      this.#reader.next();
    }
    this.#refuse(Errno.EOPNOTSUPP, this.#whole());
  }

  /** `type TYPE hook PLACE priority PRIORITY` */
  #hook(family: Family): BaseHook {
    const reader = this.#reader;
    reader.next();
    const type = reader.name();
    if (type.text !== "filter" && type.text !== "nat" && type.text !== "route") {
      throw new NftError("unknown chain type", type);
    }
    reader.expect("hook", "hook");
    const word = reader.name();
    const place = PLACES.indexOf(word.text);
    if (place < 0 || !["ip", "ip6", "inet"].includes(family)) throw new NftError("unknown chain hook", word);
    const start = reader.expect("priority", "priority");
    const priority = this.#priority(place, start);
    reader.take(";");
    const fits = type.text === "filter" ||
      (type.text === "route" ? place === NF_LOCAL_OUT && family !== "inet" || place === NF_LOCAL_OUT : [
        NF_PRE_ROUTING,
        NF_LOCAL_IN,
        NF_LOCAL_OUT,
        NF_POST_ROUTING,
      ].includes(place));
    if (!fits || (type.text === "nat" && priority <= -200)) {
      while (reader.token.kind !== "newline" && reader.token.kind !== "end") reader.next();
      this.#refuse(Errno.EOPNOTSUPP, this.#whole());
    }
    return { type: type.text, place, priority };
  }

  #priority(place: number, start: Token): number {
    const reader = this.#reader;
    const sign = () => reader.take("-") ? -1 : (reader.take("+"), 1);
    const factor = sign();
    const first = reader.next();
    if (first.kind === "number") return factor * Number(first.text);
    const base = priorityOf(first.text, place);
    if (base === null) {
      throw new NftError("invalid priority expression value in this context.", { from: start.from, to: first.to });
    }
    if (!reader.is("+") && !reader.is("-")) return base;
    const direction = sign();
    return base + direction * Number(reader.next().text);
  }

  #rule(action: "add" | "insert" | "replace"): void {
    const reader = this.#reader;
    const family = this.#family();
    const name = reader.identifier();
    const token = reader.identifier();
    const table = this.#named(family, name, true);
    const chain = table.chain(token.text) ?? missingChain(table, token);
    if (action === "replace") {
      const rule = this.#handled(chain);
      const by = this.#readRule(chain, table);
      this.#transaction.replaceRule(chain, rule, by);
      this.#echo("replace", table, chain, by);
      return;
    }
    let at = action === "add" ? chain.rules.length : 0;
    if (["handle", "position", "index"].includes(reader.token.text)) {
      if (reader.take("index")) {
        const number = reader.next();
        const index = Number(number.text);
        if (!(index < chain.rules.length)) this.#refuse(Errno.ENOENT, number);
        at = action === "add" ? index + 1 : index;
      } else {
        const rule = this.#handled(chain);
        at = chain.rules.indexOf(rule) + (action === "add" ? 1 : 0);
      }
    }
    const rule = this.#addRule(chain, table, at);
    this.#echo(action, table, chain, rule);
  }

  #echo(action: string, table: Table, chain: Chain, rule: WrittenRule): void {
    if (!this.echo) return;
    this.#output.push(() =>
      `${action} rule ${table.family} ${table.name} ${chain.name} ${showRule(rule, this.style)}\n`
    );
  }

  /** The rule that `handle N` names. */
  #handled(chain: Chain): Rule {
    const reader = this.#reader;
    if (!reader.is("handle") && !reader.is("position")) reader.fail("handle");
    reader.next();
    const number = reader.token;
    if (number.kind !== "number") reader.fail("number");
    reader.next();
    const rule = chain.rules.find((one) => one.handle === Number(number.text));
    if (rule === undefined) this.#refuse(Errno.ENOENT, number);
    return rule;
  }

  #readRule(chain: Chain, table: Table): WrittenRule {
    const { from } = this.#reader.token;
    const context = this.#context(table);
    const { written, comment } = readRule(this.#reader, context);
    for (const { statement } of written) {
      if (statement instanceof NatStatement && !natFits(statement, chain)) {
        // The kernel gives a refused rule a handle all the same, and nft tries twice.
        table.takeHandle();
        table.takeHandle();
        this.#refuse(Errno.EOPNOTSUPP, this.#whole());
      }
    }
    const statements = written.flatMap((one) => one.statement ?? []);
    settleReset(written, context, from);
    return { handle: table.takeHandle(), statements, comment, source: { written } };
  }

  #addRule(chain: Chain, table: Table, at: number): WrittenRule {
    const rule = this.#readRule(chain, table);
    this.#transaction.addRule(chain, rule, at);
    return rule;
  }

  #set(map: boolean, create: boolean): void {
    const table = this.#tableOf();
    this.#setIn(table, this.#reader.identifier(), map, create);
  }

  #setIn(table: Table, token: Token, map: boolean, create: boolean): void {
    const reader = this.#reader;
    const known = table.set(token.text);
    if (known !== undefined && create) this.#refuse(Errno.EEXIST, token);
    if (!reader.is("{")) {
      throw new NftError(`${map ? "map" : "set"} definition does not specify key`, token);
    }
    reader.next();
    let key: string[] = [];
    let data: string | null = null;
    let flags: string[] = [];
    let timeout: string | null = null;
    let size: number | null = null;
    let comment: string | null = null;
    let set: NamedSet | undefined = known;
    const obtain = () => {
      if (set !== undefined) return set;
      if (key.length === 0) throw new NftError(`${map ? "map" : "set"} definition does not specify key`, token);
      if (map && data === null) throw new NftError("map definition does not specify mapping data type", token);
      set = new NamedSet(token.text, table.takeHandle(), key, data, flags, timeout, size, comment);
      this.#transaction.addSet(table, set);
      return set;
    };
    for (reader.skipSeparators(); !reader.is("}"); reader.skipSeparators()) {
      const word = reader.next();
      if (word.text === "type") {
        key = this.#types();
        if (reader.take(":")) data = this.#type();
      } else if (word.text === "flags") {
        flags = [reader.name().text];
        while (reader.take(",")) flags.push(reader.name().text);
      } else if (word.text === "timeout") {
        timeout = "";
        while (!reader.atEnd) timeout += reader.next().text;
      } else if (word.text === "size") size = Number(reader.next().text);
      else if (word.text === "comment") comment = reader.next().text;
      else if (word.text === "elements") {
        reader.expect("=");
        this.#addElements(table, obtain(), false);
      } else if (word.text !== "auto-merge") throw new NftError("syntax error, unexpected string", word);
    }
    reader.next();
    obtain();
  }

  #types(): string[] {
    const types = [this.#type()];
    while (this.#reader.take(".")) types.push(this.#type());
    return types;
  }

  #type(): string {
    const token = this.#reader.identifier();
    if (!SET_TYPES.has(token.text)) throw new NftError(`unknown datatype ${token.text}`, token);
    return token.text;
  }

  #addElements(table: Table, set: NamedSet, create: boolean): void {
    for (const { element, place } of readElements(this.#reader, elementTypes(set), this.#context(table))) {
      const same = set.same(element);
      if (same !== undefined) {
        const differs = same.data !== element.data || same.verdict?.verdict !== element.verdict?.verdict;
        if (create || differs) this.#refuse(Errno.EEXIST, place);
        continue;
      }
      if (set.overlapping(element) !== undefined) throw new NftError("interval overlaps with an existing one", place);
      this.#transaction.addElement(set, element);
    }
  }

  #elements(action: string): void {
    const table = this.#tableOf();
    const set = this.#setOf(table);
    if (action === "add" || action === "create") return this.#addElements(table, set, action === "create");
    for (const { element, place } of readElements(this.#reader, elementTypes(set), this.#context(table))) {
      const known = set.same(element);
      if (known === undefined) this.#refuse(Errno.ENOENT, place);
      this.#transaction.deleteElement(set, known);
    }
  }

  #counter(create: boolean): void {
    const table = this.#tableOf();
    this.#counterIn(table, this.#reader.identifier(), create);
  }

  #counterIn(table: Table, token: Token, create: boolean): void {
    const reader = this.#reader;
    const counter = new Counter();
    if (reader.take("{")) {
      reader.skipSeparators();
      readCounts(reader, counter);
      reader.skipSeparators();
      reader.expect("}");
    }
    if (table.counters.some((one) => one.name === token.text)) {
      if (create) this.#refuse(Errno.EEXIST, token);
      return;
    }
    this.#transaction.addCounter(table, token.text, counter);
  }

  // Taking away

  #flush(): void {
    const reader = this.#reader;
    const object = reader.name();
    switch (object.text) {
      case "ruleset": {
        const family = FAMILIES.includes(reader.token.text) ? reader.next().text : null;
        for (const table of this.ruleset.tables.slice()) {
          if (family === null || table.family === family) this.#transaction.deleteTable(table);
        }
        return;
      }
      case "table": {
        const table = this.#tableOf(true);
        for (const chain of table.chains) this.#transaction.flushChain(chain);
        return;
      }
      case "chain": {
        const table = this.#tableOf(true);
        const token = reader.identifier();
        const chain = table.chain(token.text);
        if (chain === undefined) this.#refuse(Errno.ENOENT, token);
        return this.#transaction.flushChain(chain);
      }
      case "set":
      case "map":
        return this.#transaction.flushSet(this.#setOf(this.#tableOf()));
    }
    throw new NftError("syntax error, unexpected string", object);
  }

  #delete(): void {
    const reader = this.#reader;
    const object = reader.name();
    switch (object.text) {
      case "table":
        return this.#transaction.deleteTable(this.#tableOf(true));
      case "chain": {
        const table = this.#tableOf();
        const chain = this.#chainOf(table);
        return this.#kernel(reader.previous, () => this.#transaction.deleteChain(table, chain));
      }
      case "rule": {
        const table = this.#tableOf();
        const chain = this.#chainOf(table);
        return this.#transaction.deleteRule(chain, this.#handled(chain));
      }
      case "set":
      case "map": {
        const table = this.#tableOf();
        const set = this.#setOf(table);
        return this.#kernel(reader.previous, () => this.#transaction.deleteSet(table, set));
      }
      case "element":
        return this.#elements("delete");
      case "counter": {
        const table = this.#tableOf();
        const token = reader.identifier();
        const known = table.counters.find((one) => one.name === token.text);
        if (known === undefined) throw new NftError("No such file or directory", token);
        const used = table.chains.some((chain) => chain.rules.some((rule) => rule.statements.includes(known.counter)));
        if (used) this.#refuse(Errno.EBUSY, token);
        return this.#transaction.deleteCounter(table, token.text);
      }
    }
    throw new NftError("syntax error, unexpected string", object);
  }

  #rename(): void {
    const reader = this.#reader;
    reader.expect("chain", "chain");
    const table = this.#tableOf();
    const chain = this.#chainOf(table);
    const name = reader.name();
    if (table.chain(name.text) !== undefined) this.#refuse(Errno.EEXIST, this.#whole());
    this.#transaction.assign(chain, "name", name.text);
  }

  // Showing

  #tables(): Table[] {
    const family = FAMILIES.includes(this.#reader.token.text) ? this.#reader.next().text : null;
    return this.ruleset.tables.filter((table) => family === null || table.family === family);
  }

  #list(): void {
    const reader = this.#reader;
    const object = reader.token;
    if (object.kind !== "string") reader.fail();
    reader.next();
    const { style } = this;
    switch (object.text) {
      case "ruleset": {
        const tables = this.#tables();
        this.#output.push(() => tables.map((table) => showTable(table, style)).join(""));
        return;
      }
      case "tables": {
        const tables = this.#tables();
        this.#output.push(() => tables.map((table) => `table ${table.family} ${table.name}\n`).join(""));
        return;
      }
      case "table": {
        const table = this.#tableOf();
        this.#output.push(() => showTable(table, style));
        return;
      }
      case "chain":
        return this.#listOne((table, token) => {
          const chain = table.chain(token.text);
          return chain === undefined ? null : () => showChain(chain, table.family, style);
        });
      case "set":
      case "map":
        return this.#listOne((table, token) => {
          const set = table.set(token.text);
          return set === undefined ? null : () => showSet(set, style);
        });
      case "counter":
        return this.#listOne((table, token) => {
          const counter = table.counters.find((one) => one.name === token.text);
          return counter === undefined ? null : () => showCounter(counter, style);
        });
      case "chains":
        return this.#listAll((table) => table.chains.map((chain) => showChain(chain, table.family, style, false)));
      case "sets":
        return this.#listAll((table) =>
          table.sets.filter((set) => set.data === null).map((set) => showSet(set, style))
        );
      case "maps":
        return this.#listAll((table) =>
          table.sets.filter((set) => set.data !== null).map((set) => showSet(set, style))
        );
      case "counters": {
        const tables = this.#tables().filter((table) => table.counters.length > 0);
        this.#output.push(() => listTables(tables, (table) => table.counters.map((one) => showCounter(one, style))));
        return;
      }
    }
    throw new NftError("syntax error, unexpected string", object);
  }

  #listOne(find: (table: Table, token: Token) => (() => string) | null): void {
    const family = this.#family();
    const name = this.#reader.identifier();
    const token = this.#reader.identifier();
    const table = this.ruleset.table(family, name.text);
    const show = table === undefined ? null : find(table, token);
    if (show === null) throw new NftError("No such file or directory", table === undefined ? name : token);
    this.#output.push(() => `table ${family} ${name.text} {\n${show()}}\n`);
  }

  #listAll(show: (table: Table) => string[]): void {
    const tables = this.#tables();
    this.#output.push(() => listTables(tables, show));
  }

  #get(): void {
    this.#reader.expect("element", "element");
    const table = this.#tableOf();
    const set = this.#setOf(table);
    const asked = readElements(this.#reader, elementTypes(set), this.#context(table));
    const found = asked.map(({ element }) => set.same(element) ?? set.overlapping(element));
    if (found.includes(undefined)) this.#refuse(Errno.ENOENT, this.#whole());
    const elements = found.filter((element) => element !== undefined);
    this.#output.push(() => `table ${table.family} ${table.name} {\n${showSet(set, this.style, elements)}}\n`);
  }

  #reset(): void {
    const reader = this.#reader;
    const object = reader.token;
    if (object.text !== "counter" && object.text !== "counters") reader.fail("counter or counters or quotas or quota");
    reader.next();
    const tables = object.text === "counters" ? this.#tables() : [this.#tableOf()];
    const name = object.text === "counter" ? reader.name().text : null;
    for (const table of tables) {
      const counters = table.counters.filter((one) => name === null || one.name === name);
      if (counters.length === 0) continue;
      const text = listTables([table], () => counters.map((one) => showCounter(one, this.style)));
      this.#output.push(() => text);
      for (const { counter } of counters) {
        this.#transaction.assign(counter, "packets", 0);
        this.#transaction.assign(counter, "bytes", 0);
      }
    }
  }
}

function listTables(tables: readonly Table[], show: (table: Table) => string[]): string {
  return tables.map((table) => `table ${table.family} ${table.name} {\n${show(table).join("")}}\n`).join("");
}

/**
 * A TCP reset needs the transport protocol to be known to be TCP: in a table of both versions that is added, and shown; in one of a
 * single version it goes without saying.
 */
function settleReset(written: Written[], context: RuleContext, from: number): void {
  const shown = written.map((one) => one.show(context.style));
  const at = shown.indexOf("reject with tcp reset");
  if (at < 0) return;
  const known = shown.slice(0, at).findIndex((text) => /^meta l4proto (tcp|6)$/.test(text));
  if (context.family !== "inet") {
    if (known >= 0) written[known] = { ...written[known], show: () => "" };
  } else if (known < 0 && !shown.slice(0, at).some((text) => text.startsWith("tcp "))) {
    const place = { from, to: from };
    const show = ({ numericProtocol }: Style) => `meta l4proto ${numericProtocol ? 6 : "tcp"}`;
    written.splice(at, 0, { statement: null, place, show });
  }
}

/** Where a translation may stand (`nft_chain_validate_dependency`). */
function natFits(statement: NatStatement, chain: Chain): boolean {
  if (chain.hook === null) return true;
  if (chain.hook.type !== "nat") return false;
  const { place } = chain.hook;
  if (statement.type === "masquerade") return place === NF_POST_ROUTING;
  if (statement.type === "snat") return place === NF_POST_ROUTING || place === NF_LOCAL_IN;
  return place === NF_PRE_ROUTING || place === NF_LOCAL_OUT;
}

function missingChain(table: Table, token: Token, most = MISSPELT): never {
  const near = nearest(token.text, table.chains.map((chain) => chain.name), most);
  if (near === null) throw new NftError(`Could not process rule: ${strerror(Errno.ENOENT)}`, token);
  throw new NftError(
    `No such file or directory; did you mean chain ‘${near}’ in table ${table.family} ‘${table.name}’?`,
    token,
  );
}

function nearestTable(tables: readonly Table[], family: Family, name: string): Table | null {
  const same = tables.find((table) => table.name === name && table.family !== family);
  if (same !== undefined) return same;
  const near = nearest(name, tables.map((table) => table.name), MISSPELT);
  return near === null ? null : tables.find((table) => table.name === near)!;
}

/** Names that differ by more than so much are not meant. */
const MISSPELT = 3;

/** The name that takes the fewest changes (`string_misspell_update`). */
function nearest(name: string, names: readonly string[], most: number): string | null {
  let best: string | null = null;
  let least = most + 1;
  for (const other of names) {
    const changes = distance(name, other);
    if (changes >= least) continue;
    least = changes;
    best = other;
  }
  return best;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}
