# SPDX-License-Identifier: BSD-2-Clause
"""Compares our rows with limits.txt, for `run.py --check`."""
import blob
import report


class Outcome:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def compare(self, what, value, bound):
        if bound is None:
            return
        good = value <= bound
        self.passed += good
        self.failed += not good
        shown = value if isinstance(value, int) else round(value, 1)
        print(f"{'ok  ' if good else 'FAIL'} {what}: {shown:,}, "
              f"limit {bound:,}")

    def skip(self, what, why):
        self.skipped += 1
        print(f"skip {what}: {why}")


def check_row(outcome, measured, limits):
    name, exact = measured.row.name, measured.exact
    insns, accesses = limits.limit(name)
    outcome.compare(f"{name}: instructions", measured.own_count, insns)
    outcome.compare(f"{name}: accesses", measured.access_count, accesses)
    lines = blob.clean_lines(exact)
    if lines:
        cleaning = sum(function.count for name, function
                       in measured.functions.items()
                       if limits.matches("clean", measured.row.arch, name))
        outcome.compare(f"{name}: instructions for each cache line",
                        cleaning / lines, limits.line_limit(name))


def check(all_measured, again, limits):
    """`again` is the first row, measured again to see that it repeats."""
    outcome = Outcome()
    for measured in all_measured:
        if measured.exact:
            check_row(outcome, measured, limits)
        elif measured.row.missing:
            outcome.skip(measured.row.name, measured.error)
        else:
            outcome.failed += 1
            print(f"FAIL {measured.row.name}: {measured.error}")
    for few, many, cost in report.per_cpu(all_measured):
        outcome.compare(f"{many.row.name}: instructions for each CPU more",
                        cost, limits.cpu_limit(many.row.name))
    for few, many in report.with_devices(all_measured):
        outcome.compare(f"{many.row.name}: accesses for ten PCI devices",
                        many.access_count - few.access_count, 0)
    if again:
        first = next(m for m in all_measured if m.exact)
        outcome.compare(f"{first.row.name}: difference between two runs",
                        abs(first.exact.insn_count - again.insn_count) +
                        abs(first.access_count - again.access_count), 0)
    print(f"{outcome.passed} passed, {outcome.failed} failed, "
          f"{outcome.skipped} skipped")
    return 1 if outcome.failed else 0
