# SPDX-License-Identifier: BSD-2-Clause
"""QEMU's command line and its files for a row of x86_64.cases."""
import os
import re

from lib import bundles, table, vmm

number = table.number


def make_kernel(case):
    """The kernel file, with those fields set that the case names."""
    if case["kernel"] == "none":
        return b""
    if case["kernel"] == "text":
        return bytearray(b"This is no kernel.\n" * 512)
    data = bundles.bzimage() if case["kernel"] == "bz" else bundles.elf()
    for key, value in case.words:
        kind, _, name = key.partition(".")
        if kind in ("elf", "bz"):
            bundles.poke(data, kind, **{name: number(value)})
        elif kind.startswith("phdr"):
            bundles.poke(data, "phdr", 64 + 56 * int(kind[4:]),
                         **{name: number(value)})
    return data[:case.number("kernel-cut", len(data))]


def make_bundle(case):
    """`header.x=` and `sectionN.x=` are signed, with a `!` before not so."""
    kind = {"elf": bundles.KIND_SEGMENTS}.get(case["kernel"],
                                              bundles.KIND_BZIMAGE)
    bundle = bundles.Bundle(kind, make_kernel(case),
                            bytes(case.number("initrd", 0)),
                            b"x" * case.number("cmdline", 0))
    for is_signed in (True, False):
        for key, value in case.words:
            target, _, name = key.lstrip("!").partition(".")
            if re.fullmatch(r"header|section\d+", target) and \
                    is_signed != key.startswith("!"):
                bundle.set(target, name, number(value))
        if is_signed:
            bundle.sign()
    for value in case.all("flip"):
        bundle.data[number(value) // 8] ^= 1 << number(value) % 8
    return bundle.data[:case.number("cut", len(bundle.data))]


def make_rom(case, blob):
    data = bundles.rom(blob, make_bundle(case))
    for key, value in case.words:
        if key.startswith("record."):
            bundles.poke(data, "record", len(data) - bundles.RECORD_BACK,
                         **{key.removeprefix("record."): number(value)})
    return data[case.number("rom-cut", 0):]


def write_disk(case, work):
    """The bundle at its start; as large as the case says, without zeros."""
    data = make_bundle(case)
    path = vmm.write(work, "disk", data)
    os.truncate(path, case.number("disk-size", len(data)))
    return path


DISK_OPTIONS = {
    "ide": ["-device", "ide-hd,drive=d"],
    "blk": ["-device", "virtio-blk-pci,drive=d"],
    "legacy": ["-device", "virtio-blk-pci,drive=d,disable-modern=on,"
               "disable-legacy=off"],
    "bridge": ["-device", "pci-bridge,id=b,chassis_nr=1", "-device",
               "virtio-blk-pci,drive=d,bus=b"],
    "mmio": ["-device", "virtio-blk-device,drive=d"],
    "mmio2": ["-device", "virtio-blk-device,drive=d",
              "-global", "virtio-mmio.force-legacy=false"],
}


def disk_options(case, path):
    """A disk that fails where the case says: at a sector, or altogether."""
    drive = "if=none,id=d,format=raw,file.driver=blkdebug,"
    drive += f"file.image.driver=file,file.image.filename={path}"
    if "bad-sector" in case:
        drive += (",file.inject-error.0.event=read_aio"
                  ",file.inject-error.0.errno=5"
                  f",file.inject-error.0.sector={case.get('bad-sector')}")
    return ["-drive", drive] + DISK_OPTIONS[case["form"]]


def payload_options(case, blob_path, work):
    """Puts the input into files and names them to QEMU."""
    if case["form"] == "rom":
        with open(blob_path, "rb") as file:
            rom = make_rom(case, file.read())
        return ["-bios", vmm.write(work, "rom", rom)]
    options = ["-bios", blob_path]
    if case["form"] in DISK_OPTIONS:
        options += disk_options(case, write_disk(case, work))
    elif case["form"] == "item":
        path = vmm.write(work, "bundle", make_bundle(case))
        options += ["-fw_cfg", f"name=opt/directboot/bundle,file={path}"]
    elif case["form"] == "fwcfg":
        options += ["-kernel", vmm.write(work, "kernel", make_kernel(case))]
        size = case.number("initrd", 0)
        if size:
            options += ["-initrd", vmm.write(work, "initrd", size)]
        if "cmdline" in case:
            options += ["-append", "x" * case.number("cmdline")]
    return options


def prepare(_):
    """Nothing but the blob is needed."""


def command(case, context, work):
    options = [*vmm.headless(context.qemu("x86_64")), "-accel", "tcg",
               "-machine", case["machine"], "-m", case.get("mem"),
               *vmm.serial_file(work)]
    if "end" not in case:
        options += vmm.DEBUG_EXIT
    if "cpu" in case:
        options += ["-cpu", case.get("cpu")]
    for key, value in case.words:
        if key.startswith("option."):
            name = key.removeprefix("option.")
            options += ["-fw_cfg",
                        f"name=opt/directboot/{name},"
                        f"string={value.replace('+', ' ')}"]
    options += vmm.smbios_words(case.split("smbios"))
    return options + payload_options(case, context.firmware("x86_64"), work)
