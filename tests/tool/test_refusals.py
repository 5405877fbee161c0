# SPDX-License-Identifier: BSD-2-Clause
"""What people give by mistake: refused, or warned of, in words that help."""
import os
import re
import shutil
import struct
import subprocess

from tool import inputs, tooltest

GZIP = inputs.PACKERS["gzip"]
CPIO = b"070701" + b"0" * 104
PT_LOAD, PT_DYNAMIC, PT_INTERP, PT_NOTE = 1, 2, 3, 4


def elf(text, *phdrs, base=0x1000000, machine=inputs.EM_X86_64):
    """One segment with this text; more headers that lie within it."""
    data = text.ljust(4096, b"\0")
    count = 1 + len(phdrs)
    header = b"\x7fELF\2\1\1" + bytes(9) + struct.pack(
        "<HHIQQQIHHHHHH", 2, machine, 1, base, 64, 0, 0, 64, 56, count, 0, 0,
        0)
    table = struct.pack("<IIQQQQQQ", PT_LOAD, 7, 4096, base, base, 4096, 4096,
                        4096)
    for kind in phdrs:
        table += struct.pack("<IIQQQQQQ", kind, 4, 4096, base, base,
                             len(text), len(text), 1)
    return (header + table).ljust(4096, b"\0") + data


class Mistakes(tooltest.ToolTest):
    def warned(self, *argv, says, count=1):
        """Packs, and says these on stderr."""
        done = tooltest.run("pack", "-o", self.out, "--blob", self.blob, *argv)
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stderr.decode().splitlines()
        self.assertEqual(len(lines), count, lines)
        for words in [says] if isinstance(says, str) else says:
            self.assertTrue(any(words in line for line in lines), lines)
        for line in lines:
            self.assertTrue(line.startswith("directboot: warning: "))
        self.good("verify", self.out)

    def test_good_input_gets_no_warning(self):
        kernel = self.write("kernel", inputs.VMLINUX)
        for number, data in enumerate((CPIO, GZIP(CPIO),
                                       inputs.PACKERS["xz"](CPIO))):
            initrd = self.write("initrd%d" % number, data)
            self.warned("-k", kernel, "-i", initrd, "-c",
                        "console=tty0 console=ttyS0", says=[], count=0)
        self.out = self.path("arm")
        self.blob = self.arm_blob
        self.warned("-k", self.write("image", inputs.IMAGE), says=[], count=0)


class NoKernel(Mistakes):
    """Each is said to be what it is."""

    def test_program(self):
        name = b"/lib64/ld-linux-x86-64.so.2\0"
        self.pack_refused(elf(name, PT_INTERP, PT_DYNAMIC),
                          says="ELF program, loaded by /lib64/ld-linux-x86-64"
                               ".so.2: must be a kernel")

    def test_programs_of_this_machine(self):
        for path in ("/bin/ls", tooltest.tool()):
            path = os.path.realpath(path)
            for kernel in (path, self.write("packed", GZIP(self.read(path)))):
                self.refused("pack", "-k", kernel, "-o", self.out, "--blob",
                             self.blob, says="ELF program, loaded by ")
            self.refused("show", path, says=path + ": kernel: ELF program")

    def test_library_of_this_machine(self):
        done = subprocess.run(["sh", "-c", "ldd /bin/ls | grep -o "
                               "'/[^ ]*libc[^ ]*'"], capture_output=True,
                              text=True, check=False)
        library = done.stdout.split("\n", maxsplit=1)[0]
        if not library:
            self.skipTest("no libc found")
        self.refused("pack", "-k", library, "-o", self.out, "--blob",
                     self.blob, says="kernel: ELF ")

    def test_shared_library(self):
        self.pack_refused(elf(b"text", PT_DYNAMIC), says="ELF shared library")

    def test_a_kernel_may_have_a_dynamic_section(self):
        """As arm64's vmlinux, which is linked so that it can move."""
        kernel = self.write("kernel", elf(inputs.BANNER, PT_DYNAMIC))
        self.warned("-k", kernel, "-c", "console=ttyS0", says=[], count=0)

    def test_boot_loader(self):
        text = b"\0U-Boot 2024.01 (Jan 01 2024 - 00:00:00)\0"
        for phdrs in ((), (PT_DYNAMIC,)):
            self.pack_refused(elf(text, *phdrs),
                              says="ELF file of U-Boot, a boot loader")

    def test_blob_as_an_elf_file(self):
        self.pack_refused(elf(b"DBRECORD" + bytes(24)),
                          says="ELF file of directboot's own blob")

    def test_blob(self):
        self.refused("pack", "-k", self.blob, "-o", self.out, "--blob",
                     self.blob, says="a directboot blob: --blob takes it")

    def test_no_linux(self):
        kernel = self.write("kernel", elf(b"something"))
        self.warned("-k", kernel, "-c", "console=ttyS0",
                    says="ELF file without a Linux version")

    def test_configuration_marks_by_chance(self):
        """As in this tool itself, which looks for them."""
        kernel = self.write("kernel", elf(
            inputs.BANNER + b"IKCFG_ST\x1f\x8b\x08 and so on"))
        self.warned("-k", kernel, "-c", "console=ttyS0", says=[], count=0)

    def test_archives_and_others(self):
        for data, says in (
                (CPIO, "kernel: a cpio archive: --initrd takes it"),
                (GZIP(CPIO), "kernel: gzip, and in it a cpio archive"),
                (bytes(257) + b"ustar\0" + bytes(300), "a tar archive"),
                (inputs.DTB, "a device tree: --dtb takes it"),
                (b"#!/bin/sh\n", "a script"),
                (b"!<arch>\ndebian-binary", "a static library or a package"),
                (b"QFI\xfb" + bytes(100), "a QCOW2 disk image"),
                (b"x" * 5000000, "4.8 MiB, starting with 78 78 78")):
            with self.subTest(says):
                self.pack_refused(data, says=self.path("kernel") + ": kernel:")
                self.pack_refused(data, says=says)

    def test_packed_file(self):
        self.pack(inputs.VMLINUX)
        first = self.write("first", self.read())
        bundle = self.write("bundle", self.extract("bundle"))
        elf_blob = self.write("elf.blob", inputs.blob(has_elf=True))
        self.pack(inputs.VMLINUX, blob=elf_blob)
        for path in (first, bundle, self.write("second", self.read())):
            self.refused("pack", "-k", path, "-o", self.path("new"), "--blob",
                         self.blob, says=path + ": packed already: --from "
                         "takes such a file")


class Input(Mistakes):
    def test_standard_input_twice(self):
        done = tooltest.run("pack", "-k", "-", "-i", "-", "-o", self.out,
                            "--blob", self.blob, stdin=inputs.VMLINUX)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"standard input can be read once only", done.stderr)

    def test_devices_without_an_end(self):
        for path in ("/dev/zero", "/dev/urandom"):
            self.refused("pack", "-k", path, "-o", self.out, "--blob",
                         self.blob, says=path + ": is a character device")
        kernel = self.write("kernel", inputs.VMLINUX)
        self.refused("pack", "-k", kernel, "-i", "/dev/zero", "-o", self.out,
                     "--blob", self.blob, says="is a character device")
        with open("/dev/zero", "rb") as zero:
            done = subprocess.run(
                [tooltest.tool(), "pack", "-k", "-", "-o", self.out],
                stdin=zero, capture_output=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"standard input: is a character device", done.stderr)

    def test_pipes_without_an_end(self):
        """With little memory that comes first."""
        if shutil.which("prlimit") is None:
            self.skipTest("prlimit is not installed")
        with subprocess.Popen(["cat", "/dev/zero"],
                              stdout=subprocess.PIPE) as pipe:
            done = subprocess.run(
                ["prlimit", "--as=200000000", tooltest.tool(), "pack", "-k",
                 "-", "-o", self.out], stdin=pipe.stdout, capture_output=True,
                check=False)
            pipe.kill()
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"standard input: no memory for", done.stderr)

    def test_options_twice(self):
        kernel = self.write("kernel", inputs.VMLINUX)
        self.refused("pack", "-k", kernel, "-k", self.blob, "-o", self.out,
                     status=2, says="--kernel: given twice: '%s' and '%s'" % (
                         kernel, self.blob))
        self.refused("pack", "-k", kernel, "-o", self.out, "-c", "a",
                     "--cmdline=b", status=2, says="--cmdline: given twice")

    def test_names_of_architectures(self):
        """As Debian and Go have them."""
        kernel = self.write("kernel", inputs.VMLINUX)
        image = self.write("image", inputs.IMAGE)
        argv = ("-o", self.out, "--blob")
        for name in ("x86_64", "amd64"):
            self.good("pack", "-k", kernel, "--arch", name, *argv, self.blob)
            self.refused("pack", "-k", image, "--arch", name, *argv,
                         self.blob, says="--arch says x86_64")
        for name in ("aarch64", "arm64"):
            self.good("pack", "-k", image, "--arch", name, *argv,
                      self.arm_blob)
        self.refused("pack", "-k", image, "--arch", "arm", *argv, self.blob,
                     status=2, says="'arm' is not any|x86_64|aarch64")


class Parts(Mistakes):
    def test_initrd_that_is_none(self):
        kernel = self.write("kernel", inputs.VMLINUX)
        for data in (b"x", b"07070", b"no archive at all"):
            path = self.write("initrd", data)
            self.warned("-k", kernel, "-i", path, "-c", "console=ttyS0",
                        says=path + ": initrd: neither a cpio archive nor "
                        "compressed")

    def test_initrd_that_is_a_kernel(self):
        kernel = self.write("kernel", inputs.VMLINUX)
        for data in (inputs.VMLINUX, inputs.bzimage(b"?" * 100), inputs.IMAGE,
                     inputs.zboot(b"?" * 100)):
            path = self.write("initrd", data)
            self.warned("-k", kernel, "-i", path, "-c", "console=ttyS0",
                        says=path + ": initrd: is a kernel: are --kernel and "
                        "--initrd swapped?")

    def test_kernel_and_initrd_swapped(self):
        kernel = self.write("vmlinuz", inputs.VMLINUX)
        initrd = self.write("initrd", GZIP(CPIO))
        self.refused("pack", "-k", initrd, "-i", kernel, "-o", self.out,
                     "--blob", self.blob,
                     says="a cpio archive: --initrd takes it")

    def test_no_console(self):
        kernel = self.write("kernel", inputs.VMLINUX)
        says = "command line: no console=: nothing will be seen"
        self.warned("-k", kernel, says=says)
        self.warned("-k", kernel, "-c", "quiet", says=says)
        file = self.write("file", b"quiet console=hvc0\n")
        self.warned("-k", kernel, "--cmdline-file", file, says=[], count=0)

    def test_console_of_the_other_architecture(self):
        kernel = self.write("kernel", inputs.VMLINUX)
        self.warned("-k", kernel, "-c", "console=ttyAMA0",
                    says="console=ttyAMA: there is none on x86_64")

    def test_a_refusal_is_one_line(self):
        """Whatever would have been warned of."""
        self.pack_refused(inputs.VMLINUX, "-i", self.write("initrd", b"x"),
                          "-c", "a", "--for", "nothing", status=2,
                          says="'nothing' is none of")


class Pins(Mistakes):
    def test_damaged_bundle(self):
        self.pack(inputs.VMLINUX)
        rom = bytearray(self.read())
        start = rom.index(b"BUNDLE\x1a\n")
        rom[start + 0x1800] ^= 1
        path = self.write("rom", bytes(rom))
        self.refused("pack", "--pin", path, "-o", self.path("new"), "--blob",
                     self.blob, says=path + ": kernel segment: sum of ")

    def pin(self, *argv):
        """What pack says when it pins a bundle of these parts."""
        self.pack(inputs.VMLINUX, *argv)
        bundle = self.write("bundle", self.extract("bundle"))
        return tooltest.run("pack", "--pin", bundle, "-o", self.path("pinned"),
                            "--blob", self.blob)

    def test_bundle_with_gaps(self):
        """Nothing from the VMM fills them, so pack says so."""
        initrd = self.write("initrd", b"070701initrd")
        no_initrd, no_cmdline = b"bundle has no initrd", b"no command line"
        for argv, told, not_told in (
                ([], [no_initrd, no_cmdline], []),
                (["-i", initrd], [no_cmdline], [no_initrd]),
                (["-c", "quiet"], [no_initrd], [no_cmdline]),
                (["-c", "quiet", "-i", initrd], [], [b"warning"])):
            done = self.pin(*argv)
            self.assertEqual(done.returncode, 0, done.stderr)
            for text in told:
                self.assertIn(text, done.stderr)
            for text in not_told:
                self.assertNotIn(text, done.stderr)

    def test_bundle_with_the_vmms_tables(self):
        done = self.pin("-c", "quiet", "--acpi", "vmm")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"which no pin covers", done.stderr)

    def test_short_digest(self):
        self.refused("pack", "--pin", "deadbeef", "-o", self.out, "--blob",
                     self.blob, says="deadbeef: No such file, and no SHA-256: "
                     "that has 64 hexadecimal digits, this 8 characters")


class Vmms(Mistakes):
    def vmm_refused(self, name, *argv, says, kernel=inputs.VMLINUX, blob=None):
        path = self.write("kernel", kernel)
        done = tooltest.run("pack", "-k", path, "-o", self.out, "--blob",
                            blob or self.blob, "--for", name, *argv)
        self.assertEqual(done.returncode, 1)
        self.assertIn(says, done.stderr.decode())
        return done.stderr.decode()

    def test_the_variant_for_this_architecture(self):
        for name, says in (
                ("cloud-hypervisor", "for x86_64 there is "
                 "cloud-hypervisor-kernel"),
                ("qemu-virt", "there is qemu-pc, qemu-q35, qemu-microvm,")):
            self.vmm_refused(name, says=says)
        for name, says in (
                ("qemu-pc", "for aarch64 there is qemu-virt, "
                 "qemu-virt-kernel"),
                ("cloud-hypervisor-kernel", "there is cloud-hypervisor\n"),
                ("bochs", "for aarch64 there is none")):
            self.vmm_refused(name, says=says, kernel=inputs.IMAGE,
                             blob=self.arm_blob)

    def names_of_vmm_sh(self):
        """From its head and its last switch."""
        script = self.read(f"{tooltest.ROOT}/scripts/vmm.sh").decode()
        cases = script[script.rindex("case $vmm in"):]
        names = set(re.findall(r"[a-z-]+", " ".join(
            line.split(")")[0] for line in cases.splitlines()
            if re.match(r"[a-z].*[|)]", line) and "*" not in line)))
        for machine in "pc", "q35", "microvm", "virt":
            names |= {f"qemu-{machine}", f"qemu-{machine}-kernel",
                      f"qemu-{machine}-pflash"}
        return names - {"qemu-microvm-pflash"}

    def test_names_of_vmm_sh(self):
        names = self.names_of_vmm_sh()
        self.assertGreater(len(names), 20)
        kernel = self.write("kernel", inputs.VMLINUX)
        for name in names:
            done = tooltest.run("pack", "-k", kernel, "-o", self.out,
                                "--blob", self.blob, "--for", name)
            self.assertNotIn(b"is none of", done.stderr, name)

    def test_vmm_sh_has_names_of_ours(self):
        done = tooltest.run("pack", "-k", self.write("k", inputs.VMLINUX),
                            "-o", self.out, "--blob", self.blob, "--for", "x")
        ours = set(re.findall(r"[a-z0-9.-]+", done.stderr.decode().split(
            "none of:")[1]))
        # Neither of these has an option that the script could give.
        ours -= {"qemu-kernel", "qemu-pflash", "xen-pvh", "bhyve",
                 "bochs-2.7", "virtualbox"}
        self.assertEqual(ours - self.names_of_vmm_sh(), set())

    def test_zstd_is_not_advised_twice(self):
        big = self.write("big", inputs.noise(5 << 20))
        said = self.vmm_refused("bochs", "-i", big, says="file of 5.2 MiB: "
                                "takes at most 4.0 MiB: needs a smaller "
                                "kernel or initrd")
        self.assertIn("--compress zstd", said)
        said = self.vmm_refused("bochs", "-i", big, "--compress", "zstd",
                                says="takes at most 4.0 MiB")
        self.assertNotIn("zstd", said)

    def test_128_kib_take_no_kernel(self):
        self.vmm_refused("kvmtool", says="takes at most 128.0 KiB: the kernel "
                         "on a disk (--output-format disk)")


class Names(Mistakes):
    """Of several files, the one that a line is about."""

    def test_verify(self):
        self.pack(inputs.VMLINUX)
        damaged = bytearray(self.read())
        damaged[-1] ^= 1
        path = self.write("damaged", bytes(damaged))
        done = tooltest.run("verify", self.out, path)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout.decode(), self.out + ": good\n")
        self.assertTrue(done.stderr.decode().startswith(
            "directboot: %s: blob: CRC-32C" % path))

    def test_show_and_extract(self):
        path = self.write("file", b"BUNDLE\x1a\n" + bytes(100))
        for argv in (["show"], ["extract", "-o", "-"], ["verify"]):
            self.refused(*argv, path, says=path + ": bundle: version 0")
