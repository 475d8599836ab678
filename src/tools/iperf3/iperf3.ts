/** `iperf3` 3.12: measures what TCP and UDP carry between a client and a server, over iperf3's own protocol. */
import type { Process } from "../process.ts";
import { runClient } from "./client.ts";
import { runServer } from "./server.ts";
import { parseSettings, Usage } from "./settings.ts";

export async function iperf3(process: Process): Promise<number> {
  try {
    const settings = parseSettings(process);
    return settings.server ? await runServer(process, settings) : await runClient(process, settings);
  } catch (error) {
    if (!(error instanceof Usage)) throw error;
    process.stderr.write(error.stderr);
    process.stdout.write(error.stdout);
    return error.code;
  }
}
