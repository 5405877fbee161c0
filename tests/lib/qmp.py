# SPDX-License-Identifier: BSD-2-Clause
"""Tells a running QEMU what to do: QEMU docs/interop/qmp-spec.txt."""
import json
import socket
import time


class Qmp:
    """A connection to the socket of -qmp, which QEMU may yet have to make."""

    def __init__(self, path, seconds=20):
        self.socket = connect(path, seconds)
        self.stream = self.socket.makefile("rw")
        self.stream.readline()
        self.execute("qmp_capabilities")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stream.close()
        self.socket.close()

    def execute(self, command, **arguments):
        self.stream.write(json.dumps({"execute": command,
                                      "arguments": arguments}) + "\n")
        self.stream.flush()
        while True:  # QEMU may send events before the answer.
            answer = json.loads(self.stream.readline())
            if "error" in answer:
                raise OSError(f"{command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]


def options(path):
    return ["-qmp", f"unix:{path},server=on,wait=off"]


def connect(path, seconds):
    """A stream socket, as soon as somebody listens there."""
    end = time.monotonic() + seconds
    while True:
        stream = socket.socket(socket.AF_UNIX)
        try:
            stream.settimeout(seconds)
            stream.connect(path)
            return stream
        except (FileNotFoundError, ConnectionRefusedError):
            stream.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
