/**
 * `/proc`, `/sys`, `/dev` and `/run/netns` as the processes of one namespace see them: directories and files that are made when
 * looked at. The layout is in `syntheticFiles`; what stands in the files of `/proc/net` is in proc_net.ts.
 *
 * @module
 */
import { Errno, KernelError } from "../wire/errno.ts";
import type { SysctlEntry } from "../ip/host.ts";
import { coreSysctls } from "./core_sysctls.ts";
import type { Synthesis, SyntheticFile } from "./file_system.ts";
import type { Machine } from "./machine.ts";
import type { NetworkNamespace } from "./namespace.ts";
import { PROC_NET } from "./proc_net.ts";
import { classNet } from "./sys_class_net.ts";

/** What `uname` says. */
export const KERNEL_RELEASE = "6.18.0";
export const KERNEL_VERSION = "#1 SMP PREEMPT_DYNAMIC";

/** A file that only `read` makes. */
export function readOnly(read: () => string): SyntheticFile {
  return { kind: "file", read };
}

export function directory(list: () => Iterable<string>): SyntheticFile {
  return { kind: "directory", list };
}

/** All sysctls that a process of this namespace sees under `/proc/sys`. */
export function allSysctls(machine: Machine, namespace: NetworkNamespace): SysctlEntry[] {
  return [...kernelSysctls(machine), ...coreSysctls(namespace), ...namespace.sysctls()];
}

function kernelSysctls(machine: Machine): SysctlEntry[] {
  return [
    { path: "kernel/hostname", read: () => machine.hostname, write: (name) => void (machine.hostname = name.trim()) },
    { path: "kernel/osrelease", read: () => KERNEL_RELEASE },
    { path: "kernel/ostype", read: () => "Linux" },
    { path: "kernel/pid_max", read: () => "32768" },
    { path: "kernel/version", read: () => KERNEL_VERSION },
  ];
}

/** A path within a tree of files that is known by the files' paths. */
function within<T extends { path: string }>(
  entries: readonly T[],
  segments: readonly string[],
  file: (entry: T) => SyntheticFile,
): SyntheticFile | null {
  const path = segments.join("/");
  const prefix = path === "" ? "" : `${path}/`;
  const names = new Set<string>();
  for (const entry of entries) {
    if (entry.path === path) return file(entry);
    if (entry.path.startsWith(prefix)) names.add(entry.path.slice(prefix.length).split("/")[0]);
  }
  return names.size === 0 ? null : directory(() => names);
}

function sysctlFile(entry: SysctlEntry): SyntheticFile {
  return {
    kind: "file",
    read: () => `${entry.read()}\n`,
    write: entry.write === undefined ? undefined : (text) => entry.write!(text.replace(/\n$/, "")),
  };
}

function seconds(ns: number): string {
  return (Math.floor(ns / 1e7) / 100).toFixed(2);
}

function proc(machine: Machine, namespace: NetworkNamespace, segments: readonly string[]): SyntheticFile | null {
  const world = machine.world;
  switch (segments[0]) {
    case undefined:
      return directory(() => [...machine.processes.keys()].map(String).concat("net", "sys", "uptime", "version"));
    case "net":
      return within(PROC_NET, segments.slice(1), (entry) => readOnly(() => entry.text(namespace, machine)));
    case "sys":
      return within(allSysctls(machine, namespace), segments.slice(1), sysctlFile);
    case "uptime":
      return segments.length > 1
        ? null
        : readOnly(() => `${seconds(world.scheduler.now)} ${seconds(world.scheduler.now)}\n`);
    case "version":
      return segments.length > 1 ? null : readOnly(() => `Linux version ${KERNEL_RELEASE} ${KERNEL_VERSION}\n`);
    default:
      return process(machine, segments);
  }
}

function process(machine: Machine, segments: readonly string[]): SyntheticFile | null {
  const found = machine.processes.get(Number(segments[0]));
  if (found === undefined || String(found.pid) !== segments[0] || segments.length > 2) return null;
  if (segments.length === 1) return directory(() => ["cmdline", "comm"]);
  if (segments[1] === "comm") return readOnly(() => `${found.name}\n`);
  if (segments[1] === "cmdline") return readOnly(() => [found.name, ...found.args].map((word) => `${word}\0`).join(""));
  return null;
}

function dev(machine: Machine, segments: readonly string[]): SyntheticFile | null {
  if (segments.length === 0) return directory(() => ["null", "random", "urandom", "zero"]);
  const discard = () => {};
  if (segments.length > 1) return null;
  if (segments[0] === "null") return { kind: "device", read: () => "", write: discard };
  if (segments[0] === "zero") return { kind: "device", write: discard, piece: () => new Uint8Array(65536) };
  if (segments[0] !== "random" && segments[0] !== "urandom") return null;
  const random = machine.world.random.split("/dev/urandom");
  return {
    kind: "device",
    write: discard,
    piece: () => Uint8Array.from({ length: 4096 }, () => random.below(256)),
  };
}

function runNetns(machine: Machine, segments: readonly string[]): SyntheticFile | null | undefined {
  if (segments.length === 0) {
    return machine.namespaces.size === 0 ? undefined : directory(() => machine.namespaces.keys());
  }
  if (segments.length > 1 || !machine.namespaces.has(segments[0])) return undefined;
  return {
    kind: "file",
    read: () => {
      throw new KernelError(Errno.EINVAL);
    },
  };
}

/** The synthetic part of a machine's tree, as seen from a namespace. */
export function syntheticFiles(machine: Machine, namespace: NetworkNamespace): Synthesis {
  return (segments) => {
    const rest = segments.slice(1);
    switch (segments[0]) {
      case "proc":
        return proc(machine, namespace, rest);
      case "dev":
        return dev(machine, rest);
      case "sys":
        if (rest.length === 0) return directory(() => ["class"]);
        if (rest[0] !== "class") return null;
        if (rest.length === 1) return directory(() => ["net"]);
        return rest[1] === "net" ? classNet(namespace, rest.slice(2)) : null;
      case "run":
        return rest[0] === "netns" ? runNetns(machine, rest.slice(1)) : undefined;
      default:
        return undefined;
    }
  };
}
