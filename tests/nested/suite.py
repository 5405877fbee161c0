# SPDX-License-Identifier: BSD-2-Clause
"""Boots Debian's kernels under real virtualization, and judges as suite boot.

Without an own KVM that is worth the name, the VMMs run in an inner machine
(inner.py), which is started once for each architecture.
"""
import base64
import binascii
import concurrent.futures
import gzip
import hashlib
import os
import re
import time

from boot import command, firmware, judge, suite as boot_suite, watch
from lib import guest
from nested import case as nested_case
from nested import directory as directories
from nested import inner, vmms

add_arguments = boot_suite.add_arguments
DUMP = re.compile(r"@dump\r?\n(.*)@dumped\r?\n", re.S)


def load():
    return in_turn(nested_case.load("nested"))


def in_turn(cases):
    """Of both architectures in turn, since each has a machine of its own."""
    place = {arch: 0 for arch in boot_suite.ARCHS}
    order = []
    for case in cases:
        place[case.arch] += 1
        order.append((place[case.arch], len(order), case))
    return [case for *_, case in sorted(order, key=lambda key: key[:2])]


def skip_reason(case, context):
    if not (case.is_qemu or "firmware" in case or
            firmware.of_case(case, context).is_own):
        return "only our blob starts in this VMM"
    return vmms.skip_reason(case)


class Boot(command.Boot):
    """Packing takes seconds: what several cases need is packed once."""

    def pack(self, words):
        key = repr((self.kernel, words)).encode()
        os.link(self.context.once(
            hashlib.sha256(key).hexdigest(),
            lambda path: self.context.pack(path, self.kernel, *words)),
            self.rom)


def make_boot(case, context, write_run):
    """The files of a case; an exception is for the case to tell."""
    shared = context.machines.shared(case.arch)
    directory = directories.Directory(shared, case.label)
    try:
        boot = Boot(case, context, directory.path)
        write_run(boot, context, directory)
        return boot
    except Exception as error:  # pylint: disable=broad-except
        return error


def prepare(runs, context, write_run=vmms.write_run):
    """All files of all cases, which go on one disk."""
    boot_suite.prepare(runs, context)
    for arch, name in {(case.arch, case.inner) for case in runs}:
        guest.fetch(context, *inner.wanted(arch, name))
    context.machines = inner.Machines(context)
    with concurrent.futures.ThreadPoolExecutor(context.options.jobs) as pool:
        boots = pool.map(lambda case: make_boot(case, context, write_run),
                         runs)
        context.boots = {case.label: boot for case, boot in zip(runs, boots)}


def split_dump(console, path):
    """The console without the dump, which goes to the disk image."""
    found = DUMP.search(console)
    if not found:
        return console
    with open(path, "r+b") as file:
        file.seek(4096)
        file.write(gzip.decompress(base64.b64decode(found[1])))
    return console[:found.start()] + console[found.end():]


def boot_of(case, context):
    boot = context.boots[case.label]
    if isinstance(boot, Exception):
        raise boot
    return boot


def run(case, context):
    boot = boot_of(case, context)
    with context.machines.machine(case.arch, case.inner) as machine:
        with machine.start_run(case.label) as vmm:
            start = time.monotonic()
            # The script of the run presses the power button.
            failure = watch.watch(vmm, case, lambda: None)
        seconds = time.monotonic() - start
    try:
        console = split_dump(vmm.console(), f"{boot.work}/dump.img")
    except (binascii.Error, OSError) as error:
        console, failure = vmm.console(), failure or f"dump: {error}"
    verdict = boot_suite.judge_boot(boot, console, failure, boot.words,
                                   seconds)
    bad = f"bad line: {judge.normalise(case.tolerated)}"
    verdict.problems = [text for text in verdict.problems
                        if text != bad]
    verdict.seconds = seconds
    return verdict


def finish(verdicts, context):
    if verdicts:  # else all were skipped
        context.machines.stop()
    boot_suite.finish(verdicts, context)
