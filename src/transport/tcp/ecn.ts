/** ECN's negotiation (RFC 3168 section 6.1.1). */
import { CWR, ECE } from "../../wire/tcp.ts";

/** The flags of an ECN-setup SYN. */
export const SYN_ECN = ECE | CWR;
