/** A million inputs for messages and half as many for zones, from fixed seeds: only refusals come out of those that are none. */
import { assert } from "@std/assert";
import { decodeMessage, encodeMessage, query } from "../../src/dns/message.ts";
import { Zone, ZoneError } from "../../src/dns/zone.ts";
import { chance, damaged, octets } from "../http/stream.ts";

Error.stackTraceLimit = 0; // a million refusals need no traces
const MILLION = 1_000_000;
/** The text of a zone is slower: a million would take more than eight seconds. */
const TEXTS = 500_000;

const ZONE = '$ORIGIN a.\n@ 60 SOA n m 1 2 3 4 5\nb A 1.2.3.4\nc TXT "d"\n';

Deno.test("a million octet strings are messages or none, and what is one can be written again", () => {
  const random = chance(5);
  const message = query(7, "b.a.", 1);
  message.response = true;
  const zone = Zone.parse(ZONE);
  message.answers = [...zone.answer("b.a.", 1).answers, ...zone.answer("c.a.", 16).answers];
  message.authority = [...zone.answer("x.a.", 1).authority];
  const data = encodeMessage(message);
  let read = 0;
  for (let i = 0; i < MILLION; i++) {
    const decoded = decodeMessage(damaged(data, random));
    if (decoded === null) continue;
    read++;
    if (i % 16 === 0) encodeMessage(decoded);
  }
  assert(read > MILLION / 100, `${read} were messages`);
});

Deno.test("half a million texts are zones or refused with a ZoneError", () => {
  const random = chance(6);
  const text = octets(ZONE);
  const decoder = new TextDecoder("latin1");
  let refused = 0;
  for (let i = 0; i < TEXTS; i++) {
    try {
      Zone.parse(decoder.decode(damaged(text, random)));
    } catch (error) {
      if (!(error instanceof ZoneError)) throw error;
      refused++;
    }
  }
  assert(refused > TEXTS / 10 && refused < TEXTS, `${refused} refused`);
});
