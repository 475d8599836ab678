/** `netns run FILE` and `netns -c COMMANDS`: scenarios in virtual time. */
import "../ssh/mod.ts";
import { publish } from "../network/door.ts";
import { DeadlockError, NetworkUsageError } from "../network/errors.ts";
import { Network } from "../network/network.ts";
import { type RunningCommand, runScript, spawnProgram } from "../shell/execute.ts";
import { RealInput, realOutput } from "./terminal.ts";

export interface ScenarioOptions {
  readonly seed?: number | string;
  /** `[ADDRESS:]PORT:NAMESPACE:PORT` */
  readonly publish?: readonly string[];
}

/** Opens a port of the real machine; the namespace is looked for when somebody comes in. Throws a NetworkUsageError. */
function open(network: Network, text: string): void {
  const match = /^(?:(.+):)?(\d{1,5}):([^:]+):(\d{1,5})$/.exec(text);
  if (match === null || Number(match[2]) > 65535 || Number(match[4]) > 65535) {
    throw new NetworkUsageError(`--publish ${text}: not [ADDRESS:]PORT:NAMESPACE:PORT, as in 8080:web:80`);
  }
  const [, address, outside, name, inside] = match;
  const hostname = address?.replace(/^\[(.*)\]$/, "$1") ?? "127.0.0.1";
  const { machine } = network;
  const find = () => {
    const found = name === machine.name ? machine : machine.namespaces.get(name);
    if (found === undefined) throw new NetworkUsageError(`There is no namespace "${name}"`);
    return found;
  };
  // An address of the command line is what others are let in by in so many words.
  const door = publish(network, find, {
    port: Number(inside),
    to: { hostname, port: Number(outside) },
    exposeBeyondLoopback: true,
  });
  console.error(`netns: ${door.addr.hostname}:${door.addr.port} is port ${inside} of ${name}`);
}

/** Runs what `start` starts, to its end, on a new machine; Ctrl-C tells it. */
async function drive(
  options: ScenarioOptions,
  start: (network: Network, streams: Parameters<typeof spawnProgram>[3]) => RunningCommand,
): Promise<number> {
  const doors = options.publish ?? [];
  using network = new Network({ seed: options.seed ?? 0, clock: doors.length > 0 ? "real" : "virtual" });
  try {
    for (const door of doors) open(network, door);
    return await network.run(async () => {
      const streams = {
        stdin: new RealInput((promise) => network.hold(promise)),
        stdout: realOutput(Deno.stdout),
        stderr: realOutput(Deno.stderr),
      };
      const command = start(network, streams);
      const interrupt = () => command.process.kill("SIGINT");
      Deno.addSignalListener("SIGINT", interrupt);
      try {
        return await command.done;
      } finally {
        Deno.removeSignalListener("SIGINT", interrupt);
      }
    });
  } catch (error) {
    const told = [
      DeadlockError,
      NetworkUsageError,
      Deno.errors.NotCapable,
      Deno.errors.AddrInUse,
      Deno.errors.PermissionDenied,
    ];
    if (!told.some((kind) => error instanceof kind)) throw error;
    console.error(`netns: ${(error as Error).message}`);
    return 1;
  }
}

/** Runs a file of commands; the answer is its exit code. What cannot be read is said as bash says it. */
export async function runFile(path: string, args: readonly string[], options: ScenarioOptions): Promise<number> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    const directory = error instanceof Deno.errors.IsADirectory ||
      (error instanceof Error && /directory/.test(error.message) && !(error instanceof Deno.errors.NotFound));
    if (directory) console.error(`${path}: ${path}: Is a directory`);
    else if (error instanceof Deno.errors.NotFound) console.error(`bash: ${path}: No such file or directory`);
    else if (error instanceof Deno.errors.PermissionDenied) console.error(`bash: ${path}: Permission denied`);
    else throw error;
    return directory ? 126 : 127;
  }
  return await drive(
    options,
    ({ machine }, streams) => runScript(machine.machine, machine.kernel, path, text, args, streams),
  );
}

/** Runs commands from the command line, as `bash -c` does. */
export async function runCommands(
  commands: string,
  args: readonly string[],
  options: ScenarioOptions,
): Promise<number> {
  return await drive(
    options,
    ({ machine }, streams) => spawnProgram(machine.machine, machine.kernel, ["bash", "-c", commands, ...args], streams),
  );
}
