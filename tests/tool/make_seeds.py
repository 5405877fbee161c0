#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes the inputs that fuzzing starts from.

usage: make_seeds.py DIRECTBOOT DIRECTORY
"""
import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

from tool import images, inputs  # noqa: E402

SMALL = [(0x1000000, inputs.BANNER + inputs.text(2000) + bytes(70000) +
          inputs.text(300), 90000)]
VMLINUX = inputs.elf(SMALL, 0x1000000, tail=inputs.relocs([8, 900], [], [7]))
CONFIG = b"IKCFG_ST" + inputs.PACKERS["gzip"](b"#\nCONFIG_PCI=y\n") + \
    b"IKCFG_ED"


def main():
    tool, directory = sys.argv[1:]
    os.makedirs(directory, exist_ok=True)

    def write(name, data):
        path = os.path.join(directory, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    vmlinux = write("vmlinux", VMLINUX)
    write("config", inputs.elf([(0x200000, CONFIG, 9000)], 0x200000))
    for name, packer in inputs.PACKERS.items():
        packed = packer(VMLINUX)
        if packed is not None:
            name = name.replace(" ", "-")
            write("bzimage-" + name, inputs.bzimage(packed))
            write("packed-" + name, packer(inputs.IMAGE[:3000]))
    image = write("image", inputs.IMAGE[:3000])
    gzip = inputs.PACKERS["gzip"](inputs.IMAGE[:3000])
    write("zboot", inputs.zboot(gzip))
    write("uki", inputs.uki([(b".linux", inputs.IMAGE[:500]),
                             (b".initrd", b"initrd"), (b".cmdline", b"a"),
                             (b".ucode", b"b"), (b".dtb", inputs.DTB)]))
    layers = [images.tar(images.entry("a/b", b"x"), images.link("l", "a"),
                         images.hard_link("h", "l/b"), images.device("d", 1, 3)),
              images.tar(images.entry("a/.wh.b"), images.entry(
                  "l/.wh..wh..opq"), images.entry("n" * 120, b"y"))]
    write("tar", layers[0])
    write("layout", images.Layout().add(layers).tar())
    write("saved", images.saved((layers, "x86_64", {"Cmd": ["a"]})))
    dtb = write("dtb", inputs.DTB)
    blob = write("blob", inputs.blob())
    arm_blob = write("arm-blob", inputs.blob("aarch64"))
    for kernel, blob, name, tree in ((vmlinux, blob, "rom", []),
                                     (image, arm_blob, "arm-rom",
                                      ["--dtb", dtb, "--platform", dtb])):
        more = ["--initrd", dtb, "--cmdline", "quiet", *tree]
        out = os.path.join(directory, name)
        subprocess.run([tool, "pack", "-k", kernel, "--blob", blob, "-o", out,
                        *more], check=True, stdout=subprocess.DEVNULL)
        for how in ("lz4", "zstd"):
            subprocess.run([tool, "pack", "-k", kernel, "--output-format",
                            "bundle", "-o", out + "-" + how, "--compress",
                            how, *more], check=True)


main()
