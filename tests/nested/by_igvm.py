# SPDX-License-Identifier: BSD-2-Clause
"""Starts an inner machine from an IGVM file, as a paravisor is.

QEMU_IGVM names a QEMU that reads such files, with options if it needs some.
Without, Debian's QEMU starts, which does not; the loader of tests/igvm lays out
the file as QEMU would.
"""
import os
import shlex

from igvm import hosts, loader, replay

# What QEMU's q35 tells of 3 GiB.
MEMORY = [(0, 2 << 30, 0), (4 << 30, 1 << 30, 0), hosts.HOLE]


def qemu():
    """The words of that QEMU, or none."""
    return shlex.split(os.environ.get("QEMU_IGVM", ""))


def options(context, path, work, cpu_count):
    """Of QEMU, to start a PC of 3 GiB from the file."""
    if qemu():
        return ["-machine", "igvm-cfg=file0", "-object",
                f"igvm-cfg,id=file0,file={path}"]
    with open(path, "rb") as file:
        loaded = loader.Loaded(file.read(), "qemu",
                               loader.Host(MEMORY, cpu_count))
    return replay.options("x86_64", loaded, context, work)
