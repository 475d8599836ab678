/** Names and addresses as programs look them up: `getaddrinfo` and `getnameinfo` in the namespace and files of a process. */
import type { Interface } from "../device/interface.ts";
import type { IpAddress } from "../ip/host.ts";
import {
  nameOfAddress,
  parseNumericHost,
  ResolveError,
  type ResolveErrorCode,
  resolveErrorWords,
  resolveName,
} from "../namespace/resolver.ts";
import type { Process } from "./process.ts";

export interface LookedUp {
  readonly version: 4 | 6;
  readonly address: IpAddress;
  /** `%eth0` of a link-local address. */
  readonly scope: Interface | null;
  /** The text was an address already. */
  readonly numeric: boolean;
  readonly canonicalName: string;
}

export type GaiError = ResolveErrorCode;

/** `gai_strerror`. */
export function gaiError(error: GaiError): string {
  return resolveErrorWords(error);
}

/** All addresses of a name or of an address's text in the order in which to try them, or why there are none. */
export async function lookUp(
  process: Process,
  name: string,
  family: 4 | 6 | null = null,
): Promise<LookedUp[] | GaiError> {
  const { namespace, files, machine } = process;
  try {
    const numeric = parseNumericHost(namespace, name) !== null;
    const found = await resolveName({ namespace, files }, name, { family, service: machine.nameService });
    return found.addresses.map((it) => ({
      version: it.family,
      address: it.address,
      scope: namespace.interfaces.byIndex(it.scope) ?? null,
      numeric,
      canonicalName: found.canonicalName,
    }));
  } catch (error) {
    if (error instanceof ResolveError) return error.code;
    throw error;
  }
}

/** The name of an address, or null when it has none. */
export async function nameOf(process: Process, address: IpAddress): Promise<string | null> {
  const { namespace, files, machine } = process;
  return await nameOfAddress({ namespace, files }, address, machine.nameService);
}

export { parseIpv4Loose as parseInetAton } from "../namespace/resolver.ts";
