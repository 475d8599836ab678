/** Certificates: the keys of a server, signatures, and whether a chain is to be trusted at a moment of virtual time. */
import { errors } from "../socket/errors.ts";
import { TlsFailure } from "./alerts.ts";
import { cryptography, type PlatformCertificate, type PlatformKey } from "./cryptography.ts";

/** Signature schemes (RFC 8446, 4.2.3) by the kind of key, best first. */
const SCHEMES: { readonly [kind: string]: number } = { ed25519: 0x0807, ec: 0x0403, rsa: 0x0804 };

/** What this side understands of signatures. */
export const SIGNATURE_SCHEMES: readonly number[] = [0x0807, 0x0403, 0x0804];

const PEM = /-----BEGIN ([A-Z0-9 ]+)-----[A-Za-z0-9+/=\s]+-----END \1-----/g;

/** The certificates of a PEM text, in order. */
export function parseCertificates(pem: string): PlatformCertificate[] {
  const crypto = cryptography();
  return [...pem.matchAll(PEM)].filter((match) => match[1] === "CERTIFICATE")
    .map((match) => new crypto.X509Certificate(match[0]));
}

/** What a server shows and signs with. */
export interface Identity {
  readonly chain: readonly PlatformCertificate[];
  readonly key: PlatformKey;
}

/**
 * A server's certificate and key.
 *
 * @throws {InvalidData} there is none in the text
 */
export function parseIdentity(cert: string, key: string): Identity {
  const chain = parseCertificates(cert);
  if (chain.length === 0) throw new errors.InvalidData("No certificates found in certificate data");
  const text = [...key.matchAll(PEM)].find((match) => match[1].endsWith("PRIVATE KEY"))?.[0];
  if (text === undefined) throw new errors.InvalidData("No keys found in key data");
  const crypto = cryptography();
  const parsed = crypto.createPrivateKey(text);
  const mine = crypto.createPublicKey(parsed).export({ format: "der", type: "spki" });
  const shown = chain[0].publicKey.export({ format: "der", type: "spki" });
  if (mine.length !== shown.length || mine.some((octet, i) => octet !== shown[i])) {
    throw new Error("keys may not be consistent: KeyMismatch");
  }
  return { chain, key: parsed };
}

/** The scheme with which a key signs; undefined when the other side does not take it. */
export function schemeOf(key: PlatformKey, offered: readonly number[]): number | undefined {
  const scheme = SCHEMES[key.asymmetricKeyType];
  return offered.includes(scheme) ? scheme : undefined;
}

function how(
  scheme: number,
  key: PlatformKey,
): [string | null, { key: PlatformKey; padding?: number; saltLength?: number }] {
  if (scheme === 0x0807) return [null, { key }];
  if (scheme === 0x0403) return ["sha256", { key }];
  return ["sha256", { key, padding: cryptography().constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }];
}

export function sign(scheme: number, key: PlatformKey, data: Uint8Array): Uint8Array {
  const [hash, options] = how(scheme, key);
  return cryptography().sign(hash, data, options);
}

export function signatureIsRight(scheme: number, key: PlatformKey, data: Uint8Array, signature: Uint8Array): boolean {
  if (SCHEMES[key.asymmetricKeyType] !== scheme) return false;
  const [hash, options] = how(scheme, key);
  try {
    return cryptography().verify(hash, data, options, signature);
  } catch {
    return false;
  }
}

/** Certificates between the server's and a trusted one. */
const DEPTH = 6;

/**
 * Whether a chain leads to a trusted certificate, is valid now (ms since 1970) and is for this name (null: any).
 *
 * @throws {TlsFailure} it is not, in rustls' words
 */
export function checkChain(
  chain: readonly PlatformCertificate[],
  trusted: readonly PlatformCertificate[],
  name: string | null,
  now: number,
): void {
  const bad = (alert: ConstructorParameters<typeof TlsFailure>[0], words: string) =>
    new TlsFailure(alert, `invalid peer certificate: ${words}`);
  const path = pathTo(chain[0], chain.slice(1), trusted, DEPTH);
  if (path === null) throw bad("UnknownCA", "UnknownIssuer");
  for (const certificate of path) {
    if (now > Date.parse(certificate.validTo)) throw bad("CertificateExpired", "Expired");
    if (now < Date.parse(certificate.validFrom)) throw bad("BadCertificate", "NotValidYet");
  }
  if (name === null) return;
  if (matchingName(chain[0], name) !== null) return;
  const names = namesOf(chain[0]);
  const shown = names.map(({ kind, value }) => kind === "DNS" ? `DnsName("${value}")` : `IpAddress(${value})`);
  const only = shown.length === 0
    ? "certificate is not valid for any names (according to its subjectAltName extension)"
    : shown.length === 1
    ? `certificate is only valid for ${shown[0]}`
    : `certificate is only valid for ${shown.slice(0, -1).join(", ")} or ${shown.at(-1)}`;
  throw bad("BadCertificate", `certificate not valid for name "${name}"; ${only}`);
}

/** The certificates from the server's to one that a trusted one has signed; null when none has. */
function pathTo(
  certificate: PlatformCertificate,
  between: readonly PlatformCertificate[],
  trusted: readonly PlatformCertificate[],
  depth: number,
): PlatformCertificate[] | null {
  const signedBy = (issuer: PlatformCertificate) => {
    try {
      return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
    } catch {
      return false;
    }
  };
  if (trusted.some(signedBy)) return [certificate];
  if (depth === 0) return null;
  for (const issuer of between) {
    if (issuer === certificate || !issuer.ca || !signedBy(issuer)) continue;
    const rest = pathTo(issuer, between.filter((one) => one !== issuer), trusted, depth - 1);
    if (rest !== null) return [certificate, ...rest];
  }
  return null;
}

interface Name {
  readonly kind: "DNS" | "IP";
  readonly value: string;
}

function namesOf(certificate: PlatformCertificate): Name[] {
  const names: Name[] = [];
  for (const [, kind, value] of (certificate.subjectAltName ?? "").matchAll(/(DNS|IP Address):([^,]+)/g)) {
    names.push({ kind: kind === "DNS" ? "DNS" : "IP", value });
  }
  return names;
}

/** The name in a certificate that stands for `name`; null when none does. */
export function matchingName(certificate: PlatformCertificate, name: string): string | null {
  return namesOf(certificate).find((one) => nameMatches(one, name))?.value ?? null;
}

function nameMatches({ kind, value }: Name, name: string): boolean {
  if (kind === "IP") return value.toLowerCase() === name.toLowerCase() || expanded(value) === expanded(name);
  const wanted = name.toLowerCase().replace(/\.$/, ""), own = value.toLowerCase();
  if (own === wanted) return true;
  return own.startsWith("*.") && wanted.indexOf(".") > 0 && own.slice(1) === wanted.slice(wanted.indexOf("."));
}

/** An IPv6 address with nothing left out, as far as it is one. */
function expanded(text: string): string {
  if (!text.includes(":")) return text;
  const [head, tail] = text.toLowerCase().split("::");
  const groups = (part: string | undefined) => part ? part.split(":").map((one) => Number.parseInt(one, 16)) : [];
  const before = groups(head), after = groups(tail);
  return [...before, ...new Array(Math.max(0, 8 - before.length - after.length)).fill(0), ...after].join(":");
}
