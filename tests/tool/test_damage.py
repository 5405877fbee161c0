# SPDX-License-Identifier: BSD-2-Clause
"""Damaged files, all to be refused by verify."""
import random
import struct

from tool import inputs, tooltest
from tool.tooltest import HEADER_SIZE, SECTION_SIZE


class Damage(tooltest.ToolTest):
    def setUp(self):
        super().setUp()
        initrd = self.write("initrd", inputs.text(9000))
        self.pack(inputs.VMLINUX, "-i", initrd, "-c", "quiet")
        self.file = self.read()
        self.bundle = self.file.index(b"BUNDLE\x1a\n")

    def expect_refusal(self, data):
        path = self.write("damaged", bytes(data))
        done = tooltest.run("verify", path)
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

    def test_a_cut_file_is_said_to_be_one(self):
        """Also where the blob itself is missing: the headers tell."""
        blob = self.write("elf.blob", inputs.blob(has_elf=True))
        for kernel, blob in ((inputs.VMLINUX, blob),
                             (inputs.IMAGE, self.arm_blob)):
            self.pack(kernel, blob=blob)
            whole = self.read()
            for size in (len(whole) - 1, len(whole) - 0x20000):
                path = self.write("cut", whole[:size])
                says = "%s: is cut off at its end: has 0x%x of 0x%x bytes" % (
                    path, size, len(whole))
                for argv in (["show"], ["verify"], ["extract", "-o", "-"],
                             ["pack", "-o", self.path("new"), "-k"]):
                    self.refused(*argv, path, says=says)

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
