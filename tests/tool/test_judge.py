# SPDX-License-Identifier: BSD-2-Clause
"""Bundles that are whole but wrong: verify refuses what the blob refuses.

Header and table are signed anew after each change, so that the sums are right
and the judge that tool and blob share (common/payload/bundle_table.c), or the
search for room that they share (room.c), has to find what is wrong. The lines
are the blob's own; tests/boot/refusals.cases has the blob say them.
"""
import resource
import struct

from tool import inputs, sums, tooltest
from tool.tooltest import HEADER_SIZE, SECTION_SIZE

HEADER = {"total_size": (16, "Q"), "arch": (24, "I"), "flags": (28, "I"),
          "on_error": (32, "I"), "kernel_kind": (36, "I"), "entry": (40, "Q"),
          "section_count": (48, "I")}
SECTION = {"type": (0, "I"), "compression": (4, "I"), "offset": (8, "Q"),
           "stored_size": (16, "Q"), "size": (24, "Q"),
           "memory_size": (32, "Q"), "paddr": (40, "Q")}
KERNEL, SEGMENT, INITRD, CMDLINE, DTB, RELOCS, PIN = 1, 2, 3, 4, 5, 7, 8

SMBIOS = 0x1000  # what the VMM's structures may take


class Judged(tooltest.ToolTest):
    def make(self, kernel=inputs.VMLINUX, *argv):
        self.good("pack", "-k", self.write("kernel", kernel), "-o", self.out,
                  "--output-format", "bundle", "--compress", "none", *argv)
        self.bundle = bytearray(self.read())
        return self

    def fields(self, index):
        at = HEADER_SIZE + index * SECTION_SIZE
        return {name: struct.unpack_from("<" + letter, self.bundle,
                                         at + offset)[0]
                for name, (offset, letter) in SECTION.items()}

    def find(self, kind):
        count, = struct.unpack_from("<I", self.bundle, 48)
        return [i for i in range(count) if self.fields(i)["type"] == kind]

    def set(self, index=None, **values):
        base = 0 if index is None else HEADER_SIZE + index * SECTION_SIZE
        for name, value in values.items():
            offset, letter = (HEADER if index is None else SECTION)[name]
            struct.pack_into("<" + letter, self.bundle, base + offset, value)
        return self

    def content(self, index, data, at=0):
        """Other bytes in a section, with right sums."""
        fields = self.fields(index)
        start = fields["offset"]
        self.bundle[start + at:start + at + len(data)] = data
        stored = bytes(self.bundle[start:start + fields["stored_size"]])
        struct.pack_into("<IIQ", self.bundle, HEADER_SIZE +
                         index * SECTION_SIZE + 56, sums.crc32c(stored), 0,
                         sums.sum64(stored))
        # No SHA-256, then.
        struct.pack_into("<I", self.bundle,
                         HEADER_SIZE + index * SECTION_SIZE + 48, 0)
        return self

    def sign(self):
        count, = struct.unpack_from("<I", self.bundle, 48)
        table = bytes(self.bundle[HEADER_SIZE:
                                  HEADER_SIZE + count * SECTION_SIZE])
        struct.pack_into("<I", self.bundle, 72,
                         sums.crc32c(bytes(self.bundle[:72]) + table))
        struct.pack_into("<Q", self.bundle, 80,
                         sums.sum64(bytes(self.bundle[:80]) + table))
        return self.write("bundle", bytes(self.bundle))

    def wrong(self, says, commands=(["verify"], ["show"],
                                    ["extract", "-p", "bundle", "-o", "-"])):
        path = self.sign()
        for command in commands:
            self.refused(*command, path, says=says)


class Table(Judged):
    """What header and section table say, as bundle_table.c judges it."""

    def setUp(self):
        super().setUp()
        self.make(inputs.VMLINUX, "-c", "quiet", "-i",
                  self.write("initrd", inputs.text(9000)))
        self.segments = self.find(SEGMENT)

    def test_as_packed_it_is_good(self):
        self.good("verify", self.sign())

    def test_duplicate_section(self):
        index, = self.find(CMDLINE)
        self.set(index, type=INITRD).wrong(
            "section %d (initrd): there is one already" % index)

    def test_kernel_of_another_kind(self):
        count = len(self.segments)
        for kind in (0, 2):
            self.set(kernel_kind=kind).wrong(
                "kernel kind %d: has %d segments and 0 files" % (kind, count))
        self.set(kernel_kind=3).wrong("kernel kind 3: none of machine 62")

    def test_kernel_file_beside_segments(self):
        index, = self.find(INITRD)
        self.set(index, type=KERNEL).wrong("segments and 1 files")

    def test_compressed_command_line(self):
        index, = self.find(CMDLINE)
        for kind in (1, 2, 3):
            self.set(index, compression=kind).wrong(
                "section %d (cmdline): compression %d: not known here" % (
                    index, kind))

    def test_segment_at_0(self):
        for paddr in (0, 0x1000, 0xff000):
            self.set(self.segments[0], paddr=paddr).wrong(
                "kernel: segment at %#x: must be above 0x100000" % paddr)

    def test_entry_outside(self):
        for entry in (0, 0xffffff, 0x1130d40, 2**64 - 1):
            self.set(entry=entry).wrong(
                "kernel: entry %#x: not in its 0x130d40 bytes at 0x1000000" %
                entry)

    def test_empty_segment(self):
        """The first, the last, and one that is not stored at all."""
        for index in (self.segments[0], self.segments[-1]):
            size = self.fields(index)["size"]
            self.setUp()
            self.set(index, memory_size=0).wrong(
                "section %d (kernel segment): %#x bytes in 0x0 at" % (
                    index, size))
            self.set(index, stored_size=0, size=0).wrong(
                "section %d (kernel segment): 0x0 bytes in 0x0 at" % index)

    def test_overlapping_segments(self):
        one, two = self.segments[:2]
        first, second = self.fields(one), self.fields(two)
        for paddr in (first["paddr"], second["paddr"] - 1,
                      first["paddr"] - second["memory_size"] + 1):
            self.set(two, paddr=paddr).wrong(
                "section %d (kernel segment): %#x bytes at %#x: overlaps "
                "section %d" % (two, second["memory_size"], paddr, one))

    def test_wrapping_segment(self):
        for paddr in (2**64 - 1, 2**64 - 0x1000):
            self.set(self.segments[0], paddr=paddr).wrong(
                "section %d (kernel segment): " % self.segments[0])

    def test_sizes_that_lie(self):
        segment = self.fields(self.segments[0])
        self.set(self.segments[0], memory_size=segment["size"] - 1).wrong(
            "%#x bytes in %#x at 0x1000000" % (segment["size"],
                                              segment["size"] - 1))
        self.setUp()
        index, = self.find(INITRD)
        self.set(index, size=9001).wrong("0x2328 bytes stored of 0x2329")
        self.set(index, offset=0).wrong("(initrd): at 0x0: must be on a page")

    def test_what_the_architecture_does_not_know(self):
        self.set(flags=2).wrong("flags 0x2: machine 62 has no 0x2")
        self.set(flags=8).wrong("flags 0x8")
        self.setUp()
        self.set(arch=3).wrong("for machine 3: must be x86_64 (62)")
        self.set(arch=183).wrong("kernel kind 1: none of machine 183")

    def test_segments_are_16_at_most(self):
        data = b"".join(inputs.text(100, i).ljust(4096, b"\1") + bytes(0x11000)
                        for i in range(16))
        self.make(inputs.elf([(0x200000, data, len(data))], 0x200000), "-i",
                  self.write("initrd", b"initrd"))
        self.assertEqual(len(self.find(SEGMENT)), 16)
        self.good("verify", self.sign())
        index, = self.find(INITRD)
        self.set(index, type=SEGMENT, memory_size=6, paddr=0x8000000).wrong(
            "kernel segments: more than 16")

    def test_in_a_rom_the_same(self):
        """There the blob is for one architecture."""
        self.pack(inputs.IMAGE, blob=self.arm_blob)
        rom = bytearray(self.read())
        start = rom.index(b"BUNDLE\x1a\n")
        self.bundle = rom[start:]
        self.set(arch=62)
        self.sign()
        rom[start:] = self.bundle
        self.refused("verify", self.write("rom", bytes(rom)),
                     says="for machine 62: this is machine 183")

    def test_pin_takes_no_wrong_bundle(self):
        self.set(entry=0)
        self.refused("pack", "--pin", self.sign(), "-o", self.path("pinned"),
                     "--blob", self.blob, says="kernel: entry 0x0")


class Content(Judged):
    """What sections hold, as far as the blob would refuse it at once."""

    def wrong(self, says, commands=(["verify"],)):
        super().wrong(says, commands)

    def test_bzimage(self):
        image = inputs.bzimage(b"?" * 2000)
        for at, data, says in (
                (0x230, struct.pack("<I", 0x300000),
                 "bzImage wants alignment 0x300000: no power of two"),
                (0x206, b"\x0b\2", "bzImage of boot protocol 0x20b"),
                (0x236, b"\0\0", "bzImage has no 64-bit entry"),
                (0x1fe, b"\0\0", "bzImage of boot protocol"),
                (0x1f1, b"\xff", "its 64-bit entry is at 0x20200"),
                (0x202, b"....", "neither a bzImage nor an ELF file"),
                (0x22c, bytes(4), "no free RAM of that size below 0x1")):
            with self.subTest(says):
                self.make(image, "--keep-bzimage", "-i",
                          self.write("initrd", b"initrd"))
                self.content(0, data, at).wrong(says)
        self.make(image, "--keep-bzimage")
        self.set(0, compression=1).wrong(
            "kernel: file under compression 1: must be none")

    def test_image(self):
        for at, data, says in (
                (56, b"....", "no arm64 Image (magic 0x2e2e2e2e)"),
                (24, b"\x0b", "Image is big-endian (flags 0xb)"),
                (8, struct.pack("<Q", 0x200000), "text offset 0x200000"),
                (16, struct.pack("<Q", 1 << 60), "Image needs 0x1000000000000"
                 "000 bytes: at most 0x40000000000")):
            with self.subTest(says):
                self.make(inputs.IMAGE).content(0, data, at).wrong(says)

    def test_relocations(self):
        payload = inputs.elf(inputs.SEGMENTS, 0x1000200, tail=inputs.RELOCS)
        image = inputs.bzimage(inputs.PACKERS["gzip"](payload))
        good = self.make(image).find(RELOCS)[0]
        for at, data, says in (
                (0, struct.pack("<Q", 3), "alignment 0x3: no power of two"),
                (0, bytes(8), "alignment 0x0: no power of two"),
                (24, b"\xff", "relocs: end early"),
                (33, b"\xff\xff\xff\xff\xff", "relocs: place 0x")):
            with self.subTest(says):
                self.make(image).content(good, data, at).wrong(says)

    def test_pin(self):
        self.good("pack", "--pin", "00" * 32, "--arch", "x86_64", "--blob",
                  self.blob, "-o", self.out)
        self.bundle = bytearray(self.extract("bundle"))
        self.good("verify", self.sign())
        self.set(0, size=31, stored_size=31).content(0, b"").wrong(
            "pin: 0x1f bytes: must be 0x20")

    def test_long_command_line(self):
        self.make(inputs.VMLINUX, "-c", "x" * 2047)
        index, = self.find(CMDLINE)
        self.set(index, size=2049, stored_size=2049).content(
            index, b"x" * 2048 + b"\0").wrong(
                "cmdline: 2048 bytes: the kernel takes 2047")

    def test_zeros_take_no_memory(self):
        """LZ4 tells of 4 GiB less a page in 8 bytes."""
        blocks = struct.pack("<II", 0, 0xfffff000) * 3
        self.make(inputs.VMLINUX, "-i", self.write("initrd", blocks))
        index, = self.find(INITRD)
        self.set(index, compression=1, size=3 * 0xfffff000)
        path = self.content(index, blocks).sign()
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        for command in (["verify"], ["show"],
                        ["extract", "-p", "initrd", "-o", "/dev/null"]):
            self.good(*command, path)
        after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self.assertLess(after, max(before, 200000)) # KiB
        self.content(index, struct.pack("<II", 0, 0xffffe000)).wrong(
            "initrd: LZ4 data of 0x18 bytes is malformed")

    def test_kernel_that_no_machine_has_room_for(self):
        self.make()
        last = self.find(SEGMENT)[-1]
        self.set(last, paddr=1 << 46).wrong(
            "kernel segment: %#x bytes at 0x400000000000: not in free "
            "RAM" % self.fields(last)["memory_size"])
        # Page tables reach no address from 2^47 on.
        self.set(last, paddr=1 << 62).wrong(
            "bundle: section %d (kernel segment): " % last)


class Ram(Judged):
    """`show` says how much RAM: as the blob itself finds room in it."""

    def ram_size(self, kernel, *argv, blob=None):
        self.pack(kernel, *argv, blob=blob)
        return self.show()["ram_size"]

    def test_kernel_in_segments(self):
        end = 0x1131000 + SMBIOS
        small = self.write("small", inputs.noise(9000))
        large = self.write("large", inputs.noise(15 << 20))
        # The first fits below the kernel, the other one behind it only.
        for how, tables in ("none", 0), ("lz4", 0), ("zstd", 0x25000):
            how = ("--compress", how)
            self.assertEqual(self.ram_size(inputs.VMLINUX, "-i", small, *how),
                             end + tables)
        self.assertEqual(self.ram_size(inputs.VMLINUX, "-i", large),
                         0x1200000 + (15 << 20) + SMBIOS)

    def test_arm64_image(self):
        """What QEMU's virt boots with; 1 MiB less, and the blob says so."""
        image = bytearray(inputs.IMAGE)
        struct.pack_into("<Q", image, 16, 5 << 20)
        initrd = ("-i", self.write("initrd", b"initrd"))
        for how, size in (("none", (10 << 20) + 0x2000 + SMBIOS),
                          ("lz4", (12 << 20) + 0x2000 + SMBIOS)):
            self.assertEqual(self.ram_size(
                bytes(image), *initrd, "--compress", how, blob=self.arm_blob),
                size)
        struct.pack_into("<Q", image, 16, 40 << 20)
        self.assertEqual(self.ram_size(
            bytes(image), *initrd, "--compress", "none", blob=self.arm_blob),
            (18 + 40 << 20) + SMBIOS)

    def test_no_kernel_takes_none(self):
        self.good("pack", "--pin", "00" * 32, "--arch", "x86_64", "--blob",
                  self.blob, "-o", self.out)
        self.assertEqual(self.show()["ram_size"], 0)

    def test_text_is_enough_in_whole_mib(self):
        self.pack(inputs.VMLINUX)
        self.assertIn(b"\nRAM to load it: 18.0 MiB\n",
                      self.good("show", self.out))
