#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Proves from a blob's machine code that it cannot run out of stack.

usage: stack.py [--brief] DIRECTBOOT.ELF...

It follows each instruction from where C begins, through libfdt too, and knows
how deep the stack is at each call. No function may come to be called by itself,
and the deepest path, with an exception at its end, must fit into the stack that
memmap.h has. A call by a pointer counts as a call of every function whose
address is taken. A line for each stack: how much of it is used, and by what.
Where a guard lies below the stack, no function may reach beyond it at once.
With --brief it only tells, for who builds, and never fails.
"""
import re
import struct
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

LINE = re.compile(r"\s*([0-9a-f]+):\t(?:[0-9a-f]{2} )+\s*\t?(.*)|"
                  r"\s*([0-9a-f]+):\t[0-9a-f]{8} *\t(.*)")
TARGET = re.compile(r"([0-9a-f]+) <[^>]+>")


class Unknown(Exception):
    """An instruction that does what this script does not understand."""


def number(text):
    return int(text, 0)


class X86:
    """How instructions of x86_64 move the stack, and where they go on."""
    RETURN_ADDRESS = 8
    # SDM 3A section 6.14.2: alignment and five words; two more of our vectors.
    EXCEPTION = 15 + 7 * 8
    ENDS = re.compile(r"(repz |bnd )?ret|ud2|hlt|iretq?|lretq?")

    @staticmethod
    def call(text):
        return text.split(maxsplit=1)[-1] if text.startswith("call") else None

    @staticmethod
    def jump(text):
        """Returns whether it always jumps, and where to, or None."""
        match = re.match(r"(?:notrack |bnd )?(j\w+|loop\w*)\s+(.*)", text)
        return (match[1] == "jmp", match[2]) if match else None

    @staticmethod
    def move(text, depth, _before):
        """Returns how deep the stack is behind an instruction."""
        if text.startswith("push"):
            return depth + 8
        if re.match(r"pop(?!cnt)", text):
            return depth - 8
        match = re.match(r"(sub|add)\s+\$(-?0x[0-9a-f]+),%rsp$", text)
        if match:
            return depth + number(match[2]) * (1 if match[1] == "sub" else -1)
        if re.match(r"and\s+\$0xfffffffffffffff0,%rsp$", text):
            return depth + 15
        match = re.match(r"lea\s+(-?0x[0-9a-f]+)\(%rsp\),%rsp$", text)
        if match:
            return depth - number(match[1])
        if re.search(r",%[re]sp$", text) and not re.match("cmp|test", text) or \
                re.match("leave|enter", text):
            raise Unknown(text)
        return depth

    @staticmethod
    def taken(text):
        return TARGET.search(text) if text.startswith("lea") else None


class Arm:
    """The same for AArch64, where the caller keeps no return address."""
    RETURN_ADDRESS = 0
    EXCEPTION = 0
    ENDS = re.compile(r"ret\b|eret|udf|hlt|br\b")

    @staticmethod
    def call(text):
        match = re.match(r"blr?\t(.*)", text)
        return match[1] if match else None

    @staticmethod
    def jump(text):
        match = re.match(r"(b|b\.\w+|cbn?z|tbn?z)\t(.*)", text)
        return (match[1] == "b", match[2]) if match else None

    @staticmethod
    def move(text, depth, before):
        if match := re.search(r"\[sp, #(-?\d+)\]!", text):
            return depth - int(match[1])
        if match := re.search(r"\[sp\], #(-?\d+)", text):
            return depth - int(match[1])
        match = re.match(r"(sub|add)\tsp, sp, (.*)", text)
        if match:
            size = Arm.value(match[2], before)
            return depth + size * (1 if match[1] == "sub" else -1)
        if re.match(r"\w+\tsp,", text):
            raise Unknown(text)
        return depth

    @staticmethod
    def value(text, before):
        """An operand's value: a number, or a register just set to one."""
        if match := re.match(r"#(0x[0-9a-f]+|\d+)(, lsl #12)?", text):
            return number(match[1]) << (12 if match[2] else 0)
        for line in reversed(before):
            match = re.match(rf"mov\t{text.strip()}, #(0x[0-9a-f]+|\d+)", line)
            if match:
                return number(match[1])
        raise Unknown(text)

    @staticmethod
    def taken(text):
        return TARGET.search(text) if re.match(r"adrp?\t", text) else None


MACHINES = {62: ("x86_64", X86, "x86_64-linux-gnu-"),
            183: ("aarch64", Arm, "aarch64-linux-gnu-")}


class Blob:
    def __init__(self, path):
        self.data = Path(path).read_bytes()
        code = struct.unpack_from("<H", self.data, 18)[0]
        self.arch, self.rules, prefix = MACHINES[code]
        self.image = self.arch + Path(path).stem.removeprefix("directboot")
        self.texts, self.following, self.taken = {}, {}, set()
        self.read_code(subprocess.run(
            [prefix + "objdump", "-d", path], capture_output=True, text=True,
            check=True).stdout)
        symbols = subprocess.run(
            [prefix + "readelf", "-sW", path], capture_output=True, text=True,
            check=True).stdout
        self.names = {int(address, 16): name for address, name in re.findall(
            r": ([0-9a-f]+) +\d+ FUNC .* (\S+)$", symbols, re.M)}
        self.addresses = {name: at for at, name in self.names.items()}
        self.pointed = self.find_pointed()
        self.edges, self.own, self.paths = {}, {}, {}
        self.returning = {} # whether a function ever returns

    def read_code(self, listing):
        before = None
        for line in listing.split("\n"):
            if not (match := LINE.fullmatch(line)):
                continue
            address = int(match[1] or match[3], 16)
            text = (match[2] if match[1] else match[4]) or ""
            if not text: # the rest of a long instruction's bytes
                continue
            self.texts[address] = re.sub(r"\s+(//|#) .*", "", text).strip()
            if match := self.rules.taken(text):
                self.taken.add(int(match[1], 16))
            if before is not None:
                self.following[before] = address
            before = address

    def segments(self):
        offset, = struct.unpack_from("<Q", self.data, 32)
        size, count = struct.unpack_from("<HH", self.data, 54)
        for i in range(count):
            kind, _, start, _, _, length = struct.unpack_from(
                "<IIQQQQ", self.data, offset + i * size)
            if kind == 1:
                yield self.data[start:start + length]

    def find_pointed(self):
        """Functions whose address is taken by code, or lies in data."""
        found = self.names.keys() & self.taken
        for segment in self.segments():
            words = struct.unpack_from(f"<{len(segment) // 8}Q", segment)
            found |= self.names.keys() & set(words)
        return found

    def walk(self, entry):
        """Follows a function. Sets how deep it goes, and what it calls."""
        edges, deepest, seen, self.returning[entry] = [], 0, {}, True
        returns = False
        todo, later = [(entry, 0)], []
        while todo or later:
            address, depth = todo.pop() if todo else later.pop()
            if address in seen or address not in self.texts:
                continue
            seen[address] = depth
            text = self.texts[address]
            if (target := self.rules.call(text)) is not None:
                called = self.calls(target, depth + self.rules.RETURN_ADDRESS)
                edges += called
                if not any(self.returns(callee) for _, callee in called):
                    continue
            before = [self.texts[a] for a in sorted(seen) if a < address][-8:]
            try:
                depth = self.rules.move(text, depth, before)
            except Unknown as what:
                raise Unknown(f"{self.name(entry)}: {what}") from None
            deepest = max(deepest, depth)
            if jump := self.rules.jump(text):
                always, where = jump
                match = TARGET.search(where)
                if not match: # by a table: any place of this function
                    later += [(a, depth) for a in self.body(entry)]
                elif self.is_other(entry, int(match[1], 16)):
                    edges.append((depth, int(match[1], 16)))
                    returns = returns or self.returns(edges[-1][1])
                else:
                    todo.append((int(match[1], 16), depth))
                if always:
                    continue
            elif self.rules.ENDS.match(text):
                returns = returns or "ret" in text
                continue
            behind = self.following.get(address)
            if behind not in self.names: # else this was padding
                todo.append((behind, depth))
        self.own[entry], self.edges[entry] = deepest, edges
        self.returning[entry] = returns

    def returns(self, address):
        if address not in self.returning:
            self.walk(address)
        return self.returning[address]

    def calls(self, target, depth):
        match = TARGET.search(target)
        if match:
            return [(depth, int(match[1], 16))]
        return [(depth, address) for address in sorted(self.pointed)]

    def is_other(self, entry, target):
        return target != entry and target in self.names

    def body(self, entry):
        behind = min((a for a in self.names if a > entry), default=1 << 64)
        return [a for a in self.texts if entry < a < behind]

    def name(self, address):
        return re.sub(r"\.(isra|constprop|lto_priv|part)\.\d+", "",
                      self.names.get(address, hex(address)))

    def path(self, address, above=()):
        """The deepest path from a function: its size and its calls."""
        if address in above:
            circle = above[above.index(address):] + (address,)
            raise Unknown("recursion: " + " > ".join(map(self.name, circle)))
        if address not in self.edges:
            self.walk(address)
        found = self.own[address], [(self.own[address], address)]
        for depth, callee in self.edges[address]:
            size, calls = self.cached(callee, above + (address,))
            if depth + size > found[0]:
                found = depth + size, [(depth, address), *calls]
        return found

    def cached(self, address, above):
        if address not in self.paths or address in above:
            self.paths[address] = self.path(address, above)
        return self.paths[address]


def constant(name, path):
    """A number that a source defines."""
    match = re.search(rf"^#define {name}\s+(0x[0-9a-fA-F]+|\d+)",
                      (ROOT / path).read_text(), re.M)
    return number(match[1])


def stacks_of(blob):
    """Each stack: the function that gets it whole, whether exceptions use it,
    and its size."""
    if blob.arch == "x86_64":
        memmap = "arch/x86_64/memmap.h"
        stacks = [("door_main", True, constant("STACK_TOP", memmap) -
                   constant("STACK_BASE", memmap))]
        if "pool_area_fill" in blob.addresses: # on another processor
            stacks.append(("pool_area_fill", False,
                           constant("POOL_STACK_SIZE", "arch/x86_64/"
                                    "paravisor/pool_area.h")))
        return stacks
    door, memmap = "arch/aarch64/door/reset.S", "arch/aarch64/memmap.h"
    early = constant("PAGING_ROOT", door) - constant("PAGING_STACK", door)
    return [("reset_main", False, constant("WORK_SIZE", memmap) -
             constant("STACK_OFFSET", memmap)),
            ("paging_start", False, early), ("exception_report", False, early)]


def guard_of(arch):
    """The size of what is not mapped below the stack, if there is such."""
    if arch == "x86_64":
        return None
    memmap = "arch/aarch64/memmap.h"
    return constant("STACK_OFFSET", memmap) - constant("GUARD_OFFSET", memmap)


def check_frames(blob, guard):
    """Returns whether a function's own part of the stack leaps the guard."""
    size, address = max((size, at) for at, size in blob.own.items())
    print("FAIL" if size >= guard else "ok  ",
          f"frames {blob.image} {blob.name(address)}: {size} of less than "
          f"{guard} bytes")
    return size >= guard


def measure(blob, root, has_exceptions):
    """Returns what a stack needs, and the calls that need the most."""
    size, calls = blob.path(blob.addresses[root])
    size += blob.rules.RETURN_ADDRESS
    if has_exceptions:
        size += blob.rules.EXCEPTION + blob.path(
            blob.addresses["exception_report"])[0]
    return size, calls


def check(path, is_brief):
    """Prints a line for each stack; returns how many are too small."""
    blob, failed = Blob(path), 0
    for root, has_exceptions, room in stacks_of(blob):
        try:
            size, calls = measure(blob, root, has_exceptions)
            words = f"{size} of {room} bytes"
        except (Unknown, KeyError) as what:
            size, calls, words = room + 1, [], str(what)
        failed += size > room
        if is_brief:
            print(f"  STACK   {blob.image} {root}: {words}")
            continue
        print("FAIL" if size > room else "ok  ",
              f"stack {blob.image} {root}: {words}")
        if calls:
            print("      ", " > ".join(f"{blob.name(address)} {depth}"
                                       for depth, address in calls))
    guard = guard_of(blob.arch)
    if guard and not is_brief:
        failed += check_frames(blob, guard)
    return failed


def main():
    is_brief = sys.argv[1:2] == ["--brief"]
    paths = sys.argv[1 + is_brief:]
    if not paths:
        sys.exit("usage: stack.py [--brief] DIRECTBOOT.ELF...")
    failed = sum(check(path, is_brief) for path in paths)
    sys.exit(1 if failed and not is_brief else 0)


main()
