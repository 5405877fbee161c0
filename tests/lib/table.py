# SPDX-License-Identifier: BSD-2-Clause
"""Reads tables of cases (*.cases); tests/README.md tells their grammar."""
import dataclasses
import fnmatch

from lib import expect

HEADS = ("columns", "words", "default")


class TableError(Exception):
    """A table says what its suite does not know."""


@dataclasses.dataclass
class Row:
    """One case: its columns, its key=value words in order, what must show.

    `label` is the name of one run of it, which --repeat numbers.
    """
    where: str
    columns: dict
    words: list
    expected: expect.Expected
    known: list
    arch: str = ""
    label: str = ""

    @property
    def name(self):
        return self.columns["name"]

    @property
    def tags(self):
        """A case without tags is in every selection by tag."""
        text = self.columns.get("tags") or self.get("tags", "")
        return [tag for tag in text.split(",") if tag]

    def __getitem__(self, column):
        return self.columns[column]

    def __contains__(self, key):
        return any(key == word for word, _ in self.words)

    def get(self, key, default=None):
        """The last word with this key."""
        values = self.all(key)
        return values[-1] if values else default

    def all(self, key):
        return [value for word, value in self.words if word == key]

    def number(self, key, default=None):
        value = self.get(key)
        return default if value is None else number(value)

    def split(self, key):
        """The value as several words, which "+" parts."""
        return [word for word in self.get(key, "").split("+") if word]

    def set(self, key, value):
        """Overrides a column or all words of that key, as --set asks for."""
        if key in self.columns:
            self.columns[key] = value
        elif not is_known(key, self.known):
            raise TableError(f"{self.where}: unknown word {key}")
        else:
            self.words = [word for word in self.words if word[0] != key]
            self.words.append((key, value))


def is_known(key, patterns):
    return any(fnmatch.fnmatchcase(key, pattern) for pattern in patterns)


def number(text):
    """12, 0x12, -0x12, or with K, M or G behind."""
    unit = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}.get(text[-1:], 1)
    return int(text.rstrip("KMG"), 0) * unit


def logical_lines(path):
    """(number, text): comments out, lines that begin with a blank joined."""
    lines = []
    with open(path, encoding="utf-8") as file:
        for index, line in enumerate(file, 1):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            if line[0].isspace() and lines:
                lines[-1][1] += " " + line.strip()
            else:
                lines.append([index, line.strip()])
    return lines


class Reader:
    def __init__(self, path, arch):
        self.path, self.arch = path, arch
        self.heads = {head: [] for head in HEADS}
        self.rows = []

    def fail(self, index, text):
        raise TableError(f"{self.path}:{index}: {text}")

    def check_word(self, index, word):
        key, equals, _ = word.partition("=")
        if not equals or not is_known(key, self.heads["words"]):
            self.fail(index, f"unknown word {word}")

    def add_row(self, index, text):
        columns = self.heads["columns"]
        words, clauses = expect.split(text)
        words = words.split()
        if len(words) < len(columns):
            self.fail(index, f"{len(words)} of {len(columns)} columns")
        fields = dict(zip(columns, words))
        if fields["name"] in [row.name for row in self.rows]:
            self.fail(index, f"{fields['name']} stands twice")
        words = words[len(columns):]
        for word in words:
            self.check_word(index, word)
        keys = {word.split("=")[0] for word in words}
        words += [word for word in self.heads["default"]
                  if word.split("=")[0] not in keys]
        self.rows.append(Row(
            f"{self.path}:{index}", fields,
            [tuple(word.split("=", 1)) for word in words],
            expect.Expected(clauses), self.heads["words"],
            fields.get("arch", self.arch)))

    def read(self):
        for index, text in logical_lines(self.path):
            head, colon, rest = text.partition(":")
            if colon and head in HEADS:
                self.heads[head] = rest.split()
            elif not self.heads["columns"]:
                self.fail(index, "a row before the columns are named")
            else:
                self.add_row(index, text)
        return self.rows


def load(path, arch=""):
    """The rows of a table; all of this architecture, or as a column says."""
    return Reader(path, arch).read()
