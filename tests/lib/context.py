# SPDX-License-Identifier: BSD-2-Clause
"""What a run was asked for, and what its cases share."""
import contextlib
import os
import shlex
import shutil
import subprocess
import tempfile
import threading

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(TESTS)
BUILD = os.path.abspath(os.environ.get("O", f"{ROOT}/build"))


class Context:
    """The options of tests/run.py, files shared by cases, directories."""

    def __init__(self, options):
        self.options = options
        self.root, self.build = ROOT, BUILD
        self.tool = options.tool or f"{BUILD}/directboot"
        self.stack = contextlib.ExitStack()
        self.shared = self.stack.enter_context(
            tempfile.TemporaryDirectory(prefix="directboot-shared-"))
        self.made, self.locks = {}, {}
        self.lock = threading.Lock()

    def close(self):
        self.stack.close()

    def qemu(self, arch):
        """QEMU's program as a list of words."""
        words = (self.options.qemu or "qemu-system-{arch}").replace(
            "{arch}", arch)
        return shlex.split(words)

    def firmware(self, arch):
        path = self.options.firmware or BUILD + "/directboot-{arch}.rom"
        return path.replace("{arch}", arch)

    @contextlib.contextmanager
    def work(self, name):
        """A directory for one case, gone behind it unless --keep."""
        path = tempfile.mkdtemp(prefix=f"directboot-{name}-")
        try:
            yield path
        finally:
            if self.options.keep:
                print(f"kept {path}", flush=True)
            else:
                shutil.rmtree(path, ignore_errors=True)

    def once(self, name, make):
        """The path of a file that many cases use: make(path) makes it."""
        with self.lock:
            lock = self.locks.setdefault(name, threading.Lock())
        with lock:
            if name not in self.made:
                path = f"{self.shared}/{name}"
                make(path)
                self.made[name] = path
            return self.made[name]

    def pack(self, out, kernel, *words):
        """directboot pack; its complaint is the exception's `stderr`."""
        subprocess.run([self.tool, "pack", "--kernel", kernel, "-o", out,
                        *words], check=True, capture_output=True, text=True)
        return out
