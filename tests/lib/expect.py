# SPDX-License-Identifier: BSD-2-Clause
"""What a row wants the console to show, and whether it does.

    | LINE    the blob says LINE and nothing else; several: one of them
    |+ LINE   LINE is one of the lines that the blob says
    |~ WORDS  these words stand somewhere on the console

Lines are told without the "directboot: " that the blob puts in front; "*" is
any text within a line. A row with none of these wants a silent console.
"""
import re

CLAUSE = re.compile(r"(?:^|\s)\|([+~]?)(?=\s|$)")


def split(text):
    """The row's words, and its clauses as (mark, text)."""
    words, *parts = CLAUSE.split(text)
    clauses = [(mark, line.strip())
               for mark, line in zip(parts[::2], parts[1::2])]
    return words, [clause for clause in clauses if clause[1]]


def pattern(text):
    """As a regular expression: "*" is any text, the rest is itself."""
    return r"[^\r\n]*".join(map(re.escape, text.split("*")))


class Expected:
    def __init__(self, clauses):
        self.clauses = clauses

    @property
    def is_refusal(self):
        """One line, and no kernel."""
        return any(mark == "" for mark, _ in self.clauses)

    @property
    def wants_ledger(self):
        return any(mark for mark, _ in self.clauses)

    def texts(self, mark):
        return [text for own, text in self.clauses if own == mark]

    def problems(self, console):
        """Yields what is wrong with all that the console showed."""
        for text in self.texts("+"):
            if not re.search(f"^directboot: {pattern(text)}\r$", console,
                             re.M):
                yield f"wanted is the line {text!r}; console has {console!r}"
        for text in self.texts("~"):
            if not re.search(pattern(text), console):
                yield f"wanted is {text!r}; console has {console!r}"
        whole = self.texts("")
        if whole and not any(
                re.fullmatch(f"directboot: {pattern(text)}\r\n", console)
                for text in whole):
            yield f"wanted is {whole}; console has {console[:400]!r}"
        if not self.clauses and console:
            yield f"wanted is silence; console has {console[:400]!r}"
