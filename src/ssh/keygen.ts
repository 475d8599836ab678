/** `ssh-keygen`: makes Ed25519 keys, shows keys and fingerprints, and finds and removes hosts in `known_hosts`. */
import { OptionParser } from "../tools/getopt.ts";
import type { Process } from "../tools/process.ts";
import { KernelError, strerror } from "../wire/errno.ts";
import { textOf } from "./accounts.ts";
import { ask, askSecret } from "./keyboard.ts";
import { fingerprint, type KeyFiles, keyKind, makeEd25519 } from "./keys.ts";
import { namesMatch, parseKnownHosts } from "./known_hosts.ts";
import { firstString, fromBase64 } from "./wire.ts";
import { randomArt } from "./random_art.ts";

interface Settings {
  type: string;
  file: string | null;
  comment: string;
  passphrase: string | null;
  quiet: boolean;
  action: "make" | "fingerprint" | "public" | "find" | "remove";
  host: string;
}

const USAGE = `usage: ssh-keygen [-q] [-C comment] [-f output_keyfile] [-N new_passphrase] [-t ed25519]
       ssh-keygen -y [-f input_keyfile]
       ssh-keygen -l [-f input_keyfile]
       ssh-keygen -F hostname [-f known_hosts_file]
       ssh-keygen -R hostname [-f known_hosts_file]
`;

export async function sshKeygen(process: Process): Promise<number> {
  const user = process.env.get("USER") ?? "root";
  const settings: Settings = {
    type: "ed25519",
    file: null,
    comment: `${user}@${process.machine.hostname}`,
    passphrase: null,
    quiet: false,
    action: "make",
    host: "",
  };
  const complain = (text: string) =>
    process.stderr.write(`${text.replace(/^ssh-keygen: invalid/, "unknown")}\r\n${USAGE}`);
  const options = new OptionParser("ssh-keygen", process.args, "C:F:N:R:b:f:lqt:y", complain);
  for (let one = options.next(); one !== null; one = options.next()) {
    switch (one.option) {
      case "t":
        settings.type = one.argument;
        break;
      case "f":
        settings.file = one.argument;
        break;
      case "C":
        settings.comment = one.argument;
        break;
      case "N":
        settings.passphrase = one.argument;
        break;
      case "q":
        settings.quiet = true;
        break;
      case "l":
        settings.action = "fingerprint";
        break;
      case "y":
        settings.action = "public";
        break;
      case "F":
      case "R":
        settings.action = one.option === "F" ? "find" : "remove";
        settings.host = one.argument;
        break;
      case "?":
        return 1;
    }
  }
  switch (settings.action) {
    case "make":
      return await make(process, settings);
    case "fingerprint":
      return show(process, settings);
    case "public":
      return publicHalf(process, settings);
    default:
      return hosts(process, settings);
  }
}

function sshFolder(process: Process): string {
  return `${process.env.get("HOME") ?? "/root"}/.ssh`;
}

async function make(process: Process, settings: Settings): Promise<number> {
  const { stdout, files } = process;
  if (settings.type !== "ed25519") {
    process.stderr.write(`unknown key type ${settings.type}\r\n`);
    return 255;
  }
  if (!settings.quiet) stdout.write("Generating public/private ed25519 key pair.\n");
  const standard = `${sshFolder(process)}/id_ed25519`;
  const file = settings.file ??
    ((await ask(process, `Enter file in which to save the key (${standard}): `)) || standard);
  const path = files.resolve(file, process.cwd);
  if (settings.file === null) files.makeDirectory(sshFolder(process), { parents: true });
  if (files.exists(path)) {
    stdout.write(`${file} already exists.\n`);
    if (!/^y/i.test(await ask(process, "Overwrite (y/n)? ") ?? "")) return 1;
  }
  const passphrase = settings.passphrase ?? await twice(process);
  if (passphrase !== "") {
    process.stderr.write("ssh-keygen: keys with a passphrase are not supported here: leave it empty\r\n");
    return 1;
  }
  const key = makeEd25519(process.namespace.random.split(`key of ${process.pid}`), settings.comment);
  return save(process, settings, file, path, key);
}

async function twice(process: Process): Promise<string> {
  const first = await askSecret(process, "Enter passphrase (empty for no passphrase): ");
  await askSecret(process, "Enter same passphrase again: ");
  return first ?? "";
}

function save(process: Process, settings: Settings, file: string, path: string, key: KeyFiles): number {
  try {
    process.files.write(path, key.privateText);
    process.files.write(`${path}.pub`, key.publicText);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    process.stderr.write(`Saving key "${file}" failed: ${strerror(error.errno)}\r\n`);
    return 1;
  }
  if (settings.quiet) return 0;
  process.stdout.write(
    `Your identification has been saved in ${file}\nYour public key has been saved in ${file}.pub\n` +
      `The key fingerprint is:\n${fingerprint(key.blob)} ${settings.comment}\n` +
      `The key's randomart image is:\n${randomArt(key.blob)}`,
  );
  return 0;
}

/** The public keys of a file: `TYPE BASE64 COMMENT` a line, or of a private key the `.pub` beside it. */
function publicKeys(process: Process, file: string): { blob: Uint8Array; comment: string }[] {
  const path = process.files.resolve(file, process.cwd);
  const keys = [];
  const beside = textOf(process.files, `${path}.pub`);
  for (const line of `${textOf(process.files, path)}\n${beside}`.split("\n")) {
    const match = /(ssh-|ecdsa-)\S+ (\S+)(?: (.*))?$/.exec(line.trim());
    const blob = match === null ? null : fromBase64(match[2]);
    if (blob === null) continue;
    const names = line.slice(0, match!.index).trim();
    keys.push({ blob, comment: names !== "" ? names : match![3] ?? "no comment" });
  }
  return keys;
}

function show(process: Process, { file }: Settings): number {
  const path = file ?? `${sshFolder(process)}/id_ed25519`;
  if (!process.files.exists(process.files.resolve(path, process.cwd))) {
    process.stderr.write(`ssh-keygen: ${path}: No such file or directory\r\n`);
    return 255;
  }
  const keys = publicKeys(process, path);
  if (keys.length === 0) {
    process.stderr.write(`${path} is not a public key file.\r\n`);
    return 255;
  }
  for (const { blob, comment } of keys) {
    process.stdout.write(`256 ${fingerprint(blob)} ${comment} (${keyKind(blob)})\n`);
  }
  return 0;
}

function publicHalf(process: Process, { file }: Settings): number {
  const path = file ?? `${sshFolder(process)}/id_ed25519`;
  const text = textOf(process.files, process.files.resolve(path, process.cwd));
  const octets = fromBase64(text.replace(/-----[A-Z ]+-----|\s/g, ""));
  if (text === "") {
    process.stderr.write(`${path}: No such file or directory\r\n`);
    return 255;
  }
  // PROTOCOL.key: the magic, three strings (none), a count, then the public key.
  const at = 15 + 8 + 8 + 4 + 4;
  const blob = octets === null || octets.length < at + 55 ? null : octets.subarray(at + 4, at + 4 + 51);
  if (blob === null || firstString(blob) !== "ssh-ed25519") {
    process.stderr.write(`Load key "${path}": error in libcrypto\r\n`);
    return 255;
  }
  const comment = publicKeys(process, path)[0]?.comment;
  process.stdout.write(
    `ssh-ed25519 ${btoa(String.fromCharCode(...blob))}${comment === undefined ? "" : ` ${comment}`}\n`,
  );
  return 0;
}

function hosts(process: Process, settings: Settings): number {
  const file = settings.file ?? `${sshFolder(process)}/known_hosts`;
  const path = process.files.resolve(file, process.cwd);
  if (!process.files.exists(path)) {
    process.stderr.write(`Cannot stat ${file}: No such file or directory\r\n`);
    return 255;
  }
  const text = textOf(process.files, path);
  const found = parseKnownHosts(text, file).filter((entry) => namesMatch(entry.names, settings.host));
  const lines = text.split("\n");
  if (settings.action === "find") {
    for (const { line } of found) {
      process.stdout.write(`# Host ${settings.host} found: line ${line} \n${lines[line - 1]}\n`);
    }
    return found.length > 0 ? 0 : 1;
  }
  if (found.length === 0) {
    process.stderr.write(`Host ${settings.host} not found in ${file}\n`);
    return 0;
  }
  for (const { line } of found) process.stdout.write(`# Host ${settings.host} found: line ${line}\n`);
  const gone = new Set(found.map(({ line }) => line));
  process.files.write(`${path}.old`, text);
  process.files.write(path, lines.filter((_, index) => !gone.has(index + 1)).join("\n"));
  process.stdout.write(`${file} updated.\nOriginal contents retained as ${file}.old\n`);
  return 0;
}
