#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Copies an archive so that each of its functions is in a section of its own.

usage: split-functions.py CROSS FROM.a TO.a

The linker then leaves out the functions that nobody calls, as it does with ours.
Debian's libraries have one section for all functions of a file. No byte of code
changes: a new section is a part of the old one's bytes, with its part of the
relocations. Where the assembler has resolved a call of another function itself,
which a disassembly tells, there is a relocation again. CROSS is what names of
binutils begin with.
"""
import os
import re
import struct
import subprocess
import sys
import tempfile

HEADER = "<IIQQQQIIQQ"  # of a section: System V ABI, "Sections"
NAME, TYPE, OFFSET, SIZE, LINK, INFO, ALIGN = 0, 1, 4, 5, 6, 7, 8
SYMTAB, RELA, NULL = 2, 4, 0
FUNCTION, SECTION = 2, 3
PC32 = 2                # R_X86_64_PC32
START = re.compile(r"^ +([0-9a-f]+):\t")
TARGET = re.compile(r"^ +[0-9a-f]+:\t(?:(?:j|call)\S* +|.*# )([0-9a-f]+) <")


class Symbol:
    def __init__(self, data, at):
        self.at = at
        (self.name, info, _, self.section, self.value,
         self.size) = struct.unpack_from("<IBBHQQ", data, at)
        self.kind = info & 15


def references(cross, path, size):
    """(end of the instruction, target) of what the assembler has resolved."""
    text = subprocess.run([f"{cross}objdump", "-dr", "--no-show-raw-insn", "-j",
                           ".text", path], check=True, capture_output=True,
                          text=True).stdout
    lines = [*text.splitlines(), f" {size:x}:\t"]
    for line, behind in zip(lines, lines[1:]):
        found, end = TARGET.match(line), START.match(behind)
        if found and end:
            yield int(end[1], 16), int(found[1], 16)


class Object:
    def __init__(self, data):
        self.data = bytearray(data)
        start, = struct.unpack_from("<Q", data, 40)
        count, self.names = struct.unpack_from("<HH", data, 60)
        self.sections = [list(struct.unpack_from(HEADER, data, start + 64 * n))
                         for n in range(count)]
        table, = (one for one in self.sections if one[TYPE] == SYMTAB)
        self.symbols = [Symbol(data, at) for at in range(
            table[OFFSET], table[OFFSET] + table[SIZE], 24)]

    def index_of(self, name):
        base = self.sections[self.names][OFFSET]
        for index, section in enumerate(self.sections):
            begin = base + section[NAME]
            if self.data[begin:self.data.index(0, begin)] == name:
                return index
        return 0

    def relocations(self, section):
        return range(section[OFFSET], section[OFFSET] + section[SIZE], 24)

    def resolved(self, text, pieces, heads, pairs):
        """Relocations for references from one function to another."""
        for end, target in pairs:
            start, head = (max(piece for piece, _ in pieces if piece <= at)
                           for at in (end - 1, target))
            if start == head:
                continue
            field = end - 4
            distance, = struct.unpack_from(
                "<i", self.data, self.sections[text][OFFSET] + field)
            if end + distance != target:
                sys.exit(f"split-functions.py: {field:#x}: no distance")
            yield field, struct.pack("<QIIq", field, PC32, heads[head],
                                     target - head - 4)

    def aim(self, text, pieces, heads):
        """Relocations against all of .text name a function instead."""
        for section in self.sections:
            if section[TYPE] != RELA:
                continue
            for at in self.relocations(section):
                kind, number, addend = struct.unpack_from("<IIq", self.data,
                                                          at + 8)
                symbol = self.symbols[number]
                if symbol.kind != SECTION or symbol.section != text:
                    continue
                start = max(start for start, _ in pieces if start <= addend)
                struct.pack_into("<IIq", self.data, at + 8, kind, heads[start],
                                 addend - start)

    def split(self, text, pieces, more):
        """Makes the first piece of .text, and adds sections for the others."""
        whole = list(self.sections[text])
        rela, = (one for one in self.sections
                 if one[TYPE] == RELA and one[INFO] == text)
        places = [(struct.unpack_from("<Q", self.data, at)[0], at)
                  for at in self.relocations(rela)]
        entries = sorted([*more, *((at, bytes(self.data[where:where + 24]))
                                   for at, where in places)])
        whole_rela = list(rela)
        for number, (start, end) in enumerate(pieces):
            index = len(self.sections) if number else text
            mine = [entry for at, entry in entries if start <= at < end]
            section, its_rela = list(whole), list(whole_rela)
            section[OFFSET] += start
            section[SIZE], section[ALIGN] = end - start, 1
            its_rela[OFFSET], its_rela[INFO] = len(self.data), index
            its_rela[SIZE] = 24 * len(mine)
            for entry in mine:
                at, = struct.unpack_from("<Q", entry)
                self.data += struct.pack("<Q", at - start) + entry[8:]
            for symbol in self.symbols:
                if symbol.section == text and symbol.kind == FUNCTION and \
                        start <= symbol.value < end:
                    struct.pack_into("<HQ", self.data, symbol.at + 6, index,
                                     symbol.value - start)
            if number:
                self.sections += [section, its_rela]
            else:
                self.sections[text] = section
                self.sections[self.sections.index(rela)] = its_rela

    def bytes(self):
        self.data += bytes(-len(self.data) % 8)
        struct.pack_into("<Q", self.data, 40, len(self.data))
        struct.pack_into("<H", self.data, 60, len(self.sections))
        return self.data + b"".join(struct.pack(HEADER, *section)
                                    for section in self.sections)


def split(cross, path):
    with open(path, "rb") as file:
        item = Object(file.read())
    text = item.index_of(b".text")
    functions = {symbol.value: number for number, symbol in
                 enumerate(item.symbols)
                 if symbol.section == text and symbol.kind == FUNCTION}
    if len(functions) < 2:
        return
    size = item.sections[text][SIZE]
    pieces = sorted((start, start + item.symbols[number].size)
                    for start, number in functions.items())
    item.aim(text, pieces, functions)
    item.split(text, pieces, [*item.resolved(text, pieces, functions,
                                             references(cross, path, size))])
    for name in (b".eh_frame", b".rela.eh_frame"):  # the blob has none
        item.sections[item.index_of(name)][TYPE] = NULL
    with open(path, "wb") as file:
        file.write(item.bytes())


def main():
    cross, source, target = sys.argv[1], *map(os.path.abspath, sys.argv[2:])
    with tempfile.TemporaryDirectory() as work:
        subprocess.run([f"{cross}ar", "x", source], cwd=work, check=True)
        names = sorted(os.listdir(work))
        for name in names:
            split(cross, f"{work}/{name}")
        if os.path.exists(target):
            os.remove(target)
        subprocess.run([f"{cross}ar", "rcsD", target, *names], cwd=work,
                       check=True)


main()
