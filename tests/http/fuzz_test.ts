/** A million inputs for the codecs, from fixed seeds: only the codec's own error comes out of them. */
import { assert, assertEquals } from "@std/assert";
import { BodyReader } from "../../src/http/body.ts";
import { ByteReader } from "../../src/http/byte_reader.ts";
import {
  headEnd,
  HttpParseError,
  parseRequestHead,
  parseResponseHead,
  requestFraming,
  responseFraming,
} from "../../src/http/head.ts";
import { encodeFrame, FrameReader, WebSocketProtocolError } from "../../src/http/websocket_frames.ts";
import { chance, damaged, octets, PieceStream } from "./stream.ts";

Error.stackTraceLimit = 0; // a million refusals need no traces
const MILLION = 1_000_000;
/** What comes in pieces is slower. */
const PIECES = 40_000;

/** A reader that has received `data` and its end: nothing that it does waits. */
function received(reader: ByteReader, data: Uint8Array): ByteReader {
  reader.buffer.set(data);
  reader.start = 0;
  reader.end = data.length;
  reader.ended = true;
  return reader;
}

const REQUESTS = [
  "GET /a?b HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n",
  "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
  "PUT * HTTP/1.0\nA:b\n\n",
].map(octets);

Deno.test("request heads of a million octet strings are parsed or refused", () => {
  const random = chance(1);
  let refused = 0, parsed = 0;
  for (let i = 0; i < MILLION; i++) {
    const data = damaged(REQUESTS[i % REQUESTS.length], random);
    const end = headEnd(data, 0, data.length);
    if (end < 0) continue;
    try {
      const head = parseRequestHead(data, 0, end);
      requestFraming(head);
      parsed++;
    } catch (error) {
      if (!(error instanceof HttpParseError)) throw error;
      refused++;
    }
  }
  assert(refused > MILLION / 10 && parsed > MILLION / 100, `${refused} refused, ${parsed} parsed`);
});

Deno.test("response heads of a million octet strings are parsed or refused", () => {
  const random = chance(2);
  const answer = octets("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nServer: x\r\n\r\n");
  for (let i = 0; i < MILLION; i++) {
    const data = damaged(answer, random);
    const end = headEnd(data, 0, data.length);
    if (end < 0) continue;
    try {
      responseFraming(parseResponseHead(data, 0, end), "GET");
    } catch (error) {
      if (!(error instanceof HttpParseError)) throw error;
    }
  }
});

Deno.test("chunked bodies of a million octet strings end or are refused, and keep nothing that was not sent", async () => {
  const random = chance(3);
  const body = octets("5\r\nhello\r\n1a;x=y\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\nA: b\r\n\r\n");
  const into = new Uint8Array(64);
  const whole = new ByteReader(new PieceStream(body));
  for (let i = 0; i < MILLION + PIECES; i++) {
    const data = damaged(body, random);
    const octetsOf = i < MILLION ? received(whole, data) : new ByteReader(new PieceStream(data, 1 + random(40)));
    const reader = new BodyReader(octetsOf, { kind: "chunked" });
    let length = 0;
    try {
      for (let count = await reader.read(into); count > 0; count = await reader.read(into)) length += count;
      assert(reader.done);
    } catch (error) {
      if (!(error instanceof HttpParseError)) throw error;
    }
    assert(length <= data.length);
  }
});

Deno.test("WebSocket frames of a million octet strings are read or refused", async () => {
  const random = chance(4);
  const mask = Uint8Array.of(1, 2, 3, 4);
  const frames = [
    encodeFrame(1, octets("hello"), mask),
    encodeFrame(2, new Uint8Array(200), mask),
    encodeFrame(8, Uint8Array.of(3, 232), mask),
    encodeFrame(9, octets("ping"), mask),
  ];
  const whole = new ByteReader(new PieceStream(mask));
  for (let i = 0; i < MILLION + PIECES; i++) {
    const data = damaged(frames[i % frames.length], random);
    // A length that nobody sends must not take its room at once.
    const length = data.length > 9 && (data[1] & 127) === 127 ? 1 : 0;
    if (length === 1) data[2] = 1;
    const octetsOf = i < MILLION ? received(whole, data) : new ByteReader(new PieceStream(data, 1 + random(50)));
    const reader = new FrameReader(octetsOf, true);
    try {
      for (let frame = await reader.read(); frame !== null; frame = await reader.read()) {
        assert(frame.payload.length <= data.length);
      }
    } catch (error) {
      if (!(error instanceof WebSocketProtocolError)) throw error;
    }
  }
});

Deno.test("a frame that announces more than is sent takes room only for what comes", async () => {
  const data = Uint8Array.from([0x82, 0xff, 0, 0, 0, 0, 3, 255, 255, 255, 1, 2, 3, 4, 9]);
  const before = Deno.memoryUsage();
  assertEquals(await new FrameReader(new ByteReader(new PieceStream(data)), true).read(), null);
  const grown = Deno.memoryUsage().external + Deno.memoryUsage().heapUsed - before.external - before.heapUsed;
  assert(grown < 16 << 20, `${grown} octets for a frame of one`);
});
