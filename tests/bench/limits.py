# SPDX-License-Identifier: BSD-2-Clause
"""Reads limits.txt, whose comment explains its format."""
import fnmatch
import re


def number(word):
    return None if word == "-" else int(word)


class Limits:
    def __init__(self, path):
        self.lines = []
        with open(path, encoding="utf-8") as file:
            for text in file:
                words = text.partition("#")[0].split()
                if words:
                    self.lines.append(words)

    def _find(self, kind, name):
        for words in self.lines:
            if words[0] == kind and fnmatch.fnmatchcase(name, words[1]):
                return [number(word) for word in words[2:]]
        return None

    def target(self, name):
        """Returns (instructions, accesses) of the design, or None."""
        return self._find("target", name) or [None, None]

    def limit(self, name):
        return self._find("limit", name) or self.target(name)

    def cpu_target(self, name):
        return (self._find("cpu-target", name) or [None])[0]

    def cpu_limit(self, name):
        return (self._find("cpu-limit", name) or [self.cpu_target(name)])[0]

    def line_limit(self, name):
        return (self._find("line-limit", name) or
                self._find("line-target", name) or [None])[0]

    def matches(self, kind, arch, function):
        """Tells whether lines of this kind name the function."""
        return any(words[0] == kind and words[1] == arch and
                   re.fullmatch(words[2], function) for words in self.lines)
