# SPDX-License-Identifier: BSD-2-Clause
"""A boot case, and what its guest must show; x86_64.cases explains the words."""
import functools
import hashlib
import os
import random

from lib import guest, table

HERE = os.path.dirname(os.path.abspath(__file__))

DISK_SIZE = 1 << 20
DUMP_SIZE = 8 << 20
DISK_KINDS = ["blk", "blk-intx", "blk-port", "blk-mmio", "nvme", "ahci",
              "ide", "usb", "usb-uhci"]
NIC_KINDS = ["net", "net-intx", "net-mmio"]
MSI_KINDS = {"blk", "blk-port", "nvme", "net", "ahci", "usb"}
INTX_KINDS = {"blk-intx", "net-intx"}


class Case(table.Row):
    """A row of the table, with the meaning of its words."""

    accel = "tcg"
    out = "boot"  # where logs and dumps are, under build/

    @property
    def devices(self):
        return [] if self["devices"] == "-" else self["devices"].split(",")

    def check(self):
        unknown = set(self.devices) - set(DISK_KINDS) - set(NIC_KINDS)
        if unknown:
            raise table.TableError(f"{self.where}: unknown {unknown}")

    @property
    def dimms(self):
        """Memory devices, each as kind and MiB."""
        pairs = [word.split(":") for word in self.split("dimms")]
        return [(kind, int(size)) for kind, size in pairs]

    def dimm_size(self, kind):
        return sum(size for one, size in self.dimms if one == kind)

    @property
    def takes_vmm_acpi(self):
        return "vmm" in self.split("pack")

    @property
    def smp(self):
        return int(self["smp"])

    @property
    def mem(self):
        """The size of RAM in MiB."""
        return table.number(self["mem"]) >> 20

    @property
    def is_arm(self):
        return self.arch == "aarch64"

    @property
    def cpu_model(self):
        """None: QEMU's default."""
        return self.get("cpu", "cortex-a57" if self.is_arm else None)

    @property
    def machine_kind(self):
        return self["machine"].split(",")[0]

    @property
    def mode(self):
        return self.get("mode", "acpi")

    @property
    def timeout(self):
        return self.number("timeout", 90)

    @property
    def boots(self):
        """How often the guest must come up."""
        return self.number("boots", 2) if self["end"] == "reboot" else 1

    @property
    def has_pci(self):
        return self.machine_kind != "microvm" or "pcie=on" in self["machine"]

    @property
    def does_without_acpi(self):
        return "acpi=off" in self.split("append")

    @property
    def own_slots(self):
        """How many devices of virtio-mmio the VMM has by itself."""
        return 0

    @property
    def has_ecam(self):
        # Without ACPI, Linux does not know where that of q35 is.
        return (self.has_pci and self.machine_kind != "pc" and
                not self.does_without_acpi)

    @property
    def flavour(self):
        """The kernel's directory under build/kernels."""
        suffix = guest.DEBIAN[self.arch]
        return f"cloud-{suffix}" if self["kernel"] == "cloud" else suffix

    @property
    def kernel_file(self):
        return "vmlinux" if self["form"] == "vmlinux" else "vmlinuz"

    @property
    def disks(self):
        return [kind for kind in self.devices if kind in DISK_KINDS]

    @property
    def all_disks(self):
        """With that for the guest's dump and its count of boots."""
        return self.disks + ["dump"]

    def numa_cpus(self):
        """The CPU ranges of the NUMA nodes, each with as many CPUs."""
        nodes = self.number("numa", 0)
        each = self.smp // nodes if nodes else 0
        first = [node * each for node in range(nodes)]
        return [f"{cpu}-{cpu + each - 1}" if each > 1 else f"{cpu}"
                for cpu in first]

    def console(self):
        """The value that /sys/class/tty/console/active must have."""
        return "ttyAMA0" if self.is_arm else "ttyS0"

    def command_line(self, own_firmware):
        """The kernel command line, which tells the guest what to check."""
        slack = self.get("slack", "4096" if self.is_arm else "1024")
        checks = {
            "cpus": self.smp,
            "mem": f"{self.mem + self.dimm_size('pc-dimm')}:"
                   f"{slack if own_firmware else 131072}",
            "console": self.console(),
            "acpi": int(self.expects_acpi(own_firmware)),
        }
        # EFI's runtime services would tell what QEMU's tables of virt leave out.
        if not (self.is_arm and own_firmware and self.takes_vmm_acpi):
            checks["time"] = "disk"
        if self.numa_cpus():
            checks["nodes"] = len(self.numa_cpus())
            checks["nodecpus"] = "/".join(self.numa_cpus())
        if "distance" in self:
            far = self.get("distance")
            checks["distance"] = f"10,{far}/{far},10"
        if self.dimm_size("nvdimm"):
            checks["pmem"] = self.dimm_size("nvdimm")
        if self.disks:
            checks["disks"] = ",".join(f"{kind}:{disk_digest(kind)}"
                                       for kind in self.disks)
        kinds = set(self.devices)
        if kinds & set(NIC_KINDS):
            checks["net"] = 1
        if kinds & MSI_KINDS:
            checks["msi"] = 1
        if kinds & INTX_KINDS:
            checks["intx"] = 1
        mmio = sum(kind.endswith("-mmio")
                   for kind in self.devices + [self["delivery"]])
        if mmio:
            checks["mmio"] = mmio + self.own_slots + (
                not self.has_pci and "dump" in self.all_disks)
        if self.has_ecam:
            checks["ecam"] = "ext" if kinds & {"nvme", "blk-port"} else "map"
        words = [f"db.{key}={value}" for key, value in checks.items()]
        words += ["db.dump=1", "db.end=" + self["end"]]
        if "boots" in self:
            words.append(f"db.boots={self.boots}")
        if self.get("console") != "none":
            words.insert(0, f"console={self.console()}")
        words += self.split("append")
        return " ".join(words)

    def expects_acpi(self, own_firmware):
        # Our blob describes machines by ACPI, even if the VMM has no tables.
        if self.does_without_acpi:
            return False
        return self.mode == "acpi" and (own_firmware or
                                        "acpi=off" not in self["machine"])

    def expected_checks(self, command_line):
        names = []
        for word in command_line.split():
            key, _, value = word.partition("=")
            if key == "db.disks":
                names += [f"disk-{disk.partition(':')[0]}"
                          for disk in value.split(",")]
            elif key.startswith("db.") and key not in (
                    "db.dump", "db.end", "db.boots"):
                names.append(key[3:])
        if self["end"] in ("powerdown", "restore"):
            names.append(self["end"])
        return names


def disk_label(name, more=""):
    return f"directboot-disk {name}\n{more}".encode().ljust(512, b"\0")


def disk_image(kind):
    return disk_label(kind) + random.Random(kind).randbytes(DISK_SIZE - 512)


@functools.cache
def disk_digest(kind):
    return hashlib.sha256(disk_image(kind)).hexdigest()


def load(arch):
    cases = [Case(**vars(row))
             for row in table.load(f"{HERE}/{arch}.cases", arch)]
    for case in cases:
        case.check()
    return cases
