/** `kill` as a program (procps), and `pgrep`, `pkill`, `pidof` by name. */
import type { RunningProcess } from "../namespace/machine.ts";
import type { Process } from "./process.ts";

export function kill(process: Process): number {
  const args = [...process.args];
  let signal = "SIGTERM";
  if (args[0]?.startsWith("-")) {
    const word = args.shift()!;
    const name = word === "-s" ? args.shift() ?? "" : word.slice(1);
    const numbers: { [number: string]: string } = {
      "0": "EXIT",
      "1": "HUP",
      "2": "INT",
      "3": "QUIT",
      "9": "KILL",
      "15": "TERM",
    };
    signal = `SIG${(numbers[name] ?? name).toUpperCase().replace(/^SIG/, "")}`;
  }
  let status = 0;
  for (const word of args) {
    const found = process.machine.processes.get(Number(word));
    if (found !== undefined) found.kill(signal);
    else {
      process.stderr.write(`kill: (${word}): No such process\n`);
      status = 1;
    }
  }
  return status;
}

/** Processes by name, or, with `-f`, by all of their words. */
function named(process: Process, pattern: string, whole: boolean, exact: boolean): RunningProcess[] {
  return [...process.machine.processes.values()].filter((one) => {
    if (one.pid === process.pid) return false;
    const text = whole ? [one.name, ...one.args].join(" ") : one.name;
    return exact ? text === pattern : text.includes(pattern);
  });
}

/** `pgrep`, `pkill` and `pidof`. */
export function pgrep(process: Process): number {
  const words = process.args.filter((word) => !word.startsWith("-"));
  const options = process.args.filter((word) => word.startsWith("-"));
  const signal = options.find((word) => /^-[A-Z]/.test(word))?.slice(1).replace(/^SIG/, "") ?? "TERM";
  const exact = process.name === "pidof" || options.includes("-x");
  const found = words.flatMap((word) => named(process, word, options.includes("-f"), exact));
  if (process.name === "pkill") found.forEach((one) => one.kill(`SIG${signal}`));
  else if (process.name === "pidof") {
    if (found.length > 0) process.stdout.write(`${found.map((one) => one.pid).reverse().join(" ")}\n`);
  } else process.stdout.write(found.map((one) => `${one.pid}\n`).join(""));
  return found.length > 0 ? 0 : 1;
}
