# SPDX-License-Identifier: BSD-2-Clause
"""Files that VMMs start: ROMs, ELF files, bzImages, Images."""
import os
import struct
import subprocess

from tool import inputs, tooltest


class Roms(tooltest.ToolTest):
    def test_x86_rom(self):
        self.pack(inputs.VMLINUX, "--cmdline", "a")
        rom = self.read()
        self.assertEqual(len(rom), 0x200000)
        blob = inputs.blob()
        self.assertEqual(rom[-0x10000:-0x40], blob[:-0x40])
        self.assertEqual(rom[-0x20:], blob[-0x20:])
        offset, size = struct.unpack_from("<qQ", rom, len(rom) - 0x38)
        start = len(rom) - 0x10000 + offset
        self.assertEqual(rom[start:start + 8], b"BUNDLE\x1a\n")
        self.assertEqual(start % 4096, 0)
        self.assertEqual(-offset, size)

    def test_x86_rom_is_an_elf_file_too(self):
        blob = self.write("elf.blob", inputs.blob(has_elf=True))
        bz = inputs.bzimage(inputs.PACKERS["gzip"](inputs.VMLINUX))
        bz = bytearray(bz)
        struct.pack_into("<QI", bz, 0x258, 0x1000000, 0x345678)
        for kernel, argv, place in (
                (inputs.VMLINUX, ["--output-format", "elf"], 0x1200000),
                (inputs.VMLINUX, ["--for", "firecracker"], 0x1200000),
                (bytes(bz), ["--keep-bzimage"], 0x1400000)):
            said = self.pack(kernel, *argv, blob=blob)
            self.assertIn(b"qemu-kernel", said)
            self.good("verify", self.out)
            self.assertEqual(self.show()["doors"],
                             ["reset", "PVH", "64-bit Linux"])
            file = self.read()
            size = len(file)
            self.assertEqual(size % 0x10000, 0)
            entry, = struct.unpack_from("<Q", file, 24)
            load = struct.unpack_from("<IIQQQQQQ", file, 64)
            self.assertEqual(load[2:7], (0, place, place, size, size))
            start = place + size - 0x10000
            self.assertEqual(entry, start + 0x1200)
            kind, _, at = struct.unpack_from("<IIQ", file, 120)
            self.assertEqual(kind, 4)
            self.assertEqual(
                struct.unpack_from("<III4sQ", file, at),
                (4, 8, 18, b"Xen\0", start + 0x1010))
        data = self.read()
        for at in range(200):
            flipped = bytearray(data)
            flipped[at] ^= 1 << at % 8
            self.assertEqual(tooltest.run("verify", self.write(
                "flipped", bytes(flipped))).returncode, 1, at)

    def packed_size(self, *argv, initrd=1, **options):
        """With an initrd of so many MiB."""
        initrd = self.write("initrd", inputs.noise(initrd << 20))
        self.pack(inputs.VMLINUX, "-i", initrd, *argv, **options)
        self.good("verify", self.out)
        return len(self.read())

    def test_zeros_fill_a_rom_up(self):
        """To 2 MiB, unless that would exclude a VMM, or serve none."""
        blob = self.write("bz.blob", inputs.blob(has_elf=True,
                                                 has_bzimage=True))
        size = self.packed_size("--rom-size", "exact", blob=blob)
        bundle = self.extract("bundle")
        self.assertEqual(size % 0x10000, 0)
        self.assertLess(size, 0x200000)
        for argv in ([], ["--rom-size", "fast"], ["--for", "qemu-q35"],
                     ["--for", "virtualbox"]):
            self.assertEqual(self.packed_size(*argv, blob=blob), 0x200000)
            self.assertEqual(self.extract("bundle"), bundle)
        for argv in (["--for", "firecracker"], ["--for", "kvmtool-kernel"],
                     ["--output-format", "elf"]):
            self.assertEqual(self.packed_size(*argv, blob=blob), size)
        # 17 MiB are too many for a bzImage that cannot be moved, and 18 MiB
        # for microvm.
        for initrd, argv, is_filled in (
                (14, [], False), (14, ["--for", "qemu-q35"], True),
                (15, [], True),
                (16, [], False), (16, ["--for", "qemu-q35"], True),
                (16, ["--for", "qemu-microvm"], False),
                (18, [], True)):
            size = self.packed_size(*argv, initrd=initrd, blob=blob)
            self.assertEqual(size % 0x200000 == 0, is_filled, (initrd, argv))

    def test_low_bios(self):
        """128 KiB for E0000: the blob alone, or with a pin."""
        blob = self.write("elf.blob", inputs.blob(has_elf=True))
        bundle = self.write("bundle", b"")
        self.good("pack", "-k", self.write("k", inputs.VMLINUX), "-o", bundle,
                  "--output-format", "bundle")
        pinned = ["--pin", bundle]
        for one, more, doors in (
                (self.blob, [], ["reset", "low BIOS"]),
                (blob, [], ["reset", "low BIOS", "PVH", "64-bit Linux"]),
                (self.blob, pinned, ["reset", "low BIOS"]),
                (blob, pinned, ["reset", "low BIOS", "PVH", "64-bit Linux"])):
            self.good("pack", "--door", "low-bios", "--blob", one, "-o",
                      self.out, *more)
            file = self.read()
            self.assertEqual(len(file), 0x20000)
            record = len(file) - 0x40
            self.assertEqual(file[-0x10000:record],
                             self.read(one)[:-0x40])
            self.good("verify", self.out)
            self.assertEqual(self.show()["doors"], doors)
            offset, size = struct.unpack_from("<qQ", file, record + 8)
            self.assertEqual(offset, -size)
            self.assertEqual(size > 0, bool(more))
            for at in [0, 0xffff, 0x10000, *range(record, record + 32)]:
                flipped = bytearray(file)
                flipped[at] ^= 1
                self.assertEqual(tooltest.run("verify", self.write(
                    "flipped", bytes(flipped))).returncode, 1, at)
        again = self.write("again", self.read())
        self.good("pack", "--door", "low-bios", "--blob", again, "-o",
                  self.out)
        self.assertEqual(self.show()["kind"], "blob")

    def test_low_bios_is_refused(self):
        noise = self.write("noise", inputs.noise(0xd000))
        self.pack_refused(inputs.VMLINUX, "--door", "low-bios", "-i", noise,
                          says="has no room in 128 KiB")
        self.refused("pack", "-k", self.write("image", inputs.IMAGE), "-o",
                     self.out, "--blob", self.arm_blob, "--door", "low-bios",
                     says="is for x86_64")
        self.refused("pack", "-o", self.out, "--door", "low-bios", "-c", "a",
                     says="--kernel is missing", status=2)
        self.refused("pack", "-o", self.out, "--door", "any", status=2)

    def test_x86_rom_is_a_bzimage_too(self):
        data = inputs.blob(has_elf=True, has_bzimage=True)
        blob = self.write("bz.blob", data)
        relocatable = bytearray(inputs.bzimage(inputs.VMLINUX))
        relocatable[0x234] = 1
        struct.pack_into("<QI", relocatable, 0x258, 0x1000000, 0x345678)
        fixed = bytearray(relocatable)
        fixed[0x234] = 0
        initrd = self.write("initrd", inputs.noise(15 << 20))
        argv = ["--keep-bzimage", "-i", initrd]
        for kernel, argv, is_one in (
                (inputs.VMLINUX, [], True),
                (inputs.VMLINUX, ["-i", initrd], False),
                (inputs.VMLINUX, ["--output-format", "elf"], False),
                (bytes(relocatable), argv, True),
                (bytes(fixed), argv, False)):
            self.pack(kernel, *argv, blob=blob)
            self.good("verify", self.out)
            file = self.read()
            self.assertEqual(file[0x202:0x206] == b"HdrS", is_one)
            self.assertEqual("bzImage" in self.show()["doors"], is_one)
            if is_one:
                self.check_bzimage(file, data)
        for at in (0x1f1, 0x202, 0x203, 0x300, 0xfff, 0x1000, 0x1204, 0x1fff):
            flipped = bytearray(file)
            flipped[at] ^= 1
            self.assertEqual(tooltest.run("verify", self.write(
                "flipped", bytes(flipped))).returncode, 1, at)

    def check_bzimage(self, file, blob):
        size = len(file) - 0x1000
        self.assertEqual(struct.unpack_from("<I", file, 0x1f4)[0], size // 16)
        place, = struct.unpack_from("<Q", file, 64 + 24)
        self.assertEqual(struct.unpack_from("<QI", file, 0x258),
                         (place + 0x1000, size))
        self.assertEqual(file[0x264:0x1000], blob[0x264:0x1000])
        for at in (0x1000, 0x1200):
            jump, to = struct.unpack_from("<Bi", file, at)
            self.assertEqual(jump, 0xe9)
            self.assertEqual(at + 5 + to, len(file) - 0x10000 + at)

    def test_formats_that_there_are_not(self):
        self.pack_refused(inputs.VMLINUX, "--output-format", "elf",
                          says="no such entry")
        self.pack_refused(inputs.VMLINUX, "--for", "firecracker",
                          says="takes an ELF file")
        self.pack_refused(inputs.VMLINUX, "--output-format", "image",
                          says="is for aarch64")
        self.pack(inputs.IMAGE, "--output-format", "image",
                  blob=self.arm_blob)
        self.good("verify", self.out)

    def test_arm_image(self):
        self.pack(inputs.IMAGE, blob=self.arm_blob)
        image = self.read()
        offset, size = struct.unpack_from("<qQ", image, 0x48)
        self.assertEqual(image[offset:offset + 8], b"BUNDLE\x1a\n")
        self.assertEqual(offset + size, len(image))
        self.assertGreaterEqual(struct.unpack_from("<Q", image, 16)[0],
                                len(image))

    def test_a_packed_file_serves_as_blob(self):
        for kernel, blob in ((inputs.VMLINUX, self.blob),
                             (inputs.IMAGE, self.arm_blob)):
            self.pack(kernel, blob=blob)
            first = self.read()
            again = self.write("again", first)
            self.pack(kernel, blob=again)
            self.assertEqual(self.read(), first)

    def test_device_windows_of_a_large_rom_stay_empty(self):
        """I/O APIC, HPET, TPM and local APIC are there, or 4 KiB pages."""
        initrd = self.write("initrd", b"\xff" * (20 << 20))
        small = self.write("small", b"\xff" * (10 << 20))
        for files in ([initrd], [small, small], [small]):
            argv = [word for file in files for word in ("-i", file)]
            self.pack(inputs.VMLINUX, "--compress", "none", "-c", "a", *argv)
            rom = self.read()
            self.good("verify", self.out)
            start = len(rom) - 0x1400000
            if start < 0:
                continue
            self.assertEqual(rom[start:start + 0x400000], bytes(0x400000))
            offsets = [s["offset"] for s in self.show()["sections"]]
            self.assertEqual(offsets, sorted(offsets))

    def test_a_large_kernel_lies_on_both_sides_of_them(self):
        data = inputs.noise(4 << 20) * 5
        initrd = self.write("initrd", inputs.noise(1 << 20, 3))
        self.pack(inputs.elf([(0x1000000, data, len(data) + 9)], 0x1000000),
                  "--compress", "lz4", "--rom-size", "exact", "-i", initrd)
        self.good("verify", self.out)
        self.assertEqual(self.extract("kernel"), data + bytes(9))
        rom = self.read()
        # Three of its five blocks of 4 MiB go behind.
        self.assertLess(len(rom), (2 * 4 + 4 + 16 + 1) << 20)
        start = len(rom) - 0x1400000
        self.assertEqual(rom[start:start + 0x400000], bytes(0x400000))
        one, two = [s for s in self.show()["sections"]
                    if s["type"] == "kernel-segment"]
        self.assertEqual(one["paddr"] + one["memory_size"], two["paddr"])
        self.assertEqual(one["size"], one["memory_size"])
        self.assertEqual(two["paddr"] + two["memory_size"],
                         0x1000000 + len(data) + 9)

    def test_a_kernel_of_many_segments_is_not_split(self):
        """Twelve of them could be split at the windows: too many sections.
        Noise where pack takes samples keeps them apart."""
        def compressible(seed):
            return inputs.text(150000, seed).ljust(151552, b"\1") + \
                bytes(68 << 10) + inputs.text(4096, seed + 50)

        mib = 1 << 20
        pieces = [(0, inputs.noise(4067 * 4096))]
        pieces += [(int(at * mib), inputs.noise(2 * mib, int(at)))
                   for at in (23.5, 47.5, 71.5)]
        pieces += [(at * mib, compressible(at)) for at in (
            18, 19, 20, 21, 28, 30, 32, 34, 52, 54, 56)]
        last = compressible(90)
        pieces.append((96 * mib - len(last), last))
        segments = [(0x1000000 + at, data, len(data))
                    for at, data in sorted(pieces)]
        self.pack(inputs.elf(segments, 0x1000000), "-c", "console=ttyS0")
        self.good("verify", self.out)
        types = [section["type"] for section in self.show()["sections"]]
        self.assertEqual(types.count("kernel-segment"), 16)
        self.assertEqual(self.extract("kernel"), inputs.flat(segments))

    def test_same_inputs_make_the_same_bytes(self):
        initrd = self.write("initrd", inputs.text(50000))
        self.pack(inputs.VMLINUX, "-i", initrd)
        first = self.read()
        os.mkdir(self.path("other"))
        kernel = self.write("other/k", inputs.VMLINUX)
        subprocess.run([tooltest.tool(), "pack", "-k", "k", "-i", initrd,
                        "--blob", self.blob, "-o", "rom"], check=True,
                       cwd=self.path("other"), capture_output=True,
                       env={"TZ": "Asia/Tokyo", "LANG": "C"})
        self.assertEqual(self.read(self.path("other/rom")), first)
        self.assertTrue(os.path.exists(kernel))
