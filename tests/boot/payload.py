# SPDX-License-Identifier: BSD-2-Clause
"""Gives kernel, initrd and command line of a boot case to the firmware."""
from boot import uki

# `directboot pack` makes these for a delivery, if not a ROM.
FORMATS = {"initrd": "bundle", "pvh-initrd": "bundle", "pvh": "elf",
           "bundle": "bundle", "igvm": "igvm",
           "disk-ata": "disk", "disk-pci": "disk", "disk-mmio": "disk",
           "disk-port": "disk"}
UKI_DELIVERIES = ["uki", "uki-kernel", "uki-initrd"]


def padded_initrd(case, initrd, work):
    """Puts the case's MiB of zeros before the initrd. The kernel skips zeros,
    so it boots only if the very end of the initrd is in place."""
    path = f"{work}/initrd"
    with open(initrd, "rb") as source, open(path, "wb") as file:
        file.seek(case.number("pad") << 20)
        file.write(source.read())
    return path


def pack(boot):
    case, words = boot.case, ["--cmdline", boot.command_line]
    if case["delivery"] != "vmm-initrd":
        words += ["--initrd", boot.initrd]
    if case.mode == "dt":
        words.append("--device-tree")
    if case["form"] == "bzImage":
        words.append("--keep-bzimage")
    words += case.split("pack")
    if case["delivery"] in FORMATS:
        words += ["--output-format", FORMATS[case["delivery"]]]
    if boot.tree:
        words += ["--dtb", boot.tree]
    boot.pack(words)


def write_without_bzimage(blob, path):
    """Makes a copy without "HdrS", which QEMU takes for an ELF file."""
    with open(blob, "rb") as file:
        data = bytearray(file.read())
    data[0x202:0x206] = bytes(4)
    with open(path, "wb") as file:
        file.write(data)


def make(boot):
    """Writes the file of the delivery."""
    if boot.case["delivery"] in UKI_DELIVERIES:
        uki.write(boot.context, boot.case.arch, boot.kernel, boot.initrd,
                  boot.command_line, boot.rom)
    else:
        pack(boot)
    if boot.case["delivery"] == "pvh-initrd":
        write_without_bzimage(boot.firmware.path, boot.rom + ".elf")


def options(boot):
    """Returns QEMU's options. A peer always gets the plain files."""
    if not boot.firmware.is_own or boot.case["delivery"] == "fwcfg":
        return boot.firmware.options() + [
            "-kernel", boot.kernel, "-initrd", boot.initrd, "-append",
            boot.command_line]
    make(boot)
    rom, blob = boot.rom, boot.firmware.path
    firmware = ["-bios", blob]
    fw_cfg = ["-fw_cfg", f"name=opt/directboot/bundle,file={rom}"]
    disk = firmware + ["-drive", f"if=none,id=bundle,format=raw,file={rom}",
                       "-device"]
    return {"embedded": ["-bios", rom],
            "disk-ata": disk + ["ide-hd,drive=bundle"],
            "disk-pci": disk + ["virtio-blk-pci,drive=bundle"],
            "disk-port": disk + ["pcie-root-port,id=own", "-device",
                                 "virtio-blk-pci,drive=bundle,bus=own"],
            "disk-mmio": disk + ["virtio-blk-device,drive=bundle"],
            "bundle": firmware + fw_cfg,
            "uki": firmware + fw_cfg,
            "uki-kernel": firmware + ["-kernel", rom],
            "uki-initrd": ["-kernel", blob, "-initrd", rom],
            "kernel": ["-kernel", rom],
            "igvm": ["-object", f"igvm-cfg,id=igvm,file={rom}"],
            "vmm-initrd": ["-kernel", rom, "-initrd", boot.initrd],
            "pvh": ["-kernel", rom],
            "initrd": ["-kernel", blob, "-initrd", rom],
            "pvh-initrd": ["-kernel", rom + ".elf", "-initrd", rom],
            }[boot.case["delivery"]]
