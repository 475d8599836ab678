/** Alerts (RFC 8446, 6), in the words of Deno's TLS (rustls). */
import { errors } from "../socket/errors.ts";

export const ALERTS = {
  CloseNotify: 0,
  UnexpectedMessage: 10,
  BadRecordMac: 20,
  RecordOverflow: 22,
  HandshakeFailure: 40,
  BadCertificate: 42,
  UnsupportedCertificate: 43,
  CertificateRevoked: 44,
  CertificateExpired: 45,
  CertificateUnknown: 46,
  IllegalParameter: 47,
  UnknownCA: 48,
  AccessDenied: 49,
  DecodeError: 50,
  DecryptError: 51,
  ProtocolVersion: 70,
  InsufficientSecurity: 71,
  InternalError: 80,
  UserCanceled: 90,
  MissingExtension: 109,
  UnsupportedExtension: 110,
  UnrecognisedName: 112,
  CertificateRequired: 116,
  NoApplicationProtocol: 120,
} as const;

export type AlertName = keyof typeof ALERTS;

const NAMES = new Map<number, string>(Object.entries(ALERTS).map(([name, code]) => [code, name]));

/** What ends a connection on this side: the alert goes to the other side, the error to who waits here. */
export class TlsFailure extends Error {
  override name = "TlsFailure";
  constructor(readonly alert: AlertName, message: string) {
    super(message);
  }

  /** As Deno throws it. */
  toDeno(): Error {
    return new errors.InvalidData(this.message);
  }
}

/** What an alert from the other side gives. */
export function receivedAlert(code: number): Error {
  return new errors.InvalidData(`received fatal alert: ${NAMES.get(code) ?? `Unknown(${code})`}`);
}

/** A message that cannot be. */
export function corrupt(what: string, alert: AlertName = "DecodeError"): TlsFailure {
  return new TlsFailure(alert, `received corrupt message of type ${what}`);
}

export function unexpectedEof(): Error {
  return new errors.UnexpectedEof("unexpected end of file");
}
