# SPDX-License-Identifier: BSD-2-Clause
"""pack --from: parts of a packed file replaced, the others as they are."""
import os
import struct

from tool import inputs, tooltest

CPIO = b"070701" + b"0" * 104
OTHER = inputs.elf([(0x2000000, inputs.BANNER + inputs.text(70000, 8), 90000)],
                   0x2000000)


class From(tooltest.ToolTest):
    def make(self, kernel, *argv, blob=None):
        """A packed file with all parts; its path."""
        initrd = self.write("initrd", CPIO + inputs.text(50000))
        self.pack(kernel, "-i", initrd, "-c", "console=ttyS0 old=yes",
                  "--dtb", self.write("dtb", inputs.DTB), *argv, blob=blob)
        return self.write("old", self.read())

    def again(self, *argv, blob=None):
        self.good("pack", "--from", self.path("old"), "-o", self.out, "--blob",
                  blob or self.blob, *argv)
        self.good("verify", self.out)

    def bzimage(self, cmdline_size=2047):
        plain = inputs.elf(inputs.SEGMENTS, 0x1000200, tail=inputs.RELOCS)
        payload = inputs.PACKERS["gzip"](plain)
        image = bytearray(inputs.bzimage(
            payload + struct.pack("<I", len(plain)),
            cmdline_size=cmdline_size))
        struct.pack_into("<I", image, 0x260, 7 << 20)
        return bytes(image)

    def test_nothing_replaced_is_the_same_file(self):
        """However the kernel is kept, and however often this is done."""
        for kernel, argv, blob in (
                (inputs.VMLINUX, ["-v", "--on-error", "reset"], self.blob),
                (self.bzimage(), ["--acpi", "vmm"], self.blob),
                (self.bzimage(), ["--keep-bzimage"], self.blob),
                (inputs.IMAGE, ["--device-tree", "--platform", self.write(
                    "platform", inputs.DTB + bytes(4))], self.arm_blob)):
            old = self.make(kernel, *argv, blob=blob)
            whole = self.read(old)
            self.again(blob=blob)
            self.assertEqual(self.read(), whole)
            self.again("--compress", "none", blob=blob)
            self.assertNotEqual(self.read(), whole)
            self.write("old", self.read())
            self.again(blob=blob)
            self.assertEqual(self.read(), whole)

    def parts(self):
        return [self.extract(part)
                for part in ("kernel", "initrd", "cmdline", "dtb")]

    def test_each_part_is_replaced_alone(self):
        self.make(self.bzimage(), "-v", "--on-error", "reset")
        old = self.parts()
        initrd = self.write("new", CPIO + b"new")
        dtb = self.write("new.dtb", inputs.DTB + bytes(4))
        for place, argv, new in (
                (0, ["-k", self.write("other", OTHER)],
                 inputs.flat([(0x2000000, inputs.BANNER +
                               inputs.text(70000, 8), 90000)])),
                (1, ["-i", initrd], CPIO + b"new"),
                (2, ["-c", "console=ttyS0"], b"console=ttyS0"),
                (3, ["--dtb", dtb], inputs.DTB + bytes(4))):
            self.again(*argv)
            expected = list(old)
            expected[place] = new
            self.assertEqual(self.parts(), expected)
            shown = self.show()
            self.assertEqual(shown["on_error"], "reset")
            self.assertEqual("relocs" in [s["type"] for s in
                                          shown["sections"]], place != 0)

    def test_a_root_file_system_replaces_all_initrds(self):
        os.mkdir(self.path("root"))
        os.chmod(self.write("root/init", b"#!/bin/sh\n"), 0o755)
        self.pack(inputs.VMLINUX, "--rootfs", self.path("root"))
        initrd = self.extract("initrd")
        self.make(inputs.VMLINUX)
        self.again("--rootfs", self.path("root"))
        self.assertEqual(self.extract("initrd"), initrd)

    def test_options_are_replaced(self):
        self.make(inputs.VMLINUX, "--acpi", "vmm", "--on-error", "reset")
        self.again("--acpi", "own", "--on-error", "halt")
        shown = self.show()
        self.assertEqual((shown["description"], shown["on_error"]),
                         ("acpi=own", "halt"))
        self.again("--output-format", "elf", "-v", blob=self.write(
            "elf.blob", inputs.blob(has_elf=True)))
        self.assertEqual(self.show()["description"], "acpi=vmm")

    def test_a_unified_kernel_image_brings_its_parts(self):
        self.make(inputs.VMLINUX)
        self.again("-k", self.write("uki", inputs.uki(
            [(b".linux", self.bzimage()), (b".cmdline", b"new")])))
        self.assertEqual(self.extract("cmdline"), b"new")
        self.assertEqual(self.extract("initrd"), CPIO + inputs.text(50000))

    def test_bundles_and_disks(self):
        self.make(inputs.VMLINUX)
        whole = self.read(self.path("old"))
        self.write("old", self.extract("bundle", self.path("old")))
        self.again()
        self.assertEqual(self.read(), whole)

    def test_what_cannot_be_taken_apart(self):
        old = self.make(inputs.VMLINUX)
        argv = ("-o", self.path("new"), "--blob", self.blob, "--from")
        self.refused("pack", *argv, self.blob, says="holds no bundle")
        kernel = self.write("kernel", inputs.VMLINUX)
        self.refused("pack", *argv, kernel, says=kernel + ": holds neither")
        damaged = bytearray(self.read(old))
        damaged[damaged.index(b"BUNDLE\x1a\n") + 0x1800] ^= 1
        self.refused("pack", *argv, self.write("damaged", bytes(damaged)),
                     says="sum of ")
        self.good("pack", "--pin", old, "-o", self.out, "--blob", self.blob)
        self.refused("pack", *argv, self.out, says="has no kernel, but the "
                     "pin of another bundle")
        self.refused("pack", *argv, old, "-k", self.write(
            "image", inputs.IMAGE), says="a kernel for aarch64: the file of "
            "--from is for x86_64")
        self.refused("pack", "-o", old, "--from", old, says="is read, too")
        self.refused("pack", *argv, old, "--pin", old, status=2)
        self.refused("pack", *argv, old, "--from=" + old, status=2,
                     says="--from: given twice")
