# SPDX-License-Identifier: BSD-2-Clause
"""Judges whether a guest's words, tables and dump are as its case demands."""
import os
import re
import shutil
import subprocess
import tarfile

from boot import trees
from lib import vmm

HERE = os.path.dirname(os.path.abspath(__file__))

BAD_LINES = re.compile(
    r"ACPI Error|ACPI Warning|ACPI BIOS|ACPI Exception|Firmware Bug|BIOS bug|"
    r"WARNING:|BUG:|Oops|mtrr: your|PCI: Using configuration type 1|"
    r"nobody cared|violation of boot protocol|No MFD cells|"
    r"cache topology may be inaccurate|Kernel panic|^directboot: ")
# Without ECAM, that line does not report a fall-back.
NO_ECAM_LINE = re.compile(r"PCI: Using configuration type 1")
# How long after the host's clock was read the guest's started, by its own.
STARTED = re.compile(r"CHECK time ok started (-?\d+) s after the host")
CLOCK_SLACK = 2  # seconds, since both clocks are read as whole ones
TIMESTAMP = re.compile(r"^(<\d+>)?\[ *\d+\.\d+\]( \[ *[TC]\d+\])? ?")


def normalise(line):
    """Returns a kernel line without what differs from run to run."""
    line = TIMESTAMP.sub("", line.strip())
    return re.sub(r"0x[0-9a-f]+|\b[0-9a-f]{8,16}\b|\d+", "N", line)


def complaints(case, text):
    found = set()
    for line in text.splitlines():
        plain = TIMESTAMP.sub("", line.strip("\r "))
        if not BAD_LINES.search(plain) or plain.startswith("CHECK "):
            continue
        if NO_ECAM_LINE.search(plain) and not case.has_ecam:
            continue
        found.add(normalise(line))
    return found


def extract_dump(work, target):
    shutil.rmtree(target, ignore_errors=True)
    try:
        with open(f"{work}/dump.img", "rb") as file:
            file.seek(4096)
            with tarfile.open(fileobj=file, mode="r|") as tar:
                tar.extractall(target)
    except (tarfile.TarError, OSError):
        return False
    return True


def judge_tables(target):
    """Lets iasl check the guest's tables, or dtc its tree."""
    if os.path.isdir(f"{target}/acpi") and os.listdir(f"{target}/acpi"):
        if not shutil.which("iasl"):
            return []
        check = subprocess.run([f"{HERE}/iasl-check.sh", f"{target}/acpi"],
                               capture_output=True, text=True, check=False)
        return ["iasl: " + line for line in check.stdout.splitlines()
                if "FAIL" in line][:5]
    if os.path.exists(f"{target}/fdt") and shutil.which("dtc"):
        check = subprocess.run(["dtc", "-I", "dtb", "-O", "dtb",
                                "-o", "/dev/null", f"{target}/fdt"],
                               capture_output=True, text=True, check=False)
        return ["dtc: " + line for line in check.stderr.splitlines()][:5]
    return []


def judge_tree(target):
    """Checks that the guest got the tree that was packed for it."""
    if trees.TREE_MODEL in vmm.read(f"{target}/fdt"):
        return []
    return ["the guest has another device tree"]


def judge_time(log, seconds):
    """No guest of this run started when the whole run was over."""
    return [f"time: started {late} s after the host, in a run of "
            f"{seconds:.0f} s" for late in STARTED.findall(log)
            if int(late) > seconds + CLOCK_SLACK]


def judge_log(case, log, names):
    problems = []
    boots = case.boots
    if "GUEST boot 1 of" not in log:
        return ["the guest's init was not reached"]
    seen = re.findall(r"CHECK (\S+) (ok|FAIL) ?([^\r\n]*)", log)
    for name, word, detail in seen:
        if word == "FAIL":
            problems.append(f"{name}: {detail}")
    for name in names:
        count = sum(name == check[0] for check in seen)
        if count != boots:
            problems.append(f"{name}: checked {count} times, not {boots}")
    for boot in range(1, boots + 1):
        if f"GUEST boot {boot} of" not in log:
            problems.append(f"boot {boot}: init was not reached")
    return problems
