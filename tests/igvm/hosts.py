# SPDX-License-Identifier: BSD-2-Clause
"""What the host of a row tells: memory map, CPUs, ACPI tables, texts."""
import struct

from doors import facts, maps
from igvm import format as igvm, loader, trees
from lib import table

RAM_BASE = {"x86_64": 0, "aarch64": 0x40000000}
HOLE = (0xfd00000000, 12 << 30, 1)  # QEMU's, at the end of 40 bits


def ranges(case, dialect):
    """(base, size, type) of each, as the head of igvm.cases tells."""
    memory = table.number(case.get("memory"))
    text = case.get("map", "ram")
    if text == "ram":
        found = [(RAM_BASE[case.arch], memory, 0)]
        return found + [HOLE] if dialect == "qemu" else found
    if text == "none":
        return []
    found = []
    for item in text.split(","):
        span, _, kind = item.partition(":")
        if span == "steps":
            found += [(n << 21, 1 << 20, 0) for n in range(int(kind))]
        else:
            found.append((*maps.span(span), int(kind or 0)))
    return found


def srat_entries(text):
    """cpu:ID:NODE, ram:BASE+SIZE:NODE, or bytes."""
    for item in text.split(","):
        kind, *words = item.split(":")
        if kind == "cpu":
            yield struct.pack("<BBHIIIII", 2, 24, 0, int(words[1]),
                              int(words[0]), 1, 0, 0)
        elif kind == "ram":
            yield struct.pack("<BBIHQQIIQ", 1, 40, int(words[1]), 0,
                              *maps.span(words[0]), 0, 1, 0)
        else:
            yield bytes.fromhex(words[0])


def tables(case, memory):
    found = {}
    if "tree" in case:
        found[igvm.DEVICE_TREE] = trees.make(case, "tree", memory)
    if "madt" in case:
        ids, _, tail = case.get("madt").partition(":")
        found[igvm.MADT] = facts.madt(ids, tail)
    if "srat" in case:
        found[igvm.SRAT] = facts.acpi_table(
            b"SRAT", struct.pack("<IQ", 1, 0) +
            b"".join(srat_entries(case.get("srat"))))
    for name in case.split("wrong-sum"):
        number = {"madt": igvm.MADT, "srat": igvm.SRAT}[name]
        data = bytearray(found[number])
        data[-1] ^= 1
        found[number] = bytes(data)
    if "cmdline" in case:
        text = case.get("cmdline")
        name, _, size = text.partition(":")
        text = b"x" * igvm.PAGE if name == "endless" else \
            b"x" * int(size) + b"\0" if name == "long" else \
            text.replace("+", " ").encode() + b"\0"
        found[igvm.COMMAND_LINE] = text
    return found


def platform(case):
    """The bundle's own tree: all of the machine's RAM, and its CPUs."""
    if "platform" not in case:
        return b""
    ram = (RAM_BASE[case["arch"]], table.number(case.get("memory")), 0)
    return trees.make(case, "platform", [ram])


def host(case, dialect):
    memory = ranges(case, dialect)
    return loader.Host(memory, case.number("count", case.number("smp")),
                       tables(case, memory))
