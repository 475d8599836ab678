import { assert, assertEquals, assertThrows } from "@std/assert";
import { World } from "../../src/device/world.ts";
import { Machine } from "../../src/namespace/machine.ts";
import { Errno, KernelError } from "../../src/wire/errno.ts";

function machine(): Machine {
  return new Machine(new World(1), "ubuntu-host");
}

function refused(act: () => unknown, errno: number): void {
  assertEquals(assertThrows(act, KernelError).errno, errno);
}

Deno.test("a new machine has its hosts file, its name and an empty resolv.conf", () => {
  const one = machine();
  const files = one.files(one.initial);
  assert(files.readText("/etc/hosts").startsWith("127.0.0.1\tlocalhost\n"));
  assertEquals(files.readText("/etc/hostname"), "ubuntu-host\n");
  assertEquals(files.readText("/etc/resolv.conf"), "");
});

Deno.test("files are written, appended to, read and removed", () => {
  const one = machine();
  const files = one.files(one.initial);
  files.write("/tmp/a", "one");
  const before = files.read("/tmp/a");
  files.write("/tmp/a", "two", { append: true });
  assertEquals(files.readText("/tmp/a"), "onetwo");
  assertEquals(new TextDecoder().decode(before), "one");
  files.write("/tmp/a", "x");
  assertEquals(files.readText("/tmp/./../tmp/a"), "x");
  files.remove("/tmp/a");
  assert(!files.exists("/tmp/a"));
});

Deno.test("what cannot be is refused with Linux's error", () => {
  const one = machine();
  const files = one.files(one.initial);
  refused(() => files.read("/nope"), Errno.ENOENT);
  refused(() => files.read("/etc"), Errno.EISDIR);
  refused(() => files.read("/etc/hosts/x"), Errno.ENOTDIR);
  refused(() => files.write("/nope/x", ""), Errno.ENOENT);
  refused(() => files.write("/etc", ""), Errno.EISDIR);
  refused(() => files.makeDirectory("/etc"), Errno.EEXIST);
  refused(() => files.makeDirectory("/a/b"), Errno.ENOENT);
  refused(() => files.remove("/nope"), Errno.ENOENT);
  refused(() => files.write("/proc/net/dev", "x"), Errno.EACCES);
  refused(() => files.write("/proc/sys/net/core/somaxconn", "x"), Errno.EINVAL);
  refused(() => files.write("/etc/hosts", "x", { exclusive: true }), Errno.EEXIST);
});

Deno.test("/etc/netns/NAME is laid over /etc, for writing too", () => {
  const one = machine();
  const namespace = one.addNamespace("a");
  const files = one.files(one.initial), inside = one.files(namespace, true);
  assertEquals(inside.readText("/etc/hosts"), files.readText("/etc/hosts"));
  files.makeDirectory("/etc/netns/a");
  files.write("/etc/netns/a/hosts", "10.0.0.1 a\n");
  assertEquals(inside.readText("/etc/hosts"), "10.0.0.1 a\n");
  inside.write("/etc/hosts", "10.0.0.2 b\n");
  assertEquals(files.readText("/etc/netns/a/hosts"), "10.0.0.2 b\n");
  assertEquals(one.files(namespace).readText("/etc/hosts"), files.readText("/etc/hosts"));
});

Deno.test("named namespaces are listed in /run/netns, by its old name too", () => {
  const one = machine();
  one.addNamespace("b");
  one.addNamespace("a");
  assertEquals(one.files(one.initial).list("/var/run/netns"), ["a", "b"]);
  assertThrows(() => one.addNamespace("a"), KernelError, "File exists");
  one.removeNamespace("a");
  assertThrows(() => one.removeNamespace("a"), KernelError, "No such file or directory");
  assertEquals(one.files(one.initial).list("/run/netns"), ["b"]);
});

Deno.test("each namespace sees its own /proc/net and /sys/class/net", () => {
  const one = machine();
  const files = one.files(one.addNamespace("a"));
  assertEquals(files.list("/sys/class/net"), ["lo"]);
  assertEquals(files.readText("/sys/class/net/lo/mtu"), "65536\n");
  assert(files.readText("/proc/net/dev").split("\n")[2].startsWith("    lo:       0"));
  for (const name of files.list("/proc/net")) files.read(`/proc/net/${name}`);
  refused(() => files.read("/sys/class/net/eth9/mtu"), Errno.ENOENT);
});

Deno.test("the host name is the kernel's, not the file's", () => {
  const one = machine();
  const files = one.files(one.initial);
  files.write("/proc/sys/kernel/hostname", "other\n");
  assertEquals(one.hostname, "other");
  assertEquals(files.readText("/etc/hostname"), "ubuntu-host\n");
});
