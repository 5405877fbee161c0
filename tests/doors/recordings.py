# SPDX-License-Identifier: BSD-2-Clause
"""What real VMMs left at our entry: files of ../recordings.

A file has comments, the door, a line for each register, and the RAM that was not
zero, in rows of 32 bytes without the zeros at their end:

    door pvh
    rbx 6000
    6000 78563412

Another program than the VMM itself may have written none of it, so what was
there by chance is not told from what the VMM means.
"""
import dataclasses
import os
import re
import struct

DIRECTORY = os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), "recordings")
INITRD_SIZE = 0x20000
UPPER, HIGH_RAM = 0xa0000, 0x100000
LINE = re.compile(r"^([rm]) (\w+) (\w+)\r?$", re.M)


def side(address):
    """Of A0000 and 100000."""
    return (address >= UPPER) + (address >= HIGH_RAM)


@dataclasses.dataclass
class Recording:
    door: str
    registers: dict
    rows: list  # (address, bytes)

    def load(self, address, layout):
        """Numbers, which may lie across rows."""
        data = bytearray(struct.calcsize(layout))
        for base, row in self.rows:
            for index, byte in enumerate(row, base - address):
                if 0 <= index < len(data):
                    data[index] = byte
        return struct.unpack(layout, data)

    def blocks(self, gap=0x1000):
        """The RAM in pieces, (address, bytes), with long gaps between them.

        None has what is below A0000 or 100000 together with what is above.
        """
        found = []
        for address, data in self.rows:
            if (found and side(address) == side(found[-1][0]) and
                    address - found[-1][0] - len(found[-1][1]) < gap):
                base, before = found[-1]
                before += bytes(address - base - len(before)) + data
            else:
                found.append((address, bytearray(data)))
        return found


def path_of(name):
    return f"{DIRECTORY}/{name}.txt"


def write(name, words, door, text):
    """`text` is what recorder.S says."""
    lines = ["# SPDX-License-Identifier: BSD-2-Clause", f"# {words}",
             f"door {door}"]
    for kind, key, value in LINE.findall(text):
        if kind == "m":
            key, value = key.lstrip("0") or "0", bytes.fromhex(value).rstrip(
                b"\0").hex()
        else:
            value = value.lstrip("0") or "0"
        lines.append(f"{key} {value}")
    os.makedirs(DIRECTORY, exist_ok=True)
    with open(path_of(name), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def read(name):
    recording = Recording("", {}, [])
    with open(path_of(name), encoding="utf-8") as file:
        lines = [line.split() for line in file if not line.startswith("#")]
    for key, value in lines:
        if key == "door":
            recording.door = value
        elif re.fullmatch("[0-9a-f]+", key):
            recording.rows.append((int(key, 16), bytes.fromhex(value)))
        else:  # no register's name is a number
            recording.registers[key] = int(value, 16)
    return recording


def module(recording):
    """Where the VMM has put the initrd, as it tells at the entry; 0: nowhere."""
    if recording.door == "pvh":
        at = recording.load(recording.registers["rbx"] + 12, "<IQ")
        return at[0] and recording.load(at[1], "<Q")[0]
    params = recording.registers["rsi"]
    return recording.load(params + 0x218, "<I")[0]
