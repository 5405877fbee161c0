# SPDX-License-Identifier: BSD-2-Clause
"""Boots Debian's cloud kernel in Bochs, from a bundle on an ATA disk.

The blob is the ROM; it has to count the CPUs itself. The guest checks CPUs, RAM
and tables, and powers off.
"""
import os
import re
import shutil

from lib import expect, guest, report, table, vmm

HERE = os.path.dirname(os.path.abspath(__file__))
MEM = 512
SECONDS = 240
JOBS_MAX = 1
UNWANTED = r"CHECK \w+ FAIL|Kernel panic|Oops|BUG:|ACPI Error|^directboot: "


def load():
    return table.load(f"{HERE}/bochs.cases", "x86_64")


def skip_reason(*_):
    program = os.environ.get("PROGRAM", "bochs")
    return "" if shutil.which(program) else f"no {program}"


def prepare(_, context):
    guest.fetch(context, "cloud-amd64", "busybox-amd64")


def make_disk(case, context, work):
    guest.make_initrd(context, "cloud-amd64", f"{work}/initrd")
    line = (f"console=ttyS0 quiet db.cpus={case['smp']} db.mem={MEM} "
            "db.acpi=1 db.end=poweroff")
    return context.pack(f"{work}/disk", guest.kernel(context, "cloud-amd64"),
                        "--initrd", f"{work}/initrd", "--cmdline", line,
                        "--output-format", "disk")


def run(case, context):
    with context.work(case.name) as work:
        command = [f"{context.root}/scripts/vmm.sh", "bochs",
                   context.firmware("x86_64"), make_disk(case, context, work)]
        text = vmm.run(command, work, SECONDS, is_stdout=True,
                       env=dict(os.environ, CPUS=case["smp"],
                                MEM=str(MEM))).console
    # Each of them once, and each on a line of its own.
    wanted = case.expected.texts("~")
    lines = re.findall(f".*(?:{'|'.join(map(expect.pattern, wanted))}).*",
                       text)
    problems = list(case.expected.problems(text))
    if len(lines) != len(wanted) or re.search(UNWANTED, text, re.M):
        problems.append(f"console ends {text[-1000:]!r}")
    return report.Verdict(problems,
                          words=lines[0].strip() if lines else "")
