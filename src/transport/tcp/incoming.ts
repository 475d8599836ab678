/** A segment that came in, as read from its header. */

/** The segment at hand: read once by the protocol, then passed by reference. One object serves all. */
export class Incoming {
  sequence = 0;
  /** One past the last sequence number, SYN and FIN counted. */
  end = 0;
  ack = 0;
  flags = 0;
  /** As in the header. */
  window = 0;
  urgent = 0;
  /** Octets of payload, which begins at `packet.head`. */
  length = 0;
  /** Congestion Experienced and ECN-capable marks of the IP header. */
  ecn = 0;
}

/** What the caller does when a segment has been dealt with. */
export const HANDLED = 0;

export const ANSWER_RESET = 1;
