# SPDX-License-Identifier: BSD-2-Clause
"""Boots packed ROMs with one bit flipped: the blob must refuse each.

A flip passes when the console shows one line and QEMU ends by isa-debug-exit as
after a refusal; a case, when all its flips do and the whole ROM boots. Of
header and section table tests/unit/test_bundle.c flips all bits without an
emulator.
"""
import concurrent.futures
import os
import random
import re
import struct
import zlib

from lib import bundles, report, table, vmm

HERE = os.path.dirname(os.path.abspath(__file__))
HEADER_SIZE, SECTION_SIZE, PAGE = 88, 104, 4096
SECONDS = 60
JOBS_MAX = 1  # a case has as many boots at a time as the run may
TOLD_MAX = 20


def load():
    return table.load(f"{HERE}/flips.cases", "x86_64")


def initrd():
    """Compressible, and the same each time."""
    words = [b"%08x " % zlib.crc32(bytes([i])) for i in range(200)]
    return b"".join(words[i * i % 199] for i in range(20000))


def pack(compress, context, work):
    context.pack(f"{work}/rom", vmm.write(work, "kernel", bundles.elf()),
                 "-i", vmm.write(work, "initrd", initrd()), "-c", "quiet",
                 "--compress", compress)
    with open(f"{work}/rom", "rb") as file:
        return file.read()


def padding(rom, start, sections):
    """Where pages are filled up, behind the table and each section."""
    table = start + HEADER_SIZE
    ends = [table + sections * SECTION_SIZE]
    for index in range(sections):
        offset, size = struct.unpack_from("<QQ", rom,
                                          table + index * SECTION_SIZE + 8)
        ends.append(start + offset + size)
    for end in ends:
        if (start - end) % PAGE:
            yield end, (start - end) % PAGE


def places(rom, count, rng):
    """Bits to flip, by what they are in."""
    start = rom.index(b"BUNDLE\x1a\n")
    sections, = struct.unpack_from("<I", rom, start + 48)
    table = start + HEADER_SIZE
    end = table + sections * SECTION_SIZE
    for at in range(start, end):
        yield "header" if at < table else "table", 8 * at + at % 8
    for _ in range(count):
        index = rng.randrange(sections)
        offset, size = struct.unpack_from(
            "<QQ", rom, table + index * SECTION_SIZE + 8)
        yield ("section %d" % index,
               8 * (start + offset) + rng.randrange(8 * size))
    gaps = list(padding(rom, start, sections))
    for _ in range(count):
        at, size = rng.choice(gaps)
        yield "padding", 8 * at + rng.randrange(8 * size)


def boot(rom, context, work):
    return vmm.run(
        [*vmm.headless(context.qemu("x86_64")), "-accel", "tcg", "-m", "128M",
         *vmm.serial_file(work), *vmm.DEBUG_EXIT, "-bios",
         vmm.write(work, "flipped", rom)], work, SECONDS)


def problem_of(rom, bit, context):
    flipped = bytearray(rom)
    flipped[bit // 8] ^= 1 << bit % 8
    with context.work(f"flip-{bit:x}") as work:
        done = boot(flipped, context, work)
    if done.status is None:
        return "does not end"
    if done.status != vmm.STATUS_REFUSED:
        return f"QEMU's status is {done.status}, not {vmm.STATUS_REFUSED}"
    if not re.fullmatch(r"directboot: [^\r\n]+\r\n", done.console):
        return f"console has {done.console[:200]!r}"
    return ""


def run(case, context):
    with context.work(case.name) as work:
        rom = pack(case["compress"], context, work)
        whole = boot(rom, context, work)
        if whole.status != vmm.STATUS_BOOTED:
            return report.Verdict([f"whole, it does not boot: "
                                   f"{whole.console!r}"])
        rng = random.Random(case["compress"])
        flips = list(places(rom, case.number("count"), rng))
        if case.get("flip") == "sections":
            flips = [flip for flip in flips if flip[0].startswith("section")]
    with concurrent.futures.ThreadPoolExecutor(context.options.jobs) as pool:
        problems = list(pool.map(
            lambda flip: problem_of(rom, flip[1], context), flips))
    bad = [f"bit {bit:#x}, in {what}: {problem}"
           for (what, bit), problem in zip(flips, problems) if problem]
    refused = f"{len(flips) - len(bad)} of {len(flips)} refused"
    return report.Verdict([refused, *bad[:TOLD_MAX]] if bad else [],
                          words=refused)
