/** Strings and numbers as SSH has them (RFC 4251, 5), for keys and for what is hashed of them. */

export const encoder: TextEncoder = new TextEncoder();

/** `string`: a length and octets. */
export function string(data: Uint8Array | string): Uint8Array {
  const octets = typeof data === "string" ? encoder.encode(data) : data;
  return concat([uint32(octets.length), octets]);
}

export function uint32(value: number): Uint8Array {
  return new Uint8Array([value >>> 24, value >>> 16, value >>> 8, value]);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The first `string` of some octets, as text: a public key's type. */
export function firstString(data: Uint8Array): string {
  if (data.length < 4) return "";
  const length = new DataView(data.buffer, data.byteOffset).getUint32(0);
  return new TextDecoder().decode(data.subarray(4, 4 + length));
}

export function base64(data: Uint8Array): string {
  let text = "";
  for (const octet of data) text += String.fromCharCode(octet);
  return btoa(text);
}

/** The octets; null when the text is not base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
