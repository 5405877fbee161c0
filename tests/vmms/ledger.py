# SPDX-License-Identifier: BSD-2-Clause
"""Starts a packed file in each VMM that is here, by scripts/vmm.sh.

The payload is the small kernel of handoff.S or image.S, not Linux; that the
blob was entered, found two CPUs and all RAM, and went on to that kernel is read
from its ledger. VMMs that need KVM are skipped where the processor has none;
KVM=1 in the environment tries them all the same, PATH says where they are.
"""
import os
import re
import shutil

from lib import report, table, vmm

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS = 60
JOBS_MAX = 1
KERNELS = {"x86_64": "handoff.elf", "aarch64": "image.bin"}
LAST_WORD = "description:"


def load():
    return table.load(f"{HERE}/ledger.cases")


def can_kvm():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        has_it = re.search(r"\b(vmx|svm)\b", file.read())
    return os.access("/dev/kvm", os.R_OK | os.W_OK) and (
        has_it or "KVM" in os.environ)


def skip_reason(case, _):
    if not shutil.which(case["program"]):
        return f"no {case['program']}"
    return "no KVM" if "kvm" in case and not can_kvm() else ""


def packed(case, context):
    kernel = f"{context.build}/guest/{KERNELS[case.arch]}"
    return context.once(f"ledger.{case.arch}", lambda path: context.pack(
        path, kernel, "--verbose", "--cmdline", "x"))


def run(case, context):
    command = [f"{context.root}/scripts/vmm.sh", case.name,
               packed(case, context)]
    if "options" in case:
        command += ["--", *case.split("options")]
    with context.work(case.name) as work:
        done = vmm.run(command, work, SECONDS, lambda text: LAST_WORD in text,
                       is_stdout=True,
                       env=dict(os.environ, CPUS="2", MEM="512"))
    text = done.console
    door = re.search(r"door: ([^;]+); payload from", text)
    machine = re.search(r"machine: 2 CPUs, 51[12] MiB RAM.*", text)
    if not door or not machine or LAST_WORD not in text:
        return report.Verdict([f"console has {text[-500:]!r} "
                               f"{done.errors[-200:]}"])
    return report.Verdict(words=f"{door[1]}, {machine[0].strip()}")
