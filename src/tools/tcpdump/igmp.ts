/** IGMP, versions 1 to 3. */
import type { Dissector } from "./dissector.ts";

const RECORDS = ["", "is_in", "is_ex", "to_in", "to_ex", "allow", "block"];

export function printIgmp(dissector: Dissector, at: number, length: number): void {
  const { verbose, quick, noChecksum } = dissector.options;
  dissector.protocol = "igmp";
  if (quick) {
    dissector.print("igmp");
    return;
  }
  const type = dissector.u8(at);
  const group = (): string => dissector.ipv4(at + 4);
  switch (type) {
    case 0x11:
      dissector.print("igmp query");
      if (length >= 12) printQuery3(dissector, at, length);
      else {
        const time = dissector.u8(at + 1);
        dissector.print(time !== 0 ? " v2" : " v1");
        if (time !== 0 && time !== 100) dissector.print(` [max resp time ${time}]`);
        if (dissector.u32(at + 4) !== 0) dissector.print(` [gaddr ${group()}]`);
        if (length !== 8) dissector.print(` [len ${length}]`);
      }
      break;
    case 0x12:
      dissector.print(`igmp v1 report ${group()}`);
      if (length !== 8) dissector.print(` [len ${length}]`);
      break;
    case 0x16:
      dissector.print(`igmp v2 report ${group()}`);
      break;
    case 0x17:
      dissector.print(`igmp leave ${group()}`);
      break;
    case 0x22:
      dissector.print("igmp v3 report");
      printReport(dissector, at, length);
      break;
    default:
      dissector.print(`igmp-${type}`);
  }
  if (verbose > 0 && !noChecksum && dissector.has(at, length) && dissector.sum(at, at + length) !== 0xffff) {
    dissector.print(` bad igmp cksum ${dissector.u16(at + 2).toString(16)}!`);
  }
}

/** Seconds as `5m7s`. */
function duration(seconds: number): string {
  if (seconds === 0) return "0s";
  let text = "";
  for (const [unit, size] of [["w", 604800], ["d", 86400], ["h", 3600], ["m", 60], ["s", 1]] as const) {
    if (seconds >= size) {
      text += `${Math.floor(seconds / size)}${unit}`;
      seconds %= size;
    }
  }
  return text;
}

function printQuery3(dissector: Dissector, at: number, length: number): void {
  dissector.print(" v3");
  if ((length & 3) !== 0) {
    dissector.print(` [invalid len ${length}]`);
    return;
  }
  const code = dissector.u8(at + 1);
  const tenths = code < 128 ? code : ((code & 15) | 16) << (((code & 0x70) >> 4) + 3);
  if (code !== 100) {
    const time = tenths < 600 ? `${(tenths * 0.1).toFixed(1)}s` : duration(Math.floor(tenths / 10));
    dissector.print(` [max resp time ${time}]`);
  }
  if (dissector.u32(at + 4) === 0) return;
  dissector.print(` [gaddr ${dissector.ipv4(at + 4)}`);
  const sources = dissector.u16(at + 10);
  if (sources > 0) {
    if (length < 12 + 4 * sources) dissector.print(" [invalid number of sources]");
    else if (dissector.options.verbose > 1) printSources(dissector, at + 12, sources);
    else dissector.print(`, ${sources} source(s)`);
  }
  dissector.print("]");
}

function printSources(dissector: Dissector, at: number, count: number): void {
  dissector.print(" {");
  for (let i = 0; i < count; i++) dissector.print(` ${dissector.ipv4(at + 4 * i)}`);
  dissector.print(" }");
}

function printReport(dissector: Dissector, at: number, length: number): void {
  const { verbose } = dissector.options;
  if (length < 16 || (length & 3) !== 0) {
    dissector.print(` [invalid len ${length}]`);
    return;
  }
  const groups = dissector.u16(at + 6);
  dissector.print(`, ${groups} group record(s)`);
  if (verbose === 0) return;
  let record = 8;
  for (let i = 0; i < groups; i++) {
    if (length < record + 8) {
      dissector.print(" [invalid number of groups]");
      return;
    }
    const type = dissector.u8(at + record);
    dissector.print(` [gaddr ${dissector.ipv4(at + record + 4)} ${RECORDS[type] || ` [v3-report-#${type}]`}`);
    const sources = dissector.u16(at + record + 2);
    if (length < record + 8 + 4 * sources) {
      dissector.print(` [invalid number of sources ${sources}]`);
      return;
    }
    if (verbose === 1) dissector.print(`, ${sources} source(s)`);
    else printSources(dissector, at + record + 8, sources);
    record += 8 + 4 * sources;
    dissector.print("]");
  }
}
