# SPDX-License-Identifier: BSD-2-Clause
"""Reads the tables of boot cases (*.cases) and says what each one must show.

A row is: name, tags, machine, CPUs, memory, kernel flavour, kernel form,
delivery, devices, end, and then options as key=value. Blanks separate, "-"
stands for nothing, "#" begins a comment. x86_64.cases explains the words.
"""
import dataclasses
import os
import random

HERE = os.path.dirname(os.path.abspath(__file__))

COLUMNS = ["name", "tags", "machine", "smp", "mem", "kernel", "form",
           "delivery", "devices", "end"]
OPTIONS = {"cpu", "numa", "mode", "console", "timeout", "append", "qemu",
           "iommu", "global", "slack", "pack", "pad", "dtb"}
DISK_SIZE = 1 << 20
DUMP_SIZE = 8 << 20
DISK_KINDS = ["blk", "blk-intx", "blk-port", "blk-mmio", "nvme", "ahci",
              "ide", "usb", "usb-uhci"]
NIC_KINDS = ["net", "net-intx", "net-mmio"]
MSI_KINDS = {"blk", "blk-port", "nvme", "net", "ahci", "usb"}
INTX_KINDS = {"blk-intx", "net-intx"}


def mebibytes(text):
    return int(text[:-1]) * {"M": 1, "G": 1024}[text[-1]]


@dataclasses.dataclass
class Case:
    name: str
    arch: str
    tags: list
    machine: str
    smp: int
    mem: int
    kernel: str
    form: str
    delivery: str
    devices: list
    end: str
    options: dict

    @property
    def is_arm(self):
        return self.arch == "aarch64"

    @property
    def machine_kind(self):
        return self.machine.split(",")[0]

    @property
    def mode(self):
        return self.options.get("mode", "acpi")

    @property
    def timeout(self):
        return int(self.options.get("timeout", 90))

    @property
    def has_pci(self):
        return self.machine_kind != "microvm" or "pcie=on" in self.machine

    @property
    def has_ecam(self):
        return self.has_pci and self.machine_kind != "pc"

    @property
    def flavour(self):
        """Directory of the kernel under build/kernels."""
        suffix = "arm64" if self.is_arm else "amd64"
        return f"cloud-{suffix}" if self.kernel == "cloud" else suffix

    @property
    def kernel_file(self):
        return "vmlinux" if self.form == "vmlinux" else "vmlinuz"

    @property
    def disks(self):
        return [kind for kind in self.devices if kind in DISK_KINDS]

    def numa_cpus(self):
        """CPU ranges of the NUMA nodes, the same number in each."""
        nodes = int(self.options.get("numa", 0))
        each = self.smp // nodes if nodes else 0
        first = [node * each for node in range(nodes)]
        return [f"{cpu}-{cpu + each - 1}" if each > 1 else f"{cpu}"
                for cpu in first]

    def console(self):
        """What /sys/class/tty/console/active must be."""
        return "ttyAMA0" if self.is_arm else "ttyS0"

    def command_line(self, own_firmware):
        """The guest's kernel command line: what it is to check."""
        slack = self.options.get("slack", "4096" if self.is_arm else "1024")
        checks = {
            "cpus": self.smp,
            "mem": f"{self.mem}:{slack if own_firmware else 131072}",
            "time": "disk",
            "console": self.console(),
            "acpi": int(self.expects_acpi(own_firmware)),
        }
        if self.numa_cpus():
            checks["nodes"] = len(self.numa_cpus())
            checks["nodecpus"] = "/".join(self.numa_cpus())
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
                   for kind in self.devices + [self.delivery])
        if mmio:
            checks["mmio"] = mmio + (0 if self.has_pci else 1)
        if self.has_ecam:
            checks["ecam"] = "ext" if kinds & {"nvme", "blk-port"} else "map"
        words = [f"db.{key}={value}" for key, value in checks.items()]
        words += ["db.dump=1", f"db.end={self.end}"]
        if self.options.get("console") != "none":
            words.insert(0, f"console={self.console()}")
        words += self.options.get("append", "").replace("+", " ").split()
        return " ".join(words)

    def expects_acpi(self, own_firmware):
        # What our blob describes, it describes by ACPI, even where the VMM
        # itself has no tables.
        return self.mode == "acpi" and (own_firmware or
                                        "acpi=off" not in self.machine)

    def expected_checks(self, command_line):
        names = []
        for word in command_line.split():
            key, _, value = word.partition("=")
            if key == "db.disks":
                names += [f"disk-{disk.partition(':')[0]}"
                          for disk in value.split(",")]
            elif key.startswith("db.") and key not in ("db.dump", "db.end"):
                names.append(key[3:])
        if self.end == "powerdown":
            names.append("powerdown")
        return names


def disk_label(name, more=""):
    return f"directboot-disk {name}\n{more}".encode().ljust(512, b"\0")


def disk_image(kind):
    return disk_label(kind) + random.Random(kind).randbytes(DISK_SIZE - 512)


_digests = {}


def disk_digest(kind):
    if kind not in _digests:
        import hashlib
        _digests[kind] = hashlib.sha256(disk_image(kind)).hexdigest()
    return _digests[kind]


def parse_row(line, arch, where):
    words = line.split("#")[0].split()
    fields = dict(zip(COLUMNS, words))
    if len(fields) < len(COLUMNS):
        raise ValueError(f"{where}: {len(fields)} of {len(COLUMNS)} columns")
    options = dict(word.partition("=")[::2] for word in words[len(COLUMNS):])
    devices = [] if fields["devices"] == "-" else fields["devices"].split(",")
    for wrong in (set(devices) - set(DISK_KINDS) - set(NIC_KINDS) |
                  set(options) - OPTIONS):
        raise ValueError(f"{where}: unknown word {wrong}")
    return Case(arch=arch, options=options, devices=devices,
                name=fields["name"], machine=fields["machine"],
                kernel=fields["kernel"], form=fields["form"],
                delivery=fields["delivery"], end=fields["end"],
                tags=fields["tags"].split(","), smp=int(fields["smp"]),
                mem=mebibytes(fields["mem"]))


def load(arch):
    path = f"{HERE}/{arch}.cases"
    cases = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.split("#")[0].strip():
                cases.append(parse_row(line, arch, f"{path}:{number}"))
    names = [case.name for case in cases]
    if len(set(names)) != len(names):
        raise ValueError(f"{path}: a name stands twice")
    return cases
