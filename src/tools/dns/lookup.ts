/** The servers that are asked, and the order of attempts. */
import { SERVFAIL } from "../../dns/message.ts";
import { parseResolvConf, type ResolvConf } from "../../dns/resolv_conf.ts";
import { KernelError } from "../../wire/errno.ts";
import { lookUp } from "../name_lookup.ts";
import type { Process } from "../process.ts";
import { addressText } from "../tcp_client.ts";
import { exchange, failureLine, type Question, type Reply, type Server } from "./exchange.ts";

/** `/etc/resolv.conf` of this process. */
export function resolvConfOf(process: Process): ResolvConf {
  try {
    return parseResolvConf(process.files.readText("/etc/resolv.conf"));
  } catch (error) {
    if (error instanceof KernelError) return parseResolvConf("");
    throw error;
  }
}

/** All addresses of a server by name; null when the name is unknown. */
export async function serversNamed(
  process: Process,
  name: string,
  port: number,
  family: 4 | 6 | null = null,
): Promise<Server[] | null> {
  const found = await lookUp(process, name, family);
  if (typeof found === "string") return null;
  return found.map((to) => ({ to, name, port }));
}

/** The servers of the configuration; those of this machine when it names none. */
export async function configuredServers(
  process: Process,
  conf: ResolvConf,
  port: number,
  family: 4 | 6 | null = null,
): Promise<Server[]> {
  const servers: Server[] = [];
  for (const name of conf.nameservers) servers.push(...await serversNamed(process, name, port, family) ?? []);
  if (servers.length > 0) return servers;
  const own = family === 6 ? ["::1"] : family === 4 ? ["127.0.0.1"] : ["127.0.0.1", "::1"];
  for (const name of own) servers.push(...await serversNamed(process, name, port) ?? []);
  return servers;
}

export interface Attempts {
  servers: readonly Server[];
  tcp: boolean;
  /** Whether a truncated answer is asked for again over TCP. */
  retryTruncated: boolean;
  tries: number;
  ms: number;
  /** The name as it was typed, when failures tell of that. */
  shownName?: string;
  /** Whether the next server is asked when one answers SERVFAIL. */
  afterServfail: "stop" | "go on" | "go on and say so";
  /** What is said of failures. */
  say: (text: string) => void;
}

/** Asks one server after the other until one answers; null when none does. */
export async function askAll(process: Process, question: Question, how: Attempts): Promise<Reply | null> {
  // The first server has all tries but one, which each has (`dighost.c`).
  let tries = how.tries;
  for (const [i, server] of how.servers.entries()) {
    for (;; tries--) {
      let reply = await exchange(process, question, server, how.tcp, how.ms);
      if ("message" in reply && reply.message.truncated && !how.tcp && how.retryTruncated) {
        how.say(";; Truncated, retrying in TCP mode.\n");
        reply = await exchange(process, question, server, true, how.ms);
      }
      if ("message" in reply) {
        const failed = reply.message.rcode === SERVFAIL && how.afterServfail !== "stop";
        const last = i + 1 === how.servers.length;
        if (failed && how.afterServfail === "go on and say so") {
          how.say(
            `;; Got SERVFAIL reply from ${addressText(server.to.address)}${last ? "" : ", trying next server"}\n`,
          );
        }
        if (!failed || last) return reply;
        break;
      }
      how.say(failureLine(reply, server, how.shownName ?? question.name));
      if (tries <= 1) break;
    }
  }
  return null;
}
