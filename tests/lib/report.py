# SPDX-License-Identifier: BSD-2-Clause
"""What became of a case, and how that is told.

A line a case, `ok|FAIL|skip NAME (SECONDS) WHY`, and a closing line, `N
passed, N failed, N skipped`, which tests/sum.py adds up.
"""
import dataclasses

COUNTED = {"ok": "passed", "FAIL": "failed", "skip": "skipped"}


@dataclasses.dataclass
class Verdict:
    """Problems, a reason to skip, or else words worth telling.

    `complaints` are lines of a guest's kernel, which a peer's may have, too.
    """
    problems: list = dataclasses.field(default_factory=list)
    skipped: str = ""
    words: str = ""
    seconds: float = 0.0
    complaints: set = dataclasses.field(default_factory=set)

    @property
    def word(self):
        if self.problems:
            return "FAIL"
        return "skip" if self.skipped else "ok"


class Report:
    def __init__(self):
        self.counts = dict.fromkeys(COUNTED, 0)

    def add(self, name, verdict):
        self.counts[verdict.word] += 1
        head, *more = list(filter(None, verdict.problems)) or [
            verdict.skipped or verdict.words]
        text = "\n".join([f"{verdict.word:4} {name} "
                          f"({verdict.seconds:.1f} s) {head}".rstrip(), *more])
        print(text.replace("\n", "\n       "), flush=True)

    def close(self):
        """The closing line; returns the exit status."""
        print(", ".join(f"{self.counts[word]} {what}"
                        for word, what in COUNTED.items()), flush=True)
        return 1 if self.counts["FAIL"] else 0
