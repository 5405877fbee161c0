# SPDX-License-Identifier: BSD-2-Clause
"""Turns a boot case and a firmware into QEMU's command line and its files."""
import os
import subprocess
import time

import cases
import uki

TREE_MODEL = "a tree from the bundle"


class Firmware:
    """What boots the guest: our blob, a peer's file, or QEMU's default."""

    def __init__(self, path, tool):
        self.path = path
        self.tool = tool
        self.is_own = os.path.basename(path).startswith("directboot-")
        self.is_native = path == "native"

    @property
    def label(self):
        return os.path.basename(self.path)

    def options(self):
        if self.path in ("default", "native"):
            return []
        return ["-bios", self.path]


def reference(case):
    """The firmware whose guest with QEMU's tables ours is measured by."""
    if case.machine_kind == "microvm":
        return "/usr/share/qemu/qboot.rom"
    if not case.is_arm:
        return "default"
    return ("native" if case.mode == "dt" else
            "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd")


def padded_initrd(case, initrd, work):
    """The initrd behind as many MiB of zeros as the case wants, which the
    kernel skips: it comes up only when the very end is in place."""
    path = f"{work}/initrd"
    with open(initrd, "rb") as source, open(path, "wb") as file:
        file.seek(int(case.options["pad"]) << 20)
        file.write(source.read())
    return path


# What `directboot pack` is to make for a delivery, if not a ROM.
FORMATS = {"initrd": "bundle", "pvh-initrd": "bundle", "pvh": "elf",
           "disk-ata": "disk", "disk-pci": "disk", "disk-mmio": "disk"}
UKI_DELIVERIES = ["uki", "uki-kernel", "uki-initrd"]


def marked_tree(case, firmware, program, work):
    """QEMU's device tree of the machine, with a name to know it by."""
    padded, tree = f"{work}/padded.dtb", f"{work}/tree.dtb"
    options = machine_options(case, firmware)
    options[1] += f",dumpdtb={padded}"
    # Without firmware the power button is at a PL061.
    subprocess.run([program, "-nodefaults", "-display", "none", *options,
                    *numa_options(case), "-bios", firmware.path], check=True,
                   capture_output=True, text=True)
    subprocess.run(["dtc", "-q", "-I", "dtb", "-O", "dtb", "-o", tree, padded],
                   check=True, capture_output=True, text=True)
    subprocess.run(["fdtput", "-t", "s", tree, "/", "model", TREE_MODEL],
                   check=True, capture_output=True, text=True)
    return tree


# Of RAM some to be mapped, some not to be; and what is no RAM at all.
RESERVED = {"log": ("0", "0x50000000 0 0x100000", False),
            "secure": ("0", "0x51000000 0 0x100000", True),
            "far": ("8", "0 0x10 0", True)}


def reserving_tree(case, firmware, program, work):
    """The same with reserved memory, as if it came from QEMU."""
    tree = marked_tree(case, firmware, program, work)

    def put(*words):
        subprocess.run(["fdtput", *words], check=True, capture_output=True)

    put("-c", tree, "/reserved-memory")
    put("-t", "x", tree, "/reserved-memory", "#address-cells", "2")
    put("-t", "x", tree, "/reserved-memory", "#size-cells", "2")
    put("-t", "x", tree, "/reserved-memory", "ranges")
    for name, (high, rest, is_no_map) in RESERVED.items():
        node = f"/reserved-memory/{name}"
        put("-c", tree, node)
        put("-t", "x", tree, node, "reg", high, *rest.split())
        if is_no_map:
            put("-t", "x", tree, node, "no-map")
    return tree


def pack(case, firmware, files, command_line, rom):
    command = [firmware.tool, "pack", "--kernel", files["kernel"],
               "--cmdline", command_line]
    if case.delivery != "vmm-initrd":
        command += ["--initrd", files["initrd"]]
    if case.mode == "dt":
        command.append("--device-tree")
    if case.form == "bzImage":
        command.append("--keep-bzimage")
    command += case.options.get("pack", "").replace("+", " ").split()
    if case.delivery in FORMATS:
        command += ["--output-format", FORMATS[case.delivery]]
    if "dtb" in files:
        command += ["--dtb", files["dtb"]]
    subprocess.run(command + ["-o", rom], check=True, capture_output=True,
                   text=True)


def write_without_bzimage(blob, path):
    """A copy that QEMU takes for an ELF file: its "HdrS" is gone."""
    with open(blob, "rb") as file:
        data = bytearray(file.read())
    data[0x202:0x206] = bytes(4)
    with open(path, "wb") as file:
        file.write(data)


def payload_options(case, firmware, files, command_line, rom):
    """How kernel, initrd and command line get to the firmware."""
    plain = ["-kernel", files["kernel"], "-initrd", files["initrd"],
             "-append", command_line]
    if not firmware.is_own or case.delivery == "fwcfg":
        return firmware.options() + plain
    if not os.path.exists(rom) and case.delivery in UKI_DELIVERIES:
        uki.write(case.arch, files["kernel"], files["initrd"], command_line,
                  rom)
    elif not os.path.exists(rom):
        pack(case, firmware, files, command_line, rom)
    if case.delivery == "pvh-initrd":
        write_without_bzimage(firmware.path, rom + ".elf")
    blob = ["-bios", firmware.path]
    disk = blob + ["-drive", f"if=none,id=bundle,format=raw,file={rom}",
                   "-device"]
    return {"embedded": ["-bios", rom],
            "disk-ata": disk + ["ide-hd,drive=bundle"],
            "disk-pci": disk + ["virtio-blk-pci,drive=bundle"],
            "disk-mmio": disk + ["virtio-blk-device,drive=bundle"],
            "uki": blob + ["-fw_cfg",
                           f"name=opt/directboot/bundle,file={rom}"],
            "uki-kernel": blob + ["-kernel", rom],
            "uki-initrd": ["-kernel", firmware.path, "-initrd", rom],
            "kernel": ["-kernel", rom],
            "vmm-initrd": ["-kernel", rom, "-initrd", files["initrd"]],
            "pvh": ["-kernel", rom],
            "initrd": ["-kernel", firmware.path, "-initrd", rom],
            "pvh-initrd": ["-kernel", rom + ".elf", "-initrd", rom],
            }[case.delivery]


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
    # From slot 25 on, ICH9 wires interrupts in a way of its own.
    slot = {"blk": 29, "blk-port": 30}.get(case.devices[0], 26)
    address = f",addr={slot:#x}.0" if case.machine_kind == "q35" else ""
    return ["-netdev", "user,id=n0", "-device", {
        "net": "virtio-net-pci,netdev=n0",
        "net-intx": f"virtio-net-pci,netdev=n0,vectors=0{address}",
        "net-mmio": "virtio-net-device,netdev=n0",
    }[kind]]


def device_options(case, work):
    options = []
    for index, kind in enumerate(case.disks + ["dump"]):
        path = f"{work}/{kind}.img"
        with open(path, "wb") as file:
            if kind == "dump":
                # Not on the command line, which is part of a packed ROM.
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


def numa_options(case):
    ranges = case.numa_cpus()
    options = []
    for node, cpus in enumerate(ranges):
        size = case.mem // len(ranges)
        options += ["-object", f"memory-backend-ram,id=m{node},size={size}M",
                    "-numa", f"node,nodeid={node},cpus={cpus},memdev=m{node}"]
    return options


def machine_options(case, firmware):
    machine = case.machine
    if (not firmware.is_own and case.is_arm and case.mode == "dt" and
            not firmware.is_native):
        machine += ",acpi=off"
    # One socket in two nodes would rightly be called insane.
    nodes = len(case.numa_cpus())
    smp = f"{case.smp},sockets={nodes}" if nodes else f"{case.smp}"
    options = ["-machine", machine, "-accel", "tcg", "-m", f"{case.mem}M",
               "-smp", smp]
    if "cpu" in case.options or case.is_arm:
        model = case.options.get("cpu", "cortex-a57")
        # The architected algorithm costs a third of all time under TCG.
        if case.is_arm and model == "max":
            model += ",pauth-impdef=on"
        options += ["-cpu", model]
    if "iommu" in case.options:
        options += ["-device", "intel-iommu,intremap=on,eim=on"]
    if "global" in case.options:
        options += ["-global", case.options["global"]]
    return options


def command(case, firmware, program, files, command_line, work):
    if case.options.get("dtb") == "qemu" and firmware.is_own:
        files["dtb"] = marked_tree(case, firmware, program, work)
    payload = payload_options(case, firmware, files, command_line,
                              files["rom"])
    options = [program, "-nodefaults", "-display", "none",
               "-serial", f"file:{work}/serial",
               "-qmp", f"unix:{work}/qmp,server=on,wait=off"]
    if case.end == "reset":
        options.append("-no-reboot")
    if case.options.get("dtb") == "reserved":
        options += ["-dtb", reserving_tree(case, firmware, program, work)]
    return (options + machine_options(case, firmware) + numa_options(case) +
            device_options(case, work) + payload)
