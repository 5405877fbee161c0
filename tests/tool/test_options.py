# SPDX-License-Identifier: BSD-2-Clause
"""What pack's options do, and what it warns of."""
import hashlib
import os
import stat
import subprocess

from tool import inputs, tooltest


class Lint(tooltest.ToolTest):
    """Warnings, from the configuration that a kernel may carry."""

    WHOLE = "SERIAL_8250_CONSOLE ACPI BLK_DEV_INITRD PCI RELOCATABLE PVH"

    def warnings(self, config, *argv, kernel=None):
        data = b"IKCFG_ST" + inputs.PACKERS["gzip"](config) + b"IKCFG_ED"
        kernel = self.write("kernel", kernel + data if kernel else inputs.elf(
            [(0x1000000, inputs.BANNER + data, 100000)], 0x1000000))
        blob = self.arm_blob if argv and argv[0] == "arm" else self.blob
        done = tooltest.run("pack", "-k", kernel, "-o", self.out, "--blob",
                            blob, "-c", "console=ttyS0",
                            *[word for word in argv if word != "arm"])
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stderr.decode()

    def config(self, names):
        lines = ["#"] + ["CONFIG_%s=y" % name for name in names.split()]
        return ("\n".join(lines + ["CONFIG_VIRTIO_PCI=m", ""])).encode()

    def test_a_whole_kernel_gets_none(self):
        initrd = self.write("initrd", b"070701initrd")
        self.assertEqual(self.warnings(self.config(self.WHOLE), "-i", initrd),
                         "")

    def test_each_option_that_is_missing_is_named(self):
        initrd = self.write("initrd", b"070701initrd")
        for name in self.WHOLE.split():
            names = self.WHOLE.replace(name, "")
            said = self.warnings(self.config(names), "-i", initrd)
            self.assertEqual(said.count("warning"), 1, said)
            self.assertIn("(CONFIG_%s)" % name, said)
        self.assertEqual(self.warnings(self.config(
            self.WHOLE.replace("BLK_DEV_INITRD", ""))), "")
        self.assertIn("CONFIG_VIRTIO_PCI", self.warnings(
            self.config(self.WHOLE).replace(b"VIRTIO_PCI", b"OTHER")))

    def test_arm64_needs_efi_for_acpi(self):
        config = self.config("SERIAL_AMBA_PL011_CONSOLE ACPI PCI")
        said = self.warnings(config, "arm", kernel=inputs.IMAGE)
        self.assertIn("(CONFIG_EFI)", said)
        self.assertEqual(self.warnings(config, "arm", "--device-tree",
                                       kernel=inputs.IMAGE), "")


class Options(tooltest.ToolTest):
    def test_initrds_are_joined_at_multiples_of_4(self):
        a = self.write("a", b"12345")
        b = self.write("b", b"67")
        c = self.write("c", b"8")
        self.pack(inputs.VMLINUX, "--initrd", a)
        self.assertEqual(self.extract("initrd"), b"12345")
        self.pack(inputs.VMLINUX, "-i", a, "--initrd=" + b, "-i" + c)
        self.assertEqual(self.extract("initrd"), b"12345\0\0\00067\0\0008")
        empty = self.write("empty", b"")
        self.pack_refused(inputs.VMLINUX, "-i", empty, says="is empty")

    def test_cmdline(self):
        self.pack(inputs.VMLINUX, "--cmdline", "console=ttyS0 quiet")
        self.assertEqual(self.extract("cmdline"), b"console=ttyS0 quiet")
        self.assertEqual(self.show()["cmdline"], "console=ttyS0 quiet")
        file = self.write("file", b"from=file\n")
        self.pack(inputs.VMLINUX, "--cmdline-file", file)
        self.assertEqual(self.extract("cmdline"), b"from=file")
        self.pack(inputs.VMLINUX, "--cmdline", "x" * 2047)
        self.pack_refused(inputs.VMLINUX, "--cmdline", "x" * 2048,
                          says="2048 characters: the kernel takes 2047")
        self.pack_refused(inputs.VMLINUX, "--cmdline", "a\nb",
                          says="one line of text")
        short = inputs.bzimage(inputs.PACKERS["gzip"](inputs.VMLINUX),
                               cmdline_size=255)
        self.pack_refused(short, "--cmdline", "x" * 256, says="takes 255")

    def test_dtb_and_platform(self):
        dtb = self.write("dtb", inputs.DTB)
        self.pack(inputs.IMAGE, "--dtb", dtb, "--platform", dtb,
                  blob=self.arm_blob)
        self.assertEqual(self.extract("dtb"), inputs.DTB)
        self.assertEqual(self.extract("platform"), inputs.DTB)
        for option in ("--dtb", "--platform"):
            path = self.write("kernel", inputs.IMAGE)
            self.refused("pack", "-k", path, "-o", self.out, "--blob",
                         self.arm_blob, option, self.blob,
                         says="no device tree blob")
        self.pack_refused(inputs.VMLINUX, "--platform", dtb,
                          says="only aarch64 takes a device tree")
        self.pack(inputs.VMLINUX, "--dtb", dtb)
        self.assertEqual(self.extract("dtb"), inputs.DTB)

    def test_a_paravisor(self):
        self.pack(inputs.VMLINUX, "--paravisor", "--paravisor-memory", "3M")
        self.assertEqual(self.show()["flags"], ["paravisor"])
        self.assertIn(b"paravisor: 3.0 MiB of RAM\n",
                      self.good("show", self.out))
        self.good("verify", self.out)
        packed = self.read()
        self.good("pack", "--from", self.write("old", packed), "-o", self.out,
                  "--blob", self.blob)
        self.assertEqual(self.read(), packed)
        for size in ("", "0", "12X", "1MM", "-1", "5P", "4503599627370497",
                     "4194305G", "99999999999999999999999G"):
            self.pack_refused(inputs.VMLINUX, "--paravisor",
                              "--paravisor-memory", size, status=2,
                              says="'%s' is no size" % size)
        self.pack_refused(inputs.VMLINUX, "--paravisor-memory", "3M", status=2,
                          says="is about --paravisor")
        for word, chunk in ("auto", 32), ("7", 7), ("1024", 1024):
            self.pack(inputs.VMLINUX, "--paravisor", "--sidecar", word)
            self.assertIn(b"chunks of at most %u CPUs\n" % chunk,
                          self.good("show", self.out))
        self.pack(inputs.VMLINUX, "--paravisor", "--sidecar", "off")
        self.assertNotIn(b"chunks", self.good("show", self.out))
        for word in ("", "0", "1025", "-1", "4x", "Auto"):
            self.pack_refused(inputs.VMLINUX, "--paravisor", "--sidecar", word,
                              status=2, says="'%s' is not auto, off" % word)
        self.pack_refused(inputs.VMLINUX, "--sidecar", "4", status=2,
                          says="is about --paravisor")
        image = self.write("kernel", inputs.IMAGE)
        self.refused("pack", "-k", image, "-o", self.out, "--blob",
                     self.arm_blob, "--paravisor", "--sidecar", "4",
                     says="--sidecar: is for x86_64")
        self.pack_refused(inputs.VMLINUX, "--paravisor", "--compress", "zstd",
                          says="the x86_64 image for IGVM files has none")
        dtb = self.write("dtb", inputs.DTB)
        self.pack_refused(inputs.VMLINUX, "--paravisor", "--dtb", dtb,
                          status=2, says="makes a device tree")
        self.pack(inputs.VMLINUX, "--dtb", dtb)
        self.refused("pack", "--from", self.write("old", self.read()),
                     "--paravisor", "-o", self.out, "--blob", self.blob,
                     says="gets a tree of the blob's own")

    def test_flags(self):
        self.pack(inputs.VMLINUX)
        self.assertEqual(self.show()["flags"], [])
        self.pack(inputs.VMLINUX, "--verbose")
        self.assertEqual(self.show()["flags"], ["verbose"])
        self.pack(inputs.IMAGE, "--device-tree", blob=self.arm_blob)
        self.assertEqual(self.show()["flags"], ["device-tree"])
        self.pack(inputs.VMLINUX, "--acpi", "vmm")
        self.assertEqual(self.show()["flags"], ["acpi-vmm"])
        self.pack(inputs.IMAGE, "--acpi", "vmm", blob=self.arm_blob)
        self.assertEqual(self.show()["flags"], ["acpi-vmm"])
        self.pack_refused(inputs.IMAGE, "--acpi", "vmm", "--device-tree",
                          says="instead of ACPI tables")
        self.pack(inputs.VMLINUX, "--acpi=own", "-v")
        self.assertEqual(self.show()["flags"], ["verbose"])
        for word in ("halt", "poweroff", "reset"):
            self.pack(inputs.VMLINUX, "--on-error", word)
            self.assertEqual(self.show()["on_error"], word)

    def test_flags_of_the_other_architecture_are_refused(self):
        self.pack_refused(inputs.VMLINUX, "--device-tree",
                          says="only aarch64 has this choice")
        self.pack_refused(inputs.IMAGE, "--keep-bzimage", says="aarch64")
        self.pack_refused(inputs.IMAGE, "--arch", "x86_64",
                          says="--arch says x86_64")
        self.pack_refused(inputs.IMAGE, says="the kernel is for aarch64")
        self.pack(inputs.VMLINUX, "--arch", "x86_64")

    def test_compress(self):
        initrd = self.write("initrd", inputs.text(100000))
        noise = self.write("noise", inputs.noise(100000))
        kinds = {}
        for how in ("none", "lz4", "zstd", "auto"):
            self.pack(inputs.VMLINUX, "--compress", how, "-i", initrd)
            self.assertEqual(self.extract("initrd"), inputs.text(100000))
            kinds[how] = {s["type"]: s["compression"]
                          for s in self.show()["sections"]}
        self.assertEqual(set(kinds["none"].values()), {"none"})
        self.assertEqual(kinds["lz4"]["initrd"], "lz4")
        self.assertEqual(kinds["zstd"]["kernel-segment"], "zstd")
        self.assertEqual(kinds["zstd"]["initrd"], "zstd")
        self.assertEqual(kinds["auto"]["kernel-segment"], "lz4")
        self.assertEqual(kinds["auto"]["initrd"], "lz4")
        self.pack(inputs.VMLINUX, "-i", noise)
        sections = {s["type"]: s for s in self.show()["sections"]}
        self.assertEqual(sections["initrd"]["compression"], "none")
        self.pack(inputs.VMLINUX, "--compress", "lz4", "-i", noise)
        self.assertEqual(self.extract("initrd"), inputs.noise(100000))
        self.pack_refused(inputs.VMLINUX, "--compress", "xz", status=2,
                          says="'xz' is not none|lz4|zstd|auto")

    def test_pin(self):
        self.pack(inputs.VMLINUX)
        rom = self.write("rom", self.read())
        bundle = self.write("bundle", self.extract("bundle"))
        digest = hashlib.sha256(self.read(bundle)).hexdigest()
        for argv in ([rom], [bundle], [digest, "--arch", "x86_64"],
                     [digest.upper(), "--arch=x86_64"]):
            self.good("pack", "--pin", *argv, "-o", self.out, "--blob",
                      self.blob, "--on-error", "reset")
            self.good("verify", self.out)
            shown = self.show()
            self.assertEqual(shown["pin"], digest)
            self.assertEqual(shown["kernel"], "none")
            self.assertEqual(shown["on_error"], "reset")
            self.assertEqual(shown["flags"], [])
        self.assertIn(digest, self.good("show", self.out).decode())

    def test_pin_that_allows_words(self):
        digest = "5a" * 32
        self.good("pack", "--pin", digest, "--arch", "x86_64", "-o", self.out,
                  "--blob", self.blob, "--allow-append")
        self.good("verify", self.out)
        self.assertEqual(self.show()["flags"], ["allow-append"])
        self.assertIn(digest + ", and words of one boot",
                      self.good("show", self.out).decode())
        self.pack_refused(inputs.VMLINUX, "--allow-append", status=2,
                          says="--allow-append: is about --pin")

    def test_wrong_pins_are_refused(self):
        argv = ["-o", self.path("new"), "--blob", self.blob]
        digest = "00" * 32
        for more, says, status in (
                (["--pin", digest], "needs --arch", 2),
                (["--pin", digest[1:]], "No such file", 1),
                (["--pin", self.blob], "holds no bundle", 1),
                (["--pin", digest, "-k", self.blob], "all else", 2),
                (["--pin", digest, "-c", "quiet"], "all else", 2),
                (["--pin", digest, "--acpi", "vmm"], "all else", 2),
                (["--pin", digest, "--output-format=bundle"], "all else", 2)):
            self.refused("pack", *argv, *more, status=status, says=says)

    def test_for(self):
        self.pack(inputs.VMLINUX, "--for", "bochs")
        big = self.write("big", inputs.noise(5 << 20))
        self.pack_refused(inputs.VMLINUX, "-i", big, "--for", "bochs",
                          says="takes at most 4.0 MiB")
        self.pack_refused(inputs.VMLINUX, "--for", "qemu-virt",
                          says="other architecture")
        self.pack_refused(inputs.VMLINUX, "--for", "nothing", status=2,
                          says="qemu-microvm")
        self.pack_refused(inputs.VMLINUX, "-i", big, "--for", "kvmtool",
                          says="takes at most 128.0 KiB")
        argv = ["-o", self.out, "--blob", self.blob, "--for", "kvmtool"]
        self.assertIn(b"kvmtool", self.good("pack", "--door", "low-bios",
                                            *argv))
        self.pack_refused(inputs.VMLINUX, "--for", "firecracker",
                          says="takes an ELF file")
        blob = self.write("bz.blob", inputs.blob(has_elf=True,
                                                 has_bzimage=True))
        self.assertIn(b"kvmtool-kernel", self.pack(
            inputs.VMLINUX, "--for", "crosvm-kernel", blob=blob))
        self.pack(inputs.VMLINUX, "--for", "kvmtool-kernel", blob=blob)
        for more in (["--output-format", "elf"],
                     ["-i", self.write("huge", inputs.noise(17 << 20))]):
            self.assertNotIn(b"kvmtool-kernel", self.pack(
                inputs.VMLINUX, *more, blob=blob))
            self.pack_refused(inputs.VMLINUX, *more, "--for", "kvmtool-kernel",
                              "--blob", blob, says="takes a bzImage")
        out = self.pack(inputs.VMLINUX, "-i", big)
        self.assertIn(b"qemu-pc", out)
        self.assertNotIn(b"bochs", out)

    def test_output(self):
        done = self.good("pack", "-k", self.write("k", inputs.VMLINUX), "-o",
                         "-", "--blob", self.blob)
        self.pack(inputs.VMLINUX)
        self.assertEqual(done, self.read())
        mode = stat.S_IMODE(os.stat(self.out).st_mode)
        mask = os.umask(0)
        os.umask(mask)
        self.assertEqual(mode, 0o666 & ~mask)

    def test_kernel_from_a_pipe(self):
        self.good("pack", "-k", "-", "-o", self.out, "--blob", self.blob,
                  stdin=inputs.VMLINUX)
        self.assertEqual(self.extract("kernel"), inputs.flat(inputs.SEGMENTS))

    def test_bundle(self):
        self.pack(inputs.VMLINUX)
        bundle = self.extract("bundle")
        self.good("pack", "-k", self.path("kernel"), "--output-format",
                  "bundle", "-o", self.out)
        self.assertEqual(self.read(), bundle)
        self.assertEqual(self.show()["kind"], "bundle")
        self.good("verify", self.out)
        self.pack_refused(inputs.VMLINUX, "--output-format", "bundle",
                          says="a bundle holds none", status=2)

    def test_disk(self):
        """A bundle at sector 0, whose sections lie on whole sectors."""
        initrd = self.write("initrd", inputs.text(100001))
        self.pack(inputs.VMLINUX, "-i", initrd)
        bundle = self.extract("bundle")
        self.good("pack", "-k", self.path("kernel"), "-i", initrd,
                  "--output-format", "disk", "-o", self.out)
        self.assertEqual(self.read(), bundle)
        self.assertEqual(len(bundle) % 512, 0)
        for section in self.show()["sections"]:
            self.assertEqual(section["offset"] % 4096, 0)
        self.good("verify", self.out)
        for more in (["--blob", self.blob], ["--for", "qemu-pc"],
                     ["--door", "low-bios"], ["--pin", self.out]):
            self.refused("pack", "-k", self.path("kernel"), *more,
                         "--output-format", "disk", "-o", self.out,
                         status=2)

    def test_a_refusal_keeps_the_old_output(self):
        self.write("out", b"old")
        kernel = self.write("kernel", b"no kernel")
        self.refused("pack", "-k", kernel, "-o", self.out)
        self.assertEqual(self.read(), b"old")

    def test_blob_beside_the_tool(self):
        tool = self.write("tool", self.read(tooltest.tool()))
        os.chmod(tool, 0o755)
        kernel = self.write("kernel", inputs.VMLINUX)
        argv = [tool, "pack", "-k", kernel, "-o", self.out]
        done = subprocess.run(argv, capture_output=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"--blob FILE names it", done.stderr)
        self.write("directboot-x86_64.rom", inputs.blob())
        subprocess.run(argv, check=True, capture_output=True)
        self.good("verify", self.out)
