/** Tables as `nft list` prints them (`src/rule.c`). */
import { formatPriority } from "./priority.ts";
import { ACCEPT } from "../../netfilter/hook_state.ts";
import type { Chain, Rule } from "../../netfilter/chain.ts";
import type { Element } from "../../netfilter/value_set.ts";
import type { Family, NamedSet, Table, WrittenRule } from "../../netfilter/ruleset.ts";
import { SELECTORS } from "../../netfilter/selector.ts";
import { type ElementTypes, type Named, showElement, type Written } from "./match.ts";
import { type Style, widthOf } from "./types.ts";

export const PLACES: readonly string[] = ["prerouting", "input", "forward", "output", "postrouting"];

/** What `WrittenRule.source` holds. */
export interface RuleSource {
  readonly written: readonly Written[];
}

function handle(number: number, style: Style): string {
  return style.handle ? ` # handle ${number}` : "";
}

export function showRule(rule: Rule, style: Style): string {
  const { written } = (rule as WrittenRule).source as RuleSource;
  const text = written.map((one) => one.show(style)).filter((one) => one !== "").join(" ");
  const comment = rule.comment === null ? "" : ` comment "${rule.comment}"`;
  return `${text}${comment}${handle(rule.handle, style)}`;
}

export function showChain(chain: Chain, family: Family, style: Style, rules = true): string {
  let text = `\tchain ${chain.name} {${handle(chain.handle, style)}\n`;
  if (chain.comment !== null) text += `\t\tcomment "${chain.comment}"\n`;
  if (chain.hook !== null) {
    const { type, place, priority } = chain.hook;
    const policy = chain.policy === ACCEPT ? "accept" : "drop";
    text += `\t\ttype ${type} hook ${PLACES[place]} priority ${
      formatPriority(priority, place, family, style)
    }; policy ${policy};\n`;
  }
  if (rules) { for (const rule of chain.rules) text += `\t\t${showRule(rule, style)}\n`; }
  return `${text}\t}\n`;
}

/** What a set's elements consist of. */
export function elementTypes(set: NamedSet): ElementTypes {
  const key = set.key.map((type): Named => ({
    name: type,
    type,
    selector: SELECTORS.get("meta mark")!,
    width: widthOf(type, 4),
  }));
  return { key, data: set.data };
}

/** Elements of a named set that stand on one line. */
function perLine(set: NamedSet): number {
  if (set.key.length > 1) return 1;
  switch (set.key[0]) {
    case "ipv6_addr":
    case "ifname":
      return 1;
    case "ipv4_addr":
    case "ether_addr":
      return set.data === null ? 2 : 1;
    case "mark":
      return 3;
    default:
      return 5;
  }
}

export function showSet(set: NamedSet, style: Style, elements: readonly Element[] = set.elements): string {
  const type = set.key.join(" . ");
  let text = `\t${set.data === null ? "set" : "map"} ${set.name} {${handle(set.handle, style)}\n`;
  text += `\t\ttype ${type}${set.data === null ? "" : ` : ${set.data}`}\n`;
  if (set.size !== null) text += `\t\tsize ${set.size}\n`;
  const flags = set.flags.filter((flag) => flag !== "timeout" || set.timeout === null);
  if (flags.length > 0) text += `\t\tflags ${flags.join(",")}\n`;
  if (set.timeout !== null) text += `\t\ttimeout ${set.timeout}\n`;
  if (set.comment !== null) text += `\t\tcomment "${set.comment}"\n`;
  if (elements.length > 0 && !style.terse) {
    const types = elementTypes(set);
    const count = perLine(set);
    const lines: string[] = [];
    for (let i = 0; i < elements.length; i += count) {
      lines.push(elements.slice(i, i + count).map((element) => showElement(element, types, style)).join(", "));
    }
    text += `\t\telements = { ${lines.join(",\n\t\t\t     ")} }\n`;
  }
  return `${text}\t}\n`;
}

export function showCounter(one: Table["counters"][number], style: Style): string {
  const { packets, bytes } = one.counter;
  const counts = style.stateless ? "" : `\t\tpackets ${packets} bytes ${bytes}\n`;
  return `\tcounter ${one.name} {${handle(one.handle, style)}\n${counts}\t}\n`;
}

export function showTable(table: Table, style: Style): string {
  let text = `table ${table.family} ${table.name} {${handle(table.handle, style)}\n`;
  const parts = [
    ...table.counters.map((one) => showCounter(one, style)),
    ...table.sets.map((set) => showSet(set, style)),
    ...table.chains.map((chain) => showChain(chain, table.family, style)),
  ];
  if (table.dormant) text += "\tflags dormant\n";
  if (table.comment !== null) text += `\tcomment "${table.comment}"\n`;
  if (table.dormant && parts.length > 0) text += "\n";
  return `${text}${parts.join("\n")}}\n`;
}
