#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Gives the AArch64 blob input that it must refuse, and reads its one line.

The kernel is tests/guest/image.S: with good input it checks how it is entered
and ends QEMU. Device trees come by x0, as VMMs give them, from a few
instructions that QEMU's generic loader puts in RAM.
"""
import argparse
import fnmatch
import os
import re
import struct
import subprocess
import sys
import tempfile
import time

import bundles

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get("O", f"{ROOT}/build")
TIMEOUT = float(os.environ.get("REFUSAL_TIMEOUT", "120"))

RAM, RAM_SIZE = 0x40000000, 0x10000000
STUB, BLOB, TREE = 0x4a000000, 0x4a200000, 0x48000000
FAR = 0x80000000000
IMAGE_FIELDS = {"text_offset": 8, "image_size": 16, "flags": 24}


def image(work_image, **fields):
    data = bytearray(work_image)
    for name, value in fields.items():
        if name == "magic":
            struct.pack_into("<I", data, 56, value)
        else:
            struct.pack_into("<Q", data, IMAGE_FIELDS[name], value)
    return bytes(data)


def tree(nodes=b"", size=None, version=17, struct_size=None):
    """A tree of the given structure block; `size` as its header lies."""
    strings = b"reg\0compatible\0device_type\0#interrupt-cells\0"
    off_strings = 56 + len(nodes)
    total = off_strings + len(strings)
    head = struct.pack(
        ">10I", 0xd00dfeed, total if size is None else size, 56, off_strings,
        40, version, 16, 0, len(strings),
        len(nodes) if struct_size is None else struct_size)
    return head + bytes(16) + nodes + strings


def cells(*values):
    return struct.pack(f">{len(values)}I", *values)


BEGIN, END_NODE, PROP, END = 1, 2, 3, 9
ROOT_ONLY = cells(BEGIN, 0, END_NODE, END)
MEMORY = (cells(BEGIN, 0x6d000000, PROP, 7, 15) + b"memory\0\0" +
          cells(PROP, 12, 0) + cells(0, 0x40000000, 0x10000000) +
          cells(END_NODE))
CPUS = (cells(BEGIN, 0x63707573, 0) +
        cells(BEGIN, 0x63000000, PROP, 4, 15) + b"cpu\0" +
        cells(PROP, 8, 0) + cells(0, 0) + cells(END_NODE, END_NODE))


def root(*nodes):
    return cells(BEGIN, 0) + b"".join(nodes) + cells(END_NODE, END)


# name: (how, what, the line; None: it boots)
def load_cases(kernel, bundle):
    def fw_cfg(line, machine="virt", options=(), **fields):
        return "fwcfg", image(kernel, **fields), line, machine, options

    def x0(data, line, address=TREE):
        return "x0", (data, address), line, "virt", ()

    def far(line, machine, distance=0):
        return ("x0", (tree(ROOT_ONLY), FAR + distance), line, machine,
                ("-m", "256M,slots=1,maxmem=12T", "-object",
                 "memory-backend-ram,id=far,size=128M", "-device",
                 f"pc-dimm,memdev=far,addr={FAR:#x}"))

    return {
        # Good input: how the kernel is entered, and where
        "good": fw_cfg(None),
        "good-el2": fw_cfg(None, "virt,virtualization=on"),
        "good-64k-pages": fw_cfg(None, flags=0xe),
        "good-16k-pages": fw_cfg(None, flags=0xc),
        "good-at-offset": fw_cfg(None, text_offset=0x80000),
        "good-old": fw_cfg(None, text_offset=0x1234, image_size=0),
        "good-low": fw_cfg(None, flags=2),

        "text": ("fwcfg", b"no kernel at all\n" * 100,
                 "kernel: 0x6a4 bytes: no arm64 Image (magic 0x*)", "virt",
                 ()),
        "short": ("fwcfg", bytes(63),
                  "kernel: 0x3f bytes: no arm64 Image (magic 0x0)", "virt", ()),
        "magic": fw_cfg("kernel: 0x1000 bytes: no arm64 Image "
                        "(magic 0x64525a4d)", magic=0x64525a4d),
        "big-endian": fw_cfg("kernel: Image is big-endian (flags 0xb)",
                             flags=0xb),
        "offset": fw_cfg("kernel: Image has text offset 0x200000: less than "
                         "0x200000", text_offset=0x200000),
        "too-large": fw_cfg("kernel: needs 0x40000000 bytes: no free RAM of "
                            "that size", image_size=0x40000000),
        "far-too-large": fw_cfg("kernel: *", image_size=0xfffffffffffff000),
        "wraps": fw_cfg("kernel: Image needs 0xfffffffffffff000 bytes: at most "
                        "0x40000000000", text_offset=0x80000,
                        image_size=0xfffffffffffff000),
        "no-kernel": ("none", b"", "payload: no kernel: not in the blob, not "
                      "from the VMM, not on a disk", "virt", ()),
        "long-cmdline": fw_cfg("cmdline: 3000 bytes: the kernel takes 2047",
                               options=("-append", "x" * 3000)),
        "initrd": fw_cfg("initrd: 0x10000000 bytes: no free RAM of that size",
                         options=("-initrd", 0x10000000)),
        "other-machine": ("bundle", bundle(62),
                          "bundle: for machine 62: this is machine 183",
                          "virt", ()),
        "bundle": ("bundle", bundle(183), None, "virt", ()),
        "second-flash": ("flash", b"", None, "virt", ()),

        "no-tree-at-all": ("no-tree", None, "fdt: none at 0x0, at 0x40000000 "
                           "or in the bundle", "virt", ()),
        "no-tree-in-bundle": (
            "no-tree", lambda args, work: packed(args, args.image, work),
            "fdt: none at 0x0, at 0x40000000 or in the bundle", "virt", ()),
        "tree-in-bundle": (
            "no-tree", lambda args, work: packed(
                args, args.image, work, "--platform", qemu_tree(args, work)),
            None, "virt", ()),
        "tree-in-bundle-dt": ("no-tree", lambda args, work: packed(
            args, args.image, work, "--device-tree", "--compress", "zstd",
            "--platform", qemu_tree(args, work)), None, "virt", ()),

        # As it is entered by crosvm --bios: the tree at the start of RAM, the
        # ROM 2 MiB on. By Firecracker: an Image there, its tree on the last
        # 2 MiB; by crosvm so, too, but at the very start, where QEMU keeps a
        # tree.
        "crosvm-bios": ("crosvm", (RAM + 0x200000, RAM), None, "virt", ()),
        "firecracker": ("crosvm", (RAM + 0x200000, RAM + RAM_SIZE - 0x200000),
                          None, "virt", ()),

        "el2-host-mode": ("host-mode", (RAM + 0x200000, RAM), None,
                          "virt,virtualization=on", ("-cpu", "max")),

        "no-tree": x0(b"\0" * 64, "fdt: x0 is 0x48000000: there is none"),
        "unaligned": x0(tree(ROOT_ONLY), "fdt: at 0x48000004: must be at a "
                        "multiple of 8", TREE + 4),
        "no-memory-there": x0(b"\0" * 64, "exception 0, ESR 0x*, at blob + "
                              "0x*, FAR 0x3000000000", 0x3000000000),
        "no-address": x0(b"\0" * 64, "mmu: 0x8 bytes at 0xffffffffffff0000: beyond "
                         "0x1000000000000",
                         0xffffffffffff0000),
        # Beyond the 42 bits that are translated at first
        "far-away": far("fdt: memory: no RAM at all", "virt"),
        "far-away-el2": far("fdt: memory: no RAM at all",
                            "virt,virtualization=on"),
        "not-so-far": far("exception 0, ESR 0x*, at blob + 0x*, FAR "
                          f"{FAR + 0x40000000:#x}", "virt", 0x40000000),
        "tree-too-large": x0(tree(ROOT_ONLY, 0x7fffffff), "fdt: 0x7fffffff "
                             "bytes at 0x48000000: at most 0x200000"),
        "tree-too-small": x0(tree(ROOT_ONLY, 39), "fdt: none at 0x48000000"),
        "version": x0(tree(ROOT_ONLY, version=2), "fdt: version 2: must be "
                      "17"),
        "cut": x0(tree(ROOT_ONLY[:-4]), "fdt: nodes: end before their end"),
        "struct-size": x0(tree(ROOT_ONLY, struct_size=0xfffffff0),
                          "fdt: nodes: 0xfffffff0 bytes at 0x38: the tree "
                          "has only 0x*"),
        "endless": x0(tree(cells(BEGIN, 0) * 500), "fdt: nodes: more than 16 "
                      "deep"),
        "huge-property": x0(tree(cells(BEGIN, 0, PROP, 0xfffffff0, 0)),
                            "fdt: : property of 0xfffffff0 bytes: there are "
                            "0x0"),
        "no-name": x0(tree(cells(BEGIN, 0, PROP, 0, 0x1000, END_NODE, END)),
                      "fdt: name at 0x1000: there are 0x*"),
        "empty": x0(tree(ROOT_ONLY), "fdt: memory: no RAM at all"),
        # A device where memory is, and registers of the same 2 MiB.
        "registers-in-ram": x0(moved_fw_cfg, "mmu: at 0x48000000: memory and "
                               "registers within 2 MiB"),
        "no-cpus": x0(tree(root(MEMORY)), "fdt: CPUs: none"),
        "no-gic": x0(tree(root(MEMORY, CPUS)), "fdt: interrupt controller: "
                     "neither a GICv2 nor a GICv3"),
    }


def stub(address, blob=BLOB):
    """x0 = address, then the blob: two literals behind three instructions."""
    return struct.pack("<4I2Q", 0x58000080, 0x580000a1, 0xd61f0020,
                       0xd503201f, address, blob)


# Sets HCR_EL2.E2H, as of a VMM whose guests are hypervisors.
HOST_MODE = struct.pack("<4I", 0xd2c00082, 0xd51c1102, 0xd5033fdf, 0xd503201f)


def stub_without_tree():
    """No tree at the start of RAM, x0 = 0, then the blob."""
    return struct.pack("<6IQ", 0xd2a80000, 0xb900001f, 0xaa1f03e0, 0x58000061,
                       0xd61f0020, 0xd503201f, BLOB)


def packed(args, kernel, work, *options):
    """A ROM with the kernel, from the tool."""
    rom = f"{work}/packed"
    subprocess.run([args.tool, "pack", "--kernel", kernel, "-o", rom,
                    *options], check=True, capture_output=True)
    return rom


def qemu_tree(args, work):
    """The tree that QEMU makes for the machine here."""
    tree_file = f"{work}/qemu.dtb"
    subprocess.run([args.program, "-M", f"virt,dumpdtb={tree_file}", "-cpu",
                    "cortex-a72", "-m", "256M", "-nodefaults", "-display",
                    "none"], check=True, capture_output=True)
    # QEMU leaves room for more at the end; the blob takes a compact one.
    compact = f"{work}/compact.dtb"
    subprocess.run(["dtc", "-q", "-I", "dtb", "-O", "dtb", "-o", compact,
                    tree_file], check=True)
    return compact


def moved_fw_cfg(args, work):
    """QEMU's tree, but that fw_cfg is where the tree itself is."""
    with open(qemu_tree(args, work), "rb") as file:
        data = file.read()
    return data.replace(cells(0, 0x09020000, 0, 0x18),
                        cells(0, TREE + 0x10000, 0, 0x18))


def write(work, name, data):
    path = f"{work}/{name}"
    with open(path, "wb") as file:
        if isinstance(data, int):
            file.truncate(data)
        else:
            file.write(data)
    return path


def loader(path, address, cpu=""):
    return ["-device", f"loader,file={path},addr={address:#x},"
            f"force-raw=on{cpu}"]


def qemu_command(case, args, work):
    how, what, _, machine, extra = case
    command = [args.program, "-nodefaults", "-display", "none", "-no-reboot",
               "-serial", f"file:{work}/serial", "-M", machine, "-m", "256M",
               "-cpu", "cortex-a72"]
    if how == "x0":
        data, address = what
        command += loader(write(work, "stub", stub(address)), STUB,
                          ",cpu-num=0")
        command += loader(args.firmware, BLOB)
        if callable(data):
            data = data(args, work)
        if address & ~7 == TREE or address == FAR:
            command += loader(write(work, "tree", data), address & ~7)
        if extra:  # there is no memory far away without a firmware
            command += ["-bios", args.firmware]
        return command + list(extra)
    if how in ("crosvm", "host-mode"):
        place, address = what
        code = stub(address, place)
        if how == "host-mode":
            code = HOST_MODE + code
        command += loader(write(work, "stub", code), STUB, ",cpu-num=0")
        if address != RAM:  # where QEMU has its own
            command += loader(qemu_tree(args, work), address)
        command += extra
        return command + loader(packed(args, args.image, work), place)
    if how == "no-tree":
        rom = what(args, work) if what else args.firmware
        command += loader(write(work, "stub", stub_without_tree()), STUB,
                          ",cpu-num=0")
        return command + loader(rom, BLOB)
    if how == "flash":
        banks = [args.firmware, packed(args, args.image, work,
                                       "--output-format", "bundle")]
        for index, path in enumerate(banks):
            with open(path, "rb") as file:
                bank = write(work, f"flash{index}", file.read())
            os.truncate(bank, 64 << 20)
            command += ["-drive", f"if=pflash,index={index},format=raw,"
                        f"file={bank}"]
        return command
    command += ["-bios", args.firmware]
    if how == "fwcfg":
        command += ["-kernel", write(work, "kernel", what)]
    elif how == "bundle":
        path = write(work, "bundle", what)
        command += ["-fw_cfg", f"name=opt/directboot/bundle,file={path}"]
    for word in extra:
        command.append(write(work, "initrd", word)
                       if isinstance(word, int) else word)
    return command


def console(work):
    try:
        with open(f"{work}/serial", "rb") as file:
            return file.read().decode("latin-1")
    except FileNotFoundError:
        return ""


def run_case(case, args):
    """Returns what is wrong."""
    with tempfile.TemporaryDirectory(prefix="directboot-") as work:
        with subprocess.Popen(qemu_command(case, args, work),
                              stdin=subprocess.DEVNULL,
                              stderr=subprocess.PIPE) as process:
            deadline = time.monotonic() + TIMEOUT
            while process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.02)
                if "\n" in console(work):
                    time.sleep(0.1)  # for a second line
                    break
            status = process.poll()
            process.kill()
            words = process.stderr.read().decode().strip()
        text = console(work)
    line = case[2]
    if line is None:
        good = status == 0 and not text
    else:
        pattern = f"directboot: {line}\r\n".replace("[", "[[]")
        good = status is None and fnmatch.fnmatchcase(text, pattern)
    return [] if good else [f"status {status}, console {text[:300]!r}",
                            f"wanted is {line!r}", words[:300]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--firmware",
                        default=f"{BUILD}/directboot-aarch64.rom")
    parser.add_argument("--tool", default=f"{BUILD}/directboot")
    parser.add_argument("--image", default=f"{BUILD}/guest/image.bin")
    parser.add_argument("--qemu", dest="program", metavar="PATH",
                        default="qemu-system-aarch64")
    parser.add_argument("--case", default="", metavar="REGEX")
    args = parser.parse_args()
    with open(args.image, "rb") as file:
        kernel = file.read()

    def bundle(arch):
        made = bundles.Bundle(3, kernel)
        made.set("header", "arch", arch)
        made.sign()
        return bytes(made.data)

    failed = passed = 0
    for name, case in load_cases(kernel, bundle).items():
        if not re.search(args.case, name):
            continue
        start = time.monotonic()
        problems = run_case(case, args)
        failed += bool(problems)
        passed += not problems
        print(f"{'FAIL' if problems else 'ok  '} {name} "
              f"{time.monotonic() - start:.1f} s", flush=True)
        for problem in filter(None, problems):
            print(f"       {problem}", flush=True)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
