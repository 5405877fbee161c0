# SPDX-License-Identifier: BSD-2-Clause
"""Compares the ACPI tables of acpi=vmm with those that a peer puts in place.

Both run QEMU's table-loader script: our blob, with a small kernel that halts,
and SeaBIOS or qboot, with nothing to boot. The tables are looked for in guest
memory, from the RSDP on. Addresses, and the checksums that they
change, are the only bytes that may differ.
"""
import os
import struct
import subprocess
import time

from lib import bundles, clock, report, table, vmm

HERE = os.path.dirname(os.path.abspath(__file__))
RAM = 48
SECONDS = 15
FLAG_VMM_ACPI = 4

# Of the FADT: FIRMWARE_CTRL, DSDT, their 64-bit forms (ACPI 5.2.9).
FADT_POINTERS = [(36, 4), (40, 4), (132, 8), (140, 8)]

NODES = ["-smp", "4,sockets=2", "-object",
         f"memory-backend-ram,id=m0,size={RAM // 2}M", "-object",
         f"memory-backend-ram,id=m1,size={RAM // 2}M",
         "-numa", "node,cpus=0-1,memdev=m0",
         "-numa", "node,cpus=2-3,memdev=m1"]


def load():
    return table.load(f"{HERE}/tables.cases", "x86_64")


def skip_reason(case, _):
    if "peer" in case and not os.path.exists(case.get("peer")):
        return f"no {case.get('peer')}"
    return ""


def find_rsdp(ram):
    for at in range(0, 1 << 20, 16):
        if ram[at:at + 8] == b"RSD PTR " and sum(ram[at:at + 20]) % 256 == 0:
            return at
    return None


def table_at(ram, at):
    size, = struct.unpack_from("<I", ram, at + 4)
    found = ram[at:at + size]
    # The FACS has no checksum.
    if not 36 <= size <= 1 << 20 or \
            (found[:4] != b"FACS" and sum(found) % 256):
        raise ValueError(f"{found[:4]} at {at:#x}: {size} bytes, bad sum")
    return found


def without_pointers(fadt):
    data = bytearray(fadt)
    for offset, size in FADT_POINTERS:
        data[offset:offset + size] = bytes(len(data[offset:offset + size]))
    data[9] = 0
    return bytes(data)


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
        found = table_at(ram, at)
        tables.append((found[:4].decode(), found))
        if found[:4] == b"FACP":
            facs, dsdt = struct.unpack_from("<II", found, 36)
            if len(found) >= 148:
                dsdt = dsdt or struct.unpack_from("<Q", found, 140)[0]
            tables[-1] = ("FACP", without_pointers(found))
            tables += [(ram[at:at + 4].decode(), table_at(ram, at))
                       for at in (facs, dsdt) if at]
    return tables


def read_ram(qemu, path):
    """All of it as the CPU sees it, by QEMU's monitor."""
    if os.path.exists(path):
        os.unlink(path)
    try:
        qemu.process.stdin.write(f'pmemsave 0 {RAM << 20} "{path}"\n'.encode())
        qemu.process.stdin.flush()
    except BrokenPipeError:
        return b""
    for _ in range(100):
        time.sleep(0.05)
        if qemu.status() is not None:
            return b""
        if os.path.exists(path) and os.path.getsize(path) == RAM << 20:
            break
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""


def options_of(case):
    options = list(NODES) if "nodes" in case else []
    if "smp" in case:
        options += ["-smp", case.get("smp")]
    for device in case.all("device"):
        options += ["-device", device]
    return options


def tables_under(case, firmware, context, work):
    """The tables, or a RuntimeError that says why there are none."""
    command = [*vmm.headless(context.qemu("x86_64")), "-accel", "tcg",
               "-monitor", "stdio", "-m", f"{RAM}M", "-machine",
               case["machine"], *options_of(case),
               *(["-bios", firmware] if firmware else [])]
    deadline = clock.Deadline(SECONDS)
    problem = "no RSDP"
    with vmm.Vmm(command, work, stdin=subprocess.PIPE) as qemu:
        while not deadline.has_passed() and qemu.status() is None:
            time.sleep(0.2)
            try:
                tables = read_tables(read_ram(qemu, f"{work}/ram"))
                if tables:
                    return tables
            except (ValueError, struct.error) as error:
                problem = str(error)  # half done, perhaps
    raise RuntimeError(f"{problem} {qemu.errors()[:200]}")


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


def make_rom(context, path):
    bundle = bundles.Bundle(bundles.KIND_SEGMENTS, bundles.elf())
    bundle.set("header", "flags", FLAG_VMM_ACPI)
    bundle.sign()
    with open(context.firmware("x86_64"), "rb") as file:
        rom = bundles.rom(file.read(), bundle.data)
    with open(path, "wb") as file:
        file.write(rom)


def run(case, context):
    rom = context.once("tables.rom", lambda path: make_rom(context, path))
    with context.work(case.name) as work:
        try:
            ours = tables_under(case, rom, context, work)
            theirs = tables_under(case, case.get("peer"), context, work)
        except RuntimeError as error:
            return report.Verdict([str(error)])
    return report.Verdict(list(compare(ours, theirs)),
                          words=" ".join(name for name, _ in ours))
