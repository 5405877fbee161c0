# SPDX-License-Identifier: BSD-2-Clause
"""Boots QEMU with input that must be refused, as x86_64.cases and aarch64.cases
say.

A case passes when the console shows the one line expected and nothing else,
and the machine ends as it should; without a line, when the console is silent
and the small kernel ends QEMU.
"""
import os
import time

from lib import report, table, vmm
from refusals import aarch64, x86_64

HERE = os.path.dirname(os.path.abspath(__file__))
MAKERS = {"x86_64": x86_64, "aarch64": aarch64}
SECONDS = 20

# QEMU's status by how it ends; None: it is still there.
STATUS = {
    "x86_64": {"refused": vmm.STATUS_REFUSED, "booted": vmm.STATUS_BOOTED,
               "poweroff": 0, "halt": None, "reset": None},
    "aarch64": {"refused": None, "booted": 0},
}


def load():
    return [case for arch in MAKERS
            for case in table.load(f"{HERE}/{arch}.cases", arch)]


def prepare(cases, context):
    for arch in {case.arch for case in cases}:
        MAKERS[arch].prepare(context)


def end_of(case):
    return case.get("end") or ("refused" if case.expected.is_refusal
                               else "booted")


def watch(run, case):
    """Waits for the end that the case wants; returns the status."""
    end = end_of(case)
    goes_on = STATUS[case.arch][end] is None
    lines = {"reset": 2}.get(end, 1)
    run.wait(SECONDS, (lambda text: text.count("\n") >= lines)
             if goes_on or case.arch == "aarch64" else None)
    if end != "reset" and run.status() is None:
        # It is to be there a little later, with no second line.
        time.sleep(0.3 if end == "halt" else 0.1)
    return run.status()


def problems_of(case, status, console):
    wanted = STATUS[case.arch][end_of(case)]
    if status != wanted:
        yield f"QEMU's status is {status}, not {wanted}"
    if end_of(case) == "reset":
        # The same again and again, the last perhaps in part.
        lines = console.splitlines(keepends=True)
        if console.count("\n") < 2:
            yield "does not come back"
        console = "".join(sorted(set(lines[:console.count("\n")])))
    yield from case.expected.problems(console)


def run(case, context):
    with context.work(case.name) as work:
        command = MAKERS[case.arch].command(case, context, work)
        with vmm.Vmm(command, work) as qemu:
            status = watch(qemu, case)
        problems = list(problems_of(case, status, qemu.console()))
        if "seeds" in case:
            problems += aarch64.seed_problems(case, work)
        if problems and qemu.errors():
            problems.append(f"QEMU says: {qemu.errors()[:300]}")
    return report.Verdict(problems)
