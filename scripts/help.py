#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Prints what `make` can do: the Makefile's head, and the suites of tests.

The suites are those of the table in tests/README.md.
"""
import re
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INDENT = 24
WIDTH = 79


def head():
    """The first comment of the Makefile."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in text.partition("\n\n")[0].splitlines():
        yield line.removeprefix("#").removeprefix(" ")


def plain(text):
    """Markdown without its links; one that only names a file goes whole."""
    text = re.sub(r" \(\[[^]]*\]\([^)]*\)\)", "", text)
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text)


def suites():
    """Yields the targets of tests, and what each proves."""
    text = (ROOT / "tests/README.md").read_text(encoding="utf-8")
    for target, proves in re.findall(
            r"^\|[^|]*\| `([\w-]+)` \| ([^|]*) \|", text, re.M):
        yield target, plain(proves)


def main():
    print("\n".join(head()))
    print("\nSuites:\n")
    for target, proves in suites():
        print(textwrap.fill(proves, WIDTH, subsequent_indent=" " * INDENT,
                            initial_indent=f"  {target}".ljust(INDENT)))


main()
