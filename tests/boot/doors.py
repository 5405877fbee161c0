#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Enters the x86_64 blob as VMMs that take kernels do, rightly and wrongly.

doors.S is the VMM's side; it runs as QEMU's ROM, with the blob, the bundle and
the hand-off put in RAM. Where a case has `e820`, fw_cfg is out of reach, as it
is on those VMMs, and RAM is what the hand-off says. As a bzImage the blob's
first page lies at 10000 and the rest at 100000, as QEMU and kvmtool have them.
A case passes when the console shows its one line and QEMU ends with the status
for a refusal, or shows nothing and the bundle's small kernel ends QEMU; a line
that begins with "+" is one of those that the blob prints if verbose, and then
the kernel ends QEMU. At RESTART the machine is reset instead.
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
RESTART = "restart"
WILD = 0x123456789abcd000
VERBOSE = 1
SETUP_DATA, E820_EXT, SEED = 0x30000, 1, 9
# mov 0x250(%rsi), %rax; movzbl 0x10(%rax), %eax; mov $0xf4, %edx; out %eax, %dx
SEED_CODE = bytes.fromhex("488b8650020000" "0fb64010" "baf4000000" "ef" "f4")
DEVICES = "virtio_mmio.device=512@0xd0000000:5 virtio_mmio.device=4K@3489660928:6"

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
    ("pvh-not-reset", "pvh", {"lstar": 0x81000000}, RESTART),
    ("linux16-not-reset", "linux16", {"lstar": 0x81000000}, RESTART),
    ("pvh-memmap-513", "pvh",
     {"e820": [(n << 21, 1 << 20, 1) for n in range(513)]},
     "e820: more than 512 ranges"),
    ("pvh-version-0", "pvh", {"e820": [], "version": 0}, ""),
    ("pvh-in-our-memory", "pvh", {"handoff": 0x6fff0},
     "start info: 0x38 bytes at 0x6fff0: must not be in 0x70000 to 0x9c000"),
    ("pvh-module-over-blob", "pvh", {"e820": RAM, "blob": BUNDLE + 0x1000},
     "kernel segment: *"),
    ("pvh-modules-overlap", "pvh",
     {"e820": RAM, "module": (BUNDLE, 0x20000), "module2": (BUNDLE, 0x9000)},
     ""),
    ("pvh-module-is-all-ram", "pvh",
     {"e820": RAM, "module": (BUNDLE, 0x20000), "module2": (0, 0x8000000)},
     "kernel segment: 0x10000 bytes at 0x1000000: not in free RAM"),
    ("pvh-module-is-device", "pvh", {"e820": RAM,
                                     "module": (0xfee00000, 0x100000)},
     "payload: no kernel: *"),
    ("pvh-module-is-initrd", "pvh",
     {"e820": RAM, "embedded": True, "module": (0x5000123, 0x4567)},
     "+initrd: 0x4567 bytes at 0x5000123"),
    ("pvh-module-initrd-not-ram", "pvh",
     {"e820": RAM, "embedded": True, "module": (0xfe000000, 0x1000)},
     "initrd: 0x1000 bytes at 0xfe000000: not in RAM"),
    ("pvh-devices", "pvh",
     {"e820": RAM, "words": "quiet " + DEVICES, "machine": "microvm"},
     f"+cmdline: bundle's virtio_mmio.device=512@0xd0000000:5 "
     "virtio_mmio.device=4K@3489660928:6*"),
    ("pvh-devices-wrong", "pvh",
     {"e820": RAM, "words": "virtio_mmio.device= virtio_mmio.device=:@ a"},
     "+cmdline: bundle's virtio_mmio.device=512@0xd0000000:5 "
     "virtio_mmio.device=:@"),
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
    ("linux64-in-our-memory", "linux64", {"handoff": 0x9bfff},
     "boot_params: 0x1000 bytes at 0x9bfff: must not be in *"),
    ("setup-data-e820", "linux64",
     {"e820": RAM[:1], "setup_data": [(E820_EXT, RAM[2:])]}, ""),
    ("setup-data-none", "linux64", {"e820": RAM, "setup_data": [(77, b"")]},
     ""),
    ("setup-data-loop", "linux64",
     {"e820": RAM, "setup_data": [(77, b""), (78, b"")], "loops": True},
     "setup_data: more than 64 records"),
    ("setup-data-e820-loop", "linux64",
     {"e820": RAM, "setup_data": [(E820_EXT, RAM)], "loops": True},
     "setup_data: more than 64 records"),
    ("setup-data-wild", "linux64", {"e820": RAM, "setup_data": WILD},
     "setup_data: 0x10 bytes at 0x123456789abcd000: must be in *"),
    ("setup-data-wild-next", "linux64",
     {"e820": RAM, "setup_data": [(77, b"")], "next": WILD},
     "setup_data: 0x10 bytes at 0x123456789abcd000: must be in *"),
    ("setup-data-size", "linux64",
     {"e820": RAM, "setup_data": [(E820_EXT, b"")], "size": 0xffffffff},
     "setup_data: 0x10000000f bytes at 0x30000: must be in *"),
    ("setup-data-seed", "linux64",
     {"e820": RAM, "setup_data": [(SEED, b"\x10" + bytes(31))],
      "code": SEED_CODE}, ""),
    ("setup-data-seed-long", "linux64",
     {"e820": RAM, "setup_data": [(SEED, b"\x10" + bytes(999)),
                                  (E820_EXT, RAM)], "code": SEED_CODE}, ""),
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
    ("low-bios-bundle", "low-bios", {"e820": [], "embedded": True}, ""),
    ("low-bios-ram", "low-bios", {"e820": [], "embedded": True, "shows":
                                  "machine: 1 CPUs, 128 MiB RAM"}, ""),
    ("low-bios-high-ram", "low-bios",
     {"e820": [], "embedded": True, "memory": "5G", "shows":
      "machine: 1 CPUs, 5120 MiB RAM"}, ""),
    ("low-bios-huge-ram", "low-bios",
     {"e820": [], "embedded": True, "memory": "600G", "huge": True,
      "shows": "machine: 1 CPUs, 614400 MiB RAM"}, ""),
    ("low-bios-no-payload", "low-bios", {"e820": []}, "payload: no kernel: *"),
    ("low-bios-no-ram", "low-bios", {"memory": "1M"}, "RAM: none at 1 MiB"),
    ("linux16-no-ram", "linux16", {"e820": [(0x100000, 0x100000, 2)]},
     "low memory: 0x9c000 bytes at 0x0: not in free RAM"),
    facts.case("linux64-rsdp", shows="2 CPUs", smp=2, rsdp=facts.RSDP,
               entry="linux64", loads=facts.acpi(facts.madt([0, 1]))),
    facts.case("linux64-rsdp-wild", "acpi: VMM's table: 0x24 bytes at *",
               rsdp=WILD, entry="linux64"),
] + facts.CASES


def assemble(work):
    subprocess.run(["gcc", "-m64", "-c", f"{HERE}/doors.S", "-o",
                    f"{work}/doors.o"], check=True)
    subprocess.run(["objcopy", "-O", "binary", "-j", ".text",
                    f"{work}/doors.o", f"{work}/doors.rom"], check=True)
    with open(f"{work}/doors.rom", "rb") as file:
        return file.read()


def start_info(changes, module):
    """Start info at 7000, the modules at 6800; the map at 6000, if it fits."""
    ranges = changes.get("e820", [])
    data = bytearray(0x1000)
    if len(ranges) * 24 <= 0x800:
        data[:len(ranges) * 24] = memory_map(ranges)
    modules = [module] + [changes[key] for key in ("module2",)
                          if key in changes]
    for index, row in enumerate(modules):
        struct.pack_into("<QQQQ", data, 0x800 + index * 32, *row, 0, 0)
    table = TABLES if len(ranges) * 24 <= 0x800 else SETUP_DATA
    return data + struct.pack(
        "<IIIIQQQQII", changes.get("magic", 0x336ec578),
        changes.get("version", 1), 0,
        changes.get("module_count", len(modules)),
        changes.get("modules", 0x6800), changes.get("cmdline", CMDLINE),
        changes.get("rsdp", 0),
        changes.get("memmap", table),
        changes.get("memmap_count", len(ranges)), 0)


def memory_map(ranges):
    return b"".join(struct.pack("<QQII", *row, 0) for row in ranges)


def setup_data(changes):
    """The list, at 30000, or a long memory map of PVH's."""
    records = changes.get("setup_data", [])
    data = b""
    if not isinstance(records, list):
        return data
    for index, (kind, content) in enumerate(records):
        if not isinstance(content, bytes):
            content = b"".join(struct.pack("<QQI", *row) for row in content)
        after = SETUP_DATA + len(data) + 16 + len(content)
        if index == len(records) - 1:
            after = changes.get("next", SETUP_DATA if "loops" in changes
                                else 0)
        data += struct.pack("<QII", after, kind,
                            changes.get("size", len(content))) + content
    return data or memory_map(changes.get("e820", []))


def boot_params(changes, module):
    ranges = changes.get("e820", [])
    records = changes.get("setup_data", 0)
    data = bytearray(0x2000)
    base = HANDOFF - TABLES
    struct.pack_into("<Q", data, base + 0x70, changes.get("rsdp", 0))
    struct.pack_into("<B", data, base + 0x1e8, len(ranges))
    struct.pack_into("<I", data, base + 0x202,
                     changes.get("magic", 0x53726448))
    struct.pack_into("<II", data, base + 0x218,
                     module[0] & 0xffffffff, module[1] & 0xffffffff)
    struct.pack_into("<II", data, base + 0xc0,
                     module[0] >> 32, module[1] >> 32)
    struct.pack_into("<I", data, base + 0x228, changes.get("cmdline", CMDLINE))
    struct.pack_into("<Q", data, base + 0x250,
                     SETUP_DATA if isinstance(records, list) else records)
    for index, row in enumerate(ranges):
        struct.pack_into("<QQI", data, base + 0x2d0 + index * 20, *row)
    return data


def real_mode(changes, _):
    """What the BIOS of doors.S answers; the rest is in the setup part."""
    ranges = changes.get("e820", RAM)
    data = struct.pack("<IIII", len(ranges), changes.get("again", 0), 0, 0)
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


MAKERS = {"pvh": start_info, "linux16": real_mode, "linux32": boot_params,
          "linux64": boot_params}


def make_bundle(changes, line):
    """Verbose, with the first device already named, if a line is wanted."""
    kernel = bundles.elf()
    code = changes.get("code", bundles.CODE)
    kernel[bundles.PAGE:bundles.PAGE + len(code)] = code
    is_verbose = line.startswith("+")
    initrd = b"" if is_verbose or "embedded" in changes else \
        bytes(range(1, 256)) * 0x100
    cmdline = b"bundle's " + DEVICES.split()[0].encode() if is_verbose else b""
    bundle = bundles.Bundle(bundles.KIND_SEGMENTS, kernel, initrd, cmdline)
    if is_verbose or changes.get("shows"):
        bundle.set("header", "flags", VERBOSE)
    bundle.sign()
    return bundle.data


def low_bios(blob, bundle):
    """What is at E0000 to FFFFF; kvmtool's MP table is put over it."""
    data = bundles.rom(blob, bundle) if bundle else \
        bytes(LOW_BIOS_SIZE - len(blob)) + blob
    assert len(data) == LOW_BIOS_SIZE
    return data


def files_of(case, blob, work):
    """Name, bytes and place of what goes to RAM; place 0: not by the loader."""
    _, entry, changes, line = case
    bundle = make_bundle(changes, line)
    mode, offset = ENTRIES[entry]
    rom = bytearray(assemble(work))
    struct.pack_into("<I", rom, 12, changes.get("lstar", 0))
    if entry == "low-bios":
        struct.pack_into("<III", rom, 0, mode, LOW_BIOS, 0)
        embedded = bundle if "embedded" in changes else b""
        return [("rom", rom, 0), ("bundle", bundle, 0),
                ("low", low_bios(blob, embedded), LOW_BIOS)]
    is_real = entry == "linux16"
    place = changes.get("blob", BLOB_OF_BZIMAGE if is_real else BLOB)
    module = changes.get("module", (BUNDLE, len(bundle)))
    words = changes.get("words", "quiet").encode() + b"\0"
    files = [("rom", rom, 0), ("cmdline", words, CMDLINE),
             ("handoff", MAKERS[entry](changes, module), TABLES),
             ("data", setup_data(changes), SETUP_DATA),
             *((f"load{paddr:x}", data, paddr)
               for paddr, data in changes.get("loads", ())),
             ("bundle", bundle, BUNDLE)]
    if is_real:
        files.append(("setup", setup_part(blob, changes, module), SETUP))
        struct.pack_into("<III", rom, 0, mode,
                         changes.get("cs_ip", CS_IP_BOOT_RST), SETUP >> 4)
    else:
        struct.pack_into("<III", rom, 0, mode, place + offset,
                         changes.get("handoff", HANDOFF))
    if "embedded" in changes:
        blob = bundles.rom(blob, bundle)
        files.append(("blob", blob, place - len(blob) + bundles.BLOB_SIZE))
    else:
        missing = 0 if changes.get("has_setup", not is_real) else SETUP_SIZE
        files.append(("blob", blob[missing:], place + missing))
    return join_overlapping(files)


def join_overlapping(files):
    """QEMU does not want to load a file over another."""
    *rest, (_, bundle, base), (name, blob, place) = files
    if not base < place < base + len(bundle):
        return files
    joined = bytearray(bundle)
    joined[place - base:place - base + len(blob)] = blob
    return [*rest, (name, joined, base)]


def command(case, blob, work):
    """QEMU's; writes its files, and has QEMU put them in RAM."""
    changes = case[2]
    options = ["qemu-system-x86_64", "-M", changes.get("machine", "pc"),
               "-nodefaults", "-display", "none", "-accel", "tcg",
               "-m", changes.get("memory", "128M"),
               "-serial", f"file:{work}/serial", "-device",
               "isa-debug-exit,iobase=0xf4,iosize=4", "-bios", f"{work}/rom",
               "-no-reboot", "-smp", str(changes.get("smp", 1))]
    if "huge" in changes:  # more than the host has
        options += ["-cpu", "max", "-machine", "memory-backend=ram", "-object",
                    f"memory-backend-ram,id=ram,size={changes['memory']},"
                    "reserve=off"]
    if "e820" in changes:
        options += ["-global", "fw_cfg_io.dma_enabled=off"]
    for name, data, paddr in files_of(case, blob, work):
        with open(f"{work}/{name}", "wb") as file:
            file.write(data)
        if paddr and data:
            options += ["-device", f"loader,file={work}/{name},"
                        f"addr={paddr:#x},force-raw=on"]
    if case[1] == "low-bios":
        options += ["-fw_cfg",
                    f"name=opt/directboot/bundle,file={work}/bundle"]
    return options


def run_case(case, blob):
    line, shows = case[3], case[2].get("shows")
    with tempfile.TemporaryDirectory(prefix="directboot-") as work:
        try:
            status = subprocess.run(command(case, blob, work),
                                    stdin=subprocess.DEVNULL, check=False,
                                    timeout=TIMEOUT).returncode
        except subprocess.TimeoutExpired:
            status = "hung"
        with open(f"{work}/serial", encoding="latin-1") as file:
            text = file.read()
    if line == RESTART:
        return None if (status, text) == (0, "") else \
            f"QEMU's status is {status}; console has {text!r}"
    is_booted = not line or line.startswith("+")
    pattern = "|".join("directboot: " + re.escape(part).replace(r"\*", ".*") +
                       "\r?\n" for part in line.lstrip("+").split("|"))
    if shows:
        pattern = re.escape(shows)
    match = re.search if line.startswith("+") or shows else re.fullmatch
    if status != (STATUS_BOOTED if is_booted else STATUS_REFUSED):
        return f"QEMU's status is {status}; console has {text!r}"
    if not match(pattern if line or shows else "", text):
        return f"console has {text!r}; wanted is {shows or line!r}"
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
