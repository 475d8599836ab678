/** `ip tuntap`: TAP interfaces, whose other side is user code (`ip/iptuntap.c`). */
import type { Interface } from "../../device/interface.ts";
import { createLink, deleteLink } from "../../device/link.ts";
import { type Arguments, CommandError, garbage, matches, parseUnsigned, usage } from "./arguments.ts";
import { type Session, validName } from "./session.ts";
import { TUNTAP_USAGE } from "./usage.ts";

export function tuntap(session: Session, args: Arguments): number {
  const command = args.more ? args.take() : "show";
  if (matches(command, "add")) return modify(session, args, true);
  if (matches(command, "delete")) return modify(session, args, false);
  if (matches(command, "show") || matches(command, "lst") || matches(command, "list")) return show(session, args);
  if (matches(command, "help")) usage(TUNTAP_USAGE);
  throw new CommandError(`Command "${command}" is unknown, try "ip tuntap help".\n`, 255);
}

interface Words {
  mode: "tap" | "tun" | null;
  name: string | null;
}

function readWords(args: Arguments): Words {
  const words: Words = { mode: null, name: null };
  while (args.more) {
    const word = args.take();
    if (word === "mode") {
      const mode = args.value();
      if (words.mode !== null) {
        throw new CommandError("You can only select one mode for tuntap device.\n", 255);
      }
      if (matches(mode, "tun")) words.mode = "tun";
      else if (matches(mode, "tap")) words.mode = "tap";
      else throw new CommandError(`Unknown tunnel mode "${mode}"\n`, 255);
    } else if (word === "user" || word === "group") {
      const who = args.value();
      if (parseUnsigned(who) === null && who !== "root") {
        throw new CommandError(`invalid ${word} "${who}"\n`, 255);
      }
    } else if (["pi", "one_queue", "vnet_hdr", "multi_queue"].includes(word)) continue;
    else {
      const name = word === "name" || word === "dev" ? args.value() : word;
      if (word !== "name" && word !== "dev" && matches(name, "help")) usage(TUNTAP_USAGE);
      if (words.name !== null) garbage("name", name);
      if (!validName(name)) {
        throw new CommandError(`Error: argument "${name}" is wrong: "name" not a valid ifname\n`, 255);
      }
      words.name = name;
    }
  }
  return words;
}

function modify(session: Session, args: Arguments, adds: boolean): number {
  const words = readWords(args);
  if (words.mode === null) {
    throw new CommandError("You failed to specify a tunnel mode\n", 1);
  }
  if (words.mode === "tun") throw new CommandError("open: TUN mode is not emulated\n", 1);
  const { interfaces } = session.namespace;
  const there = words.name === null ? undefined : interfaces.byName(words.name);
  if (!adds) {
    if (there !== undefined && there.driver.kind !== "tap") {
      throw new CommandError("ioctl(TUNSETIFF): Invalid argument\n", 1);
    }
    // It is opened, which makes one where there is none, and then let go.
    const name = words.name ?? undefined;
    deleteLink(there ?? createLink(session.namespace, { kind: "tap", name }));
  } else if (there !== undefined) throw new CommandError("ioctl(TUNSETIFF): Device or resource busy\n", 1);
  else createLink(session.namespace, words.name === null ? { kind: "tap" } : { kind: "tap", name: words.name });
  return 0;
}

function show(session: Session, args: Arguments): number {
  const { out } = session;
  const words = readWords(args);
  out.begin();
  for (const device of session.namespace.interfaces) {
    if (device.driver.kind !== "tap" || words.mode === "tun") continue;
    if (words.name === null || words.name === device.name) print(session, device);
  }
  out.end();
  return 0;
}

function print(session: Session, device: Interface): void {
  const { out } = session;
  out.openObject();
  out.put("ifname", device.name, `${device.name}:`);
  out.openArray("flags");
  for (const flag of ["tap", "persist"]) out.put("", flag, ` ${flag}`);
  out.closeArray();
  out.text("\n");
  out.closeObject();
}
