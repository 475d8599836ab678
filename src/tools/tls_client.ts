/** TLS of programs: a client's side over a connection, and why there is none. */
import { type AlertName, ALERTS, TlsFailure } from "../tls/alerts.ts";
import { checkChain, parseCertificates } from "../tls/certificates.ts";
import type { PlatformCertificate } from "../tls/cryptography.ts";
import { trustedBy } from "../tls/deno_tls.ts";
import type { Process } from "./process.ts";
import { edgeOf } from "./tcp_client.ts";

/** What is wrong with a chain of certificates. */
export type ChainFault = "issuer" | "expired" | "early";

/** Why there is no TLS connection: a fault of the chain, an alert of the peer's, what it sent, or that it went. */
export type TlsFault =
  | { readonly kind: ChainFault | "alien" | "version" | "message" | "gone" }
  | { readonly kind: "alert"; readonly code: number };

/** What an error of a handshake says. */
export function faultOf(error: unknown): TlsFault {
  const text = error instanceof Error ? error.message : "";
  const chain = chainFaultIn(text);
  if (chain !== null) return { kind: chain };
  const alert = /^received fatal alert: (?:Unknown\((\d+)\)|(\w+))/.exec(text);
  if (alert !== null) return { kind: "alert", code: Number(alert[1] ?? ALERTS[alert[2] as AlertName]) };
  if (/InvalidContentType|UnknownProtocolVersion/.test(text)) return { kind: "alien" };
  if (text.startsWith("peer is incompatible")) return { kind: "version" };
  return { kind: /corrupt|unexpected message|^peer |decrypt|invalid/.test(text) ? "message" : "gone" };
}

function chainFaultIn(text: string): ChainFault | null {
  if (text.endsWith("UnknownIssuer")) return "issuer";
  if (text.endsWith("NotValidYet")) return "early";
  return text.endsWith("certificate: Expired") ? "expired" : null;
}

/** What is wrong with the chain that a peer has shown; null: nothing. Names are not looked at. */
export function chainFault(
  process: Process,
  chain: readonly PlatformCertificate[],
  more: readonly string[],
): ChainFault | null {
  try {
    checkChain(chain, trustedBy(edgeOf(process), more), null, process.namespace.world.wallClock());
    return null;
  } catch (error) {
    if (!(error instanceof TlsFailure)) throw error;
    return chainFaultIn(error.message);
  }
}

/** The text of a file of certificates; null when it is none. */
export function readCertificateFile(process: Process, file: string): string | null {
  try {
    const text = process.files.readText(process.files.resolve(file, process.cwd));
    return parseCertificates(text).length > 0 ? text : null;
  } catch {
    // The file cannot be read, or (an error of the platform's) what stands between the lines of PEM is no certificate.
    return null;
  }
}
