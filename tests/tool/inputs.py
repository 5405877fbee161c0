# SPDX-License-Identifier: BSD-2-Clause
"""Small kernels, initrds and blobs of every format, made by specification.

Whatever the host tool reads is built here from the specifications, not with
the tool's own code, so that both must agree on them.
"""
import bz2
import gzip
import lzma
import random
import shutil
import struct
import subprocess
import zlib

PAGE = 4096
BANNER = b"Linux version 9.8.7-test (gcc) #1 SMP test\n\0"
EM_X86_64, EM_AARCH64 = 62, 183


def noise(size, seed=1):
    return random.Random(seed).randbytes(size)


def text(size, seed=1):
    """Compressible, but not all alike."""
    rng = random.Random(seed)
    words = [rng.randbytes(rng.randrange(2, 9)) for _ in range(200)]
    out = b""
    while len(out) < size:
        out += b"".join(rng.choice(words) for _ in range(100))
    return out[:size]


def elf(segments, entry, machine=EM_X86_64, kind=2, tail=b""):
    """segments: (paddr, bytes, memory size)."""
    header = 64 + 56 * len(segments)
    at = (header + PAGE - 1) // PAGE * PAGE
    phdrs, body = b"", b""
    for paddr, data, memory_size in segments:
        phdrs += struct.pack("<IIQQQQQQ", 1, 7, at + len(body), 0, paddr,
                             len(data), memory_size, PAGE)
        body += data
    ehdr = b"\x7fELF\2\1\1" + bytes(9) + struct.pack(
        "<HHIQQQIHHHHHH", kind, machine, 1, entry, 64, 0, 0, 64, 56,
        len(segments), 0, 0, 0)
    return (ehdr + phdrs).ljust(at, b"\0") + body + tail


def flat(segments):
    """What the segments of `elf` are in RAM, from the first one on."""
    base = min(s[0] for s in segments)
    end = max(s[0] + s[2] for s in segments)
    image = bytearray(end - base)
    for paddr, data, _ in segments:
        image[paddr - base:paddr - base + len(data)] = data
    return bytes(image)


# A gap of zeros in the first, .bss behind the second.
SEGMENTS = [
    (0x1000000, text(150000) + bytes(300000) + text(50000, 2), 500000),
    (0x1100000, BANNER + text(30000, 3), 200000),
]


def relocs(*lists):
    """What a relocatable kernel's build appends; places from its start."""
    out = b""
    for places in lists:
        out += bytes(4) + b"".join(
            struct.pack("<I", 0x80000000 + 0x1000000 + at) for at in places)
    return out


PLACES = [(8, 0x1000, 0x100020), (), (7, 300, 301, 0x12f000)]
RELOCS = relocs(*PLACES)
VMLINUX = elf(SEGMENTS, 0x1000200)


def bzimage(payload, setup_sects=4, protocol=0x20f, xloadflags=1,
            cmdline_size=2047):
    setup = bytearray((setup_sects + 1) * 512)
    setup[0x1f1] = setup_sects
    setup[0x1fe:0x200] = b"\x55\xaa"
    setup[0x202:0x206] = b"HdrS"
    struct.pack_into("<H", setup, 0x206, protocol)
    struct.pack_into("<H", setup, 0x20e, 0x300 - 0x200)
    setup[0x211] = 1
    struct.pack_into("<II", setup, 0x22c, 0x7fffffff, 0x200000)
    struct.pack_into("<HI", setup, 0x236, xloadflags, cmdline_size)
    struct.pack_into("<II", setup, 0x248, 1024, len(payload))
    setup[0x300:0x300 + 9] = b"9.8.7-bz\0"
    return bytes(setup) + noise(1024, 9) + payload + noise(300, 8)


def command(*argv):
    def pack(data):
        if shutil.which(argv[0]) is None:
            return None
        return subprocess.run(argv, input=data, capture_output=True,
                              check=True).stdout
    return pack


def lzma_alone(data):
    return lzma.compress(data, lzma.FORMAT_ALONE)


def lz4_legacy(data):
    """As `lz4 -l`, whose blocks hold literals only here."""
    out = struct.pack("<I", 0x184c2102)
    for at in range(0, len(data), 8 << 20):
        part = data[at:at + (8 << 20)]
        length = len(part) - 15
        block = b"\xf0" + b"\xff" * (length // 255) + \
            bytes([length % 255]) + part
        out += struct.pack("<I", len(block)) + block
    return out


def lzop_stored(data):
    """An lzop file whose blocks are not compressed."""
    header = struct.pack(">HHHBBIIII", 0x1040, 0x20a0, 0x940, 3, 9, 1, 0, 0,
                         0) + b"\0"
    out = b"\x89LZO\0\r\n\x1a\n" + header + \
        struct.pack(">I", zlib.adler32(header))
    for at in range(0, len(data), 1 << 18):
        part = data[at:at + (1 << 18)]
        out += struct.pack(">III", len(part), len(part), zlib.adler32(part))
        out += part
    return out + bytes(4)


# Each takes bytes, gives them packed, or None if the program is not there.
PACKERS = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lambda data: lzma.compress(data, check=lzma.CHECK_CRC32),
    "lzma": lzma_alone,
    "lzo stored": lzop_stored,
    "lzo": command("lzop", "-9"),
    "lz4 literal": lz4_legacy,
    "lz4 legacy": command("lz4", "-l", "-9"),
    "lz4 frame": command("lz4", "-9"),
    "zstd": command("zstd", "-19"),
}

# As a kernel's build calls them, but quick: for real kernels.
FAST_PACKERS = {
    "gzip": lambda data: gzip.compress(data, 1),
    "bzip2": lambda data: bz2.compress(data, 1),
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE, preset=0),
    "xz": lambda data: lzma.compress(
        data, check=lzma.CHECK_CRC32,
        filters=[{"id": lzma.FILTER_X86},
                 {"id": lzma.FILTER_LZMA2, "preset": 0}]),
    "lzo": command("lzop", "-1"),
    "lz4": command("lz4", "-l", "-1"),
    "zstd": command("zstd", "-1"),
}


def exchange_payload(image, payload, packer):
    """This bzImage with that payload, packed otherwise, or None.

    What unpacks it itself in there stays and knows its old compression only.
    """
    packed = packer(payload)
    if packed is None:
        return None
    packed += struct.pack("<I", len(payload))
    start, size = struct.unpack_from("<II", image, 0x248)
    at = (image[0x1f1] + 1) * 512 + start
    made = bytearray(image[:at] + packed + image[at + size:])
    struct.pack_into("<I", made, 0x24c, len(packed))
    return bytes(made)


IMAGE = struct.pack("<IIQQQQQQ4sI", 0x91005a4d, 0x14000010, 0, 0x90000, 0xa,
                    0, 0, 0, b"ARM\x64", 0) + BANNER + text(300000, 4)


# Those of them that zboot may have.
ZBOOT_KINDS = ("gzip", "xz", "zstd")


def zboot(packed, kind=b"gzip"):
    header = b"MZ\0\0zimg" + struct.pack("<II", 128, len(packed)) + bytes(8)
    return (header + kind).ljust(128, b"\0") + packed


def packed_images(image, kinds=tuple(FAST_PACKERS)):
    """Yields (name, bytes): an arm64 Image as distributions pack it."""
    for kind in kinds:
        data = FAST_PACKERS[kind](image)
        if data is not None:
            yield "Image." + kind, data
            if kind in ZBOOT_KINDS:
                yield "zboot " + kind, zboot(data, kind.encode())


def uki(sections, machine=0x8664):
    """sections: (name, bytes); raw data is filled up to 512 bytes."""
    start = 0x80
    table = start + 24 + 112
    at = 0x1000
    headers, body = b"", b""
    for name, data in sections:
        raw = (len(data) + 511) // 512 * 512
        headers += struct.pack("<8sIIIIIIHHI", name, len(data), at, raw,
                               at + len(body), 0, 0, 0, 0, 0x40000040)
        body += data.ljust(raw, b"\0")
    head = b"MZ".ljust(0x3c, b"\0") + struct.pack("<I", start)
    head = head.ljust(start, b"\0") + b"PE\0\0" + struct.pack(
        "<HHIIIHH", machine, len(sections), 0, 0, 0, 112, 0x22)
    return (head.ljust(table, b"\0") + headers).ljust(at, b"\0") + body


def dt_node(name, properties, *nodes):
    """Devicetree Specification 0.4, 5.4. Properties: names and lists of cells,
    or bytes."""
    return name, properties, nodes


def dt_tree(*nodes, version=17, reserved=b""):
    """A flattened tree (chapter 5 there) whose root has these nodes."""
    strings, out = bytearray(), bytearray()

    def pad(data):
        return data + bytes(-len(data) % 4)

    def put(name, properties, children):
        out.extend(struct.pack(">I", 1) + pad(name.encode() + b"\0"))
        for key, value in properties.items():
            if isinstance(value, list):
                value = struct.pack(f">{len(value)}I", *value)
            at = strings.find(key.encode() + b"\0")
            if at < 0:
                at = len(strings)
                strings.extend(key.encode() + b"\0")
            out.extend(struct.pack(">III", 3, len(value), at) + pad(value))
        for child in children:
            put(*child)
        out.extend(struct.pack(">I", 2))

    put("", {"#address-cells": [2], "#size-cells": [2]}, nodes)
    out.extend(struct.pack(">I", 9))
    reserved += bytes(16)
    start = 40 + len(reserved)
    return struct.pack(
        ">10I", 0xd00dfeed, start + len(out) + len(strings), start,
        start + len(out), 40, version, min(version, 16), 0, len(strings),
        len(out)) + reserved + bytes(out) + bytes(strings)


DT_MEMORY = dt_node("memory@40000000", {
    "device_type": b"memory\0", "reg": [0, 0x40000000, 0, 0x10000000]})
DT_CPUS = dt_node("cpus", {"#address-cells": [1], "#size-cells": [0]}, dt_node(
    "cpu@0", {"device_type": b"cpu\0", "reg": [0]}))
DT_GIC = dt_node("gic@8000000", {
    "compatible": b"arm,gic-v3\0", "#interrupt-cells": [3],
    "reg": [0, 0x8000000, 0, 0x10000, 0, 0x80a0000, 0, 0x20000]})
# The least machine that the AArch64 blob boots.
DTB = dt_tree(DT_MEMORY, DT_CPUS, DT_GIC)


def blob(arch="x86_64", has_elf=False, has_bzimage=False):
    """No code, but the record that says where the bundle is."""
    record = b"DBRECORD" + bytes(24)
    if arch == "x86_64":
        start = elf_door() if has_elf else b""
        if has_bzimage:
            start = start.ljust(0x202, b"\x90") + b"HdrS"
        return start + noise(0x10000 - 0x40 - len(start), 5) + record + \
            noise(32, 6)
    header = bytearray(IMAGE[:64])
    return bytes(header) + record + noise(9000, 7)


def elf_door(base=0x200000):
    """The header of a blob that is an ELF file with a PVH note."""
    header = b"\x7fELF\2\1\1" + bytes(9) + struct.pack(
        "<HHIQQQIHHHHHH", 2, EM_X86_64, 1, base + 0x1200, 64, 0, 0, 64, 56, 2,
        0, 0, 0)
    load = struct.pack("<IIQQQQQQ", 1, 7, 0, base, base, 0x10000, 0x10000,
                       PAGE)
    note = struct.pack("<IIQQQQQQ", 4, 4, 176, base + 176, base + 176, 24, 24,
                       4)
    return header + load + note + struct.pack(
        "<III4sQ", 4, 8, 18, b"Xen\0", base + 0x1010)
