/** `net.core.*`, of which a namespace other than the first has but a few (net/core/sysctl_net_core.c). */
import { numberSysctl, type SysctlEntry } from "../ip/host.ts";
import type { NetworkNamespace } from "./namespace.ts";

/** Values of `net.core`, with Linux 6.18's defaults. */
export class CoreParameters {
  /** Longest queue of connections that wait to be accepted; `listen` asks for no more. */
  somaxconn = 4096;
  optmem_max = 131072;
  /** Octets of a socket's buffers that are taken, and that may be asked for. */
  rmem_default = 212992;
  rmem_max = 4194304;
  wmem_default = 212992;
  wmem_max = 4194304;
  tstamp_allow_data = 1;
  txrehash = 1;
}

const DEFAULTS = new CoreParameters();
const OF_NAMESPACE = new WeakMap<NetworkNamespace, CoreParameters>();

/** A namespace's `net.core`; the defaults, not to be changed, as long as nobody has looked at them as sysctls. */
export function coreParameters(namespace: NetworkNamespace): Readonly<CoreParameters> {
  return OF_NAMESPACE.get(namespace) ?? DEFAULTS;
}

const BOUNDS: { readonly [name in keyof CoreParameters]: readonly [least: number, most: number] } = {
  optmem_max: [0, 0x7fffffff],
  rmem_default: [2304, 0x7fffffff],
  rmem_max: [2304, 0x7fffffff],
  somaxconn: [0, 0x7fffffff],
  tstamp_allow_data: [0, 1],
  txrehash: [0, 1],
  wmem_default: [4608, 0x7fffffff],
  wmem_max: [4608, 0x7fffffff],
};

export function coreSysctls(namespace: NetworkNamespace): SysctlEntry[] {
  let parameters = OF_NAMESPACE.get(namespace);
  if (parameters === undefined) OF_NAMESPACE.set(namespace, parameters = new CoreParameters());
  const own = parameters;
  return (Object.keys(BOUNDS) as (keyof CoreParameters)[]).map((name) =>
    numberSysctl(`net/core/${name}`, own, name, BOUNDS[name][0], BOUNDS[name][1], () => {
      if (name === "somaxconn") namespace.tcp.somaxconn = own.somaxconn;
      if (name === "rmem_max") namespace.tcp.rmemMax = own.rmem_max;
      if (name === "wmem_max") namespace.tcp.wmemMax = own.wmem_max;
    })
  );
}
