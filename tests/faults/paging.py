# SPDX-License-Identifier: BSD-2-Clause
"""Walks AArch64's translation tables in a stopped guest, as its CPU would.

DDI 0487, section D8.3, stage 1 with 4 KiB pages, of EL1 or EL2. The judge wants
the blob's code to be all that is executable, nothing to be both writable and
executable, and nothing to be mapped at the blob's guard and at unused page 0.
"""
import dataclasses
import struct

VALID, TABLE = 1, 2
READ_ONLY = 1 << 7
NO_EXECUTE = {1: 1 << 53, 2: 1 << 54}  # PXN; XN, where there is no EL0
ADDRESS = 0xfffffffff000
ENTRIES, PAGE = 512, 4096
ROOT_SHIFT, LAST_SHIFT, BITS = 39, 12, 9
SCTLR_WXN = 1 << 19
PSTATE_EL = 2
SCTLR = {1: "SCTLR", 2: "SCTLR_EL2"}  # as QEMU calls it


@dataclasses.dataclass
class Mapping:
    base: int
    size: int
    is_writable: bool
    is_executable: bool
    is_device: bool


def exception_level(debugger):
    return debugger.register("cpsr") >> PSTATE_EL & 3


def read_table(debugger, address, count):
    return struct.unpack(f"<{count}Q", debugger.memory(address, count * 8))


def walk(debugger, level, table, count, shift=ROOT_SHIFT, base=0):
    """Each mapping below one table, in order."""
    for index, entry in enumerate(read_table(debugger, table, count)):
        start = base + (index << shift)
        if not entry & VALID:
            continue
        if entry & TABLE and shift > LAST_SHIFT:
            yield from walk(debugger, level, entry & ADDRESS, ENTRIES,
                            shift - BITS, start)
            continue
        if entry & ADDRESS != start:
            raise ValueError(f"{start:#x} leads to {entry & ADDRESS:#x}")
        yield Mapping(start, 1 << shift, not entry & READ_ONLY,
                      not entry & NO_EXECUTE[level], bool(entry & 0x1c))


def mappings(debugger):
    level = exception_level(debugger)
    root = debugger.register(f"TTBR0_EL{level}")
    bits = 64 - (debugger.register(f"TCR_EL{level}") & 0x3f)
    return list(walk(debugger, level, root, 1 << (bits - ROOT_SHIFT)))


def is_mapped(found, address):
    return any(one.base <= address < one.base + one.size for one in found)


def problems(debugger, blob, code_size, guard):
    """`guard` is the base and size of what must not be there, from the start
    of the work area, which begins with the tables."""
    level = exception_level(debugger)
    found = mappings(debugger)
    work = debugger.register(f"TTBR0_EL{level}") & ~0x1ffff
    if not debugger.register(SCTLR[level]) & SCTLR_WXN:
        yield "WXN is off"
    for one in found:
        where = f"{one.base:#x}, {one.size:#x} bytes"
        if one.is_executable and one.is_writable:
            yield f"{where}: writable and executable"
        elif one.is_executable and not (
                blob <= one.base < blob + code_size and one.size == PAGE):
            yield f"{where}: executable"
        if one.is_device and one.is_executable:
            yield f"{where}: executable device"
    executable = sum(one.size for one in found if one.is_executable)
    if executable != code_size:
        yield f"{executable:#x} bytes are executable, not {code_size:#x}"
    for offset in range(*guard, PAGE):
        if is_mapped(found, work + offset):
            yield f"the guard is mapped at {work + offset:#x}"
    if blob and is_mapped(found, 0):
        yield "page 0 is mapped"
