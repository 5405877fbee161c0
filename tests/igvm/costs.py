# SPDX-License-Identifier: BSD-2-Clause
"""How many instructions the first processor takes for what IGVM files add.

The image for IGVM files starts the same small kernel on the same machine as the
ROM does by the other door, which the image does not have on x86_64, or with a
pool of processors and without. The plugin of tests/bench counts what the first
processor executes, not what stands for the VMM. The pool's start is counted
apart from what tells the kernel of it: nodes of its device tree, which libfdt
writes, and a word.
"""
import copy
import os
import re
import shutil
import sys

from doors import suite as doors
from lib import bundles, context as contexts, expect, report, table

sys.path.append(os.path.join(contexts.TESTS, "bench"))
import blob     # noqa: E402
import measure  # noqa: E402

STUB = range(0x8000, 0x9000)  # of doors.S and x86_64.S; and their ROM
ROM = 0xffff0000
QEMU = "qemu-system-x86_64"
LIMITS = ("over-door", "pool-cpus")
POOL_CPU_MOST = 200
# arch_clock() waits if the boot took seconds, as one of many CPUs does here.
TELLING = re.compile(r"(fdt|dt|tree|write|cmdline|words)_\w+|require|is_space|"
                     r"arch_clock")
LEAVES = ("memcpy", "memmove", "memset", "strlen", "string_put_number",
          "split_next_chunk")


def is_cost(case):
    return any(limit in case for limit in LIMITS)


def skip_reason():
    return "" if shutil.which("gcc") else "no gcc"


def plugin(context):
    def make(path):
        os.mkdir(path)
        measure.build_plugin(path, context.root)

    folder = context.once("igvm-plugin", make)
    return measure.loadable_plugin(QEMU, [
        f"{folder}/{name}" for name in sorted(os.listdir(folder))])


def measured(command, context):
    """What is executed up to the kernel's first instruction."""
    at = command.index("-serial")
    command = command[:at] + command[at + 2:]
    return measure.run(command, plugin(context), {"code": bundles.CODE.ljust(
        32, b"\0")}, pages=True, first=True, traces=False)


def count(done):
    """Instructions of the blob."""
    return sum(times for (address, _), times in done.insns.items()
               if address < ROM and address not in STUB)


def count_telling(done, context):
    """Those that write the kernel's tree, its command line and the ledger."""
    elf = blob.Elf(f"{context.build}/x86_64/directboot-igvm.elf")
    functions = blob.by_function(elf, done)
    return sum(function.count for name, function in functions.items()
               if TELLING.fullmatch(name)) + sum(
        times for name in LEAVES
        for caller, times in functions[name].call_costs.items()
        if TELLING.fullmatch(caller))


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


def without_pool(case):
    """The same row, whose kernel starts all processors."""
    row = copy.copy(case)
    row.words = [(key, "--paravisor" if key == "pack" else value)
                 for key, value in case.words]
    return row


def run(case, context, command):
    image = with_image(context, case.arch)
    is_pool = "pool-cpus" in case
    other = (command, without_pool(case), image) if is_pool else \
        (doors.command, door_row(case), context)
    found = []
    for make, row, of in (command, case, image), other:
        with context.work(case.name) as work:
            found.append(measured(make(row, of, work), of))
    insns, before = map(count, found)
    if is_pool:
        telling, less = (count_telling(done, image) for done in found)
        return judge_pool(case.number("pool-cpus"), insns - before,
                          telling - less)
    words = f"{insns} instructions, {before} by the kernel's door"
    most = case.number("over-door")
    return report.Verdict([] if insns - before <= most else
                          [f"{words}: at most {most} more"], words=words)


def judge_pool(cpus, insns, telling):
    each = (insns - telling) / cpus
    words = f"{each:.0f} instructions for each of {cpus} processors, and " \
        f"{telling / cpus:.0f} to tell the kernel"
    return report.Verdict([] if each <= POOL_CPU_MOST else
                          [f"{words}: at most {POOL_CPU_MOST}"], words=words)
