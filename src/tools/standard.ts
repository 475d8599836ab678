/** The small standard programs, by name. */
import { cat } from "./cat.ts";
import { cut, tr } from "./cut.ts";
import { echo } from "./echo.ts";
import { cp, mkdir, mv, rm, rmdir, tee, touch } from "./file_commands.ts";
import { getent } from "./getent.ts";
import { grep } from "./grep.ts";
import { head, tail } from "./head_tail.ts";
import { hostname } from "./hostname.ts";
import { kill, pgrep } from "./kill.ts";
import { ls } from "./ls.ts";
import { printf } from "./printf.ts";
import type { Process, Tool } from "./process.ts";
import { sed } from "./sed.ts";
import { sha256sum } from "./sha256.ts";
import { sleep, timeout } from "./sleep.ts";
import { sort, uniq } from "./sort.ts";
import { sysctl } from "./sysctl.ts";
import { basename, date, dirname, env, id, printenv, seq, uname, whoami, xargs, yes } from "./system.ts";
import { test } from "./test.ts";
import { wc } from "./wc.ts";

export const standardTools: readonly (readonly [name: string, tool: Tool])[] = [
  ["[", test],
  ["basename", basename],
  ["cat", cat],
  ["cp", cp],
  ["cut", cut],
  ["date", date],
  ["dirname", dirname],
  ["dnsdomainname", hostname],
  ["domainname", hostname],
  ["echo", echo],
  ["egrep", grep],
  ["env", env],
  ["false", () => 1],
  ["getent", getent],
  ["grep", grep],
  ["head", head],
  ["hostname", hostname],
  ["id", id],
  ["kill", kill],
  ["ls", ls],
  ["mkdir", mkdir],
  ["mv", mv],
  ["nproc", (process: Process) => {
    process.stdout.write("1\n");
    return 0;
  }],
  ["pgrep", pgrep],
  ["pidof", pgrep],
  ["pkill", pgrep],
  ["printenv", printenv],
  ["printf", printf],
  ["pwd", (process: Process) => {
    process.stdout.write(`${process.cwd}\n`);
    return 0;
  }],
  ["rm", rm],
  ["rmdir", rmdir],
  ["sed", sed],
  ["seq", seq],
  ["sha256sum", sha256sum],
  ["sleep", sleep],
  ["sort", sort],
  ["sysctl", sysctl],
  ["tail", tail],
  ["tee", tee],
  ["test", test],
  ["timeout", timeout],
  ["touch", touch],
  ["tr", tr],
  ["true", () => 0],
  ["uname", uname],
  ["uniq", uniq],
  ["wc", wc],
  ["whoami", whoami],
  ["xargs", xargs],
  ["yes", yes],
];
