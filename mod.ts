/**
 * A virtual network in one process: namespaces, interfaces, routing and real packets in virtual time, with Deno's network API
 * and Linux's commands. No root, no permission; the same seed gives the same bytes on the wire.
 *
 * ```ts
 * import { Network } from "@netns/emulator";
 *
 * using net = new Network({ seed: 1 });
 * const web = net.host("web");
 * const client = net.host("client");
 * net.veth([web, "eth0", "192.33.136.6/24"], [client, "eth0", "192.33.136.7/24"], { delay: "5ms", rate: "10mbit" });
 * client.hosts.add("192.33.136.6", "web");
 * await net.run(async () => {
 *   const { stdout } = await client.exec("ping -c 1 web");
 *   if (!stdout.includes("1 received")) throw new Error(stdout);
 * });
 * ```
 *
 * @module
 */

export { Network, type NetworkOptions, type RunOptions } from "./src/network/network.ts";
export { type ExecResult, Host, Namespace } from "./src/network/namespace.ts";
export { type Wire, type WireEnd, type WireOptions, type WireSetOptions } from "./src/network/wire.ts";
export { type Capture, type CaptureOptions } from "./src/network/capture.ts";
export { type Clock } from "./src/network/clock.ts";
export { DeadlockError, LeftRunningError, NetworkUsageError } from "./src/network/errors.ts";
export type { Duration, Rate, Share } from "./src/network/units.ts";
