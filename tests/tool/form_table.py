#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Packs and boots kernels by each compression; prints the bytes of each file.

usage: form_table.py KERNEL...

By hand, for payload/README.md's table; O= names the build directory.
"""
import json
import os
import subprocess
import sys
import time
import types

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

from lib import context as contexts  # noqa: E402
from lib import report               # noqa: E402
from tool import forms               # noqa: E402


def row(kernel, arch, way, context):
    with context.work("table") as work:
        rom = context.pack(f"{work}/rom", kernel,
                           *forms.initrds(context, arch), "-c",
                           "quiet console=" + forms.MACHINES[arch][1], *way)
        alone = context.pack(f"{work}/alone", kernel, *way)
        said, text = forms.boot(context, arch, work, rom)
        return report.Verdict(
            [] if said.get("initrd") == forms.SECOND else
            [f"console ends {text[-200:]!r}"],
            words=f"{os.path.getsize(alone)} bytes")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    context = contexts.Context(types.SimpleNamespace(
        qemu=None, firmware=None, tool=None, keep=False))
    told = report.Report()
    for kernel in sys.argv[1:]:
        shown = json.loads(subprocess.run(
            [context.tool, "show", "--json", kernel], check=True,
            stdout=subprocess.PIPE).stdout)
        print(f"     {os.path.basename(kernel)}: "
              f"{shown['version'].split()[0]}, {shown['kernel']}, "
              f"{os.path.getsize(kernel)} bytes", flush=True)
        ways = [[], ["--compress", "none"], ["--compress", "zstd"]]
        if shown["kernel"].startswith("bzImage"):
            ways.append(["--keep-bzimage"])
        for way in ways:
            start = time.monotonic()
            verdict = row(kernel, shown["arch"], way, context)
            verdict.seconds = time.monotonic() - start
            told.add(f"{os.path.basename(kernel)} "
                     f"{way[-1] if way else 'auto'}", verdict)
    context.close()
    return told.close()


if __name__ == "__main__":
    sys.exit(main())
