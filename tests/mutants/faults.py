# SPDX-License-Identifier: BSD-2-Clause
"""Finds the places in a C source where a single fault can be set.

It reads tokens, not the grammar: a fault that does not compile is thrown away
later. Kinds of fault: see KINDS.
"""
import collections
import dataclasses
import hashlib
import re

TOKEN = re.compile(
    r"""(?P<skip>/\*.*?\*/|//[^\n]*
          |^[ \t]*\#[ \t]*define[ \t]+\w+(?:\([^)\n]*\))?
          |^[ \t]*\#[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
      |(?P<number>0[xX][0-9a-fA-F]+[uUlL]*|\d+[uUlL]*)
      |(?P<name>[A-Za-z_]\w*)
      |(?P<operator>->|<<=|>>=|<=|>=|==|!=|&&|\|\||\+\+|--|[-+*/%&|^]=|<<|>>|.)
    """, re.S | re.M | re.X)

# Each of these is a boundary or a decision that is off by one, or turned.
COMPARISONS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=",
               "!=": "=="}
LOGIC = {"||": "&&", "&&": "||"}
ARITHMETIC = {"+": "-", "-": "+", "+=": "-=", "-=": "+=", "<<": ">>",
              ">>": "<<", "|": "&", "&": "|", "|=": "&=", "&=": "|=",
              "^": "|", "/": "*", "%": "/"}
# What leaves a function or a loop early; behind an `if` it is a check.
LEAVES = {"panic", "return", "continue", "break"}


@dataclasses.dataclass(frozen=True)
class Fault:
    """Text from `start` to `end` becomes `instead`."""
    kind: str
    start: int
    end: int
    instead: str

    def apply(self, text):
        return text[:self.start] + self.instead + text[self.end:]

    def line_number(self, text):
        return text.count("\n", 0, self.start) + 1

    def lines(self, text):
        """The line before the fault and with it, without blanks around."""
        first = text.rfind("\n", 0, self.start) + 1
        last = text.find("\n", self.end)
        after = text[first:self.start] + self.instead + text[self.end:last]
        return (" ".join(text[first:last].split()), " ".join(after.split()))


class Source:
    """A C source as tokens without comments, strings and directives."""

    def __init__(self, text):
        self.text = text
        self.tokens = [match for match in TOKEN.finditer(text)
                       if match.lastgroup != "skip" and match[0].strip()]

    def word(self, index):
        return self.tokens[index][0] if 0 <= index < len(self.tokens) else ""

    def is_binary(self, index):
        """Tells whether an operator stands between two values."""
        before = self.word(index - 1)
        return bool(re.match(r"\w|[)\]]", before)) and before not in (
            "return", "case", "sizeof")

    def after_bracket(self, index):
        """The index behind the bracket that closes the one at `index`."""
        depth = 0
        for i in range(index, len(self.tokens)):
            depth += {"(": 1, ")": -1}.get(self.word(i), 0)
            if not depth:
                return i + 1
        return len(self.tokens)

    def replace(self, kind, index, instead):
        match = self.tokens[index]
        return Fault(kind, match.start(), match.end(), instead)

    def starts_line(self, index):
        start = self.tokens[index].start()
        line = self.text.rfind("\n", 0, start) + 1
        return self.text[line:start].startswith("\t") and not self.text[
            line:start].strip()


def turned(source):
    """Comparisons, `&&`, `||` and arithmetic."""
    for i, match in enumerate(source.tokens):
        for kind, table in (("comparison", COMPARISONS), ("logic", LOGIC),
                            ("sign", ARITHMETIC)):
            if match[0] in table and source.is_binary(i):
                yield source.replace(kind, i, table[match[0]])
        if match[0] in "-~!" and not source.is_binary(i):
            yield source.replace("sign" if match[0] != "!" else "logic", i, "")


def off_by_one(source):
    for i, match in enumerate(source.tokens):
        if match.lastgroup != "number":
            continue
        digits = match[0].rstrip("uUlL")
        value, tail = int(digits, 0), match[0][len(digits):]
        for other in (value + 1, value - 1):
            if other >= 0:
                instead = hex(other) if digits[:2].lower() == "0x" else other
                yield source.replace("number", i, f"{instead}{tail}")


def dropped_checks(source):
    """`if (...)` before what leaves early never holds; a part of it neither."""
    for i, match in enumerate(source.tokens):
        if match[0] != "if" or source.word(i + 1) != "(":
            continue
        behind = source.after_bracket(i + 1)
        body = behind + (source.word(behind) == "{")
        if source.word(body) not in LEAVES:
            continue
        first, last = source.tokens[i + 1], source.tokens[behind - 1]
        inside = source.text[first.end():last.start()]
        yield Fault("check", first.end(), last.start(), f"0 && ({inside})")
        yield from dropped_parts(source, i + 2, behind - 1)


def dropped_parts(source, first, last):
    """Each part of `a || b` that is in no bracket of its own."""
    depth, start, parts = 0, first, []
    for i in range(first, last):
        depth += {"(": 1, ")": -1}.get(source.word(i), 0)
        if source.word(i) == "||" and not depth:
            parts.append((start, i - 1))
            start = i + 1
    for begin, end in parts + [(start, last - 1)] if parts else []:
        yield Fault("check", source.tokens[begin].start(),
                    source.tokens[end].end(), "0")


def dropped_statements(source):
    """Calls, assignments and early returns."""
    for i, match in enumerate(source.tokens):
        if not source.starts_line(i) or source.word(i - 1) not in list(";{}):"):
            continue
        end = i
        while end < len(source.tokens) and source.word(end) not in list(";{"):
            end += 1
        if end == i or source.word(end) != ";":
            continue
        words = [source.word(k) for k in range(i, end)]
        is_call = match.lastgroup == "name" and words[1:2] == ["("] and \
            words[0] not in ("panic", "if", "for", "while", "switch")
        is_assignment = (len(words) > 2 and any(
            word in words for word in ("=", "|=", "&=", "+=", "-=")) and
            (words[0] == "*" or words[1] in ("->", ".", "[", "=", "|=", "&=",
                                             "+=", "-=")))
        leaves = words[0] in LEAVES - {"panic"} and source.word(end + 1) != "}"
        if is_call or is_assignment or leaves:
            yield Fault("return" if leaves else "statement", match.start(),
                        source.tokens[end].start(), "")


def wrong_fields(source):
    """Another field of the same variable, and a constant of the same prefix."""
    fields, constants = collections.defaultdict(set), set()
    uses = []
    for i, match in enumerate(source.tokens):
        if match.lastgroup != "name":
            continue
        if source.word(i - 1) in ("->", ".") and re.match(
                r"\w", source.word(i - 2)) and source.word(i + 1) != "(":
            fields[source.word(i - 2)].add(match[0])
            uses.append((i, source.word(i - 2)))
        elif re.fullmatch(r"[A-Z][A-Z0-9]*_[A-Z0-9_]+", match[0]):
            constants.add(match[0])
            uses.append((i, None))
    for i, owner in uses:
        name = source.word(i)
        prefix = name.split("_", maxsplit=1)[0]
        pool = fields[owner] if owner else {
            other for other in constants
            if other.split("_", maxsplit=1)[0] == prefix}
        for other in sorted(pool - {name}):
            yield source.replace("field" if owner else "constant", i, other)


def narrowed(source):
    """64-bit values and casts become 32 bits wide."""
    depth = 0
    for i, match in enumerate(source.tokens):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth and match[0] in ("uint64_t", "paddr_t"):
            yield source.replace("width", i, "uint32_t")


KINDS = [turned, off_by_one, dropped_checks, dropped_statements, wrong_fields,
         narrowed]


def find(text):
    """All faults of a source, each once."""
    source = Source(text)
    found = {}
    for kind in KINDS:
        for fault in kind(source):
            found.setdefault((fault.start, fault.end, fault.instead), fault)
    return sorted(found.values(), key=lambda fault: (fault.start, fault.end,
                                                     fault.instead))


def shuffled(text, name, seed):
    """All faults in an order that only the seed and their own lines decide.

    So a change elsewhere, in this file or another, leaves the choice as it is.
    Kinds take turns, as some have far more places than others.
    """
    by_kind, seen = collections.defaultdict(list), collections.Counter()
    for fault in find(text):
        before, after = fault.lines(text)
        seen[before, after] += 1
        key = f"{seed}|{name}|{before}|{after}|{seen[before, after]}"
        by_kind[fault.kind].append(
            (hashlib.sha256(key.encode()).hexdigest(), fault))
    kinds = [sorted(found, key=lambda pair: pair[0])
             for found in by_kind.values()]
    kinds.sort(key=lambda found: found[0][0])
    for turn in range(max(map(len, kinds), default=0)):
        for found in kinds:
            if turn < len(found):
                yield found[turn][1]
