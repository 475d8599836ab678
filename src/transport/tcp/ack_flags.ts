/** What an acknowledgement did, as the steps of its processing tell each other (`FLAG_*` of tcp_input.c). */

export const FLAG_DATA = 0x01; // it carried data
export const FLAG_WIN_UPDATE = 0x02; // it changed the window
export const FLAG_DATA_ACKED = 0x04; // it acknowledged new data
export const FLAG_RETRANS_DATA_ACKED = 0x08; // some of which had been sent again
export const FLAG_SYN_ACKED = 0x10; // it acknowledged our SYN
export const FLAG_DATA_SACKED = 0x20; // it SACKed something new
export const FLAG_ECE = 0x40;
export const FLAG_LOST_RETRANS = 0x80; // it showed that a retransmission was lost
export const FLAG_SLOWPATH = 0x100; // the window must be looked at
export const FLAG_ORIGINAL_SACKED = 0x200; // something never sent again was (S)ACKed
export const FLAG_SND_UNA_ADVANCED = 0x400;
export const FLAG_DSACKING_ACK = 0x800;
export const FLAG_SET_TIMER = 0x1000; // the retransmission timer starts again
export const FLAG_SACK_RENEGING = 0x2000;
export const FLAG_UPDATE_TS_RECENT = 0x4000;
export const FLAG_NO_CHALLENGE_ACK = 0x8000;
export const FLAG_DSACK_TLP = 0x20000;

export const FLAG_ACKED = FLAG_DATA_ACKED | FLAG_SYN_ACKED;
export const FLAG_NOT_DUP = FLAG_DATA | FLAG_WIN_UPDATE | FLAG_ACKED;
export const FLAG_CA_ALERT = FLAG_DATA_SACKED | FLAG_ECE | FLAG_DSACKING_ACK;
export const FLAG_FORWARD_PROGRESS = FLAG_ACKED | FLAG_DATA_SACKED;
