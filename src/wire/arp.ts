/** ARP for IPv4 over Ethernet (RFC 826): offsets from the start of the ARP header. */

export const ARP_LENGTH = 28;
export const ARP_HARDWARE = 0;
export const ARP_PROTOCOL = 2;
export const ARP_HARDWARE_LENGTH = 4;
export const ARP_PROTOCOL_LENGTH = 5;
export const ARP_OPERATION = 6;
export const ARP_SENDER_MAC = 8;
export const ARP_SENDER_IP = 14;
export const ARP_TARGET_MAC = 18;
export const ARP_TARGET_IP = 24;
export const ARP_REQUEST = 1;
export const ARP_REPLY = 2;
