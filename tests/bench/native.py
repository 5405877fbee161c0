#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Times the unpacking of kernels on this machine's own processor.

It packs each kernel by LZ4 and by Zstandard. Our decoders, compiled as they are
in the blob, and Debian's libraries unpack the same bytes in turns; the Markdown
table has the least time of all rounds as GB of unpacked bytes a second.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

import report

MAGIC = b"BUNDLE\x1a\n"  # common/spec/bundle.h
HEAD = ["kernel, as ", "MiB", "by us, with its sum", "by the library",
        "ours / theirs", "memcpy"]


def section_of(tool, rom):
    """Returns where in the file a ROM's largest section is, and its sizes."""
    shown = json.loads(subprocess.run([tool, "show", "--json", rom], check=True,
                                      stdout=subprocess.PIPE).stdout)
    section = max(shown["sections"], key=lambda section: section["size"])
    with open(rom, "rb") as file:
        bundle = file.read().index(MAGIC)
    return (bundle + section["offset"], section["stored_size"], section["size"])


def line_of(options, kernel, way, folder):
    rom = os.path.join(folder, way)
    tool = os.path.join(options.build, "directboot")
    subprocess.run([tool, "pack", "-k", kernel, "--cmdline", "console=ttyS0",
                    "--compress", way, "-o", rom], check=True,
                   stdout=subprocess.DEVNULL)
    offset, stored, size = section_of(tool, rom)
    done = subprocess.run(
        [os.path.join(options.build, "bench/native"), way, rom, str(offset),
         str(stored), str(size), str(options.rounds)], check=True,
        stdout=subprocess.PIPE, text=True)
    ours, library, copy = (float(word) for word in done.stdout.split())
    name = os.path.basename(os.path.dirname(os.path.abspath(kernel)))
    return [f"{name}, {way}", f"{stored / 2**20:.1f} of {size / 2**20:.1f}",
            f"{size / ours / 1e9:.2f}", f"{size / library / 1e9:.2f}",
            f"{library / ours:.2f}", f"{size / copy / 1e9:.2f}"]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("kernels", nargs="+", metavar="KERNEL",
                        help="bzImages, Images or vmlinux files")
    parser.add_argument("--build", required=True, metavar="DIR")
    parser.add_argument("--rounds", type=int, default=9, metavar="N")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = [line_of(options, kernel, way, folder)
                 for kernel in options.kernels for way in ("lz4", "zstd")]
    print("\n".join(report.table(HEAD, lines)))


if __name__ == "__main__":
    main()
