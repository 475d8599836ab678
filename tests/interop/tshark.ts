/** tshark's reading of a capture. */
import { assertEquals } from "@std/assert";

const CHECKS = ["ip", "tcp", "udp"].flatMap((protocol) => ["-o", `${protocol}.check_checksum:TRUE`]);

/** What no capture may hold. */
export const WRONG = "_ws.malformed || _ws.short || ip.checksum.status == 0 || tcp.checksum.status == 0 || " +
  "udp.checksum.status == 0 || icmp.checksum.status == 0 || icmpv6.checksum.status == 0 || igmp.checksum.status == 0 || " +
  "_ws.expert.severity == error";

/** What tshark says of a stream in which nothing was lost, late or out of order. */
export const TROUBLE = "tcp.analysis.retransmission || tcp.analysis.lost_segment || tcp.analysis.out_of_order || " +
  "tcp.analysis.ack_lost_segment || tcp.analysis.duplicate_ack || tcp.analysis.spurious_retransmission || tcp.analysis.zero_window_probe";

/** The lines of `tshark -r FILE -Y FILTER`, which shows what the filter takes. */
export async function tshark(capture: Uint8Array, filter: string, ...more: string[]): Promise<string[]> {
  const file = await Deno.makeTempFile({ suffix: ".pcapng" });
  try {
    await Deno.writeFile(file, capture);
    const { code, stdout, stderr } = await new Deno.Command("tshark", {
      args: ["-n", "-r", file, ...CHECKS, "-Y", filter, ...more],
    }).output();
    if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
  } finally {
    await Deno.remove(file);
  }
}

/** Asserts that there is nothing malformed and no wrong checksum; with `calm` also no sign of a lost or late segment. */
export async function assertSound(
  capture: Uint8Array,
  options: { calm?: boolean; kernel?: string } = {},
): Promise<void> {
  // A segment that is sent again, or seen on several interfaces, confuses its reassembly of what lies above.
  let filter = options.calm ? `(${WRONG} || ${TROUBLE})` : `(${WRONG}) && !_ws.malformed.reassembly`;
  // Linux's `skb_checksum_help` writes zero as all ones for TCP too, of which tshark complains: not ours to mend.
  if (options.kernel !== undefined) filter += ` && !(tcp.checksum == 0xffff && (${options.kernel}))`;
  const found = await tshark(capture, filter);
  assertEquals(found.slice(0, 20), []);
}
