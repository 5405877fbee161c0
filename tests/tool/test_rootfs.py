# SPDX-License-Identifier: BSD-2-Clause
"""Initrds of root file systems: directories, tars, container images."""
import bz2
import io
import lzma
import os
import resource
import subprocess
import tarfile

from tool import images, inputs, tooltest
from tool.images import device, entry, hard_link, link

PROGRAM = inputs.elf([(0x400000, b"code", 4)], 0x400000)
INIT = entry("init", PROGRAM, mode=0o755)
MIB = 1 << 20


class RootfsTest(tooltest.ToolTest):
    def setUp(self):
        super().setUp()
        self.kernel = self.write("kernel", inputs.VMLINUX)

    def argv(self, *argv, kernel=None):
        return ("pack", "-k", kernel or self.kernel, "-c", "console=ttyS0",
                "--output-format", "bundle", "-o", self.out, *argv)

    def source(self, source):
        if isinstance(source, bytes):
            return self.write("root.tar", source)
        return source

    def initrd(self, source, *argv, kernel=None):
        """The bytes of the initrd of a tar or of a path."""
        self.good(*self.argv("--rootfs", self.source(source), *argv,
                             kernel=kernel))
        return self.extract("initrd")

    def files(self, source, *argv, kernel=None):
        found = images.read_cpio(self.initrd(source, *argv, kernel=kernel))
        self.assertEqual(found.pop("."), (0o40755, 0, 0, 1, b""))
        return found

    def no_rootfs(self, source, says, *argv):
        self.refused(*self.argv("--rootfs", self.source(source), *argv),
                     says=says)

    def arm_kernel(self):
        return self.write("Image", inputs.IMAGE)


class Trees(RootfsTest):
    """Directories and tars."""

    TREE = [
        INIT,
        entry("bin", None), entry("bin/tool", b"#!tool", mode=0o4755),
        link("bin/sh", "tool"), hard_link("bin/other", "bin/tool"),
        entry("etc/shadow", b"secret", mode=0o640, uid=0, gid=42),
        entry("home/user", None, uid=1000, gid=1001, mode=0o700),
        entry("tmp", None, mode=0o1777), device("dev/null", 1, 3),
        entry("dev/disk", type=tarfile.BLKTYPE, devmajor=254, devminor=16),
        entry("run/pipe", type=tarfile.FIFOTYPE, mode=0o600),
        entry("empty"), entry("with space\n\u00e4", b"x"),
    ]

    def test_all_of_a_tar_is_there(self):
        found = self.files(images.tar(*self.TREE))
        self.assertEqual(found["bin/tool"], (0o104755, 0, 0, 2, b"#!tool"))
        self.assertEqual(found["bin/other"], found["bin/tool"])
        self.assertEqual(found["bin/sh"], (0o120777, 0, 0, 1, b"tool"))
        self.assertEqual(found["etc/shadow"],
                         (0o100640, 0, 42, 1, b"secret"))
        self.assertEqual(found["home/user"][:3], (0o40700, 1000, 1001))
        self.assertEqual(found["tmp"][0], 0o41777)
        self.assertEqual(found["dev/null"], (0o20600, 0, 0, 1, (1, 3)))
        self.assertEqual(found["dev/disk"], (0o60644, 0, 0, 1, (254, 16)))
        self.assertEqual(found["run/pipe"][0], 0o10600)
        self.assertEqual(found["empty"][4], b"")
        self.assertEqual(found["with space\n\u00e4"][4], b"x")
        self.assertEqual(found["init"][4], PROGRAM)

    def test_what_a_tar_lacks_is_added(self):
        found = self.files(images.tar(INIT, entry("a/b/c", b"x")))
        self.assertEqual(found["a/b"], (0o40755, 0, 0, 1, b""))
        # Without it the first program has no output.
        self.assertEqual(found["dev/console"], (0o20600, 0, 0, 1, (5, 1)))
        self.assertEqual(sorted(found), [
            "a", "a/b", "a/b/c", "dev", "dev/console", "init"])

    def test_each_compression_and_format(self):
        plain = self.initrd(images.tar(*self.TREE))
        data = images.tar(*self.TREE, style=tarfile.GNU_FORMAT)
        self.assertEqual(self.initrd(data), plain)
        for pack in (images.compressed, bz2.compress, lzma.compress,
                     inputs.lzma_alone, images.lzip, inputs.lz4_legacy,
                     inputs.PACKERS["lz4 frame"],
                     inputs.PACKERS["zstd"], images.pzstd):
            packed = pack(data)
            if packed is not None:
                self.assertEqual(self.initrd(packed), plain)

    def test_tar_that_begins_like_another_format(self):
        for name in ("BZh91AY", "LZIP", "]"):
            found = self.files(images.tar(entry(name, b"x"), INIT))
            self.assertEqual(found[name][4], b"x")

    def test_order_and_times_do_not_matter(self):
        bundle = self.initrd(images.tar(*self.TREE)), self.read()
        # A link must come behind its target.
        turned = [pair for pair in reversed(self.TREE)
                  if pair[0].name != "bin/other"]
        for info, _ in turned:
            info.mtime = 1234567890
        turned.append(hard_link("bin/other", "bin/tool"))
        again = self.initrd(images.tar(*turned)), self.read()
        self.assertEqual(again, bundle)

    def test_source_date_epoch_is_every_time(self):
        tree = self.source(images.tar(INIT, entry("old", mtime=5)))

        def pack(epoch):
            return subprocess.run(
                [tooltest.tool(), *self.argv("--rootfs", tree)],
                capture_output=True,
                env={**os.environ, "SOURCE_DATE_EPOCH": epoch})

        self.assertNotIn(b"65920080", self.initrd(tree))
        self.assertEqual(pack(str(0x65920080)).returncode, 0)
        # The root, /init, old, /dev and the console in it.
        self.assertEqual(self.extract("initrd").count(b"65920080"), 5)
        for wrong in ("", "-1", "4294967296", "now", "99999999999"):
            self.assertIn(b"SOURCE_DATE_EPOCH: must be", pack(wrong).stderr)

    def make_directory(self):
        path = self.path("root")
        os.makedirs(path + "/usr/bin")
        os.makedirs(path + "/empty")
        for number in range(40):
            with open(f"{path}/usr/bin/{number}", "wb") as file:
                file.write(b"x" * number)
        os.chmod(path + "/usr/bin/7", 0o4711)
        os.link(path + "/usr/bin/9", path + "/usr/bin/1st")
        os.symlink("usr/bin", path + "/bin")
        os.symlink("/nowhere/../x", path + "/lost")
        os.mkfifo(path + "/pipe", 0o620)
        with open(path + "/init", "wb") as file:
            file.write(PROGRAM)
        os.chmod(path + "/init", 0o755)
        os.chmod(path, 0o700)
        return path

    def test_directory_and_its_tar_are_equal(self):
        path = self.make_directory()
        first = self.initrd(path), self.read()
        found = images.read_cpio(first[0])
        self.assertEqual(found["usr/bin/1st"],
                         (0o100644, 0, 0, 2, b"x" * 9))
        self.assertEqual(found["usr/bin/7"][0], 0o104711)
        file = io.BytesIO()
        with tarfile.open(fileobj=file, mode="w") as archive:
            archive.add(path, ".", filter=self.as_roots)
        self.assertEqual((self.initrd(file.getvalue()), self.read()), first)
        # The same files, made in another order.
        os.rename(path, path + ".old")
        subprocess.run(["cp", "-a", path + ".old", path], check=True)
        for name in ("3", "30"):
            os.rename(f"{path}/usr/bin/{name}", path + "/away")
            os.rename(path + "/away", f"{path}/usr/bin/{name}")
        self.assertEqual((self.initrd(path), self.read()), first)
        os.symlink("root", self.path("link"))
        self.assertEqual(self.initrd(self.path("link")), first[0])
        self.assertEqual(self.initrd(path + "/"), first[0])

    @staticmethod
    def as_roots(info):
        info.uid = info.gid = 0
        return info

    def test_what_is_the_users_own_becomes_roots(self):
        if os.geteuid() != 0:
            self.skipTest("only root can give files away")
        path = self.make_directory()
        os.chown(path + "/usr/bin/1", 7, 8)
        self.assertEqual(self.files(path)["usr/bin/1"][1:3], (7, 8))
        os.chmod(self.dir.name, 0o777)
        subprocess.run(["chown", "-R", "1234:2345", path], check=True)
        os.chown(path + "/usr/bin/1", 7, 8)
        os.remove(self.out)
        argv = self.argv("--rootfs", path)
        done = subprocess.run([tooltest.tool(), *argv], user=1234, group=2345,
                              extra_groups=[], capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        found = images.read_cpio(self.extract("initrd"))
        self.assertEqual(found["usr/bin/1"][1:3], (7, 8))
        self.assertEqual(found["usr/bin/2"][1:3], (0, 0))

    def test_what_cannot_be_read_is_refused(self):
        if os.geteuid() != 0:
            self.skipTest("only root can give files away")
        path = self.make_directory()
        os.chmod(self.dir.name, 0o777)
        os.chmod(path, 0o755)
        os.chmod(path + "/usr/bin/7", 0o600)
        done = subprocess.run(
            [tooltest.tool(), *self.argv("--rootfs", path)], user=1234,
            group=2345, extra_groups=[], capture_output=True)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, rb"^directboot: .*/root: usr/bin/7: .*\n$")

    def test_sparse_files_stay_small(self):
        path = self.make_directory()
        with open(path + "/sparse", "wb") as file:
            file.truncate(200 * MIB)
            file.seek(100 * MIB)
            file.write(b"middle")
        done = subprocess.run(
            ["bash", "-c", 'ulimit -v 900000 && exec "$@"', "bash",
             tooltest.tool(), *self.argv("--rootfs", path)],
            capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLess(os.path.getsize(self.out), MIB)
        used = 100 * MIB
        self.assertEqual(
            [part["size"] // used for part in self.show()["sections"]
             if part["type"] == "initrd"], [2])
        tar = subprocess.run(["tar", "-C", path, "-cS", "."], check=True,
                             capture_output=True).stdout
        self.assertLess(len(tar), MIB)
        bundle = self.read()
        self.initrd(tar)
        self.assertEqual(self.read(), bundle)

    def test_standard_input(self):
        data = images.tar(*self.TREE)
        wanted = self.initrd(data)
        self.good(*self.argv("--rootfs", "-"), stdin=images.compressed(data))
        self.assertEqual(self.extract("initrd"), wanted)
        done = tooltest.run("pack", "-k", "-", "--rootfs", "-", "-o", self.out,
                            stdin=inputs.VMLINUX)
        self.assertIn(b"can be read once", done.stderr)
        self.assertEqual(done.returncode, 2)

    def test_initrds_come_behind(self):
        data = images.tar(INIT)
        alone = self.initrd(data)
        more = self.write("more", b"070701 more")
        self.assertEqual(self.initrd(data, "--initrd", more),
                         alone + b"070701 more")


class Refused(RootfsTest):
    """Hostile and broken tars: one line, and nothing is written."""

    def test_names_that_leave_the_root(self):
        for names, says in (
                (["../x"], "leaves the root"),
                (["a/../../x"], "leaves the root"),
                (["a/.."], "leaves the root"),
                (["/etc/passwd"], "is absolute")):
            self.no_rootfs(images.tar(INIT, *[entry(n) for n in names]), says)

    def test_links_that_leave_the_root(self):
        out = link("a/out", "../../outside")
        self.no_rootfs(images.tar(INIT, out, entry("a/out/x")),
                       "leaves the root by a link")
        self.no_rootfs(images.tar(INIT, link("up", ".."), entry("up/x")),
                       "leaves the root by a link")
        self.no_rootfs(images.tar(
            INIT, link("a", "b/../.."), entry("b", None), entry("a/x")),
            "leaves the root by a link")
        # Nothing is written through them: they may be there.
        self.assertEqual(self.files(images.tar(INIT, out))["a/out"][4],
                         b"../../outside")

    def test_links_stay_within(self):
        found = self.files(images.tar(
            INIT, link("var/run", "/run"), entry("var/run/pid", b"1"),
            link("bin", "usr/bin"), entry("bin/tool", b"2")))
        self.assertEqual(found["run/pid"][4], b"1")
        self.assertEqual(found["usr/bin/tool"][4], b"2")
        self.assertEqual(found["var/run"][4], b"/run")

    def test_endless_links(self):
        self.no_rootfs(images.tar(INIT, link("a", "b"), link("b", "a"),
                                  entry("a/x")), "more than 40 links")
        fork = [link(f"l{i}", f"l{i + 1}/../l{i + 1}") for i in range(30)]
        self.no_rootfs(images.tar(INIT, *fork, entry("l30", None),
                                  entry("l0/x")), "l0/x: more than 40 ")
        long = [link(f"s{i}", "./d/../" * 200 + f"s{i + 1}")
                for i in range(30)]
        self.no_rootfs(images.tar(INIT, entry("d", None), *long,
                                  entry("s0/x")), "4096 steps")

    def test_hard_links_to_outside(self):
        for target, says in (("../../etc/shadow", "leaves the root"),
                             ("/etc/shadow", "is absolute"),
                             ("none", "a hard link to none"),
                             ("d", "a hard link to d"),
                             ("up/x", "leaves the root by a link")):
            self.no_rootfs(images.tar(
                INIT, link("up", ".."), entry("d", None),
                hard_link("x", target)), says)

    def test_files_in_the_way(self):
        self.no_rootfs(images.tar(INIT, entry("init/x")), "is no directory")
        self.no_rootfs(images.tar(INIT, device("dev", 1, 2)),
                       "is no directory")

    def test_endless_names(self):
        self.no_rootfs(images.tar(INIT, entry("n" * 256)),
                       "a name of more than 255 bytes")
        self.no_rootfs(images.tar(INIT, entry("d/" * 2100 + "x")),
                       "a path of more than 4095 bytes")
        self.no_rootfs(images.tar(INIT, entry("d/" * 1100 + "x")),
                       "more than 1024 directories deep")
        self.no_rootfs(images.tar(INIT, link("x", "t" * 4096)),
                       "more than 4095 bytes")
        # By a link a path can become longer than any name in the tar.
        deep = "/".join(["n" * 200] * 18)
        self.no_rootfs(images.tar(
            INIT, entry(deep, None), link("l", deep),
            entry("l/" + "/".join(["m" * 200] * 5))), "more than 4095 bytes")

    def test_floods(self):
        self.no_rootfs(images.tar(INIT, *[
            device(f"dev/{i}", 1, i) for i in range(4097)]),
            "more than 4096 devices")
        self.no_rootfs(images.tar(INIT, device("d", 1 << 12, 0)),
                       "must be at most 4095:1048575")
        self.no_rootfs(images.tar(INIT, device("d", 1, 1 << 20)),
                       "must be at most")
        self.no_rootfs(images.tar(INIT, entry("x", uid=1 << 32)),
                       "must have 32 bits")

    def test_flood_of_files(self):
        some = images.compressed(images.tar(entry("x"))[:512] * 4096)
        self.no_rootfs(some * 257, "more than 1048576 files")
        # Each of these names a thousand directories that are not there yet.
        self.no_rootfs(images.compressed(images.tar(INIT, *[
            entry(f"{i}" + "/a" * 1000) for i in range(1060)])),
            "more than 1048576 files")

    def test_bombs(self):
        big = images.entry("big", size=5 << 30)[0].tobuf()
        self.no_rootfs(big + bytes(10240), "more than 4 GiB")
        huge = images.entry("big", size=1 << 62)[0].tobuf()
        self.no_rootfs(huge + bytes(10240), "more than 4 GiB")
        some = images.entry("big", size=3 << 30)[0].tobuf()
        self.no_rootfs(some + bytes(10240), "runcated")

    def test_bombs_that_no_file_has(self):
        """What is skipped takes time, too."""
        for first, style in (
                (entry("x", type=tarfile.LNKTYPE, linkname="init",
                       pax_headers={"comment": "x"}), tarfile.PAX_FORMAT),
                (entry("x", type=b"D", mode=0o755), tarfile.GNU_FORMAT)):
            tar = images.tar(INIT, first, style=style)
            head = bytearray(tar[:tar.rindex(b"x\0\0\0") + 512])
            # The size, which tarfile leaves out; the checksum follows.
            head[-512 + 124:-512 + 136] = b"77777777777\0"
            head[-512 + 148:-512 + 156] = b" " * 8
            head[-512 + 148:-512 + 156] = b"%06o\0 " % sum(head[-512:])
            self.no_rootfs(images.zstd_bomb(bytes(head), 7 << 30),
                           "more than 6 GiB in all, unpacked")

    def test_compressed_twice(self):
        self.no_rootfs(images.compressed(images.compressed(images.tar(INIT))),
                       "no tar archive")

    def test_end_of_an_initrd(self):
        self.no_rootfs(images.tar(INIT, entry("./TRAILER!!!", b"x")),
                       "TRAILER!!!: a name that ends an initrd")
        self.assertIn("d/TRAILER!!!", self.files(
            images.tar(INIT, entry("d/TRAILER!!!", b"x"))))

    def test_no_tar(self):
        self.no_rootfs(b"", "no tar archive")
        self.no_rootfs(b"nonsense" * 1000, "")
        self.no_rootfs(inputs.VMLINUX, "")
        whole = images.tar(INIT, entry("x", bytes(3000)))
        for end in (700, 1400, 5000):
            self.no_rootfs(whole[:end], "")
        self.no_rootfs(images.compressed(whole)[:-20], "")
        self.no_rootfs(self.path("none"), "No such file")

    def test_lines_stay_lines(self):
        done = tooltest.run(*self.argv("--rootfs", self.source(
            images.tar(INIT, entry("../a\n\33[31mb")))))
        self.assertEqual(done.stderr.count(b"\n"), 1)
        self.assertNotIn(b"\33", done.stderr)


class Programs(RootfsTest):
    """Which program Linux starts."""

    TREE = [entry("bin/tool", PROGRAM, mode=0o755), link("bin/sh", "tool"),
            entry("script", b"#!/bin/sh\n", mode=0o755), entry("text")]

    def started(self, found):
        """What the first program is to start, from its own file."""
        mode, uid, gid, _, data = found["init"]
        self.assertEqual((mode, uid, gid), (0o100755, 0, 0))
        return data

    def test_tree_needs_an_init(self):
        self.no_rootfs(images.tar(*self.TREE), "no /init")
        self.no_rootfs(images.tar(entry("init", PROGRAM)),
                       "is no executable file")
        self.no_rootfs(images.tar(link("init", "bin/none")), "no /init")
        arm = inputs.elf([(0x400000, b"code", 4)], 0x400000,
                         machine=inputs.EM_AARCH64)
        self.no_rootfs(images.tar(entry("init", arm, mode=0o755)),
                       "is not for x86_64")

    def test_init_names_a_program(self):
        for path in ("/bin/sh", "/bin/tool", "/script", "/bin/../script"):
            data = self.started(self.files(images.tar(*self.TREE), "--init",
                                           path))
            self.assertTrue(data.startswith(b"\x7fELF"))
            self.assertIn(b"\0" + path.encode() + b"\0/\0" + path.encode() +
                          b"\0PATH=", data)
        for path, says in (("/bin/none", "is not there"),
                           ("/text", "is no executable file"),
                           ("/bin", "is no executable file")):
            self.no_rootfs(images.tar(*self.TREE), says, "--init", path)

    def test_init_itself_is_left_alone(self):
        tree = images.tar(*self.TREE, INIT)
        self.assertEqual(self.files(tree, "--init", "/init")["init"][4],
                         PROGRAM)
        tree = images.tar(*self.TREE, link("init", "bin/tool"))
        self.assertEqual(self.files(tree)["init"][4], b"bin/tool")
        # By the name "init" busybox would be something else.
        self.started(self.files(tree, "--init", "/bin/sh"))

    def test_usage(self):
        tar = self.source(images.tar(INIT))
        for words in (["--init", "/init"],
                      ["--rootfs", tar, "--init", "init"],
                      ["--rootfs", tar, "--rootfs", tar],
                      ["--rootfs", tar, "--init", "/a", "--init", "/b"]):
            self.refused(*self.argv(*words), status=2, says="--")
        self.refused("pack", "--rootfs", tar, "-o", self.out, status=2,
                     says="--kernel")


class Images(RootfsTest):
    """OCI image layouts and archives of `docker save`."""

    BASE = images.tar(
        entry("bin/sh", PROGRAM, mode=0o755), entry("etc/a", b"a"),
        entry("etc/b", b"b"), entry("etc/deep/c", b"c"), link("lib", "usr"),
        entry("usr", None, mode=0o711), entry("srv/x/y", b"y"),
        entry("srv/x/z", b"z"), entry("srv/keep", b"k"))
    CONFIG = {"Entrypoint": ["sh", "-c"], "Cmd": ["echo hello"],
              "Env": ["PATH=/usr/bin:/bin", "A=1 2"], "WorkingDir": "/srv"}

    def layout(self, *layers, config=None):
        return images.Layout().add(
            layers, config=self.CONFIG if config is None else config).tar()

    def applied(self, *entries):
        """The files of the base with this layer upon it, but for what starts
        them."""
        found = self.files(self.layout(self.BASE, images.tar(*entries)))
        return {name for name, (mode, *_) in found.items()
                if mode >> 12 != 4 and name not in ("init", "dev/console")}

    ALL = {"bin/sh", "etc/a", "etc/b", "etc/deep/c", "lib", "srv/x/y",
           "srv/x/z", "srv/keep"}

    def test_whiteouts(self):
        self.assertEqual(self.applied(entry("new")), self.ALL | {"new"})
        self.assertEqual(self.applied(entry("etc/.wh.a")),
                         self.ALL - {"etc/a"})
        self.assertEqual(self.applied(entry("./.wh.etc")),
                         self.ALL - {"etc/a", "etc/b", "etc/deep/c"})
        self.assertEqual(self.applied(entry(".wh.lib"), entry("etc/.wh.no")),
                         self.ALL - {"lib"})

    def test_whiteouts_hide_lower_layers_only(self):
        gone = self.ALL - {"etc/a", "etc/b", "etc/deep/c"}
        for order in (1, -1):
            self.assertEqual(self.applied(*[
                entry("etc/.wh..wh..opq"), entry("etc/b", b"new")][::order]),
                gone | {"etc/b"})
            self.assertEqual(self.applied(*[
                entry(".wh.etc"), entry("etc/deep/new")][::order]),
                gone | {"etc/deep/new"})
        self.assertEqual(self.applied(entry(".wh..wh..opq"), entry("only"),
                                      entry("bin/sh", PROGRAM, mode=0o755)),
                         {"only", "bin/sh"})

    def test_layers_replace(self):
        found = self.files(self.layout(
            self.BASE,
            images.tar(entry("etc/a", b"A", mode=0o600), entry("srv/x", b"f"),
                       entry("usr", None, mode=0o755), entry("lib/so", b"1"),
                       entry("etc/b", None)),
            images.compressed(images.tar(hard_link("etc/c", "etc/a")))))
        self.assertEqual(found["etc/a"], (0o100600, 0, 0, 2, b"A"))
        self.assertEqual(found["etc/c"], found["etc/a"])
        self.assertEqual(found["srv/x"], (0o100644, 0, 0, 1, b"f"))
        self.assertNotIn("srv/x/y", found)
        self.assertEqual(found["usr"][0], 0o40755)
        self.assertEqual(found["usr/so"][4], b"1")
        self.assertEqual(found["etc/b"][0], 0o40755)

    def test_layers_cannot_leave(self):
        for entries, says in (
                ([entry("up/x")], "leaves the root by a link"),
                ([entry("../.wh.x")], "leaves the root"),
                ([entry(".wh...")], "leaves the root"),
                ([entry("etc/.wh...")], "leaves the root"),
                # The directory itself would be what is hidden.
                ([entry("etc/.wh.")], "hides no name"),
                ([entry("etc/.wh..")], "hides no name"),
                ([entry("up/.wh.x")], "leaves the root by a link"),
                ([hard_link("x", "up/etc")], "leaves the root by a link")):
            self.no_rootfs(self.layout(images.tar(link("up", "../..")),
                                       images.tar(*entries)), says)

    def test_tars_have_no_whiteouts(self):
        found = self.files(images.tar(INIT, entry("x"), entry(".wh.x")))
        self.assertIn("x", found)
        self.assertIn(".wh.x", found)

    def test_program_of_the_image(self):
        data = self.files(self.layout(self.BASE))["init"][4]
        self.assertIn(b"\0/bin/sh\0/srv\0sh\0-c\0echo hello\0"
                      b"PATH=/usr/bin:/bin\0A=1 2\0", data + b"\0")
        data = self.files(self.layout(self.BASE), "--init",
                          "/bin/sh")["init"][4]
        self.assertIn(b"\0/bin/sh\0/srv\0/bin/sh\0PATH=", data)
        found = self.files(self.layout(self.BASE, config={
            "Cmd": ["./run"], "WorkingDir": "/new/dir"}), "--init", "/bin/sh")
        self.assertEqual(found["new/dir"][0], 0o40755)
        for config, says in (({}, "no /init"),
                             ({"Cmd": ["none"]}, "not in its PATH"),
                             ({"Cmd": ["/none"]}, "is not there"),
                             ({"Cmd": ["./run"]}, "is not there"),
                             ({"Cmd": "sh"}, "must be a list"),
                             ({"Cmd": [1]}, "no text"),
                             ({"Cmd": ["sh"] * 1025}, "more than 1024"),
                             ({"Cmd": ["no"], "Env": ["PATH=" + "bin:" * 257]},
                              "PATH: more than 256 places"),
                             ({"Cmd": ["sh", "x" * 300000]}, "bytes")):
            self.no_rootfs(self.layout(self.BASE, config=config), says)

    def test_user_is_warned_of(self):
        path = self.source(self.layout(self.BASE, config={
            "Cmd": ["sh"], "User": "nobody"}))
        done = tooltest.run(*self.argv("--rootfs", path))
        self.assertIn(b"User nobody", done.stderr)

    def test_image_whose_program_is_init(self):
        path = self.source(self.layout(self.BASE, images.tar(INIT), config={
            "Entrypoint": ["/init"], "Env": ["PATH=/bin"], "Cmd": ["x"]}))
        done = tooltest.run(*self.argv("--rootfs", path))
        self.assertIn(b"Linux starts it itself", done.stderr)
        found = images.read_cpio(self.extract("initrd"))
        self.assertEqual(found["init"][4], PROGRAM)

    def test_layout_as_directory_and_tar(self):
        layout = images.Layout().add([self.BASE], config=self.CONFIG)
        first = self.initrd(layout.tar())
        self.assertEqual(self.initrd(layout.write(self.path("layout"))),
                         first)
        docker = images.saved(([self.BASE], "x86_64", self.CONFIG))
        self.assertEqual(self.initrd(docker), first)
        self.assertEqual(self.initrd(images.compressed(docker)), first)

    def test_architecture_is_the_kernels(self):
        program = inputs.elf([(0x400000, b"code", 4)], 0x400000,
                             machine=inputs.EM_AARCH64)
        other = images.tar(entry("arm", program, mode=0o755))
        config = {"Cmd": ["/arm"]}
        both = images.Layout().add([self.BASE], config=self.CONFIG)
        both.add([other], "aarch64", config)
        both.add([b"an attestation"], "unknown")
        docker = images.saved(([self.BASE], "x86_64", self.CONFIG),
                              ([other], "aarch64", config))
        bare = images.Layout().add([self.BASE], config=self.CONFIG,
                                   platform=False)
        bare.add([other], "aarch64", config, platform=False)
        nested = images.Layout()
        nested.add([self.BASE], config=self.CONFIG)
        nested.add([other], "aarch64", config)
        index = images.to_json({"manifests": nested.manifests})
        nested.manifests = [nested.blob(images.INDEX, index)]
        for image in (both.tar(), docker, bare.tar(), nested.tar()):
            self.assertIn("etc/a", self.files(image))
            self.assertIn("arm", self.files(image,
                                            kernel=self.arm_kernel()))
        self.no_rootfs(images.Layout().add([other], "aarch64").tar(),
                       "none for linux/amd64")
        self.no_rootfs(images.saved(([other], "aarch64", config)),
                       "none for linux/amd64")

    def test_one_image_only(self):
        two = images.Layout().add([self.BASE], config=self.CONFIG)
        two.add([self.BASE], config=self.CONFIG)
        self.files(two.tar()) # The same image by two names.
        two.add([images.tar(INIT)], config=self.CONFIG)
        self.no_rootfs(two.tar(), "several for amd64")
        self.no_rootfs(images.saved(([self.BASE], "x86_64", {}),
                                    ([self.BASE], "x86_64", {"Cmd": ["sh"]})),
                       "several for amd64")

    def test_damage(self):
        layout = images.Layout().add([self.BASE], config=self.CONFIG)
        for name in layout.files:
            if name == "oci-layout":
                continue
            whole = layout.files[name]
            middle = len(whole) // 2
            for wrong in (whole[:middle] + b"!" + whole[middle + 1:],
                          whole[:-1], whole + b" ", b""):
                layout.files[name] = wrong
                self.no_rootfs(layout.tar(), "image: sha256:")
            layout.files[name] = whole
        docker = images.saved(([self.BASE], "x86_64", self.CONFIG))
        self.no_rootfs(docker.replace(b"hello", b"HELLO"), "damaged")
        self.no_rootfs(docker.replace(b"etc/a", b"etc/d"), "damaged")

    def test_wrong_indexes(self):
        def layout(**members):
            made = images.Layout().add([self.BASE], config=self.CONFIG)
            made.manifests[0].update(members)
            return made

        for members, says in (({"digest": "sha512:00"}, "must be of SHA-256"),
                              ({"digest": "sha256:" + "../" * 22},
                               "must be of SHA-256"),
                              ({"digest": None}, "must be of SHA-256"),
                              ({"digest": "sha256:" + "0" * 64}, "not there"),
                              ({"size": 3}, "is not its size"),
                              ({"size": "x"}, "is not its size")):
            self.no_rootfs(layout(**members).tar(), says)
        for text, says in ((b"{", "index.json: no JSON: fault in line 1"),
                           (b'{"a":1,"a":2}', "no JSON"),
                           (b"[" * 3000 + b"]" * 3000, "no JSON"),
                           (b'{"manifests": {}}', "must be a list"),
                           (b"[]", "none for linux/amd64"),
                           (b" " * (9 << 20), "more than 8 MiB")):
            files = {**layout().all_files(), "index.json": text}
            self.no_rootfs(images.tar(*[entry(*pair)
                                        for pair in files.items()]), says)

    def test_endless_indexes(self):
        made = images.Layout().add([self.BASE], config=self.CONFIG)
        for _ in range(5):
            index = images.to_json({"manifests": made.manifests})
            made.manifests = [made.blob(images.INDEX, index)]
        self.no_rootfs(made.tar(), "index within index")
        made = images.Layout().add([self.BASE], config=self.CONFIG)
        for _ in range(3):
            index = images.to_json({"manifests": made.manifests * 11})
            made.manifests = [made.blob(images.INDEX, index)]
        self.no_rootfs(made.tar(), "more than 100 manifests")
        made = images.Layout().add([self.BASE] * 513, config=self.CONFIG)
        self.no_rootfs(made.tar(), "more than 512 layers")

    def test_flood_of_json(self):
        """What is named often is parsed as often."""
        long = images.Layout()
        config = long.blob(images.CONFIG, images.to_json(
            {"architecture": "arm64", "os": "linux"}) + b" " * (1 << 20))
        long.manifests = [long.blob(images.MANIFEST, images.to_json(
            {"config": config}))] * 9
        self.no_rootfs(long.tar(), "more than 8 MiB of JSON in all")

    def test_flood_of_layers(self):
        """What is named often is not summed as often."""
        zeros = bytes(64 * MIB)
        layout, saved = images.repeated(self.BASE, zeros, 500, self.CONFIG)
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        self.files(images.compressed(layout))
        after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        self.assertLess(after - before, 20)
        self.no_rootfs(images.compressed(saved), "more than 4 GiB of layers")

    def test_other_manifests_are_files(self):
        self.files(images.tar(INIT, entry("manifest.json", b"".join([
            b'[{"Config": "x", "Layers": []}', b" " * (8 << 20), b"]"]))))
        for text in (b"{}", b"[]", b"no JSON", b'[{"Config": "x"}]'):
            self.files(images.tar(INIT, entry("manifest.json", text)))
        self.no_rootfs(images.tar(INIT, entry(
            "manifest.json", b'[{"Config": "x", "Layers": []}]')),
            "x: is not there")
