/** `tc`, as of iproute2 6.1: qdiscs; there are no classes to make and no filters. */
import { KernelError } from "../../wire/errno.ts";
import { Arguments, CommandError, kernelComplaint, matches } from "../ip/arguments.ts";
import { runBatch } from "../ip/batch.ts";
import { parseColor } from "../ip/options.ts";
import { defaultOptions, Session } from "../ip/session.ts";
import type { Process, Tool } from "../process.ts";
import { qdisc, showClasses } from "./qdisc.ts";
import { MAIN_USAGE } from "./usage.ts";

interface Invocation {
  words: string[];
  namespace: string | null;
  batch: string | null;
  session: Session;
}

export const tc: Tool = async (process: Process): Promise<number> => {
  let session: Session | null = null;
  try {
    const invocation = readOptions(process);
    if (typeof invocation === "number") return invocation;
    session = invocation.session;
    if (invocation.namespace !== null) session.namespace = session.namespaceByName(invocation.namespace);
    if (invocation.batch !== null) return await runBatch(session, invocation.batch, run);
    if (invocation.words.length === 0) {
      process.stderr.write(MAIN_USAGE);
      return 0;
    }
    return run(session, invocation.words);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    session?.out.flush();
    process.stderr.write(error.text);
    return error.code;
  }
};

/** What was asked for, or an exit code when it was answered here. */
function readOptions(process: Process): Invocation | number {
  const options = defaultOptions();
  const words = [...process.args];
  let namespace: string | null = null;
  let batchFile: string | null = null;
  while (words.length > 0 && words[0].startsWith("-")) {
    const option = words.shift()!;
    const is = (full: string) => matches(option, full);
    const color = parseColor(option, process.stdout.terminal);
    if (is("-stats") || is("-statistics")) options.statistics++;
    else if (is("-details")) options.details = true;
    else if (is("-raw") || is("-graph")) continue;
    else if (is("-pretty")) options.pretty = true;
    else if (is("-Version")) {
      process.stdout.write("tc utility, iproute2-6.1.0, libbpf 1.1.2\n");
      return 0;
    } else if (is("-iec")) options.iec = true;
    else if (is("-help")) {
      process.stderr.write(MAIN_USAGE);
      return 0;
    } else if (is("-force")) options.force = true;
    else if (is("-batch")) batchFile = words.shift() ?? "-";
    else if (is("-netns")) namespace = words.shift() ?? "(null)";
    else if (is("-names") || is("-nm")) continue;
    else if (color !== null) options.color = color;
    else if (is("-timestamp") || is("-tshort")) continue;
    else if (is("-json")) options.json = true;
    else if (is("-Numeric")) options.numeric = true;
    else if (is("-oneline")) options.oneLine = true;
    else if (is("-brief")) options.brief = true;
    else {
      process.stderr.write(`Option "${option}" is unknown, try "tc -help".\n`);
      return 255;
    }
  }
  return { words, namespace, batch: batchFile, session: new Session(process, process.namespace, options) };
}

function run(session: Session, words: string[]): number {
  const [object, ...rest] = words;
  const args = new Arguments(rest);
  try {
    let code = 0;
    if (matches(object, "qdisc")) code = qdisc(session, args);
    else if (matches(object, "class")) code = classes(session, args);
    else if (matches(object, "filter")) code = filters(args);
    else if (["chain", "actions", "monitor", "exec"].some((name) => matches(object, name))) {
      throw new CommandError(`Object "${object}" is not emulated.\n`, 1);
    } else if (matches(object, "help")) session.process.stderr.write(MAIN_USAGE);
    else throw new CommandError(`Object "${object}" is unknown, try "tc help".\n`, 255);
    session.out.flush();
    return code;
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new CommandError(kernelComplaint(error), 2);
  }
}

function classes(session: Session, args: Arguments): number {
  const command = args.more ? args.take() : "show";
  if (matches(command, "show") || matches(command, "list")) return showClasses(session, args);
  throw new CommandError(`tc class ${command} is not emulated: no qdisc here has classes to make.\n`, 1);
}

function filters(args: Arguments): number {
  const command = args.more ? args.take() : "show";
  if (matches(command, "show") || matches(command, "list")) return 0;
  throw new CommandError(`tc filter ${command} is not emulated.\n`, 1);
}
