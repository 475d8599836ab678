/** The words of `python3 -m http.server` (argparse of http/server.py). */

const USAGE = "[-h] [--cgi] [-b ADDRESS] [-d DIRECTORY] [-p VERSION] [port]\n";
const HELP = `
positional arguments:
  port                  bind to this port (default: 8000)

options:
  -h, --help            show this help message and exit
  --cgi                 run as CGI server
  -b ADDRESS, --bind ADDRESS
                        bind to this address (default: all interfaces)
  -d DIRECTORY, --directory DIRECTORY
                        serve this directory (default: current directory)
  -p VERSION, --protocol VERSION
                        conform to this HTTP version (default: HTTP/1.0)
`;

export interface ServerOptions {
  bind: string | null;
  directory: string | null;
  protocol: string;
  port: number;
}

/** What is printed instead of serving, and the exit code. */
export class ServerUsage {
  constructor(readonly code: number, readonly words: string) {}
}

const LONG: Readonly<Record<string, string>> = {
  "--bind": "-b",
  "--directory": "-d",
  "--protocol": "-p",
  "--help": "-h",
  "--cgi": "--cgi",
};
const NAMES: Readonly<Record<string, string>> = { "-b": "-b/--bind", "-d": "-d/--directory", "-p": "-p/--protocol" };

export function parseServerOptions(program: string, args: readonly string[]): ServerOptions | ServerUsage {
  const options: ServerOptions = { bind: null, directory: null, protocol: "HTTP/1.0", port: 8000 };
  const usage = `usage: ${program} ${USAGE}`;
  const wrong = (words: string) => new ServerUsage(2, `${usage}${program}: error: ${words}\n`);
  const operands: string[] = [];
  const unknown: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const [name, ...inline] = args[i].startsWith("--") ? args[i].split("=") : [args[i]];
    let option = name, value: string | undefined = inline.length > 0 ? inline.join("=") : undefined;
    if (name.startsWith("--")) option = LONG[Object.keys(LONG).find((it) => it.startsWith(name)) ?? ""] ?? name;
    else if (/^-[bdp]./.test(name)) [option, value] = [name.slice(0, 2), name.slice(2)];
    if (option === "-h") return new ServerUsage(0, `${usage}${HELP}`);
    if (option in NAMES) {
      if (value === undefined && (i + 1 >= args.length || /^-[a-z-]/.test(args[i + 1]))) {
        return wrong(`argument ${NAMES[option]}: expected one argument`);
      }
      value ??= args[++i];
      if (option === "-b") options.bind = value;
      else if (option === "-d") options.directory = value;
      else options.protocol = value;
    } else if (option === "--cgi") continue;
    else if (/^-[^0-9]/.test(option)) unknown.push(args[i]);
    else operands.push(args[i]);
  }
  const [port, ...more] = operands;
  if (port !== undefined) {
    if (!/^\s*[+-]?\d+\s*$/.test(port)) return wrong(`argument port: invalid int value: '${port}'`);
    options.port = Number(port);
  }
  if (more.length + unknown.length > 0) return wrong(`unrecognized arguments: ${[...unknown, ...more].join(" ")}`);
  return options;
}
