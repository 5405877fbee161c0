# SPDX-License-Identifier: BSD-2-Clause
"""Enters the x86_64 blob as VMMs that take kernels do, rightly and wrongly.

doors.S is the VMM's side; it runs as QEMU's ROM, with the blob, the bundle and
the hand-off put in RAM. A case passes when the console shows what its row says
and QEMU ends with the status for a refusal, or shows the ledger's lines or
nothing, and the bundle's small kernel ends QEMU.
"""
import os
import subprocess

from doors import handoffs
from lib import report, table, vmm

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS = 20


def load():
    return table.load(f"{HERE}/doors.cases", "x86_64")


def assemble(path):
    """The source has the name of `path`, but for its suffix."""
    name = os.path.splitext(os.path.basename(path))[0]
    subprocess.run(["gcc", "-m64", "-c", f"{HERE}/{name}.S", "-o",
                    f"{path}.o"], check=True)
    subprocess.run(["objcopy", "-O", "binary", "-j", ".text", f"{path}.o",
                    path], check=True)


def command(case, context, work):
    """QEMU's; writes its files, and has QEMU put them in RAM."""
    options = [*vmm.headless(context.qemu("x86_64")), "-M", case.get("machine"),
               "-accel", "tcg", "-m", case.get("memory"),
               *vmm.serial_file(work), *vmm.DEBUG_EXIT, "-bios",
               f"{work}/rom", "-no-reboot", "-smp", case.get("smp")]
    if "huge" in case:  # more than the host has
        options += ["-cpu", "max", "-machine", "memory-backend=ram", "-object",
                    f"memory-backend-ram,id=ram,size={case.get('memory')},"
                    "reserve=off"]
    if "recording" in case:
        options += ["-cpu", "max"]
    if "e820" in case or "recording" in case:
        options += ["-global", "fw_cfg_io.dma_enabled=off"]
    with open(context.once("doors.rom", assemble), "rb") as file:
        rom = file.read()
    with open(context.firmware("x86_64"), "rb") as file:
        blob = file.read()
    with open(context.once("late.bin", assemble), "rb") as file:
        codes = {"late": file.read()}
    for name, data, paddr in handoffs.files(case, rom, blob, codes):
        path = vmm.write(work, name, data)
        if paddr is not None and data:
            options += vmm.loader(path, paddr)
    if case["entry"] == "low-bios":
        options += ["-fw_cfg",
                    f"name=opt/directboot/bundle,file={work}/bundle"]
    return options


def wanted_status(case):
    if case.get("end") == "reset":
        return 0  # by -no-reboot
    return vmm.STATUS_REFUSED if case.expected.is_refusal else \
        vmm.STATUS_BOOTED


def run(case, context):
    with context.work(case.name) as work:
        done = vmm.run(command(case, context, work), work, SECONDS)
    problems = list(case.expected.problems(done.console))
    if done.status != wanted_status(case):
        problems.append(f"QEMU's status is {done.status}, not "
                        f"{wanted_status(case)} {done.errors[:200]}")
    return report.Verdict(problems)
