/** What expressions stand for: numbers, addresses, fields. */
import type { IpAddress } from "../ip/host.ts";
import { parseIpv4 } from "../wire/ipv4.ts";
import { parseIpv6 } from "../wire/ipv6.ts";
import { symbol } from "./symbols.ts";
import type { Expression } from "./syntax.ts";

/** What a script asks for is not right: packetdrill's words follow `runtime error in … call: `. */
export class CallError extends Error {
  override readonly name = "CallError";
}

/** The number that an expression is; `[5]` is 5, as for option values. */
export function numberOf(expression: Expression | undefined): number {
  switch (expression?.kind) {
    case "number":
      return expression.value;
    case "word": {
      const value = symbol(expression.name);
      if (value === undefined) throw new CallError(`unknown symbol: '${expression.name}'`);
      return value;
    }
    case "or":
      return Number(BigInt(integer(expression.left)) | BigInt(integer(expression.right)));
    case "function":
      if (expression.name === "htons" || expression.name === "htonl") return numberOf(expression.argument);
      break;
    case "list":
      if (expression.items.length === 1) return numberOf(expression.items[0]);
      break;
    case undefined:
      throw new CallError("too few arguments");
  }
  throw new CallError("expected an integer");
}

function integer(expression: Expression): number {
  const value = numberOf(expression);
  if (!Number.isInteger(value)) throw new CallError("expected an integer");
  return value;
}

export function isAnything(expression: Expression | undefined): boolean {
  return expression === undefined || expression.kind === "any" ||
    (expression.kind === "list" && expression.items.length === 1 && expression.items[0].kind === "any");
}

/** The address and port of a `{sa_family = …, sin_port = htons(…), sin_addr = inet_addr("…")}`; null for `...`. */
export function socketAddress(expression: Expression | undefined): { address: IpAddress; port: number } | null {
  if (isAnything(expression)) return null;
  if (expression!.kind !== "fields") throw new CallError("expected a socket address");
  const { fields } = expression as { fields: ReadonlyMap<string, Expression> };
  const port = fields.get("sin_port") ?? fields.get("sin6_port");
  const address = fields.get("sin_addr") ?? fields.get("sin6_addr");
  const text = address?.kind === "function" ? address.argument : address;
  if (port === undefined || text?.kind !== "string") throw new CallError("expected a socket address");
  const parsed = parseIpv4(text.value) ?? parseIpv6(text.value);
  if (parsed === null) throw new CallError(`invalid address: '${text.value}'`);
  return { address: parsed, port: numberOf(port) };
}

/** Fields of a struct; none for anything else. */
export function fieldsOf(expression: Expression | undefined): ReadonlyMap<string, Expression> {
  return expression?.kind === "fields" ? expression.fields : new Map();
}

export function itemsOf(expression: Expression | undefined): readonly Expression[] {
  return expression?.kind === "list" ? expression.items : [];
}
