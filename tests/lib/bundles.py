# SPDX-License-Identifier: BSD-2-Clause
"""Small kernels and bundles, made by specification, with any field wrong.

A kernel here is 16 instructions at most: it ends QEMU with status 33. What a
file consists of is told as fields, so that a test can set one of them: ELF by
the System V ABI, bzImage by Linux's boot.rst, bundles by payload/README.md.
"""
import hashlib
import struct

PAGE = 0x1000
BLOB_SIZE = 0x10000
RECORD_BACK = 0x40
KERNEL_BASE = 0x1000000
# mov $0xf4, %edx; mov $16, %eax; out %eax, %dx; hlt
CODE = bytes.fromhex("baf4000000b810000000effaf4")

# name: offset, struct format
FIELDS = {
    "elf": {"magic": (0, "I"), "class": (4, "B"), "data": (5, "B"),
            "type": (16, "H"), "machine": (18, "H"), "entry": (24, "Q"),
            "phoff": (32, "Q"), "phentsize": (54, "H"), "phnum": (56, "H")},
    "phdr": {"type": (0, "I"), "offset": (8, "Q"), "vaddr": (16, "Q"),
             "paddr": (24, "Q"), "filesz": (32, "Q"), "memsz": (40, "Q"),
             "align": (48, "Q")},
    "bz": {"setup_sects": (0x1f1, "B"), "boot_flag": (0x1fe, "H"),
           "jump": (0x201, "B"), "header": (0x202, "I"),
           "version": (0x206, "H"), "loadflags": (0x211, "B"),
           "initrd_addr_max": (0x22c, "I"), "kernel_alignment": (0x230, "I"),
           "relocatable_kernel": (0x234, "B"), "xloadflags": (0x236, "H"),
           "cmdline_size": (0x238, "I"), "pref_address": (0x258, "Q"),
           "init_size": (0x260, "I")},
    "header": {"magic": (0, "Q"), "version": (8, "I"), "header_size": (12, "I"),
               "total_size": (16, "Q"), "arch": (24, "I"), "flags": (28, "I"),
               "on_error": (32, "I"), "kernel_kind": (36, "I"),
               "entry": (40, "Q"), "section_count": (48, "I"),
               "section_size": (52, "I"), "crc32c": (72, "I"),
               "sum64": (80, "Q")},
    "section": {"type": (0, "I"), "compression": (4, "I"), "offset": (8, "Q"),
                "stored_size": (16, "Q"), "size": (24, "Q"),
                "memory_size": (32, "Q"), "paddr": (40, "Q"),
                "flags": (48, "I"), "crc32c": (56, "I"), "sum64": (64, "Q")},
    "record": {"magic": (0, "Q"), "bundle_offset": (8, "q"),
               "bundle_size": (16, "Q")},
}
HEADER_SIZE, SECTION_SIZE = 88, 104
KERNEL, SEGMENT, INITRD, CMDLINE, PLATFORM, PIN = 1, 2, 3, 4, 6, 8
KIND_NONE, KIND_SEGMENTS, KIND_BZIMAGE = 0, 1, 2


def poke(target, kind, base=0, /, **values):
    for name, value in values.items():
        offset, letter = FIELDS[kind][name]
        struct.pack_into("<" + letter, target, base + offset, value)


def elf():
    """Two segments, the second with zeros behind it, and a PVH note.

    The note (Xen's type 18, with a 32-bit entry) is what QEMU asks for.
    """
    data = bytearray(3 * PAGE)
    poke(data, "elf", magic=0x464c457f, data=1, type=2, machine=62,
         entry=KERNEL_BASE, phoff=64, phentsize=56, phnum=3, **{"class": 2})
    poke(data, "phdr", 64, type=1, offset=PAGE, paddr=KERNEL_BASE,
         filesz=PAGE, memsz=PAGE)
    poke(data, "phdr", 120, type=1, offset=2 * PAGE,
         paddr=KERNEL_BASE + 0x200000, filesz=PAGE, memsz=0x10000)
    poke(data, "phdr", 176, type=4, offset=0x200, filesz=20, memsz=20,
         align=4)
    struct.pack_into("<III4sI", data, 0x200, 4, 4, 18, b"Xen\0", KERNEL_BASE)
    data[PAGE:PAGE + len(CODE)] = CODE
    return data


def bzimage():
    setup = bytearray(5 * 512)
    poke(setup, "bz", setup_sects=4, boot_flag=0xaa55, jump=0x6a,
         header=0x53726448, version=0x20f, loadflags=1,
         initrd_addr_max=0x7fffffff, kernel_alignment=0x200000,
         relocatable_kernel=1, xloadflags=1, cmdline_size=2047,
         pref_address=KERNEL_BASE, init_size=0x800000)
    # hlt where the 32-bit entry would be; the 64-bit one is at 200
    return setup + b"\xf4".ljust(0x200, b"\xf4") + CODE.ljust(PAGE, b"\xf4")


def sum64(data, total=0):
    data = bytes(data) + bytes(-len(data) % 8)
    for (word,) in struct.iter_unpack("<Q", data):
        total = ((total << 13 | total >> 51) + word) & (1 << 64) - 1
    return total


class Bundle:
    """A good one, of a kernel in one form or the other."""

    def __init__(self, kind, kernel, initrd=b"", cmdline=b"", platform=b""):
        if kind == KIND_SEGMENTS:
            parts = [(SEGMENT, kernel[at * PAGE:(at + 1) * PAGE],
                      KERNEL_BASE + (at - 1) * 0x200000) for at in (1, 2)]
        elif kind == KIND_NONE:  # a digest instead
            parts = [(PIN, kernel, 0)]
        else:
            parts = [(KERNEL, kernel, 0)]
        if initrd:
            parts.append((INITRD, initrd, 0))
        if cmdline:
            parts.append((CMDLINE, cmdline + b"\0", 0))
        if platform:
            parts.append((PLATFORM, platform, 0))
        self.count = len(parts)
        self.data = bytearray(PAGE)
        for index, (type_, stored, paddr) in enumerate(parts):
            poke(self.data, "section", HEADER_SIZE + index * SECTION_SIZE,
                 type=type_, offset=len(self.data), stored_size=len(stored),
                 size=len(stored), paddr=paddr, sum64=sum64(stored),
                 memory_size=0x10000 if type_ == SEGMENT else 0)
            self.data += stored + bytes(-len(stored) % PAGE)
        poke(self.data, "header", magic=0x0a1a454c444e5542, version=1,
             header_size=HEADER_SIZE, total_size=len(self.data), arch=62,
             kernel_kind=kind, section_count=self.count,
             section_size=SECTION_SIZE,
             entry=KERNEL_BASE if kind == KIND_SEGMENTS else 0)

    def sign(self):
        count = min(self.count, (PAGE - HEADER_SIZE) // SECTION_SIZE)
        table = self.data[HEADER_SIZE:HEADER_SIZE + count * SECTION_SIZE]
        poke(self.data, "header", sum64=sum64(table, sum64(self.data[:80])))

    def set(self, kind, name, value):
        """kind: header, or sectionN."""
        if kind == "header":
            if name == "section_count":
                self.count = value
                end = HEADER_SIZE + value * SECTION_SIZE
                self.data[end:PAGE] = bytes(max(0, PAGE - end))
            poke(self.data, "header", **{name: value})
            return
        index = int(kind.removeprefix("section"))
        poke(self.data, "section", HEADER_SIZE + index * SECTION_SIZE,
             **{name: value})


def pin(bundle):
    """A bundle that stands for another, by its SHA-256."""
    own = Bundle(KIND_NONE, hashlib.sha256(bundle).digest())
    own.sign()
    return own.data


def rom(blob, bundle):
    """As `directboot pack`: zeros, the bundle, the blob."""
    data = bytearray(-len(bundle) % BLOB_SIZE) + bundle + blob
    poke(data, "record", len(data) - RECORD_BACK, bundle_size=len(bundle),
         bundle_offset=-len(bundle))
    return data
