# SPDX-License-Identifier: BSD-2-Clause
"""Lists what is measured. A row is a machine, a firmware and a way to give it
the kernel."""
import dataclasses
import os
import subprocess

import kernel

CMDLINE = {
    "x86_64": "console=ttyS0 nokaslr quiet",
    "aarch64": "console=ttyAMA0 nokaslr quiet",
}
TEN_DEVICES = ["-device", "virtio-rng-pci"] * 10
MACHINES = {
    "microvm": ["-M", "microvm"],
    "pc": ["-M", "pc"],
    "pc+10pci": ["-M", "pc", *TEN_DEVICES],
    "q35": ["-M", "q35"],
    "q35+10pci": ["-M", "q35", *TEN_DEVICES],
    "virt": ["-M", "virt", "-cpu", "cortex-a57"],
}
# Each key follows a text of U-Boot. The first stops its countdown; the others
# load the kernel by its own commands. Their time depends on the host, so only
# this row does not repeat exactly.
UBOOT_KEYS = (
    (b"Hit any key", b"\r"),
    (b"=> ", b"qfw load ${kernel_addr_r} ${ramdisk_addr_r}; "
             b"booti ${kernel_addr_r} ${ramdisk_addr_r}:${filesize} "
             b"${fdtcontroladdr}\r"),
)

PEERS = {
    "qboot": "/usr/share/qemu/qboot.rom",
    "SeaBIOS": "/usr/share/seabios/bios-256k.bin",
    "SeaBIOS (microvm)": "/usr/share/seabios/bios-microvm.bin",
    "OVMF": "/usr/share/ovmf/OVMF.fd",
    "EDK2": "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd",
    "U-Boot": "/usr/lib/u-boot/qemu_arm64/u-boot.bin",
}
OURS = "directboot"
NATIVE = "QEMU -kernel"


@dataclasses.dataclass
class Row:
    arch: str
    machine: str
    cpus: int
    payload: str   # bzImage, vmlinux, Image: by -kernel; or embedded...
    firmware: str
    arguments: list = dataclasses.field(default_factory=list)
    keys: tuple = ()       # (what the console says, what is then typed)
    missing: str = None   # why it cannot be run

    @property
    def name(self):
        """Returns the row's name in limits.txt."""
        cpus = f"/{self.cpus}cpus" if self.cpus > 1 else ""
        return f"{self.arch}/{self.machine}/{self.payload}{cpus}"

    @property
    def is_slow(self):
        """Tells whether it polls a timer 100 million times under -icount."""
        return self.firmware == "OVMF"

    @property
    def is_basic(self):
        return self.cpus == 1 and "+" not in self.machine

    @property
    def is_ours(self):
        return self.firmware == OURS

    @property
    def qemu(self):
        return f"qemu-system-{self.arch}"

    def command(self):
        return [self.qemu, "-accel", "tcg", "-nodefaults", "-display", "none",
                "-no-reboot", "-m", "512", "-smp", str(self.cpus),
                *MACHINES[self.machine], *self.arguments]


class Kernel:
    """Holds an architecture's kernel files and the bytes at their entries."""

    def __init__(self, arch, folder, initrd):
        name = {"x86_64": "cloud-amd64", "aarch64": "cloud-arm64"}[arch]
        self.arch = arch
        self.initrd = initrd
        self.packed = os.path.join(folder, name, "vmlinuz")
        self.vmlinux = os.path.join(folder, name, "vmlinux")
        self.markers = {}
        files = [path for path in (self.packed, self.vmlinux)
                 if os.path.exists(path)]
        if files:
            self.markers = kernel.entries(*files)

    def arguments(self, path):
        return ["-kernel", path, "-initrd", self.initrd,
                "-append", CMDLINE[self.arch]]


class Table:
    """Collects the rows, and what they need that is missing."""

    def __init__(self, build, folder, kernels, only_ours, slow, blobs):
        self.build = build
        self.folder = folder   # for what is packed here
        self.kernels = kernels
        self.only_ours = only_ours
        self.slow = slow
        self.blobs = blobs     # arch -> path, or None for the usual one
        self.packed = {}
        self.rows = []

    def blob(self, arch):
        return self.blobs[arch] or os.path.join(
            self.build, f"directboot-{arch}.rom")

    def firmware(self, arch, machine, name):
        if name == OURS:
            return self.blob(arch)
        if name == "SeaBIOS" and machine == "microvm":
            return PEERS["SeaBIOS (microvm)"]
        return PEERS[name]

    def add(self, row, *needed):
        if self.only_ours and not row.is_ours:
            return
        for path in needed:
            if path and not os.path.exists(path) and not row.missing:
                row.missing = f"{os.path.relpath(path)} is missing"
        self.rows.append(row)

    def by_kernel_option(self, arch, machine, cpus, payload, name):
        path = self.firmware(arch, machine, name)
        files = self.kernels[arch]
        image = files.vmlinux if payload == "vmlinux" else files.packed
        row = Row(arch, machine, cpus, payload, name,
                  ["-bios", path, *files.arguments(image)])
        if name == "U-Boot":
            row.keys = UBOOT_KEYS
        self.add(row, path, image)

    def pack(self, arch, options):
        """Packs a file. Returns it, and why there is none."""
        if (arch, *options) not in self.packed:
            self.packed[arch, *options] = self._pack(arch, options)
        return self.packed[arch, *options]

    def _pack(self, arch, options):
        tool = os.path.join(self.build, "directboot")
        files = self.kernels[arch]
        words = "-".join(option.lstrip("-") for option in options)
        target = os.path.join(self.folder, f"{arch}-{words}.rom")
        for path in tool, self.blob(arch), files.packed:
            if not os.path.exists(path):
                return target, f"{os.path.relpath(path)} is missing"
        done = subprocess.run(
            [tool, "pack", "--kernel", files.packed, "--initrd", files.initrd,
             "--cmdline", CMDLINE[arch], *options, "-o", target],
            capture_output=True, text=True, check=False)
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["no message"]
            return target, f"pack: {lines[-1]}"
        return target, None

    def embedded(self, arch, machine, cpus, payload, *options, door="-bios"):
        path, missing = self.pack(arch, options)
        self.add(Row(arch, machine, cpus, payload, OURS, [door, path],
                     missing=missing))

    def x86(self):
        peers = ["qboot", "SeaBIOS"]
        for machine in "microvm", "pc", "q35":
            for payload in "bzImage", "vmlinux":
                for name in OURS, *peers:
                    self.by_kernel_option("x86_64", machine, 1, payload, name)
                if self.slow and machine != "microvm":
                    self.by_kernel_option("x86_64", machine, 1, payload, "OVMF")
            self.embedded("x86_64", machine, 1, "embedded")
        for machine in "pc+10pci", "q35+10pci":
            for name in OURS, *peers:
                self.by_kernel_option("x86_64", machine, 1, "bzImage", name)
        for machine in "microvm", "pc", "q35":
            for cpus in 8, 64:
                for name in OURS, *peers:
                    self.by_kernel_option("x86_64", machine, cpus, "bzImage",
                                          name)

    def aarch64(self):
        files = self.kernels["aarch64"]
        for cpus in 1, 8:
            self.by_kernel_option("aarch64", "virt", cpus, "Image", OURS)
            self.embedded("aarch64", "virt", cpus, "embedded-acpi")
            self.embedded("aarch64", "virt", cpus, "embedded-dt",
                          "--device-tree")
            self.embedded("aarch64", "virt", cpus, "as-kernel-acpi",
                          door="-kernel")
            self.add(Row("aarch64", "virt", cpus, "Image", NATIVE,
                         files.arguments(files.packed)), files.packed)
            self.by_kernel_option("aarch64", "virt", cpus, "Image", "EDK2")
            self.by_kernel_option("aarch64", "virt", cpus, "Image", "U-Boot")
