/** The words of `ssh`. */
import { OptionParser } from "../tools/getopt.ts";
import type { Process } from "../tools/process.ts";

export const USAGE = `usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] [-B bind_interface]
           [-b bind_address] [-c cipher_spec] [-D [bind_address:]port]
           [-E log_file] [-e escape_char] [-F configfile] [-I pkcs11]
           [-i identity_file] [-J [user@]host[:port]] [-L address]
           [-l login_name] [-m mac_spec] [-O ctl_cmd] [-o option] [-p port]
           [-Q query_option] [-R address] [-S ctl_path] [-W host:port]
           [-w local_tun[:remote_tun]] destination [command [argument ...]]
`;

const SHORT = "+1246ab:c:e:fgi:kl:m:no:p:qstvxAB:CD:E:F:GI:J:KL:MNO:PQ:R:S:TVw:W:XYy";

export interface SshOptions {
  user: string;
  host: string;
  port: number;
  /** As one command line; null for a shell. */
  command: string | null;
  family: 4 | 6 | null;
  identities: string[];
  knownHosts: string[];
  checking: "ask" | "yes" | "no" | "accept-new";
  batch: boolean;
  prompts: number;
  methods: { password: boolean; publickey: boolean };
  /** Seconds; Infinity: as long as TCP tries. */
  connectTimeout: number;
  noInput: boolean;
  noCommand: boolean;
  /** -T: never; -t: even without a terminal of one's own (`force`). */
  terminal: "never" | "auto" | "force";
  quiet: boolean;
  verbose: boolean;
}

/** Options that change nothing here. */
const WITHOUT_EFFECT = new Set(
  ("addkeystoagent checkhostip ciphers compression controlmaster controlpath controlpersist escapechar forwardagent forwardx11 " +
    "gssapiauthentication hashknownhosts identitiesonly ipqos kexalgorithms hostkeyalgorithms loglevel macs " +
    "preferredauthentications sendenv serveralivecountmax serveraliveinterval tcpkeepalive updatehostkeys visualhostkey")
    .split(" "),
);

/** The options; an exit code when they have been answered. */
export function parseOptions(process: Process): SshOptions | number {
  const home = process.env.get("HOME") ?? "/root";
  const options: SshOptions = {
    user: process.env.get("USER") ?? "root",
    host: "",
    port: 22,
    command: null,
    family: null,
    identities: [],
    knownHosts: [`${home}/.ssh/known_hosts`, `${home}/.ssh/known_hosts2`],
    checking: "ask",
    batch: false,
    prompts: 3,
    methods: { password: true, publickey: true },
    connectTimeout: Infinity,
    noInput: false,
    noCommand: false,
    terminal: "auto",
    quiet: false,
    verbose: false,
  };
  const complain = (sentence: string) => process.stderr.write(`${complaint(sentence)}\r\n`);
  const words = new OptionParser("ssh", process.args, SHORT, complain);
  for (let one = words.next(); one !== null; one = words.next()) {
    const code = apply(process, options, one.option, one.argument);
    if (code !== null) return code;
  }
  // Options may follow the destination as well.
  const [destination, ...rest] = words.operands;
  if (destination === undefined || !setDestination(options, destination)) return usage(process);
  const after = new OptionParser("ssh", rest, SHORT, complain);
  for (let one = after.next(); one !== null; one = after.next()) {
    const code = apply(process, options, one.option, one.argument);
    if (code !== null) return code;
  }
  if (after.operands.length > 0) options.command = after.operands.join(" ");
  return options;
}

function complaint(sentence: string): string {
  return sentence.replace(/^ssh: invalid option -- '(.)'$/, "unknown option -- $1")
    .replace(/^ssh: option requires an argument -- '(.)'$/, "option requires an argument -- $1");
}

function usage(process: Process): number {
  process.stderr.write(USAGE);
  return 255;
}

function setDestination(options: SshOptions, text: string): boolean {
  const url = /^ssh:\/\/(?:([^@]+)@)?(\[[^\]]+\]|[^:/]+)(?::(\d+))?\/?$/.exec(text);
  const at = text.lastIndexOf("@");
  const user = url === null ? (at < 0 ? undefined : text.slice(0, at)) : url[1];
  options.host = url === null ? text.slice(at + 1) : url[2].replace(/^\[|\]$/g, "");
  if (url?.[3] !== undefined) options.port = Number(url[3]);
  if (user !== undefined) options.user = user;
  return options.host !== "" && user !== "";
}

/** An exit code ends the program. */
function apply(process: Process, options: SshOptions, option: string, argument: string): number | null {
  switch (option) {
    case "?":
      return usage(process);
    case "V":
      process.stderr.write("OpenSSH_8.9p1 Ubuntu-3ubuntu0.1, OpenSSL 3.0.2 15 Mar 2022\n");
      return 0;
    case "4":
    case "6":
      options.family = Number(option) as 4 | 6;
      break;
    case "p":
      if (!portIs(options, argument)) {
        process.stderr.write(`Bad port '${argument}'\n`);
        return 255;
      }
      break;
    case "l":
      options.user = argument;
      break;
    case "i":
      if (process.files.exists(process.files.resolve(homely(process, argument), process.cwd))) {
        options.identities.push(homely(process, argument));
      } else {
        process.stderr.write(`Warning: Identity file ${argument} not accessible: No such file or directory.\n`);
      }
      break;
    case "o":
      return configure(process, options, argument);
    case "n":
      options.noInput = true;
      break;
    case "N":
      options.noCommand = true;
      break;
    case "T":
      options.terminal = "never";
      break;
    case "t":
      options.terminal = "force";
      break;
    case "q":
      options.quiet = true;
      break;
    case "v":
      options.verbose = true;
      break;
  }
  return null;
}

function portIs(options: SshOptions, text: string): boolean {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65535) return false;
  options.port = port;
  return true;
}

/** `~/x` in the user's home. */
function homely(process: Process, path: string): string {
  return path.replace(/^~(?=\/)/, process.env.get("HOME") ?? "/root");
}

function configure(process: Process, options: SshOptions, text: string): number | null {
  const [, name = "", value = ""] = /^\s*(\w+)(?:\s*=\s*|\s+)?(.*)$/s.exec(text) ?? [];
  const bad = (words: string) => {
    process.stderr.write(`command-line${words}\r\n`);
    return 255;
  };
  const yes = /^(yes|true)$/i.test(value);
  switch (name.toLowerCase()) {
    case "stricthostkeychecking": {
      const checking = ({
        yes: "yes",
        true: "yes",
        no: "no",
        false: "no",
        off: "no",
        ask: "ask",
        "accept-new": "accept-new",
      } as const)[value.toLowerCase() as "yes"];
      if (checking === undefined) return bad(` line 0: unsupported option "${value}".`);
      options.checking = checking;
      return null;
    }
    case "userknownhostsfile":
      options.knownHosts = value.split(/\s+/).map((path) => process.files.resolve(homely(process, path), process.cwd));
      return null;
    case "globalknownhostsfile":
      return null;
    case "port":
      return portIs(options, value) ? null : bad(` line 0: Bad number '${value}'.`);
    case "user":
      options.user = value;
      return null;
    case "identityfile":
      options.identities.push(homely(process, value));
      return null;
    case "batchmode":
      options.batch = yes;
      return null;
    case "numberofpasswordprompts":
      options.prompts = Number(value);
      return null;
    case "passwordauthentication":
      options.methods.password = yes;
      return null;
    case "pubkeyauthentication":
      options.methods.publickey = yes;
      return null;
    case "connecttimeout":
      options.connectTimeout = Number(value);
      return null;
    case "addressfamily":
      options.family = value === "inet" ? 4 : value === "inet6" ? 6 : null;
      return null;
    case "requesttty":
      options.terminal = value === "no" ? "never" : value === "force" ? "force" : "auto";
      return null;
  }
  if (WITHOUT_EFFECT.has(name.toLowerCase())) return null;
  return bad(`: line 0: Bad configuration option: ${name.toLowerCase()}`);
}
