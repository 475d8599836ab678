/**
 * What `tc qdisc` does: RTM_NEWQDISC, RTM_DELQDISC and the dump (`net/sched/sch_api.c`). What is refused throws a `KernelError` with the kernel's
 * errno and words. There are `noqueue`, `pfifo`, `bfifo`, `pfifo_fast`, `tbf` and `netem`; no `prio`, `htb`, `fq` or `fq_codel`.
 *
 * @module
 */
import { defaultQdisc, type Interface, NOOP } from "../device/interface.ts";
import { activate } from "../device/lifecycle.ts";
import { Errno, KernelError } from "../wire/errno.ts";
import { Discipline, type QdiscStatistics, TC_H_ROOT } from "./discipline.ts";
import { Fifo, type FifoOptions, Noqueue, PfifoFast } from "./fifo.ts";
import { Netem, type NetemOptions } from "./netem.ts";
import { Tbf, type TbfOptions } from "./tbf.ts";

export { TC_H_ROOT };

export interface QdiscRequest {
  /** When left out or empty, the one that is there, whatever it is. */
  kind?: string;
  /** 0x10000 for `1:`; the next of 8001:, 8002:, … when left out. */
  handle?: number;
  /** `TC_H_ROOT`, or a class: 0x10001 for `1:1`. */
  parent?: number;
  fifo?: FifoOptions;
  tbf?: TbfOptions;
  netem?: NetemOptions;
}

/** `tc qdisc add`, `change`, `replace`, `link`. */
export type QdiscMode = "add" | "change" | "replace" | "link";

/** A line of `tc qdisc show`. */
export interface QdiscView {
  readonly kind: string;
  readonly handle: number;
  readonly parent: number;
  /** Shown for the one at the root. */
  readonly references: number;
  readonly statistics: QdiscStatistics;
  /** For its parameters; null is the noqueue that is there of itself. */
  readonly discipline: Discipline | null;
}

const NOTHING: QdiscStatistics = {
  bytes: 0,
  packets: 0,
  dropped: 0,
  overlimits: 0,
  requeues: 0,
  backlogBytes: 0,
  backlogPackets: 0,
};

const DEFAULT_TX_QUEUE_LEN = 1000;

defaultQdisc.create = (device) => new PfifoFast(device);

/** What stands before an interface, the root first. Nothing for one that was never up. */
export function qdiscs(device: Interface): QdiscView[] {
  const root = device.rootQdisc;
  if (root === NOOP) return [];
  if (root === null) {
    return [{ kind: "noqueue", handle: 0, parent: TC_H_ROOT, references: 2, statistics: NOTHING, discipline: null }];
  }
  const views: QdiscView[] = [];
  for (let discipline: Discipline | null | undefined = root as Discipline; discipline; discipline = discipline.child) {
    if (discipline !== root && discipline.handle === 0) break; // put there by its parent: not shown
    const { kind, handle, parent, statistics } = discipline;
    const references = handle === 0 ? 2 : 1 + transmitQueues(device);
    views.push({ kind, handle, parent, references, statistics, discipline });
  }
  return views;
}

/** Transmit queues of an interface: a veth has one for each of two processors, as where the transcripts come from. */
export function transmitQueues(device: Interface): number {
  return device.driver.kind === "veth" ? 2 : 1;
}

/**
 * Puts a qdisc in place, or changes the one that is there (`tc_modify_qdisc`).
 *
 * @throws {KernelError}
 */
export function setQdisc(device: Interface, request: QdiscRequest, mode: QdiscMode): void {
  const { kind = "", handle = 0 } = request;
  const place = request.parent ?? 0;
  const create = mode === "add" || mode === "replace";
  const replace = mode === "replace" || mode === "link";
  let parent: Discipline | null = null;
  let present: Discipline | null;
  if (place === 0) {
    if (handle === 0) throw new KernelError(Errno.EINVAL, "Handle cannot be zero.");
    present = findByHandle(device, handle);
  } else {
    if (place !== TC_H_ROOT) {
      parent = findByHandle(device, (place & 0xffff0000) >>> 0);
      if (parent === null) throw new KernelError(Errno.ENOENT, "Failed to find specified qdisc.");
    }
    present = occupant(device, parent);
    if (present !== null && present.handle === 0) present = null;
    if (present === null || handle === 0 || present.handle !== handle) {
      if (handle !== 0) {
        if (present !== null && !replace) throw new KernelError(Errno.EEXIST, "NLM_F_REPLACE needed to override.");
        if ((handle & 0xffff) !== 0) throw new KernelError(Errno.EINVAL, "Invalid minor handle.");
        const other = findByHandle(device, handle);
        if (other !== null) {
          if (mode === "add") throw new KernelError(Errno.EEXIST, "Exclusivity flag on, cannot override.");
          if (kind !== "" && other.kind !== kind) mismatch();
          throw new KernelError(Errno.ELOOP, "Qdisc parent/child loop detected.");
        }
        return createAndGraft(device, parent, place, request, create);
      }
      if (present === null) return createAndGraft(device, parent, place, request, create);
      // "change" that names another kind makes one as well: the kernel's choice.
      if (kind !== "" && present.kind !== kind && mode !== "link") {
        return createAndGraft(device, parent, place, request, true);
      }
    }
  }
  if (present === null) throw new KernelError(Errno.ENOENT, "Specified qdisc not found.");
  if (mode === "add") throw new KernelError(Errno.EEXIST, "Exclusivity flag on, cannot modify.");
  if (kind !== "" && present.kind !== kind) mismatch();
  change(present, request);
}

/**
 * Takes a qdisc away; at the root the interface's default takes its place (`tc_get_qdisc`).
 *
 * @throws {KernelError}
 */
export function deleteQdisc(device: Interface, request: { parent?: number; handle?: number; kind?: string }): void {
  const { parent: place = 0, handle = 0, kind } = request;
  let parent: Discipline | null = null;
  let present: Discipline | null;
  if (place !== 0) {
    if (place !== TC_H_ROOT) {
      parent = findByHandle(device, (place & 0xffff0000) >>> 0);
      if (parent === null) throw new KernelError(Errno.ENOENT, "Failed to find qdisc with specified classid.");
    }
    present = occupant(device, parent);
    if (present === null && parent !== null) {
      throw new KernelError(Errno.ENOENT, "Cannot find specified qdisc on specified device.");
    }
    if (handle !== 0 && present?.handle !== handle) throw new KernelError(Errno.EINVAL, "Invalid handle.");
  } else {
    present = findByHandle(device, handle);
    if (present === null) throw new KernelError(Errno.ENOENT, "Failed to find qdisc with specified handle.");
  }
  if (kind !== undefined && (present?.kind ?? device.qdiscName) !== kind) mismatch();
  if (place === 0) throw new KernelError(Errno.EINVAL, "Classid cannot be zero.");
  if (present === null || present.handle === 0) {
    throw new KernelError(Errno.ENOENT, "Cannot delete qdisc with handle of zero.");
  }
  if (parent !== null) parent.graft(null);
  else setRoot(device, NOOP);
}

function mismatch(): never {
  throw new KernelError(Errno.EINVAL, "Invalid qdisc name: must match existing qdisc.");
}

function findByHandle(device: Interface, handle: number): Discipline | null {
  const root = device.rootQdisc;
  if (!(root instanceof Discipline) || handle === 0) return null;
  for (let discipline: Discipline | null | undefined = root; discipline; discipline = discipline.child) {
    if (discipline.handle === handle) return discipline;
  }
  return null;
}

/** What is at the root (null: nothing of the user's) or in the only class of `parent` (`qdisc_leaf`). */
function occupant(device: Interface, parent: Discipline | null): Discipline | null {
  if (parent === null) return device.rootQdisc instanceof Discipline ? device.rootQdisc : null;
  if (parent.child === undefined) throw new KernelError(Errno.EOPNOTSUPP, "Parent qdisc is not classful.");
  return parent.child;
}

function createAndGraft(
  device: Interface,
  parent: Discipline | null,
  place: number,
  request: QdiscRequest,
  create: boolean,
): void {
  if (!create) {
    throw new KernelError(Errno.ENOENT, "Qdisc not found. To create specify NLM_F_CREATE flag.");
  }
  const discipline = make(device, request);
  discipline.handle = request.handle || nextHandle(device);
  discipline.parent = place;
  if (parent !== null) parent.graft(discipline);
  else setRoot(device, discipline);
}

function make(device: Interface, request: QdiscRequest): Discipline {
  if (device.txqueuelen === 0) device.txqueuelen = DEFAULT_TX_QUEUE_LEN; // "Caught tx_queue_len zero misconfig"
  switch (request.kind) {
    case "pfifo":
    case "bfifo":
      return new Fifo(device, request.kind, request.fifo);
    case "pfifo_fast":
      return new PfifoFast(device);
    case "noqueue":
      return new Noqueue(device);
    case "tbf":
      if (request.tbf === undefined) throw new KernelError(Errno.EINVAL);
      return new Tbf(device, request.tbf);
    case "netem":
      return new Netem(device, request.netem ?? {});
    default:
      throw new KernelError(Errno.ENOENT, "Specified qdisc kind is unknown.");
  }
}

function change(discipline: Discipline, request: QdiscRequest): void {
  if (discipline instanceof Fifo) {
    if (request.fifo?.limit !== undefined) discipline.change(request.fifo);
  } else if (discipline instanceof Tbf) {
    if (request.tbf !== undefined) discipline.change(request.tbf);
  } else if (discipline instanceof Netem) {
    if (request.netem !== undefined) discipline.change(request.netem);
  } // pfifo_fast and noqueue have nothing to change
  if (discipline.device.qdisc === discipline) discipline.run();
}

/** `qdisc_alloc_handle`: 8001:, 8002:, … over the whole world. */
function nextHandle(device: Interface): number {
  const { world } = device.owner;
  do world.qdiscHandle += 0x10000; while (findByHandle(device, world.qdiscHandle) !== null);
  return world.qdiscHandle;
}

/** NOOP lets the default come in, if the interface is up. */
function setRoot(device: Interface, root: Discipline | typeof NOOP): void {
  device.rootQdisc?.reset();
  device.rootQdisc = root;
  device.qdisc = NOOP;
  if (device.up) activate(device);
}
