# SPDX-License-Identifier: BSD-2-Clause
"""directboot run: what its status says. QEMU is a script but for the last."""
import os
import shutil
import subprocess
import time

from tool import inputs, tooltest

GOOD, REFUSED, USAGE, BLOB, PANIC, TIMEOUT, UNEXPECTED, QEMU = range(8)
PANIC_LINES = ("echo 'Kernel panic - not syncing: No working init'; "
               "echo '---[ end Kernel panic - not syncing ]---'; ")


class Run(tooltest.ToolTest):
    def setUp(self):
        super().setUp()
        self.pack(inputs.VMLINUX)

    def run_with(self, script, *argv, path=None):
        """The status that the tool ends with, if QEMU does this."""
        qemu = self.write("qemu", b"#!/bin/sh\n" + script.encode())
        os.chmod(qemu, 0o755)
        self.done = tooltest.run("run", "--qemu", qemu, *argv,
                                 path or self.out)
        return self.done.returncode

    def test_status(self):
        passed, boot = "echo TEST PASSED\n", "echo directboot: RAM: 1 MiB\n"
        ledger = boot + "echo 'directboot: time: description: 7 us'\n"
        expect = ["--expect", "TEST PASSED"]
        for script, argv, status in (
                (passed, [], GOOD), (passed, expect, GOOD),
                ("", [], GOOD), ("printf 'TEST PASSED'", expect, GOOD),
                ("printf 'some\\r\\n[ 1.0] TEST PASSED: 3\\r\\n'", expect,
                 GOOD),
                (boot + passed, expect, GOOD),
                ("", expect, UNEXPECTED), ("echo TEST; echo PASSED", expect,
                                           UNEXPECTED),
                (passed + PANIC_LINES, expect, PANIC),
                (boot, expect, BLOB), (boot + "exit 99", expect, BLOB),
                (passed + "exit 99", expect, BLOB),
                (ledger, [], GOOD), (ledger, expect, UNEXPECTED),
                (ledger + boot, expect, BLOB),
                ("exit 1", [], QEMU), (passed + "kill -9 $$", expect, QEMU)):
            with self.subTest(script=script):
                self.assertEqual(self.run_with(script, *argv), status)
                self.assertEqual(len(self.done.stderr.splitlines()),
                                 int(status != GOOD))

    def test_what_hangs_is_ended(self):
        start = time.monotonic()
        for script, status in (("exec sleep 600", TIMEOUT),
                               ("exec >&-; exec sleep 600", TIMEOUT),
                               ("echo 'directboot: kernel: bad'\n"
                                "exec sleep 600", BLOB)):
            self.assertEqual(self.run_with(script, "--timeout", "1"), status)
        self.assertEqual(self.run_with(PANIC_LINES + "exec sleep 600"), PANIC)
        self.assertLess(time.monotonic() - start, 120)

    def test_command(self):
        """The console is passed on, and QEMU reads nothing."""
        script = 'cat; echo "$0 $*"'
        for kernel, blob, words in (
                (inputs.VMLINUX, self.blob, b"-M q35 -device isa-debug-exit"),
                (inputs.IMAGE, self.arm_blob, b"-M virt -cpu cortex-a72")):
            self.pack(kernel, blob=blob)
            self.assertEqual(self.run_with(script, "--memory", "2G", self.out,
                                           "--", "-cpu", path="max"), GOOD)
            said = self.done.stdout
            self.assertIn(words + b" -m 2G -nodefaults", said)
            self.assertTrue(said.endswith(
                b"-bios " + self.out.encode() + b" -cpu max\n"))

    def test_refusals(self):
        bundle = self.write("bundle", self.extract("bundle"))
        self.refused("run", bundle, says="a bundle alone")
        self.refused("run", self.write("x", b"x"), says="holds neither")
        self.refused("run", status=USAGE, says="FILE is missing")
        for text in ("0", "x", "1x", "-1", "9999999",
                     " -18446744073709551611"):
            self.refused("run", "--timeout=" + text, self.out, status=USAGE,
                         says="must be 1 to 1000000 seconds")
        done = tooltest.run("run", "--qemu", self.path("none"), self.out)
        self.assertEqual(done.returncode, QEMU)
        self.assertIn(b"No such file", done.stderr)


class RealRun(tooltest.ToolTest):
    """In QEMU, as the README has it."""

    def initrd(self, busybox):
        root = self.path("root")
        os.makedirs(root + "/bin")
        shutil.copy(busybox, root + "/bin/busybox")
        os.symlink("busybox", root + "/bin/sh")
        with open(root + "/init", "w", encoding="utf-8") as init:
            init.write("#!/bin/sh\necho TEST PASSED\n"
                       "exec busybox poweroff -f\n")
        os.chmod(root + "/init", 0o755)
        names = subprocess.run(["find", "."], cwd=root, capture_output=True,
                               check=True).stdout
        own = f"{tooltest.PLACES['kernels']}/busybox-amd64/busybox"
        return self.write("initrd", subprocess.run(
            [own, "cpio", "-o", "-H", "newc"], cwd=root, input=names,
            capture_output=True, check=True).stdout)

    def boot(self, arch, debian, words):
        kernels = tooltest.PLACES["kernels"]
        kernel = f"{kernels}/cloud-{debian}/vmlinuz"
        busybox = f"{kernels}/busybox-{debian}/busybox"
        if not os.path.exists(busybox) or not os.path.exists(kernel) or \
                not shutil.which(f"qemu-system-{arch}"):
            self.skipTest("no kernel, busybox or QEMU")
        self.good("pack", "-k", kernel, "-i", self.initrd(busybox), "-c",
                  words + " panic=-1 quiet", "-o", self.out)
        argv = ["run", "--expect", "TEST PASSED", "--timeout", "600"]
        self.assertIn(b"TEST PASSED", self.good(*argv, self.out))
        self.good("pack", "--from", self.out, "-c", words +
                  " panic=-1 rdinit=/no root=/dev/no", "-o",
                  self.path("bad"))
        self.assertEqual(tooltest.run(*argv, self.path("bad")).returncode,
                         PANIC)
        # The blob needs more RAM than this to place all parts.
        self.assertEqual(tooltest.run(*argv, "-t", "20", "-m", "24",
                                      self.out).returncode, BLOB)

    def test_x86_64(self):
        self.boot("x86_64", "amd64", "console=ttyS0 no_timer_check")

    def test_aarch64(self):
        self.boot("aarch64", "arm64", "console=ttyAMA0")
