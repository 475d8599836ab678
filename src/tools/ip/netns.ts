/** `ip netns` (`ip/ipnetns.c`). */
import type { InterfaceOwner } from "../../device/interface.ts";
import type { NetworkNamespace } from "../../namespace/namespace.ts";
import { KernelError } from "../../wire/errno.ts";
import { type Arguments, CommandError, matches, parseNumber, usage, wrong } from "./arguments.ts";
import { namespaceName } from "./namespace_name.ts";
import type { Session } from "./session.ts";
import { NETNS_USAGE } from "./usage.ts";

const DIRECTORY = "/run/netns";

export function netns(session: Session, args: Arguments): number | Promise<number> {
  const command = args.more ? args.take() : "list";
  if (matches(command, "list") || matches(command, "show") || matches(command, "lst")) return list(session);
  if (matches(command, "list-id")) return listIds(session, args);
  if (matches(command, "help")) usage(NETNS_USAGE);
  if (matches(command, "add")) return add(session, args);
  if (matches(command, "set")) return set(session, args);
  if (matches(command, "delete")) return remove(session, args);
  if (matches(command, "identify")) return identify(session, args);
  if (matches(command, "pids")) return pids(session, args);
  if (matches(command, "exec")) return exec(session, args);
  if (matches(command, "monitor")) return monitor(session);
  if (matches(command, "attach")) throw new CommandError("ip netns attach is not emulated.\n", 1);
  throw new CommandError(`Command "${command}" is unknown, try "ip netns help".\n`, 255);
}

/** The newest first, as the directory of mounted namespaces lists them. */
function newestFirst(session: Session): [string, NetworkNamespace][] {
  return [...session.process.machine.namespaces].reverse();
}

function list(session: Session): number {
  const { out } = session;
  out.begin();
  for (const [name, namespace] of newestFirst(session)) {
    out.openObject();
    out.put("name", name, name);
    const id = session.namespace.ids.known(namespace);
    if (id !== undefined) out.put("id", id, ` (id: ${id})`);
    out.text("\n");
    out.closeObject();
  }
  out.end();
  return 0;
}

function listIds(session: Session, args: Arguments): number {
  const { out } = session;
  let wanted: number | null = null;
  while (args.more) {
    const word = args.take();
    if (word === "nsid" || word === "target-nsid") {
      const text = args.value();
      const number = parseNumber(text) ?? wrong(text, `"${word}" value is invalid`);
      if (number < 0) throw new CommandError(`"${word}" value should be >= 0\n`, 1);
      if (word === "nsid") wanted = number;
    } else usage(NETNS_USAGE);
  }
  out.begin();
  for (const [namespace, id] of session.namespace.ids.all()) {
    if (wanted !== null && wanted !== id) continue;
    printId(session, namespace, id);
  }
  out.end();
  return 0;
}

export function printId(session: Session, namespace: InterfaceOwner, id: number, deleted = false): void {
  const { out } = session;
  const name = namespaceName(session, namespace);
  out.openObject();
  if (deleted) out.put("deleted", true, "Deleted ");
  out.put("nsid", id, `nsid ${id} `);
  if (name !== null) out.put("name", name, `(iproute2 netns name: ${name})`);
  out.text("\n");
  out.closeObject();
}

/** The name that comes next; without one the command ends. */
function takeName(args: Arguments): string {
  if (!args.more) throw new CommandError("No netns name specified\n", 1);
  return checkName(args.take());
}

/** `invalid_name`: what cannot be a file. */
function checkName(name: string): string {
  if (name === "" || name.length > 255 || name.includes("/") || name === "." || name === "..") {
    throw new CommandError(`Invalid netns name "${name}"\n`, 255);
  }
  return name;
}

function add(session: Session, args: Arguments): number {
  const name = takeName(args);
  try {
    session.process.machine.addNamespace(name);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new CommandError(`Cannot create namespace file "${DIRECTORY}/${name}": ${error.message}\n`, 1);
  }
  return 0;
}

function remove(session: Session, args: Arguments): number {
  const { machine } = session.process;
  if (session.options.all) {
    for (const [name] of newestFirst(session)) machine.removeNamespace(name);
    return 0;
  }
  const name = takeName(args);
  try {
    machine.removeNamespace(name);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new CommandError(`Cannot remove namespace file "${DIRECTORY}/${name}": ${error.message}\n`, 1);
  }
  return 0;
}

/** Gives a namespace the id by which this one speaks of it. */
function set(session: Session, args: Arguments): number {
  if (!args.more) throw new CommandError("No netns name specified\n", 1);
  const name = args.take();
  if (!args.more) throw new CommandError("No nsid specified\n", 1);
  const text = args.take();
  checkName(name);
  const id = text === "auto" ? -1 : parseNumber(text);
  if (id === null || (text !== "auto" && id < 0)) wrong(text, 'Invalid "netnsid" value');
  const namespace = session.process.machine.namespaces.get(name);
  if (namespace === undefined) {
    throw new CommandError(`Cannot open network namespace "${name}": No such file or directory\n`, 1);
  }
  session.namespace.ids.set(namespace, id);
  session.namespace.announce({ kind: "nsid", action: "new", subject: namespace });
  return 0;
}

/** The name of the namespace that a process runs in; of this one's without a number. */
function identify(session: Session, args: Arguments): number {
  const { machine } = session.process;
  let namespace: NetworkNamespace = session.namespace;
  if (args.more) {
    const text = args.take();
    if (!/^\d+$/.test(text)) throw new CommandError(`Specified string '${text}' is not a pid\n`, 1);
    const pid = Number(text);
    const running = machine.processes.get(pid);
    if (running === undefined) {
      // Number 1 is who runs the machine: nobody here may look at it.
      const why = pid === 1 ? "Permission denied" : "No such file or directory";
      throw new CommandError(`Cannot open network namespace: ${why}\n`, 1);
    }
    namespace = running.namespace;
  }
  session.out.text(`${namespaceName(session, namespace) ?? ""}\n`);
  return 0;
}

function pids(session: Session, args: Arguments): number {
  const name = takeName(args);
  const { machine } = session.process;
  const namespace = machine.namespaces.get(name);
  if (namespace === undefined) {
    throw new CommandError("Cannot open network namespace: No such file or directory\n", 1);
  }
  for (const [pid, running] of machine.processes) if (running.namespace === namespace) session.out.text(`${pid}\n`);
  return 0;
}

async function exec(session: Session, args: Arguments): Promise<number> {
  if (!session.options.all && !args.more) throw new CommandError("No netns name specified\n", 1);
  const name = session.options.all ? null : args.take();
  if (!args.more) throw new CommandError("No command specified\n", 1);
  const words = args.rest();
  if (name !== null) return await runIn(session, session.namespaceByName(name), words, true);
  for (const [each, namespace] of newestFirst(session)) {
    session.process.stdout.write(`\nnetns: ${each}\n`);
    await runIn(session, namespace, words, false);
  }
  return 0;
}

/** Runs a program there, with `/etc/netns/NAME` over `/etc`. */
async function runIn(
  session: Session,
  namespace: NetworkNamespace,
  words: string[],
  inPlace: boolean,
): Promise<number> {
  const { process } = session;
  const files = process.machine.files(namespace, true);
  const code = await process.spawn(words, { namespace, files, inPlace });
  // Shells say 127 of what they ran; of all others it is that there is no such program.
  if (code !== 127 || /(^|\/)(sh|bash)$/.test(words[0])) return code;
  throw new CommandError(`exec of "${words[0]}" failed: No such file or directory\n`, 1);
}

/** Tells of namespaces that come and go, until it is ended. */
async function monitor(session: Session): Promise<number> {
  const { process } = session;
  const watcher = (name: string, added: boolean) => process.stdout.write(`${added ? "add" : "delete"} ${name}\n`);
  process.machine.namespaceWatchers.add(watcher);
  try {
    await process.wait("namespaces to come or go", () => {});
  } finally {
    process.machine.namespaceWatchers.delete(watcher);
  }
  return 0;
}
