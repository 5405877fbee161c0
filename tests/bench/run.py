#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Counts what firmware does between reset and the kernel's first instruction.

One run compares our blobs and the firmware that Debian ships, on the machines
of QEMU. README.md explains the numbers.
"""
import argparse
import os
import re
import shutil
import sys

sys.dont_write_bytecode = True  # the source tree stays as it is

import blob
import check
import kernel
import limits
import measure
import report
import rows

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0],
        epilog="Status: 0, 1 (a limit is exceeded, with --check), 2 (usage).")
    parser.add_argument("--build", default=os.path.join(ROOT, "build"),
                        metavar="DIR", help="where our files are (build)")
    parser.add_argument("--firmware", metavar="FILE",
                        help="our x86_64 blob (DIR/directboot-x86_64.rom)")
    parser.add_argument("--firmware-aarch64", metavar="FILE",
                        help="our AArch64 blob (DIR/directboot-aarch64.rom)")
    parser.add_argument("--kernels", metavar="DIR",
                        help="holds cloud-amd64/ and cloud-arm64/, as "
                        "scripts/fetch-kernels.sh makes it (DIR/kernels)")
    parser.add_argument("--arch", choices=["x86_64", "aarch64"])
    parser.add_argument("--only", default="", metavar="REGEX",
                        help="rows whose 'name firmware' matches")
    parser.add_argument("--check", action="store_true",
                        help="only our rows, against limits.txt")
    parser.add_argument("--slow", action="store_true",
                        help="with OVMF, which takes minutes")
    parser.add_argument("--time", type=int, default=5, metavar="N",
                        help="rounds of timing (5); 0: none")
    parser.add_argument("--kva", action="store_true",
                        help="also count to the first kernel-virtual "
                        "instruction: with the kernel's own unpacking")
    parser.add_argument("--hot", type=int, default=12, metavar="N",
                        help="functions to list for each of our rows (12)")
    parser.add_argument("--hot-peers", action="store_true",
                        help="4 KiB pages of the peers' rows, too")
    return parser.parse_args()


def counted(measured, plugin, markers, elf, bounds, options):
    """Fills in the counts. A failure becomes the row's error."""
    row = measured.row

    def run(**how):
        return measure.run(row.command(), plugin, markers, keys=row.keys,
                           timeout=600 if row.is_slow else 120, **how)

    try:
        measured.exact = run(pages=row.is_ours or options.hot_peers,
                             traces=not row.is_slow)
        measured.attribute(elf, bounds)
        if not options.check:
            measured.plain = run(deterministic=False)
        if options.kva:
            measured.kva = run(to_kva=True, traces=False)
    except measure.NoEntry as error:
        measured.error = measured.error or str(error)


def timed(all_measured, plugins, kernels, rounds, to_kva):
    """Measures round by round, so that load of the host affects all rows."""
    for _ in range(rounds):
        for measured in all_measured:
            row = measured.row
            if not measured.exact:
                continue
            try:
                once = measure.run(
                    row.command(), plugins[row.arch],
                    kernels[row.arch].markers, keys=row.keys, counts=False,
                    traces=False, deterministic=False, to_kva=to_kva)
                measured.times.append(once.vcpu_ms)
                measured.kva_times += [once.end_ms] * to_kva
            except measure.NoEntry as error:
                progress(f"{row.name} {row.firmware}: {error}")


def progress(text):
    if sys.stderr.isatty():
        print(text, file=sys.stderr)


def plugins_for(arches, folder):
    if not shutil.which("gcc"):
        return {arch: None for arch in arches}
    built = measure.build_plugin(folder, ROOT)
    return {arch: measure.loadable_plugin(f"qemu-system-{arch}", built)
            if shutil.which(f"qemu-system-{arch}") else None
            for arch in arches}


def rows_of(arches, folder, kernels, options):
    table = rows.Table(options.build, folder, kernels, options.check,
                       options.slow,
                       {"x86_64": options.firmware,
                        "aarch64": options.firmware_aarch64})
    if "x86_64" in arches:
        table.x86()
    if "aarch64" in arches:
        table.aarch64()
    wanted = [row for row in table.rows
              if re.search(options.only, f"{row.name} {row.firmware}")]
    return table, wanted


def our_elfs(arches, table):
    """Maps the path of our blob to its ELF file, where it was built."""
    elfs = {}
    for arch in arches:
        path = os.path.join(table.build, arch, "directboot.elf")
        if os.path.exists(path):
            elfs[table.blob(arch)] = blob.Elf(path)
    return elfs


def main():
    options = arguments()
    folder = os.path.join(options.build, "bench")
    os.makedirs(folder, exist_ok=True)
    initrd = os.path.join(folder, "initrd.cpio")
    kernel.write_initrd(initrd)
    arches = [options.arch] if options.arch else ["x86_64", "aarch64"]
    kernels = {arch: rows.Kernel(
        arch, options.kernels or os.path.join(options.build, "kernels"),
        initrd) for arch in arches}
    plugins = plugins_for(arches, folder)
    table, wanted = rows_of(arches, folder, kernels, options)
    elfs = our_elfs(arches, table)
    bounds = limits.Limits(os.path.join(HERE, "limits.txt"))

    all_measured = [report.Measured(row) for row in wanted]
    for measured in all_measured:
        row = measured.row
        if not plugins[row.arch]:
            row.missing = measured.error = f"no {row.qemu} with plugins, or gcc"
        if not measured.error:
            progress(f"{row.name} {row.firmware}")
            counted(measured, plugins[row.arch], kernels[row.arch].markers,
                    elfs.get(table.blob(row.arch)) if row.is_ours else None,
                    bounds, options)
    if options.check:
        return check.check(all_measured, repeated(all_measured, plugins,
                                                  kernels), bounds)
    timed(all_measured, plugins, kernels, options.time, options.kva)
    print(report.report(all_measured, bounds, elfs,
                        [(f"**{rows.OURS}** {arch}", table.blob(arch))
                         for arch in arches], options))
    return 0


def repeated(all_measured, plugins, kernels):
    for measured in all_measured:
        row = measured.row
        if measured.exact:
            return measure.run(row.command(), plugins[row.arch],
                               kernels[row.arch].markers)
    return None


if __name__ == "__main__":
    sys.exit(main())
