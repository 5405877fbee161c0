# SPDX-License-Identifier: BSD-2-Clause
"""Memory maps and setup_data records, from the words of doors.cases."""
import struct

RAM = [(0, 0x9fc00, 1), (0x9fc00, 0x60400, 2), (0x100000, 0x7f00000, 1)]
NAMES = {"none": [], "ram": RAM, "ram-reversed": RAM[::-1],
         "ram-first": RAM[:1], "ram-low": RAM[:2], "ram-last": RAM[2:]}
E820_EXT = 1


def span(text):
    """BASE+SIZE, as two numbers."""
    base, size = text.split("+")
    return int(base, 0), int(size, 0)


def ranges(text):
    """(base, size, type) of each item, parted by commas."""
    found = []
    for item in text.split(","):
        item, _, count = item.partition(":")
        if item == "steps":
            found += [(n << 21, 1 << 20, 1) for n in range(int(count))]
        elif item in NAMES:
            found += NAMES[item] * int(count or 1)
        else:
            found.append((*span(item), int(count or 1)))
    return found


def start_info_map(rows):
    return b"".join(struct.pack("<QQII", *row, 0) for row in rows)


def e820_entries(rows):
    return b"".join(struct.pack("<QQI", *row) for row in rows)


def record_content(kind, text):
    if text.startswith("seed-"):
        return b"\x10" + bytes(int(text.removeprefix("seed-")) - 1)
    return e820_entries(ranges(text)) if kind == E820_EXT and text else b""


def setup_data(case, base):
    """The list that lies at `base`."""
    data = b""
    records = case.get("setup-data").split(",")
    for index, record in enumerate(records):
        kind, _, text = record.partition(":")
        content = record_content(int(kind), text)
        after = base + len(data) + 16 + len(content)
        if index == len(records) - 1:
            after = case.number("setup-data-next",
                                base if "setup-data-loops" in case else 0)
        size = case.number("setup-data-size", len(content))
        data += struct.pack("<QII", after, int(kind), size) + content
    return data
