# SPDX-License-Identifier: BSD-2-Clause
"""What tests of the host tool share: the tool, files, how it refuses."""
import json
import os
import subprocess
import tempfile
import unittest

from tool import inputs

HEADER = "<QIIQIIIIQIIQQIIQ"
HEADER_SIZE, SECTION_SIZE = 88, 104

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
# suite.py says where they are.
PLACES = {"tool": "", "kernels": ""}


def tool():
    return PLACES["tool"]


def run(*argv, stdin=b""):
    return subprocess.run([tool(), *argv], input=stdin, capture_output=True,
                          check=False)


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
