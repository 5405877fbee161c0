#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the host tool, by its command line.

usage: test_tool.py DIRECTBOOT [KERNELS]

KERNELS is what scripts/fetch-kernels.sh made; without it the tests with real
kernels are skipped. Ends with "N passed, N failed, N skipped".
"""
import hashlib
import json
import os
import random
import re
import stat
import struct
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import inputs  # noqa: E402

TOOL = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else ""
KERNELS = os.path.abspath(sys.argv[2]) if len(sys.argv) > 2 else ""

HEADER = "<QIIQIIIIQIIQQIIQ"
HEADER_SIZE, SECTION_SIZE = 88, 104


def run(*argv, stdin=b""):
    return subprocess.run([TOOL, *argv], input=stdin, capture_output=True)


class ToolTest(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.TemporaryDirectory()
        self.addCleanup(self.dir.cleanup)
        self.blob = self.write("blob", inputs.blob())
        self.arm_blob = self.write("arm.blob", inputs.blob("aarch64"))
        self.out = self.path("out")

    def path(self, name):
        return os.path.join(self.dir.name, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)
        return self.path(name)

    def read(self, path=None):
        with open(path or self.out, "rb") as file:
            return file.read()

    def good(self, *argv, stdin=b""):
        done = run(*argv, stdin=stdin)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def refused(self, *argv, status=1, says=""):
        """One line on stderr, and nothing left behind."""
        before = sorted(os.listdir(self.dir.name))
        done = run(*argv)
        self.assertEqual(done.returncode, status, done.stderr)
        lines = done.stderr.decode().splitlines()
        self.assertEqual(len(lines), 1, lines)
        self.assertIn(says, lines[0])
        self.assertTrue(lines[0].startswith("directboot: "))
        self.assertEqual(sorted(os.listdir(self.dir.name)), before)

    def pack(self, kernel, *argv, blob=None):
        path = self.write("kernel", kernel) if isinstance(kernel, bytes) \
            else kernel
        return self.good("pack", "--kernel", path, "-o", self.out, "--blob",
                         blob or self.blob, *argv)

    def pack_refused(self, kernel, *argv, says, status=1):
        path = self.write("kernel", kernel)
        self.refused("pack", "--kernel", path, "-o", self.out, "--blob",
                     self.blob, *argv, says=says, status=status)

    def show(self, path=None):
        return json.loads(self.good("show", "--json", path or self.out))

    def extract(self, part, path=None):
        return self.good("extract", "--part", part, "-o", "-",
                         path or self.out)


class Usage(ToolTest):
    def test_help_of_all(self):
        for argv in (["--help"], ["-h"], ["help"]):
            self.assertIn(b"Usage: directboot", self.good(*argv))
        for name in ("pack", "show", "extract", "verify"):
            self.assertIn(b"Usage: directboot " + name.encode(),
                          self.good(name, "--help"))
        self.assertRegex(self.good("--version"), rb"^directboot \d")

    def test_wrong_usage_is_status_2(self):
        kernel = self.write("kernel", inputs.VMLINUX)
        for argv in (["nonsense"], ["pack"], ["pack", "-k", kernel],
                     ["pack", "-o", self.out], ["pack", "--nonsense"],
                     ["pack", "-k"], ["pack", "--verbose=1"],
                     ["pack", "operand"], ["show"], ["verify"],
                     ["extract", kernel], ["extract", "-o", self.out],
                     ["show", "-x", kernel],
                     ["pack", "-k", kernel, "-o", self.out, "--acpi", "no"],
                     ["pack", "-k", kernel, "-o", self.out, "--cmdline", "a",
                      "--cmdline-file", "b"]):
            self.refused(*argv, status=2)
        self.assertEqual(run().returncode, 2)

    def test_missing_files_are_refused(self):
        self.refused("pack", "-k", self.path("none"), "-o", self.out,
                     says="No such file")
        self.refused("show", self.dir.name, says="is a directory")
        kernel = self.write("kernel", inputs.VMLINUX)
        self.refused("pack", "-k", kernel, "-o", self.path("no/where"),
                     "--blob", self.blob, says="No such file")
        self.refused("pack", "-k", kernel, "-o", self.out, "--blob",
                     self.path("none"), says="No such file")


class Manual(ToolTest):
    """What the help says, the man page and the completion know."""

    ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
        os.path.abspath(__file__))))

    COMMANDS = ("pack", "show", "extract", "verify")

    def arguments(self, command):
        """Of the help: what follows each option, "" if nothing."""
        help_text = self.good(command, "--help").decode()
        found = dict(re.findall(r"^  (?:-\w, |    )--([a-z-]+)(?: (\S+))?",
                                help_text, re.M))
        del found["help"]
        return found

    def options(self, command):
        return set(self.arguments(command))

    def test_man_page_has_every_option_and_no_other(self):
        page = self.read(os.path.join(self.ROOT, "payload/directboot.1"))
        page = re.sub(r"\\f.", "", page.decode().replace("\\-", "-"))
        for command in self.COMMANDS:
            part = re.search(r"^\.SS %s\n(.*?)(?=^\.S[SH] )" % command, page,
                             re.M | re.S)[1]
            found = {}
            for words in re.findall(r"^\.TP\n\.BR? (.*)$", part, re.M):
                name, rest = re.search(r"--([a-z-]+)(.*)", words).groups()
                found[name] = rest.translate({ord(c): None for c in ' "'})
            self.assertEqual(found, self.arguments(command))

    def test_readme_has_every_option_of_pack(self):
        text = self.read(os.path.join(self.ROOT, "README.md")).decode()
        for option in self.options("pack"):
            self.assertIn("--" + option, text)

    def test_each_option_is_tested(self):
        with open(os.path.abspath(__file__), encoding="utf-8") as file:
            text = file.read()
        for command in self.COMMANDS:
            for option in self.options(command):
                self.assertTrue(re.search('"--%s["=]' % option, text),
                                option)

    def test_man_page_is_good_roff(self):
        try:
            done = subprocess.run(
                ["groff", "-man", "-Tutf8", "-ww", "-z",
                 os.path.join(self.ROOT, "payload/directboot.1")],
                capture_output=True)
        except FileNotFoundError:
            self.skipTest("groff is not installed")
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def complete(self, *words):
        script = """. "$1"; shift
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
            _directboot; printf '%s ' "${COMPREPLY[@]}"
            """
        path = os.path.dirname(TOOL) + ":" + os.environ["PATH"]
        done = subprocess.run(
            ["bash", "-c", script, "bash",
             os.path.join(self.ROOT, "payload/directboot.bash"),
             "directboot", *words], capture_output=True, check=True,
            env={**os.environ, "PATH": path}, cwd=self.dir.name)
        return set(done.stdout.decode().split())

    def test_completion(self):
        self.assertEqual(self.complete("pa"), {"pack"})
        self.assertEqual(self.complete("show", "--j"), {"--json"})
        for command in self.COMMANDS:
            arguments = self.arguments(command)
            self.assertEqual(self.complete(command, "--"),
                             {"--" + name for name in arguments} | {"--help"})
            for name, argument in arguments.items():
                if "|" in argument and argument.islower():
                    self.assertEqual(
                        self.complete(command, "--" + name, ""),
                        set(argument.split("|")))
        self.assertEqual(self.complete("pack", "--on-error", ""),
                         {"halt", "poweroff", "reset"})
        self.assertEqual(self.complete("pack", "--acpi", "v"), {"vmm"})
        self.assertEqual(self.complete("pack", "--kernel", "arm"),
                         {"arm.blob"})


class Kernels(ToolTest):
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
        done = run("pack", "-k", self.write("k", inputs.bzimage(payload)),
                   "-o", self.out, "--blob", self.blob)
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

    def test_uki_for_x86_with_a_device_tree(self):
        """Nobody on x86_64 reads it."""
        image = inputs.bzimage(inputs.PACKERS["gzip"](inputs.VMLINUX))
        self.pack(inputs.uki([(b".linux", image), (b".dtb", inputs.DTB)]))
        self.expect_segments()
        self.refused("extract", "-p", "dtb", "-o", self.path("x"), self.out,
                     says="has no dtb")

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


class Lint(ToolTest):
    """Warnings, from the configuration that a kernel may carry."""

    WHOLE = "SERIAL_8250_CONSOLE ACPI BLK_DEV_INITRD PCI RELOCATABLE PVH"

    def warnings(self, config, *argv, kernel=None):
        data = b"IKCFG_ST" + inputs.PACKERS["gzip"](config) + b"IKCFG_ED"
        kernel = self.write("kernel", kernel + data if kernel else inputs.elf(
            [(0x1000000, inputs.BANNER + data, 100000)], 0x1000000))
        blob = self.arm_blob if argv and argv[0] == "arm" else self.blob
        done = run("pack", "-k", kernel, "-o", self.out, "--blob", blob,
                   *[word for word in argv if word != "arm"])
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stderr.decode()

    def config(self, names):
        lines = ["#"] + ["CONFIG_%s=y" % name for name in names.split()]
        return ("\n".join(lines + ["CONFIG_VIRTIO_PCI=m", ""])).encode()

    def test_a_whole_kernel_gets_none(self):
        initrd = self.write("initrd", b"initrd")
        self.assertEqual(self.warnings(self.config(self.WHOLE), "-i", initrd),
                         "")

    def test_each_option_that_is_missing_is_named(self):
        initrd = self.write("initrd", b"initrd")
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


class Options(ToolTest):
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
            self.pack_refused(inputs.VMLINUX, option, dtb,
                              says="only aarch64 takes a device tree")

    def test_flags(self):
        self.pack(inputs.VMLINUX)
        self.assertEqual(self.show()["flags"], 0)
        self.pack(inputs.VMLINUX, "--verbose")
        self.assertEqual(self.show()["flags"], 1)
        self.pack(inputs.IMAGE, "--device-tree", blob=self.arm_blob)
        self.assertEqual(self.show()["flags"], 2)
        self.pack(inputs.VMLINUX, "--acpi", "vmm")
        self.assertEqual(self.show()["flags"], 4)
        self.pack(inputs.VMLINUX, "--acpi=own", "-v")
        self.assertEqual(self.show()["flags"], 1)
        for word in ("halt", "poweroff", "reset"):
            self.pack(inputs.VMLINUX, "--on-error", word)
            self.assertEqual(self.show()["on_error"], word)

    def test_flags_of_the_other_architecture_are_refused(self):
        self.pack_refused(inputs.VMLINUX, "--device-tree",
                          says="only aarch64 has this choice")
        self.pack_refused(inputs.IMAGE, "--acpi", "vmm",
                          says="only x86_64 has this choice")
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
        self.assertIn(digest, self.good("show", self.out).decode())

    def test_wrong_pins_are_refused(self):
        argv = ["-o", self.path("new"), "--blob", self.blob]
        digest = "00" * 32
        for more, says, status in (
                (["--pin", digest], "needs --arch", 2),
                (["--pin", digest[1:]], "No such file", 1),
                (["--pin", self.blob], "holds no bundle", 1),
                (["--pin", digest, "-k", self.blob], "all else", 2),
                (["--pin", digest, "-c", "quiet"], "all else", 2),
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
        tool = self.write("tool", self.read(TOOL))
        os.chmod(tool, 0o755)
        kernel = self.write("kernel", inputs.VMLINUX)
        argv = [tool, "pack", "-k", kernel, "-o", self.out]
        done = subprocess.run(argv, capture_output=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"--blob FILE names it", done.stderr)
        self.write("directboot-x86_64.rom", inputs.blob())
        subprocess.run(argv, check=True, capture_output=True)
        self.good("verify", self.out)


class Roms(ToolTest):
    def test_x86_rom(self):
        self.pack(inputs.VMLINUX, "--cmdline", "a")
        rom = self.read()
        self.assertEqual(len(rom) % 0x10000, 0)
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
            self.assertEqual(self.show()["doors"], "reset, PVH, 64-bit Linux")
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
            self.assertEqual(run("verify", self.write(
                "flipped", bytes(flipped))).returncode, 1, at)

    def test_low_bios(self):
        """128 KiB for E0000: the blob alone, or with a pin."""
        blob = self.write("elf.blob", inputs.blob(has_elf=True))
        bundle = self.write("bundle", b"")
        self.good("pack", "-k", self.write("k", inputs.VMLINUX), "-o", bundle,
                  "--output-format", "bundle")
        pinned = ["--pin", bundle]
        for one, more, doors in (
                (self.blob, [], "reset, low BIOS"),
                (blob, [], "reset, low BIOS, PVH, 64-bit Linux"),
                (self.blob, pinned, "reset, low BIOS"),
                (blob, pinned, "reset, low BIOS, PVH, 64-bit Linux")):
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
                self.assertEqual(run("verify", self.write(
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
            self.assertEqual(self.show()["doors"].endswith("bzImage"), is_one)
            if is_one:
                self.check_bzimage(file, data)
        for at in (0x1f1, 0x202, 0x203, 0x300, 0xfff, 0x1000, 0x1204, 0x1fff):
            flipped = bytearray(file)
            flipped[at] ^= 1
            self.assertEqual(run("verify", self.write(
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
        self.pack(inputs.VMLINUX)
        first = self.read()
        again = self.write("again", first)
        self.pack(inputs.VMLINUX, blob=again)
        self.assertEqual(self.read(), first)

    def test_device_windows_of_a_large_rom_stay_empty(self):
        """IOAPIC, HPET, TPM and local APIC lie over FEC00000 to FEEFFFFF."""
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
            self.assertEqual(rom[start:start + 0x300000], bytes(0x300000))
            offsets = [s["offset"] for s in self.show()["sections"]]
            self.assertEqual(offsets, sorted(offsets))

    def test_a_large_kernel_lies_on_both_sides_of_them(self):
        data = inputs.noise(4 << 20) * 5
        initrd = self.write("initrd", inputs.noise(1 << 20, 3))
        self.pack(inputs.elf([(0x1000000, data, len(data) + 9)], 0x1000000),
                  "--compress", "lz4", "-i", initrd)
        self.good("verify", self.out)
        self.assertEqual(self.extract("kernel"), data + bytes(9))
        rom = self.read()
        self.assertLess(len(rom), 26 << 20)
        start = len(rom) - 0x1400000
        self.assertEqual(rom[start:start + 0x300000], bytes(0x300000))
        one, two = [s for s in self.show()["sections"]
                    if s["type"] == "kernel-segment"]
        self.assertEqual(one["paddr"] + one["memory_size"], two["paddr"])
        self.assertEqual(one["size"], one["memory_size"])
        self.assertEqual(two["paddr"] + two["memory_size"],
                         0x1000000 + len(data) + 9)

    def test_same_inputs_make_the_same_bytes(self):
        initrd = self.write("initrd", inputs.text(50000))
        self.pack(inputs.VMLINUX, "-i", initrd)
        first = self.read()
        os.mkdir(self.path("other"))
        kernel = self.write("other/k", inputs.VMLINUX)
        subprocess.run([TOOL, "pack", "-k", "k", "-i", initrd, "--blob",
                        self.blob, "-o", "rom"], check=True,
                       cwd=self.path("other"), capture_output=True,
                       env={"TZ": "Asia/Tokyo", "LANG": "C"})
        self.assertEqual(self.read(self.path("other/rom")), first)
        self.assertTrue(os.path.exists(kernel))


class Formats(ToolTest):
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
        self.assertEqual(header[13], crc32c(bundle[:72] + table))
        self.assertEqual(header[15], sum64(bundle[:80] + table))
        for i in range(count):
            self.check_section(bundle, HEADER_SIZE + i * SECTION_SIZE)

    def check_section(self, bundle, at):
        fields = struct.unpack_from("<IIQQQQQIIIIQ", bundle, at)
        stored = bundle[fields[2]:fields[2] + fields[3]]
        self.assertEqual(fields[2] % 4096, 0)
        self.assertEqual(fields[7], 1)
        self.assertEqual(fields[9], crc32c(stored))
        self.assertEqual(fields[11], sum64(stored))
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
            self.assertIn("\nRAM to load it: 24.0 MiB\n", said)
            shown = self.show()
            self.assertEqual(shown["description"], words)
            # 16 MiB, initrd; Image and what is spare, in steps of 2 MiB
            self.assertEqual(shown["ram_size"], (16 + 2 + 6) << 20)

    def test_show_sizes_and_digests(self):
        initrd = self.write("initrd", inputs.text(50000))
        for how in ("none", "lz4", "zstd"):
            self.pack(inputs.VMLINUX, "-i", initrd, "--compress", how)
            bundle = self.extract("bundle")
            shown = self.show()
            self.assertEqual(shown["sha256"],
                             hashlib.sha256(bundle).hexdigest())
            # The initrd fits below; zstd's tables do not.
            self.assertEqual(shown["ram_size"], 0x1131000 +
                             (0x24000 if how == "zstd" else 0))
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
            self.assertEqual(self.show()["ram_size"], size)

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
        self.assertEqual(len(self.extract("blob")), 0x10000)
        part = self.path("part")
        self.good("extract", "-p", "initrd", "--output", part, self.out)
        self.assertEqual(self.read(part), b"initrd")
        self.refused("extract", "-p", "dtb", "-o", self.path("x"), self.out,
                     says="has no dtb")
        self.refused("extract", "-p", "no", "-o", self.path("x"), self.out,
                     status=2)


class Damage(ToolTest):
    def setUp(self):
        super().setUp()
        initrd = self.write("initrd", inputs.text(9000))
        self.pack(inputs.VMLINUX, "-i", initrd, "-c", "quiet")
        self.file = self.read()
        self.bundle = self.file.index(b"BUNDLE\x1a\n")

    def expect_refusal(self, data):
        path = self.write("damaged", bytes(data))
        done = run("verify", path)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertEqual(len(done.stderr.splitlines()), 1)

    def flip(self, at, bit=0):
        data = bytearray(self.file)
        data[at] ^= 1 << bit
        self.expect_refusal(data)

    def test_each_byte_of_the_headers(self):
        count = struct.unpack_from("<I", self.file, self.bundle + 48)[0]
        end = self.bundle + HEADER_SIZE + count * SECTION_SIZE
        record = len(self.file) - 0x40
        for at in [*range(self.bundle, end), *range(record, record + 32)]:
            self.flip(at, at % 8)

    def test_bytes_of_everything_else(self):
        rng = random.Random(1)
        for _ in range(300):
            self.flip(rng.randrange(len(self.file)), rng.randrange(8))
        for at in (0, len(self.file) - 1, len(self.file) - 0x10000):
            self.flip(at)

    def test_truncations(self):
        rng = random.Random(2)
        sizes = [rng.randrange(len(self.file)) for _ in range(60)]
        for size in [0, 1, 0x10000, len(self.file) - 1, *sizes]:
            self.expect_refusal(self.file[:size])
            self.expect_refusal(self.file[len(self.file) - size:])

    def test_more_behind_or_before(self):
        self.expect_refusal(self.file + b"\0")
        self.expect_refusal(b"\1" + self.file)

    def test_bundles(self):
        self.file = self.extract("bundle")
        rng = random.Random(3)
        for _ in range(100):
            self.flip(rng.randrange(len(self.file)), rng.randrange(8))
        for _ in range(30):
            self.expect_refusal(self.file[:rng.randrange(len(self.file))])

    def test_arm_blob_smaller_than_its_record(self):
        self.pack(inputs.IMAGE, blob=self.arm_blob)
        for size in (1, 64, 95):
            data = bytearray(self.read())
            struct.pack_into("<I", data, 0x5c, size)
            self.expect_refusal(data)

    def test_arm_images(self):
        self.pack(inputs.IMAGE, "-c", "quiet", blob=self.arm_blob)
        self.file = self.read()
        for at in range(64, 96):
            self.flip(at)
        rng = random.Random(4)
        for _ in range(100):
            self.flip(rng.randrange(len(self.file)), rng.randrange(8))


class RealKernels(ToolTest):
    def kernel(self, name):
        path = os.path.join(KERNELS, name)
        if not KERNELS or not os.path.exists(path):
            self.skipTest(path + " is not there")
        return path

    def test_unpacked_is_as_another_program_unpacks_it(self):
        for name in ("cloud-amd64", "amd64"):
            vmlinux = self.read(self.kernel(name + "/vmlinux"))
            phoff, = struct.unpack_from("<Q", vmlinux, 32)
            count, = struct.unpack_from("<H", vmlinux, 56)
            segments = []
            for i in range(count):
                kind, _, offset, _, paddr, size, memory_size, _ = \
                    struct.unpack_from("<IIQQQQQQ", vmlinux, phoff + 56 * i)
                if kind == 1:
                    segments.append((paddr, vmlinux[offset:offset + size],
                                     memory_size))
            self.pack(self.kernel(name + "/vmlinuz"), "--compress", "none")
            self.assertEqual(self.extract("kernel"), inputs.flat(segments))
            self.good("verify", self.out)
            self.pack(self.kernel(name + "/vmlinux"), "--compress", "none")
            self.assertEqual(self.extract("kernel"), inputs.flat(segments))

    def test_compressed_unpacks_to_the_same(self):
        kernel = self.kernel("cloud-amd64/vmlinuz")
        self.pack(kernel, "--compress", "none")
        plain = self.extract("kernel")
        sizes = []
        for how in ("lz4", "zstd"):
            self.pack(kernel, "--compress", how)
            self.good("verify", self.out)
            self.assertEqual(self.extract("kernel"), plain)
            sizes.append(os.path.getsize(self.out))
        self.assertLess(sizes[1], sizes[0])
        self.assertLess(sizes[0], os.path.getsize(kernel))

    def expect_same(self, made, plain, argv):
        """The same ROM from all these; by this one's, kernels boot."""
        self.pack(plain, *argv)
        wanted = self.read()
        for name, data in made:
            if data is not None:
                with self.subTest(name):
                    self.pack(data, *argv)
                    self.assertEqual(self.read(), wanted)

    def test_bzimage_of_every_compression(self):
        """As a build makes each; boot_packed.py boots them."""
        kernel = self.kernel("cloud-amd64/vmlinuz")
        image = self.read(kernel)
        payload = self.read(self.kernel("cloud-amd64/vmlinux"))
        self.expect_same(
            ((name, inputs.exchange_payload(image, payload, packer))
             for name, packer in inputs.FAST_PACKERS.items()),
            kernel, ["--compress", "none"])

    def test_arm64_image_of_every_compression(self):
        kernel = self.kernel("cloud-arm64/vmlinuz")
        self.expect_same(inputs.packed_images(self.read(kernel)), kernel,
                         ["--compress", "none", "--blob", self.arm_blob])

    def test_arm64_image(self):
        for name in ("cloud-arm64", "arm64"):
            kernel = self.kernel(name + "/vmlinuz")
            self.pack(kernel, "--compress", "none", blob=self.arm_blob)
            self.assertEqual(self.extract("kernel"), self.read(kernel))


CRC_TABLE = []
for byte in range(256):
    for _ in range(8):
        byte = byte >> 1 ^ (0x82f63b78 if byte & 1 else 0)
    CRC_TABLE.append(byte)


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc = crc >> 8 ^ CRC_TABLE[(crc ^ byte) & 255]
    return crc ^ 0xffffffff


def sum64(data):
    data += bytes(-len(data) % 8)
    result = 0
    for word, in struct.iter_unpack("<Q", data):
        result = ((result << 13 | result >> 51) + word) & (1 << 64) - 1
    return result


def main():
    if not os.access(TOOL, os.X_OK):
        sys.exit(__doc__)
    suite = unittest.defaultTestLoader.loadTestsFromModule(
        sys.modules["__main__"])
    result = unittest.TextTestRunner(verbosity=2, stream=sys.stdout).run(suite)
    failed = len({re.sub(r" [\[(].*", "", test.id()) for test, _ in
                  result.failures + result.errors})
    skipped = len(result.skipped)
    print("%d passed, %d failed, %d skipped" % (
        result.testsRun - failed - skipped, failed, skipped))
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
