/** `sleep` and `timeout`. */
import { OptionParser } from "./getopt.ts";
import { tryHelp } from "./input.ts";
import type { Process } from "./process.ts";

const UNITS: { readonly [unit: string]: number } = { "": 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `1.5`, `2m`, `infinity`; null when it is no interval. */
function interval(text: string): number | null {
  const match = /^\+?([0-9]*\.?[0-9]*(?:e[-+]?[0-9]+)?|inf(?:inity)?)([smhd]?)$/i.exec(text);
  if (match === null || !/[0-9]|inf/i.test(match[1])) return null;
  return (/inf/i.test(match[1]) ? Infinity : Number(match[1])) * UNITS[match[2]];
}

export async function sleep(process: Process): Promise<number> {
  const complain = tryHelp(process);
  const options = new OptionParser("sleep", process.args, "", complain, [{ name: "help", option: "help" }]);
  for (let one = options.next(); one !== null; one = options.next()) if (one.option === "?") return 1;
  if (options.operands.length === 0) {
    complain("sleep: missing operand");
    return 1;
  }
  const wrong = options.operands.filter((word) => interval(word) === null);
  for (const word of wrong) process.stderr.write(`sleep: invalid time interval '${word}'\n`);
  if (wrong.length > 0) {
    process.stderr.write("Try 'sleep --help' for more information.\n");
    return 1;
  }
  await process.sleep(options.operands.reduce((sum, word) => sum + interval(word)!, 0));
  return 0;
}

/** Exit code of `timeout` for a command that took too long. */
const TIMED_OUT = 124;

export async function timeout(process: Process): Promise<number> {
  const complain = tryHelp(process);
  let signal = "TERM", preserve = false, killAfter: number | null = null;
  const long = [
    { name: "signal", argument: 1, option: "s" },
    { name: "kill-after", argument: 1, option: "k" },
    { name: "preserve-status", option: "p" },
    { name: "foreground", option: "f" },
  ] as const;
  const options = new OptionParser("timeout", process.args, "+k:s:v", complain, long);
  for (let one = options.next(); one !== null; one = options.next()) {
    if (one.option === "?") return 125;
    if (one.option === "s") signal = one.argument.toUpperCase().replace(/^SIG/, "");
    if (one.option === "p") preserve = true;
    if (one.option === "k") killAfter = interval(one.argument);
  }
  const [duration, ...command] = options.operands;
  if (command.length === 0) {
    process.stderr.write("Try 'timeout --help' for more information.\n");
    return 125;
  }
  const limit = interval(duration);
  if (limit === null) {
    complain(`timeout: invalid time interval '${duration}'`);
    return 125;
  }
  const child = process.start([...command]);
  if (child === null) {
    process.stderr.write(`timeout: failed to run command '${command[0]}': No such file or directory\n`);
    return 127;
  }
  const ended = (ms: number | null): Promise<boolean> =>
    process.wait(`the end of ${command[0]}`, (done) => void child.done.then(done, done), ms ?? undefined);
  if (await ended(limit > 0 ? limit : null)) return await child.done;
  child.kill(`SIG${signal}`);
  if (killAfter !== null && !await ended(killAfter)) child.kill("SIGKILL");
  const code = await child.done;
  return preserve || signal === "KILL" ? code : TIMED_OUT;
}
