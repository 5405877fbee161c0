# SPDX-License-Identifier: BSD-2-Clause
"""Measures a firmware file, and finds the functions that were executed."""
import bisect
import collections
import re
import struct

FILL = re.compile(rb"\x00{64,}|\xff{64,}")
SHF_EXECINSTR = 4
RUN_NEEDED = 16  # contiguous executed bytes that identify a place in the ELF


def non_fill_size(path):
    """Counts bytes outside runs of 64 or more 00 or ff, which are padding."""
    with open(path, "rb") as file:
        return len(FILL.sub(b"", file.read()))


class Elf:
    """The linked blob: sections and symbols (ELF-64, System V gABI)."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.image = file.read()
        if self.image[:5] != b"\x7fELF\x02":
            raise ValueError(f"{path}: no 64-bit ELF file")
        self.is_arm64 = struct.unpack_from("<H", self.image, 0x12)[0] == 183
        start, = struct.unpack_from("<Q", self.image, 0x28)
        size, count, strings = struct.unpack_from("<HHH", self.image, 0x3a)
        self.sections = [
            struct.unpack_from("<IIQQQQIIQQ", self.image, start + i * size)
            for i in range(count)]
        self.names = [self._string(strings, section[0])
                      for section in self.sections]
        self.code = [(section[3], self._content(section))
                     for section in self.sections
                     if section[1] == 1 and section[2] & SHF_EXECINSTR]
        self._read_symbols()

    def _content(self, section):
        return self.image[section[4]:section[4] + section[5]]

    def _string(self, section, offset):
        start = self.sections[section][4] + offset
        return self.image[start:self.image.index(b"\0", start)].decode()

    def _read_symbols(self):
        found = {}
        for section in self.sections:
            if section[1] != 2:  # SHT_SYMTAB
                continue
            for name, info, _, index, value, _ in struct.iter_unpack(
                    "<IBBHQQ", self._content(section)):
                is_code = (0 < index < len(self.sections) and
                           self.sections[index][2] & SHF_EXECINSTR)
                text = self._string(section[6], name)
                # NOTYPE: labels of assembly; $x, $d: the Arm mapping symbols
                if not is_code or info & 15 not in (0, 2) or \
                        not text or text.startswith("$"):
                    continue
                if info & 15 == 2 or value not in found:
                    # Compilers' clones: f.constprop.0, f.isra.0
                    found[value] = text.split(".")[0]
        self.addresses = sorted(found)
        self.functions = [found[address] for address in self.addresses]

    def size(self):
        """Bytes of code and constants: sections with code, which on x86_64
        have all constants in them, and .rodata."""
        return sum(section[5] for section, name
                   in zip(self.sections, self.names)
                   if section[2] & SHF_EXECINSTR or name == ".rodata")

    def function_at(self, address):
        index = bisect.bisect_right(self.addresses, address) - 1
        return self.functions[index] if index >= 0 else None

    def contains(self, address):
        return any(base <= address < base + len(content)
                   for base, content in self.code)


def executed_runs(insns):
    """Contiguous executed bytes: address -> bytes."""
    runs, start, end = {}, None, None
    for address, code in sorted(insns):
        if start is None or address > end:
            start, end = address, address
            runs[start] = b""
        if address == end:
            runs[start] += code
            end += len(code)
    return runs


def displacements(elf, insns):
    """Lists how far from its link address the blob may have run: the distances
    at which the executed bytes are the ELF file's, the best first."""
    votes = collections.Counter()
    for address, code in executed_runs(insns).items():
        if len(code) < RUN_NEEDED:
            continue
        for base, content in elf.code:
            at = content.find(code)
            if at >= 0 and content.find(code, at + 1) < 0:
                votes[address - base - at] += len(code)
    return [delta for delta, _ in votes.most_common(4)]


def branch(is_arm64, address, code):
    """Returns (target, is_call) of a direct call or long jump, or None."""
    if is_arm64:
        word = int.from_bytes(code, "little")
        if word >> 26 not in (0x25, 0x05):  # bl, b imm26
            return None
        offset = word & 0x3ffffff
        target = address + 4 * (offset - (offset >> 25 << 26))
        return target, word >> 26 == 0x25
    if len(code) != 5 or code[0] not in (0xe8, 0xe9):  # call, jmp rel32
        return None
    target = address + 5 + int.from_bytes(code[1:], "little", signed=True)
    return target, code[0] == 0xe8


class Function:
    """Counts what was executed of one function."""

    def __init__(self):
        self.count = 0
        self.start_count = 0     # a rep string instruction counted once
        self.distinct = 0        # different instructions
        self.calls = collections.Counter()     # caller -> times
        # caller -> instructions up to the callee's first own call
        self.call_costs = collections.Counter()
        self.is_leaf = True                    # made no call


def by_function(elf, result):
    """Maps names to Functions. Other code is named by its 4 KiB page."""
    deltas = displacements(elf, result.insns) if elf else []
    found = collections.defaultdict(Function)

    def name_at(address):
        for delta in deltas:
            if elf.contains(address - delta):
                name = elf.function_at(address - delta)
                if name:
                    return name
        return f"page {address & ~0xfff:#x}"

    for (address, code), count in result.insns.items():
        name = name_at(address)
        found[name].count += count
        found[name].start_count += result.starts[address, code]
        found[name].distinct += 1
        to = branch(elf.is_arm64, address, code) if elf else None
        if to and name_at(to[0]) != name:
            found[name].is_leaf &= not to[1]
            callee = found[name_at(to[0])]
            callee.calls[name] += count
            callee.call_costs[name] += result.calls[address, code]
    return found


# dc ivac, cvac and civac, without the lowest five bits, which name a register
CLEANS = {0xd5087620, 0xd50b7a20, 0xd50b7e20}


def clean_lines(result):
    """Counts cache lines cleaned or invalidated by address (AArch64)."""
    return sum(count for (_, code), count in result.insns.items()
               if int.from_bytes(code, "little") & ~31 in CLEANS)
