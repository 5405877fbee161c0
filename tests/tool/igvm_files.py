# SPDX-License-Identifier: BSD-2-Clause
"""Reads IGVM files by the specification, and changes fields of them."""
import struct
import zlib

PAGE = 4096
PLATFORM, RELOCATABLE, PAGE_TABLES = 1, 0x102, 0x103
AREA, PAGE_DATA, INSERT, CONTEXT, REQUIRED = 0x301, 0x302, 0x303, 0x304, 0x305
SIZES = {1: 24, 2: 32}
NATIVE, VSM = 0, 1
RSI, X0 = 0x20006, 0x20000


class File:
    def __init__(self, data):
        self.data = bytearray(data)
        (magic, self.version, self.start, size, self.size,
         self.crc) = struct.unpack_from("<4sIIIII", data)
        assert magic == b"IGVM" and self.size == len(data)
        self.end = self.start + size
        # Where each header is, and what it has.
        self.headers = []
        at = self.start
        while at < self.end:
            kind, length = struct.unpack_from("<II", data, at)
            self.headers.append((kind, at, data[at + 8:at + 8 + length]))
            at += 8 + (length + 7) // 8 * 8
        assert at == self.end
        assert self.sum() == self.crc

    def sum(self):
        fixed = bytearray(self.data[:SIZES.get(self.version, 32)])
        fixed[20:24] = bytes(4)
        return zlib.crc32(self.data[self.start:self.end], zlib.crc32(fixed))

    def all(self, kind):
        return [(at, content) for one, at, content in self.headers
                if one == kind]

    def kinds(self):
        return [kind for kind, _, _ in self.headers]

    def platforms(self):
        """Mask: platform, highest VTL."""
        found = {}
        for _, content in self.all(PLATFORM):
            mask, vtl, kind, version, boundary = struct.unpack("<IBBHQ",
                                                               content)
            assert (version, boundary) == (1, 0)
            found[mask] = kind, vtl
        return found

    def pages(self):
        """Address: mask, bytes."""
        found = {}
        for _, content in self.all(PAGE_DATA):
            gpa, mask, offset, flags, kind, rest = struct.unpack(
                "<QIIIHH", content)
            assert (flags, kind, rest) == (0, 0, 0) and gpa not in found
            found[gpa] = mask, bytes(
                self.data[offset:offset + PAGE] if offset else PAGE)
        return found

    def memory(self, base, end):
        pages = self.pages()
        return b"".join(pages[gpa][1] for gpa in range(base, end, PAGE))

    def areas(self):
        """Parameter: address, bytes, mask."""
        sizes, parameters, found = {}, {}, {}
        for kind, _, content in self.headers:
            if kind == AREA:
                size, index, offset = struct.unpack("<QII", content)
                assert index not in sizes and offset == 0
                sizes[index] = size
            elif kind == INSERT:
                gpa, mask, index = struct.unpack("<QII", content)
                found[parameters.pop(index)] = gpa, sizes[index], mask
            elif kind > REQUIRED:
                index, offset = struct.unpack("<II", content)
                assert index in sizes and offset == 0
                parameters[index] = kind
        assert not parameters
        return found

    def contexts(self):
        """Mask: bytes of the file from there on."""
        found = {}
        for _, content in self.all(CONTEXT):
            gpa, mask, offset, vp, rest = struct.unpack("<QIIHH", content)
            assert (gpa, vp, rest) == (0, 0, 0)
            found[mask] = offset, bytes(self.data[offset:])
        return found

    def registers(self, mask):
        """Name: VTL, value, of a list."""
        _, data = self.contexts()[mask]
        count, = struct.unpack_from("<I", data)
        found = {}
        for at in range(4, 4 + 32 * count, 32):
            vtl, name, rest = struct.unpack_from("<BI11s", data, at)
            assert not any(rest) and name not in found
            found[name] = vtl, data[at + 16:at + 32]
        return found

    # ---- changes

    def poke(self, at, layout, *values):
        struct.pack_into("<" + layout, self.data, at, *values)
        return self

    def change(self, kind, index, offset, layout, *values):
        """A field of the content of a header; -8 is its type, -4 its size."""
        return self.poke(self.all(kind)[index][0] + 8 + offset, layout,
                         *values)

    def change_page(self, gpa, offset, data):
        for _, content in self.all(PAGE_DATA):
            if struct.unpack_from("<Q", content)[0] == gpa:
                at = struct.unpack_from("<I", content, 12)[0] + offset
                self.data[at:at + len(data)] = data
        return self

    def summed(self):
        return bytes(self.poke(20, "I", self.sum()).data)


def build(headers, data=bytes(8), version=2, arch=0):
    """Any file: (type, content) of all headers."""
    body = b""
    for kind, content in headers:
        body += struct.pack("<II", kind, len(content)) + content
        body += bytes(-len(content) % 8)
    start = SIZES[version]
    fixed = struct.pack("<4sIIIIIII", b"IGVM", version, start, len(body),
                        start + len(body) + len(data), 0, arch,
                        PAGE)[:start]
    crc = zlib.crc32(fixed + body)
    return fixed[:20] + struct.pack("<I", crc) + fixed[24:] + body + data


def platform(mask=1, kind=VSM, vtl=0):
    return PLATFORM, struct.pack("<IBBHQ", mask, vtl, kind, 1, 0)
