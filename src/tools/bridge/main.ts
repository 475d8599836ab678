/** `bridge`, as of iproute2 6.1: ports and forwarding database. */
import { KernelError } from "../../wire/errno.ts";
import { Arguments, CommandError, kernelComplaint, matches } from "../ip/arguments.ts";
import { runBatch } from "../ip/batch.ts";
import { parseColor } from "../ip/options.ts";
import { defaultOptions, Session } from "../ip/session.ts";
import type { Process, Tool } from "../process.ts";
import { fdb } from "./fdb.ts";
import { link } from "./link.ts";
import { vlan } from "./vlan.ts";
import { MAIN_USAGE } from "./usage.ts";

interface Invocation {
  session: Session;
  words: string[];
  namespace: string | null;
  batch: string | null;
}

export const bridge: Tool = async (process: Process): Promise<number> => {
  let session: Session | null = null;
  try {
    const invocation = readOptions(process);
    if (invocation === null) {
      process.stdout.write("bridge utility, 6.1.0\n");
      return 0;
    }
    session = invocation.session;
    if (invocation.namespace !== null) session.namespace = session.namespaceByName(invocation.namespace);
    if (invocation.batch !== null) return await runBatch(session, invocation.batch, run);
    if (invocation.words.length === 0) throw new CommandError(MAIN_USAGE, 255);
    return run(session, invocation.words);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    session?.out.flush();
    process.stderr.write(error.text);
    return error.code;
  }
};

/** null: only the version was asked for. */
function readOptions(process: Process): Invocation | null {
  const options = defaultOptions();
  const words = [...process.args];
  let namespace: string | null = null;
  let batchFile: string | null = null;
  while (words.length > 0 && words[0].startsWith("-")) {
    const word = words.shift()!;
    if (word === "--") break;
    const option = word.startsWith("--") ? word.slice(1) : word;
    const is = (full: string) => matches(option, full);
    const color = parseColor(option, process.stdout.terminal);
    if (is("-help")) throw new CommandError(MAIN_USAGE, 255);
    if (is("-Version")) return null;
    if (is("-stats") || is("-statistics")) options.statistics++;
    else if (is("-details")) options.details = true;
    else if (is("-oneline")) options.oneLine = true;
    else if (is("-timestamp") || is("-tshort") || is("-compressvlans")) continue;
    else if (is("-family")) words.shift();
    else if (option === "-4") options.family = "inet";
    else if (option === "-6") options.family = "inet6";
    else if (is("-netns")) namespace = words.shift() ?? "(null)";
    else if (color !== null) options.color = color;
    else if (is("-force")) options.force = true;
    else if (is("-json")) options.json = true;
    else if (is("-pretty")) options.pretty = true;
    else if (is("-batch")) batchFile = words.shift() ?? "-";
    else throw new CommandError(`Option "${option}" is unknown, try "bridge help".\n`, 255);
  }
  return { session: new Session(process, process.namespace, options), words, namespace, batch: batchFile };
}

/** Whatever goes wrong, the exit code is 255. */
function run(session: Session, words: string[]): number {
  const [object, ...rest] = words;
  const args = new Arguments(rest);
  try {
    let code = 0;
    if (matches(object, "link")) code = link(session, args);
    else if (matches(object, "fdb")) code = fdb(session, args);
    else if (matches(object, "vlan")) code = vlan(session, args);
    else if (matches(object, "mdb") || matches(object, "monitor") || matches(object, "vni")) {
      throw new CommandError(`Object "${object}" is not emulated.\n`, 255);
    } else if (matches(object, "help")) throw new CommandError(MAIN_USAGE, 255);
    else throw new CommandError(`Object "${object}" is unknown, try "bridge help".\n`, 255);
    session.out.flush();
    return code;
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new CommandError(kernelComplaint(error), 255);
  }
}
