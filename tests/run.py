#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs suites of cases: tests/README.md says which there are.

Ends with status 0 if no case failed, 1 if one did, 2 on wrong usage, which a
pattern that no case matches is, too.
"""
import argparse
import concurrent.futures
import copy
import importlib
import os
import re
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True  # the source tree stays as it is

from lib import context as contexts  # noqa: E402
from lib import report, table, vmm   # noqa: E402

# A suite is a module with load() and run(case, context), and may have
# add_arguments(parser), prepare(cases, context), skip_reason(case, context),
# finish(verdicts, context) and JOBS_MAX.
SUITES = {
    "tool": "tool.suite",
    "flips": "tool.flips",
    "forms": "tool.forms",
    "refusals": "refusals.suite",
    "doors": "doors.suite",
    "igvm": "igvm.suite",
    "faults": "faults.suite",
    "soak": "faults.soak",
    "vmms": "vmms.ledger",
    "vmm-tables": "vmms.tables",
    "handoff": "vmms.handoff",
    "bochs": "vmms.bochs",
    "boot": "boot.suite",
    "libvirt": "libvirt.suite",
    "peers": "peers.suite",
    "package": "package.suite",
    "nested": "nested.suite",
    "paravisor": "paravisor.suite",
    "exits": "nested.exits",
    "record": "nested.record",
}
ARCHS = ["x86_64", "aarch64"]


def key_value(text):
    key, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text}: must be KEY=VALUE")
    return key, value


def parse_arguments(modules):
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n", maxsplit=1)[0],
        epilog="{arch} in a PATH stands for the case's architecture.")
    parser.add_argument("suites", nargs="+", metavar="SUITE",
                        help=", ".join(SUITES))
    parser.add_argument("--case", default="", metavar="REGEX",
                        help="only cases whose name has this")
    parser.add_argument("--tag", help="only cases with this tag, or with none")
    parser.add_argument("--arch", choices=ARCHS,
                        help="only this architecture's cases")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count(),
                        metavar="N", help="so many cases at a time")
    parser.add_argument("--list", action="store_true",
                        help="print the cases, run none")
    parser.add_argument("--repeat", type=int, default=1, metavar="N",
                        help="run each case so often")
    parser.add_argument("--set", action="append", default=[], type=key_value,
                        metavar="KEY=VALUE", dest="changes",
                        help="a column or word of all the cases")
    parser.add_argument("--qemu", metavar="PATH",
                        help="this QEMU, not qemu-system-{arch}")
    parser.add_argument("--firmware", metavar="PATH",
                        help="this blob, not build/directboot-{arch}.rom")
    parser.add_argument("--tool", metavar="PATH",
                        help="this directboot, not build/directboot")
    parser.add_argument("--keep", action="store_true",
                        help="keep the temporary directories")
    # Suites may share them.
    for add in dict.fromkeys(module.add_arguments for module in modules
                             if hasattr(module, "add_arguments")):
        add(parser.add_argument_group(add.__module__))
    return parser.parse_args()


def named_suites():
    """The modules of the suites on the command line, for their options."""
    return [importlib.import_module(SUITES[word]) for word in sys.argv[1:]
            if word in SUITES] or [importlib.import_module(SUITES["boot"])]


def select(module, options):
    cases = [case for case in module.load()
             if re.search(options.case, case.name) and
             (not options.arch or case.arch in ("", options.arch)) and
             (not options.tag or not case.tags or options.tag in case.tags)]
    for case in cases:
        for change in options.changes:
            case.set(*change)
    return cases


def repeated(case, count):
    """The case so often, each run of it with a label of its own."""
    for number in range(1, count + 1):
        one = copy.copy(case)
        one.label = case.name + (f".{number}" if count > 1 else "")
        yield one


def judge(module, case, context):
    """Runs one case; a command that fails is a problem of that case."""
    start = time.monotonic()
    try:
        verdict = module.run(case, context)
    except subprocess.CalledProcessError as error:
        words = (error.stderr or "").strip()[-300:]
        verdict = report.Verdict([f"{error.cmd[0]} ends with status "
                                  f"{error.returncode}: {words}"])
    except Exception as error:  # pylint: disable=broad-except
        verdict = report.Verdict([f"{type(error).__name__}: {error}"])
    verdict.seconds = verdict.seconds or time.monotonic() - start
    return verdict


def run_suite(module, cases, context, told):
    """Whoever interrupts this leaves no VMM behind."""
    runs, verdicts = [], []
    for case in cases:
        reason = getattr(module, "skip_reason", lambda *_: "")(case, context)
        if reason:
            told.add(case.name, report.Verdict(skipped=reason))
        else:
            runs += repeated(case, context.options.repeat)
    if runs and hasattr(module, "prepare"):
        module.prepare(runs, context)
    jobs = min(context.options.jobs, getattr(module, "JOBS_MAX", 1 << 10))
    pool = concurrent.futures.ThreadPoolExecutor(max(1, jobs))
    try:
        started = {pool.submit(judge, module, case, context): case
                   for case in runs}
        for future in concurrent.futures.as_completed(started):
            case, verdict = started[future], future.result()
            verdicts.append((case, verdict))
            told.add(case.label, verdict)
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        vmm.stop_all()
        raise
    finally:
        pool.shutdown()
    if hasattr(module, "finish"):
        module.finish(verdicts, context)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    options = parse_arguments(named_suites())
    for name in options.suites:
        if name not in SUITES:
            return usage(f"{name}: no such suite: {', '.join(SUITES)}")
    modules = [importlib.import_module(SUITES[name])
               for name in options.suites]
    try:
        selected = [(module, select(module, options)) for module in modules]
    except (table.TableError, re.error) as error:
        return usage(error)
    if not any(cases for _, cases in selected):
        return usage(f"no case of {' '.join(options.suites)} is selected by "
                     f"--case {options.case!r} --tag {options.tag} "
                     f"--arch {options.arch}")
    if options.list:
        for name, (_, cases) in zip(options.suites, selected):
            for case in cases:
                print(name, case.arch or "-", case.name, ",".join(case.tags))
        return 0
    context = contexts.Context(options)
    told = report.Report()
    try:
        for module, cases in selected:
            run_suite(module, cases, context, told)
    finally:
        context.close()
    return told.close()


def usage(text):
    print(f"run.py: {text}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
