# SPDX-License-Identifier: BSD-2-Clause
"""A loader of IGVM files: what QEMU, OpenVMM and Hyper-V make of one.

It lays out the pages of a file and fills the areas of parameters with what a
host knows, and says with which registers the first processor starts. Each host
takes the platform and the parameters that it knows, and refuses the rest as it
does.
"""
import dataclasses
import struct
import zlib

from igvm import format as igvm


class Refused(Exception):
    """The host does not load this file."""


@dataclasses.dataclass
class Host:
    """What a host tells: ranges of (base, size, type); tables and texts."""
    memory: list
    cpu_count: int = 1
    tables: dict = dataclasses.field(default_factory=dict)
    environment: int = 0


@dataclasses.dataclass
class Dialect:
    """platforms: kind and VTL. parameters: those that it knows."""
    platforms: tuple
    parameters: tuple
    types: tuple  # of memory that its map tells
    environment: int


DIALECTS = {
    "qemu": Dialect(((igvm.NATIVE, 0),),
                    (igvm.VP_COUNT, igvm.MEMORY_MAP, igvm.ENVIRONMENT),
                    (0, 1, 2, 3, 4, 5), 1),
    "openvmm": Dialect(((igvm.VSM, 0),), tuple(
        set(igvm.PARAMETERS) - {igvm.PPTT}), (0, 3), 0),
    "hyperv": Dialect(((igvm.VSM, 0), (igvm.VSM, 2)), igvm.PARAMETERS,
                      (0, 1, 2, 3, 4, 5), 0),
}


def need(claim, text):
    if not claim:
        raise Refused(text)


class File:
    """The headers of a file: type and fields of each, in order."""

    def __init__(self, data):
        self.data = data
        need(len(data) > igvm.FIXED_V1.size, "no fixed header")
        magic, version, start, size, total, crc = \
            igvm.FIXED_V1.unpack_from(data)
        need(magic == igvm.MAGIC and version in (1, 2), "no IGVM file")
        fixed = igvm.FIXED_V1 if version == 1 else igvm.FIXED_V2
        need(total == len(data) and start == fixed.size and
             start + size < total, "wrong sizes")
        self.arch = "x86_64" if version == 1 else {
            number: name for name, number in igvm.ARCHS.items()
        }[fixed.unpack_from(data)[6]]
        summed = bytearray(data[:start + size])
        summed[20:24] = bytes(4)
        need(zlib.crc32(summed) == crc, "wrong sum")
        self.headers = list(self.read_headers(start, start + size))

    def read_headers(self, at, end):
        while at < end:
            kind, size = struct.unpack_from("<II", self.data, at)
            layout = igvm.PARAMETER if kind in igvm.PARAMETERS else \
                igvm.HEADERS.get(kind)
            need(layout and size == layout.size, f"unknown header {kind:#x}")
            yield kind, layout.unpack_from(self.data, at + 8)
            at += 8 + size + -size % 8

    def page(self, offset):
        return self.data[offset:offset + igvm.PAGE].ljust(igvm.PAGE, b"\0") \
            if offset else bytes(igvm.PAGE)

    def mask_for(self, platforms):
        """The bit of the first platform that the host has."""
        for wanted in platforms:
            for kind, fields in self.headers:
                if kind == igvm.PLATFORM and (fields[2], fields[1]) == wanted:
                    return fields[0], wanted
        raise Refused("does not describe a compatible platform")


def native_registers(page):
    words = struct.unpack_from("<18Q", page)
    gdt_limit, gdt_base = struct.unpack_from("<HQ", page, igvm.NATIVE_GDT)
    segments = [struct.unpack_from("<HHII", page, igvm.NATIVE_SEGMENTS + 12 * n)
                for n in range(2)]
    cr0, cr3, cr4, efer = struct.unpack_from("<4Q", page, igvm.NATIVE_CONTROL)
    return {"rsp": words[4], "rsi": words[6], "rip": words[16],
            "rflags": words[17], "gdt": (gdt_base, gdt_limit),
            "cs": segments[0][0], "ds": segments[1][0], "cr0": cr0,
            "cr3": cr3, "cr4": cr4, "efer": efer}


def listed_registers(arch, page):
    count, = struct.unpack_from("<I", page)
    found = {}
    for index in range(count):
        name, = struct.unpack_from("<I", page, 4 + 32 * index + 1)
        at = 4 + 32 * index + 16
        low, high = struct.unpack_from("<QQ", page, at)
        name = igvm.REGISTERS[arch][name]
        if name in igvm.SEGMENTS:
            low, = struct.unpack_from("<H", page, at + 12)
        elif name in ("gdt", "idt"):
            low = high, struct.unpack_from("<H", page, at + 6)[0]
        found[name] = low
    return found


class Loaded:
    """Pages of RAM by address, and the registers of the first processor."""

    def __init__(self, data, dialect, host):
        self.file, self.host = File(data), host
        self.dialect = DIALECTS[dialect]
        self.mask, (self.platform, _) = self.file.mask_for(
            self.dialect.platforms)
        self.pages, self.areas, self.registers = {}, {}, None
        for kind, fields in self.file.headers:
            self.take(kind, fields)
        need(self.registers, "no processor")

    def take(self, kind, fields):
        if kind in igvm.PARAMETERS:
            need(kind in self.dialect.parameters,
                 f"Unknown header type {kind:#x}")
            self.fill(kind, *fields)
        elif kind == igvm.AREA:
            size, index, offset = fields
            # QEMU fills every area with zeros first.
            self.areas[index] = bytearray(size)
            if offset and self.platform != igvm.NATIVE:
                self.areas[index][:] = self.file.data[offset:offset + size]
        elif kind == igvm.PAGE_DATA and fields[1] & self.mask:
            need(fields[0] not in self.pages, "a page comes twice")
            self.pages[fields[0]] = self.file.page(fields[2])
        elif kind == igvm.INSERT and fields[1] & self.mask:
            self.insert(fields[0], self.areas.pop(fields[2]))
        elif kind == igvm.CONTEXT and fields[1] & self.mask:
            page = self.file.page(fields[2])
            self.registers = native_registers(page) \
                if self.platform == igvm.NATIVE else \
                listed_registers(self.file.arch, page)
        elif kind in (igvm.RELOCATABLE, igvm.TABLES):
            need(self.platform != igvm.NATIVE, "Unknown header type")

    def insert(self, gpa, data):
        for at in range(0, len(data), igvm.PAGE):
            need(gpa + at not in self.pages, "an area lies on a page")
            self.pages[gpa + at] = bytes(data[at:at + igvm.PAGE])

    def fill(self, kind, index, offset):
        area = self.areas[index]
        value = self.value_of(kind)
        if value is None:
            return  # OpenVMM warns and goes on
        need(offset + len(value) <= len(area), f"{kind:#x} does not fit")
        area[offset:offset + len(value)] = value

    def value_of(self, kind):
        if kind == igvm.VP_COUNT:
            return struct.pack("<I", self.host.cpu_count)
        if kind == igvm.ENVIRONMENT:
            return struct.pack("<I", self.dialect.environment)
        if kind == igvm.MEMORY_MAP:
            return b"".join(
                struct.pack("<QQHHI", base // igvm.PAGE, size // igvm.PAGE,
                            type_, 0, 0)
                for base, size, type_ in self.host.memory
                if type_ in self.dialect.types)
        return self.host.tables.get(kind)

    def runs(self):
        """Pages that touch, as (address, bytes)."""
        found = []
        for gpa in sorted(self.pages):
            if found and found[-1][0] + len(found[-1][1]) == gpa:
                found[-1][1].extend(self.pages[gpa])
            else:
                found.append((gpa, bytearray(self.pages[gpa])))
        return found
