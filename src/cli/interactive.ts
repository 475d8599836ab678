/** `netns shell`: a prompt on the real clock. */
import "../ssh/mod.ts";
import { Network } from "../network/network.ts";
import { ShellProcess } from "../shell/process.ts";
import { Leave, Shell } from "../shell/shell.ts";
import { ENVIRONMENT } from "../shell/execute.ts";
import type { OutputStream } from "../tools/process.ts";
import { LineEditor } from "../shell/line_editor.ts";
import type { ScenarioOptions } from "./run.ts";
import { RealInput, realOutput } from "./terminal.ts";

/** The shell of the prompt: it lives through Ctrl-C, which ends what it runs. */
function promptShell(network: Network, input: RealInput, stdout: OutputStream, stderr: OutputStream): Shell {
  const { machine, kernel, files } = network.machine;
  const process = new ShellProcess("bash", [], {
    machine,
    namespace: kernel,
    files,
    stdin: input,
    stdout,
    stderr,
    env: ENVIRONMENT,
    cwd: "/root",
  });
  machine.processStarted(process);
  const shell = new Shell(process, "bash");
  shell.interactive = true;
  return shell;
}

/** Runs a line; Ctrl-C meanwhile interrupts its programs. */
async function runLine(shell: Shell, line: string): Promise<void> {
  const interrupt = () => shell.process.interrupt();
  Deno.addSignalListener("SIGINT", interrupt);
  try {
    await shell.runText(line, "bash");
  } catch (error) {
    if (!(error instanceof Leave) || error.kind === "exit") throw error;
  } finally {
    Deno.removeSignalListener("SIGINT", interrupt);
  }
}

/** The exit code is that of `exit`, or of the last command at the end of the input. */
export async function interactive(options: ScenarioOptions): Promise<number> {
  using network = new Network({ seed: options.seed ?? 0, clock: "real" });
  network.machine.setUp("lo");
  const terminal = Deno.stdin.isTerminal();
  const input = new RealInput();
  const shell = promptShell(network, input, realOutput(Deno.stdout), realOutput(Deno.stderr));
  const editor = new LineEditor(input, (text) => shell.streams.stdout.write(text));
  const raw = (on: boolean) => terminal && Deno.stdin.setRaw(on);
  return await network.run(async () => {
    try {
      for (;;) {
        raw(true);
        const place = shell.cwd === "/root" ? "~" : shell.cwd;
        const line = terminal
          ? await editor.read(`root@${network.machine.hostname()}:${place}# `)
          : await plainLine(input);
        raw(false);
        if (line === null) return shell.status;
        editor.remember(line);
        await runLine(shell, line);
      }
    } catch (error) {
      if (error instanceof Leave) return error.value;
      throw error;
    } finally {
      raw(false);
      await shell.endJobs();
    }
  });
}

let held = "";
const decoder = new TextDecoder();

/** A line of an input that is no terminal. */
async function plainLine(input: RealInput): Promise<string | null> {
  for (;;) {
    const end = held.indexOf("\n");
    if (end >= 0) {
      const line = held.slice(0, end);
      held = held.slice(end + 1);
      return line;
    }
    const piece = await input.read();
    if (piece !== null) {
      held += decoder.decode(piece, { stream: true });
      continue;
    }
    if (held === "") return null;
    const line = held;
    held = "";
    return line;
  }
}
