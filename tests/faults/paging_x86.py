# SPDX-License-Identifier: BSD-2-Clause
"""Judges x86_64's page tables in a stopped guest.

QEMU's monitor walks them: a line of "info tlb" is a page of 4 KiB or 2 MiB,
"ADDRESS: PHYSICAL FLAGS" with X for no code and W for writable. The judge wants
the blob to be all that is code and not writable, all else to be data, and
nothing to be mapped at page 0 and below the stack.
"""
import re

LINE = re.compile(r"([0-9a-f]{16}): [0-9a-f]{16} ([-A-Z]+)")
PAGE = 4096


def problems(control, places):
    told = control.execute("human-monitor-command", **{
        "command-line": "info tlb"})
    found = [(int(address, 16), flags) for address, flags in
             LINE.findall(told)]
    blob = range(places["BLOB_VADDR"],
                 places["BLOB_VADDR"] + places["BLOB_SIZE"])
    code = {address for address, flags in found if flags[0] != "X"}
    if code != set(range(blob.start, blob.stop, PAGE)):
        yield f"these pages are code: {sorted(map(hex, code))}"
    for address, flags in found:
        if ("W" in flags) == (address in blob):
            yield f"{address:#x} has {flags}"
        if address in (0, places["STACK_GUARD"]):
            yield f"{address:#x} is a page"
