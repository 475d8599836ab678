/** curl's TLS (`vtls/openssl.c`): who is trusted, what `-v` tells, and the words of OpenSSL 3.0 for what goes wrong. */
import type { ByteStream } from "../../http/byte_reader.ts";
import { matchingName } from "../../tls/certificates.ts";
import type { PlatformCertificate } from "../../tls/cryptography.ts";
import { secureClient, TRUSTED_FILE } from "../../tls/deno_tls.ts";
import type { DuplexStream } from "../../tls/duplex.ts";
import type { Process } from "../process.ts";
import { edgeOf } from "../tcp_client.ts";
import { type ChainFault, chainFault, faultOf, readCertificateFile } from "../tls_client.ts";
import type { CurlOptions } from "./options.ts";
import { TransferError } from "./connect.ts";
import type { Trace } from "./trace.ts";

/** What the tool says after error 60. */
export const CERTIFICATE_HINT = `More details here: https://curl.se/docs/sslcerts.html

curl failed to verify the legitimacy of the server and therefore could not
establish a secure connection to it. To learn more about this situation and
how to fix it, please visit the web page mentioned above.
`;

/** A connection that TLS protects. */
export interface Secured {
  readonly stream: ByteStream;
  /** OpenSSL's `X509_V_…` of the server's chain: 0 when it is trusted. */
  readonly verifyResult: number;
}

/** `X509_V_…` and its words. */
function verdict(fault: ChainFault, chain: readonly PlatformCertificate[]): [code: number, words: string] {
  if (fault === "expired") return [10, "certificate has expired"];
  if (fault === "early") return [9, "certificate is not yet valid"];
  const last = chain.at(-1);
  if (last === undefined || last.subject !== last.issuer) return [20, "unable to get local issuer certificate"];
  return chain.length === 1 ? [18, "self-signed certificate"] : [19, "self-signed certificate in certificate chain"];
}

const ALERT_WORDS: Readonly<Record<number, string>> = {
  10: "sslv3 alert unexpected message",
  20: "sslv3 alert bad record mac",
  40: "sslv3 alert handshake failure",
  42: "sslv3 alert bad certificate",
  43: "sslv3 alert unsupported certificate",
  44: "sslv3 alert certificate revoked",
  45: "sslv3 alert certificate expired",
  46: "sslv3 alert certificate unknown",
  47: "sslv3 alert illegal parameter",
  48: "tlsv1 alert unknown ca",
  49: "tlsv1 alert access denied",
  50: "tlsv1 alert decode error",
  51: "tlsv1 alert decrypt error",
  70: "tlsv1 alert protocol version",
  71: "tlsv1 alert insufficient security",
  80: "tlsv1 alert internal error",
  109: "tlsv13 alert missing extension",
  110: "tlsv1 unsupported extension",
  112: "tlsv1 unrecognized name",
  116: "tlsv13 alert certificate required",
  120: "tlsv1 alert no application protocol",
};

/** OpenSSL's reasons for what is wrong with the octets of a peer. */
const REASONS = {
  alien: [0x10b, "wrong version number"],
  version: [0x102, "unsupported protocol"],
  message: [0x9f, "length mismatch"],
} as const;

function openSslError(reason: number, words: string): TransferError {
  const code = (0x0a000000 + reason).toString(16).toUpperCase().padStart(8, "0");
  return new TransferError(35, `OpenSSL/3.0.19: error:${code}:SSL routines::${words}`);
}

/** What a handshake that failed is to curl. */
function failureOf(
  error: unknown,
  chain: readonly PlatformCertificate[],
  host: string,
  port: number,
): TransferError {
  const fault = faultOf(error);
  switch (fault.kind) {
    case "alert":
      // SSL_R_… of an alert is 1000 more than its number.
      return openSslError(1000 + fault.code, ALERT_WORDS[fault.code] ?? `reason(${1000 + fault.code})`);
    case "alien":
    case "version":
    case "message": {
      const [reason, words] = REASONS[fault.kind];
      return openSslError(reason, words);
    }
    case "gone":
      return new TransferError(35, `OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to ${host}:${port} `);
    default:
      return new TransferError(60, `SSL certificate problem: ${verdict(fault.kind, chain)[1]}`);
  }
}

/** Shakes hands over a connection. @throws {TransferError} */
export async function secure(
  process: Process,
  options: CurlOptions,
  trace: Trace,
  conn: DuplexStream,
  host: string,
  port: number,
): Promise<Secured> {
  const { insecure, caFile } = options;
  const more: string[] = [];
  if (caFile !== null && !insecure) {
    const text = readCertificateFile(process, caFile);
    if (text === null) throw new TransferError(77, `error setting certificate file: ${caFile}`);
    more.push(text);
  }
  trace.info("ALPN: offers http/1.1");
  if (!insecure) {
    trace.info(` CAfile: ${caFile ?? TRUSTED_FILE}`);
    trace.info(" CApath: /etc/ssl/certs");
  }
  const stream = secureClient(edgeOf(process), conn, {
    hostname: host,
    caCerts: more,
    alpnProtocols: ["http/1.1"],
    insecure,
    // OpenSSL looks at the chain while it shakes hands, curl at the name afterwards.
    unsafelyDisableHostnameVerification: true,
  });
  let accepted: string | null;
  try {
    accepted = (await stream.handshake()).alpnProtocol;
  } catch (error) {
    throw failureOf(error, stream.peer, host, port);
  }
  trace.info("SSL connection using TLSv1.3 / TLS_AES_128_GCM_SHA256");
  trace.info(
    accepted === null ? "ALPN: server did not agree on a protocol. Uses default." : `ALPN: server accepted ${accepted}`,
  );
  const [own] = stream.peer;
  const line = (text: string | undefined) => (text ?? "").split("\n").join("; ");
  trace.info("Server certificate:");
  trace.info(` subject: ${line(own.subject)}`);
  trace.info(` start date: ${own.validFrom}`);
  trace.info(` expire date: ${own.validTo}`);
  if (!insecure) checkName(trace, own, host);
  trace.info(` issuer: ${line(own.issuer)}`);
  const fault = insecure ? chainFault(process, stream.peer, more) : null;
  const [verifyResult, words] = fault === null ? [0, ""] : verdict(fault, stream.peer);
  trace.info(
    fault === null
      ? " SSL certificate verify ok."
      : ` SSL certificate verify result: ${words} (${verifyResult}), continuing anyway.`,
  );
  trace.info(accepted === null ? "using HTTP/1.x" : "using HTTP/1.1");
  return { stream, verifyResult };
}

/** @throws {TransferError} the certificate is for others */
function checkName(trace: Trace, own: PlatformCertificate, host: string): void {
  const match = matchingName(own, host);
  if (match === null) {
    trace.info(` subjectAltName does not match ${host}`);
    throw new TransferError(60, `SSL: no alternative certificate subject name matches target host name '${host}'`);
  }
  const isAddress = /^[\d.]+$|:/.test(host);
  trace.info(` subjectAltName: host "${host}" matched cert's ${isAddress ? "IP address!" : `"${match}"`}`);
}
