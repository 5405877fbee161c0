# SPDX-License-Identifier: BSD-2-Clause
"""Debian's kernels as scripts/fetch-kernels.sh gets them, and initrds."""
import subprocess

DEBIAN = {"x86_64": "amd64", "aarch64": "arm64"}


def fetch(context, *names):
    subprocess.run([f"{context.root}/scripts/fetch-kernels.sh", *names],
                   check=True)


def kernel(context, flavour, name="vmlinuz"):
    """flavour: a directory of build/kernels, as cloud-amd64."""
    return f"{context.build}/kernels/{flavour}/{name}"


def busybox(context, debian):
    return f"{context.build}/kernels/busybox-{debian}/busybox"


def make_initrd(context, flavour, path):
    """The test guest of tests/guest for this kernel."""
    debian = flavour.rsplit("-", maxsplit=1)[-1]
    subprocess.run([f"{context.root}/tests/guest/mkinitrd.py",
                    f"{context.build}/kernels/{flavour}",
                    busybox(context, debian), path], check=True)


def cpio(entries):
    """entries: (name, mode, bytes); "newc" of cpio(5)."""
    out = b""
    for name, mode, data in [*entries, ("TRAILER!!!", 0, b"")]:
        name = name.encode() + b"\0"
        fields = (0, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name), 0)
        out += b"070701" + b"".join(b"%08x" % field for field in fields)
        out += name + bytes(-(110 + len(name)) % 4)
        out += data + bytes(-len(data) % 4)
    return out
