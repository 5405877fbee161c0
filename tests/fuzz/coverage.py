#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Prints what tests on the host reach of each C file of the blob.

`make coverage` has built unit tests and fuzz targets with gcc --coverage and
run them. A file may be compiled several times (tests/unit/fake_string.c has
another one inside); a line counts as reached if it was in one of them. What no
test is linked with is compiled here, so that its lines count, too.
"""
import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = ("common/", "arch/")
LINES_WANTED = 97  # percent, of all
FILE_WANTED = 85   # percent, of each file


class Reached:
    """The lines and branches of a file, and how often each was reached."""
    def __init__(self):
        self.lines, self.branches = {}, {}

    def add(self, line):
        number = line["line_number"]
        self.lines[number] = self.lines.get(number, 0) + line["count"]
        for index, branch in enumerate(line["branches"]):
            key = number, index
            self.branches[key] = self.branches.get(key, 0) + branch["count"]


def count(reached):
    return sum(1 for value in reached.values() if value), len(reached)


def percent(done, total):
    return 100.0 * done / total if total else 100.0


def read_notes(notes, into):
    """Adds what gcov says of a .gcno and the .gcda beside it."""
    with tempfile.TemporaryDirectory() as directory:
        done = subprocess.run(
            ["gcov", "--json-format", "--branch-probabilities", notes],
            cwd=directory, capture_output=True, text=True, check=False)
        if done.returncode:
            return
        for path in Path(directory).glob("*.gcov.json.gz"):
            with gzip.open(path, "rt") as file:
                report = json.load(file)
            for source in report["files"]:
                name = os.path.relpath(ROOT / source["file"], ROOT)
                if name.endswith(".c") and name.startswith(FOLDERS):
                    reached = into.setdefault(name, Reached())
                    for line in source["lines"]:
                        reached.add(line)


def compile_unlinked(name, directory, cflags):
    """Returns the .gcno of a file that no test is linked with."""
    compiler = ("aarch64-linux-gnu-gcc" if name.startswith("arch/aarch64/")
                else "gcc")
    output = directory / (name.replace("/", "_") + ".s")
    subprocess.run([compiler, "-O0", "--coverage", "-S", "-I.", *cflags, name,
                    "-o", output], cwd=ROOT, capture_output=True, check=False)
    return output.with_suffix(".gcno")


def print_table(files):
    print(f"{'file':<44} {'lines':>11} {'%':>6}  {'branches':>11} {'%':>6}")
    rows = sorted((percent(*count(reached.lines)), name, reached)
                  for name, reached in files.items())
    for _, name, reached in rows:
        print_row(name, count(reached.lines), count(reached.branches))


def print_row(name, lines, branches):
    print(f"{name:<44} {lines[0]:>5}/{lines[1]:<5} {percent(*lines):>6.1f}  "
          f"{branches[0]:>5}/{branches[1]:<5} {percent(*branches):>6.1f}")


def print_missed(files, wanted):
    """Prints the lines of these files that nothing has reached."""
    for name in sorted(files):
        if wanted not in name:
            continue
        text = (ROOT / name).read_text().splitlines()
        for number, times in sorted(files[name].lines.items()):
            if not times:
                print(f"{name}:{number}: {text[number - 1].strip()}")


def total(files):
    lines = branches = (0, 0)
    for reached in files.values():
        lines = tuple(a + b for a, b in zip(lines, count(reached.lines)))
        branches = tuple(a + b for a, b in zip(branches,
                                               count(reached.branches)))
    return lines, branches


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("objects", type=Path,
                        help="where the objects with coverage are")
    parser.add_argument("--missed", metavar="NAME",
                        help="print missed lines of files with this name")
    options, cflags = parser.parse_known_args()
    files = {}
    for notes in sorted(options.objects.resolve().rglob("*.gcno")):
        read_notes(notes, files)
    with tempfile.TemporaryDirectory() as directory:
        for path in sorted(ROOT.glob("common/**/*.c")) + sorted(
                ROOT.glob("arch/**/*.c")):
            name = path.relative_to(ROOT).as_posix()
            if name not in files:
                read_notes(compile_unlinked(name, Path(directory), cflags),
                           files)
    if options.missed:
        print_missed(files, options.missed)
        return 0
    print_table(files)
    lines, branches = total(files)
    print_row("all", lines, branches)
    low = [name for name, reached in files.items()
           if percent(*count(reached.lines)) < FILE_WANTED]
    is_good = percent(*lines) >= LINES_WANTED and not low
    print(f"{'ok  ' if is_good else 'FAIL'} coverage: {percent(*lines):.1f} % of "
          f"the lines, {len(low)} files below {FILE_WANTED} %")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
