# SPDX-License-Identifier: BSD-2-Clause
"""Unified kernel images as ukify makes them, in three layouts.

Debian 12 has no ukify: these tests are skipped without one that knows firmware
(262 does, 257 does not) in PATH, or as UKIFY="python3 ROOT/usr/bin/ukify".
UKIFY_STUBS names the directory of its stubs.
"""
import os
import shlex
import shutil
import subprocess

from tool import inputs, tooltest

UKIFY = shlex.split(os.environ.get("UKIFY", "ukify"))
STUBS = os.environ.get("UKIFY_STUBS", "/usr/lib/systemd/boot/efi")
INITRD = b"070701" + b"0" * 104 + b"initrd"
MICROCODE = b"070701" + b"0" * 104 + b"x"


class Ukify(tooltest.ToolTest):
    def setUp(self):
        super().setUp()
        kernel = tooltest.PLACES["kernels"] + "/cloud-amd64/vmlinuz"
        if not shutil.which(UKIFY[0]) or not os.path.exists(kernel):
            self.skipTest("no ukify, or no kernel")
        self.linux = ["--linux", kernel, "--initrd",
                      self.write("initrd", INITRD)]

    def make(self, name, stub, *argv):
        path = self.path(name)
        subprocess.run([*UKIFY, "build", "--stub", f"{STUBS}/{stub}", "-o",
                        path, *argv], check=True, capture_output=True)
        return path

    def uki(self, *argv):
        return self.make("uki", "linuxx64.efi.stub", *self.linux, *argv)

    def test_microcode_comes_first(self):
        self.pack(self.uki("--cmdline", "base", "--microcode",
                           self.write("microcode", MICROCODE)))
        self.assertEqual(self.extract("initrd"),
                         MICROCODE.ljust(112, b"\0") + INITRD)
        self.assertEqual(self.extract("cmdline"), b"base")

    def test_profiles(self):
        one = self.make("one", "addonx64.efi.stub", "--profile", "ID=one",
                        "--cmdline", "one")
        two = self.make("two", "addonx64.efi.stub", "--profile", "ID=two")
        uki = self.uki("--cmdline", "base", "--profile", "ID=main",
                       "--join-profile", one, "--join-profile", two)
        for number, cmdline in enumerate((b"base", b"one", b"base")):
            self.pack(uki, "--profile", str(number), "--compress", "none")
            self.assertEqual(self.extract("cmdline"), cmdline)
            self.assertEqual(self.extract("initrd"), INITRD)
        self.refused("pack", "-k", uki, "--profile", "3", "-o",
                     self.path("new"), "--blob", self.blob,
                     says="of 3 profiles: has no profile 3")

    def test_what_is_for_firmware_is_told(self):
        os.mkdir(self.path("firmware"))
        self.write("firmware/file", b"firmware")
        uki = self.uki("--cmdline", "base", "--efifw", self.path("firmware"),
                       "--devicetree-auto", self.write("dtb", inputs.DTB))
        text = self.good("show", uki).decode()
        self.assertIn("not taken: .dtbauto\n", text)
        self.assertIn("not taken: .efifw\n", text)
        self.pack(uki)
        parts = {section["type"] for section in self.show()["sections"]}
        self.assertEqual(parts & {"dtb", "initrd", "cmdline"},
                         {"initrd", "cmdline"})
