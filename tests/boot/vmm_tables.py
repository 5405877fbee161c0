#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compares the ACPI tables of acpi=vmm with those that a peer puts in place.

Both run QEMU's table-loader script: our blob, with a small kernel that halts,
and SeaBIOS or qboot, with nothing to boot. The tables are looked for in guest
memory, from the RSDP on. Addresses, and the checksums that they
change, are the only bytes that may differ.
"""
import argparse
import dataclasses
import os
import re
import struct
import subprocess
import sys
import tempfile
import time

import bundles

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("O", f"{os.path.dirname(os.path.dirname(HERE))}/build")
RAM = 48
TIMEOUT = 15
FLAG_VMM_ACPI = 4
QBOOT = "/usr/share/qemu/qboot.rom"

# Of the FADT: FIRMWARE_CTRL, DSDT, their 64-bit forms (ACPI 5.2.9).
FADT_POINTERS = [(36, 4), (40, 4), (132, 8), (140, 8)]

NODES = ["-smp", "4,sockets=2", "-object",
         f"memory-backend-ram,id=m0,size={RAM // 2}M", "-object",
         f"memory-backend-ram,id=m1,size={RAM // 2}M",
         "-numa", "node,cpus=0-1,memdev=m0",
         "-numa", "node,cpus=2-3,memdev=m1"]


@dataclasses.dataclass
class Case:
    name: str
    machine: str
    options: list
    peer: str = ""  # QEMU's default: SeaBIOS


CASES = [
    Case("pc", "pc", []),
    Case("pc-8cpu", "pc", ["-smp", "8"]),
    Case("pc-nodes", "pc", NODES),
    Case("pc-devices", "pc", ["-device", "pci-bridge,chassis_nr=1",
                              "-device", "virtio-rng-pci"]),
    Case("q35", "q35", []),
    Case("q35-nodes", "q35", NODES),
    Case("q35-iommu", "q35", ["-device", "intel-iommu"]),
    Case("q35-ports", "q35", ["-device", "pcie-root-port,id=p1,chassis=1",
                              "-device", "virtio-net-pci,bus=p1"]),
    Case("microvm", "microvm", [], QBOOT),
    Case("microvm-pcie", "microvm,pcie=on", ["-smp", "2"], QBOOT),
]


def find_rsdp(ram):
    for at in range(0, 1 << 20, 16):
        if ram[at:at + 8] == b"RSD PTR " and sum(ram[at:at + 20]) % 256 == 0:
            return at
    return None


def table_at(ram, at):
    size, = struct.unpack_from("<I", ram, at + 4)
    table = ram[at:at + size]
    # The FACS has no checksum.
    if not 36 <= size <= 1 << 20 or \
            (table[:4] != b"FACS" and sum(table) % 256):
        raise ValueError(f"{table[:4]} at {at:#x}: {size} bytes, bad sum")
    return table


def without_pointers(table):
    table = bytearray(table)
    for offset, size in FADT_POINTERS:
        table[offset:offset + size] = bytes(len(table[offset:offset + size]))
    table[9] = 0
    return bytes(table)


def read_tables(ram):
    """Pairs of signature and bytes, in order; None if there are none yet."""
    rsdp = find_rsdp(ram)
    if rsdp is None:
        return None
    revision, rsdt = struct.unpack_from("<BI", ram, rsdp + 15)
    xsdt, = struct.unpack_from("<Q", ram, rsdp + 24) if revision else (0,)
    root = table_at(ram, xsdt or rsdt)
    kind = "<%dQ" if xsdt else "<%dI"
    count = (len(root) - 36) // struct.calcsize(kind % 1)
    tables = [("RSDP", bytes([revision])), ("root", root[:4] + root[8:9])]
    for at in struct.unpack_from(kind % count, root, 36):
        table = table_at(ram, at)
        tables.append((table[:4].decode(), table))
        if table[:4] == b"FACP":
            facs, dsdt = struct.unpack_from("<II", table, 36)
            if len(table) >= 148:
                dsdt = dsdt or struct.unpack_from("<Q", table, 140)[0]
            tables[-1] = ("FACP", without_pointers(table))
            tables += [(ram[at:at + 4].decode(), table_at(ram, at))
                       for at in (facs, dsdt) if at]
    return tables


def read_ram(process, path):
    """All of it as the CPU sees it, by QEMU's monitor."""
    process.stdin.write(f'pmemsave 0 {RAM << 20} "{path}"\n'.encode())
    process.stdin.flush()
    for _ in range(100):
        time.sleep(0.05)
        if process.poll() is not None:
            return b""
        if os.path.exists(path) and os.path.getsize(path) == RAM << 20:
            break
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""


def tables_under(case, firmware, program, work):
    command = [program, "-nodefaults", "-display", "none", "-accel", "tcg",
               "-monitor", "stdio", "-m", f"{RAM}M", "-machine", case.machine]
    command += case.options + (["-bios", firmware] if firmware else [])
    deadline = time.monotonic() + TIMEOUT
    problem = "no RSDP"
    with subprocess.Popen(command, stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE) as process:
        while time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.2)
            path = f"{work}/ram"
            try:
                tables = read_tables(read_ram(process, path))
                if tables:
                    process.kill()
                    return tables
            except (ValueError, struct.error) as error:
                problem = str(error)  # half done, perhaps
            if os.path.exists(path):
                os.unlink(path)
        process.kill()
        words = process.stderr.read().decode().strip()
    raise RuntimeError(f"{problem} {words[:200]}")


def compare(ours, theirs):
    names = [[name for name, _ in tables] for tables in (ours, theirs)]
    if names[0] != names[1]:
        yield f"ours {' '.join(names[0])}, theirs {' '.join(names[1])}"
        return
    for (name, own), (_, other) in zip(ours, theirs):
        places = [str(at) for at in range(max(len(own), len(other)))
                  if own[at:at + 1] != other[at:at + 1]]
        if places:
            yield f"{name} differs at {' '.join(places[:20])}"


def run_case(case, args):
    bundle = bundles.Bundle(bundles.KIND_SEGMENTS, bundles.elf())
    bundle.set("header", "flags", FLAG_VMM_ACPI)
    bundle.sign()
    with tempfile.TemporaryDirectory(prefix="directboot-") as work:
        with open(args.firmware, "rb") as file:
            rom = bundles.rom(file.read(), bundle.data)
        with open(f"{work}/rom", "wb") as file:
            file.write(rom)
        try:
            ours = tables_under(case, f"{work}/rom", args.program, work)
            theirs = tables_under(case, case.peer, args.program, work)
        except RuntimeError as error:
            return [str(error)], []
        return list(compare(ours, theirs)), [name for name, _ in ours]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--firmware", default=f"{BUILD}/directboot-x86_64.rom")
    parser.add_argument("--qemu", dest="program", metavar="PATH",
                        default="qemu-system-x86_64")
    parser.add_argument("--case", default="", metavar="REGEX")
    args = parser.parse_args()
    passed = failed = skipped = 0
    for case in CASES:
        if not re.search(args.case, case.name):
            continue
        if case.peer and not os.path.exists(case.peer):
            print(f"skip {case.name}: no {case.peer}")
            skipped += 1
            continue
        problems, names = run_case(case, args)
        print("FAIL" if problems else "ok  ", case.name, " ".join(names))
        for problem in problems:
            print(f"       {problem}")
        failed, passed = failed + bool(problems), passed + (not problems)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
