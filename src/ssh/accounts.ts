/**
 * Who may log in: users with passwords, as the API gives them or as `/etc/shadow` has them (`$6$`, sha512-crypt), and the keys of
 * `~/.ssh/authorized_keys`. No password is kept beyond the check, written down or told to anybody.
 *
 * @module
 */
import type { FileView } from "../namespace/file_system.ts";
import { KernelError } from "../wire/errno.ts";
import { fromBase64 } from "./wire.ts";
import { sha512Crypt } from "./crypt.ts";

/** Passwords by user name. */
export interface Users {
  readonly [name: string]: string;
}

/** A file's text; "" when there is none. */
export function textOf(files: FileView, path: string): string {
  try {
    return files.readText(path);
  } catch (error) {
    if (error instanceof KernelError) return "";
    throw error;
  }
}

function fieldsOf(files: FileView, path: string, user: string): string[] | undefined {
  return textOf(files, path).split("\n").map((line) => line.split(":")).find(([name]) => name === user);
}

/** `/root`, or `/home/NAME`, or what `/etc/passwd` says. */
export function homeOf(files: FileView, user: string): string {
  return fieldsOf(files, "/etc/passwd", user)?.[5] || (user === "root" ? "/root" : `/home/${user}`);
}

export class Accounts {
  constructor(readonly files: FileView, readonly users: Users = {}) {}

  known(user: string): boolean {
    return user === "root" || Object.hasOwn(this.users, user) ||
      fieldsOf(this.files, "/etc/shadow", user) !== undefined ||
      fieldsOf(this.files, "/etc/passwd", user) !== undefined;
  }

  passwordIsRight(user: string, password: string): boolean {
    if (Object.hasOwn(this.users, user)) return this.users[user] === password;
    const kept = fieldsOf(this.files, "/etc/shadow", user)?.[1] ?? "*";
    return kept.startsWith("$6$") && sha512Crypt(password, kept) === kept;
  }

  /** Whether `authorized_keys` has this public key; options before a key are passed over. */
  keyIsRight(user: string, type: string, blob: Uint8Array): boolean {
    const path = `${homeOf(this.files, user)}/.ssh/authorized_keys`;
    return textOf(this.files, path).split("\n").some((line) => {
      const words = line.trim().split(/\s+/);
      const at = words.indexOf(type);
      const octets = at < 0 || line.startsWith("#") ? null : fromBase64(words[at + 1] ?? "");
      return octets !== null && octets.length === blob.length && octets.every((octet, i) => octet === blob[i]);
    });
  }
}

/** Sets a user's password in `/etc/shadow`. */
export function setPassword(files: FileView, user: string, password: string, salt: string): void {
  const lines = textOf(files, "/etc/shadow").split("\n").filter((line) => line !== "" && !line.startsWith(`${user}:`));
  lines.push(`${user}:${sha512Crypt(password, `$6$${salt}$`)}:19723:0:99999:7:::`);
  files.write("/etc/shadow", `${lines.join("\n")}\n`);
}
