# SPDX-License-Identifier: BSD-2-Clause
"""--output: links, devices, pipes, full disks, modes and owners."""
import os
import resource
import shutil
import signal
import stat
import subprocess
import threading
import time

from tool import inputs, tooltest

DISK = ("--output-format", "disk")


class Output(tooltest.ToolTest):
    def setUp(self):
        super().setUp()
        self.kernel = self.write("kernel", inputs.VMLINUX)
        self.pack(self.kernel)
        self.rom = self.read()
        os.remove(self.out)

    def make(self, path, *argv):
        self.good("pack", "-k", self.kernel, "--blob", self.blob, "-o", path,
                  *argv)

    def mode(self, path):
        return stat.S_IMODE(os.stat(path).st_mode)

    def only(self, *names):
        """No temporary file is left."""
        known = {"blob", "arm.blob", "kernel", *names}
        self.assertEqual(set(os.listdir(self.dir.name)), known)

    # Links

    def test_link_stays_a_link(self):
        target = self.write("target", b"old")
        os.symlink("target", self.out)
        self.make(self.out)
        self.assertTrue(os.path.islink(self.out))
        self.assertEqual(os.readlink(self.out), "target")
        self.assertEqual(self.read(target), self.rom)
        self.only("target", "out")

    def test_link_to_a_link_elsewhere(self):
        os.mkdir(self.path("there"))
        os.symlink("../here", self.path("there/second"))
        os.symlink(self.path("there/second"), self.out)
        self.write("here", b"old")
        self.make(self.out)
        self.assertEqual(self.read(self.path("here")), self.rom)
        self.assertTrue(os.path.islink(self.path("there/second")))
        self.only("out", "here", "there")

    def test_link_to_what_is_not_there_yet(self):
        os.mkdir(self.path("there"))
        os.symlink("there/new", self.out)
        self.make(self.out)
        self.assertTrue(os.path.islink(self.out))
        self.assertEqual(self.read(self.path("there/new")), self.rom)
        self.assertEqual(os.listdir(self.path("there")), ["new"])

    def test_link_to_itself(self):
        os.symlink("out", self.out)
        self.refused("pack", "-k", self.kernel, "--blob", self.blob, "-o",
                     self.out, says="Too many levels of symbolic links")

    def test_link_to_a_directory(self):
        os.mkdir(self.path("there"))
        os.symlink("there", self.out)
        self.refused("pack", "-k", self.kernel, "--blob", self.blob, "-o",
                     self.out, says="out: is a directory")

    # Devices and pipes

    def read_fifo(self, *argv):
        """What comes out of a FIFO that the tool writes into."""
        os.mkfifo(self.out)
        found = []
        reader = threading.Thread(
            target=lambda: found.append(self.read(self.out)))
        reader.start()
        self.good(*argv, "-o", self.out)
        reader.join()
        self.assertTrue(stat.S_ISFIFO(os.stat(self.out).st_mode))
        return found[0]

    def test_fifo(self):
        self.assertEqual(self.read_fifo("pack", "-k", self.kernel, "--blob",
                                        self.blob), self.rom)
        self.only("out")

    def test_fifo_of_a_disk_image(self):
        self.assertEqual(self.read_fifo("pack", "-k", self.kernel, *DISK)[:8],
                         b"BUNDLE\x1a\n")

    def test_fifo_of_extract(self):
        rom = self.write("rom", self.rom)
        self.assertEqual(self.read_fifo("extract", "-p", "kernel", rom),
                         inputs.flat(inputs.SEGMENTS))

    def test_null_stays_a_device(self):
        before = os.stat("/dev/null")
        self.make("/dev/null")
        self.good("extract", "-p", "kernel", "-o", "/dev/null",
                  self.write("rom", self.rom))
        after = os.stat("/dev/null")
        self.assertTrue(stat.S_ISCHR(after.st_mode))
        self.assertEqual((before.st_ino, before.st_mode),
                         (after.st_ino, after.st_mode))

    def test_link_to_a_device(self):
        os.symlink("/dev/null", self.out)
        self.make(self.out)
        self.assertTrue(os.path.islink(self.out))

    def test_standard_output_by_its_path(self):
        """The bytes alone, without the line that says what they fit."""
        for path in ("-", "/dev/stdout", "/proc/self/fd/1"):
            self.assertEqual(self.good("pack", "-k", self.kernel, "--blob",
                                       self.blob, "-o", path), self.rom)

    def test_full_disk(self):
        for argv in (("pack", "-k", self.kernel, "--blob", self.blob),
                     ("pack", "-k", self.kernel, *DISK),
                     ("extract", self.write("rom", self.rom))):
            self.refused(*argv, "-o", "/dev/full",
                         says="/dev/full: No space left on device")
        self.assertTrue(stat.S_ISCHR(os.stat("/dev/full").st_mode))
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [tooltest.tool(), "pack", "-k", self.kernel, "--blob",
                 self.blob, "-o", "-"], stdout=full, stderr=subprocess.PIPE,
                check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"No space left on device", done.stderr)

    def test_what_is_printed_needs_room_too(self):
        rom = self.write("rom", self.rom)
        for argv in (("show", rom), ("show", "--json", rom), ("verify", rom),
                     ("pack", "-k", self.kernel, "--blob", self.blob, "-o",
                      self.out), ("--help",), ("--version",),
                     ("show", "--help")):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([tooltest.tool(), *argv], stdout=full,
                                      stderr=subprocess.PIPE, check=False)
            self.assertEqual(done.returncode, 1, argv)
            self.assertEqual(
                done.stderr.splitlines()[0],
                b"directboot: standard output: cannot be written")

    def test_reader_that_goes_away(self):
        os.mkfifo(self.out)
        reader = threading.Thread(
            target=lambda: os.close(os.open(self.out, os.O_RDONLY)))
        reader.start()
        self.refused("pack", "-k", self.kernel, "--blob", self.blob, "-o",
                     self.out, says="Broken pipe")
        reader.join()

    def loop_device(self, size):
        path = self.write("disk", bytes(size))
        done = subprocess.run(["losetup", "--show", "-f", path],
                              capture_output=True, text=True, check=False) \
            if os.geteuid() == 0 and shutil.which("losetup") else None
        if done is None or done.returncode:
            self.skipTest("no loop device")
        device = done.stdout.strip()
        self.addCleanup(subprocess.run, ["losetup", "-d", device],
                        check=False)
        return path, device

    def test_disk(self):
        path, device = self.loop_device(1 << 20)
        self.make_disk(device)
        self.assertTrue(stat.S_ISBLK(os.stat(device).st_mode))
        self.assertEqual(self.read(path)[:8], b"BUNDLE\x1a\n")

    def make_disk(self, device):
        self.good("pack", "-k", self.kernel, *DISK, "-o", device)

    def test_disk_that_is_too_small(self):
        _, device = self.loop_device(1 << 16)
        self.refused("pack", "-k", self.kernel, *DISK, "--compress", "none",
                     "-o", device, says="No space left on device")

    # Files that are there

    def test_extract_changes_nothing_if_there_is_no_such_part(self):
        """Also where the file is written in place."""
        rom = self.write("rom", self.rom)
        old = self.write("old", b"old")
        os.chmod(old, 0o666)
        os.chmod(rom, 0o644)
        done = self.as_nobody("extract", "-p", "dtb", "-o", old, rom)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"bundle: has no dtb", done.stderr)
        self.assertEqual(self.read(old), b"old")

    def test_limit_of_file_sizes(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

        done = subprocess.run(
            [tooltest.tool(), "pack", "-k", self.kernel, "--blob", self.blob,
             "-o", self.out], preexec_fn=limit, capture_output=True,
            check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"out: File too large", done.stderr)
        self.only()

    def ended_by(self, number, initrd):
        """How the tool ends if the signal comes as soon as it writes.

        A shell has what it starts behind it ignore SIGINT, and so would we.
        """
        process = subprocess.Popen(
            ["env", "--default-signal", tooltest.tool(), "pack",
             "-k", self.kernel, *DISK, "-i", initrd, "--compress", "none",
             "-o", self.out])
        while process.poll() is None and len(os.listdir(self.dir.name)) == 4:
            time.sleep(0.001)
        process.send_signal(number)
        return process.wait()

    def test_signals_leave_nothing(self):
        """A signal that comes too late finds a whole file, and comes again."""
        initrd = self.write("initrd", b"070701")
        os.truncate(initrd, 1 << 26)
        for number in signal.SIGTERM, signal.SIGINT, signal.SIGHUP:
            for _ in range(20):
                status = self.ended_by(number, initrd)
                if status != 0:
                    break
                self.only("initrd", "out")
                os.remove(self.out)
            self.assertEqual(status, -number)
            self.only("initrd")

    def test_input_that_becomes_shorter(self):
        """While the tool waits for standard input, it has the kernel open."""
        kernel = self.write("image", inputs.IMAGE + bytes(1 << 20))
        with subprocess.Popen(
                [tooltest.tool(), "pack", "-k", kernel, *DISK, "--compress",
                 "none", "-i", "-", "-o", self.out], stdin=subprocess.PIPE,
                stderr=subprocess.PIPE) as process:
            # More than a pipe holds: some of it has been read behind this.
            process.stdin.write(b"070701" + bytes(1 << 20))
            os.truncate(kernel, 0)
            _, told = process.communicate()
        self.assertEqual(process.returncode, 1, told)
        self.assertEqual(told, b"directboot: a file that is read has become "
                         b"shorter, or its disk has failed\n")
        self.only("image")

    # Files that are read, modes and owners

    def test_files_of_a_root_file_system_are_read_too(self):
        os.makedirs(self.path("root/sub"))
        program = inputs.elf([(0x400000, b"code", 4)], 0x400000)
        for name in "root/init", "root/sub/data":
            path = self.write(name, program)
            os.chmod(path, 0o755)
            os.link(path, self.path("link"))
            for out in path, self.path("link"):
                self.refused("pack", "-k", self.kernel, *DISK, "-c",
                             "console=ttyS0", "--rootfs", self.path("root"),
                             "-o", out, says="is read, too")
            os.remove(self.path("link"))
            self.assertEqual(self.read(path), program)
        self.make(self.path("root/new"), "--rootfs", self.path("root"))

    def test_mode_is_kept(self):
        for mode in (0o600, 0o640, 0o755, 0o444):
            self.write("out", b"old")
            os.chmod(self.out, mode)
            self.make(self.out)
            self.assertEqual(self.mode(self.out), mode)
            self.assertEqual(self.read(), self.rom)
            os.remove(self.out)
        self.make(self.out)
        mask = os.umask(0)
        os.umask(mask)
        self.assertEqual(self.mode(self.out), 0o666 & ~mask)

    def test_owner_is_kept(self):
        if os.geteuid() != 0:
            self.skipTest("only root gives files away")
        self.write("out", b"old")
        os.chown(self.out, 1234, 4321)
        os.chmod(self.out, 0o4750)
        self.make(self.out)
        status = os.stat(self.out)
        self.assertEqual((status.st_uid, status.st_gid), (1234, 4321))
        self.assertEqual(self.mode(self.out), 0o4750)
        self.only("out")

    def as_nobody(self, *argv):
        if os.geteuid() != 0:
            self.skipTest("only root becomes somebody else")
        tool = os.path.join(self.dir.name, "tool")
        # A child that another test forks meanwhile must not have it open.
        subprocess.run(["cp", tooltest.tool(), tool], check=True)
        os.chmod(self.dir.name, 0o755)
        return subprocess.run([tool, *argv], user=65534, group=65534,
                              extra_groups=[], capture_output=True,
                              check=False)

    def test_writable_file_in_a_directory_that_is_not(self):
        self.write("out", b"old" * 1000000)
        os.chmod(self.out, 0o666)
        done = self.as_nobody("pack", "-k", self.kernel, "--blob", self.blob,
                              "-o", self.out)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.read(), self.rom)
        self.assertEqual(os.stat(self.out).st_uid, 0)

    def test_file_of_another_owner_in_a_writable_directory(self):
        os.mkdir(self.path("there"))
        os.chmod(self.path("there"), 0o777)
        path = self.write("there/out", b"old")
        os.chmod(path, 0o666)
        done = self.as_nobody("pack", "-k", self.kernel, "--blob", self.blob,
                              "-o", path)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.read(path), self.rom)
        self.assertEqual(os.stat(path).st_uid, 0)
        self.assertEqual(os.listdir(self.path("there")), ["out"])

    def test_file_that_may_not_be_written(self):
        self.write("out", b"old")
        os.chmod(self.out, 0o644)
        done = self.as_nobody("pack", "-k", self.kernel, "--blob", self.blob,
                              "-o", self.out)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"Permission denied", done.stderr)
        self.assertEqual(self.read(), b"old")

    def test_a_file_that_is_read_is_not_overwritten(self):
        rom = self.write("rom", self.rom)
        link = self.path("link")
        os.symlink("kernel", link)
        for argv, path in (
                (("pack", "-k", self.kernel, "--blob", self.blob),
                 self.kernel),
                (("pack", "-k", self.kernel, "--blob", self.blob), link),
                (("pack", "-k", link, "--blob", self.blob), self.kernel),
                (("pack", "-k", self.kernel, "--blob", self.blob), self.blob),
                (("pack", "-k", self.kernel, "-i", rom, "--blob", self.blob),
                 rom),
                (("extract", rom), rom)):
            before = self.read(path)
            self.refused(*argv, "-o", path, says="is read, too")
            self.assertEqual(self.read(path), before)
