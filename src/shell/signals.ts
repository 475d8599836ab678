/** Signals by name and number (`signal(7)`). */

export const SIGNALS: readonly string[] = [
  "EXIT",
  "HUP",
  "INT",
  "QUIT",
  "ILL",
  "TRAP",
  "ABRT",
  "BUS",
  "FPE",
  "KILL",
  "USR1",
  "SEGV",
  "USR2",
  "PIPE",
  "ALRM",
  "TERM",
  "STKFLT",
  "CHLD",
  "CONT",
  "STOP",
  "TSTP",
  "TTIN",
  "TTOU",
  "URG",
  "XCPU",
  "XFSZ",
  "VTALRM",
  "PROF",
  "WINCH",
  "IO",
  "PWR",
  "SYS",
];

/** Those that do nothing to a process that has not asked for them; stopping is not emulated. */
const IGNORED = new Set(["CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "WINCH", "EXIT"]);

export function signalNumber(name: string): number {
  return SIGNALS.indexOf(name.replace(/^SIG/, ""));
}

/** `TERM`, `SIGTERM`, `term` or `15` as `SIGTERM`; null when there is no such signal. */
export function parseSignal(text: string): string | null {
  if (/^[0-9]+$/.test(text)) return Number(text) < SIGNALS.length ? `SIG${SIGNALS[Number(text)]}` : null;
  const name = text.toUpperCase().replace(/^SIG/, "");
  return SIGNALS.includes(name) ? `SIG${name}` : null;
}

/** Whether a signal ends a process that has not asked for it. */
export function endsProcess(signal: string): boolean {
  return !IGNORED.has(signal.replace(/^SIG/, ""));
}
