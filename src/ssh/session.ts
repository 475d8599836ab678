/** A session on the server (RFC 4254, 6): a command or a login shell of the machine, behind a channel. */
import { ENVIRONMENT, spawnProgram } from "../shell/execute.ts";
import { ShellProcess } from "../shell/process.ts";
import { Passing, Pipe, PIPE_LIMIT } from "../shell/streams.ts";
import type { NetAddr } from "../socket/addresses.ts";
import { homeOf } from "./accounts.ts";
import type { Channel } from "./library.ts";
import { loginShell } from "./login_shell.ts";
import type { SshdPlace } from "../network/ssh_door.ts";
import { Terminal } from "./terminal.ts";

/** What ssh2 tells of a session's requests. */
export interface SessionRequests {
  // deno-lint-ignore no-explicit-any -- a Node emitter hands over what each event has
  on(event: string, listener: (accept: any, reject: any, info: any) => void): this;
}

export interface Login {
  readonly user: string;
  readonly motd: string;
  readonly from: NetAddr;
  readonly to: NetAddr;
}

/** Variables that one client may set. */
const VARIABLES = 64;

/** What runs behind a channel. */
interface Running {
  readonly process: ShellProcess;
  readonly done: Promise<number>;
}

/** Answers a session's requests until it is over. */
export function serveSession(place: SshdPlace, session: SessionRequests, login: Login): void {
  const env = new Map<string, string>();
  let terminal: Terminal | null = null;
  let running: Running | null = null;
  session.on("env", (accept, reject, { key, val }: { key: string; val: string }) => {
    // As Ubuntu's sshd_config has it: AcceptEnv LANG LC_*
    if (!/^(LANG|LC_\w+)$/.test(key) || env.size >= VARIABLES) return reject?.();
    env.set(key, val);
    accept?.();
  });
  session.on("pty", (accept, _reject, info: { term: string } | undefined) => {
    terminal = new Terminal();
    env.set("TERM", info?.term || "dumb").set("SSH_TTY", "/dev/pts/0");
    accept?.();
  });
  session.on("window-change", (accept) => accept?.());
  session.on("signal", (accept, _reject, { name }: { name: string }) => {
    running?.process.kill(`SIG${name}`);
    accept?.();
  });
  session.on("exec", (accept, _reject, { command }: { command: string }) => {
    running = runBehind(place, accept() as Channel, terminal, login, env, command);
  });
  session.on("shell", (accept) => {
    running = runBehind(place, accept() as Channel, terminal, login, env, null);
  });
}

function runBehind(
  place: SshdPlace,
  channel: Channel,
  terminal: Terminal | null,
  login: Login,
  env: ReadonlyMap<string, string>,
  command: string | null,
): Running {
  const { machine, namespace } = place;
  const stdin = new Pipe(namespace.world.waits);
  const pass =
    (target: { write(data: Uint8Array): boolean; readonly writableLength?: number }) => (data: Uint8Array) => {
      if ((target.writableLength ?? 0) > PIPE_LIMIT) running.process.kill("SIGPIPE");
      else target.write(data.slice());
    };
  const stdout = terminal?.output(pass(channel)) ?? new Passing(pass(channel));
  const stderr = terminal === null ? new Passing(pass(channel.stderr)) : stdout;
  const home = homeOf(place.edge.files, login.user);
  const variables = Object.fromEntries([...ENVIRONMENT, ...surroundings(login, home), ...env]);
  const running = command === null ? startShell() : spawnProgram(machine, namespace, ["bash", "-c", command], {
    stdin,
    stdout,
    stderr,
    env: variables,
    cwd: home,
  });
  channel.on("data", (data: Uint8Array) => {
    const octets = Uint8Array.from(data);
    stdin.write(terminal?.typed(octets, pass(channel)) ?? octets);
  });
  channel.on("end", () => stdin.end());
  channel.on("error", () => {});
  channel.on("close", () => {
    stdin.end();
    running.process.kill("SIGHUP");
  });
  running.done.then((code) => {
    const signal = running.process.killedBy;
    channel.exit(signal === null ? code : signal.replace(/^SIG/, ""));
    channel.end();
  });
  return running;

  function startShell(): Running {
    const process = new ShellProcess("bash", [], {
      machine,
      namespace,
      files: place.edge.files,
      stdin,
      stdout,
      stderr,
      env: new Map(Object.entries(variables)),
      cwd: home,
    });
    if (!place.edge.files.exists(`${home}/.hushlogin`)) stdout.write(login.motd);
    return { process, done: process.run(() => loginShell(process, terminal)) };
  }
}

function surroundings({ user, from, to }: Login, home: string): [string, string][] {
  return [
    ["HOME", home],
    ["USER", user],
    ["LOGNAME", user],
    ["SSH_CLIENT", `${from.hostname} ${from.port} ${to.port}`],
    ["SSH_CONNECTION", `${from.hostname} ${from.port} ${to.hostname} ${to.port}`],
  ];
}
