/** Compares what system calls gave with what a script has for it, in packetdrill's words. */
import type { SocketError } from "../transport/socket.ts";
import { Errno, strerror } from "../wire/errno.ts";
import type { OptionValue } from "./descriptor.ts";
import type { Expression, SystemCall } from "./syntax.ts";
import { fieldsOf, isAnything, itemsOf, numberOf } from "./values.ts";

/** Null when `result` (negative: an errno) is what the script says the call returns. */
export function checkResult(call: SystemCall, result: number): string | null {
  if (isAnything(call.result)) return null;
  const expected = numberOf(call.result);
  const value = result < 0 ? -1 : result;
  if (value !== expected) {
    const reason = result < 0 ? ` with errno ${-result} (${strerror(result)})` : "";
    return `Expected result ${expected} but got ${value}${reason}`;
  }
  if (result >= 0 || call.errno === null) return null;
  const errno = (Errno as Readonly<Record<string, number>>)[call.errno];
  if (errno === undefined) return `unknown errno: '${call.errno}'`;
  return errno === -result
    ? null
    : `Expected errno ${errno} (${strerror(errno)}) but got ${-result} (${strerror(result)})`;
}

export function checkOption(expected: Expression | undefined, got: OptionValue): string | null {
  if (isAnything(expected)) return null;
  if (typeof got === "string") {
    if (expected === undefined || expected.kind !== "string" || expected.value === got) return null;
    return `Bad getsockopt optval: expected: ${expected.value} actual: ${got}`;
  }
  if (typeof got === "object") {
    const fields = fieldsOf(expected);
    const onoff = numberOf(fields.get("onoff")), linger = numberOf(fields.get("linger"));
    if (onoff === got.onoff && linger === got.linger) return null;
    return `Bad getsockopt linger: expected: ${onoff}, ${linger} actual: ${got.onoff}, ${got.linger}`;
  }
  const value = numberOf(expected);
  return value === got ? null : `Bad getsockopt optval: expected: ${value} actual: ${got}`;
}

export function checkPoll(
  entries: readonly { readonly expected: Expression | undefined; readonly got: number }[],
): string | null {
  for (const [index, { expected, got }] of entries.entries()) {
    const value = expected === undefined ? 0 : numberOf(expected);
    if (value !== got) {
      return `Expected revents of 0x${value.toString(16)} but got revents 0x${got.toString(16)} for pollfd ${index}`;
    }
  }
  return null;
}

const EXTENDED: readonly [string, (error: SocketError) => number][] = [
  ["ee_errno", (error) => error.errno],
  ["ee_origin", (error) => error.origin],
  ["ee_type", (error) => error.type],
  ["ee_code", (error) => error.code],
  ["ee_info", (error) => error.info],
];

/** The fields of a `sock_extended_err` in a message's control data, where the script has them. */
export function checkFields(message: ReadonlyMap<string, Expression>, error: SocketError): string | null {
  for (const control of itemsOf(message.get("msg_control"))) {
    const fields = fieldsOf(fieldsOf(control).get("cmsg_data"));
    for (const [name, read] of EXTENDED) {
      const expected = fields.get(name);
      if (expected === undefined || isAnything(expected) || numberOf(expected) === read(error)) continue;
      return `${name}: expected: ${numberOf(expected)} actual: ${read(error)}`;
    }
  }
  return null;
}
