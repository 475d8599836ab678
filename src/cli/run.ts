/** `netns run FILE` and `netns -c COMMANDS`: scenarios in virtual time. */
import "../ssh/mod.ts";
import { DeadlockError } from "../network/errors.ts";
import { Network } from "../network/network.ts";
import { type RunningCommand, runScript, spawnProgram } from "../shell/execute.ts";
import { RealInput, realOutput } from "./terminal.ts";

export interface ScenarioOptions {
  readonly seed?: number | string;
}

/** Runs what `start` starts, to its end, on a new machine; Ctrl-C tells it. */
async function drive(
  options: ScenarioOptions,
  start: (network: Network, streams: Parameters<typeof spawnProgram>[3]) => RunningCommand,
): Promise<number> {
  using network = new Network({ seed: options.seed ?? 0 });
  try {
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
    if (!(error instanceof DeadlockError)) throw error;
    console.error(`netns: ${error.message}`);
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
