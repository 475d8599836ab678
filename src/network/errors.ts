/** What goes wrong between a program and its network: errors of use, and of a world that cannot go on. */

/** The network was used in a way that cannot work; the message says what to do instead. */
export class NetworkUsageError extends Error {
  /** The name of the class. */
  override name = "NetworkUsageError";
}

/**
 * Virtual time cannot advance: no packet is on its way and no timer is armed that could wake the program, which still waits.
 * The message lists what is waited for.
 */
export class DeadlockError extends Error {
  /** The name of the class. */
  override name = "DeadlockError";

  /** For `Network.run`. */
  constructor(
    /** What the program waits for, oldest first: `accept on 10.0.0.1:80`. */
    readonly waits: string[],
    /** Virtual milliseconds since the network began. */
    readonly time: number,
    reason = "nothing can happen any more",
  ) {
    super(
      `Deadlock at ${time} ms of virtual time: ${reason}.` +
        (waits.length > 0
          ? ` Waiting for:\n${waits.map((what) => `  - ${what}`).join("\n")}`
          : " The program waits for a promise that this network does not know." +
            " If it is a real operation (a file, crypto, an import), wrap it in net.hold(promise)."),
    );
  }
}

/** `run` ended while work that it started goes on: a sleep, a timer, a connection attempt or a command that nobody awaited. */
export class LeftRunningError extends Error {
  /** The name of the class. */
  override name = "LeftRunningError";

  /** For `Network.run`. */
  constructor(
    /** What still goes on, oldest first. */
    readonly work: string[],
  ) {
    super(
      `run() ended, but work that it started goes on:\n${work.map((what) => `  - ${what}`).join("\n")}\n` +
        "Await it, clear it, or stop it (an AbortSignal, kill()) before the function returns.",
    );
  }
}

/** Packets went in circles (a loop of bridges, say): what one instant carried beyond the limit was dropped. */
export class StormError extends Error {
  /** The name of the class. */
  override name = "StormError";

  /** For `Network.run`. */
  constructor(
    /** Packets dropped. */
    readonly drops: number,
    /** Where the last one was dropped: `NAMESPACE/DEVICE`. */
    readonly where: string,
  ) {
    super(
      `Packets go in circles: ${drops} were dropped, the last on ${where}, since one instant carried more than the limit. ` +
        "Look for a loop of bridges or macvlans without a port that is blocked.",
    );
  }
}
