#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes the ELF vmlinux that a bzImage holds: extract-vmlinux.py IN OUT.

Linux Documentation/arch/x86/boot.rst defines the fields setup_sects (0x1f1),
magic (0x202), payload_offset (0x248) and payload_length (0x24c). The kernel's
build appends the unpacked size as four bytes to every format but gzip, which
has it inside already.
"""
import bz2
import lzma
import os
import struct
import subprocess
import sys
import zlib


def filtered(*command):
    def unpack(data):
        return subprocess.run(command, input=data, check=True,
                              stdout=subprocess.PIPE).stdout
    return unpack


def gunzip(data):
    return zlib.decompressobj(wbits=31).decompress(data)


FORMATS = [
    (b"\x1f\x8b", gunzip),
    (b"BZh", bz2.decompress),
    (b"\x5d\x00\x00", lzma.decompress),
    (b"\xfd7zXZ\x00", lzma.decompress),
    (b"\x89LZO", filtered("lzop", "-dc")),
    (b"\x02\x21\x4c\x18", filtered("lz4", "-dcq")),
    (b"\x28\xb5\x2f\xfd", filtered("zstd", "-dcq")),
]


def extract(image):
    if image[0x202:0x206] != b"HdrS":
        raise ValueError("no bzImage: no HdrS at 0x202")
    setup_sects = image[0x1f1] or 4
    offset, length = struct.unpack_from("<II", image, 0x248)
    start = (setup_sects + 1) * 512 + offset
    payload = image[start:start + length]
    if len(payload) < length:
        raise ValueError(f"payload of {length} bytes is cut short")
    for magic, unpack in FORMATS:
        if payload.startswith(magic):
            break
    else:
        raise ValueError(f"unknown payload magic {payload[:6].hex()}")
    size, = struct.unpack("<I", payload[-4:])
    vmlinux = unpack(payload if unpack is gunzip else payload[:-4])
    if len(vmlinux) != size or vmlinux[:4] != b"\x7fELF":
        raise ValueError(f"unpacked {len(vmlinux)} bytes, no ELF of {size}")
    return vmlinux


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: extract-vmlinux.py BZIMAGE VMLINUX")
    source, target = sys.argv[1:]
    try:
        with open(source, "rb") as file:
            vmlinux = extract(file.read())
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        sys.exit(f"extract-vmlinux: {source}: {error}")
    with open(target + ".part", "wb") as file:
        file.write(vmlinux)
    os.rename(target + ".part", target)


main()
