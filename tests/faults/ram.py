# SPDX-License-Identifier: BSD-2-Clause
"""RAM that is a file: dirty before the boot, and compared after it.

All of RAM holds a pattern when the machine is reset. What differs afterwards
was written, by the blob, by devices at its request, or by the VMM before the
first instruction; a run that is never started shows what the VMM wrote. The
rest must lie in the ranges that the blob owns: those of memmap.h, and those
that the ledger has as used.
"""
import functools
import os
import re

from lib import qmp, vmm

PATTERN = b"\xa5"
PAGE = 4096
BASE = {"x86_64": 0, "aarch64": 0x40000000}
LOW_END = 0x100000
RSDP_SIZE, RESTART_SIZE = 36, 16


def make(path, size):
    """Also while QEMU has it as RAM."""
    with open(path, "r+b" if os.path.exists(path) else "wb") as file:
        for _ in range(size >> 20):
            file.write(PATTERN * (1 << 20))


def options(path, size):
    return ["-object", f"memory-backend-file,id=ram,size={size},share=on,"
            f"mem-path={path}", "-machine", "memory-backend=ram"]


def touched(path, base):
    """[start, end) of what has no pattern: runs of pages, without margins."""
    found = []
    clean = PATTERN * PAGE
    with open(path, "rb") as file:
        for at in iter_pages(file, clean):
            if found and found[-1][1] == at[0] and at[2]:
                found[-1][1] = at[1]
            else:
                found.append(list(at[:2]))
    return [(start + base, end + base) for start, end in found]


def iter_pages(file, clean):
    """(start, end, begins with the page) of each page that was written."""
    offset = 0
    while page := file.read(PAGE):
        if page != clean[:len(page)]:
            head = len(page) - len(page.lstrip(PATTERN))
            yield (offset + head, offset + len(page.rstrip(PATTERN)),
                   head == 0)
        offset += len(page)


def written_by_vmm(command, work, path, base):
    """What the VMM puts into RAM before it starts."""
    with vmm.Vmm([*command, "-S", *qmp.options(f"{work}/first")], work) as one:
        with qmp.Qmp(f"{work}/first") as control:
            control.execute("quit")
        if not one.wait(20):
            raise OSError("QEMU does not quit")
    return touched(path, base)


@functools.cache
def memory_map(root, arch):
    with open(f"{root}/arch/{arch}/memmap.h", encoding="utf-8") as file:
        return {name: int(value, 0) for name, value in re.findall(
            r"^#define (\w+) +(0x[0-9a-f]+|\d+)\b", file.read(), re.M)}


def claimed(console):
    """(base, size) of what the ledger says is in use."""
    found = re.findall(r"^directboot: memory: (0x\w+)-(0x\w+) .*, used\r$",
                       console, re.M)
    if not found:
        raise ValueError(f"no ledger: {console[-300:]!r}")
    return [(int(start, 0), int(last, 0) + 1 - int(start, 0))
            for start, last in found]


def fixed_x86(places):
    return [(places["AP_TRAMPOLINE_BASE"],
             places["LOW_RAM_CLAIM_END"] - places["AP_TRAMPOLINE_BASE"]),
            (places["RSDP_BASE"], RSDP_SIZE),
            # What lies between two parts of one page is taken for written.
            (places["SMBIOS_BASE"], places["NO_ACPI_BASE"] +
             places["NO_ACPI_SIZE"] - places["SMBIOS_BASE"]),
            (places["RESTART_BASE"], RESTART_SIZE)]


def fixed_arm(places):
    return [(BASE["aarch64"] + places[f"{name}_OFFSET"],
             places[f"{name}_SIZE"])
            for name in ("EFI_MAP", "EFI_TABLES", "RSDP", "ACPI")]


def owned(root, arch, console):
    """Below 1 MiB what memmap.h says, above it what the blob has claimed."""
    places = memory_map(root, arch)
    fixed = fixed_x86 if arch == "x86_64" else fixed_arm
    return fixed(places) + [part for part in claimed(console)
                            if part[0] >= LOW_END]


def outside(ranges, allowed):
    """The parts of [start, end) ranges that no (base, size) covers."""
    left = list(ranges)
    for base, size in allowed:
        end = base + size
        left = [part for start, stop in left
                for part in ((start, min(stop, base)), (max(start, end), stop))
                if part[0] < part[1]]
    return left


def told(ranges):
    return ", ".join(f"{start:#x}-{end - 1:#x}" for start, end in ranges)


def total(ranges):
    return sum(end - start for start, end in ranges)
