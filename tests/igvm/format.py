# SPDX-License-Identifier: BSD-2-Clause
"""The layout of IGVM files, by Microsoft's specification.

A file is a fixed header, variable headers of a type each, then pages. All is
little-endian; sizes and offsets are bytes.
"""
import struct

PAGE = 0x1000
MAGIC = 0x4d564749
FIXED_V1, FIXED_V2 = struct.Struct("<IIIIII"), struct.Struct("<IIIIIIII")
ARCHS = {"x86_64": 0, "aarch64": 1}

PLATFORM, RELOCATABLE, TABLES = 0x1, 0x102, 0x103
AREA, PAGE_DATA, INSERT, CONTEXT = 0x301, 0x302, 0x303, 0x304
REQUIRED = 0x305
HEADERS = {PLATFORM: struct.Struct("<IBBHQ"),     # mask, VTL, kind, version
           RELOCATABLE: struct.Struct("<IHBBQQQQQ"),
           TABLES: struct.Struct("<IHBBQQQ"),
           AREA: struct.Struct("<QII"),           # size, index, offset
           PAGE_DATA: struct.Struct("<QIIIHH"),   # gpa, mask, offset
           INSERT: struct.Struct("<QII"),         # gpa, mask, index
           CONTEXT: struct.Struct("<QIIHH"),      # gpa, mask, offset, VP
           REQUIRED: struct.Struct("<QIIII")}
NATIVE, VSM = 0, 1
# Of a native context: 18 registers, then IDTR, GDTR's limit and base, CS, the
# other segments, GS's base, CR0, CR3, CR4, EFER
NATIVE_GDT, NATIVE_SEGMENTS, NATIVE_CONTROL = 158, 168, 200

# Parameters: an area's index, and a byte in it
VP_COUNT, SRAT, MADT, MMIO_RANGES, MEMORY_MAP = 0x307, 0x308, 0x309, 0x30a, 0x30c
COMMAND_LINE, SLIT, PPTT, DEVICE_TREE = 0x30e, 0x30f, 0x310, 0x312
ENVIRONMENT = 0x313
PARAMETERS = (VP_COUNT, SRAT, MADT, MMIO_RANGES, MEMORY_MAP, COMMAND_LINE, SLIT,
              PPTT, DEVICE_TREE, ENVIRONMENT)
PARAMETER = struct.Struct("<II")

# Hyper-V's names of registers, of which a context of VSM has a list
REGISTERS = {
    "x86_64": {0x20004: "rsp", 0x20006: "rsi", 0x20010: "rip",
               0x20011: "rflags", 0x40000: "cr0", 0x40002: "cr3",
               0x40003: "cr4", 0x80001: "efer", 0x60000: "es", 0x60001: "cs",
               0x60002: "ss", 0x60003: "ds", 0x60004: "fs", 0x60005: "gs",
               0x60007: "tr", 0x70000: "idt", 0x70001: "gdt",
               0x80004: "pat"},
    "aarch64": {0x20022: "pc", 0x20023: "cpsr", 0x40002: "sctlr",
                0x40005: "ttbr0", 0x40006: "ttbr1", 0x40007: "tcr",
                0x4000b: "mair", 0x4000c: "vbar",
                **{0x20000 + n: f"x{n}" for n in range(8)}},
}
SEGMENTS = ("es", "cs", "ss", "ds", "fs", "gs", "tr")


def padded(data, alignment):
    return bytes(data) + bytes(-len(data) % alignment)
