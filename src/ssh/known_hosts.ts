/** The keys of hosts that were seen before: `known_hosts` (sshd(8)), with hashed names, patterns and markers. */
import { base64, fromBase64 } from "./wire.ts";
import { cryptography, keyKind } from "./keys.ts";

export interface KnownHost {
  readonly file: string;
  readonly line: number;
  readonly names: string;
  readonly type: string;
  /** The public key in base64. */
  readonly key: string;
  readonly revoked: boolean;
}

/** Lines that make sense; the others are passed over. */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  const entries: KnownHost[] = [];
  text.split("\n").forEach((content, index) => {
    const words = content.trim().split(/\s+/);
    if (words[0] === "" || words[0].startsWith("#")) return;
    const marker = words[0].startsWith("@") ? words.shift() : undefined;
    const [names, type, key] = words;
    if (key === undefined || marker === "@cert-authority" || fromBase64(key) === null) return;
    entries.push({ file, line: index + 1, names, type, key, revoked: marker === "@revoked" });
  });
  return entries;
}

/** The name under which a host's key is kept: with the port when it is not 22. */
export function knownName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

/** Whether an entry's names have this host (`match_hostname`). */
export function namesMatch(names: string, host: string): boolean {
  if (names.startsWith("|1|")) {
    const [, , salt, hash] = names.split("|");
    const octets = fromBase64(salt ?? "");
    if (octets === null) return false;
    return base64(cryptography().createHmac("sha1", octets).update(host).digest()) === hash;
  }
  let matched = false;
  for (const name of names.toLowerCase().split(",")) {
    const pattern = name.replace(/^!/, "");
    if (!globMatches(pattern, host)) continue;
    if (name.startsWith("!")) return false;
    matched = true;
  }
  return matched;
}

function globMatches(pattern: string, text: string): boolean {
  const expression = [...pattern].map((one) =>
    one === "*" ? ".*" : one === "?" ? "." : one.replace(/[\\^$.|+()[\]{}]/, "\\$&")
  ).join("");
  return new RegExp(`^${expression}$`, "s").test(text);
}

/** What is known of a host: its key, another key, or nothing. */
export type Verdict =
  | { readonly kind: "known" | "new" | "revoked" }
  | { readonly kind: "changed"; readonly entry: KnownHost };

export function judge(entries: readonly KnownHost[], host: string, blob: Uint8Array): Verdict {
  const key = base64(blob);
  const mine = entries.filter((entry) => namesMatch(entry.names, host));
  if (mine.some((entry) => entry.revoked && entry.key === key)) return { kind: "revoked" };
  if (mine.some((entry) => !entry.revoked && entry.key === key)) return { kind: "known" };
  const changed = mine.find((entry) => !entry.revoked && keyKind(fromBase64(entry.key)!) === keyKind(blob)) ??
    mine.find((entry) => !entry.revoked);
  return changed === undefined ? { kind: "new" } : { kind: "changed", entry: changed };
}
