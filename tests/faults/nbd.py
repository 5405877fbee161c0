# SPDX-License-Identifier: BSD-2-Clause
"""A disk that misbehaves: a server of the NBD protocol for one client.

https://github.com/NetworkBlockDevice/nbd, doc/proto.md: the fixed newstyle
handshake, then simple replies. What is wrong with the disk is one word:

    good           nothing
    short          half of an answer comes, then the disk is gone
    late:SECONDS   each answer takes so long
    never          no answer to the second request
    error          each request fails
    flip:OFFSET    the lowest bit of that byte is another
    changes        what is read a second time is different, but for zeros
"""
import os
import socket
import struct
import threading
import time

MAGIC, OPTION_MAGIC = b"NBDMAGIC", b"IHAVEOPT"
OPTION_REPLY = 0x3e889045565a9
REQUEST, REPLY = 0x25609513, 0x67446698
FIXED_NEWSTYLE, NO_ZEROES = 1, 2
EXPORT_NAME, ABORT, INFO, GO = 1, 2, 6, 7
REPLY_ACK, REPLY_INFO, REPLY_UNSUPPORTED = 1, 3, 0x80000001
READ, DISCONNECT = 0, 2
HAS_FLAGS = 1
EIO = 5
SECTOR = 512


class Server:
    def __init__(self, path, data, fault):
        self.data = data
        self.fault, _, self.value = fault.partition(":")
        self.is_closing = threading.Event()
        self.seen, self.request_count, self.again_count = set(), 0, 0
        self.client = None
        self.path = path
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.is_closing.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        if self.client:
            try:
                self.client.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.thread.join()
        self.listener.close()
        os.unlink(self.path)

    def serve(self):
        """QEMU may connect again after it has been left."""
        try:
            while True:
                self.client, _ = self.listener.accept()
                with self.client:
                    try:
                        if self.shake_hands():
                            self.answer_all()
                    except (ConnectionError, EOFError):
                        pass
        except OSError:
            pass  # __exit__

    def receive(self, size):
        data = b""
        while len(data) < size:
            more = self.client.recv(size - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def send(self, form, *values):
        self.client.sendall(struct.pack(form, *values))

    def shake_hands(self):
        self.send(">8s8sH", MAGIC, OPTION_MAGIC, FIXED_NEWSTYLE | NO_ZEROES)
        self.receive(4)
        while True:
            _, option, size = struct.unpack(">8sII", self.receive(16))
            self.receive(size)
            if option == EXPORT_NAME:
                self.send(">QH", len(self.data), HAS_FLAGS)
                return True
            if option in (INFO, GO):
                self.send(">QIIIHQH", OPTION_REPLY, option, REPLY_INFO, 12, 0,
                          len(self.data), HAS_FLAGS)
            kind = REPLY_ACK if option in (ABORT, INFO, GO) else \
                REPLY_UNSUPPORTED
            self.send(">QIII", OPTION_REPLY, option, kind, 0)
            if option in (ABORT, GO):
                return option == GO

    def answer_all(self):
        while True:
            _, _, kind, handle, offset, size = struct.unpack(
                ">IHHQQI", self.receive(28))
            if kind == DISCONNECT:
                return
            if kind != READ:
                self.receive(size)
                self.send(">IIQ", REPLY, EIO, handle)
                continue
            self.request_count += 1
            if not self.answer(handle, offset, size):
                return

    def answer(self, handle, offset, size):
        """Returns false if the disk goes away."""
        if self.fault == "late":
            time.sleep(float(self.value))
        if self.fault == "never" and self.request_count > 1:
            self.is_closing.wait()
            return False
        self.send(">IIQ", REPLY, EIO if self.fault == "error" else 0, handle)
        if self.fault != "error":
            data = self.content(offset, size)
            is_short = self.fault == "short"
            self.client.sendall(data[:size // 2] if is_short else data)
            return not is_short
        return True

    def is_again(self, offset, size):
        """QEMU itself reads the first sector, and that does not count."""
        if size == SECTOR:
            return False
        sectors = range(offset // SECTOR, (offset + size) // SECTOR)
        is_again = bool(self.seen.intersection(sectors))
        self.seen.update(sectors)
        self.again_count += is_again
        return is_again

    def content(self, offset, size):
        data = bytearray(self.data[offset:offset + size])
        is_again = self.is_again(offset, size)
        if self.fault == "flip":
            at = int(self.value, 0) - offset
            if 0 <= at < size:
                data[at] ^= 1
        elif self.fault == "changes" and is_again:
            data = bytearray(byte and byte ^ 0x55 or byte for byte in data)
        return data


def options(path, device):
    drive = f"if=none,id=d,format=raw,file=nbd+unix:///?socket={path}"
    return ["-drive", drive, "-device", f"{device},drive=d"]


def path_in(work):
    return os.path.join(work, "nbd")
