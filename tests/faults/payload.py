# SPDX-License-Identifier: BSD-2-Clause
"""What a row boots, and how QEMU is given it.

The small kernels of tests/guest check how they are entered and end QEMU; with
kernel=cloud it is Debian's.
"""
import os
import subprocess

from faults import nbd, trees
from lib import bundles, guest, vmm
from refusals import aarch64

HERE = os.path.dirname(os.path.abspath(__file__))

SMALL = {"x86_64": "handoff.elf", "aarch64": "image.bin"}
CONSOLE = {"x86_64": "ttyS0", "aarch64": "ttyAMA0"}
INITRD = b"initrd: " * 1024  # handoff.S looks for it, and for the words
CMDLINE = "handoff"
DISKS = {"ide": "ide-hd", "blk": "virtio-blk-pci",
         "mmio": "virtio-blk-device"}
PLACE, TREE = 0x40200000, 0x4fe00000  # in a machine with 256 MiB


def assemble(path):
    """serror.S, as the bytes that QEMU's loader places."""
    subprocess.run(["aarch64-linux-gnu-gcc", "-c", f"{HERE}/serror.S", "-o",
                    f"{path}.o"], check=True)
    subprocess.run(["aarch64-linux-gnu-objcopy", "-O", "binary", "-j", ".text",
                    f"{path}.o", path], check=True)


class Payload:
    """The parts of a row's payload, and the files made of them in `work`."""

    def __init__(self, case, context, work):
        self.case, self.context, self.work = case, context, work
        self.blob = context.firmware(case.arch)
        if case.get("kernel") == "cloud":
            flavour = f"cloud-{guest.DEBIAN[case.arch]}"
            self.kernel = guest.kernel(context, flavour)
            self.initrd = f"{context.build}/guest/{flavour}.cpio"
            self.cmdline = f"console={CONSOLE[case.arch]}"
        else:
            self.kernel = f"{context.build}/guest/{SMALL[case.arch]}"
            self.initrd = vmm.write(work, "initrd", INITRD)
            self.cmdline = CMDLINE

    def pack(self, name, *options):
        words = [*self.case.split("pack"), *options]
        if self.case.expected.wants_ledger:
            words.append("--verbose")
        def make(path):
            return self.context.pack(path, self.kernel, "--initrd",
                                     self.initrd, "--cmdline", self.cmdline,
                                     *words)

        if "kernel" not in self.case:
            return make(f"{self.work}/{name}")
        # Packing Debian's kernel takes some seconds.
        return self.context.once("-".join(
            [self.case.arch, *map(os.path.basename, words)]), make)

    def bundle(self):
        return self.pack("bundle", "--output-format", "bundle")

    def pinned(self):
        bundle = self.bundle()
        rom = f"{self.work}/pinned"
        form = {"x86_64": "elf", "aarch64": "image"}[self.case.arch]
        subprocess.run([self.context.tool, "pack", "--pin", bundle,
                        "--output-format", form, "--blob", self.blob, "-o",
                        rom], check=True,
                       capture_output=True, text=True)
        return rom, bundle

    def disk(self):
        """The bytes of a disk with the bundle."""
        with open(self.pack("disk", "--output-format", "disk"),
                  "rb") as file:
            return file.read()

    # ---- forms

    def none(self):
        return ["-bios", self.blob]

    def packed(self):
        return self.pack("rom", "--blob", self.blob)

    def rom(self):
        return ["-bios", self.packed()]

    def fwcfg(self):
        kernel = self.kernel
        if self.case.arch == "x86_64":  # QEMU wants a note in it
            kernel = vmm.write(self.work, "kernel", bundles.elf())
        return ["-bios", self.blob, "-kernel", kernel, "-initrd",
                self.initrd, "-append", self.cmdline]

    def item(self):
        return ["-bios", self.blob, "-fw_cfg",
                f"name=opt/directboot/bundle,file={self.bundle()}"]

    def pinned_kernel(self):
        """A pinned file and its bundle, as a kernel and its initrd."""
        rom, bundle = self.pinned()
        return ["-kernel", rom, "-initrd", bundle]

    def on_disk(self):
        return ["-bios", self.blob, *nbd.options(
            nbd.path_in(self.work), DISKS[self.case["form"]])]

    def tree(self):
        """The packed file in RAM, and a tree with the row's faults at x0."""
        tree = trees.build(self.case.get("tree"),
                           self.context.qemu(self.case.arch), self.work)
        return self.entered_by(aarch64.stub(TREE, PLACE)) + \
            vmm.loader(tree, TREE)

    def serror(self):
        """The packed file in RAM, entered at EL1 with an SError pending."""
        with open(self.context.once("serror.bin", assemble), "rb") as file:
            return self.entered_by(file.read())

    def entered_by(self, code):
        return aarch64.entered_by(code, self.work) + \
            vmm.loader(self.packed(), PLACE)

    FORMS = {"none": none, "rom": rom, "fwcfg": fwcfg, "item": item,
             "pinned-kernel": pinned_kernel, "ide": on_disk, "blk": on_disk,
             "mmio": on_disk, "tree": tree, "serror": serror}

    def options(self):
        return self.FORMS[self.case["form"]](self)
