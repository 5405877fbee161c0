# SPDX-License-Identifier: BSD-2-Clause
"""Stops a guest where a case wants it, by QEMU's gdbstub.

GDB manual, appendix "GDB Remote Serial Protocol". Each packet is "$text#sum",
and is acknowledged by "+".
"""
from lib import qmp

BREAK, WATCH_READ = 1, 3  # kinds of the packets Z and z

X86_REGISTERS = ["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp",
                 *(f"r{number}" for number in range(8, 16)), "rip"]


def options(path):
    return ["-gdb", f"unix:{path},server=on,wait=off"]


class Gdb:
    def __init__(self, path, seconds=20):
        self.socket = qmp.connect(path, seconds)

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

    def stop_at(self, address, kind=BREAK, size=1):
        self.ask(f"Z{kind},{address:x},{size:x}")

    def forget(self, address, kind=BREAK, size=1):
        self.ask(f"z{kind},{address:x},{size:x}")

    def set_x86_register(self, name, value):
        """In long mode; the numbers are those that QEMU's XML has."""
        self.ask("qXfer:features:read:target.xml:0,ffb")
        data = value.to_bytes(8, "little").hex()
        self.ask(f"P{X86_REGISTERS.index(name):x}={data}")

    def go_on(self, how="c"):
        """Until the guest stops again, with "s" after one instruction.

        OSError if it ends instead.
        """
        answer = self.ask(how)
        if answer[0] in "WX":
            raise OSError(f"gdb: the guest has ended: {answer}")

    def detach(self):
        self.ask("D")
