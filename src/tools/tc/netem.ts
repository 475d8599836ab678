/** The network emulator (`tc/q_netem.c`). */
import type { Discipline } from "../../qdisc/discipline.ts";
import type { DistributionName } from "../../qdisc/distribution.ts";
import { DEFAULT_LIMIT, type Netem, type NetemOptions } from "../../qdisc/netem.ts";
import type { LossOptions } from "../../qdisc/netem_random.ts";
import { type Arguments, CommandError, matches, parseNumber, parseUnsigned } from "../ip/arguments.ts";
import { Decimal, type Printer } from "../ip/printer.ts";
import type { Session } from "../ip/session.ts";
import {
  formatG,
  formatRate,
  formatTime,
  formatTime64,
  parsePercent,
  parseRate,
  parseSize,
  parseTime,
  wholeTicksNs,
} from "./units.ts";
import { NETEM_USAGE } from "./usage.ts";

/** Longest time that fits: 32 bits of ticks. */
const LONGEST_US = Math.trunc(0xffffffff / (1000 / 64));

function illegal(what: string): never {
  throw new CommandError(`Illegal "${what}"\n`, 1);
}

function refuse(why: string): never {
  throw new CommandError(`${why}\n${NETEM_USAGE}`, 1);
}

function isNumber(args: Arguments): boolean {
  return /^\d/.test(args.peek);
}

function isSignedNumber(args: Arguments): boolean {
  return /^-?\d/.test(args.peek);
}

/** A time of whole ticks, in ns. */
function readTicks(text: string): number {
  const us = parseTime(text);
  if (us === null) illegal("latency");
  if (us < 0 || us > LONGEST_US) {
    throw new CommandError(`Illegal ${us >>> 0} time (too large)\nIllegal "latency"\n`, 1);
  }
  return wholeTicksNs(us);
}

function percent(text: string, what: string): number {
  return parsePercent(text) ?? illegal(what);
}

export function readNetem(args: Arguments): NetemOptions {
  const options: NetemOptions = {};
  while (args.more) readWord(args, options);
  if (options.reorder !== undefined && options.reorder > 0) {
    if (!options.delay) refuse("reordering not possible without specifying some delay");
    options.gap ||= 1;
  } else if (options.gap) refuse("gap specified without reorder probability");
  if (options.ecn && options.loss === undefined) refuse("ecn requested without loss model");
  if (options.distribution !== undefined && (!options.delay || !options.jitter)) {
    refuse("distribution specified but no latency and jitter values");
  }
  return options;
}

function readWord(args: Arguments, options: NetemOptions): void {
  const word = args.take();
  const is = (full: string) => word !== "" && matches(word, full);
  if (is("limit")) options.limit = parseSize(args.value()) ?? illegal("limit");
  else if (is("latency") || is("delay")) readDelay(args, options);
  else if (is("loss") || is("drop")) {
    if (options.loss !== undefined) throw new CommandError("duplicate loss argument\n", 1);
    options.loss = readLoss(args);
  } else if (is("ecn")) options.ecn = true;
  else if (is("reorder")) {
    options.reorder = percent(args.value(), "reorder");
    if (isNumber(args)) options.reorderCorrelation = percent(args.take(), "reorder");
  } else if (is("corrupt")) {
    options.corrupt = percent(args.value(), "corrupt");
    if (isNumber(args)) options.corruptCorrelation = percent(args.take(), "corrupt");
  } else if (is("gap")) options.gap = parseUnsigned(args.value()) ?? illegal("gap");
  else if (is("duplicate")) {
    options.duplicate = percent(args.value(), "duplicate");
    if (isNumber(args)) options.duplicateCorrelation = percent(args.take(), "duplicate");
  } else if (is("distribution")) options.distribution = readDistribution(args.value());
  else if (is("rate")) readRate(args, options);
  else if (is("slot")) readSlot(args, options);
  else if (word === "help") throw new CommandError(NETEM_USAGE, 1);
  else refuse(`What is "${word}"?`);
}

function readDelay(args: Arguments, options: NetemOptions): void {
  options.delay = readTicks(args.value());
  if (!isNumber(args)) return;
  options.jitter = readTicks(args.take());
  if (isNumber(args)) options.delayCorrelation = percent(args.take(), "latency");
}

function readDistribution(name: string): DistributionName {
  const names: readonly string[] = ["uniform", "normal", "pareto", "paretonormal"];
  if (!names.includes(name)) {
    const path = `/usr/lib/x86_64-linux-gnu/tc//${name}.dist`;
    throw new CommandError(`No distribution data for ${name} (${path}: No such file or directory)\n`, 1);
  }
  return name as DistributionName;
}

function readLoss(args: Arguments): LossOptions {
  let word = args.value();
  if (word === "state") return readStateLoss(args);
  if (word === "gemodel") return readGilbertElliott(args);
  if (word === "random") word = args.value();
  else if (!/^\d/.test(word)) throw new CommandError(`Unknown loss parameter: ${word}\n`, 1);
  const loss: LossOptions = { model: "random", share: percent(word, "loss percent") };
  if (isNumber(args)) loss.correlation = percent(args.take(), "loss correllation");
  return loss;
}

/** p13 [p31 [p32 p23 [p14]]]; what is left out is tc's. */
function readStateLoss(args: Arguments): LossOptions {
  const p13 = percent(args.value(), "loss p13");
  const loss: LossOptions = { model: "state", p13, p31: 1 - p13, p32: 0, p23: 1, p14: 0 };
  if (!isNumber(args)) return loss;
  loss.p31 = percent(args.take(), "loss p31");
  if (!isNumber(args)) return loss;
  loss.p32 = percent(args.take(), "loss p32");
  if (!isNumber(args)) return loss;
  loss.p23 = percent(args.take(), "loss p23");
  if (isNumber(args)) loss.p14 = percent(args.take(), "loss p14");
  return loss;
}

/** p [r [1-h [1-k]]] */
function readGilbertElliott(args: Arguments): LossOptions {
  const p = percent(args.value(), "loss gemodel p");
  const loss: LossOptions = { model: "gemodel", p, r: 1 - p, h: 0, k: 1 };
  if (!isNumber(args)) return loss;
  loss.r = percent(args.take(), "loss gemodel r");
  if (!isNumber(args)) return loss;
  loss.h = 1 - percent(args.take(), "loss gemodel h");
  if (isNumber(args)) loss.k = 1 - percent(args.take(), "loss gemodel k");
  return loss;
}

function readRate(args: Arguments, options: NetemOptions): void {
  const rate = parseRate(args.value()) ?? illegal("rate");
  options.rate = { rate };
  if (!isSignedNumber(args)) return;
  options.rate.packetOverhead = parseNumber(args.take()) ?? illegal("rate");
  if (!isNumber(args)) return;
  options.rate.cellSize = parseUnsigned(args.take()) ?? illegal("rate");
  if (isSignedNumber(args)) options.rate.cellOverhead = parseNumber(args.take()) ?? illegal("rate");
}

function readSlot(args: Arguments, options: NetemOptions): void {
  if (args.peek === "distribution") throw new CommandError("slot distribution is not emulated\n", 1);
  const time = (text: string): number => {
    const us = parseTime(text);
    if (us === null) illegal("slot min delay");
    return us * 1000;
  };
  const minDelay = time(args.value());
  const slot = { minDelay, maxDelay: isNumber(args) ? time(args.take()) : minDelay, packets: 0, bytes: 0 };
  if (slot.maxDelay < slot.minDelay) slot.maxDelay = slot.minDelay;
  if (args.peek !== "" && matches(args.peek, "packets")) {
    args.take();
    slot.packets = parseUnsigned(args.value()) ?? illegal("slot packets");
  }
  if (args.peek !== "" && matches(args.peek, "bytes")) {
    args.take();
    slot.bytes = parseUnsigned(args.value()) ?? illegal("slot bytes");
  }
  options.slot = slot;
}

/** A share as tc shows it of 32 bits. */
function share(value: number): string {
  return formatG((100 * Math.round(value * 0xffffffff)) / 0xffffffff);
}

function json(value: number): Decimal {
  return new Decimal(formatG(Math.round(value * 0xffffffff) / 0xffffffff));
}

function printCorrelation(out: Printer, correlation: number | undefined): void {
  const value = correlation ?? 0;
  out.put("correlation", json(value), value > 0 ? ` ${share(value)}%` : null);
}

/** `loss 1% 25%` as an object of its own in JSON. */
function printShare(out: Printer, object: string, key: string, value: number, correlation: number | undefined): void {
  out.openObject(object);
  out.put(key, json(value), ` ${key} ${share(value)}%`);
  printCorrelation(out, correlation);
  out.closeObject();
}

export function printNetem(session: Session, discipline: Discipline): void {
  const { out } = session;
  const { options } = discipline as Netem;
  out.put("limit", options.limit ?? DEFAULT_LIMIT, `limit ${options.limit ?? DEFAULT_LIMIT}`);
  if (options.delay) printDelay(out, options);
  if (options.loss !== undefined) printLoss(out, options.loss);
  if (options.duplicate) printShare(out, "duplicate", "duplicate", options.duplicate, options.duplicateCorrelation);
  if (options.reorder) printShare(out, "reorder", "reorder", options.reorder, options.reorderCorrelation);
  if (options.corrupt) printShare(out, "corrupt", "corrupt", options.corrupt, options.corruptCorrelation);
  if (options.rate !== undefined && options.rate.rate > 0) {
    const { rate, packetOverhead, cellSize, cellOverhead } = options.rate;
    out.openObject("rate");
    out.put("rate", rate, ` rate ${formatRate(rate, session.options.iec)}`);
    printOptional(out, "packetoverhead", packetOverhead);
    printOptional(out, "cellsize", cellSize);
    printOptional(out, "celloverhead", cellOverhead);
    out.closeObject();
  }
  if (options.slot !== undefined) {
    const { minDelay, maxDelay, packets, bytes } = options.slot;
    out.openObject("slot");
    out.put("min-delay", seconds(minDelay), ` slot ${formatTime64(minDelay)}`);
    out.put("max-delay", seconds(maxDelay), ` ${formatTime64(maxDelay)}`);
    printOptional(out, "packets", packets);
    printOptional(out, "bytes", bytes);
    out.closeObject();
  }
  out.put("ecn", options.ecn ?? false, options.ecn ? " ecn " : null);
  const gap = options.gap ?? 0;
  out.put("gap", gap, gap > 0 ? ` gap ${gap}` : null);
}

function printOptional(out: Printer, key: string, value: number | undefined): void {
  out.put(key, value ?? 0, value ? ` ${key} ${value}` : null);
}

function seconds(ns: number): Decimal {
  return new Decimal(formatG(ns / 1e9));
}

/** The kernel's ticks as tc shows them: whole microseconds. */
function printDelay(out: Printer, options: NetemOptions): void {
  const delay = Math.trunc((options.delay ?? 0) / 1e3);
  const jitter = Math.trunc((options.jitter ?? 0) / 1e3);
  out.openObject("delay");
  out.put("delay", seconds(delay * 1e3), ` delay ${formatTime(delay)}`);
  out.put("jitter", seconds(jitter * 1e3), jitter > 0 ? `  ${formatTime(jitter)}` : null);
  printCorrelation(out, options.delayCorrelation);
  out.closeObject();
}

function printLoss(out: Printer, loss: LossOptions): void {
  if (loss.model === "random") {
    if (loss.share > 0) printShare(out, "loss-random", "loss", loss.share, loss.correlation);
  } else if (loss.model === "state") {
    out.openObject("loss-state");
    out.put("p13", json(loss.p13), ` loss state p13 ${share(loss.p13)}%`);
    for (const key of ["p31", "p32", "p23", "p14"] as const) {
      out.put(key, json(loss[key]), ` ${key} ${share(loss[key])}%`);
    }
    out.closeObject();
  } else {
    out.openObject("loss-gemodel");
    out.put("p", json(loss.p), ` loss gemodel p ${share(loss.p)}%`);
    out.put("r", json(loss.r), ` r ${share(loss.r)}%`);
    out.put("1-h", json(1 - loss.h), ` 1-h ${share(1 - loss.h)}%`);
    out.put("1-k", json(1 - loss.k), ` 1-k ${share(1 - loss.k)}%`);
    out.closeObject();
  }
}
