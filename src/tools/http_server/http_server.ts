/** `http-server`, and `python3 -m http.server`: a directory's files over HTTP. */
import { listenTcp, type TcpListener } from "../../socket/tcp.ts";
import { Errno, strerror } from "../../wire/errno.ts";
import { lookUp } from "../name_lookup.ts";
import type { Process } from "../process.ts";
import { closeQuietly } from "../../http/byte_reader.ts";
import { addressText, edgeOf } from "../tcp_client.ts";
import { SiteConnection } from "./connection.ts";
import { parseServerOptions, type ServerOptions, ServerUsage } from "./options.ts";

/** `python3`: of all its modules there is `http.server`. */
export async function python(process: Process): Promise<number> {
  const args = [...process.args];
  while (args[0] === "-u" || args[0] === "-B") args.shift();
  if (args[0] === "-V" || args[0] === "--version") {
    process.stdout.write("Python 3.11.2\n");
    return 0;
  }
  const module = args[0] === "-m" ? args[1] : args[0]?.startsWith("-m") ? args[0].slice(2) : undefined;
  if (module === "http.server") return await serveFiles(process, "server.py", args.slice(args[0] === "-m" ? 2 : 1));
  process.stderr.write(
    module === undefined
      ? "python3: here it runs nothing but -m http.server\n"
      : `/usr/bin/python3: No module named ${module}\n`,
  );
  return 1;
}

export async function httpServer(process: Process): Promise<number> {
  return await serveFiles(process, "http-server", process.args);
}

async function serveFiles(process: Process, program: string, args: readonly string[]): Promise<number> {
  const options = parseServerOptions(program, args);
  if (options instanceof ServerUsage) {
    (options.code === 0 ? process.stdout : process.stderr).write(options.words);
    return options.code;
  }
  const listener = await listen(process, options);
  if (typeof listener === "string") {
    process.stderr.write(`${program === "server.py" ? TRACEBACK : ""}${listener}\n`);
    return 1;
  }
  const { hostname, port } = listener.addr;
  const url = hostname.includes(":") ? `[${hostname}]` : hostname;
  process.stdout.write(`Serving HTTP on ${hostname} port ${port} (http://${url}:${port}/) ...\n`);
  await accept(process, options, listener);
  process.stdout.write("\nKeyboard interrupt received, exiting.\n");
  return 0;
}

const LIBRARY = "/usr/lib/python3.11";
const TRACEBACK = `Traceback (most recent call last):
  File "<frozen runpy>", line 198, in _run_module_as_main
  File "<frozen runpy>", line 88, in _run_code
  File "${LIBRARY}/http/server.py", line 1313, in <module>
    test(
  File "${LIBRARY}/http/server.py", line 1260, in test
    with ServerClass(addr, HandlerClass) as httpd:
         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "${LIBRARY}/socketserver.py", line 456, in __init__
    self.server_bind()
  File "${LIBRARY}/http/server.py", line 1307, in server_bind
    return super().server_bind()
           ^^^^^^^^^^^^^^^^^^^^^
  File "${LIBRARY}/http/server.py", line 136, in server_bind
    socketserver.TCPServer.server_bind(self)
  File "${LIBRARY}/socketserver.py", line 472, in server_bind
    self.socket.bind(self.server_address)
`;

/** The listener, or Python's last line. */
async function listen(process: Process, options: ServerOptions): Promise<TcpListener | string> {
  if (options.port < 0 || options.port > 65535) return "OverflowError: bind(): port must be 0-65535.";
  const found = await lookUp(process, options.bind ?? "0.0.0.0");
  if (typeof found === "string") return `socket.gaierror: [Errno -2] Name or service not known`;
  const { address } = found[0];
  try {
    return listenTcp(
      edgeOf(process),
      { port: options.port, hostname: addressText(address), tcpBacklog: 5 },
      () => address,
    );
  } catch (error) {
    const { code } = error as { code?: keyof typeof Errno };
    if (code === undefined) throw error;
    return `OSError: [Errno ${Errno[code]}] ${strerror(Errno[code])}`;
  }
}

/** Serves until the process is told to end. */
async function accept(process: Process, options: ServerOptions, listener: TcpListener): Promise<void> {
  const site = {
    root: process.files.resolve(options.directory ?? ".", process.cwd),
    protocol: options.protocol,
    modifiedAt: process.namespace.world.wallClock(),
  };
  const open = new Set<{ close(): void }>();
  const onSignal = () => {
    closeQuietly(listener);
    for (const conn of open) closeQuietly(conn);
  };
  process.signal.addEventListener("abort", onSignal);
  if (process.signal.aborted) onSignal();
  for await (const conn of listener) {
    open.add(conn);
    new SiteConnection(process, site, conn, conn.remoteAddr.hostname).serve().finally(() => {
      open.delete(conn);
      closeQuietly(conn);
    });
  }
  process.signal.removeEventListener("abort", onSignal);
}
