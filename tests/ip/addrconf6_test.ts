import { assert, assertEquals, assertThrows } from "@std/assert";
import { World } from "../../src/device/world.ts";
import { changeLink } from "../../src/device/link.ts";
import { IFA_F_DADFAILED, IFA_F_DEPRECATED, IFA_F_TENTATIVE } from "../../src/ip/netlink.ts";
import { KernelError } from "../../src/wire/errno.ts";
import { formatIpv6 } from "../../src/wire/ipv6.ts";
import { Host6, ip6, run, twoHosts, wire } from "./host6.ts";

function pair(seed = 1): { world: World; a: Host6; b: Host6 } {
  const world = new World(seed);
  const a = new Host6(world, "a");
  const b = new Host6(world, "b");
  wire(a, "v0", b, "v0");
  return { world, a, b };
}

Deno.test("a link-local address appears with the carrier and is usable after duplicate address detection", () => {
  const { world, a, b } = pair();
  a.up("v0");
  run(world, 1);
  assertEquals(a.addresses("v0"), []);
  b.up("v0");
  run(world, 0.001);
  const [address] = a.ipv6.addresses(a.device("v0"));
  assert((address.flags & IFA_F_TENTATIVE) !== 0);
  assertEquals(a.routes(), ["fe80::/64 dev v0 metric 256"]);
  assertEquals(a.routes(255), ["ff00::/8 dev v0 metric 256"]);
  run(world, 3);
  assertEquals(address.flags & IFA_F_TENTATIVE, 0);
  assertEquals(a.routes(255).length, 2);
  assert(formatIpv6(address.local as Uint8Array).startsWith("fe80::"));
  assert(a.mib.icmp6.OutNeighborSolicits === 1 && a.mib.icmp6.OutRouterSolicits >= 1);
  assert(a.mib.icmp6.OutMLDv2Reports >= 3);
});

Deno.test("router solicitations go on at growing intervals", () => {
  const { world, a, b } = pair();
  a.up("v0");
  b.up("v0");
  run(world, 120);
  assert(a.mib.icmp6.OutRouterSolicits >= 5 && a.mib.icmp6.OutRouterSolicits <= 7, `${a.mib.icmp6.OutRouterSolicits}`);
});

Deno.test("who detects a duplicate does not use the address", () => {
  const { world, a, b } = pair();
  a.up("v0");
  b.up("v0");
  run(world, 5);
  a.address("v0", "2001:db8::1/64", 0);
  run(world, 3);
  b.address("v0", "2001:db8::1/64", 0);
  run(world, 3);
  const [address] = b.ipv6.addresses(b.device("v0"));
  assertEquals(address.flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED), IFA_F_TENTATIVE | IFA_F_DADFAILED);
  assert(!b.ipv6.isLocal(ip6("2001:db8::1")));
  assert(a.ipv6.isLocal(ip6("2001:db8::1")));
});

Deno.test("two who want an address at once both lose it", () => {
  const { world, a, b } = pair();
  a.up("v0");
  b.up("v0");
  run(world, 5);
  a.address("v0", "2001:db8::1/64", 0);
  b.address("v0", "2001:db8::1/64", 0);
  run(world, 5);
  const flags = [a, b].map((host) => host.ipv6.addresses(host.device("v0"))[0].flags & IFA_F_DADFAILED);
  assert(flags.some((flag) => flag !== 0));
});

Deno.test("addresses are listed by scope, the newest of a scope first", () => {
  const { a } = twoHosts();
  a.address("v0", "2001:db8::9/64");
  a.address("v0", "fec0::1/64");
  a.address("v0", "fe80::77/64");
  const list = a.addresses("v0");
  assertEquals(list.slice(0, 4), ["2001:db8::9/64", "2001:db8::1/64", "fec0::1/64", "fe80::77/64"]);
  assertEquals(a.routes(), [
    "2001:db8::/64 dev v0 metric 256",
    "fe80::/64 dev v0 metric 256",
    "fec0::/64 dev v0 metric 256",
  ]);
});

Deno.test("the prefix route goes with its last address, routes by gateways in it stay", () => {
  const { a } = twoHosts();
  a.address("v0", "2001:db8::9/64");
  a.route("2001:db8:1::/48", "2001:db8::2");
  a.ipv6.deleteAddress(a.device("v0"), { local: ip6("2001:db8::9"), prefixLength: 64 });
  assertEquals(a.routes()[0], "2001:db8::/64 dev v0 metric 256");
  a.ipv6.deleteAddress(a.device("v0"), { local: ip6("2001:db8::1"), prefixLength: 64 });
  assertEquals(a.routes(), ["2001:db8:1::/48 via 2001:db8::2 dev v0 metric 1024", "fe80::/64 dev v0 metric 256"]);
});

Deno.test("what is wrong with an address is said in the kernel's words", () => {
  const { a } = twoHosts();
  const refuse = (address: string, words: string, flags = 2) => {
    const error = assertThrows(() => a.address("v0", address, flags), KernelError);
    assertEquals(error.extack, words);
  };
  refuse("2001:db8::1/64", "ipv6: address already assigned");
  refuse("::/64", "ipv6: Invalid address");
  refuse("ff02::5/64", 'ipv6: Cannot assign multicast address without "IFA_F_MCAUTOJOIN" flag');
  a.sysctl("conf/v0/disable_ipv6", "1");
  refuse("2001:db8::7/64", "ipv6: IPv6 is disabled on this device");
});

Deno.test("lifetimes deprecate and then remove an address and its prefix route", () => {
  const { world, a } = twoHosts();
  a.ipv6.addAddress(a.device("v0"), {
    local: ip6("2001:db8:a::1"),
    prefixLength: 64,
    flags: 2,
    validLifetime: 100,
    preferredLifetime: 50,
  }, "add");
  run(world, 49);
  const [address] = a.ipv6.addresses(a.device("v0"));
  assertEquals(address.flags & IFA_F_DEPRECATED, 0);
  run(world, 2);
  assert((address.flags & IFA_F_DEPRECATED) !== 0);
  assert(a.routes().some((route) => route.startsWith("2001:db8:a::/64")));
  run(world, 50);
  assert(!a.addresses("v0").includes("2001:db8:a::1/64"));
  run(world, 30); // what has expired is collected every half minute
  assert(!a.routes().some((route) => route.startsWith("2001:db8:a::/64")));
});

Deno.test("down takes addresses and routes away, unless they are to be kept", () => {
  const { world, a } = twoHosts();
  changeLink(a.device("v0"), { up: false });
  assertEquals(a.addresses("v0"), []);
  assertEquals(a.routes(), []);
  assertEquals(a.routes(255), ["::1/128 dev lo metric 0"]);
  changeLink(a.device("v0"), { up: true });
  run(world, 2);
  assertEquals(a.addresses("v0").length, 1);
  a.sysctl("conf/v0/keep_addr_on_down", "1");
  a.address("v0", "2001:db8::1/64");
  changeLink(a.device("v0"), { up: false });
  assertEquals(a.addresses("v0"), ["2001:db8::1/64"]);
  changeLink(a.device("v0"), { up: true });
  run(world, 2);
  assertEquals(a.addresses("v0").length, 2);
  assertEquals(a.routes().length, 2);
  assert(a.ipv6.isLocal(ip6("2001:db8::1")));
});

Deno.test("an MTU below 1280 takes IPv6 off an interface, a larger one gives it back", () => {
  const { world, a } = twoHosts();
  changeLink(a.device("v0"), { mtu: 1279 });
  assertEquals(a.addresses("v0"), []);
  assert(!a.ipv6.sysctls().some((entry) => entry.path.startsWith("net/ipv6/conf/v0/")));
  changeLink(a.device("v0"), { mtu: 1500 });
  run(world, 2);
  assertEquals(a.addresses("v0").length, 1);
});

Deno.test("disable_ipv6 of all flushes every interface and is passed on to new ones", () => {
  const { a } = twoHosts();
  a.sysctl("conf/all/disable_ipv6", "1");
  assertEquals([...a.addresses("lo"), ...a.addresses("v0")], []);
  assertEquals(a.sysctl("conf/default/disable_ipv6"), "1");
  assertEquals(a.sysctl("conf/v0/disable_ipv6"), "1");
  assertEquals(a.ping("::1"), -99);
  a.sysctl("conf/all/disable_ipv6", "0");
  assertEquals(a.addresses("lo"), ["::1/128"]);
  assertEquals(a.addresses("v0").length, 1);
});

Deno.test("a router joins the groups of routers and the anycast addresses of its prefixes", () => {
  const { a } = twoHosts();
  a.sysctl("conf/all/forwarding", "1");
  const groups = a.ipv6.multicastGroups(a.device("v0")).map((one) => formatIpv6(one.group as Uint8Array));
  for (const group of ["ff02::2", "ff05::2", "ff01::2", "ff02::1:ff00:0"]) assert(groups.includes(group), group);
  assert(a.routes(255).includes("2001:db8::/128 dev v0 metric 0"));
  a.sysctl("conf/all/forwarding", "0");
  assert(!a.routes(255).includes("2001:db8::/128 dev v0 metric 0"));
});
