/** `ip`, as of iproute2 6.1: the objects and what they are called, batches, and how errors become words and exit codes. */
import { KernelError } from "../../wire/errno.ts";
import type { Process, Tool } from "../process.ts";
import { address } from "./address.ts";
import { runBatch } from "./batch.ts";
import { Arguments, CommandError, kernelComplaint, matches } from "./arguments.ts";
import { link } from "./link.ts";
import { multicastAddress } from "./maddress.ts";
import { monitor } from "./monitor.ts";
import { neighbour } from "./neighbour.ts";
import { netconf } from "./netconf.ts";
import { netns } from "./netns.ts";
import { parseOptions } from "./options.ts";
import { route } from "./route.ts";
import { rule } from "./rule.ts";
import { Session } from "./session.ts";
import { tuntap } from "./tuntap.ts";
import { IP_USAGE } from "./usage.ts";

/** What an object does with its words: the exit code. Refusals are thrown. */
export type ObjectCommand = (session: Session, args: Arguments) => number | Promise<number>;

/** In iproute2's order, which decides abbreviations; null: an object of the real one that is not emulated. */
const OBJECTS: readonly [string, ObjectCommand | null][] = [
  ["address", address],
  ["addrlabel", null],
  ["maddress", multicastAddress],
  ["route", route],
  ["rule", rule],
  ["neighbor", neighbour],
  ["neighbour", neighbour],
  ["ntable", null],
  ["ntbl", null],
  ["link", link],
  ["l2tp", null],
  ["fou", null],
  ["ila", null],
  ["macsec", null],
  ["tunnel", null],
  ["tunl", null],
  ["tuntap", tuntap],
  ["tap", tuntap],
  ["token", null],
  ["tcpmetrics", null],
  ["tcp_metrics", null],
  ["monitor", monitor],
  ["xfrm", null],
  ["mroute", null],
  ["mrule", null],
  ["netns", netns],
  ["netconf", netconf],
  ["vrf", null],
  ["sr", null],
  ["nexthop", null],
  ["mptcp", null],
  ["ioam", null],
  ["stats", null],
  ["help", () => {
    throw new CommandError(IP_USAGE, 255);
  }],
];

export const ip: Tool = async (process: Process): Promise<number> => {
  let session: Session | null = null;
  try {
    const invocation = parseOptions(process, IP_USAGE);
    if (invocation.version) {
      process.stdout.write("ip utility, iproute2-6.1.0, libbpf 1.1.2\n");
      return 0;
    }
    if (invocation.help) throw new CommandError(IP_USAGE, 255);
    session = new Session(process, process.namespace, invocation.options);
    if (invocation.namespace !== null) session.namespace = session.namespaceByName(invocation.namespace);
    if (invocation.batch !== null) return await runBatch(session, invocation.batch, run, 255);
    if (invocation.words.length === 0) throw new CommandError(IP_USAGE, 255);
    return await run(session, invocation.words);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    session?.out.flush();
    process.stderr.write(error.text);
    return error.code;
  }
};

/** One command. What exits in iproute2 (code 255) is thrown on, so that it ends a batch too. */
async function run(session: Session, words: string[]): Promise<number> {
  const found = OBJECTS.find(([name]) => matches(words[0], name));
  if (found === undefined) throw new CommandError(`Object "${words[0]}" is unknown, try "ip help".\n`, 1);
  const command = found[1];
  if (command === null) throw new CommandError(`Object "${found[0]}" is not emulated.\n`, 1);
  try {
    const code = await command(session, new Arguments(words.slice(1)));
    session.out.flush();
    return code;
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new CommandError(kernelComplaint(error), 2);
  }
}
