# SPDX-License-Identifier: BSD-2-Clause
"""What tests of installation share: the build, make, a directory."""
import glob
import os
import subprocess
import tempfile
import unittest

# suite.py puts the context of the run here.
PLACES = {}


def environment():
    """A make of its own, not part of the one that runs these tests."""
    return {name: value for name, value in os.environ.items()
            if not name.startswith(("MAKE", "MFLAGS"))}


class PackageTest(unittest.TestCase):
    def setUp(self):
        self.context = PLACES["context"]
        self.dir = tempfile.TemporaryDirectory()
        self.addCleanup(self.dir.cleanup)

    def path(self, name):
        return os.path.join(self.dir.name, name)

    def read(self, path):
        with open(path, "rb") as file:
            return file.read()

    def source(self, name):
        return self.read(f"{self.context.root}/{name}")

    def good(self, *argv, status=0):
        """What the command prints."""
        done = subprocess.run(argv, capture_output=True, check=False,
                              cwd=self.context.root, env=environment())
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout.decode()

    def make(self, *words, status=0):
        return self.good("make", f"O={self.context.build}", *words,
                         status=status)

    def package(self, folder=""):
        """The .deb of the build, or of one in a folder of it."""
        found = glob.glob(f"{self.context.build}/{folder}/directboot_*.deb")
        self.assertEqual(len(found), 1, found)
        return found[0]
