/** Whether the host is the one that was seen before: `check_host_key` and `confirm` of OpenSSH's sshconnect.c. */
import type { Process } from "../tools/process.ts";
import { textOf } from "./accounts.ts";
import { fingerprint, keyKind } from "./keys.ts";
import { ask } from "./keyboard.ts";
import { judge, type KnownHost, knownName, parseKnownHosts } from "./known_hosts.ts";
import type { SshOptions } from "./options.ts";
import { base64, firstString } from "./wire.ts";

/** The shown form of a path in the user's home. */
function homely(process: Process, path: string): string {
  const home = `${process.env.get("HOME") ?? "/root"}/`;
  return path.startsWith(home) ? `~/${path.slice(home.length)}` : path;
}

/** Asks when it must, says what OpenSSH says, and keeps a new key. `address` is the host's, as text. */
export async function checkHost(
  process: Process,
  options: SshOptions,
  address: string,
  blob: Uint8Array,
): Promise<boolean> {
  const say = (text: string) => {
    if (!options.quiet) process.stderr.write(`${text}\r\n`);
  };
  const name = knownName(options.host, options.port);
  const kind = keyKind(blob);
  const entries = [...options.knownHosts, "/etc/ssh/ssh_known_hosts"]
    .flatMap((file) => parseKnownHosts(textOf(process.files, file), file));
  const verdict = judge(entries, name, blob);
  const failed = () => {
    say("Host key verification failed.");
    return false;
  };
  switch (verdict.kind) {
    case "known":
      if (options.verbose) say(`debug1: Host '${name}' is known and matches the ${kind} host key.`);
      return true;
    case "revoked":
      say(`Host key for ${name} was revoked and you have requested strict checking.`);
      return failed();
    case "changed":
      tellOfChange(say, options, name, blob, verdict.entry);
      if (options.checking !== "no") {
        say(`Host key for ${name} has changed and you have requested strict checking.`);
        return failed();
      }
      // As OpenSSH: what could be overheard is not said to such a host.
      say("Password authentication is disabled to avoid man-in-the-middle attacks.");
      options.methods.password = false;
      return true;
    case "new": {
      if (options.checking === "yes") {
        say(`No ${kind} host key is known for ${name} and you have requested strict checking.`);
        return failed();
      }
      if (options.checking === "ask") {
        if (options.batch || !await confirmed(process, entries, name, address, blob)) return failed();
      }
      keep(process, options.knownHosts[0], name, blob);
      say(`Warning: Permanently added '${name}' (${kind}) to the list of known hosts.`);
      return true;
    }
  }
}

function tellOfChange(
  say: (text: string) => void,
  options: SshOptions,
  name: string,
  blob: Uint8Array,
  offending: KnownHost,
): void {
  const kind = keyKind(blob);
  const frame = "@".repeat(59);
  const offence = firstString(blob) === offending.type ? kind : offending.type.replace(/^ssh-/, "").toUpperCase();
  for (
    const line of [
      frame,
      "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @",
      frame,
      "IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!",
      "Someone could be eavesdropping on you right now (man-in-the-middle attack)!",
      "It is also possible that a host key has just been changed.",
      `The fingerprint for the ${kind} key sent by the remote host is\n${fingerprint(blob)}.`,
      "Please contact your system administrator.",
      `Add correct host key in ${options.knownHosts[0]} to get rid of this message.`,
      `Offending ${offence} key in ${offending.file}:${offending.line}`,
      "  remove with:",
      `  ssh-keygen -f "${offending.file}" -R "${name}"`,
    ]
  ) say(line);
}

async function confirmed(
  process: Process,
  entries: readonly KnownHost[],
  name: string,
  address: string,
  blob: Uint8Array,
): Promise<boolean> {
  const host = name.startsWith("[") ? `[${address}]:${name.replace(/^.*:/, "")}` : address;
  const shown = fingerprint(blob);
  const others = entries.filter((entry) => entry.key === base64(blob) && !entry.revoked);
  const known = others.length === 0
    ? "This key is not known by any other names\n"
    : "This host key is known by the following other names/addresses:\n" +
      others.map((it) => `    ${homely(process, it.file)}:${it.line}: ${hashed(it.names)}\n`).join("");
  let prompt = `The authenticity of host '${name} (${host})' can't be established.\n` +
    `${keyKind(blob)} key fingerprint is ${shown}.\n${known}` +
    "Are you sure you want to continue connecting (yes/no/[fingerprint])? ";
  for (;;) {
    const answer = (await ask(process, prompt))?.trim();
    if (answer === undefined || answer === "" || /^no$/i.test(answer)) return false;
    if (/^yes$/i.test(answer) || answer === shown) return true;
    prompt = "Please type 'yes', 'no' or the fingerprint: ";
  }
}

function hashed(names: string): string {
  return names.startsWith("|1|") ? "[hashed name]" : names;
}

function keep(process: Process, file: string, name: string, blob: Uint8Array): void {
  const folder = file.replace(/\/[^/]*$/, "");
  if (folder !== "") process.files.makeDirectory(folder, { parents: true });
  process.files.write(file, `${name} ${firstString(blob)} ${base64(blob)}\n`, { append: true });
}
