/** UDP (RFC 768): offsets from the start of the header. */

export const UDP_HEADER = 8;
export const UDP_SOURCE = 0;
export const UDP_DESTINATION = 2;
export const UDP_LENGTH = 4;
export const UDP_CHECKSUM = 6;
