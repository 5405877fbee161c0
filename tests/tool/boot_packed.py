#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Boots what the host tool packs, under QEMU, and asks the guest.

usage: boot_packed.py BUILD_DIRECTORY [--forms | --kaslr-boots N |
       --table KERNEL...]

BUILD_DIRECTORY holds the tool, the blobs and kernels/, which
scripts/fetch-kernels.sh makes. --forms boots Debian's kernels from each form
that pack takes: bzImage by compression, Image, packed Image, zboot, vmlinux; and
in the least RAM; and a pinned ROM, with the bundle it is for and without. That
suite is part of `make test`. --kaslr-boots counts how many of N boots at
random addresses come up, and is a test of its own. So is --table: it packs and
boots these kernels by each compression and prints what each file is, and what
it becomes. --qemu-x86_64 and --qemu-aarch64 name other emulators. Ends with "N
passed, N failed, N skipped".
"""
import argparse
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import inputs  # noqa: E402

INIT = b"""#!/bin/busybox sh
bb=/bin/busybox
$bb mount -t proc proc /proc
echo "GUEST text $($bb sed -n 's/ . _text$//p' /proc/kallsyms)"
echo "GUEST code $($bb sed -n 's/^ *\\(.*\\) : Kernel code/\\1/p' /proc/iomem)"
echo "GUEST initrd $($bb cat /more)"
$bb poweroff -f
"""
# How to start a guest, by architecture; what Debian calls it.
MACHINES = {
    "x86_64": (["-M", "q35"], "ttyS0", "amd64"),
    "aarch64": (["-M", "virt", "-cpu", "cortex-a72"], "ttyAMA0", "arm64"),
}
# Where a pin is checked without instructions for SHA-256, and with them; that
# max has SHA-NI needs QEMU 8.2 or so. Of AArch64 all have them.
PIN_CPUS = {
    "x86_64": ["qemu64", "max"],
    "aarch64": ["max"],
}
LINKED = "ffffffff81000000"
TIMEOUT = 120


def cpio(entries):
    """entries: (name, mode, bytes); "newc" of cpio(5)."""
    out = b""
    for name, mode, data in [*entries, ("TRAILER!!!", 0, b"")]:
        name = name.encode() + b"\0"
        fields = (0, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name), 0)
        out += b"070701" + b"".join(b"%08x" % field for field in fields)
        out += name + bytes(-(110 + len(name)) % 4)
        out += data + bytes(-len(data) % 4)
    return out


class Boots:
    def __init__(self, build, directory, qemu):
        self.build, self.directory, self.qemu = build, directory, qemu
        self.counts = {"ok": 0, "FAIL": 0, "skip": 0}
        self.tool = os.path.join(build, "directboot")
        self.initrds = {}
        self.make_initrd("x86_64")
        self.make_initrd("aarch64")
        self.second = self.write("second", cpio([("more", 0o100644,
                                                  b"second one")]))

    def make_initrd(self, arch):
        if arch in self.initrds:
            return self.initrds[arch]
        path = "kernels/busybox-%s/busybox" % MACHINES[arch][2]
        with open(os.path.join(self.build, path), "rb") as file:
            init = [("bin", 0o40755, b""), ("proc", 0o40755, b""),
                    ("dev", 0o40755, b""),
                    ("bin/busybox", 0o100755, file.read()),
                    ("init", 0o100755, INIT)]
        self.initrds[arch] = self.write("first-" + arch, cpio(init))
        return self.initrds[arch]

    def write(self, name, data):
        path = os.path.join(self.directory, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def report(self, name, problem, start, what=""):
        word = "FAIL" if problem else "ok"
        self.counts[word] += 1
        print("%-4s %s %.1f s %s" % (word, name, time.time() - start,
                                     problem or what), flush=True)

    def pack(self, name, *argv):
        path = os.path.join(self.directory, name)
        subprocess.run([self.tool, "pack", "-o", path, *argv], check=True,
                       stdout=subprocess.DEVNULL)
        return path

    def pack_guest(self, name, cmdline, *argv, arch="x86_64"):
        console, debian = MACHINES[arch][1:]
        kernel = "kernels/cloud-%s/vmlinuz" % debian
        return self.pack(name, "-k", os.path.join(self.build, kernel),
                         "-i", self.initrds[arch], "-i", self.second,
                         "-c", "console=%s %s" % (console, cmdline), *argv)

    def boot(self, rom, *argv, until=None, arch="x86_64"):
        """What the guest says: a dictionary, and all of the text."""
        process = subprocess.Popen(
            [*self.qemu[arch], *MACHINES[arch][0], "-m", "1G", "-nodefaults",
             "-display", "none", "-serial", "stdio", "-no-reboot", "-bios",
             rom, *argv], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        text, end = "", time.time() + TIMEOUT
        os.set_blocking(process.stdout.fileno(), False)
        while time.time() < end and (until is None or until not in text):
            part = process.stdout.read()
            if part == b"":
                break
            text += (part or b"").decode(errors="replace")
            time.sleep(0.05)
        process.kill()
        process.wait()
        return dict(re.findall(r"^GUEST (\w+) (.*?)\r?$", text, re.M)), text

    def check_guest(self, name, rom, *argv, arch="x86_64"):
        start = time.time()
        said, text = self.boot(rom, *argv, arch=arch)
        problem = ""
        if said.get("initrd") != "second one" or "code" not in said:
            problem = "said %s; console ends %r" % (said, text[-200:])
        self.report(name, problem, start, said.get("text", ""))
        return said

    def test_compressions(self):
        for name, argv in (
                ("none", ["--compress", "none"]),
                ("lz4", ["--compress", "lz4"]),
                ("zstd", ["--compress", "zstd"]),
                ("auto", []),
                ("bzimage", ["--keep-bzimage"]),
                ("bzimage-zstd", ["--keep-bzimage", "--compress", "zstd"])):
            self.check_guest(name, self.pack_guest("rom", "quiet", *argv))

    def test_kaslr(self):
        start = time.time()
        rom = self.pack_guest("rom", "quiet")
        said = [self.boot(rom)[0] for _ in range(2)]
        texts = [one.get("text") for one in said]
        codes = [one.get("code") for one in said]
        problem = ""
        if None in texts or texts[0] == texts[1] or LINKED in texts:
            problem = "virtual addresses %s" % texts
        elif codes[0] == codes[1]:
            problem = "physical addresses %s" % codes
        self.report("kaslr", problem, start, " ".join(texts))
        rom = self.pack_guest("rom", "quiet nokaslr")
        said = self.check_guest("nokaslr", rom)
        self.report("nokaslr-address", "" if said.get("text") == LINKED
                    else "%s is not %s" % (said.get("text"), LINKED), start)

    def test_pin(self, arch):
        bundle, other = [
            self.pack_guest("%s-%s" % (cmdline, arch), cmdline,
                            "--output-format", "bundle", arch=arch)
            for cmdline in ("quiet", "loud")]
        rom = self.pack("pinned-" + arch, "--pin", bundle)
        for cpu in PIN_CPUS[arch]:
            self.check_pin(arch, ["-cpu", cpu], rom, bundle, other)

    def check_pin(self, arch, cpu, rom, bundle, other):
        where = " %s %s" % (arch, cpu[-1])
        item = "name=opt/directboot/bundle,file="
        self.check_guest("pin" + where, rom, *cpu, "-fw_cfg", item + bundle,
                         arch=arch)
        for name, argv, wanted in (
                ("pin-other", ["-fw_cfg", item + other], "is another"),
                ("pin-none", [], "pin: the VMM gives no bundle")):
            start = time.time()
            text = self.boot(rom, *cpu, *argv, until=wanted, arch=arch)[1]
            self.report(name + where, "" if wanted in text else repr(text),
                        start)

    def test_kaslr_boots(self, count):
        start = time.time()
        rom = self.pack_guest("rom", "quiet")
        texts = [self.boot(rom)[0].get("text") for _ in range(count)]
        good = [text for text in texts if text]
        self.report("kaslr-boots", "" if len(good) == count else
                    "only %d of %d came up" % (len(good), count), start,
                    "%d of %d, %d addresses" % (len(good), count,
                                                len(set(good))))

    def forms(self):
        """Yields (name, architecture, path of a file to pack)."""
        folder = os.path.join(self.build, "kernels/cloud-")
        images = {}
        for path in ("amd64/vmlinuz", "amd64/vmlinux", "arm64/vmlinuz"):
            with open(folder + path, "rb") as file:
                images[path] = file.read()
        bzimage, vmlinux, image = images.values()
        for kind, packer in inputs.FAST_PACKERS.items():
            data = inputs.exchange_payload(bzimage, vmlinux, packer)
            yield "bzImage " + kind, "x86_64", data
        yield "vmlinux", "x86_64", vmlinux
        yield "Image", "aarch64", image
        for name, data in inputs.packed_images(image, ("gzip", "zstd")):
            yield name, "aarch64", data

    def test_form(self, name, arch, data):
        start = time.time()
        if data is None:
            self.counts["skip"] += 1
            print("skip %s: no program packs it" % name, flush=True)
            return
        kernel = self.write("kernel " + name, data)
        rom = self.pack("rom " + name, "-k", kernel, "-i",
                        self.make_initrd(arch), "-i", self.second, "-c",
                        "quiet console=" + MACHINES[arch][1], "--compress",
                        "none")
        os.remove(kernel)
        said, text = self.boot(rom, arch=arch)
        os.remove(rom)
        good = said.get("initrd") == "second one"
        self.report(name, "" if good else "console ends %r" % text[-200:],
                    start)

    def test_ram(self, arch, *argv):
        """What `show` says of RAM: with it Linux starts, with less not."""
        start = time.time()
        name = "ram %s %s" % (arch, argv[-1])
        kernel = "kernels/cloud-%s/vmlinuz" % MACHINES[arch][2]
        rom = self.pack(name, "-k", os.path.join(self.build, kernel), "-i",
                        self.make_initrd(arch), "-c",
                        "earlycon earlyprintk=ttyS0", *argv)
        shown = json.loads(subprocess.run(
            [self.tool, "show", "--json", rom], check=True,
            stdout=subprocess.PIPE).stdout)
        mib = -(-shown["ram_size"] // (1 << 20))
        problem = ""
        for size, wanted in (mib, "Linux version"), (mib - 1, "free RAM"):
            text = self.boot(rom, "-m", "%dM" % size, arch=arch,
                             until=wanted)[1]
            if wanted not in text:
                problem = "with %d MiB %r" % (size, text[-200:])
        self.report(name, problem, start, "%d MiB" % mib)

    def test_forms(self, jobs):
        tests = [(self.test_ram, arch, *argv) for arch, *argv in (
            ("x86_64", "--compress", "lz4"), ("x86_64", "--keep-bzimage"),
            ("aarch64", "--compress", "lz4"),
            ("aarch64", "--compress", "none"))]
        tests += [(self.test_pin, arch) for arch in MACHINES]
        tests += [(self.test_form, *form) for form in self.forms()]
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            for done in [pool.submit(*test) for test in tests]:
                done.result()

    def test_table(self, kernels):
        for kernel in kernels:
            shown = json.loads(subprocess.run(
                [self.tool, "show", "--json", kernel], check=True,
                stdout=subprocess.PIPE).stdout)
            arch, size = shown["arch"], os.path.getsize(kernel)
            print("     %s: %s, %s, %d bytes" % (
                os.path.basename(kernel), shown["version"].split()[0],
                shown["kernel"], size), flush=True)
            ways = [[], ["--compress", "none"], ["--compress", "zstd"]]
            if shown["kernel"].startswith("bzImage"):
                ways.append(["--keep-bzimage"])
            for way in ways:
                self.test_row(kernel, arch, way)

    def test_row(self, kernel, arch, way):
        start = time.time()
        parts = [self.make_initrd(arch), self.second]
        rom = self.pack("rom", "-k", kernel, "-i", parts[0], "-i", parts[1],
                        "-c", "quiet console=" + MACHINES[arch][1], *way)
        alone = self.pack("alone", "-k", kernel, *way)
        said, text = self.boot(rom, arch=arch)
        good = said.get("initrd") == "second one"
        self.report("%s %s" % (os.path.basename(kernel),
                               way[-1] if way else "auto"),
                    "" if good else "console ends %r" % text[-200:], start,
                    "%d bytes" % os.path.getsize(alone))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build")
    parser.add_argument("--forms", action="store_true")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--kaslr-boots", type=int, default=0)
    parser.add_argument("--table", nargs="+", metavar="KERNEL")
    for arch in MACHINES:
        parser.add_argument("--qemu-" + arch, default="qemu-system-" + arch)
    args = parser.parse_args()
    qemu = {arch: getattr(args, "qemu_" + arch).split() for arch in MACHINES}
    with tempfile.TemporaryDirectory() as directory:
        boots = Boots(args.build, directory, qemu)
        if args.forms:
            boots.test_forms(args.jobs)
        elif args.table:
            boots.test_table(args.table)
        elif args.kaslr_boots:
            boots.test_kaslr_boots(args.kaslr_boots)
        else:
            boots.test_compressions()
            boots.test_kaslr()
            for arch in MACHINES:
                boots.test_pin(arch)
    print("%(ok)d passed, %(FAIL)d failed, %(skip)d skipped" % boots.counts)
    sys.exit(boots.counts["FAIL"] != 0)


if __name__ == "__main__":
    main()
