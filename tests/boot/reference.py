# SPDX-License-Identifier: BSD-2-Clause
"""Reads and records complaints of guests under QEMU's usual firmware.

They are in reference/ARCH.txt. --record-reference adds to them.
"""
import os

HERE = os.path.dirname(os.path.abspath(__file__))

REFERENCE_HEAD = """\
# Complaints of the guest of each case under the reference firmware with QEMU's
# tables: SeaBIOS (pc, q35), qboot (microvm), EDK2 (virt, ACPI), QEMU's own
# loader (virt, device tree). Case, tab, line; numbers are replaced by N. Made
# by tests/run.py boot --record-reference, which adds what it sees. Case *, put
# here by hand: what any guest may say when the host is too busy to deliver
# emulated timer interrupts, seen in some runs of a case and not in others.
"""


def path_of(arch):
    return f"{HERE}/reference/{arch}.txt"


def load(arch):
    """Maps a case name, or "*", to the lines that its guest may have."""
    allowed = {}
    if os.path.exists(path_of(arch)):
        with open(path_of(arch), encoding="utf-8") as file:
            for row in file:
                if not row.startswith("#"):
                    name, _, line = row.rstrip("\n").partition("\t")
                    allowed.setdefault(name, set()).add(line)
    return allowed


def record(arch, verdicts):
    """Adds the complaints of guests under QEMU's firmware that ended well."""
    kept = load(arch)
    noise = kept.get("*", set())
    for case, verdict in verdicts:
        if not any("init was not reached" in text or "timeout" in text
                   for text in verdict.problems):
            lines = kept.setdefault(case.name, set())
            lines |= verdict.complaints - noise
    os.makedirs(os.path.dirname(path_of(arch)), exist_ok=True)
    with open(path_of(arch), "w", encoding="utf-8") as file:
        file.write(REFERENCE_HEAD)
        for name in sorted(kept):
            for line in sorted(kept[name]):
                file.write(f"{name}\t{line}\n")
