/** Policy routing of IPv6 (`net/ipv6/fib6_rules.c`): the first rule whose table has a route. */
import { IN6ADDR_ANY } from "../wire/ipv6.ts";
import type { FibRules } from "./fib_rules.ts";
import type { Ipv6 } from "./ipv6.ts";
import { type Flow6, lookupTable } from "./lookup6.ts";
import {
  FR_ACT_GOTO,
  FR_ACT_NOP,
  FR_ACT_PROHIBIT,
  FR_ACT_TO_TBL,
  FR_ACT_UNREACHABLE,
  RTN_BLACKHOLE,
  RTN_PROHIBIT,
  RTN_THROW,
} from "./netlink.ts";
import { Route6 } from "./route6.ts";

/** `fib6_rule_lookup`: null when no rule leads to a route. */
export function lookupByRules(ip: Ipv6, rules: FibRules, flow: Flow6): Route6 | null {
  const asked = {
    destination: flow.destination.slice(flow.destinationAt, flow.destinationAt + 16),
    source: flow.source.slice(flow.sourceAt, flow.sourceAt + 16),
    iif: flow.input?.index ?? 1,
    oif: flow.pinned ? flow.output?.index ?? 0 : 0,
    mark: flow.mark,
    tos: flow.tos,
    protocol: flow.protocol,
    sourcePort: flow.sourcePort,
    destinationPort: flow.destinationPort,
  };
  const list = rules.list();
  for (let i = 0; i < list.length; i++) {
    const rule = list[i];
    if (!rules.matches(rule, asked)) continue;
    if (rule.action === FR_ACT_GOTO) {
      const target = list.findIndex((other) => other.priority === rule.goto);
      if (target > i) i = target - 1;
      continue;
    }
    if (rule.action === FR_ACT_NOP) continue;
    if (rule.action !== FR_ACT_TO_TBL) return refusal(ip, rule.action);
    const table = ip.table(rule.table);
    const route = table === undefined ? null : lookupTable(ip, table, flow);
    if (route === null || route.type === RTN_THROW) continue;
    if (rule.suppressPrefixLength >= 0 && route.prefixLength <= rule.suppressPrefixLength) continue;
    return route;
  }
  return null;
}

/** A rule that leads to no table (`__fib6_rule_action`): unreachable is as if there were no route. */
function refusal(ip: Ipv6, action: number): Route6 | null {
  if (action === FR_ACT_UNREACHABLE) return null;
  const type = action === FR_ACT_PROHIBIT ? RTN_PROHIBIT : RTN_BLACKHOLE;
  return new Route6(IN6ADDR_ANY, 0, 0, type, 0, 0, ip.host.loopback, null);
}
