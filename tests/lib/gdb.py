# SPDX-License-Identifier: BSD-2-Clause
"""Stops a guest where a case wants it, by QEMU's gdbstub.

GDB manual, appendix "GDB Remote Serial Protocol". Each packet is "$text#sum",
and is acknowledged by "+".
"""
import re

from lib import qmp

BREAK, WATCH_READ = 1, 3  # kinds of the packets Z and z


def options(path):
    return ["-gdb", f"unix:{path},server=on,wait=off"]


class Gdb:
    def __init__(self, path, seconds=20):
        self.socket = qmp.connect(path, seconds)
        self.known = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, text):
        data = text.encode()
        self.socket.sendall(b"$%s#%02x" % (data, sum(data) & 0xff))

    def byte(self):
        data = self.socket.recv(1)
        if not data:
            raise OSError("gdb: the guest has ended")
        return data

    def receive(self):
        while self.byte() != b"$":
            pass
        text = b""
        while (data := self.byte()) != b"#":
            text += data
        self.byte(), self.byte()
        try:
            self.socket.sendall(b"+")
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has gone on, and ended
        return text.decode()

    def ask(self, text):
        self.send(text)
        answer = self.receive()
        if answer.startswith("E") or not answer:
            raise OSError(f"gdb: {text}: {answer or 'not supported'}")
        return answer

    # ---- registers, by the names of the target's description

    def feature(self, name):
        """One XML file of the description, which comes in pieces."""
        text = ""
        while True:
            piece = self.ask(f"qXfer:features:read:{name}:{len(text):x},800")
            text += piece[1:]
            if piece[0] == "l":
                return text

    def numbers(self):
        """The number of each register: one more than that before it, unless
        the description says so."""
        if not self.known:
            number = 0
            for name in re.findall(r'<xi:include href="([^"]+)"',
                                   self.feature("target.xml")):
                for words in re.findall("<reg ([^>]+)>", self.feature(name)):
                    said = dict(re.findall(r'(\w+)="([^"]*)"', words))
                    number = int(said.get("regnum", number))
                    self.known[said["name"]] = number
                    number += 1
        return self.known

    def register(self, name):
        value = bytes.fromhex(self.ask(f"p{self.numbers()[name]:x}"))
        return int.from_bytes(value, "little")

    def set_register(self, name, value):
        self.ask(f"P{self.numbers()[name]:x}="
                 f"{value.to_bytes(8, 'little').hex()}")

    def memory(self, address, size):
        data = b""
        while len(data) < size:
            data += bytes.fromhex(self.ask(
                f"m{address + len(data):x},{min(size - len(data), 0x400):x}"))
        return data

    def stop_at(self, address, kind=BREAK, size=1):
        self.ask(f"Z{kind},{address:x},{size:x}")

    def forget(self, address, kind=BREAK, size=1):
        self.ask(f"z{kind},{address:x},{size:x}")

    def go_on(self, how="c"):
        """Until the guest stops again, with "s" after one instruction.

        OSError if it ends instead.
        """
        answer = self.ask(how)
        if answer[0] in "WX":
            raise OSError(f"gdb: the guest has ended: {answer}")

    def detach(self):
        self.ask("D")
