# SPDX-License-Identifier: BSD-2-Clause
"""Makes IGVM files of a blob and a bundle, with any field wrong.

It shares nothing with the host tool. The pages are one run: blob and bundle, the
page of parameters (common/spec/igvm_params.h), on x86_64 a page with the GDT,
page tables, areas. Words of a row change what is right.
"""
import struct
import zlib

from igvm import format as igvm
from lib import bundles

BASES = {"x86_64": 0x200000, "aarch64": 0x40200000}
ENTRY64 = 0x1200
RECORD_ARM = 0x40

PARAMS = {"magic": (0, "Q"), "version": (8, "I"), "flags": (12, "I"),
          "crc32c": (16, "I"), "area_count": (20, "I"),
          "run_offset": (24, "q"), "run_size": (32, "Q"), "sum64": (40, "Q"),
          "reserved": (48, "Q")}
PARAMS_AREA = {"parameter": (0, "I"), "size": (4, "I"), "offset": (8, "q")}
PARAMS_SIZE, AREAS_AT, AREA_SIZE = 256, 64, 16
MAGIC, VERSION = 0x534d415241504244, 1

# Name: its parameter, its pages
AREAS = {"map": (igvm.MEMORY_MAP, 8), "count": (igvm.VP_COUNT, 1),
         "env": (igvm.ENVIRONMENT, 1), "cmdline": (igvm.COMMAND_LINE, 1),
         "madt": (igvm.MADT, 20), "srat": (igvm.SRAT, 20),
         "slit": (igvm.SLIT, 1), "pptt": (igvm.PPTT, 1),
         "mmio": (igvm.MMIO_RANGES, 1), "tree": (igvm.DEVICE_TREE, 64)}
COMMON = ("map", "count", "env")
OPENVMM = COMMON + ("cmdline", "madt", "srat", "tree")
FLAVOURS = {"qemu": COMMON, "openvmm": OPENVMM,
            "hyperv": OPENVMM + ("slit", "pptt")}
# Bit of the mask: kind and VTL. One x86_64 file is for QEMU and for OpenVMM.
PLATFORMS = {("x86_64", "qemu"): {1: (igvm.NATIVE, 0), 2: (igvm.VSM, 0)},
             ("x86_64", "openvmm"): {1: (igvm.VSM, 0)},
             ("x86_64", "hyperv"): {1: (igvm.VSM, 2)},
             ("aarch64", "openvmm"): {1: (igvm.VSM, 0)},
             ("aarch64", "hyperv"): {1: (igvm.VSM, 2)}}

GDT = struct.pack("<4Q", 0, 0, 0x00af9b000000ffff, 0x00cf93000000ffff)
CODE, DATA = 0x10, 0x18
CODE_ATTRIBUTES, DATA_ATTRIBUTES = 0xa09b, 0xc093


def poke(target, fields, base, name, value):
    offset, letter = fields[name]
    bits = 8 * struct.calcsize("<" + letter)
    if letter.isupper():
        value &= (1 << bits) - 1
    struct.pack_into("<" + letter, target, base + offset, value)


def packed(arch, blob, bundle):
    """Blob and bundle, and where the blob starts in them."""
    if arch == "x86_64":
        data = bundles.rom(blob, bundle)
        return data, len(data) - len(blob)
    data = bytearray(igvm.padded(blob, igvm.PAGE))
    if bundle:
        struct.pack_into("<qQ", data, RECORD_ARM + 8, len(data), len(bundle))
    return data + bundle, 0


def tables_x86(base, _is_narrow):
    """PML4, PDPT and four PDs: the first 4 GiB at themselves."""
    pages = [struct.pack("<Q", base + igvm.PAGE | 3),
             struct.pack("<4Q", *(base + (2 + n) * igvm.PAGE | 3
                                  for n in range(4)))]
    pages += [struct.pack("<512Q", *(gib << 30 | n << 21 | 0x83
                                     for n in range(512)))
              for gib in range(4)]
    return b"".join(igvm.padded(page, igvm.PAGE) for page in pages)


def tables_arm(base, is_narrow):
    """Level 1 of 39 bits: a GiB of devices, 7 of memory (Arm ARM D8.3).

    A narrow map has only the 2 MiB that the tables are in, by a level 2.
    """
    level1 = [0x401, *(n << 30 | 0x705 for n in range(1, 8))]
    level2 = [0] * 512
    if is_narrow:
        level1[base >> 30] = base + igvm.PAGE | 3
        level2[base >> 21 & 511] = base >> 21 << 21 | 0x705
    return b"".join(igvm.padded(struct.pack(f"<{len(level)}Q", *level),
                                igvm.PAGE) for level in (level1, level2))


class Run:
    """All pages of the file, from `base` on, and where things are."""

    def __init__(self, case, arch, blob, bundle, flavour):
        self.arch = arch
        self.base = case.number("base", BASES[arch])
        data, blob_at = packed(arch, blob, bundle)
        self.data = bytearray(igvm.padded(data, igvm.PAGE))
        self.blob = self.base + blob_at
        self.params = self.base + len(self.data)
        self.data += bytes(igvm.PAGE)
        self.gdt = self.base + len(self.data)
        if arch == "x86_64":
            self.data += igvm.padded(GDT, igvm.PAGE)
        self.tables = self.base + len(self.data)
        self.data += (tables_x86 if arch == "x86_64" else tables_arm)(
            self.tables, case.get("mmu") == "narrow")
        self.end = self.base + len(self.data)
        self.areas = []
        for name in case.get("areas", ",".join(FLAVOURS[flavour])).split(","):
            parameter, pages = AREAS[name]
            pages = case.number(f"area.{name}.pages", pages)
            self.areas.append((name, parameter, self.end, pages * igvm.PAGE))
            self.end += pages * igvm.PAGE
        self.write_params(case)

    def write_params(self, case):
        page = bytearray(PARAMS_SIZE)
        values = {"magic": MAGIC, "version": VERSION,
                  "area_count": len(self.areas),
                  "run_offset": self.base - self.params,
                  "run_size": self.end - self.base}
        for index, (name, parameter, gpa, size) in enumerate(self.areas):
            area = {"parameter": parameter, "size": size,
                    "offset": gpa - self.params}
            for field, value in area.items():
                poke(page, PARAMS_AREA, AREAS_AT + index * AREA_SIZE, field,
                     case.number(f"area.{name}.{field}", value))
        for field in PARAMS:
            poke(page, PARAMS, 0, field,
                 case.number(f"params.{field}", values.get(field, 0)))
        if "params.sum64" not in case:
            poke(page, PARAMS, 0, "sum64", bundles.sum64(page))
        at = self.params - self.base
        self.data[at:at + len(page)] = page


def read_params(loaded):
    """Where the page of parameters is, and the areas, as (base, end)."""
    params, = (gpa for gpa, page in loaded.pages.items()
               if page.startswith(struct.pack("<Q", MAGIC)))
    page = loaded.pages[params]
    count, = struct.unpack_from("<I", page, PARAMS["area_count"][0])
    areas = [struct.unpack_from("<IIq", page, AREAS_AT + AREA_SIZE * index)
             for index in range(count)]
    return params, [(params + offset, params + offset + size)
                    for _, size, offset in areas]


def native_context(run, given):
    """The page that QEMU reads."""
    page = bytearray(igvm.PAGE)
    struct.pack_into("<Q", page, 6 * 8, given)
    struct.pack_into("<QQ", page, 16 * 8, run.blob + ENTRY64, 2)
    struct.pack_into("<HQ", page, igvm.NATIVE_GDT, len(GDT) - 1, run.gdt)
    struct.pack_into("<HHIIHHII", page, igvm.NATIVE_SEGMENTS, CODE,
                     CODE_ATTRIBUTES, 0, 0xffffffff, DATA, DATA_ATTRIBUTES, 0,
                     0xffffffff)
    struct.pack_into("<4Q", page, igvm.NATIVE_CONTROL, 0x80000021, run.tables,
                     0x20, 0xd00)
    return page


def listed_context(arch, vtl, values):
    """A list of Hyper-V's registers, by name."""
    names = {name: number for number, name in igvm.REGISTERS[arch].items()}
    data = struct.pack("<I", len(values))
    for name, value in values.items():
        if name in igvm.SEGMENTS:
            attributes = CODE_ATTRIBUTES if value == CODE else DATA_ATTRIBUTES
            value = struct.pack("<QIHH", 0, 0xffffffff, value, attributes)
        elif name == "gdt":
            value = struct.pack("<6xHQ", value[1], value[0])
        else:
            value = struct.pack("<QQ", value, 0)
        data += struct.pack("<BI11x", vtl, names[name]) + value
    return igvm.padded(data, igvm.PAGE)


def vsm_context(run, given, vtl, has_mmu):
    if run.arch == "x86_64":
        return listed_context(run.arch, vtl, {
            "gdt": (run.gdt, len(GDT) - 1), "ds": DATA, "es": DATA,
            "fs": DATA, "gs": DATA, "ss": DATA, "cs": CODE, "cr0": 0x80000021,
            "cr3": run.tables, "cr4": 0x20, "efer": 0xd00, "rsi": given,
            "rip": run.blob + ENTRY64, "rflags": 2})
    values = {"pc": run.blob, "x0": given, "cpsr": 0x3c5, "sctlr": 0x30d00800}
    if has_mmu:
        values |= {"sctlr": 0x30d01805, "ttbr0": run.tables,
                   "tcr": 0x200803519, "mair": 0xff00}
    return listed_context(run.arch, vtl, values)


class Writer:
    """Variable headers, and the pages behind them, each once."""

    def __init__(self, arch):
        self.arch, self.pages, self.order = arch, {}, []

    def header(self, kind, *fields):
        layout = igvm.HEADERS.get(kind, igvm.PARAMETER)
        self.order.append((kind, layout, list(fields)))

    def page(self, data):
        """Its number; None for zeros."""
        data = bytes(data)
        return self.pages.setdefault(data, len(self.pages)) \
            if any(data) else None

    def bytes(self):
        fixed = igvm.FIXED_V2 if self.arch == "aarch64" else igvm.FIXED_V1
        size = sum(8 + layout.size + -layout.size % 8
                   for _, layout, _ in self.order)
        start = fixed.size + size
        start += -start % igvm.PAGE
        headers = b""
        for kind, layout, fields in self.order:
            if kind in (igvm.PAGE_DATA, igvm.CONTEXT):
                number = fields[2]
                fields[2] = 0 if number is None else \
                    start + number * igvm.PAGE
            content = igvm.padded(layout.pack(*fields), 8)
            headers += struct.pack("<II", kind, layout.size) + content
        total = start + len(self.pages) * igvm.PAGE
        words = [igvm.MAGIC, 1, fixed.size, size, total, 0]
        if self.arch == "aarch64":
            words[1] = 2
            words += [igvm.ARCHS[self.arch], igvm.PAGE]
        words[5] = zlib.crc32(fixed.pack(*words) + headers)
        data = igvm.padded(fixed.pack(*words) + headers, igvm.PAGE)
        return data + b"".join(self.pages)


def make(case, arch, blob, bundle, flavour):
    """The file that a row asks for."""
    run = Run(case, arch, blob, bundle, flavour)
    given = run.params + case.number("given", 0)
    platforms = PLATFORMS[arch, flavour]
    every = sum(platforms)
    writer = Writer(arch)
    for mask, (kind, vtl) in platforms.items():
        writer.header(igvm.PLATFORM, mask, vtl, kind, 1, 0)
    for index, (_, _, _, size) in enumerate(run.areas):
        writer.header(igvm.AREA, size, index, 0)
    for at in range(0, len(run.data), igvm.PAGE):
        page = writer.page(run.data[at:at + igvm.PAGE])
        writer.header(igvm.PAGE_DATA, run.base + at, every, page, 0, 0, 0)
    for index, (_, parameter, _, _) in enumerate(run.areas):
        writer.header(parameter, index, 0)
    for index, (_, _, gpa, _) in enumerate(run.areas):
        writer.header(igvm.INSERT, gpa, every, index)
    for mask, (kind, vtl) in platforms.items():
        context = native_context(run, given) if kind == igvm.NATIVE else \
            vsm_context(run, given, vtl, "mmu" in case)
        writer.header(igvm.CONTEXT, 0, mask, writer.page(context), 0, 0)
    return writer.bytes()
