/** iperf3's server: one test at a time (iperf_server_api.c). */
import type { TcpSocket } from "../../transport/tcp/socket.ts";
import type { UdpSocket } from "../../transport/udp_socket.ts";
import { Errno, strerror } from "../../wire/errno.ts";
import { lookUp } from "../name_lookup.ts";
import type { Process } from "../process.ts";
import { Members } from "./cjson.ts";
import { UDP_ANSWER, UDP_HELLO } from "./client.ts";
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
  readExactly,
  SERVER_TERMINATE,
  TEST_END,
  TEST_RUNNING,
  TEST_START,
} from "./control.ts";
import { FIRST_DESCRIPTOR, hostText, newSocket, prepareStream } from "./endpoint.ts";
import { Report } from "./report.ts";
import { type Settings, systemText, takeParameters } from "./settings.ts";
import { Stream } from "./stream.ts";
import { IperfTest } from "./test.ts";

const BACKLOG = 0x7fffffff;
const RULE = "-----------------------------------------------------------";

export async function runServer(process: Process, given: Settings): Promise<number> {
  for (let count = 1;; count++) {
    const settings = { ...given };
    const report = new Report(process, settings);
    if (count === 1 && settings.verbose) {
      report.line("iperf 3.12");
      report.line(systemText(process));
    }
    report.line(RULE);
    report.line(`Server listening on ${settings.port} (test #${count})`);
    report.line(RULE);
    const server = new Server(process, settings, report);
    try {
      const code = await server.run();
      if (code !== 0) return code;
    } catch (error) {
      if (!(error instanceof IperfError)) throw error;
      report.complain(error.message);
      if (server.listener === null) {
        report.complain("exiting");
        return 1;
      }
    } finally {
      server.close();
    }
    report.finish(server.test);
    if (settings.oneOff) return 0;
  }
}

class Server {
  listener: TcpSocket | null = null;
  test: IperfTest | null = null;
  #control: Control | null = null;
  /** For UDP: the socket that takes the next stream. */
  #next: UdpSocket | null = null;

  constructor(readonly process: Process, readonly settings: Settings, readonly report: Report) {}

  close(): void {
    this.test?.close();
    this.#control?.socket.close();
    this.#next?.close();
    this.listener?.close();
  }

  async run(): Promise<number> {
    const { process, settings, report } = this;
    this.listener = await this.#listen(settings);
    const socket = await this.#accept();
    if (socket === null) return this.#terminated();
    const control = this.#control = new Control(process, socket);
    const cookie = await readExactly(process, socket, COOKIE_SIZE);
    if (cookie === null) {
      if (process.signal.aborted) return this.#terminated();
      throw new IperfError("error - unable to receive cookie at server");
    }
    const text = new TextDecoder().decode(cookie.subarray(0, COOKIE_SIZE - 1));
    const test = this.test = new IperfTest(process, settings, control, report, text);
    control.send(PARAM_EXCHANGE);
    const parameters = await control.readJson();
    if (parameters === null) {
      if (process.signal.aborted) return this.#terminated();
      throw new IperfError("error - unable to receive parameters from client");
    }
    takeParameters(settings, parameters);
    if (settings.udp) this.#next = await this.#listenUdp();
    else if (settings.noDelay || settings.mss > 0 || settings.window > 0) await this.#listenAgain();
    if (settings.rate > 0) report.start.add("target_bitrate", settings.rate);
    control.send(CREATE_STREAMS);
    if (settings.serverOutput) report.captured = "";
    this.#connected(socket, text);
    if (!await this.#streams(test)) return this.#terminated();
    report.testStart();
    control.send(TEST_START);
    test.begin();
    control.send(TEST_RUNNING);
    return await this.#serve(test, control);
  }

  /** From the start of the test to its end. The exit code when the server is to end, else 0. */
  async #serve(test: IperfTest, control: Control): Promise<number> {
    this.#refuseOthers();
    for (;;) {
      const state = test.done ? await control.state() : await test.run(true);
      if (this.process.signal.aborted) return this.#terminated();
      switch (state) {
        case TEST_END: {
          test.done = true;
          test.endInterval();
          this.report.interval(test);
          this.report.results(test);
          test.close();
          control.send(EXCHANGE_RESULTS);
          const results = await control.readJson();
          if (results === null || !test.takeResults(results)) throw new IperfError("error - unable to receive results");
          await control.sendJson(test.resultsText(this.report.captured));
          control.send(DISPLAY_RESULTS);
          break;
        }
        case IPERF_DONE:
          return 0;
        case CLIENT_TERMINATE:
          test.done = true;
          test.endInterval();
          this.report.interval(test);
          this.report.results(test);
          throw new IperfError("the client has terminated");
        case -1:
          this.report.complain("the client has unexpectedly closed the connection");
          throw new IperfError("error - control socket has closed unexpectedly");
        default:
          throw new IperfError(
            "error - received an unknown control message (ensure other side is iperf3 and not iperf)",
          );
      }
    }
  }

  #terminated(): number {
    const { test } = this;
    if (test !== null && test.start > 0 && !test.done) {
      test.done = true;
      test.endInterval();
      this.report.interval(test);
      this.report.results(test);
    }
    this.#control?.send(SERVER_TERMINATE);
    this.report.complain("interrupt - the server has terminated");
    this.report.finish(test);
    return 1;
  }

  /** Who comes while a test runs is told so. */
  #refuseOthers(): void {
    const { listener } = this;
    if (listener === null) return;
    listener.onReadable = () => {
      for (let other = listener.accept(); other !== null; other = listener.accept()) {
        other.write(Uint8Array.of(ACCESS_DENIED));
        other.shutdown("write");
        const socket = other;
        socket.onReadable = socket.onError = () => {
          const count = socket.read(new Uint8Array(COOKIE_SIZE));
          if (count !== -Errno.EAGAIN) socket.close();
        };
      }
    };
  }

  async #place(): Promise<{ version: 4 | 6; address: number | Uint8Array }> {
    const { settings, process } = this;
    if (settings.bind === null) {
      const version = settings.family ?? 6;
      return { version, address: version === 4 ? 0 : new Uint8Array(16) };
    }
    const found = await lookUp(process, settings.bind, settings.family);
    if (typeof found === "string") {
      throw new IperfError(`error - unable to start listener for connections: ${strerror(Errno.EAGAIN)}`);
    }
    return found[0];
  }

  async #listen(settings: Settings | null): Promise<TcpSocket> {
    const { version, address } = await this.#place();
    const socket = newSocket(this.process, this.settings, version, false) as TcpSocket;
    if (settings !== null) prepareStream(socket, settings);
    socket.reuseAddress = true;
    let errno = socket.bind(address, this.settings.port);
    if (errno === 0) errno = socket.listen(BACKLOG);
    if (errno === 0) return socket;
    socket.close();
    throw new IperfError(`error - unable to start listener for connections: ${strerror(errno)}`);
  }

  /** Streams with options of their own take them from the socket that listens. */
  async #listenAgain(): Promise<void> {
    this.listener!.close();
    this.listener = await this.#listen(this.settings);
    this.report.start.add("sock_bufsize", this.settings.window).add("sndbuf_actual", this.listener.sendBuffer)
      .add("rcvbuf_actual", this.listener.receiveBuffer);
  }

  async #listenUdp(): Promise<UdpSocket> {
    const { version, address } = await this.#place();
    const socket = newSocket(this.process, this.settings, version, true) as UdpSocket;
    prepareStream(socket, this.settings);
    socket.reuseAddress = true;
    const errno = socket.bind(address, this.settings.port);
    if (errno === 0) return socket;
    socket.close();
    throw new IperfError(`error - unable to start stream listener: ${strerror(errno)}`);
  }

  async #accept(): Promise<TcpSocket | null> {
    const listener = this.listener!;
    for (;;) {
      const socket = listener.accept();
      if (socket !== null) return socket;
      await this.process.wait("iperf3: a client", (done) => listener.onReadable = done);
      listener.onReadable = null;
      if (this.process.signal.aborted) return null;
    }
  }

  #connected(socket: TcpSocket, cookie: string): void {
    const { settings, report } = this;
    report.timestamp();
    const host = hostText(socket.remoteAddress), port = socket.remotePort;
    report.line(`Accepted connection from ${host}, port ${port}`);
    report.start.add("accepted_connection", new Members().add("host", host).add("port", port)).add("cookie", cookie);
    if (settings.verbose) report.line(`      Cookie: ${cookie}`);
    if (!settings.udp) {
      report.start.add(settings.mss > 0 ? "tcp_mss" : "tcp_mss_default", settings.mss);
      if (settings.verbose) report.line(`      TCP MSS: ${settings.mss > 0 ? settings.mss : "0 (default)"}`);
    }
    report.start.add("target_bitrate", settings.rate);
    if (settings.verbose && settings.rate > 0) report.line(`      Target Bitrate: ${settings.rate}`);
  }

  /** Takes all streams of the test; false when the process is told to end. */
  async #streams(test: IperfTest): Promise<boolean> {
    const { settings, report } = this;
    const total = settings.bidirectional ? 2 * settings.parallel : settings.parallel;
    let descriptor = FIRST_DESCRIPTOR;
    for (let i = 0; i < total; i++) {
      const sender = settings.bidirectional ? i >= settings.parallel : settings.reverse;
      const socket = settings.udp ? await this.#udpStream(i + 1 < total) : await this.#tcpStream(test.cookie);
      if (socket === null) return false;
      socket.tos = settings.tos;
      const stream = new Stream(socket, sender, descriptor, settings, [
        hostText(socket.localAddress),
        hostText(socket.remoteAddress),
      ]);
      test.add(stream);
      report.stream(descriptor, [stream.localText, socket.localPort], [stream.remoteText, socket.remotePort]);
      // Between lie the file of its buffer and, behind the first, /dev/urandom; a UDP stream's successor was there before them.
      descriptor = i === 0 ? (settings.udp ? 6 : 8) : i === 1 && settings.udp ? 9 : descriptor + 2;
    }
    return true;
  }

  async #tcpStream(cookie: string): Promise<TcpSocket | null> {
    for (;;) {
      const socket = await this.#accept();
      if (socket === null) return null;
      const octets = await readExactly(this.process, socket, COOKIE_SIZE);
      if (octets !== null && new TextDecoder().decode(octets.subarray(0, COOKIE_SIZE - 1)) === cookie) {
        const { congestion } = this.settings;
        if (congestion !== "" && socket.setCongestion(congestion) < 0) {
          throw new IperfError(
            "error - unable to set TCP_CONGESTION: Supplied congestion control algorithm not supported on this host",
          );
        }
        return socket;
      }
      socket.write(Uint8Array.of(ACCESS_DENIED));
      socket.close();
      if (this.process.signal.aborted) return null;
    }
  }

  /** The socket to which a stream's first datagram came is that stream's from then on; another takes its place. */
  async #udpStream(more: boolean): Promise<UdpSocket | null> {
    const socket = this.#next!;
    if (socket.pending === 0) {
      await this.process.wait("iperf3: a UDP stream", (done) => socket.onReadable = done);
      socket.onReadable = null;
      if (this.process.signal.aborted) return null;
    }
    const hello = new Uint8Array(UDP_HELLO.length);
    socket.receive(hello);
    const errno = socket.connect(socket.senderAddress, socket.senderPort);
    this.#next = null;
    if (errno < 0) throw new IperfError(`error - unable to accept stream connection: ${strerror(errno)}`);
    if (more) this.#next = await this.#listenUdp();
    socket.send(UDP_ANSWER);
    return socket;
  }
}
