# SPDX-License-Identifier: BSD-2-Clause
"""A nested case: a case of suite boot, by another accelerator or VMM."""
import os

from boot import case as boot_case
from lib import table

HERE = os.path.dirname(os.path.abspath(__file__))
# On AArch64, too.
UART_8250_KINDS = ["kvmtool", "kvmtool-firmware", "firecracker", "crosvm",
                   "crosvm-firmware"]
QEMU_KINDS = ["pc", "q35", "microvm", "virt"]


class Case(boot_case.Case):
    accel = "kvm"
    out = "nested/out"

    @property
    def cpu_model(self):
        return self.get("cpu", "host")

    @property
    def timeout(self):
        return self.number("timeout", 180)

    @property
    def is_qemu(self):
        return self.machine_kind in QEMU_KINDS

    @property
    def inner(self):
        """Which inner machine it wants."""
        return self.get("inner", "")

    @property
    def own_slots(self):
        """libkrun's balloon and source of random numbers, where it tells."""
        return 2 * (self["machine"] == "libkrun" or
                    self["machine"] == "libkrun-firmware" and self.is_arm)

    @property
    def has_ecam(self):
        return self.is_qemu and super().has_ecam

    @property
    def has_dump(self):
        """What the guest sees, for iasl and us: ten seconds of its time."""
        return self.get("dump") == "yes"

    @property
    def has_disk(self):
        """One of the suite's own, for the dump and the count of boots."""
        return self.has_dump or self["end"] == "reboot"

    @property
    def all_disks(self):
        return self.disks + (["dump"] if self.has_disk else [])

    @property
    def tolerated(self):
        """A complaint of its kernel that is to be mended yet."""
        return " ".join(self.split("complaint"))

    def expects_acpi(self, own_firmware):
        """On AArch64 crosvm has PCI by CAM, of which ACPI cannot tell."""
        is_cam = self.is_arm and self.machine_kind.startswith("crosvm")
        return not is_cam and super().expects_acpi(own_firmware)

    def console(self):
        if self.is_xen_pvh:
            return "hvc0"
        return "ttyS0" if self.machine_kind in UART_8250_KINDS else (
            super().console())

    @property
    def is_xen_pvh(self):
        return self["machine"] == "xen" and not self.is_arm

    def command_line(self, own_firmware):
        words = super().command_line(own_firmware).split()
        if not self.has_dump:
            words.remove("db.dump=1")
        if not self.has_disk:
            # Nothing says when the guest was started.
            words.remove("db.time=disk")
        # Each character on the console is an exit; what complains is shown.
        return " ".join([*words, "loglevel=5"])


def load(name, kind=Case):
    cases = [kind(**vars(row)) for row in table.load(f"{HERE}/{name}.cases")]
    for case in cases:
        case.check()
    return cases
