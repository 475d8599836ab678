/** A name server in one function, the same for the real `dig` and for ours. */
import { decodeMessage, encodeMessage, SERVFAIL } from "../../../src/dns/message.ts";
import { Zone } from "../../../src/dns/zone.ts";

const ZONES = [
  `$ORIGIN ok.test.
$TTL 300
@ SOA ns admin 7 7200 3600 1209600 60
@ NS ns
@ MX 10 mail
@ TXT "one two" "three"
ns A 10.9.0.1
mail A 192.0.2.25
www A 192.0.2.1
www A 192.0.2.2
www AAAA 2001:db8::1
alias CNAME www
_sip._udp SRV 1 2 5060 www
`,
  `$ORIGIN 2.0.192.in-addr.arpa.
$TTL 300
@ SOA ns.ok.test. admin.ok.test. 1 2 3 4 60
1 PTR www.ok.test.
`,
].map((text) => Zone.parse(text));

/** The answer; null for names below `silent.test`. What is in no zone fails. */
export function respond(octets: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const message = decodeMessage(octets);
  if (message === null) return null;
  const [{ name, type }] = message.questions;
  if (name.endsWith("silent.test.")) return null;
  const zone = ZONES.find((one) => name.endsWith(one.origin));
  const reply = { ...message, response: true, recursionAvailable: true, additional: [] };
  return Uint8Array.from(
    encodeMessage(zone === undefined ? { ...reply, rcode: SERVFAIL } : { ...reply, ...zone.answer(name, type) }),
  );
}

export const RESOLV_CONF = "nameserver 10.9.0.1\nnameserver 10.9.0.2\nsearch sub.ok.test ok.test\n";

/** Beside 10.9.0.1: the same server under another address. */
export const SERVERS = ["10.9.0.1", "10.9.0.2"];

export const COMMANDS = [
  "dig www.ok.test",
  "dig +short www.ok.test AAAA",
  "dig +short alias.ok.test",
  "dig +noall +answer alias.ok.test",
  "dig +noall +answer ok.test TXT",
  "dig +noall +answer _sip._udp.ok.test SRV",
  "dig +nocmd +nostats ok.test MX",
  "dig +nostats nope.ok.test",
  "dig +nostats www.ok.test MX",
  "dig +nostats x.fail.test",
  "dig +nostats +nofail x.fail.test",
  "dig +nostats +search www",
  "dig +nostats +noedns www.ok.test",
  "dig +multiline +nostats ok.test SOA",
  "dig +short -x 192.0.2.1",
  "dig +time=1 +tries=2 a.silent.test",
  "dig @10.9.0.1 +short www.ok.test",
  "host www.ok.test",
  "host alias",
  "host www",
  "host nope",
  "host x.fail.test",
  "host -s -v x.fail.test",
  "host -t MX ok.test",
  "host -t TXT ok.test",
  "host -t SRV www.ok.test",
  "host -v www.ok.test",
  "host 192.0.2.1",
  "host 192.0.2.9",
  "host -W 1 -R 1 a.silent.test.",
  "host www.ok.test 10.9.0.1",
  "nslookup www.ok.test",
  "nslookup www",
  "nslookup alias",
  "nslookup nope",
  "nslookup x.fail.test",
  "nslookup -type=mx ok.test",
  "nslookup -type=txt www",
  "nslookup -type=soa ok.test",
  "nslookup 192.0.2.1",
  "nslookup 192.0.2.9",
  "nslookup -timeout=1 -retry=1 a.silent.test.",
];

/** Without what is another in each run: numbers of queries, times. */
export function normalised(text: string): string {
  return text.replace(/, id: \d+/g, ", id: ID").replace(/Query time: \d+ msec/g, "Query time: T msec")
    .replace(/;; WHEN: .*/g, ";; WHEN: T").replace(/ in \d+ ms$/gm, " in T ms");
}
