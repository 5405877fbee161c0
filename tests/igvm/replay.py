# SPDX-License-Identifier: BSD-2-Clause
"""QEMU's command line that starts a machine as a loader of IGVM files would.

QEMU's generic loader puts the pages in RAM; a few instructions set the registers
(x86_64.S, aarch64.S). The machine is Debian's QEMU, which has no IGVM itself.
"""
import os
import struct
import subprocess

from lib import vmm

HERE = os.path.dirname(os.path.abspath(__file__))
STAGE = 0x4000000
REGISTERS_AT = 0xffe0  # a word of x86_64.S
COMPILERS = {"x86_64": ["gcc", "-m64"], "aarch64": ["aarch64-linux-gnu-gcc"]}
OBJCOPY = {"x86_64": "objcopy", "aarch64": "aarch64-linux-gnu-objcopy"}


def assemble(arch):
    def make(path):
        subprocess.run([*COMPILERS[arch], "-c", f"{HERE}/{arch}.S", "-o",
                        f"{path}.o"], check=True)
        subprocess.run([OBJCOPY[arch], "-O", "binary", "-j", ".text",
                        f"{path}.o", path], check=True)
    return make


def rom_x86(rom, registers, runs):
    rom = bytearray(rom)
    for index, (gpa, data) in enumerate(runs):
        struct.pack_into("<III", rom, 12 * index, staged(gpa), gpa, len(data))
    at, = struct.unpack_from("<I", rom, REGISTERS_AT)
    struct.pack_into("<8Q", rom, at, *(registers[name] for name in (
        "cr0", "cr3", "cr4", "efer")), registers.get("rsp", 0), *(
            registers[name] for name in ("rsi", "rip", "ds")))
    base, limit = registers["gdt"]
    struct.pack_into("<HHQ", rom, at + 68, registers["cs"], limit, base)
    return rom


def rom_arm(rom, registers):
    return rom[:-48] + struct.pack("<6Q", *(registers.get(name, 0) for name in (
        "mair", "tcr", "ttbr0", "sctlr", "pc", "x0")))


def staged(gpa):
    return STAGE + gpa


def options(arch, loaded, context, work, is_staged=False):
    """QEMU's options for the ROM and the pages."""
    with open(context.once(f"igvm-{arch}.rom", assemble(arch)), "rb") as file:
        rom = file.read()
    runs = loaded.runs()
    rom = rom_x86(rom, loaded.registers, runs if is_staged else []) \
        if arch == "x86_64" else rom_arm(rom, loaded.registers)
    found = ["-bios", vmm.write(work, "rom", rom)]
    for gpa, data in runs:
        path = vmm.write(work, f"run{gpa:x}", data)
        found += vmm.loader(path, staged(gpa) if is_staged else gpa)
    return found
