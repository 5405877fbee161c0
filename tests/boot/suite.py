# SPDX-License-Identifier: BSD-2-Clause
"""Boots Debian's kernels under QEMU as the case tables say, and judges them.

A case passes when every check that it asks of the guest says ok, the guest
ends as asked (and comes back, for a reboot), and no line of its kernel
complains (judge.BAD_LINES) unless the same guest complains alike under the
reference firmware with QEMU's tables (reference/ARCH.txt).
"""
import functools
import os
import shlex
import time

from boot import case as cases
from boot import command, firmware, judge, payload, reference, uki, watch
from lib import guest, report, vmm

ARCHS = ["x86_64", "aarch64"]


def add_arguments(parser):
    parser.add_argument("--out", metavar="DIR",
                        help="for logs and dumps, build/boot")
    parser.add_argument("--record-reference", action="store_true",
                        help="write reference/ARCH.txt from this run; also "
                        "--firmware: 'default' (QEMU's own), 'native' (its "
                        "-kernel loader), 'reference' (each case's right "
                        "peer)")


def load():
    return [case for arch in ARCHS for case in cases.load(arch)]


@functools.cache
def qemu_version(*program):
    return vmm.qemu_version(program)


def skip_reason(case, context):
    qemu = command.program(case, context)
    if not qemu:
        return "no QEMU that reads IGVM files: QEMU_IGVM= may name one"
    wanted = case.get("qemu")
    version = qemu_version(*qemu)
    if wanted and version < tuple(map(int, wanted.split("."))):
        have = ".".join(map(str, version))
        return f"needs QEMU {wanted} for what this QEMU {have} lacks"
    if "own" in case.tags and not firmware.of_case(case, context).is_own:
        return "only our blob can do this"
    return ""


def prepare(selected, context):
    """Makes kernels and initrds of the cases, and a directory for logs."""
    flavours = sorted({case.flavour for case in selected})
    guest.fetch(context, *flavours, *sorted(
        {f"busybox-{flavour.split('-')[-1]}" for flavour in flavours}))
    for arch in {case.arch for case in selected
                 if case["delivery"] in payload.UKI_DELIVERIES}:
        uki.prepare(context, arch)
    for flavour in flavours:
        guest.make_initrd(context, flavour,
                          f"{context.build}/guest/{flavour}.cpio")


def out_directory(boot):
    """build/boot for our blob, build/boot-NAME for another's file."""
    name = os.path.basename(firmware.chosen(boot.context) or "peer")
    path = boot.context.options.out or (
        f"{boot.context.build}/{boot.case.out}" +
        ("" if boot.firmware.is_own else f"-{name}"))
    os.makedirs(path, exist_ok=True)
    return path


def judge_dump(case, boot, target):
    """QEMU's own tables and trees are not judged."""
    if boot.firmware.is_own and case.get("dtb") == "qemu":
        return judge.judge_tree(target)
    if boot.firmware.is_own and not case.takes_vmm_acpi:
        return judge.judge_tables(target)
    return []


def judge_boot(boot, log, failure, words, seconds):
    """The verdict on one boot that was watched to its end, and how long."""
    verdict = report.Verdict([failure] if failure else [])
    verdict.problems += judge.judge_log(
        boot.case, log, boot.case.expected_checks(boot.command_line))
    verdict.problems += judge.judge_time(log, seconds)
    target = f"{out_directory(boot)}/{boot.case.label}"
    if judge.extract_dump(boot.work, target):
        log += "\n--- dmesg of the dump\n" + vmm.read(f"{target}/dmesg")
        verdict.problems += judge_dump(boot.case, boot, target)
    verdict.complaints = judge.complaints(boot.case, log)
    with open(target + ".log", "w", encoding="utf-8") as file:
        file.write(shlex.join(words) + "\n" + log)
    if boot.firmware.is_own:
        known = reference.load(boot.case.arch)
        allowed = known.get(boot.case.name, set()) | known.get("*", set())
        for line in sorted(verdict.complaints - allowed):
            verdict.problems.append(f"bad line: {line}")
    return verdict


def run_vmm(case, words, work, press):
    """The console of a machine, and what went wrong with it, or None."""
    with vmm.Vmm(words, work) as qemu:
        failure = watch.watch(qemu, case, press)
    if failure and qemu.errors():
        failure += f": {qemu.errors()[-300:]}"
    return qemu.console(), failure


def run(case, context):
    with context.work(case.name) as work:
        boot = command.Boot(case, context, work)
        start = time.monotonic()
        words, control, state = boot.command(), f"{work}/qmp", f"{work}/state"

        def press():
            if case["end"] == "restore":
                watch.save(control, state)
            else:
                watch.press_power_button(control)

        log, failure = run_vmm(case, words, work, press)
        if case["end"] == "restore" and not failure:
            more, failure = run_vmm(
                case, [*words, "-incoming", f"exec:cat {state}"], work, press)
            log += more
        return judge_boot(boot, log, failure, words,
                          time.monotonic() - start)


def finish(verdicts, context):
    if context.options.record_reference:
        for arch in {case.arch for case, _ in verdicts}:
            reference.record(arch, [one for one in verdicts
                                    if one[0].arch == arch])
