/** A table of 1,000,000 routes: seconds to load, ns a lookup, octets a route. `deno run tests/bench/routes.ts [--json]` */
import { World } from "../../src/device/world.ts";
import { createLink } from "../../src/device/link.ts";
import { changeLink } from "../../src/device/link.ts";
import { NetworkNamespace } from "../../src/namespace/namespace.ts";
import { flow4 } from "../../src/ip/flow4.ts";
import { mask4 } from "../../src/wire/ipv4.ts";
import { Random } from "../../src/time/random.ts";

const ROUTES = 1_000_000;
const LOOKUPS = 500_000;
const ROUNDS = 4;

/** Prefix lengths as in the tables of the Internet: mostly /24, some shorter. */
function prefixLength(random: Random): number {
  const part = random.float();
  return part < 0.6
    ? 24
    : part < 0.9
    ? 17 + random.below(7)
    : part < 0.98
    ? 12 + random.below(5)
    : 25 + random.below(8);
}

const world = new World(1);
const namespace = new NetworkNamespace(world, "router", 1);
changeLink(namespace.loopback, { up: true });
const device = createLink(namespace, { kind: "dummy", name: "d0" });
namespace.ipv4.addAddress(device, { local: 0x0a000001, prefixLength: 8 }, "add");
changeLink(device, { up: true });

const random = new Random("routes");
const before = performance.now();
let loaded = 0;
while (loaded < ROUTES) {
  const length = prefixLength(random);
  const destination = (((random.uint32() % 0xc0000000) + 0x0b000000) & mask4(length)) >>> 0;
  if (destination >>> 24 === 127) continue;
  try {
    namespace.ipv4.addRoute({
      destination,
      prefixLength: length,
      nexthops: [{ gateway: 0x0a000002 + (loaded & 63), device }],
    }, "add");
    loaded++;
  } catch { /* drawn before */ }
}
const seconds = (performance.now() - before) / 1000;

const addresses = new Uint32Array(65536);
for (let i = 0; i < addresses.length; i++) addresses[i] = (random.uint32() % 0xc0000000) + 0x0b000000;
const { fib } = namespace.ipv4;
const flow = flow4();
let hits = 0;
let nanoseconds = Infinity;
for (let round = 0; round < ROUNDS; round++) {
  hits = 0;
  const start = performance.now();
  for (let i = 0; i < LOOKUPS; i++) {
    flow.destination = addresses[i & 65535];
    if (fib.lookup(flow) === 0) hits++;
  }
  nanoseconds = Math.min(nanoseconds, (performance.now() - start) * 1e6 / LOOKUPS);
  if (Deno.args.includes("--rounds")) console.log(nanoseconds);
}
const octets = fib.main!.bytes / ROUTES;
if (Deno.args.includes("--json")) {
  console.log(JSON.stringify({ workload: "routes", routes: ROUTES, seconds, nanoseconds, octets }));
} else {
  console.log(
    `${ROUTES} routes in ${seconds.toFixed(2)} s, ${nanoseconds.toFixed(0)} ns a lookup (${
      (hits * 100 / LOOKUPS).toFixed(0)
    } % found), ` +
      `${octets.toFixed(0)} octets a route`,
  );
}
