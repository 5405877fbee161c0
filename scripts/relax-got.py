#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Copies an archive and changes its AArch64 objects so that they need no GOT.

usage: relax-got.py FROM.a TO.a

A blob may run from ROM at any address, so it cannot have a table of addresses
(GOT). Debian's libraries read the stack guard's address from one:

    adrp x3, :got:guard                 adrp x3, guard
    ldr  x3, [x3, :got_lo12:guard]  ->  add  x3, x3, :lo12:guard

"ELF for the Arm 64-bit Architecture", section "Relocation optimization",
defines this relaxation. Both codes yield the same address. Debian 12's linker
does not do it. No byte moves, and objects for other machines stay as they are.
"""
import struct
import sys

EM_AARCH64 = 183
SHT_RELA = 4
ADR_GOT_PAGE, LD64_GOT_LO12_NC = 311, 312
ADR_PREL_PG_HI21, ADD_ABS_LO12_NC = 275, 277
LDR, LDR_MASK = 0xf9400000, 0xfffffc00  # ldr Xt, [Xn], with offset 0
ADD = 0x91000000                        # add Xd, Xn, #0


def relax(data, start):
    """Relaxes one object, which is at `start` of the archive."""
    machine, = struct.unpack_from("<H", data, start + 18)
    if data[start:start + 5] != b"\x7fELF\x02" or machine != EM_AARCH64:
        return
    sections, = struct.unpack_from("<Q", data, start + 40)
    count, = struct.unpack_from("<H", data, start + 60)
    headers = [struct.unpack_from("<IIQQQQIIQQ", data, start + sections +
                                  64 * index) for index in range(count)]
    for _, kind, _, _, offset, size, _, target, _, _ in headers:
        if kind != SHT_RELA:
            continue
        for place in range(start + offset, start + offset + size, 24):
            relax_one(data, place, start + headers[target][4])


def relax_one(data, place, code):
    """Relaxes the relocation at `place`. Its section's bytes are at `code`."""
    where, kind = struct.unpack_from("<QI", data, place)
    if kind == ADR_GOT_PAGE:
        struct.pack_into("<I", data, place + 8, ADR_PREL_PG_HI21)
    elif kind == LD64_GOT_LO12_NC:
        word, = struct.unpack_from("<I", data, code + where)
        if word & LDR_MASK != LDR:
            sys.exit(f"relax-got.py: no ldr at {where:#x}: {word:#x}")
        struct.pack_into("<I", data, code + where, ADD | word & ~LDR_MASK)
        struct.pack_into("<I", data, place + 8, ADD_ABS_LO12_NC)


def main():
    with open(sys.argv[1], "rb") as file:
        data = bytearray(file.read())
    if data[:8] != b"!<arch>\n":
        sys.exit(f"relax-got.py: {sys.argv[1]}: no archive")
    place = 8
    while place < len(data):  # Each header has 60 bytes, at an even place.
        size = int(data[place + 48:place + 58])
        if size >= 64:
            relax(data, place + 60)
        place += 60 + size + size % 2
    with open(sys.argv[2], "wb") as file:
        file.write(data)


main()
