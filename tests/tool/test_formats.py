# SPDX-License-Identifier: BSD-2-Clause
"""The bundle's format, show and extract."""
import hashlib
import struct

from tool import inputs, sums, tooltest
from tool.tooltest import HEADER, HEADER_SIZE, SECTION_SIZE

SMBIOS = 0x1000  # what the VMM's structures may take


class Formats(tooltest.ToolTest):
    def test_header_is_as_documented(self):
        self.pack(inputs.VMLINUX, "-v", "--on-error", "reset")
        bundle = self.extract("bundle")
        header = struct.unpack_from(HEADER, bundle)
        count = header[9]
        self.assertEqual(struct.calcsize(HEADER), HEADER_SIZE)
        self.assertEqual(header[:9], (
            0x0a1a454c444e5542, 1, HEADER_SIZE, len(bundle), 62, 1, 2, 1,
            0x1000200))
        self.assertEqual(header[10:14], (SECTION_SIZE, 0, 0, header[13]))
        table = bundle[HEADER_SIZE:HEADER_SIZE + count * SECTION_SIZE]
        self.assertEqual(header[13], sums.crc32c(bundle[:72] + table))
        self.assertEqual(header[15], sums.sum64(bundle[:80] + table))
        for i in range(count):
            self.check_section(bundle, HEADER_SIZE + i * SECTION_SIZE)

    def check_section(self, bundle, at):
        fields = struct.unpack_from("<IIQQQQQIIIIQ", bundle, at)
        stored = bundle[fields[2]:fields[2] + fields[3]]
        self.assertEqual(fields[2] % 4096, 0)
        self.assertEqual(fields[7], 1)
        self.assertEqual(fields[9], sums.crc32c(stored))
        self.assertEqual(fields[11], sums.sum64(stored))
        digest = hashlib.sha256(stored).digest()
        self.assertEqual(bundle[at + 72:at + 104], digest)

    def test_show_names_everything(self):
        self.pack(inputs.VMLINUX, "-c", "quiet \"x\\y\" \xe9")
        shown = self.good("show", self.out).decode()
        for words in ("x86_64", "unpacked vmlinux, entry 0x1000200",
                      "version: 9.8.7-test", "command line: quiet",
                      "acpi=own on-error=halt", "kernel-segment", "sha256"):
            self.assertIn(words, shown)
        self.assertTrue(self.show()["cmdline"].startswith('quiet "x\\y"'))

    def test_show_for_arm(self):
        initrd = self.write("initrd", b"initrd")
        image = bytearray(inputs.IMAGE)
        struct.pack_into("<Q", image, 16, 5 << 20)
        for argv, words in ([], "acpi=own"), (["--device-tree"],
                                              "device-tree"):
            self.pack(bytes(image), "-i", initrd, *argv, blob=self.arm_blob)
            said = self.good("show", self.out).decode()
            self.assertIn("\noptions: %s on-error=halt\n" % words, said)
            self.assertIn("\ndoors: reset, Linux Image\n", said)
            self.assertIn("\nRAM to load it: 13.0 MiB\n", said)
            shown = self.show()
            self.assertEqual(shown["description"], words)
            # Tree, work area and initrd in 4 MiB, Image and what is spare
            # in 6 MiB, tables, and a tree on the next border of 2 MiB: with
            # 12 MiB QEMU's virt does not boot it, with 13 MiB it does.
            self.assertEqual(shown["ram_size"],
                             (4 + 6 + 2 << 20) + 0x2000 + SMBIOS)

    def test_show_sizes_and_digests(self):
        initrd = self.write("initrd", inputs.text(50000))
        for how in ("none", "lz4", "zstd"):
            self.pack(inputs.VMLINUX, "-i", initrd, "--compress", how)
            bundle = self.extract("bundle")
            shown = self.show()
            self.assertEqual(shown["sha256"],
                             hashlib.sha256(bundle).hexdigest())
            # The initrd fits below; zstd's tables do not.
            self.assertEqual(shown["ram_size"], 0x1131000 + SMBIOS +
                             (0x25000 if how == "zstd" else 0))
            for section in shown["sections"]:
                at = section["offset"]
                stored = bundle[at:at + section["stored_size"]]
                self.assertEqual(section["sha256"],
                                 hashlib.sha256(stored).hexdigest())
            self.assertEqual(shown["sections"][-1]["size"], 50000)
        image = bytearray(inputs.bzimage(b"?" * 2000))
        struct.pack_into("<I", image, 0x260, 7 << 20)
        initrd = self.write("initrd", inputs.noise(5000))
        for argv, size in ([], 8 << 20), (["-i", initrd], (8 << 20) + 0x2000):
            self.pack(bytes(image), "--keep-bzimage", *argv)
            self.assertEqual(self.show()["ram_size"], size + SMBIOS)

    def test_show_lists_vmms(self):
        self.pack(inputs.IMAGE, blob=self.arm_blob)
        self.assertEqual(self.show()["vmms"], [
            "qemu-virt", "qemu-virt-kernel", "qemu-virt-pflash",
            "cloud-hypervisor"])
        self.assertIn("\nVMMs: qemu-virt, qemu-virt-kernel, ",
                      self.good("show", self.out).decode())
        bundle = self.write("bundle", self.extract("bundle"))
        self.assertEqual(self.show(bundle)["vmms"], [])
        self.assertNotIn(b"VMMs", self.good("show", bundle))

    def test_show_a_unified_kernel_image(self):
        image = inputs.bzimage(inputs.PACKERS["gzip"](inputs.VMLINUX))
        path = self.write("uki", inputs.uki([
            (b".linux", image), (b".cmdline", b"base"), (b".hwids", b"x"),
            (b".dtbauto", inputs.DTB), (b".dtbauto", inputs.DTB),
            (b".profile", b"TITLE=First one\nID=first\n"),
            (b".profile", b"ID=second"), (b".cmdline", b"other"),
            (b".profile", b"")]))
        shown = self.show(path)
        self.assertEqual(shown["profiles"], [
            {"id": "first", "title": "First one", "cmdline": "base"},
            {"id": "second", "title": None, "cmdline": "other"},
            {"id": None, "title": None, "cmdline": "base"}])
        self.assertEqual(shown["not_taken"], [".dtbauto", ".hwids"])
        said = self.good("show", path).decode()
        for line in ("profile 0: first, First one, command line: base",
                     "profile 1: second, command line: other",
                     "profile 2: without an ID, command line: base",
                     "not taken: .dtbauto", "not taken: .hwids"):
            self.assertIn("\n" + line + "\n", said)
        plain = self.show(self.write("plain", inputs.uki(
            [(b".linux", image), (b".efifw", b"x")])))
        self.assertEqual((plain["profiles"], plain["not_taken"]),
                         ([], [".efifw"]))

    def test_show_as_many_profiles_as_there_can_be(self):
        """Each section is looked at once, not once for each profile."""
        count = 0xfffe
        uki = bytearray(inputs.uki([(b".linux", inputs.IMAGE)], 0xaa64))
        table = 0x80 + 24 + 112
        head = uki[table:table + 40]
        struct.pack_into("<I", head, 20, table + 40 * (count + 1))
        struct.pack_into("<H", uki, 0x80 + 6, count + 1)
        path = self.write("uki", bytes(uki[:table] + head) + struct.pack(
            "<8s32x", b".profile") * count + inputs.IMAGE)
        self.assertEqual(self.show(path)["profiles"], [
            {"id": None, "title": None, "cmdline": None}] * count)

    def test_show_a_pinned_rom(self):
        """There is no kernel in it to tell about."""
        self.good("pack", "--pin", "00" * 32, "--arch", "x86_64", "--blob",
                  self.blob, "-o", self.out)
        said = self.good("show", self.out).decode()
        for word in ("kernel:", "version:", "command line:", "RAM", "acpi"):
            self.assertNotIn(word, said)
        self.assertIn("\noptions: on-error=halt\ntakes only", said)

    def test_show_a_blob(self):
        self.assertEqual(self.show(self.blob)["kind"], "blob")
        self.refused("verify", self.blob, says="without a bundle")
        no = self.write("no", b"no")
        self.refused("show", no, says="no ELF vmlinux")
        self.refused("verify", no, says="neither")

    def test_show_a_kernel(self):
        image = inputs.bzimage(inputs.PACKERS["gzip"](inputs.VMLINUX))
        shown = self.show(self.write("bzimage", image))
        self.assertEqual(shown["kernel"], "bzImage, gzip, ELF vmlinux")
        self.assertTrue(shown["version"].startswith("9.8.7-test"))
        self.assertEqual(shown["arch"], "x86_64")
        self.assertFalse(shown["has_config"])
        text = self.good("show", self.write("arm", inputs.IMAGE)).decode()
        self.assertIn("kernel for aarch64", text)

    def test_extract_parts(self):
        initrd = self.write("initrd", b"initrd")
        self.pack(inputs.VMLINUX, "-i", initrd)
        self.assertEqual(self.extract("initrd"), b"initrd")
        self.assertEqual(self.extract("blob"), inputs.blob())
        part = self.path("part")
        self.good("extract", "-p", "initrd", "--output", part, self.out)
        self.assertEqual(self.read(part), b"initrd")
        self.refused("extract", "-p", "dtb", "-o", self.path("x"), self.out,
                     says="has no dtb")
        self.refused("extract", "-p", "no", "-o", self.path("x"), self.out,
                     status=2)

    def test_extracted_blob_is_bare(self):
        """It says nothing of the bundle that it was packed with."""
        for kernel, blob in ((inputs.VMLINUX, self.blob),
                             (inputs.IMAGE, self.arm_blob)):
            self.pack(kernel, blob=blob)
            packed = self.read()
            bare = self.write("bare", self.extract("blob"))
            self.assertEqual(self.show(bare)["kind"], "blob")
            self.pack(kernel, blob=bare)
            self.assertEqual(self.read(), packed)
