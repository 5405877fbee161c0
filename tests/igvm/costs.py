# SPDX-License-Identifier: BSD-2-Clause
"""How many instructions the door of IGVM files takes beyond the kernel's door.

The same blob starts the same small kernel on the same machine by either door,
and the plugin of tests/bench counts what it executes, not what stands for the
VMM.
"""
import copy
import os
import shutil
import sys

from doors import suite as doors
from lib import bundles, context as contexts, expect, report, table

sys.path.append(os.path.join(contexts.TESTS, "bench"))
import measure  # noqa: E402

STUB = range(0x8000, 0x9000)  # of doors.S and x86_64.S; and their ROM
ROM = 0xffff0000
QEMU = "qemu-system-x86_64"


def skip_reason():
    return "" if shutil.which("gcc") else "no gcc"


def plugin(context):
    def make(path):
        os.mkdir(path)
        measure.build_plugin(path, context.root)

    folder = context.once("igvm-plugin", make)
    return measure.loadable_plugin(QEMU, [
        f"{folder}/{name}" for name in sorted(os.listdir(folder))])


def count(command, context):
    """Instructions of the blob up to the kernel's first."""
    at = command.index("-serial")
    command = command[:at] + command[at + 2:]
    done = measure.run(command, plugin(context), {"code": bundles.CODE.ljust(
        32, b"\0")}, pages=True, traces=False)
    return sum(times for (address, _), times in done.insns.items()
               if address < ROM and address not in STUB)


def door_row(case):
    """The 64-bit door of a kernel, with the bundle in the blob's file."""
    words = [("embedded", "yes"), ("machine", case.get("machine", "pc")),
             ("memory", case.get("memory")), ("smp", case.get("smp"))]
    return table.Row(case.where, {"name": case.name, "entry": "linux64"},
                     words, expect.Expected([]), ["*"], case.arch)


def with_image(context, arch):
    """The same context, whose firmware is the image for IGVM files."""
    changed = copy.copy(context)
    changed.options = copy.copy(context.options)
    changed.options.firmware = context.options.firmware or \
        f"{context.build}/directboot-{arch}-igvm.bin"
    return changed


def run(case, context, command):
    context = with_image(context, case.arch)
    counts = []
    for make, row in (command, case), (doors.command, door_row(case)):
        with context.work(case.name) as work:
            counts.append(count(make(row, context, work), context))
    words = f"{counts[0]} instructions, {counts[1]} by the kernel's door"
    most = case.number("over-door")
    return report.Verdict([] if counts[0] - counts[1] <= most else
                          [f"{words}: at most {most} more"], words=words)
