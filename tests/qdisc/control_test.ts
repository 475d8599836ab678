import { assertEquals, assertThrows } from "@std/assert";
import { changeLink, createLink } from "../../src/device/link.ts";
import type { Interface } from "../../src/device/interface.ts";
import { deleteQdisc, qdiscs, setQdisc, TC_H_ROOT } from "../../src/qdisc/control.ts";
import { Fifo } from "../../src/qdisc/fifo.ts";
import { KernelError } from "../../src/wire/errno.ts";
import { twoOwners } from "../device/network.ts";
import { line } from "./line.ts";

const root = TC_H_ROOT;

function refusal(action: () => unknown): string {
  return (assertThrows(action, KernelError) as KernelError).message;
}

/** `pfifo 8001: 5` for each. */
function shown(device: Interface): string[] {
  return qdiscs(device).map(({ kind, handle, parent, references, discipline }) => {
    const limit = discipline instanceof Fifo ? ` limit ${discipline.limit}` : "";
    const where = parent === root
      ? `root refcnt ${references}`
      : `parent ${(parent >>> 16).toString(16)}:${parent & 15}`;
    return `${kind} ${(handle >>> 16).toString(16)}: ${where}${limit}`;
  });
}

Deno.test("an interface shows nothing before it is up, then noqueue or pfifo_fast", () => {
  const { a } = twoOwners();
  const v0 = createLink(a, { kind: "veth", name: "v0" });
  assertEquals(shown(v0), []);
  changeLink(v0, { up: true });
  assertEquals(shown(v0), ["noqueue 0: root refcnt 2"]);
  const t0 = createLink(a, { kind: "tap", name: "t0" });
  changeLink(t0, { up: true });
  assertEquals(shown(t0), ["pfifo_fast 0: root refcnt 2"]);
  setQdisc(a.loopback, { kind: "pfifo", parent: root }, "add");
  assertEquals([shown(a.loopback), a.loopback.qdiscName], [["pfifo 8001: root refcnt 2 limit 1000"], "pfifo"]);
});

Deno.test("adding, changing, replacing and deleting answer as the kernel does", () => {
  const { v0 } = line();
  const gone = "Cannot delete qdisc with handle of zero.";
  assertEquals(refusal(() => deleteQdisc(v0, { parent: root })), gone);
  setQdisc(v0, { kind: "pfifo", parent: root, handle: 0x10000, fifo: { limit: 5 } }, "add");
  assertEquals(
    refusal(() => setQdisc(v0, { kind: "pfifo", parent: root }, "add")),
    "Exclusivity flag on, cannot modify.",
  );
  assertEquals(
    refusal(() => setQdisc(v0, { kind: "pfifo", parent: root, handle: 0x20000 }, "add")),
    "NLM_F_REPLACE needed to override.",
  );
  assertEquals(
    refusal(() => setQdisc(v0, { kind: "bfifo", parent: root, handle: 0x10000 }, "replace")),
    "Invalid qdisc name: must match existing qdisc.",
  );
  setQdisc(v0, { kind: "pfifo", parent: root, fifo: { limit: 7 } }, "change");
  assertEquals(shown(v0), ["pfifo 1: root refcnt 3 limit 7"]);
  setQdisc(v0, { kind: "bfifo", parent: root, fifo: { limit: 7 } }, "change");
  assertEquals(shown(v0), ["bfifo 8001: root refcnt 3 limit 7"]);
  assertEquals(refusal(() => deleteQdisc(v0, { parent: root, handle: 0x90000 })), "Invalid handle.");
  assertEquals(
    refusal(() => deleteQdisc(v0, { parent: root, kind: "pfifo" })),
    "Invalid qdisc name: must match existing qdisc.",
  );
  deleteQdisc(v0, { parent: root });
  changeLink(v0, { txqueuelen: 42 });
  setQdisc(v0, { kind: "bfifo", parent: root }, "add");
  assertEquals(shown(v0), ["bfifo 8002: root refcnt 3 limit 63588"]);
  setQdisc(v0, { kind: "pfifo", parent: root }, "replace");
  changeLink(v0, { txqueuelen: 43 });
  setQdisc(v0, { kind: "pfifo", parent: root }, "replace");
  assertEquals(shown(v0), ["pfifo 8003: root refcnt 3 limit 42"]);
  assertEquals(
    refusal(() => setQdisc(v0, { kind: "nosuch", parent: root }, "replace")),
    "Specified qdisc kind is unknown.",
  );
});

Deno.test("a tbf holds a child, shown once the user set it", () => {
  const { v0 } = line();
  const tbf = { rate: 125000, burst: 10240, limit: 16490 };
  setQdisc(v0, { kind: "tbf", parent: root, handle: 0x50000, tbf }, "add");
  assertEquals(shown(v0), ["tbf 5: root refcnt 3"]);
  setQdisc(v0, { kind: "pfifo", parent: 0x50001, handle: 0x60000, fifo: { limit: 9 } }, "add");
  assertEquals(shown(v0), ["tbf 5: root refcnt 3", "pfifo 6: parent 5:1 limit 9"]);
  deleteQdisc(v0, { parent: 0x50001 });
  assertEquals(shown(v0), ["tbf 5: root refcnt 3"]);
  assertEquals(
    refusal(() => setQdisc(v0, { kind: "pfifo", parent: 0x70001 }, "add")),
    "Failed to find specified qdisc.",
  );
  setQdisc(v0, { kind: "pfifo", parent: 0x50002 }, "add");
  setQdisc(v0, { kind: "tbf", parent: root, tbf: { ...tbf, limit: 5000 } }, "replace");
  assertEquals(shown(v0), ["tbf 5: root refcnt 3", "pfifo 8001: parent 5:2 limit 5000"]);
});

Deno.test("a tbf sends a burst at once, the rest at its rate, and drops what does not fit", () => {
  const { world, v0, send, arrived } = line();
  const start = world.scheduler.now;
  setQdisc(v0, { kind: "tbf", parent: root, tbf: { rate: 125000, burst: 3000, limit: 10000 } }, "add");
  for (let i = 0; i < 20; i++) send(1000);
  while (world.scheduler.step());
  assertEquals(arrived.map(({ at }) => (at - start) / 1e6), [0, 0, 0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80]);
  const { statistics } = qdiscs(v0)[0];
  assertEquals([statistics.packets, statistics.dropped, statistics.backlogPackets], [13, 7, 0]);
  assertEquals(statistics.overlimits > 0, true);
  assertEquals(send(3001), -105);
  assertEquals(world.packets.outstanding, 0);
});

Deno.test("what waits is dropped when the interface goes down", () => {
  const { world, v0, send, arrived } = line();
  setQdisc(v0, { kind: "netem", parent: root, netem: { delay: 1e6 } }, "add");
  send();
  changeLink(v0, { up: false });
  while (world.scheduler.step());
  assertEquals([arrived.length, world.packets.outstanding], [0, 0]);
});
