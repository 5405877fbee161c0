# SPDX-License-Identifier: BSD-2-Clause
"""Turns a boot case and a firmware into QEMU's command line and its files."""
import os
import shlex
import time

from boot import case as cases
from boot import firmware as firmwares
from boot import payload, trees
from lib import guest, vmm


def takes_igvm(case, context):
    """Is it given an IGVM file? A peer of our blob never is."""
    return (case["delivery"] == "igvm" and
            firmwares.of_case(case, context).is_own)


def program(case, context):
    """QEMU as words. Debian's reads no IGVM files: QEMU_IGVM= names one, or
    nothing does."""
    if takes_igvm(case, context):
        return shlex.split(os.environ.get("QEMU_IGVM", ""))
    return context.qemu(case.arch)


def disk_options(case, kind, index, path):
    drive = ["-drive", f"if=none,id=d{index},format=raw,file={path}" +
             (",readonly=on" if kind not in ("dump", "ahci", "ide") else "")]
    return drive + {
        "blk": ["-device", f"virtio-blk-pci,drive=d{index}"],
        "blk-intx": ["-device", f"virtio-blk-pci,drive=d{index},vectors=0"],
        "blk-port": ["-device", "pcie-root-port,id=rp1,chassis=1,slot=1",
                     "-device", f"virtio-blk-pci,drive=d{index},bus=rp1"],
        "blk-mmio": ["-device", f"virtio-blk-device,drive=d{index}"],
        "nvme": ["-device", f"nvme,drive=d{index},serial=directboot"],
        "ahci": ["-device", f"ide-hd,drive=d{index},bus=ide.2"],
        "ide": ["-device", f"ide-hd,drive=d{index}"],
        "usb": ["-device", "qemu-xhci",
                "-device", f"usb-storage,drive=d{index}"],
        "usb-uhci": ["-device", "piix3-usb-uhci,id=uhci", "-device",
                     f"usb-storage,drive=d{index},bus=uhci.0"],
    }["blk-mmio" if kind == "dump" and not case.has_pci else
      "blk" if kind == "dump" else kind]


def nic_options(case, kind):
    # ICH9 wires interrupts of slots from 25 on differently.
    slot = {"blk": 29, "blk-port": 30}.get(case.devices[0], 26)
    address = f",addr={slot:#x}.0" if case.machine_kind == "q35" else ""
    return ["-netdev", "user,id=n0", "-device", {
        "net": "virtio-net-pci,netdev=n0",
        "net-intx": f"virtio-net-pci,netdev=n0,vectors=0{address}",
        "net-mmio": "virtio-net-device,netdev=n0",
    }[kind]]


def device_options(case, work):
    options = []
    for index, kind in enumerate(case.all_disks):
        path = f"{work}/{kind}.img"
        with open(path, "wb") as file:
            if kind == "dump":
                # The command line is part of a packed ROM, so it cannot say.
                now = f"time {int(time.time())}\n"
                file.write(cases.disk_label("dump", now))
                file.truncate(cases.DUMP_SIZE)
            else:
                file.write(cases.disk_image(kind))
        options += disk_options(case, kind, index, path)
    for kind in case.devices:
        if kind in cases.NIC_KINDS:
            options += nic_options(case, kind)
    return options


def memory_options(case):
    """RAM, and devices of a kind of RAM."""
    if not case.dimms:
        return ["-m", f"{case.mem}M"]
    options = ["-m", f"{case.mem}M,slots={len(case.dimms)},maxmem=8G"]
    for index, (kind, size) in enumerate(case.dimms):
        options += ["-object", f"memory-backend-ram,id=d{index},size={size}M",
                    "-device", f"{kind},memdev=d{index}"]
    return options


def numa_options(case):
    ranges = case.numa_cpus()
    options = []
    for node, cpus in enumerate(ranges):
        size = case.mem // len(ranges)
        options += ["-object", f"memory-backend-ram,id=m{node},size={size}M",
                    "-numa", f"node,nodeid={node},cpus={cpus},memdev=m{node}"]
    if "distance" in case:
        options += ["-numa", f"dist,src=0,dst=1,val={case.get('distance')}"]
    return options


def machine_options(case, firmware):
    """Returns options. Those of -machine are last."""
    machine = case["machine"]
    if (not firmware.is_own and case.is_arm and case.mode == "dt" and
            not firmware.is_native):
        machine += ",acpi=off"
    if case["delivery"] == "igvm" and firmware.is_own:
        machine += ",igvm-cfg=igvm"
    # Linux rightly complains about one socket in two nodes.
    nodes = len(case.numa_cpus())
    smp = f"{case.smp},sockets={nodes}" if nodes else f"{case.smp}"
    options = ["-accel", case.accel, *memory_options(case), "-smp", smp]
    model = case.cpu_model
    if model:
        # The architected algorithm costs a third of all time under TCG.
        if case.is_arm and model == "max":
            model += ",pauth-impdef=on"
        options += ["-cpu", model]
    if "iommu" in case:
        options += ["-device", "intel-iommu,intremap=on,eim=on"]
    if "global" in case:
        options += ["-global", case.get("global")]
    if case["end"] == "restore":
        options += ["-device", "vmgenid,guid=auto"]
    return options + ["-machine", machine]


class Boot:
    """One boot of a case: its files in `work`, and QEMU's command line."""

    def __init__(self, case, context, work):
        self.case, self.context, self.work = case, context, work
        self.firmware = firmwares.of_case(case, context)
        self.command_line = case.command_line(self.firmware.is_own)
        self.kernel = guest.kernel(context, case.flavour, case.kernel_file)
        self.initrd = f"{context.build}/guest/{case.flavour}.cpio"
        self.rom, self.tree = f"{work}/rom", None
        if "pad" in case:
            self.initrd = payload.padded_initrd(case, self.initrd, work)

    def pack(self, words):
        """Makes `rom`."""
        self.context.pack(self.rom, self.kernel, *words)

    def machine(self):
        """QEMU's options for the machine, without firmware and payload."""
        return [*vmm.headless(program(self.case, self.context)),
                *numa_options(self.case),
                *machine_options(self.case, self.firmware)]

    def given_tree(self):
        """QEMU's device tree as firmware sees it, with the button at the GED."""
        program, *words = self.machine()
        words = [program, *self.firmware.options(), *words]
        make = {"qemu": trees.marked_tree, "reserved": trees.reserving_tree}
        return make[self.case.get("dtb")](words, self.work)

    def make_payload(self):
        """The file of the delivery alone, for another VMM than QEMU."""
        payload.make(self)

    def command(self):
        more = []
        if self.case.get("dtb") == "qemu" and self.firmware.is_own:
            self.tree = self.given_tree()
        if self.case.get("dtb") == "reserved":
            more = ["-dtb", self.given_tree()]
        if self.case["end"] == "reset":
            more.append("-no-reboot")
        return [*self.machine(), *vmm.serial_file(self.work), "-qmp",
                f"unix:{self.work}/qmp,server=on,wait=off", *more,
                *device_options(self.case, self.work),
                *payload.options(self)]
