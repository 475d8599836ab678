/** wget's TLS (`gnutls.c`): first the handshake, then a look at the certificates, in the words of GnuTLS. */
import { matchingName } from "../../tls/certificates.ts";
import { secureClient } from "../../tls/deno_tls.ts";
import type { DuplexStream } from "../../tls/duplex.ts";
import type { TlsStream } from "../../tls/tls_stream.ts";
import type { Process } from "../process.ts";
import { edgeOf } from "../tcp_client.ts";
import { chainFault, faultOf } from "../tls_client.ts";

const ALERT_NAMES: Readonly<Record<number, string>> = {
  10: "Unexpected message",
  20: "Bad record MAC",
  40: "Handshake failed",
  42: "Certificate is bad",
  43: "Certificate is not supported",
  47: "Illegal parameter",
  48: "CA is unknown",
  49: "Access was denied",
  50: "Decode error",
  51: "Decrypt error",
  70: "Error in protocol version",
  71: "Insufficient security",
  80: "Internal error",
  109: "An extension was expected but was not seen",
  110: "An unsupported extension was sent",
  112: "The server name sent was not recognized",
  116: "Certificate is required",
  120: "No supported application protocol could be negotiated",
};

/** The stream; or null, after `say` has told why there is none. */
export async function shakeHands(
  process: Process,
  conn: DuplexStream,
  host: string,
  say: (text: string) => void,
): Promise<TlsStream | null> {
  const stream = secureClient(edgeOf(process), conn, { hostname: host, insecure: true });
  try {
    await stream.handshake();
    return stream;
  } catch (error) {
    const fault = faultOf(error);
    if (fault.kind === "alert") {
      const name = ALERT_NAMES[fault.code] ?? "(null)";
      say(`GnuTLS: A TLS fatal alert has been received.\nGnuTLS: received alert [${fault.code}]: ${name}\n`);
    } else if (fault.kind === "gone") say("GnuTLS: The TLS connection was non-properly terminated.\n");
    else say("GnuTLS: An unexpected TLS packet was received.\n");
    return null;
  }
}

/** Whether the server is who it should be; `say` is told why not, as errors or (`check` false) warnings. */
export function certificateFits(
  process: Process,
  stream: TlsStream,
  host: string,
  more: readonly string[],
  check: boolean,
  say: (text: string) => void,
): boolean {
  const severity = check ? "ERROR" : "WARNING";
  const whose = `${severity}: The certificate of ‘${host}’`;
  const fault = chainFault(process, stream.peer, more);
  if (fault !== null) say(`${whose} is not trusted.\n`);
  if (fault === "issuer") say(`${whose} doesn't have a known issuer.\n`);
  if (fault === "early") say(`${whose} is not yet activated.\n`);
  if (fault === "expired") say(`${whose} has expired.\n`);
  const [own] = stream.peer;
  const now = process.namespace.world.wallClock();
  const early = now < Date.parse(own.validFrom), late = now >= Date.parse(own.validTo);
  if (early) say("The certificate has not yet been activated\n");
  if (late) say("The certificate has expired\n");
  const named = matchingName(own, host) !== null;
  if (!named) say(`The certificate's owner does not match hostname ‘${host}’\n`);
  return !check || fault === null && !early && !late && named;
}
