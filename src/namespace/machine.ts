/** A machine: a host name, files, an initial namespace and named ones. */
import type { World } from "../device/world.ts";
import type { FileView } from "./file_system.ts";
import type { NetworkNamespace } from "./namespace.ts";

export interface Machine {
  readonly world: World;
  hostname: string;
  /** The machine's own namespace. */
  readonly initial: NetworkNamespace;
  /** Those of `ip netns add`, by name. */
  readonly namespaces: ReadonlyMap<string, NetworkNamespace>;
  /** `ip netns add`: throws EEXIST. */
  addNamespace(name: string): NetworkNamespace;
  /** `ip netns del`: its veths (and their peers) go with it, once no process runs in it. Throws ENOENT. */
  removeNamespace(name: string): void;
  /** The files as processes in this namespace see them: with `overlay`, `/etc/netns/NAME` is laid over `/etc` as `ip netns exec` does. */
  files(namespace: NetworkNamespace, overlay?: boolean): FileView;
}
