# SPDX-License-Identifier: BSD-2-Clause
"""QEMU's command line and its files for a row of aarch64.cases.

Device trees come by x0, as VMMs give them, from a few instructions that QEMU's
generic loader puts in RAM.
"""
import os
import struct

from lib import bundles, vmm
from refusals import trees

ARCH = "aarch64"
RAM = 0x40000000
STUB, BLOB = 0x4a000000, 0x4a200000
FLASH_SIZE = 64 << 20
KIND_IMAGE = 3
IMAGE_FIELDS = {"text_offset": (8, "<Q"), "image_size": (16, "<Q"),
                "flags": (24, "<Q"), "magic": (56, "<I")}

# Sets HCR_EL2.E2H, as of a VMM whose guests are hypervisors.
HOST_MODE = struct.pack("<4I", 0xd2c00082, 0xd51c1102, 0xd5033fdf, 0xd503201f)


def image_path(context):
    return f"{context.build}/guest/image.bin"


def prepare(context):
    if not os.path.exists(image_path(context)):
        raise SystemExit(f"{image_path(context)} is missing: "
                         "make refusal-tests-aarch64 makes it")


def make_kernel(case, context):
    if case["kernel"] == "text":
        return b"no kernel at all\n" * 100
    if case["kernel"] == "zeros":
        return bytes(case.number("kernel-size"))
    with open(image_path(context), "rb") as file:
        data = bytearray(file.read())
    for key, value in case.words:
        kind, _, name = key.partition(".")
        if kind == "image":
            offset, letter = IMAGE_FIELDS[name]
            struct.pack_into(letter, data, offset, int(value, 0))
    return data


def make_bundle(case, context):
    bundle = bundles.Bundle(KIND_IMAGE, make_kernel(case, context))
    bundle.set("header", "arch", case.number("header.arch", 183))
    bundle.sign()
    return bundle.data


def packed(case, context, work, *options):
    """A packed file of the kernel, from the tool."""
    if "platform" in case:
        tree = trees.of_qemu(context.qemu(ARCH), work)
        options += ("--platform", tree)
    return context.pack(f"{work}/packed", image_path(context),
                        *case.split("pack"), *options)


def stub(x0, entry):
    """Sets x0 and goes on: two literals behind three instructions."""
    return struct.pack("<4I2Q", 0x58000080, 0x580000a1, 0xd61f0020,
                       0xd503201f, x0, entry)


def stub_without_tree():
    """No tree at the start of RAM, x0 = 0, then the blob."""
    return struct.pack("<6IQ", 0xd2a80000, 0xb900001f, 0xaa1f03e0, 0x58000061,
                       0xd61f0020, 0xd503201f, BLOB)


def entered_by(code, work):
    return vmm.loader(vmm.write(work, "stub", code), STUB, ",cpu-num=0")


def by_x0(case, context, work):
    firmware = context.firmware(ARCH)
    x0, dimm = case.number("x0", trees.TREE), case.number("dimm")
    options = entered_by(stub(x0, BLOB), work) + vmm.loader(firmware, BLOB)
    if x0 & ~7 in (trees.TREE, dimm):
        tree = trees.build(case, context.qemu(ARCH), work)
        options += vmm.loader(vmm.write(work, "tree", tree), x0 & ~7)
    if dimm:  # there is no memory far away without a firmware
        options += ["-bios", firmware, "-m", "256M,slots=1,maxmem=12T",
                    "-object", "memory-backend-ram,id=far,size=128M",
                    "-device", f"pc-dimm,memdev=far,addr={dimm:#x}"]
    return options


def placed(case, context, work):
    place, x0 = case.number("place"), case.number("x0")
    code = HOST_MODE if case.get("code") == "host-mode" else b""
    options = entered_by(code + stub(x0, place), work)
    if x0 != RAM:  # where QEMU has its own
        tree = trees.of_qemu(context.qemu(ARCH), work)
        if "uart" in case:
            tree = trees.with_uart(tree, case.get("uart"))
        options += vmm.loader(tree, x0)
    if "seeds" in case:  # RAM is a file, which is there afterwards
        options += ["-object", "memory-backend-file,id=ram,share=on,size=256M,"
                    f"mem-path={work}/ram", "-machine", "memory-backend=ram"]
    return options + vmm.loader(packed(case, context, work), place)


def without_tree(case, context, work):
    rom = context.firmware(ARCH) if case["kernel"] == "none" else \
        packed(case, context, work)
    return entered_by(stub_without_tree(), work) + vmm.loader(rom, BLOB)


def in_flash(case, context, work):
    banks = [context.firmware(ARCH),
             packed(case, context, work, "--output-format", "bundle")]
    options = []
    for index, path in enumerate(banks):
        with open(path, "rb") as file:
            bank = vmm.write(work, f"flash{index}", file.read())
        os.truncate(bank, FLASH_SIZE)
        options += ["-drive", f"if=pflash,index={index},format=raw,"
                    f"file={bank}"]
    return options


def in_rom(case, context, work):
    """A packed ROM, whose kernel is as long as the row says."""
    kernel = bytes(make_kernel(case, context))
    kernel = kernel.ljust(case.number("kernel-size", 0), b"\0")
    return ["-bios", context.pack(f"{work}/packed",
                                  vmm.write(work, "kernel", kernel),
                                  *case.split("pack"))]


def by_firmware(case, context, work):
    options = ["-bios", context.firmware(ARCH)]
    if case["form"] == "fwcfg":
        options += ["-kernel", vmm.write(work, "kernel",
                                         make_kernel(case, context))]
    elif case["form"] == "item":
        path = vmm.write(work, "bundle", make_bundle(case, context))
        options += ["-fw_cfg", f"name=opt/directboot/bundle,file={path}"]
    if "cmdline" in case:
        options += ["-append", "x" * case.number("cmdline")]
    if "initrd" in case:
        options += ["-initrd", vmm.write(work, "initrd",
                                         case.number("initrd"))]
    return options


def as_kernel(case, context, work):
    return ["-kernel", context.firmware(ARCH)]


def seed_problems(case, work):
    """Of what is left in RAM: each seed of the tree is there once, for the
    kernel, whose own business its copy is."""
    with open(f"{work}/ram", "rb") as file:
        ram = file.read()
    for name, seed in trees.seeds_of(f"{work}/compact.dtb").items():
        if ram.count(seed) != case.number("seeds"):
            yield f"{name} is {ram.count(seed)} times in RAM"


FORMS = {"x0": by_x0, "placed": placed, "no-tree": without_tree,
         "flash": in_flash, "rom": in_rom, "as-kernel": as_kernel,
         "none": by_firmware, "fwcfg": by_firmware, "item": by_firmware}


def command(case, context, work):
    given = []
    for key, value in case.words:
        if key.startswith("option."):
            name = key.removeprefix("option.")
            given += ["-fw_cfg", f"name=opt/directboot/{name},"
                      f"string={value.replace('+', ' ')}"]
    given += vmm.smbios_words(case.split("smbios"))
    return [*vmm.headless(context.qemu(ARCH)), "-no-reboot", *given,
            *vmm.serial_file(work), "-M", case["machine"], "-m", "256M",
            "-cpu", case.get("cpu"), "-smp", case.get("smp"),
            *FORMS[case["form"]](case, context, work)]
