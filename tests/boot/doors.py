#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Enters the x86_64 blob as VMMs that take kernels do, rightly and wrongly.

doors.S is the VMM's side; it runs as QEMU's ROM, with the blob, the bundle and
the hand-off put in RAM. Where a case has `e820`, fw_cfg is out of reach, as it
is on those VMMs, and RAM is what the hand-off says. As a bzImage the blob's
first page lies at 10000 and the rest at 100000, as QEMU and kvmtool have them.
A case passes when the console shows its one line and QEMU ends with the status
for a refusal, or shows nothing and the bundle's small kernel ends QEMU.
"""
import os
import re
import struct
import subprocess
import sys
import tempfile

import bundles
import facts

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get("O", f"{ROOT}/build")
TIMEOUT = 20
STATUS_REFUSED, STATUS_BOOTED = 99, 33
BLOB, HANDOFF, TABLES, BUNDLE = 0x200000, 0x7000, 0x6000, 0x4000000
CMDLINE, SETUP, SETUP_SIZE = 0x20000, 0x10000, 0x1000
BLOB_OF_BZIMAGE = 0x100000 - SETUP_SIZE
ENTRIES = {"linux32": (0, 0x1000), "pvh": (0, 0x1010), "linux64": (1, 0x1200),
           "linux16": (2, 0), "low-bios": (3, 0)}
LOW_BIOS, LOW_BIOS_SIZE = 0x20000, 0x20000
CS_IP_BOOT_RST, CS_IP_KVMTOOL = 0x10200000, 0x10000200
RAM = [(0, 0x9fc00, 1), (0x9fc00, 0x60400, 2), (0x100000, 0x7f00000, 1)]
WILD = 0x123456789abcd000
VERBOSE = 1

# name, entry, what is changed, the line
CASES = [
    ("pvh", "pvh", {}, ""),
    ("pvh-e820", "pvh", {"e820": RAM}, ""),
    ("pvh-high", "pvh", {"blob": 0x7000000}, ""),
    ("pvh-magic", "pvh", {"magic": 1}, "start info: at 0x7000: magic 0x1, *"),
    ("pvh-wild", "pvh", {"handoff": 0x7ffff000}, "start info: 0x38 bytes at "
     "0x7ffff000: must be in the first GiB"),
    ("pvh-null", "pvh", {"handoff": 0}, "start info: 0x38 bytes at 0x0: *"),
    ("pvh-memmap-wild", "pvh", {"e820": RAM, "memmap": WILD},
     "memory map: 0x48 bytes at 0x123456789abcd000: *"),
    ("pvh-memmap-count", "pvh", {"e820": RAM, "memmap_count": 0xffffffff},
     "memory map: 0x17ffffffe8 bytes at 0x6000: *"),
    ("pvh-memmap-many", "pvh", {"e820": RAM, "memmap_count": 0x1000},
     "low memory: *|memory: *|e820: *"),
    ("pvh-modules-wild", "pvh", {"modules": WILD}, "modules: 0x20 bytes at *"),
    ("pvh-modules-count", "pvh", {"module_count": 0xffffffff},
     "modules: 0x1fffffffe0 bytes at 0x6800: *"),
    ("pvh-module-wild", "pvh", {"module": (WILD, 0x1000)}, "*"),
    ("pvh-module-wraps", "pvh", {"module": (0x4000000, 1 << 64 - 1)}, "*"),
    ("pvh-module-is-blob", "pvh", {"module": (BLOB, 0x10000)},
     "payload: no kernel: *"),
    ("pvh-module-low", "pvh", {"module": (0x1000, 0x9000)},
     "payload: no kernel: *"),
    ("pvh-cmdline-wild", "pvh", {"cmdline": WILD}, "cmdline: *"),
    ("pvh-cmdline-endless", "pvh", {"cmdline": BUNDLE + 0x3000},
     "cmdline: at 0x4003000: does not end within 0x4000 bytes"),
    ("linux64", "linux64", {}, ""),
    ("linux64-e820", "linux64", {"e820": RAM}, ""),
    ("linux32-e820", "linux32", {"e820": RAM}, ""),
    ("linux64-header", "linux64", {"magic": 0}, "boot_params: at 0x7000: *"),
    ("linux64-overlap", "linux64", {"e820": RAM + RAM[::-1] +
                                    [(0x80000, 0x100000, 1)]}, ""),
    ("linux64-no-ram", "linux64", {"e820": [(0x100000, 0x100000, 2)]},
     "low memory: 0x9c000 bytes at 0x0: not in free RAM"),
    ("linux64-wraps", "linux64", {"e820": RAM + [(1 << 63, 1 << 63, 1),
                                                 (1 << 62, 1 << 63 | 1 << 62 |
                                                  1, 1)]}, "memory: *"),
    ("linux64-kernel-is-none", "linux64",
     {"e820": RAM[:2] + [(0x100000, 0x200000, 1), (BUNDLE, 0x2000000, 1)]},
     "kernel segment: 0x10000 bytes at 0x1000000: not in free RAM"),
    ("linux64-ramdisk-wild", "linux64", {"module": (WILD, 0x1000)}, "*"),
    ("linux64-bzimage", "linux64", {"e820": RAM, "blob": BLOB_OF_BZIMAGE,
                                    "has_setup": False}, ""),
    ("linux32-bzimage", "linux32", {"e820": RAM, "blob": BLOB_OF_BZIMAGE,
                                    "has_setup": False}, ""),
    ("linux16", "linux16", {}, ""),
    ("linux16-e820", "linux16", {"e820": RAM}, ""),
    ("linux16-kvmtool", "linux16", {"e820": RAM, "cs_ip": CS_IP_KVMTOOL}, ""),
    ("linux16-high", "linux16", {"e820": RAM, "blob": 0x3000000 - SETUP_SIZE},
     ""),
    ("linux16-no-e820", "linux16", {"e820": []}, ""),
    ("linux16-e820-endless", "linux16", {"e820": RAM, "again": 1}, ""),
    ("linux16-e820-many", "linux16", {"e820": RAM * 60}, ""),
    ("linux16-too-high", "linux16", {"blob": 0x40000000, "memory": "1100M"},
     "blob: loaded beyond 1 GiB"),
    ("low-bios", "low-bios", {}, ""),
    ("low-bios-bundle", "low-bios", {"e820": [], "has_bundle": True}, ""),
    ("low-bios-no-payload", "low-bios", {"e820": []}, "payload: no kernel: *"),
    ("low-bios-no-ram", "low-bios", {"memory": "1M"}, "RAM: none at 1 MiB"),
    ("linux16-no-ram", "linux16", {"e820": [(0x100000, 0x100000, 2)]},
     "low memory: 0x9c000 bytes at 0x0: not in free RAM"),
]


def assemble(work):
    subprocess.run(["gcc", "-m64", "-c", f"{HERE}/doors.S", "-o",
                    f"{work}/doors.o"], check=True)
    subprocess.run(["objcopy", "-O", "binary", "-j", ".text",
                    f"{work}/doors.o", f"{work}/doors.rom"], check=True)
    with open(f"{work}/doors.rom", "rb") as file:
        return file.read()


def start_info(changes, module):
    """Start info at 7000, and from 6000 on the map, from 6800 the module."""
    ranges = changes.get("e820", [])
    data = bytearray(0x1000)
    for index, row in enumerate(ranges):
        struct.pack_into("<QQII", data, index * 24, *row, 0)
    struct.pack_into("<QQQQ", data, 0x800, *module, 0, 0)
    return data + struct.pack(
        "<IIIIQQQQII", changes.get("magic", 0x336ec578), 1, 0,
        changes.get("module_count", 1), changes.get("modules", 0x6800),
        changes.get("cmdline", CMDLINE), changes.get("rsdp", 0),
        changes.get("memmap", TABLES),
        changes.get("memmap_count", len(ranges)), 0)


def boot_params(changes, module):
    ranges = changes.get("e820", [])
    data = bytearray(0x2000)
    base = HANDOFF - TABLES
    struct.pack_into("<B", data, base + 0x1e8, len(ranges))
    struct.pack_into("<I", data, base + 0x202,
                     changes.get("magic", 0x53726448))
    struct.pack_into("<II", data, base + 0x218,
                     module[0] & 0xffffffff, module[1] & 0xffffffff)
    struct.pack_into("<II", data, base + 0xc0,
                     module[0] >> 32, module[1] >> 32)
    struct.pack_into("<I", data, base + 0x228, changes.get("cmdline", CMDLINE))
    for index, row in enumerate(ranges):
        struct.pack_into("<QQI", data, base + 0x2d0 + index * 20, *row)
    return data


def real_mode(changes, module):
    """What the BIOS of doors.S answers; the rest is in the setup part."""
    ranges = changes.get("e820", RAM)
    data = struct.pack("<IIII", len(ranges), changes.get("again", 0), 0, 0)
    del module
    return data + b"".join(struct.pack("<QQI", *row) for row in ranges)


def setup_part(blob, changes, module):
    """The first page, with what a loader fills in."""
    data = bytearray(blob[:SETUP_SIZE])
    struct.pack_into("<B", data, 0x210, 0xff)
    struct.pack_into("<III", data, 0x214,
                     changes.get("blob", BLOB_OF_BZIMAGE) + SETUP_SIZE,
                     *module)
    struct.pack_into("<I", data, 0x228, changes.get("cmdline", CMDLINE))
    return data


def low_bios(blob, changes):
    """What is at E0000 to FFFFF; kvmtool's MP table is put over it."""
    bundle = bundles.Bundle(bundles.KIND_SEGMENTS, bundles.elf())
    bundle.sign()
    data = bytes(LOW_BIOS_SIZE - len(blob)) + blob
    if changes.get("has_bundle"):
        data = bundles.rom(blob, bundle.data)
        assert len(data) == LOW_BIOS_SIZE
    return data


MAKERS = {"pvh": start_info, "linux16": real_mode, "linux32": boot_params,
          "linux64": boot_params}


def command(entry, changes, blob, work):
    bundle = bundles.Bundle(bundles.KIND_SEGMENTS, bundles.elf(),
                            bytes(range(1, 256)) * 0x100)
    if changes.get("shows"):
        bundle.set("header", "flags", VERBOSE)
    bundle.sign()
    if entry == "low-bios":
        rom = bytearray(assemble(work))
        struct.pack_into("<III", rom, 0, 3, LOW_BIOS, 0)
        return qemu(changes, work, [
            ("rom", rom, 0), ("bundle", bundle.data, 0),
            ("low", low_bios(blob, changes), LOW_BIOS)]) + [
                "-fw_cfg", f"name=opt/directboot/bundle,file={work}/bundle"]
    is_real = entry == "linux16"
    place = changes.get("blob", BLOB_OF_BZIMAGE if is_real else BLOB)
    mode, offset = ENTRIES[entry]
    rom = bytearray(assemble(work))
    module = changes.get("module", (BUNDLE, len(bundle.data)))
    files = [("rom", rom, 0), ("cmdline", b"quiet\0", CMDLINE),
             ("handoff", MAKERS[entry](changes, module), TABLES),
             ("bundle", bundle.data, BUNDLE)]
    if is_real:
        files.append(("setup", setup_part(blob, changes, module), SETUP))
        struct.pack_into("<III", rom, 0, mode,
                         changes.get("cs_ip", CS_IP_BOOT_RST), SETUP >> 4)
    else:
        struct.pack_into("<III", rom, 0, mode, place + offset,
                         changes.get("handoff", HANDOFF))
    missing = 0 if changes.get("has_setup", not is_real) else SETUP_SIZE
    files.append(("blob", blob[missing:], place + missing))
    return qemu(changes, work, files)


def qemu(changes, work, files):
    """The command; writes its files, and has QEMU put them in RAM."""
    options = ["qemu-system-x86_64", "-nodefaults", "-display", "none",
               "-accel", "tcg", "-m", changes.get("memory", "128M"), "-serial",
               f"file:{work}/serial", "-device",
               "isa-debug-exit,iobase=0xf4,iosize=4", "-bios", f"{work}/rom",
               "-smp", str(changes.get("smp", 1))]
    if "e820" in changes:
        options += ["-global", "fw_cfg_io.dma_enabled=off"]
    for name, data, paddr in files:
        with open(f"{work}/{name}", "wb") as file:
            file.write(data)
        if paddr:
            options += ["-device", f"loader,file={work}/{name},"
                        f"addr={paddr:#x},force-raw=on"]
    return options


def run_case(case, blob):
    _, entry, changes, line = case
    shows = changes.get("shows", "")
    with tempfile.TemporaryDirectory(prefix="directboot-") as work:
        try:
            status = subprocess.run(command(entry, changes, blob, work),
                                    stdin=subprocess.DEVNULL, check=False,
                                    timeout=TIMEOUT).returncode
        except subprocess.TimeoutExpired:
            status = "hung"
        with open(f"{work}/serial", encoding="latin-1") as file:
            text = file.read()
    pattern = "|".join("directboot: " + re.escape(part).replace(r"\*", ".*") +
                       "\r?\n" for part in line.split("|")) if line else ""
    if status != (STATUS_REFUSED if line else STATUS_BOOTED):
        return f"QEMU's status is {status}; console has {text!r}"
    if shows and shows in text:
        return None
    if shows or not re.fullmatch(pattern, text):
        return f"console has {text!r}; wanted is {line + shows!r}"
    return None


def main():
    with open(f"{BUILD}/directboot-x86_64.rom", "rb") as file:
        blob = file.read()
    selected = [case for case in CASES
                if len(sys.argv) < 2 or re.search(sys.argv[1], case[0])]
    failed = 0
    for case in selected:
        problem = run_case(case, blob)
        failed += problem is not None
        print(f"{'FAIL' if problem else 'ok  '} {case[0]}", flush=True)
        if problem:
            print(f"       {problem}", flush=True)
    print(f"{len(selected) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
