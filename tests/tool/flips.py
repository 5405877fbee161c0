#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Boots packed ROMs with one bit flipped: the blob must refuse each.

usage: flips.py BUILD_DIRECTORY [--count N] [-j N]

Flips a bit of each byte of header and section table (tests/unit/test_bundle.c
flips all their bits without an emulator), and for each compression N places in
what is stored; and N in the padding of pages. A flip passes when the console shows one line and QEMU ends by
isa-debug-exit as after a refusal. Ends with "N passed, N failed, N skipped".
"""
import argparse
import concurrent.futures
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import zlib

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "tests/boot"))
import bundles  # noqa: E402

STATUS_BOOTED, STATUS_REFUSED = 33, 99  # as tests/boot/refusals.py has them
HEADER_SIZE, SECTION_SIZE, PAGE = 88, 104, 4096
TIMEOUT = 60


def initrd():
    """Compressible, and the same each time."""
    words = [b"%08x " % zlib.crc32(bytes([i])) for i in range(200)]
    return b"".join(words[i * i % 199] for i in range(20000))


class Roms:
    def __init__(self, build, directory):
        self.tool = os.path.join(build, "directboot")
        self.directory = directory
        self.kernel = self.write("kernel", bundles.elf())
        self.initrd = self.write("initrd", initrd())

    def write(self, name, data):
        path = os.path.join(self.directory, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def pack(self, compress):
        rom = os.path.join(self.directory, "rom")
        subprocess.run([self.tool, "pack", "-k", self.kernel, "-i",
                        self.initrd, "-c", "quiet", "--compress", compress,
                        "-o", rom], check=True, stdout=subprocess.DEVNULL)
        with open(rom, "rb") as file:
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


def boot(roms, number, rom):
    path = roms.write("rom-%d" % number, rom)
    done = subprocess.run(
        ["qemu-system-x86_64", "-nodefaults", "-display", "none", "-accel",
         "tcg", "-m", "128M", "-serial", "stdio", "-device",
         "isa-debug-exit,iobase=0xf4,iosize=4", "-bios", path],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=TIMEOUT)
    os.remove(path)
    return done.returncode, done.stdout.decode("latin-1")


def judge(status, text):
    if status != STATUS_REFUSED:
        return "QEMU's status is %d, not %d" % (status, STATUS_REFUSED)
    if not re.fullmatch(r"directboot: [^\r\n]+\r\n", text):
        return "console has %r" % text[:200]
    return ""


def run(roms, number, rom, what, bit):
    flipped = bytearray(rom)
    flipped[bit // 8] ^= 1 << bit % 8
    try:
        problem = judge(*boot(roms, number, flipped))
    except subprocess.TimeoutExpired:
        problem = "does not end"
    return what, bit, problem


def test(roms, compress, args):
    rom = roms.pack(compress)
    status, text = boot(roms, 0, rom)
    if status != STATUS_BOOTED:
        print("FAIL flips %s: whole, it does not boot: %r" % (compress, text))
        return False
    rng = random.Random(compress)
    flips = list(places(rom, args.count, rng))
    if compress != "lz4":
        flips = [flip for flip in flips if flip[0].startswith("section")]
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        results = list(pool.map(
            lambda item: run(roms, item[0], rom, *item[1]), enumerate(flips)))
    problems = [result for result in results if result[2]]
    for what, bit, problem in problems:
        print("       bit %#x, in %s: %s" % (bit, what, problem))
    print("%-4s flips-%s %d of %d refused" % (
        "FAIL" if problems else "ok", compress,
        len(results) - len(problems), len(results)), flush=True)
    return not problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build")
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count())
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        roms = Roms(args.build, directory)
        good = [test(roms, compress, args)
                for compress in ("none", "lz4", "zstd")]
    print("%d passed, %d failed, 0 skipped" % (sum(good),
                                               len(good) - sum(good)))
    sys.exit(not all(good))


if __name__ == "__main__":
    main()
