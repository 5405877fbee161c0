#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Builds the test guest's initrd for one of the kernels of fetch-kernels.sh.

usage: mkinitrd.py KERNEL_DIR BUSYBOX OUT

Holds busybox, the scripts beside this file and the kernel modules of MODULES
with everything that modules.dep says they need. In the guest, modules are
found by modalias, as udev does it: a device that our tables name wrongly gets
no driver. The archive is a cpio "newc", written here so that it needs neither
root nor cpio and comes out the same every time.
"""
import lzma
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPTS = ["init", "lib.sh", "checks.sh", "dump.sh", "udhcpc.sh"]

# What the checks use, and then what Debian's own udev would load on these
# machines: a driver that finds its I/O ports claimed by our DSDT complains.
MODULES = """
virtio_pci virtio_mmio virtio_blk virtio_net virtio_scsi virtio_console
nvme ahci ata_piix ata_generic sd_mod usb_storage uas xhci_pci ehci_pci
uhci_hcd e1000e
evdev button gpio_keys qemu_fw_cfg nfit nd_pmem
iTCO_wdt lpc_ich i2c_i801 i2c_piix4 pcspkr psmouse parport_pc floppy
intel_agp hv_vmbus hv_netvsc hv_storvsc
crc32c_generic crc32c_intel
""".split()

DIRS = ["dev", "proc", "sys", "tmp", "run", "bin", "sbin", "etc", "lib"]


def module_name(path):
    return os.path.basename(path).split(".ko")[0].replace("-", "_")


def read_lines(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().splitlines()
    except FileNotFoundError:
        return []


class Modules:
    """The wanted part of a lib/modules/VERSION directory."""

    def __init__(self, directory, version, names):
        self.directory = directory
        self.target = f"lib/modules/{version}"
        self.needs = {}
        for line in read_lines(f"{directory}/modules.dep"):
            path, _, needs = line.partition(":")
            self.needs[path] = needs.split()
        self.by_name = {module_name(path): path for path in self.needs}
        self.paths = set()
        for name in names:
            self.add(self.by_name.get(name))

    def add(self, path):
        # Absent modules are built in, or this flavour has no such driver.
        if path and path not in self.paths:
            self.paths.add(path)
            for need in self.needs[path]:
                self.add(need)

    def index(self, name, keep):
        lines = read_lines(f"{self.directory}/{name}")
        return "".join(f"{line}\n" for line in lines if keep(line))

    def files(self):
        names = {module_name(path) for path in self.paths}
        for path in sorted(self.paths):
            with open(f"{self.directory}/{path}", "rb") as file:
                data = file.read()
            if path.endswith(".xz"):
                data = lzma.decompress(data)
            yield f"{self.target}/{path.removesuffix('.xz')}", data
        dep = self.index("modules.dep",
                         lambda line: line.partition(":")[0] in self.paths)
        alias = self.index("modules.alias",
                           lambda line: line.split()[-1] in names)
        yield f"{self.target}/modules.dep", dep.replace(".ko.xz", ".ko").encode()
        yield f"{self.target}/modules.alias", alias.encode()


class Cpio:
    """newc: Linux Documentation/driver-api/early-userspace/buffer-format.rst"""

    def __init__(self):
        self.data = bytearray()
        self.inode = 0

    def add(self, name, mode, body=b"", device=(0, 0)):
        self.inode += 1
        encoded = name.encode() + b"\0"
        fields = [self.inode, mode, 0, 0, 1, 0, len(body), 0, 0, *device,
                  len(encoded), 0]
        self.data += b"070701" + b"".join(b"%08x" % f for f in fields)
        for part in (encoded, body):
            self.data += part
            self.data += bytes(-len(self.data) % 4)

    def add_tree(self, directory, name):
        """A directory with all that is in it, under this name."""
        self.add(name, 0o040755)
        with os.scandir(directory) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                inside = f"{name}/{entry.name}"
                if entry.is_symlink():
                    self.add(inside, 0o120777, os.readlink(entry).encode())
                elif entry.is_dir():
                    self.add_tree(entry.path, inside)
                else:
                    with open(entry, "rb") as file:
                        self.add(inside, 0o100755, file.read())

    def finish(self):
        self.add("TRAILER!!!", 0)
        return bytes(self.data)


def build(kernel_dir, busybox, scripts, modules):
    """scripts: name in the archive -> path; modules: names of them."""
    version = read_lines(f"{kernel_dir}/version")[0]
    cpio = Cpio()
    made = set()

    def add_file(name, data, mode):
        parts = name.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            parent = "/".join(parts[:depth])
            if parent not in made:
                made.add(parent)
                cpio.add(parent, 0o040755)
        cpio.add(name, 0o100000 | mode, data)

    for name in DIRS:
        made.add(name)
        cpio.add(name, 0o040755)
    # Without it the first process has no output and no input.
    cpio.add("dev/console", 0o020600, device=(5, 1))
    with open(busybox, "rb") as file:
        add_file("bin/busybox", file.read(), 0o755)
    for name, path in scripts.items():
        with open(path, "rb") as file:
            add_file(name, file.read(), 0o755)
    for name, data in Modules(f"{kernel_dir}/modules", version,
                              modules).files():
        add_file(name, data, 0o644)
    return cpio.finish()


def test_guest(kernel_dir, busybox):
    scripts = {name if name == "init" else f"etc/{name}": f"{HERE}/{name}"
               for name in SCRIPTS}
    return build(kernel_dir, busybox, scripts, MODULES)


def main():
    if len(sys.argv) != 4:
        sys.exit("usage: mkinitrd.py KERNEL_DIR BUSYBOX OUT")
    kernel_dir, busybox, out = sys.argv[1:]
    data = test_guest(kernel_dir, busybox)
    os.makedirs(os.path.dirname(out) or ".", exist_ok=True)
    with open(f"{out}.part", "wb") as file:
        file.write(data)
    os.rename(f"{out}.part", out)


if __name__ == "__main__":
    main()
