# SPDX-License-Identifier: BSD-2-Clause
"""Boots tests/guest/handoff.S up to its end: the state a kernel is entered in.

Under TCG and under KVM, whatever KVM it is: a software KVM that no stock kernel
comes up in still runs the blob.
"""
import os

from lib import report, table, vmm

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS = 60
JOBS_MAX = 1  # four CPUs each

# A KVM without VMX or SVM offers less of CPUID than the VMM asks for.
ACCELERATORS = {"tcg": ["-accel", "tcg"],
                "kvm": ["-accel", "kvm", "-cpu", "qemu64,-sse3"]}


def load():
    return table.load(f"{HERE}/handoff.cases", "x86_64")


def skip_reason(case, _):
    if case["accel"] == "kvm" and not os.access("/dev/kvm", os.W_OK):
        return "no /dev/kvm"
    return ""


def pack(context, rom):
    initrd = vmm.write(context.shared, "handoff.initrd", b"initrd: " * 1024)
    context.pack(rom, f"{context.build}/guest/handoff.elf", "--initrd", initrd,
                 "--cmdline", "handoff")


def run(case, context):
    rom = context.once("handoff.rom", lambda path: pack(context, path))
    with context.work(case.name) as work:
        done = vmm.run(
            [*vmm.headless(context.qemu("x86_64")), "-M", case["machine"],
             "-smp", case["smp"], "-m", "256M", "-no-reboot",
             *vmm.serial_file(work), *vmm.DEBUG_EXIT, "-bios", rom,
             *ACCELERATORS[case["accel"]]], work, SECONDS)
    if done.status == vmm.STATUS_BOOTED:
        return report.Verdict()
    status = "timeout" if done.status is None else done.status
    return report.Verdict([f"status {status} {done.console.strip()} "
                           f"{done.errors[:200]}"])
