import process from "node:process";

/** Seconds of processor time that this process has taken, all its threads together: the compilers and the collector too. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
