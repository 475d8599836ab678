/** iperf3's client (iperf_client_api.c). */
import { TcpSocket } from "../../transport/tcp/socket.ts";
import type { UdpSocket } from "../../transport/udp_socket.ts";
import { Errno, strerror } from "../../wire/errno.ts";
import { type LookedUp, lookUp } from "../name_lookup.ts";
import type { Process } from "../process.ts";
import {
  ACCESS_DENIED,
  CLIENT_TERMINATE,
  Control,
  COOKIE_SIZE,
  CREATE_STREAMS,
  DISPLAY_RESULTS,
  EXCHANGE_RESULTS,
  IPERF_DONE,
  IperfError,
  PARAM_EXCHANGE,
  SERVER_ERROR,
  SERVER_TERMINATE,
  TEST_END,
  TEST_RUNNING,
  TEST_START,
  writeAll,
} from "./control.ts";
import { bindTo, connectTo, FIRST_DESCRIPTOR, hostText, newSocket, prepareStream } from "./endpoint.ts";
import { Members } from "./cjson.ts";
import { Report } from "./report.ts";
import { parametersText, type Settings } from "./settings.ts";
import { Stream } from "./stream.ts";
import { IperfTest } from "./test.ts";

/** What a UDP stream says first, and what it is answered: octets as on a little-endian machine. */
export const UDP_HELLO = new TextEncoder().encode("9876");
export const UDP_ANSWER = new TextEncoder().encode("6789");
/** Virtual ms that a UDP stream waits for the answer. */
const UDP_ANSWER_TIME = 30_000;
const COOKIE_LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

export async function runClient(process: Process, settings: Settings): Promise<number> {
  const report = new Report(process, settings);
  const client = new Client(process, settings, report);
  try {
    return await client.run();
  } catch (error) {
    if (!(error instanceof IperfError)) throw error;
    report.complain(error.message);
    report.finish(client.test);
    return settings.json ? 0 : 1;
  } finally {
    client.close();
  }
}

class Client {
  test: IperfTest | null = null;
  #socket: TcpSocket | null = null;

  constructor(readonly process: Process, readonly settings: Settings, readonly report: Report) {}

  close(): void {
    this.test?.close();
    this.#socket?.close();
  }

  async run(): Promise<number> {
    const { process, settings, report } = this;
    if (settings.verbose) {
      report.line("iperf 3.12");
      report.line(String(report.start.list[2][1]));
    }
    const to = await this.#connect();
    const control = new Control(process, this.#socket!);
    const random = process.namespace.random;
    const cookie = Array.from({ length: COOKIE_SIZE - 1 }, () => COOKIE_LETTERS[random.uint32() & 31]).join("");
    await writeAll(process, control.socket, new TextEncoder().encode(`${cookie}\0`));
    const test = this.test = new IperfTest(process, settings, control, report, cookie);
    let running = false, started = false;
    for (;;) {
      const state = started ? await test.run(running) : await control.state();
      if (process.signal.aborted) return this.#interrupted(test, control);
      if (state === true) {
        test.done = true;
        test.endInterval();
        control.send(TEST_END);
        started = false;
        continue;
      }
      switch (state) {
        case PARAM_EXCHANGE:
          if (settings.verbose) report.line(`Control connection MSS ${control.socket.maxSegment}`);
          if (settings.udp && settings.length === 0) settings.length = control.socket.maxSegment;
          await control.sendJson(parametersText(settings));
          this.#connected(control, cookie);
          break;
        case CREATE_STREAMS:
          await this.#createStreams(test, to);
          report.testStart();
          break;
        case TEST_START:
          test.begin();
          started = true;
          break;
        case TEST_RUNNING:
          running = true;
          break;
        case EXCHANGE_RESULTS: {
          await control.sendJson(test.resultsText(null));
          const results = await control.readJson();
          if (results === null || !test.takeResults(results)) throw new IperfError("error - unable to receive results");
          break;
        }
        case DISPLAY_RESULTS:
          report.interval(test);
          report.results(test);
          control.send(IPERF_DONE);
          report.line("\niperf Done.");
          report.finish(test);
          return 0;
        case SERVER_TERMINATE:
          return this.#ended(test, "error - the server has terminated");
        case ACCESS_DENIED:
          throw new IperfError("error - the server is busy running a test. try again later");
        case SERVER_ERROR:
          throw new IperfError("error - the server has failed");
        case -1:
          throw new IperfError("error - control socket has closed unexpectedly");
        default:
          throw new IperfError(
            "error - received an unknown control message (ensure other side is iperf3 and not iperf)",
          );
      }
    }
  }

  /** The results so far, and why there are no more. */
  #ended(test: IperfTest, words: string): number {
    if (test.streams.length > 0 && test.start > 0) {
      if (!test.done) test.endInterval();
      test.done = true;
      this.report.interval(test);
      this.report.results(test);
    }
    this.report.complain(words);
    this.report.finish(test);
    return 1;
  }

  #interrupted(test: IperfTest, control: Control): number {
    control.send(CLIENT_TERMINATE);
    return this.#ended(test, "interrupt - the client has terminated");
  }

  async #connect(): Promise<LookedUp> {
    const { process, settings } = this;
    const refused = (errno: number): IperfError =>
      new IperfError(`error - unable to connect to server: ${strerror(errno)}`);
    const found = await lookUp(process, settings.host, settings.family);
    if (typeof found === "string") throw refused(Errno.EAGAIN);
    const [to] = found;
    const socket = this.#socket = newSocket(process, settings, to.version, false) as TcpSocket;
    let errno = await bindTo(process, settings, socket, 0);
    if (errno === 0) errno = await connectTo(process, socket, to, settings.port, settings.connectTimeout);
    if (errno < 0) throw refused(errno);
    return to;
  }

  #connected(control: Control, cookie: string): void {
    const { settings, report } = this;
    report.timestamp();
    report.line(`Connecting to host ${settings.host}, port ${settings.port}`);
    report.start.add("connecting_to", new Members().add("host", settings.host).add("port", settings.port));
    if (settings.reverse) report.line(`Reverse mode, remote host ${settings.host} is sending`);
    report.start.add("cookie", cookie);
    if (settings.verbose) report.line(`      Cookie: ${cookie}`);
    if (!settings.udp) {
      const mss = control.socket.maxSegment;
      report.start.add(settings.mss > 0 ? "tcp_mss" : "tcp_mss_default", settings.mss || mss);
      if (settings.verbose) report.line(`      TCP MSS: ${settings.mss > 0 ? settings.mss : `${mss} (default)`}`);
    }
    report.start.add("target_bitrate", settings.rate);
    if (settings.verbose && settings.rate > 0) report.line(`      Target Bitrate: ${settings.rate}`);
  }

  async #createStreams(test: IperfTest, to: LookedUp): Promise<void> {
    const { process, settings, report } = this;
    const total = settings.bidirectional ? 2 * settings.parallel : settings.parallel;
    for (let i = 0; i < total; i++) {
      const sender = settings.bidirectional ? i < settings.parallel : !settings.reverse;
      const socket = newSocket(process, settings, to.version, settings.udp);
      prepareStream(socket, settings);
      const descriptor = FIRST_DESCRIPTOR + 2 * i;
      const port = settings.clientPort > 0 ? settings.clientPort + i : 0;
      let errno = await bindTo(process, settings, socket, port);
      if (errno === 0) errno = await connectTo(process, socket, to, settings.port);
      if (errno === 0) errno = await this.#greet(socket, test.cookie);
      if (errno < 0) {
        socket.close();
        throw new IperfError(`error - unable to connect stream: ${strerror(errno)}`);
      }
      report.start.add("sock_bufsize", settings.window).add("sndbuf_actual", socket.sendBuffer)
        .add("rcvbuf_actual", socket.receiveBuffer);
      socket.tos = settings.tos;
      const stream = new Stream(socket, sender, descriptor, settings, [
        hostText(socket.localAddress),
        hostText(socket.remoteAddress),
      ]);
      test.add(stream);
      report.stream(descriptor, [stream.localText, socket.localPort], [stream.remoteText, socket.remotePort]);
    }
  }

  /** Says which test a stream is of. 0 or a negative errno. */
  async #greet(socket: TcpSocket | UdpSocket, cookie: string): Promise<number> {
    const { process, settings } = this;
    if (socket instanceof TcpSocket) {
      await writeAll(process, socket, new TextEncoder().encode(`${cookie}\0`));
      if (settings.congestion === "") return 0;
      if (socket.setCongestion(settings.congestion) === 0) return 0;
      throw new IperfError(
        "error - unable to set TCP_CONGESTION: Supplied congestion control algorithm not supported on this host",
      );
    }
    const sent = socket.send(UDP_HELLO);
    if (sent < 0) return sent;
    if (socket.pending === 0) {
      const answered = await process.wait("the answer to a UDP stream", (done) => {
        socket.onReadable = socket.onError = done;
      }, UDP_ANSWER_TIME);
      socket.onReadable = socket.onError = null;
      if (!answered) return -Errno.EAGAIN;
    }
    const count = socket.receive(new Uint8Array(4));
    return count < 0 ? count : 0;
  }
}
