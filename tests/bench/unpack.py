#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Counts what it takes to unpack a kernel, by each method.

It counts from reset to the kernel's first instruction at a kernel-virtual
address, for a ROM of each compression. To compare, a further ROM has the same
bzImage as it is, which unpacks itself; for an Image it has --compress none. The
Markdown table has the ROM's bytes, instructions under -icount, and CPU time of
the vCPU's thread under TCG, the least of --time rounds. README.md explains the
numbers.
"""
import argparse
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

import kernel
import measure
import report

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
MACHINES = {"x86_64": ["-M", "pc"],
            "aarch64": ["-M", "virt", "-cpu", "cortex-a57"]}
WAYS = [["--keep-bzimage"], ["--compress", "none"], ["--compress", "lz4"],
        ["--compress", "zstd"]]
PROGRAMS = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\x5d\0\0": "lzma",
            b"\xfd7zX": "xz", b"\x89LZO": "lzo", b"\x02!L\x18": "lz4",
            b"\x28\xb5\x2f\xfd": "zstd"}


def payload_kind(image):
    at = (image[0x1f1] + 1) * 512 + int.from_bytes(image[0x248:0x24c],
                                                   "little")
    return next((name for magic, name in PROGRAMS.items()
                 if image[at:at + len(magic)] == magic), "?")


class Kernel:
    def __init__(self, path, folder):
        with open(path, "rb") as file:
            image = file.read()
        self.path = path
        self.size = len(image)
        if image[0x202:0x206] == b"HdrS":
            vmlinux = os.path.join(folder, "vmlinux")
            subprocess.run([os.path.join(ROOT, "scripts/extract-vmlinux.py"),
                            path, vmlinux], check=True)
            self.arch = "x86_64"
            self.own = payload_kind(image)
            self.markers = kernel.entries(path, vmlinux)
            self.ways = WAYS
        else:
            self.arch = "aarch64"
            self.own = None
            self.markers = kernel.entries(path)
            self.ways = WAYS[1:]

    def name_of(self, way):
        if way == WAYS[0]:
            return f"by itself, {self.own}"
        return "stored" if way[-1] == "none" else f"by us, {way[-1]}"


def command(guest, rom):
    return [f"qemu-system-{guest.arch}", "-accel", "tcg", "-nodefaults",
            "-display", "none", "-no-reboot", "-m", "512",
            *MACHINES[guest.arch], "-bios", rom,
            # Otherwise the host would clear fresh memory in the guest's time.
            "-object", "memory-backend-ram,id=ram,size=512M,prealloc=on",
            "-machine", "memory-backend=ram"]


class Row:
    def __init__(self, guest, way, folder, build):
        self.name = guest.name_of(way)
        self.rom = os.path.join(folder, "-".join(way).strip("-"))
        # The kernel is then at the same address in each run.
        subprocess.run([os.path.join(build, "directboot"), "pack", "--kernel",
                        guest.path, "--cmdline", "nokaslr quiet", *way,
                        "--rom-size", "exact", "-o", self.rom], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        self.size = os.path.getsize(self.rom)
        self.exact = None
        self.times = []

    def measure(self, guest, plugin, **how):
        return measure.run(command(guest, self.rom), plugin, guest.markers,
                           traces=False, to_kva=True, timeout=600, **how)


def measure_kernel(path, build, rounds, folder, plugins):
    guest = Kernel(path, folder)
    plugin = measure.loadable_plugin(f"qemu-system-{guest.arch}", plugins)
    all_rows = [Row(guest, way, folder, build) for way in guest.ways]
    for row in all_rows:
        row.exact = row.measure(guest, plugin)
    for _ in range(rounds):
        for row in all_rows:
            once = row.measure(guest, plugin, counts=False,
                               deterministic=False)
            row.times.append(once.end_ms)
    base = all_rows[0]
    lines = []
    for row in all_rows:
        count = row.exact.end_insn_count
        cells = [row.name, f"{row.size:,}", f"{count / 1e6:.1f} M",
                 f"{count / base.exact.end_insn_count:.2f}"]
        if rounds:
            least = min(row.times)
            cells += [f"{least:.0f}", f"{least / min(base.times):.2f}"]
        lines.append(cells)
    head = ["unpacked ", "ROM, bytes", "instructions", "ratio"]
    head += ["T ms", "ratio"] if rounds else []
    print(f"{os.path.basename(os.path.realpath(path))}, {guest.size:,} "
          "bytes\n", flush=True)
    print("\n".join(report.table(head, lines)), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--time", type=int, default=5, metavar="N",
                        help="rounds of timing (5); 0: none")
    parser.add_argument("kernels", nargs="+", metavar="KERNEL",
                        help="bzImage or arm64 Image")
    args = parser.parse_args()
    folder = os.path.join(args.build, "bench")
    os.makedirs(folder, exist_ok=True)
    plugins = measure.build_plugin(folder, ROOT)
    for path in args.kernels:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            measure_kernel(path, args.build, args.time, place, plugins)


if __name__ == "__main__":
    main()
