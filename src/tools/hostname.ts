/** `hostname` (Debian's): shows and sets the host name, and what the resolver says of it. */
import type { Interface } from "../device/interface.ts";
import { hostByName, readHosts } from "../namespace/hosts.ts";
import { parseNumericHost, type ResolvedName, ResolveError, resolveName } from "../namespace/resolver.ts";
import { formatIpv4, isLoopback4 } from "../wire/ipv4.ts";
import { equal6, formatIpv6, IN6ADDR_LOOPBACK, isLinkLocal6 } from "../wire/ipv6.ts";
import { KernelError, strerror } from "../wire/errno.ts";
import { OptionParser } from "./getopt.ts";
import type { Process } from "./process.ts";

const USAGE = `Usage: hostname [-b] {hostname|-F file}         set host name (from file)
       hostname [-a|-A|-d|-f|-i|-I|-s|-y]       display formatted name
       hostname                                 display host name

       {yp,nis,}domainname {nisdomain|-F file}  set NIS domain name (from file)
       {yp,nis,}domainname                      display NIS domain name

       dnsdomainname                            display dns domain name

       hostname -V|--version|-h|--help          print info and exit

Program name:
       {yp,nis,}domainname=hostname -y
       dnsdomainname=hostname -d

Program options:
    -a, --alias            alias names
    -A, --all-fqdns        all long host names (FQDNs)
    -b, --boot             set default hostname if none available
    -d, --domain           DNS domain name
    -f, --fqdn, --long     long host name (FQDN)
    -F, --file             read host name or NIS domain name from given file
    -i, --ip-address       addresses for the host name
    -I, --all-ip-addresses all addresses for the host
    -s, --short            short host name
    -y, --yp, --nis        NIS/YP domain name

Description:
   This command can get or set the host name or the NIS domain name. You can
   also get the DNS domain or the FQDN (fully qualified domain name).
   Unless you are using bind or NIS for host lookups you can change the
   FQDN (Fully Qualified Domain Name) and the DNS domain name (which is
   part of the FQDN) in the /etc/hosts file.
`;

const LONG = [
  { name: "alias", option: "a" },
  { name: "all-fqdns", option: "A" },
  { name: "boot", option: "b" },
  { name: "domain", option: "d" },
  { name: "file", argument: 1, option: "F" },
  { name: "fqdn", option: "f" },
  { name: "long", option: "f" },
  { name: "help", option: "h" },
  { name: "ip-address", option: "i" },
  { name: "all-ip-addresses", option: "I" },
  { name: "short", option: "s" },
  { name: "version", option: "V" },
  { name: "yp", option: "y" },
  { name: "nis", option: "y" },
] as const;

const EXIT_USAGE = 255;

function setName(process: Process, name: string): number {
  if (!/^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?$/.test(name)) {
    process.stderr.write("hostname: the specified hostname is invalid\n");
    return 1;
  }
  if (name.length > 64) {
    process.stderr.write("hostname: name too long\n");
    return 1;
  }
  process.machine.hostname = name;
  return 0;
}

function fromFile(process: Process, path: string): number {
  try {
    const text = process.files.readText(process.files.resolve(path, process.cwd));
    return setName(process, text.split("\n").find((line) => line !== "" && line[0] !== "#") ?? "");
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    process.stderr.write(`hostname: ${path}: ${strerror(error.errno)}\n`);
    return 1;
  }
}

/** Addresses of all interfaces but loopback's and IPv6's link-local ones. */
function allAddresses(process: Process): string {
  const { namespace } = process;
  let text = "";
  const usable = [...namespace.interfaces].filter((device: Interface) => device.up && !device.loopback);
  for (const device of usable) {
    for (const { local } of namespace.ipv4.addresses(device)) {
      if (!isLoopback4(local as number)) text += `${formatIpv4(local as number)} `;
    }
  }
  for (const device of usable) {
    for (const { local } of namespace.ipv6.addresses(device)) {
      const bytes = local as Uint8Array;
      if (!isLinkLocal6(bytes) && !equal6(bytes, IN6ADDR_LOOPBACK)) text += `${formatIpv6(bytes)} `;
    }
  }
  return text;
}

async function resolved(process: Process): Promise<ResolvedName | null> {
  try {
    const { namespace, files, machine } = process;
    parseNumericHost(namespace, machine.hostname);
    return await resolveName({ namespace, files }, machine.hostname, { service: machine.nameService });
  } catch (error) {
    if (!(error instanceof ResolveError)) throw error;
    process.stderr.write(`hostname: ${error.message}\n`);
    return null;
  }
}

export async function hostname(process: Process): Promise<number> {
  const { machine, stdout } = process;
  let what = process.name === "dnsdomainname" ? "d" : process.name === "domainname" ? "y" : "";
  const complain = (sentence: string) => process.stderr.write(`${sentence}\n${USAGE}`);
  const options = new OptionParser("hostname", process.args, "aAbdfF:hiIsVy", complain, LONG);
  for (let one = options.next(); one !== null; one = options.next()) {
    if (one.option === "?") return EXIT_USAGE;
    if (one.option === "h") {
      stdout.write(USAGE);
      return 0;
    }
    if (one.option === "V") {
      stdout.write("hostname 3.23\n");
      return 0;
    }
    if (one.option === "F") return fromFile(process, one.argument);
    what = one.option;
  }
  if (options.operands.length > 1) {
    process.stderr.write(USAGE);
    return EXIT_USAGE;
  }
  if (options.operands.length === 1) return setName(process, options.operands[0]);
  if (what === "" || what === "b") stdout.write(`${machine.hostname}\n`);
  else if (what === "s") stdout.write(`${machine.hostname.replace(/\..*/, "")}\n`);
  else if (what === "I") stdout.write(`${allAddresses(process)}\n`);
  else if (what === "A") stdout.write("\n");
  else if (what === "y") stdout.write("(none)\n");
  else return await showResolved(process, what);
  return 0;
}

async function showResolved(process: Process, what: string): Promise<number> {
  const answer = await resolved(process);
  if (answer === null) return 1;
  const name = answer.canonicalName;
  const dot = name.indexOf(".");
  if (what === "f") process.stdout.write(`${name}\n`);
  else if (what === "d") process.stdout.write(dot < 0 ? "" : `${name.slice(dot + 1)}\n`);
  else if (what === "i") {
    const texts = answer.addresses.map(({ address }) =>
      typeof address === "number" ? formatIpv4(address) : formatIpv6(address)
    );
    process.stdout.write(`${texts.join(" ")}\n`);
  } else {
    const entries = readHosts(process.files);
    const host = hostByName(entries, process.machine.hostname, 6) ?? hostByName(entries, process.machine.hostname, 4);
    process.stdout.write(`${host?.aliases.join(" ") ?? ""}\n`);
  }
  return 0;
}
