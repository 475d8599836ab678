/** `tc qdisc` (`tc/tc_qdisc.c`), and what `tc class show` says of qdiscs with a class. */
import type { Interface } from "../../device/interface.ts";
import {
  deleteQdisc,
  type QdiscMode,
  type QdiscRequest,
  qdiscs,
  type QdiscView,
  setQdisc,
  TC_H_ROOT,
} from "../../qdisc/control.ts";
import { Errno, KernelError } from "../../wire/errno.ts";
import { type Arguments, CommandError, duplicate, matches, wrong } from "../ip/arguments.ts";
import type { Session } from "../ip/session.ts";
import { printFifo, printPfifoFast, readFifo } from "./fifo.ts";
import { printNetem, readNetem } from "./netem.ts";
import { printTbf, readTbf } from "./tbf.ts";
import { formatClass, formatSize, parseClass, parseHandle } from "./units.ts";
import { QDISC_USAGE } from "./usage.ts";

export function qdisc(session: Session, args: Arguments): number {
  const command = args.more ? args.take() : "show";
  const modes: readonly [string, QdiscMode | "delete"][] = [
    ["add", "add"],
    ["change", "change"],
    ["replace", "replace"],
    ["link", "link"],
    ["delete", "delete"],
  ];
  if (matches(command, "show") || matches(command, "list") || matches(command, "lst")) return list(session, args);
  const mode = modes.find(([name]) => matches(command, name));
  if (mode !== undefined) return modify(session, args, mode[1]);
  if (matches(command, "help")) return help(session);
  throw new CommandError(`Command "${command}" is unknown, try "tc qdisc help".\n`, 255);
}

function help(session: Session): number {
  session.process.stderr.write(QDISC_USAGE);
  return 0;
}

interface Words {
  device: string | null;
  handle: number;
  parent: number;
}

/** Takes one of the words that all verbs have; false when it is none. */
function readCommon(args: Arguments, words: Words, word: string): boolean {
  if (word === "dev") {
    const name = args.value();
    if (words.device !== null) duplicate("dev", name);
    words.device = name;
  } else if (word === "handle") {
    const text = args.value();
    if (words.handle !== 0) duplicate("handle", text);
    words.handle = parseHandle(text) ?? wrong(text, "invalid qdisc ID");
  } else if (word === "root") {
    if (words.parent !== 0) throw new CommandError('Error: "root" is duplicate parent ID\n', 255);
    words.parent = TC_H_ROOT;
  } else if (word === "parent") {
    const text = args.value();
    if (words.parent !== 0) duplicate("parent", text);
    words.parent = parseClass(text) ?? wrong(text, "invalid parent ID");
  } else return false;
  return true;
}

function modify(session: Session, args: Arguments, mode: QdiscMode | "delete"): number {
  const words: Words = { device: null, handle: 0, parent: 0 };
  const request: QdiscRequest = { kind: "" };
  while (args.more) {
    const word = args.take();
    if (readCommon(args, words, word)) continue;
    if (word === "ingress" || word === "clsact") {
      throw new KernelError(Errno.ENOENT, "Specified qdisc kind is unknown.");
    }
    if (word === "estimator" || word === "stab") throw new CommandError(`${word} is not emulated\n`, 1);
    if (word === "help") return help(session);
    request.kind = word;
    break;
  }
  readOptions(request, args);
  const device = words.device === null ? null : session.device(words.device);
  if (device === null) throw new KernelError(Errno.ENODEV);
  if (words.handle !== 0) request.handle = words.handle;
  if (words.parent !== 0) request.parent = words.parent;
  if (mode === "delete") {
    const { handle, parent, kind } = request;
    deleteQdisc(device, { handle, parent, kind: kind === "" ? undefined : kind });
  } else setQdisc(device, request, mode);
  return 0;
}

function readOptions(request: QdiscRequest, args: Arguments): void {
  const { kind } = request;
  if (kind === "tbf") {
    // Even to be deleted a tbf that is named needs its parameters: tc reads them first.
    request.tbf = readTbf(args);
  } else if (kind === "netem") request.netem = readNetem(args);
  else if (!args.more) return;
  else if (kind === "pfifo" || kind === "bfifo") request.fifo = readFifo(kind, args);
  else if (kind === "pfifo_fast" || kind === "noqueue") {
    throw new CommandError(`qdisc '${kind}' does not support option parsing\n`, 255);
  } else throw new CommandError(`Unknown qdisc "${kind}", hence option "${args.peek}" is unparsable\n`, 1);
}

function list(session: Session, args: Arguments): number {
  const { out } = session;
  const words: Words = { device: null, handle: 0, parent: 0 };
  while (args.more) {
    const word = args.take();
    if (readCommon(args, words, word) || word === "invisible" || word === "ingress" || word === "clsact") continue;
    if (matches(word, "help")) return help(session);
    throw new CommandError(`What is "${word}"? Try "tc qdisc help".\n`, 255);
  }
  const only = words.device === null ? null : session.device(words.device);
  out.begin();
  for (const device of session.namespace.interfaces) {
    if (only !== null && device !== only) continue;
    for (const view of qdiscs(device)) {
      if (words.handle !== 0 && view.handle !== words.handle) continue;
      if (words.parent !== 0 && view.parent !== words.parent) continue;
      print(session, device, view, only === null);
    }
  }
  out.end();
  return 0;
}

function print(session: Session, device: Interface, view: QdiscView, withDevice: boolean): void {
  const { out } = session;
  const handle = (view.handle >>> 16).toString(16);
  out.openObject();
  out.put("kind", view.kind, `qdisc ${view.kind} `);
  out.put("handle", `${handle}:`, `${handle}: `);
  if (withDevice) {
    out.text("dev ");
    out.put("dev", device.name, `${device.name} `, "ifname");
  }
  if (view.parent === TC_H_ROOT) {
    out.put("root", true, "root ");
    out.put("refcnt", view.references, `refcnt ${view.references} `);
  } else out.put("parent", formatClass(view.parent), `parent ${formatClass(view.parent)} `);
  out.openObject("options");
  printOptions(session, view);
  out.closeObject();
  out.text("\n");
  if (session.options.statistics > 0) printStatistics(session, view);
  out.closeObject();
}

function printOptions(session: Session, { kind, discipline }: QdiscView): void {
  if (discipline === null) return;
  if (kind === "pfifo" || kind === "bfifo") printFifo(session.out, discipline);
  else if (kind === "pfifo_fast") printPfifoFast(session.out);
  else if (kind === "tbf") printTbf(session, discipline);
  else if (kind === "netem") printNetem(session, discipline);
}

function printStatistics(session: Session, { statistics }: QdiscView): void {
  const { out } = session;
  const { bytes, packets, dropped, overlimits, requeues, backlogBytes, backlogPackets } = statistics;
  out.put("bytes", bytes, ` Sent ${bytes} bytes`);
  out.put("packets", packets, ` ${packets} pkt`);
  out.put("drops", dropped, ` (dropped ${dropped}`);
  out.put("overlimits", overlimits, `, overlimits ${overlimits}`);
  out.put("requeues", requeues, ` requeues ${requeues}) `);
  out.text("\n");
  out.put("backlog", backlogBytes, ` backlog ${formatSize(backlogBytes)}`);
  out.put("qlen", backlogPackets, ` ${backlogPackets}p`);
  out.text(` requeues ${requeues}\n`);
}

/** The one class that a tbf and a netem have. */
export function showClasses(session: Session, args: Arguments): number {
  const { out } = session;
  const words: Words = { device: null, handle: 0, parent: 0 };
  while (args.more) {
    const word = args.take();
    if (!readCommon(args, words, word)) {
      throw new CommandError(`What is "${word}"? Try "tc class help".\n`, 255);
    }
  }
  if (words.device === null) return 0;
  const views = qdiscs(session.device(words.device));
  out.begin();
  for (const view of views) {
    if (view.kind !== "tbf" && view.kind !== "netem") continue;
    const major = (view.handle >>> 16).toString(16);
    const leaf = views.find((other) => other !== view && other.parent >>> 16 === view.handle >>> 16);
    out.openObject();
    out.put("class", view.kind, `class ${view.kind} `);
    out.put("handle", `${major}:1`, `${major}:1 `);
    out.put("parent", `${major}:`, `parent ${major}: `);
    if (leaf !== undefined) {
      const handle = `${(leaf.handle >>> 16).toString(16)}:`;
      out.put("leaf", handle, `leaf ${handle} `);
    }
    out.text("\n");
    out.closeObject();
  }
  out.end();
  return 0;
}
