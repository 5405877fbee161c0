# SPDX-License-Identifier: BSD-2-Clause
"""The Debian package that `make deb` makes."""
import gzip
import re
import shutil
import subprocess
import tarfile

from lib import guest, vmm
from package import packagetest

SECONDS = 120
PROGRAMS = [f"directboot-{arch}{end}" for arch in ("aarch64", "x86_64")
            for end in ("-igvm.bin", ".init", ".rom")]
FILES = {
    "usr/bin/directboot": 0o755,
    "usr/share/bash-completion/completions/directboot": 0o644,
    **{f"usr/share/directboot/{name}": 0o644 for name in PROGRAMS},
    "usr/share/doc/directboot/changelog.gz": 0o644,
    "usr/share/doc/directboot/copyright": 0o644,
    "usr/share/doc/directboot/examples/aarch64.xml": 0o644,
    "usr/share/doc/directboot/examples/x86_64.xml": 0o644,
    "usr/share/lintian/overrides/directboot": 0o644,
    "usr/share/man/man1/directboot.1.gz": 0o644,
    "usr/share/man/man7/directboot.7.gz": 0o644,
}
LIBRARIES = {"libarchive13", "libbz2-1.0", "libc6", "libfdt1", "libjansson4",
             "liblz4-1", "liblzma5", "liblzo2-2", "libzstd1", "zlib1g"}
MACHINES = {"x86_64": ("qemu-q35", "ttyS0"),
            "aarch64": ("qemu-virt", "ttyAMA0")}


class Deb(packagetest.PackageTest):
    def unpack(self):
        self.good("dpkg-deb", "-R", self.package(), self.path("root"))
        return self.path("root")

    def field(self, name):
        return self.good("dpkg-deb", "-f", self.package(), name).strip()

    def test_two_builds_are_equal(self):
        self.assertEqual(self.read(self.package()),
                         self.read(self.package("deb-again")))

    def test_lintian_says_nothing(self):
        if not shutil.which("lintian"):
            self.skipTest("lintian is not installed")
        self.assertEqual(self.good("lintian", "--allow-root", "--info",
                                   "--display-info", "--pedantic",
                                   self.package()), "")

    def test_has_these_files_and_no_other(self):
        time = int(self.good("dpkg-parsechangelog", "-l",
                             "scripts/deb/changelog", "-S", "Timestamp"))
        archive = self.path("tar")
        with open(archive, "wb") as file:
            subprocess.run(["dpkg-deb", "--fsys-tarfile", self.package()],
                           stdout=file, check=True)
        with tarfile.open(archive) as tar:
            members = tar.getmembers()
        self.assertEqual({member.name.removeprefix("./"): member.mode
                          for member in members if not member.isdir()}, FILES)
        for member in members:
            self.assertEqual((member.uname, member.gname, member.mtime),
                             ("root", "root", time), member.name)
            self.assertTrue(member.isfile() or
                            member.isdir() and member.mode == 0o755)

    def test_files_are_those_of_the_build(self):
        share = f"{self.unpack()}/usr/share"
        for name in PROGRAMS:
            self.assertEqual(self.read(f"{share}/directboot/{name}"),
                             self.read(f"{self.context.build}/{name}"))
        for section in (1, 7):
            page = f"man/man{section}/directboot.{section}.gz"
            self.assertEqual(
                gzip.decompress(self.read(f"{share}/{page}")),
                self.source(f"payload/directboot.{section}"))
        for arch in MACHINES:
            self.assertEqual(
                self.read(f"{share}/doc/directboot/examples/{arch}.xml"),
                self.source(f"scripts/libvirt/{arch}.xml"))

    def test_sums_are_right(self):
        root = self.unpack()
        lines = self.good("sh", "-c", f"cd {root} && md5sum -c DEBIAN/md5sums")
        self.assertEqual(set(lines.splitlines()),
                         {f"{name}: OK" for name in FILES})

    def test_control_says_what_it_needs(self):
        self.assertEqual(self.field("Package"), "directboot")
        self.assertEqual(
            self.field("Architecture"),
            self.good("dpkg", "--print-architecture").strip())
        self.assertEqual(set(re.findall(r"[\w.+-]+(?= \(|,|$)",
                                        self.field("Depends"))), LIBRARIES)

    def test_version_is_that_of_the_tool(self):
        said = self.good(f"{self.unpack()}/usr/bin/directboot", "--version")
        self.assertEqual(self.field("Version"),
                         re.match(r"directboot ([\d.]+),", said)[1])

    def test_licence_is_ours(self):
        text = self.read(f"{self.unpack()}/usr/share/doc/directboot/copyright"
                         ).decode()
        for line in self.source("LICENSE").decode().splitlines()[4:]:
            self.assertIn(f"\n {line or '.'}\n", text)

    def boots(self, arch):
        """What it packs without --blob comes up, and powers off."""
        machine, console = MACHINES[arch]
        flavour = f"cloud-{guest.DEBIAN[arch]}"
        guest.make_initrd(self.context, flavour, self.path("initrd"))
        self.good(f"{self.unpack()}/usr/bin/directboot", "pack",
                  "-k", guest.kernel(self.context, flavour),
                  "-i", self.path("initrd"), "-o", self.path("rom"),
                  "-c", f"console={console} quiet db.cpus=1 db.end=poweroff")
        done = vmm.run([f"{self.context.root}/scripts/vmm.sh", machine,
                        self.path("rom")], self.dir.name, SECONDS,
                       is_stdout=True)
        self.assertIn("CHECK cpus ok", done.console, done.errors)
        self.assertEqual(done.status, 0, done.console)

    def test_boots_x86_64(self):
        self.boots("x86_64")

    def test_boots_aarch64(self):
        self.boots("aarch64")
