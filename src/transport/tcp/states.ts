/** The states of a connection (RFC 9293 section 3.3.2) by Linux's numbers and by the names that `ss` prints. */

export const ESTABLISHED = 1;
export const SYN_SENT = 2;
export const SYN_RECV = 3;
export const FIN_WAIT1 = 4;
export const FIN_WAIT2 = 5;
export const TIME_WAIT = 6;
export const CLOSE = 7;
export const CLOSE_WAIT = 8;
export const LAST_ACK = 9;
export const LISTEN = 10;
export const CLOSING = 11;
/** A request socket: a SYN was answered and the third packet has not come. */
export const NEW_SYN_RECV = 12;

const NAMES = [
  "UNCONN",
  "ESTAB",
  "SYN-SENT",
  "SYN-RECV",
  "FIN-WAIT-1",
  "FIN-WAIT-2",
  "TIME-WAIT",
  "UNCONN",
  "CLOSE-WAIT",
  "LAST-ACK",
  "LISTEN",
  "CLOSING",
  "SYN-RECV",
];

/** As `ss` names it. */
export function stateName(state: number): string {
  return NAMES[state];
}

/** Where a state is a member of a set of states: `(1 << state) & mask`. */
export function isOneOf(state: number, mask: number): boolean {
  return ((1 << state) & mask) !== 0;
}

/** The sender may still put data in the queue. */
export const CAN_SEND = (1 << ESTABLISHED) | (1 << CLOSE_WAIT);
/** Our SYN has been acknowledged and the connection is not over. */
export const SYNCHRONISED = (1 << ESTABLISHED) | (1 << FIN_WAIT1) | (1 << FIN_WAIT2) | (1 << CLOSE_WAIT) |
  (1 << LAST_ACK) | (1 << CLOSING);

/** The state after the application closes its side, and whether a FIN goes out (RFC 9293 section 3.10.4; `new_state`). */
export function afterClose(state: number): { state: number; fin: boolean } {
  switch (state) {
    case ESTABLISHED:
      return TO_FIN_WAIT1;
    case SYN_RECV:
      return TO_FIN_WAIT1;
    case CLOSE_WAIT:
      return TO_LAST_ACK;
    case FIN_WAIT1:
    case FIN_WAIT2:
    case LAST_ACK:
    case CLOSING:
      return STAYS[state];
    default:
      return TO_CLOSE;
  }
}

const TO_FIN_WAIT1 = { state: FIN_WAIT1, fin: true };
const TO_LAST_ACK = { state: LAST_ACK, fin: true };
const TO_CLOSE = { state: CLOSE, fin: false };
const STAYS: { state: number; fin: boolean }[] = NAMES.map((_, state) => ({ state, fin: false }));
