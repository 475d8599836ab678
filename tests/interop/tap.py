"""Opens a TAP interface in the namespace it runs in, and passes frames between it and its standard streams.

A frame on a stream is its length (2 octets, network order) and its octets; a frame of no octets on standard output says that the
interface is there. It ends with its standard input, and the interface with it.
"""
import fcntl
import os
import select
import struct
import sys

TUNSETIFF = 0x400454CA
IFF_TAP = 0x0002
IFF_NO_PI = 0x1000

tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH14x", sys.argv[1].encode(), IFF_TAP | IFF_NO_PI))
os.write(1, b"\0\0")

pending = b""
while True:
    ready, _, _ = select.select([0, tap], [], [])
    if tap in ready:
        frames = []
        try:
            while len(frames) < 64:
                frame = os.read(tap, 65536)
                frames.append(struct.pack("!H", len(frame)) + frame)
        except BlockingIOError:
            pass
        out = memoryview(b"".join(frames))
        while out:
            out = out[os.write(1, out):]
    if 0 in ready:
        piece = os.read(0, 1 << 18)
        if not piece:
            break
        pending += piece
        at = 0
        while at + 2 <= len(pending):
            end = at + 2 + ((pending[at] << 8) | pending[at + 1])
            if end > len(pending):
                break
            try:
                os.write(tap, pending[at + 2:end])
            except OSError:
                pass  # the interface is down, or refuses the frame: it is lost
            at = end
        pending = pending[at:]
