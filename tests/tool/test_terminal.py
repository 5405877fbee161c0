# SPDX-License-Identifier: BSD-2-Clause
"""Nothing that a file or its name says reaches the user's terminal as a
command, or makes a line of its own."""
import json
import os

from tool import images, inputs, tooltest

# Colours, a title, a new line, CSI in one byte and as UTF-8 has it, words
# from right to left, a line separator, a longer form of '/'.
TRICKS = ("\x1b[31m", "\x1b]0;title\x07", "\r\x7f", "\u009b31m",
          "\u202egnol\u202c", "\u2066\u2028", b"\x9b2J\xc0\xaf\xed\xa0")
TRICKY = b"".join(trick.encode() if isinstance(trick, str) else trick
                  for trick in TRICKS)
# What people write stays as it is.
WORDS = "Gerät=日本 ±€😀".encode()


class Terminal(tooltest.ToolTest):
    def plain(self, text):
        """All is printable, each line of the tool's own making."""
        self.assertTrue(text.decode().replace("\n", "").isprintable(), text)
        for word in (b"\nx.rom: good\n",):
            self.assertNotIn(word, b"\n" + text)
        return text

    def name(self, data):
        """A file with that name, as far as a name can have it."""
        path = os.fsencode(self.dir.name) + b"/" + TRICKY.replace(
            b"/", b"") + b"\nx.rom"
        with open(path, "wb") as file:
            file.write(data)
        return path

    def test_command_line(self):
        self.pack(inputs.VMLINUX, "-c", "console=ttyS0 " + os.fsdecode(
            TRICKY + WORDS))
        text = self.plain(self.good("show", self.out))
        self.assertIn(WORDS, text)
        self.assertIn(b"ttyS0 ?[31m?]0;title???", text)

    def test_version(self):
        banner = b"Linux version 6.6" + TRICKY + WORDS + b" #1 SMP\n\0"
        kernel = self.write("kernel", inputs.elf(
            [(0x1000000, banner + inputs.text(3000), 9000)], 0x1000200))
        for path in (kernel, self.out):
            self.pack(kernel, "-c", "console=ttyS0")
            text = self.plain(self.good("show", path))
            self.assertIn(b"version: 6.6?", text)
            self.assertIn(WORDS, text)
        image = bytearray(inputs.bzimage(b"?" * 2000))
        image[0x300:0x309] = b"9\x1b[1m7\0\0\0"
        self.pack(bytes(image), "--keep-bzimage", "-c", "console=ttyS0")
        self.assertIn(b"version: 9?[1m7\n",
                      self.plain(self.good("show", self.out)))

    def test_profiles(self):
        uki = inputs.uki([
            (b".linux", inputs.IMAGE),
            (b".profile", b"ID=" + TRICKY + b"\nTITLE=" + TRICKY),
            (b".cmdline", TRICKY)], machine=0xaa64)
        self.plain(self.good("show", self.write("uki", uki)))

    def test_names(self):
        self.pack(inputs.VMLINUX, "-c", "console=ttyS0")
        rom = self.name(self.read())
        for command in ("show", "verify"):
            self.plain(self.good(command, rom))
        self.plain(self.good("show", self.name(inputs.VMLINUX)))
        self.plain(self.good("pack", "-k", self.write(
            "kernel", inputs.VMLINUX), "--blob", self.blob, "-c",
            "console=ttyS0", "-o", rom))
        bad = self.name(b"junk" * 100)
        for command in ("show", "verify"):
            done = tooltest.run(command, bad)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(self.plain(done.stderr).count(b"\n"), 1)
        done = tooltest.run("verify", bad + b"x")
        self.assertEqual(self.plain(done.stderr).count(b"\n"), 1)

    def test_names_in_archives(self):
        archive = images.tar(images.entry("a\x1b[31m\n/../b", b"x"))
        done = tooltest.run("pack", "-k", self.write("k", inputs.VMLINUX),
                            "--blob", self.blob, "-o", self.out, "--rootfs",
                            self.write("tar", archive))
        self.assertEqual(done.returncode, 1)
        self.assertEqual(self.plain(done.stderr).count(b"\n"), 1)

    def test_json(self):
        """The same text, and what is none byte by byte."""
        self.pack(inputs.VMLINUX, "-c", "console=ttyS0 \x1b[m" + os.fsdecode(
            WORDS + b"\x9b\xff"))
        text = self.plain(self.good("show", "--json", self.out))
        self.assertEqual(json.loads(text)["cmdline"], "console=ttyS0 \x1b[m" +
                         WORDS.decode() + "\x9b\xff")
