/** For scripts whose only commands are `sysctl -q NAME=VALUE`: a shell would be more than they need. */
import type { NetworkNamespace } from "../../src/namespace/namespace.ts";

export function sysctlCommand(namespace: NetworkNamespace): (line: string) => Promise<number> {
  return (line) => {
    const [, name, value] = /^sysctl (?:-q )?([^=]+)=(.*)$/.exec(line) ?? [];
    const entry = namespace.sysctls().find(({ path }) => path === name?.replaceAll(".", "/"));
    entry?.write?.(value.replace(/^"(.*)"$/, "$1"));
    return Promise.resolve(entry === undefined ? 1 : 0);
  };
}
