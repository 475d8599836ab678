/** `sshd` as a program, and `chpasswd` for the passwords that it asks for. */
import { spawnProgram } from "../shell/execute.ts";
import { systemErrorWords } from "./words.ts";
import { OptionParser } from "../tools/getopt.ts";
import { readLines } from "../tools/input.ts";
import type { Process } from "../tools/process.ts";
import { edgeOf } from "../tools/tcp_client.ts";
import { LibraryError, ssh2Library } from "./library.ts";
import { setPassword } from "./accounts.ts";
import type { SshdPlace } from "../network/ssh_door.ts";
import { openListener, serveSsh } from "./server.ts";

const SHORT = "46C:DE:Gb:c:deg:f:h:ik:o:p:qrtTu:V";

interface Settings {
  readonly ports: number[];
  readonly addresses: string[];
  foreground: boolean;
  test: boolean;
}

/** `-o Option=value`, as far as it is known; false when it is not. */
function configure(settings: Settings, text: string): boolean {
  const [, name, value] = /^\s*(\w+)(?:\s*=\s*|\s+)(.*)$/.exec(text) ?? [];
  switch (name?.toLowerCase()) {
    case "port":
      settings.ports.push(Number(value));
      return true;
    case "listenaddress":
      settings.addresses.push(value);
      return true;
    case "pidfile":
    case "usepam":
    case "printmotd":
    case "permitrootlogin":
    case "passwordauthentication":
    case "pubkeyauthentication":
    case "strictmodes":
      return true;
  }
  return false;
}

/** The settings; an exit code when they make no sense. */
function parse(process: Process): Settings | number {
  const settings: Settings = { ports: [], addresses: [], foreground: false, test: false };
  const complain = (sentence: string) => process.stderr.write(`${sentence.replace(/^sshd: /, "")}\r\n`);
  const options = new OptionParser("sshd", process.args, SHORT, complain);
  for (let one = options.next(); one !== null; one = options.next()) {
    switch (one.option) {
      case "p":
        settings.ports.push(Number(one.argument));
        break;
      case "o":
        if (configure(settings, one.argument)) break;
        process.stderr.write(
          `command-line: line 0: Bad configuration option: ${one.argument.replace(/[\s=].*$/s, "")}\r\n` +
            "command-line line 0: terminating, 1 bad configuration options\r\n",
        );
        return 255;
      case "4":
        settings.addresses.push("0.0.0.0");
        break;
      case "6":
        settings.addresses.push("::");
        break;
      case "D":
      case "d":
        settings.foreground = true;
        break;
      case "t":
        settings.test = true;
        break;
      case "?":
        process.stderr.write(
          "OpenSSH_8.9p1 Ubuntu-3, OpenSSL 3.0.2 15 Mar 2022\n" +
            "usage: sshd [-46DdeiqTtV] [-C connection_spec] [-c host_cert_file]\n" +
            "            [-E log_file] [-f config_file] [-g login_grace_time]\n" +
            "            [-h host_key_file] [-o option] [-p port] [-u len]\n",
        );
        return 1;
    }
  }
  for (const port of settings.ports) {
    if (port > 0 && port < 65536) continue;
    process.stderr.write("Bad port number.\n");
    return 1;
  }
  if (settings.ports.length === 0) settings.ports.push(22);
  if (settings.addresses.length === 0) settings.addresses.push("0.0.0.0", "::");
  return settings;
}

/** `sshd [-D] [-p PORT] [-4|-6] [-o OPTION=VALUE]`: serves in the background, or with `-D` until a signal ends it. */
export async function sshd(process: Process): Promise<number> {
  const settings = parse(process);
  if (typeof settings === "number") return settings;
  if (settings.test) return 0;
  const place: SshdPlace = { machine: process.machine, namespace: process.namespace, edge: edgeOf(process) };
  try {
    // What cannot be loaded is told before anybody knocks.
    await ssh2Library(process.namespace.world);
  } catch (error) {
    if (!(error instanceof LibraryError)) throw error;
    process.stderr.write(`sshd: ${error.message}\r\n`);
    return 255;
  }
  if (!settings.foreground) {
    const { machine, namespace, stderr } = process;
    // Its listeners are there when this program is over.
    const listening = new Promise<number>((resolve) => {
      const daemon = spawnProgram(machine, namespace, ["/usr/sbin/sshd", "-D", ...process.args], {
        stdout: { write() {}, broken: false, terminal: false },
        stderr,
        env: Object.fromEntries(process.env),
        cwd: "/",
      });
      started.set(daemon.process, () => resolve(0));
      daemon.done.then(resolve);
    });
    return await listening;
  }
  const listeners = [];
  for (const port of settings.ports) {
    for (const hostname of settings.addresses) {
      try {
        listeners.push(openListener(place, hostname, port));
      } catch (error) {
        process.stderr.write(`Bind to port ${port} on ${hostname} failed: ${systemErrorWords(error)}.\r\n`);
      }
    }
  }
  if (listeners.length === 0) {
    process.stderr.write("Cannot bind any address.\r\n");
    return 255;
  }
  const server = serveSsh(place, listeners);
  started.get(process)?.();
  try {
    await process.machine.world.waits.wait(
      `${process.name}[${process.pid}]`,
      () => {},
      undefined,
      process.signal,
      true,
    );
  } finally {
    server.close();
  }
  return 0;
}

/** Daemons that are being started, and whom they tell that they listen. */
const started = new WeakMap<object, () => void>();

/** `chpasswd`: `USER:PASSWORD` a line. */
export async function chpasswd(process: Process): Promise<number> {
  const random = process.namespace.random.split(`chpasswd ${process.pid}`);
  let number = 0, code = 0;
  for await (const { line } of readLines(process.stdin)) {
    number++;
    const colon = line.indexOf(":");
    if (colon <= 0) {
      process.stderr.write(`chpasswd: line ${number}: missing new password\n`);
      code = 1;
      continue;
    }
    const salt = Array.from({ length: 16 }, () => "./0123456789abcdefghijklmnopqrstuvwxyz"[random.below(38)]).join("");
    setPassword(process.files, line.slice(0, colon), line.slice(colon + 1), salt);
  }
  return code;
}
