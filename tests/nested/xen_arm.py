# SPDX-License-Identifier: BSD-2-Clause
"""Xen on AArch64, without dom0: it starts a domain that the device tree tells.

The tree is QEMU's, with the domain in /chosen as Xen's docs/features/
dom0less.pandoc has it. QEMU loads the file of the case next to Xen.
"""
import os
import re
import subprocess

from boot import trees
from lib import vmm

PACKAGE = "xen-hypervisor-4.17-arm64"
XEN = "boot/xen-4.17-arm64"
# Away from where Xen itself is loaded.
FILE_PADDR = 0x60000000
QEMU = ["-accel", "tcg", "-cpu", "cortex-a57", "-m", "2G"]
MACHINE = ["-machine", "virt,virtualization=on,gic-version=3"]
XEN_OPTIONS = "console=dtuart dtuart=/pl011@9000000 bootscrub=0"
PREFIX = re.compile(r"^\(XEN\) DOM1: ", re.M)


def fetch(context):
    """Xen's file."""
    directory = f"{context.build}/nested/{PACKAGE}"
    subprocess.run([f"{context.root}/scripts/fetch-debs.sh", "arm64",
                    directory, PACKAGE], check=True,
                   env={**os.environ, "DEPENDS": ""})
    return f"{directory}/{XEN}"


def make_tree(words, boot):
    """QEMU's tree with the domain in it."""
    case, tree = boot.case, f"{boot.work}/xen.dtb"
    trees.call(*words, *MACHINE[:-1], f"{MACHINE[-1]},dumpdtb={tree}.qemu")
    trees.call("dtc", "-q", "-I", "dtb", "-O", "dtb", "-o", tree,
               f"{tree}.qemu")
    domain = "/chosen/domU1"
    module = f"{domain}/module@{FILE_PADDR:x}"
    trees.call("fdtput", "-c", tree, domain, module)
    texts = {("/chosen", "xen,xen-bootargs"): [XEN_OPTIONS],
             (domain, "compatible"): ["xen,domain"],
             # The domain's tree has /hypervisor.
             (domain, "xen,enhanced"): ["no-xenstore"],
             (module, "compatible"): ["multiboot,kernel", "multiboot,module"]}
    numbers = {(domain, "#address-cells"): [2], (domain, "#size-cells"): [2],
               (domain, "cpus"): [case.smp],
               (domain, "memory"): [0, case.mem << 10],
               (domain, "vpl011"): [],
               (module, "reg"): [0, FILE_PADDR, 0, os.path.getsize(boot.rom)]}
    for (node, name), values in texts.items():
        trees.call("fdtput", "-t", "s", tree, node, name, *values)
    for (node, name), values in numbers.items():
        trees.call("fdtput", "-t", "x", tree, node, name,
                   *[f"{value:x}" for value in values])
    return tree


def write_run(boot, context):
    """No script: QEMU's command line is all."""
    boot.make_payload()
    words = [*vmm.headless(context.qemu("aarch64")), *QEMU]
    boot.words = [*words, *MACHINE, *vmm.serial_file(boot.work),
                  "-kernel", fetch(context), "-dtb", make_tree(words, boot),
                  *vmm.loader(boot.rom, FILE_PADDR)]


class Run(vmm.Vmm):
    """One run: Xen goes on when its only domain has powered off."""

    def console(self):
        return PREFIX.sub("", super().console())

    def status(self):
        if "reboot: Power down" in super().console():
            return 0
        return super().status()


class Machine:
    """Starts Xen for each run."""

    def __init__(self, boots):
        self.boots = boots

    def start_run(self, name):
        boot = self.boots[name]
        return Run(boot.words, boot.work)

    def stop(self):
        """Nothing of it goes on."""
