/** wget's words. */
import { OptionParser } from "../getopt.ts";
import type { Process } from "../process.ts";

export interface WgetOptions {
  urls: string[];
  quiet: boolean;
  verbose: boolean;
  output: string | null;
  prefix: string | null;
  serverResponse: boolean;
  spider: boolean;
  noClobber: boolean;
  headers: string[];
  userAgent: string;
  method: string | null;
  body: string | null;
  user: string | null;
  password: string;
  /** Seconds; Infinity: none. */
  timeout: number;
  tries: number;
  maxRedirects: number;
  family: 4 | 6 | null;
  contentOnError: boolean;
  /** Whether the server's certificate must be right. */
  checkCertificate: boolean;
  /** A file of certificates to trust beside the machine's. */
  caFile: string | null;
}

const LONG =
  ("quiet q|no-verbose V|verbose v|output-document: O|directory-prefix: P|server-response S|spider I|no-clobber C|header: h|" +
    "user-agent: U|method: m|body-data: b|post-data: p|user: u|password: w|http-user: u|http-password: w|timeout: T|connect-timeout: T|" +
    "read-timeout: T|tries: t|max-redirect: r|inet4-only 4|inet6-only 6|content-on-error E|version 9|help 8|no-check-certificate k|ca-certificate: a|" +
    "progress: n|show-progress n|no-proxy n|no-cache n|no-dns-cache n|timestamping n|auth-no-challenge n|no-http-keep-alive n|" +
    "dns-timeout: n|wait: n|no-hsts n|no-config n|no-cookies n|retry-connrefused n|continue n|no-directories n|input-file: n")
    .split("|").map((text) => {
      const [name, option] = text.split(" ");
      return {
        name: name.replace(":", ""),
        argument: name.endsWith(":") ? 1 as const : 0 as const,
        option: `--${option}`,
      };
    });

const USAGE = "Usage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n";

/** The options, or the exit code after the complaint has been written. */
export function parseWgetOptions(process: Process): WgetOptions | number {
  const options: WgetOptions = {
    urls: [],
    quiet: false,
    verbose: true,
    output: null,
    prefix: null,
    serverResponse: false,
    spider: false,
    noClobber: false,
    headers: [],
    userAgent: "Wget/1.21.3",
    method: null,
    body: null,
    user: null,
    password: "",
    timeout: Infinity,
    tries: 20,
    maxRedirects: 20,
    family: null,
    contentOnError: false,
    checkCertificate: true,
    caFile: null,
  };
  // `-nv` and `-nc` are one word.
  const args = process.args.map((word) => word === "-nv" ? "--no-verbose" : word === "-nc" ? "--no-clobber" : word);
  const parser = new OptionParser("wget", args, "qvO:P:SU:T:t:46cNbi:e:", (sentence) => {
    process.stderr.write(`${sentence}\n`);
  }, LONG);
  for (let one = parser.next(); one !== null; one = parser.next()) {
    const { option, argument } = one;
    if (option === "?") {
      process.stderr.write(USAGE);
      return 2;
    }
    if (option === "--9" || option === "--8") {
      process.stdout.write(option === "--9" ? "GNU Wget 1.21.3 built on linux-gnu.\n" : USAGE);
      return 0;
    }
    apply(options, option.replace("--", ""), argument);
  }
  options.urls = parser.operands;
  if (options.urls.length === 0) {
    process.stderr.write(`wget: missing URL\n${USAGE}`);
    return 1;
  }
  return options;
}

function apply(options: WgetOptions, option: string, argument: string): void {
  switch (option) {
    case "q":
      options.quiet = true;
      break;
    case "V":
      options.verbose = false;
      break;
    case "O":
      options.output = argument;
      break;
    case "P":
      options.prefix = argument;
      break;
    case "S":
      options.serverResponse = true;
      break;
    case "I":
      options.spider = true;
      break;
    case "C":
      options.noClobber = true;
      break;
    case "h":
      options.headers.push(argument);
      break;
    case "U":
      options.userAgent = argument;
      break;
    case "m":
      options.method = argument.toUpperCase();
      break;
    case "p":
      options.method = "POST";
      options.body = argument;
      break;
    case "b":
      options.body = argument;
      break;
    case "u":
      options.user = argument;
      break;
    case "w":
      options.password = argument;
      break;
    case "T":
      options.timeout = Number(argument) || Infinity;
      break;
    case "t":
      options.tries = argument === "inf" || argument === "0" ? Infinity : Number(argument) || 1;
      break;
    case "r":
      options.maxRedirects = Number(argument);
      break;
    case "4":
    case "6":
      options.family = option === "4" ? 4 : 6;
      break;
    case "k":
      options.checkCertificate = false;
      break;
    case "a":
      options.caFile = argument;
      break;
    case "E":
      options.contentOnError = true;
      break;
    default: // nothing here shows a difference
  }
}
