/** The scripts beside this file, recorded from Linux 6.18 by `shared/tcp-oracle/record`: what its TCP says on the wire, and when. */
import { assertEquals } from "@std/assert";
import { World } from "../../src/device/world.ts";
import { NetworkNamespace } from "../../src/namespace/namespace.ts";
import { runScript } from "../../src/packetdrill/run.ts";
import { sysctlCommand } from "./sysctl_command.ts";

const folder = new URL("./scripts/", import.meta.url);

for (const name of Array.from(Deno.readDirSync(folder), (entry) => entry.name).sort()) {
  const text = Deno.readTextFileSync(new URL(name, folder));
  Deno.test(`${name}: ${text.slice(3, text.indexOf("\n"))}`, async () => {
    const world = new World(1);
    const namespace = new NetworkNamespace(world, "", 1);
    const result = await runScript(text, name, { open: () => ({ namespace, command: sysctlCommand(namespace) }) });
    assertEquals(result.error, null);
    while (world.scheduler.nextAt() < 1e12) world.scheduler.step();
    assertEquals(world.packets.outstanding, 0);
  });
}
