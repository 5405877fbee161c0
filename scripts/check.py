#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Holds the source to its own rules; prints a line a rule.

Who may include whom, where assembly may stand, how long functions and files
may be, clang-format. The rules are those of README.md, "The source".
"""
import re
import shutil
import subprocess
import sys
from pathlib import Path

FUNCTION_LINES_MAX = 45
FILE_LINES_MAX = 400

ROOT = Path(__file__).resolve().parent.parent


def files(*patterns):
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT,
                            capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split()]


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def included_wrongly():
    """The common part knows no architecture, and tables no hardware."""
    forbidden = [
        ("common/", r"arch/|tests/"),
        ("common/spec/", r"(?!common/lib/compiler|common/spec/)\w+/"),
        ("arch/x86_64/", r"arch/aarch64/|tests/"),
        ("arch/aarch64/", r"arch/x86_64/|tests/"),
        ("common/spec/bundle.h", r"\w+/"),
    ]
    for path in files("*.c", "*.h", "*.S"):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = re.match(r'#include "([^"]+)"', line)
            for place, pattern in forbidden:
                if match and name_of(path).startswith(place) and re.match(
                        pattern, match[1]):
                    yield f"{name_of(path)}:{number}: includes {match[1]}"


def assembly_misplaced():
    """Inline assembly stands in arch/X/cpu.h only."""
    for path in files("common/*.c", "common/*.h", "arch/*.c", "arch/*.h"):
        if path.name != "cpu.h" and re.search(r"\b__?asm__?\b",
                                              path.read_text()):
            yield f"{name_of(path)}: inline assembly"


def functions_too_long():
    for path in files("common/*.c", "arch/*.c", "payload/*.c"):
        start = 0
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if line == "{":
                start = number
            elif line == "}" and number - start > FUNCTION_LINES_MAX + 1:
                yield f"{name_of(path)}:{start}: {number - start} lines"


def files_too_long():
    for path in files("common/*.[ch]", "arch/*.[chS]", "payload/*.[ch]"):
        count = len(path.read_text().splitlines())
        is_spec = name_of(path).startswith("common/spec/")
        if count > FILE_LINES_MAX and not is_spec:
            yield f"{name_of(path)}: {count} lines"


def licence_missing():
    for path in files("*.c", "*.h", "*.S", "*.py", "*.sh", "*.mk"):
        if "SPDX-License-Identifier: BSD-2-Clause" not in path.read_text()[:200]:
            yield f"{name_of(path)}: no SPDX line"


def format_drifted():
    for path in files("*.c", "common/*.h", "arch/*.h", "payload/*.h",
                      "tests/*.h"):
        drift = subprocess.run(["clang-format", "--dry-run", "-Werror", path],
                               cwd=ROOT, capture_output=True)
        if drift.returncode:
            yield f"{name_of(path)}: not as clang-format has it"


def main():
    rules = [included_wrongly, assembly_misplaced, functions_too_long,
             files_too_long, licence_missing, format_drifted]
    passed = failed = skipped = 0
    for rule in rules:
        if rule is format_drifted and not shutil.which("clang-format"):
            print("skip format_drifted: no clang-format")
            skipped += 1
            continue
        broken = list(rule())
        print("FAIL" if broken else "ok  ", rule.__name__)
        for line in broken:
            print("    ", line)
        failed, passed = failed + bool(broken), passed + (not broken)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed else 0)


main()
