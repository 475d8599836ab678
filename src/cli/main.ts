/**
 * The command line: scenarios, a prompt, and comparisons with a real kernel.
 *
 * ```sh
 * deno run -A jsr:@netns/emulator/cli run FILE
 * deno run -A jsr:@netns/emulator/cli -c "ping -c 1 127.0.0.1"
 * deno run -A jsr:@netns/emulator/cli shell
 * ```
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";

const USAGE = `Usage: netns [--seed SEED] COMMAND

  run FILE [WORD...]      run a file of commands, in virtual time
  run --publish [ADDRESS:]PORT:NAMESPACE:PORT FILE [WORD...]
                          the same on the real clock, with a port of a namespace on
                          this machine's loopback (or ADDRESS); needs --allow-net
  -c COMMANDS [WORD...]   run commands, in virtual time
  shell                   a prompt, on the real clock
  ca FOLDER [NAME...]     write the certificate authority of the seed, and certificates for names
  oracle PATH...          replay transcripts of a real kernel (*.t) and show what differs
  packetdrill PATH...     run packetdrill scripts against the stack

The machine is ubuntu-host, and its lo is down, as in a new namespace (the prompt has it up).
`;

/** Runs the words of a command line and gives the exit code. */
export async function main(words: readonly string[]): Promise<number> {
  const args = parseArgs([...words], {
    string: ["seed", "c", "_"],
    boolean: ["help"],
    alias: { help: "h" },
    stopEarly: true,
  });
  const options = { seed: args.seed === undefined ? undefined : String(args.seed) };
  const rest = args._.map(String);
  if (args.help) {
    console.log(USAGE.trimEnd());
    return 0;
  }
  if (args.c !== undefined) {
    const { runCommands } = await import("./run.ts");
    return await runCommands(args.c, rest, options);
  }
  const [command, ...operands] = rest;
  switch (command) {
    case "run": {
      const own = parseArgs(operands, {
        string: ["publish", "_"],
        collect: ["publish"],
        alias: { publish: "p" },
        stopEarly: true,
      });
      const [path, ...words] = own._.map(String);
      if (path === undefined) break;
      const { runFile } = await import("./run.ts");
      return await runFile(path, words, { ...options, publish: own.publish.map(String) });
    }
    case "ca": {
      if (operands.length === 0) break;
      const { writeAuthority } = await import("./ca.ts");
      return await writeAuthority(operands[0], operands.slice(1), options);
    }
    case "shell": {
      const { interactive } = await import("./interactive.ts");
      return await interactive(options);
    }
    case "oracle": {
      const { oracle } = await import("./oracle.ts");
      return await oracle(operands);
    }
    case "packetdrill": {
      const { packetdrill } = await import("./packetdrill.ts");
      return await packetdrill(operands);
    }
  }
  console.error(USAGE.trimEnd());
  return 2;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
