# SPDX-License-Identifier: BSD-2-Clause
"""Kernels of every kind: what pack makes of them."""
import struct
import subprocess

from tool import inputs, tooltest


class Kernels(tooltest.ToolTest):
    def expect_segments(self):
        shown = self.show()
        self.assertEqual(shown["arch"], "x86_64")
        self.assertEqual(shown["kernel"], "unpacked vmlinux")
        self.assertEqual(shown["entry"], 0x1000200)
        self.assertTrue(shown["version"].startswith("9.8.7-test"))
        self.assertEqual(self.extract("kernel"), inputs.flat(inputs.SEGMENTS))
        self.good("verify", self.out)

    def test_vmlinux(self):
        self.pack(inputs.VMLINUX)
        self.expect_segments()

    def test_zeros_are_not_stored(self):
        self.pack(inputs.VMLINUX, "--compress", "none")
        segments = [s for s in self.show()["sections"]
                    if s["type"] == "kernel-segment"]
        self.assertGreaterEqual(len(segments), 3)
        stored = sum(s["stored_size"] for s in segments)
        self.assertLess(stored, 150000 + 50000 + 30000 + 6 * 4096)
        # No byte of the whole is left to chance: zeros reach the next one.
        for one, next_one in zip(segments, segments[1:]):
            self.assertEqual(one["paddr"] + one["memory_size"],
                             next_one["paddr"])
        self.assertEqual(segments[-1]["paddr"] + segments[-1]["memory_size"],
                         0x1100000 + 200000)

    def test_many_banners_take_no_memory(self):
        data = b"Linux version a" * (1 << 20)
        path = self.write("kernel", inputs.elf(
            [(0x200000, data, len(data))], 0x200000))
        done = subprocess.run(
            ["bash", "-c", 'ulimit -v 300000 && exec "$@"', "bash",
             tooltest.tool(), "show", path], capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_many_gaps_make_at_most_16_segments(self):
        data = b"".join(inputs.text(5000, i) + bytes(70000 + 4096 * i)
                        for i in range(40))
        segments = [(0x200000, data, len(data))]
        for how, expected in ("none", 16), ("lz4", 1), ("zstd", 1):
            self.pack(inputs.elf(segments, 0x200000), "--compress", how)
            self.assertEqual(self.extract("kernel"), data)
            count = sum(s["type"] == "kernel-segment"
                        for s in self.show()["sections"])
            self.assertEqual(count, expected)

    def test_zeros_are_blocks_of_their_own(self):
        """As far as they are whole pages, and worth it; wherever they are."""
        for data, expected in (
                (bytes(10 << 20) + b"x", [(0, 10 << 20), (1, 1)]),
                (b"x" * 5000 + bytes(70000) + b"y" * 100,
                 [(None, 8192), (0, 65536), (None, 1372)]),
                (b"x" * 5000 + bytes(60000) + b"y", [(None, 65001)]),
                (b"x" * (9 << 20) + bytes(1 << 20) + b"y",
                 [(None, 4 << 20)] * 2 + [(None, 1 << 20), (0, 1 << 20),
                                          (1, 1)])):
            segments = [(0x200000, data, len(data))]
            self.pack(inputs.elf(segments, 0x200000), "--compress", "lz4")
            self.assertEqual(self.extract("kernel"), data)
            blocks = self.lz4_blocks(self.show()["sections"][0])
            self.assertEqual([(stored if known is not None else None, size)
                              for (stored, size), (known, _)
                              in zip(blocks, expected, strict=True)], expected)

    def lz4_blocks(self, section):
        """What each block stores and loads."""
        bundle = self.extract("bundle")
        at, end = section["offset"], section["offset"] + section["stored_size"]
        blocks = []
        while at < end:
            blocks.append(struct.unpack_from("<II", bundle, at))
            at += 8 + (blocks[-1][0] + 7) // 8 * 8
        return blocks

    def test_bzimage_of_every_compression(self):
        for name, packer in inputs.PACKERS.items():
            with self.subTest(name):
                plain = inputs.elf(inputs.SEGMENTS, 0x1000200,
                                   tail=inputs.RELOCS)
                payload = packer(plain)
                if payload is None:
                    self.skipTest(name + " is not installed")
                payload += struct.pack("<I", len(plain))
                self.pack(inputs.bzimage(payload))
                self.expect_segments()

    def relocs(self, appended):
        """Packs a bzImage with this behind its ELF; returns its places."""
        payload = inputs.PACKERS["gzip"](inputs.VMLINUX + appended)
        kernel = self.write("k", inputs.bzimage(payload))
        done = tooltest.run("pack", "-k", kernel, "-o", self.out, "--blob",
                            self.blob)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.extract("kernel"), inputs.flat(inputs.SEGMENTS))
        if "relocs" not in [s["type"] for s in self.show()["sections"]]:
            self.assertIn(b"no KASLR", done.stderr)
            return None
        data = self.extract("relocs")
        alignment, room, *counts, _ = struct.unpack_from("<QQIIII", data)
        self.assertEqual((alignment, room), (0x200000, 0x40000000 - 0x1000000))
        lists, at = [], 32
        for count in counts:
            place, places = 0, []
            for _ in range(count):
                distance, at = data[at], at + 1
                if distance == 255:
                    distance, = struct.unpack_from("<I", data, at)
                    at += 4
                place += distance
                places.append(place)
            lists.append(places)
        self.assertEqual(at, len(data))
        return lists

    def test_relocations(self):
        far = [1, 256, 511, 5000]
        for lists in (inputs.PLACES, [(), (), ()], [far, [9], far[::-1]]):
            self.assertEqual(self.relocs(inputs.relocs(*lists)),
                             [sorted(places) for places in lists])
        # Since Linux 6.15 there is no list of inverse ones.
        self.assertEqual(self.relocs(inputs.relocs([5], [6, 7])),
                         [[5], [], [6, 7]])

    def test_what_are_no_relocations_is_left(self):
        good = inputs.relocs([5], [6], [7])
        outside = len(inputs.flat(inputs.SEGMENTS))
        for appended in (b"abc", good + b"x", good[4:], inputs.relocs([5]),
                         inputs.relocs([1], [2], [3], [4]),
                         inputs.relocs([outside], [], [])):
            self.assertIsNone(self.relocs(appended))

    def test_bzimage_with_setup_sects_0(self):
        payload = inputs.PACKERS["gzip"](inputs.VMLINUX)
        image = bytearray(inputs.bzimage(payload))
        image[0x1f1] = 0
        self.pack(bytes(image))
        self.expect_segments()

    def test_keep_bzimage(self):
        image = inputs.bzimage(inputs.PACKERS["xz"](inputs.VMLINUX))
        for more in ([], ["--compress", "lz4"], ["--compress", "none"]):
            self.pack(image, "--keep-bzimage", *more)
            self.assertEqual(self.show()["kernel"], "bzImage")
            self.assertEqual(self.show()["version"], "9.8.7-bz")
            self.assertEqual(self.extract("kernel"), image)

    def test_keep_bzimage_of_unknown_compression(self):
        image = inputs.bzimage(b"?" * 2000)
        self.pack_refused(image, says="--keep-bzimage leaves it")
        self.pack(image, "--keep-bzimage")
        self.assertEqual(self.extract("kernel"), image)

    def expect_image(self):
        shown = self.show()
        self.assertEqual(shown["arch"], "aarch64")
        self.assertEqual(shown["kernel"], "arm64 Image")
        self.assertTrue(shown["version"].startswith("9.8.7-test"))
        self.assertEqual(self.extract("kernel"), inputs.IMAGE)
        self.good("verify", self.out)

    def test_image_plain_and_packed(self):
        self.pack(inputs.IMAGE, blob=self.arm_blob)
        self.expect_image()
        for name, packer in inputs.PACKERS.items():
            packed = packer(inputs.IMAGE)
            if packed is not None:
                with self.subTest(name):
                    self.pack(packed, blob=self.arm_blob)
                    self.expect_image()

    def test_zboot(self):
        for name in ("gzip", "zstd", "xz"):
            packed = inputs.PACKERS[name](inputs.IMAGE)
            if packed is None:
                self.skipTest(name + " is not installed")
            self.pack(inputs.zboot(packed, name.encode()),
                      blob=self.arm_blob)
            self.expect_image()

    def test_arm64_vmlinux(self):
        data = inputs.IMAGE
        self.pack(inputs.elf([(0xffff800008000000, data, len(data) + 5000)],
                             0xffff800008000000, inputs.EM_AARCH64),
                  blob=self.arm_blob)
        self.assertEqual(self.extract("kernel"), data + bytes(5000))

    def test_uki(self):
        image = inputs.bzimage(inputs.PACKERS["gzip"](inputs.VMLINUX))
        file = inputs.uki([(b".osrel", b"ID=test\n"), (b".ucode", b"micro"),
                           (b".initrd", b"archive"), (b".linux", image),
                           (b".cmdline", b"quiet\n")])
        self.pack(file)
        self.expect_segments()
        self.assertEqual(self.extract("initrd"), b"micro\0\0\0archive")
        self.assertEqual(self.extract("cmdline"), b"quiet")
        more = self.write("more", b"more")
        self.pack(file, "--initrd", more, "--cmdline", "loud")
        self.assertEqual(self.extract("initrd"), b"micro\0\0\0archive\0more")
        self.assertEqual(self.extract("cmdline"), b"loud")

    def profile(self, number, *names):
        """Command line and initrd that pack takes for a profile.

        A section's content is its name and its place in the file.
        """
        image = inputs.bzimage(inputs.PACKERS["gzip"](inputs.VMLINUX))
        sections = [(b".linux", image)] + [
            (name, name[1:] + b"%d" % place)
            for place, name in enumerate(names)]
        self.pack(inputs.uki(sections), "--profile", str(number))
        found = {s["type"] for s in self.show()["sections"]}
        return [self.extract(part) if part in found else None
                for part in ("cmdline", "initrd")]

    def test_uki_profiles(self):
        """As ukify orders them: the base, then each profile."""
        cmdline, initrd, mark = b".cmdline", b".initrd", b".profile"
        for number, names, expected in (
                (0, (mark, mark, cmdline), (None, None)),
                (1, (mark, mark, cmdline), (b"cmdline2", None)),
                (0, (cmdline, mark, cmdline, mark), (b"cmdline2", None)),
                (1, (cmdline, mark, cmdline, mark), (b"cmdline0", None)),
                (0, (cmdline, initrd, mark, mark, cmdline, initrd, mark,
                     cmdline), (b"cmdline0", b"initrd1")),
                (1, (cmdline, initrd, mark, mark, cmdline, initrd, mark,
                     cmdline), (b"cmdline4", b"initrd5")),
                (2, (cmdline, initrd, mark, mark, cmdline, initrd, mark,
                     cmdline), (b"cmdline7", b"initrd1")),
                (0, (cmdline, cmdline), (b"cmdline0", None)),
                (1, (mark, mark, b".ucode", mark, b".ucode", initrd),
                 (None, b"ucode2"))):
            with self.subTest(number=number, names=names):
                self.assertEqual(tuple(self.profile(number, *names)), expected)

    def test_uki_profiles_that_there_are_not(self):
        image = inputs.bzimage(inputs.PACKERS["gzip"](inputs.VMLINUX))
        for count, number in ((0, 1), (1, 1), (2, 2), (2, 99999)):
            file = inputs.uki([(b".linux", image)] +
                              [(b".profile", b"ID=x\n")] * count)
            self.pack_refused(file, "--profile", str(number),
                              says="of %d profiles: has no profile %d" % (
                                  count, number))
        self.pack_refused(image, "--profile", "0",
                          says="only a unified kernel image has profiles")
        for text in ("", "x", "-1", "1x", "123456"):
            self.pack_refused(file, "--profile=" + text if text else
                              "--profile=", status=2,
                              says="--profile: ")

    def test_uki_for_x86_with_a_device_tree(self):
        """The kernel gets it beside the tables, as SETUP_DTB."""
        image = inputs.bzimage(inputs.PACKERS["gzip"](inputs.VMLINUX))
        self.pack(inputs.uki([(b".linux", image), (b".dtb", inputs.DTB)]))
        self.expect_segments()
        self.assertEqual(self.extract("dtb"), inputs.DTB)

    def test_uki_for_arm(self):
        zboot = inputs.zboot(inputs.PACKERS["gzip"](inputs.IMAGE))
        self.pack(inputs.uki([(b".linux", zboot), (b".dtb", inputs.DTB)],
                             0xaa64), blob=self.arm_blob)
        self.expect_image()
        self.assertEqual(self.extract("dtb"), inputs.DTB)

    def test_what_is_no_kernel_is_refused(self):
        gzip = inputs.PACKERS["gzip"]
        vmlinux = inputs.VMLINUX
        segments = inputs.SEGMENTS
        image = inputs.bzimage(gzip(vmlinux))
        for kernel, says in (
                (b"", "starting with"),
                (b"MZ", "starting with 4d 5a"),
                (b"hello world", "no ELF vmlinux, bzImage"),
                (gzip(b"hello world"), "no ELF vmlinux, bzImage"),
                (gzip(vmlinux)[:-2000], "damaged"),
                (vmlinux[:-1], "ELF segment"),
                (vmlinux[:4] + b"\1" + vmlinux[5:], "must be 64-bit"),
                (vmlinux[:5] + b"\2" + vmlinux[6:], "little-endian"),
                (inputs.elf(segments, 0x1000200, 8), "machine 8"),
                (inputs.elf(segments, 0x1000200, kind=1), "type 1"),
                (inputs.elf(segments, 0x10), "entry 0x10"),
                (inputs.elf([], 0), "without a segment"),
                (inputs.elf([(0, b"abc", 2)], 0), "0x3 bytes in 0x2"),
                (inputs.elf([(0, b"a", 1), (1 << 40, b"b", 1)], 0), "span"),
                (inputs.elf([(2**64 - 4, b"abcdef", 6)], 0), "segment 0"),
                (inputs.elf([(0x1000, b"abcd", 4)], 0x1000,
                            inputs.EM_AARCH64), "as an Image does"),
                (image[:-400], "bzImage payload"),
                (inputs.bzimage(gzip(b"no elf" * 100)), "no ELF file"),
                (inputs.bzimage(b"", protocol=0x20b), "64-bit entry"),
                (inputs.bzimage(b"", xloadflags=0), "64-bit entry"),
                (inputs.zboot(gzip(inputs.IMAGE))[:900], "zboot payload"),
                (inputs.IMAGE[:24] + b"\1" + inputs.IMAGE[25:],
                 "big-endian")):
            with self.subTest(says):
                self.pack_refused(kernel, says=says)

    def test_what_unpacks_without_end_is_refused(self):
        bomb = inputs.PACKERS["gzip"](bytes(1 << 24))
        for _ in range(6):
            bomb = inputs.PACKERS["gzip"](bomb)
        self.pack_refused(bomb, says="no ELF vmlinux")
