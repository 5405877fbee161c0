#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs the make targets named, each a suite, and adds up what they say.

A suite closes with `N passed, N failed, N skipped`, or prints a line a test
that starts with `ok`, `FAIL` or `skip`. One that ends badly without saying
what failed counts as one failure. The last line is the sum of all.
"""
import os
import re
import subprocess
import sys
import time

CLOSING = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$")
SINGLE = re.compile(r"^(ok|FAIL|skip)\s+\S")


def run_suite(target):
    """Runs `make target`; returns the counts (passed, failed, skipped)."""
    closed, singles = [0, 0, 0], {"ok": 0, "FAIL": 0, "skip": 0}
    has_closed = False
    print(f"== {target}", flush=True)
    started = time.monotonic()
    command = ["make", "--no-print-directory", target]
    with subprocess.Popen(command, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                          text=True, errors="replace") as make:
        for line in make.stdout:
            print(line, end="", flush=True)
            if match := CLOSING.match(line.strip()):
                has_closed = True
                for i, count in enumerate(match.groups()):
                    closed[i] += int(count or 0)
            elif match := SINGLE.match(line):
                singles[match[1]] += 1
    counts = closed if has_closed else list(singles.values())
    if make.returncode and not counts[1]:
        counts[1] = 1
    print(f"== {target}: {time.monotonic() - started:.0f} s", flush=True)
    return counts


def main():
    total = [0, 0, 0]
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    for target in sys.argv[1:]:
        total = [a + b for a, b in zip(total, run_suite(target))]
    print("{} passed, {} failed, {} skipped".format(*total))
    sys.exit(1 if total[1] or not total[0] else 0)


main()
