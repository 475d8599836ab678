/** `netns packetdrill [--NAME=VALUE]… PATH…`: runs scripts, each on a machine of its own; a folder means all `.pkt` files in it. */
import { World } from "../device/world.ts";
import { Machine } from "../namespace/machine.ts";
import { Driver } from "../network/driver.ts";
import { type Environment, runScript } from "../packetdrill/run.ts";
import type { Option } from "../packetdrill/settings.ts";
import { execute } from "../shell/execute.ts";

const USAGE = "Usage: netns packetdrill [--tolerance_usecs=N] [--ip_version=ipv4|ipv6] [--NAME=VALUE]... PATH...";

/** A machine whose commands run in its own namespace; what they say goes to `write`. */
function openEnvironment(write: (text: string) => void): Environment {
  const world = new World(1);
  const machine = new Machine(world, "ubuntu-host");
  const driver = new Driver(world, false);
  return {
    namespace: machine.initial,
    async command(text: string): Promise<number> {
      let code: number | null = null;
      const done = execute(machine, machine.initial, text).then((result) => {
        code = result.code;
        write(result.stdout + result.stderr);
      });
      await driver.drive(() => code !== null, Infinity);
      await done;
      return code!;
    },
  };
}

/** The scripts that paths mean, in order of their names; null for what is not there. */
function findScripts(path: string): string[] | null {
  try {
    if (!Deno.statSync(path).isDirectory) return [path];
    const names = Array.from(Deno.readDirSync(path)).sort((a, b) => a.name < b.name ? -1 : 1);
    return names.flatMap(({ name, isDirectory }) => {
      const inside = `${path.replace(/\/+$/, "")}/${name}`;
      if (isDirectory) return findScripts(inside) ?? [];
      return name.endsWith(".pkt") ? [inside] : [];
    });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** The exit code: 0 when all passed. Prints each script's first difference, and last how many passed and failed. */
export async function packetdrill(args: readonly string[]): Promise<number> {
  const options: Option[] = [], paths: string[] = [];
  for (const arg of args) {
    const option = /^--([a-z0-9_]+)(?:=(.*))?$/.exec(arg);
    if (option === null) paths.push(arg);
    else options.push({ name: option[1], value: option[2] ?? "" });
  }
  if (paths.length === 0) {
    console.error(USAGE);
    return 2;
  }
  const write = (text: string) => {
    if (text !== "") console.log(text.replace(/\n$/, ""));
  };
  let passed = 0, failed = 0;
  for (const path of paths) {
    const scripts = findScripts(path);
    if (scripts === null) {
      console.log(`${path}: No such file or directory`);
      failed++;
      continue;
    }
    for (const script of scripts) {
      const open = () => openEnvironment(write);
      const result = await runScript(Deno.readTextFileSync(script), script, { open, options, print: write });
      if (result.passed) passed++;
      else {
        failed++;
        console.log(result.error);
      }
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
