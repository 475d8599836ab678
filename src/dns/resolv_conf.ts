/** `/etc/resolv.conf` (resolv.conf(5)): where a stub resolver asks, and how. */
import { parseIpv4 } from "../wire/ipv4.ts";
import { parseIpv6 } from "../wire/ipv6.ts";

export interface ResolvConf {
  /** At most three, as glibc takes them (MAXNS). */
  nameservers: string[];
  search: string[];
  /** Dots that make a name be tried as it is first. */
  ndots: number;
  /** Seconds to wait for an answer. */
  timeout: number;
  /** Rounds over all name servers. */
  attempts: number;
  /** Round-robin over the name servers. */
  rotate: boolean;
  useTcp: boolean;
}

const SERVERS_LIMIT = 3;
const SEARCH_LIMIT = 256;

/** What the text says; lines that make no sense are passed over, as glibc does. */
export function parseResolvConf(text: string): ResolvConf {
  const conf: ResolvConf = {
    nameservers: [],
    search: [],
    ndots: 1,
    timeout: 5,
    attempts: 2,
    rotate: false,
    useTcp: false,
  };
  for (const line of text.split("\n")) {
    if (/^[;#]/.test(line)) continue;
    const [keyword, ...words] = line.trim().split(/\s+/);
    if (keyword === "nameserver" && words.length > 0 && conf.nameservers.length < SERVERS_LIMIT) {
      const [bare] = words[0].split("%", 1);
      if (parseIpv4(words[0]) !== null || parseIpv6(bare) !== null) conf.nameservers.push(words[0]);
    } else if (keyword === "search") conf.search = words.slice(0, SEARCH_LIMIT);
    else if (keyword === "domain" && words.length > 0) conf.search = [words[0]];
    else if (keyword === "options") { for (const word of words) setOption(conf, word); }
  }
  return conf;
}

function setOption(conf: ResolvConf, word: string): void {
  const [name, value] = word.split(":", 2);
  const number = Number(value);
  if (name === "rotate") conf.rotate = true;
  else if (name === "use-vc") conf.useTcp = true;
  else if (!(number >= 0)) return;
  else if (name === "ndots") conf.ndots = Math.min(number, 15);
  else if (name === "timeout") conf.timeout = Math.min(Math.max(number, 1), 30);
  else if (name === "attempts") conf.attempts = Math.min(Math.max(number, 1), 5);
}

/** The names to ask for, in order: the search list is tried first or last, by the number of dots. */
export function candidates(conf: ResolvConf, name: string): string[] {
  if (name.endsWith(".")) return [name];
  const dots = name.split(".").length - 1;
  const listed = conf.search.map((domain) => domain === "." ? `${name}.` : `${name}.${domain.replace(/\.$/, "")}.`);
  return dots >= conf.ndots ? [`${name}.`, ...listed] : [...listed, `${name}.`];
}
