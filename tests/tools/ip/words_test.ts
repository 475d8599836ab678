import { assert, assertEquals } from "@std/assert";
import { Network } from "../../../src/network/network.ts";
import { Random } from "../../../src/time/random.ts";

/** Words that the commands know, values that fit and values that do not. */
const WORDS = [
  ..."add del show list set change replace append flush get save help dev via src to from table proto scope type metric mtu"
    .split(
      " ",
    ),
  ..."up down name address broadcast brd peer label link master nomaster netns group alias qlen root parent handle limit"
    .split(
      " ",
    ),
  ..."rate burst latency delay loss reorder duplicate corrupt gap veth bridge vlan macvlan dummy pfifo bfifo tbf netem id"
    .split(
      " ",
    ),
  ..."nud lladdr proxy permanent reachable pref fwmark iif oif lookup goto nop not nexthop weight onlink default all any"
    .split(
      " ",
    ),
  ..."valid_lft preferred_lft forever home nodad mode tap fdb self static dynamic cost state learning on off -net -host gw"
    .split(
      " ",
    ),
  ..."netmask hw ether pointopoint promisc -a -s -n -e -d -j -p -br -o -4 -6 -0 -N -h v0 lo e1 nope v0:1".split(" "),
  ..."10.0.0.1 10.0.0.1/24 10.0.0.0/8 300.1.1.1 10.0.0.1/99 0 1 5 77 65536 4294967296 -1 x 0x10 1: 1:1 1mbit 10ms 5% 10k"
    .split(
      " ",
    ),
  ..."2001:db8::1 2001:db8::/32 fe80::1 ::1 ::: 02:00:00:00:00:09 ff:ff zz + - / %".split(" "),
  "",
];

const COMMANDS = [
  "ip address",
  "ip link",
  "ip route",
  "ip rule",
  "ip neigh",
  "ip maddr",
  "ip netns",
  "ip tuntap",
  "ip netconf",
  "ip",
  "bridge link",
  "bridge fdb",
  "bridge vlan",
  "tc qdisc",
  "tc class",
  "ifconfig",
  "ifconfig v0",
  "route",
  "route add",
  "route del",
  "arp",
];

/** Whole commands with holes: `A` an address, `P` a prefix, `D` an interface, `N` a number, `M` a MAC address. */
const TEMPLATES = [
  "ip addr add P dev D brd + label D:N scope link valid_lft N preferred_lft N",
  "ip addr add A peer P dev D",
  "ip addr del P dev D",
  "ip addr replace P dev D metric N noprefixroute",
  "ip addr flush dev D to P",
  "ip addr flush scope global",
  "ip link add D type veth peer name D",
  "ip link add D type bridge ageing_time N",
  "ip link add link D name D type vlan id N",
  "ip link add link D name D type macvlan mode bridge",
  "ip link add D type dummy",
  "ip link set D up mtu N txqueuelen N",
  "ip link set D down address M",
  "ip link set D master D",
  "ip link set D nomaster name D",
  "ip link set D promisc on allmulticast off arp on multicast off",
  "ip link set D netns other",
  "ip -n other link set D netns 1",
  "ip link del D",
  "ip link set group N group N",
  "ip route add P via A dev D metric N mtu N proto N scope N table N onlink src A",
  "ip route add P nexthop via A dev D weight N nexthop via A",
  "ip route append blackhole P metric N",
  "ip route replace P dev D",
  "ip route del P",
  "ip route get A from A iif D",
  "ip route get A oif D mark N",
  "ip route flush table N",
  "ip route show match P",
  "ip route show root P table all",
  "ip rule add from P to P iif D fwmark N table N pref N",
  "ip rule add goto N pref N",
  "ip rule del pref N",
  "ip rule flush",
  "ip neigh replace A lladdr M dev D nud reachable router",
  "ip neigh add proxy A dev D",
  "ip neigh del A dev D",
  "ip neigh flush dev D",
  "ip maddr add M dev D",
  "bridge fdb replace M dev D master static",
  "bridge link set dev D cost N learning off state N",
  "bridge fdb flush dev D",
  "tc qdisc replace dev D root handle N: tbf rate Nkbit burst Nk latency Nms",
  "tc qdisc replace dev D root netem delay Nms Nms loss N%",
  "tc qdisc add dev D parent N:1 pfifo limit N",
  "tc qdisc change dev D root netem limit N reorder N% gap N delay Nus",
  "tc qdisc del dev D root",
  "ifconfig D A netmask 255.255.N.0 up",
  "ifconfig D:N A/N",
  "ifconfig D pointopoint A broadcast A",
  "ifconfig D:N down",
  "ifconfig D add A",
  "route add -net P gw A metric N dev D",
  "route add default gw A",
  "route del -host A",
  "arp -s A M temp",
  "arp -d A",
  "ping -c 1 -W 1 A",
];

const HOLES: Record<string, readonly string[]> = {
  A: ["10.0.0.1", "10.0.0.2", "10.0.1.1", "127.0.0.9", "2001:db8::1", "fe80::1", "0.0.0.0", "224.0.0.1", "::1"],
  P: [
    "10.0.0.1/24",
    "10.0.0.0/8",
    "10.0.1.1/32",
    "default",
    "2001:db8::1/64",
    "2001:db8::/32",
    "fe80::/64",
    "10.0.2.0/31",
  ],
  D: ["v0", "e1", "lo", "br0", "d0", "m0", "x9"],
  N: ["0", "1", "2", "5", "24", "68", "100", "254", "255", "1500", "9000", "65536"],
  M: ["02:00:00:00:00:09", "01:00:5e:00:00:09", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00"],
};

const quote = (word: string) => `'${word}'`;

Deno.test("commands that fit get an answer whatever is there, and the same seed gives the same", async () => {
  const lines = (seed: string): Promise<string> => runTemplates(seed);
  const first = await lines("templates");
  assertEquals(await lines("templates"), first);
  assert(first.length > 1000);
});

/** Runs commands made of templates; all that they printed. */
async function runTemplates(seed: string): Promise<string> {
  using net = new Network({ seed: 1 });
  const host = net.host("a");
  const random = new Random(seed);
  const pick = <T>(list: readonly T[]): T => list[random.uint32() % list.length];
  let text = "";
  await net.run(async () => {
    await host.exec("ip netns add other; ip link add v0 type veth peer name e1; ip link set v0 up; ip link set e1 up");
    for (let i = 0; i < 1500; i++) {
      const line = pick(TEMPLATES).replace(/\b[APDM]\b|\bN(?=k|m|u|%|:|\b)/g, (hole) => pick(HOLES[hole]));
      const { code, stdout, stderr } = await host.exec(line);
      assert(code >= 0 && code <= 255, line);
      text += `${line}: ${code}\n${stdout}${stderr}`;
      if (i % 50 === 0) {
        text += (await host.exec("ip -d -s addr; ip route show table all; ip rule; ip neigh; tc -s qdisc")).stdout;
      }
    }
  });
  return text;
}

Deno.test("any words get an answer and an exit code, and the namespace stays whole", async () => {
  using net = new Network({ seed: 1 });
  const host = net.host("a");
  const random = new Random("words");
  const pick = <T>(list: readonly T[]): T => list[random.uint32() % list.length];
  await net.run(async () => {
    await host.exec("ip link add v0 type veth peer name e1");
    for (let i = 0; i < 4000; i++) {
      const command = pick(COMMANDS);
      const words = Array.from({ length: random.uint32() % 8 }, () => pick(WORDS));
      // What would wait for ever or run other programs is not for here.
      if (command === "ip netns" && (words[0] ?? "").startsWith("e")) continue;
      const line = `${command} ${words.map(quote).join(" ")}`;
      const { code, stderr } = await host.exec(line);
      assert(code >= 0 && code <= 255, line);
      assert(!/\bat .*\.ts:\d+/.test(stderr), `${line}\n${stderr}`);
    }
    for (
      const line of [
        "ip -d -s -s addr",
        "ip -j -d link",
        "ip route show table all",
        "ip -6 rule",
        "ip neigh",
        "tc -s qdisc",
      ]
    ) {
      const { code, stderr } = await host.exec(line);
      assert(code === 0, `${line}: ${stderr}`);
    }
  });
});
