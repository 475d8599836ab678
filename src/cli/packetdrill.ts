/** `netns packetdrill [--NAME=VALUE]… PATH…`: runs scripts, each on a machine of its own; a folder means all `.pkt` files in it. */
import { World } from "../device/world.ts";
import { Machine } from "../namespace/machine.ts";
import { Driver } from "../network/driver.ts";
import { type Environment, runScript } from "../packetdrill/run.ts";
import type { Option } from "../packetdrill/settings.ts";
import { execute } from "../shell/execute.ts";

const USAGE = "Usage: netns packetdrill [--tolerance_usecs=N] [--ip_version=ipv4|ipv6] [--NAME=VALUE]... PATH...";

/** A shell script called by its path, as the first word of a command. */
const SHELL_SCRIPT = /(^|[\n;&|][ \t]*)(\.{0,2}\/[^\s;&|<>`]+\.sh)(?=[\s;&|<>]|$)/g;

/**
 * A machine whose commands run in its own namespace, in the script's folder, which has the shell scripts that they call
 * (`./defaults.sh`); what they say goes to `write`.
 */
function openEnvironment(script: string, write: (text: string) => void): Environment {
  const world = new World(1);
  const machine = new Machine(world, "ubuntu-host");
  const driver = new Driver(world, false);
  const files = machine.files(machine.initial);
  const folder = Deno.realPathSync(script).replace(/\/[^/]*$/, "") || "/";
  files.makeDirectory(folder, { parents: true });
  const bring = (all: string, before: string, name: string): string => {
    const path = files.resolve(name, folder);
    try {
      const text = Deno.readTextFileSync(path);
      files.makeDirectory(path.replace(/\/[^/]*$/, "") || "/", { parents: true });
      files.write(path, text);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return all;
      throw error;
    }
    return `${before}bash ${name}`;
  };
  return {
    namespace: machine.initial,
    async command(text: string): Promise<number> {
      let code: number | null = null;
      const line = text.replace(SHELL_SCRIPT, bring);
      const done = execute(machine, machine.initial, line, { cwd: folder }).then((result) => {
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
      const open = () => openEnvironment(script, write);
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
