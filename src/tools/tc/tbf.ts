/** The token bucket filter (`tc/q_tbf.c`). The kernel keeps times in ticks, from which tc makes octets again: it shows what that leaves. */
import type { Discipline } from "../../qdisc/discipline.ts";
import type { Tbf, TbfOptions } from "../../qdisc/tbf.ts";
import { type Arguments, CommandError } from "../ip/arguments.ts";
import type { Session } from "../ip/session.ts";
import {
  formatRate,
  formatSize,
  formatTime,
  octetsOf,
  parseRate,
  parseSize,
  parseTime,
  ticksToUs,
  transmissionTicks,
} from "./units.ts";
import { TBF_USAGE } from "./usage.ts";

/** What the words said, by tc's keywords. */
interface Words {
  rate?: number;
  peakrate?: number;
  burst?: number;
  limit?: number;
  latency?: number;
  mtu?: number;
}

const KEYWORDS: Record<string, keyof Words> = {
  limit: "limit",
  latency: "latency",
  buffer: "burst",
  burst: "burst",
  maxburst: "burst",
  mtu: "mtu",
  minburst: "mtu",
  rate: "rate",
  peakrate: "peakrate",
};

const DUPLICATES: Partial<Record<keyof Words, string>> = {
  burst: "buffer/burst/maxburst",
  mtu: "mtu/minburst",
};

function illegal(keyword: string, text: string): never {
  throw new CommandError(`tbf: illegal value for "${keyword}": "${text}"\n`, 1);
}

export function readTbf(args: Arguments): TbfOptions {
  const words: Words = {};
  while (args.more) {
    const keyword = args.take();
    const key = KEYWORDS[keyword];
    if (key === undefined) {
      if (keyword === "mpu" || keyword === "overhead") {
        const text = args.value();
        if (parseSize(text) === null) illegal(keyword, text);
        continue;
      }
      if (keyword === "linklayer") {
        args.value();
        continue;
      }
      if (keyword === "help") throw new CommandError(TBF_USAGE, 1);
      throw new CommandError(`tbf: unknown parameter "${keyword}"\n${TBF_USAGE}`, 1);
    }
    const text = args.value();
    if (key === "limit" && words.latency !== undefined || key === "latency" && words.limit !== undefined) {
      throw new CommandError('tbf: specifying both "limit" and "/latency" is not allowed\n', 1);
    }
    if (words[key] !== undefined) {
      throw new CommandError(`tbf: duplicate "${DUPLICATES[key] ?? key}" specification\n`, 1);
    }
    words[key] = readValue(key, keyword, text);
  }
  return complete(words);
}

function readValue(key: keyof Words, keyword: string, text: string): number {
  if (key === "rate" || key === "peakrate") return parseRate(text) ?? illegal(keyword, text);
  if (key === "latency") return parseTime(text) ?? illegal(keyword, text);
  if (key === "limit") return parseSize(text) ?? illegal(keyword, text);
  // A size, and after a slash the size of a cell.
  const [size, cell] = text.split("/", 2);
  if (cell !== undefined && parseSize(cell) === null) illegal(keyword, text);
  return parseSize(size) ?? illegal(keyword, text);
}

function complete(words: Words): TbfOptions {
  const { rate, burst, limit, latency, peakrate, mtu } = words;
  let complaints = "";
  if (!rate) complaints += 'tbf: the "rate" parameter is mandatory.\n';
  if (!burst) complaints += 'tbf: the "burst" parameter is mandatory.\n';
  if (peakrate !== undefined && mtu === undefined) {
    complaints += 'tbf: when "peakrate" is specified, "mtu" must also be specified.\n';
  }
  if (!limit && !latency) complaints += 'tbf: either "limit" or "latency" is required.\n';
  if (complaints !== "") throw new CommandError(complaints + TBF_USAGE, 1);
  const options: TbfOptions = { rate: rate!, burst: burst!, limit: limit ?? 0 };
  if (!limit) {
    let octets = rate! * latency! / 1e6 + burst!;
    if (peakrate !== undefined) octets = Math.min(octets, peakrate * latency! / 1e6 + mtu!);
    options.limit = Math.trunc(octets);
  }
  if (peakrate !== undefined) {
    options.peakrate = peakrate;
    options.mtu = mtu;
  }
  return options;
}

export function printTbf(session: Session, discipline: Discipline): void {
  const { out, options } = session;
  const { rate, burst, limit, peakrate, mtu } = (discipline as Tbf).options;
  const { details } = options;
  out.put("rate", rate, `rate ${formatRate(rate, options.iec)} `);
  const ticks = transmissionTicks(rate, burst);
  const shown = octetsOf(rate, ticks);
  if (details) {
    const cell = `${formatSize(shown)}/1`;
    out.put("burst", cell, `burst ${cell} `);
    out.put("mpu", 0, "mpu 0b ");
  } else out.put("burst", shown, `burst ${formatSize(shown)} `);
  let latency = (1e6 * limit) / rate - ticksToUs(ticks);
  if (peakrate !== undefined && mtu !== undefined) {
    out.text(`peakrate ${formatRate(peakrate, options.iec)} `);
    const peakTicks = transmissionTicks(peakrate, mtu);
    const octets = octetsOf(peakrate, peakTicks);
    if (details) {
      const cell = `${formatSize(octets)}/1`;
      out.put("mtu", cell, `mtu ${cell} `);
      out.put("mpu", 0, "mpu 0b ");
    } else out.put("minburst", octets, `minburst ${formatSize(octets)} `);
    latency = Math.max(latency, (1e6 * limit) / peakrate - ticksToUs(peakTicks));
  }
  if (latency >= 0) out.put("lat", Math.trunc(latency), `lat ${formatTime(Math.trunc(latency))} `);
  else out.put("limit", limit, `limit ${formatSize(limit)} `);
  if (details) out.put("linklayer", "ethernet", "linklayer ethernet ");
}
