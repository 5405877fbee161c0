# SPDX-License-Identifier: BSD-2-Clause
"""Judges the page tables that the blob works with, while it does.

QEMU's monitor walks them: a line of "info tlb" is a page of 4 KiB or 2 MiB,
"ADDRESS: PHYSICAL FLAGS" with X for no code and W for writable.
"""
import re

LINE = re.compile(r"([0-9a-f]{16}): [0-9a-f]{16} ([-A-Z]+)")


def judge(control, places):
    """ValueError unless the blob alone is code, and all else is not."""
    told = control.execute("human-monitor-command", **{
        "command-line": "info tlb"})
    found = [(int(address, 16), flags) for address, flags in
             LINE.findall(told)]
    blob = range(places["BLOB_VADDR"],
                 places["BLOB_VADDR"] + places["BLOB_SIZE"])
    code = {address for address, flags in found if flags[0] != "X"}
    if code != set(range(blob.start, blob.stop, 0x1000)):
        raise ValueError(f"these pages are code: {sorted(map(hex, code))}")
    for address, flags in found:
        if ("W" in flags) == (address in blob):
            raise ValueError(f"{address:#x} has {flags}")
        if address in (0, places["STACK_GUARD"]):
            raise ValueError(f"{address:#x} is a page")
