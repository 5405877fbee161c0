#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Sets single faults in the blob's sources; unit tests must notice each.

A fault is set in a copy. What does not compile, or gives the same code, does
not count. Of each other one the unit tests that link the file are run until
one fails. explained.txt says of faults that no test can see why that is so.
"""
import argparse
import collections
import concurrent.futures
import functools
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.dont_write_bytecode = True  # the source tree stays as it is

import faults  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent.parent
EXPLAINED = ROOT / "tests/mutants/explained.txt"
EXPLAINED_MAX = 5

# What the blob's own build refuses at a pointer or a number of another type
WRONG_TYPES = ["-Wno-error", "-Werror=incompatible-pointer-types",
               "-Werror=int-conversion"]

# Files that read what comes from outside, or guard memory, get more faults.
OUTSIDE = re.compile(
    r"/(dt|dt_values|lz4|lz_copy|zstd\w*|kaslr|pieces|relocs|segments|source"
    r"|kernel|wrapped|uki|fw_cfg|tree\w*|bundle\w*|find|elf|bzimage|vmm_acpi"
    r"|mptable|given|smbios_given|this_boot|virtio_\w+|disk|memory|acpi_loader"
    r"|cmdline|initrd)\.c$")
FAULTS_OUTSIDE, FAULTS_ELSEWHERE = 4, 1

# Of these programs others judge the output, as in `make unit-tests`.
ROUND_TRIP = "sh tests/unit/iasl_roundtrip.sh {program} {tree}/tables"
DTC = "sh tests/unit/dtc_check.sh {tree}/tables"
STEPS = {"dump_acpi": [ROUND_TRIP],
         "dump_arm": [ROUND_TRIP, DTC],
         "dump_paravisor": ["{program} {tree}/tables", DTC]}


class Build:
    """What `make unit-tests` has built, and how."""

    def __init__(self, build):
        self.build = build
        told = subprocess.run(
            ["make", "-s", "--no-print-directory", f"O={build}",
             "print-unit-tests"], cwd=ROOT, capture_output=True, text=True,
            check=True).stdout.splitlines()
        lines = dict(line.split(":", maxsplit=1) for line in told)
        self.compiler = lines.pop(".cc").split()
        self.path = lines.pop(".path").split()
        self.cflags = lines.pop(".cflags").split()
        self.tests = {}  # name -> objects, libraries
        self.users = collections.defaultdict(set)  # source -> objects
        for name, line in lines.items():
            words = line.split()
            self.tests[name] = ([w for w in words if not w.startswith("-l")],
                                [w for w in words if w.startswith("-l")])
        for name in {o for objects, _ in self.tests.values() for o in objects}:
            depends = Path(name).with_suffix(".d").read_text()
            for source in re.findall(r"(?:common|arch)/\S+\.c\b", depends):
                self.users[source].add(name)

    def source_of(self, name):
        """The source that an object is made of."""
        return Path(name).relative_to(self.build / "unit").as_posix()[:-2]

    def tests_of(self, source):
        """Tests that link the file; those named as it, and small ones, first."""
        stem = Path(source).stem
        found = [name for name, (objects, _) in self.tests.items()
                 if self.users[source] & set(objects)]
        return sorted(found, key=lambda name: (name in STEPS, stem not in name,
                                               "fuzz" in name,
                                               len(self.tests[name][0])))

    def compile(self, source, tree, out, flags):
        """Compiles `source` where `tree` has files that go before ours."""
        own = tree / source
        return subprocess.run(
            [*self.compiler, *flags, *WRONG_TYPES, f"-I{tree}", *self.path,
             "-c", str(own if own.exists() else source), "-o", str(out)],
            cwd=ROOT,
            capture_output=True, check=False).returncode == 0

    def code(self, source, tree):
        """What a user of a file compiles to without sanitizers, or None."""
        out = tree / "code.o"
        flags = ["-std=gnu11", "-O2", "-D_GNU_SOURCE", "-idirafter",
                 "/usr/include/efi"]
        if not self.compile(source, tree, out, flags):
            return None
        return out.read_bytes()

    @functools.lru_cache(maxsize=None)
    def own_code(self, user, source):
        with tempfile.TemporaryDirectory() as name:
            copy = Path(name) / source
            copy.parent.mkdir(parents=True)
            copy.write_text((ROOT / source).read_text())
            return self.code(user, Path(name))

    @functools.lru_cache(maxsize=None)
    def seconds(self, name):
        """How long a test takes, which must pass without a fault."""
        started = time.monotonic()
        with tempfile.TemporaryDirectory(dir=self.build / "mutants") as tree:
            if self.run_steps(name, self.build / "unit" / name, Path(tree),
                              None) != "passes":
                raise SystemExit(f"run.py: {name} fails without a fault")
        return time.monotonic() - started

    def run(self, name, program, tree):
        """Runs a test in its form with a fault; says what becomes of it."""
        (tree / "fdts").symlink_to(self.build / "unit/fdts")
        word = self.run_steps(name, program, tree, 20 + 8 * self.seconds(name))
        (tree / "fdts").unlink()
        return word

    @staticmethod
    def run_steps(name, program, tree, limit):
        for step in STEPS.get(name, ["{program}"]):
            command = [word.format(program=program, tree=tree)
                       for word in step.split()]
            try:
                done = subprocess.run(command, cwd=ROOT, timeout=limit,
                                      capture_output=True, check=False)
            except subprocess.TimeoutExpired:
                return "does not end"
            if done.returncode:
                return "fails"
        return "passes"


class Trial:
    """One fault in a tree of its own."""

    def __init__(self, build, source, fault, tree):
        self.build, self.source, self.tree = build, source, tree
        copy = tree / source
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(fault.apply((ROOT / source).read_text()))

    def differs(self):
        """Tells whether it compiles, and to other code."""
        found = [(self.build.code(user, self.tree),
                  self.build.own_code(user, self.source))
                 for user in map(self.build.source_of,
                                 self.build.users[self.source])]
        return all(code for code, _ in found) and any(
            code != own for code, own in found)

    def objects(self):
        """Compiles all objects that the fault is in, as the tests need them."""
        made = {}
        for number, user in enumerate(sorted(self.build.users[self.source])):
            made[user] = str(self.tree / f"{number}.o")
            if not self.build.compile(self.build.source_of(user), self.tree,
                                      made[user], self.build.cflags):
                return None
        return made

    def caught_by(self, made):
        """The first test that fails, or ''."""
        for name in self.build.tests_of(self.source):
            objects, libraries = self.build.tests[name]
            program = self.tree / name
            linked = subprocess.run(
                [*self.build.compiler, *self.build.cflags,
                 *[made.get(o, o) for o in objects], *libraries, "-o",
                 str(program)], cwd=ROOT, capture_output=True, check=False)
            if linked.returncode:
                return f"{name}, which does not link"
            word = self.build.run(name, program, self.tree)
            if word != "passes":
                return f"{name}, which {word}"
        return ""


class Explanations:
    """Lines `FILE: BEFORE => AFTER: WHY`, for faults that change nothing."""

    def __init__(self):
        self.why, self.used = {}, set()
        if not EXPLAINED.exists():
            return
        for line in EXPLAINED.read_text().splitlines():
            if line.strip() and not line.startswith("#"):
                source, before, after, why = re.match(
                    r"(\S+): (.*) => (.*) :: (.*)", line).groups()
                self.why[source, before, after] = why

    def find(self, source, before, after):
        if (source, before, after) in self.why:
            self.used.add((source, before, after))
        return self.why.get((source, before, after), "")

    def faulty(self):
        """Complaints about the list itself."""
        for source, before, _ in self.why:
            text = (ROOT / source).read_text() if (ROOT / source).exists() else ""
            if before not in (" ".join(l.split()) for l in text.split("\n")):
                yield f"explained.txt: {source}: has no line {before}"


class Report:
    def __init__(self, explanations):
        self.explanations = explanations
        self.counts = collections.Counter()
        self.lock = threading.Lock()

    def add(self, source, fault, test, seconds):
        text = (ROOT / source).read_text()
        before, after = fault.lines(text)
        why = "" if test else self.explanations.find(source, before, after)
        word = "caught" if test else "explained" if why else "survive"
        with self.lock:
            self.counts[word] += 1
            print(f"{'FAIL' if word == 'survive' else 'ok  '} {source}:"
                  f"{fault.line_number(text)} {fault.kind} ({seconds:.1f} s) "
                  f"{test or why or 'no test notices'}")
            if word == "survive":
                print(f"       {before} => {after}")
            sys.stdout.flush()

    def complaints(self):
        explained = self.counts["explained"]
        if explained > EXPLAINED_MAX:
            yield f"{explained} explained, at most {EXPLAINED_MAX}"
        yield from self.explanations.faulty()

    def close(self):
        for line in list(self.complaints()):
            self.counts["survive"] += 1
            print("FAIL", line)
        print(", ".join(f"{self.counts[word]} {word}"
                        for word in ("caught", "explained", "survive")))
        return 1 if self.counts["survive"] else 0


def quota_of(source, factor):
    usual = FAULTS_OUTSIDE if OUTSIDE.search(source) else FAULTS_ELSEWHERE
    return max(1, round(usual * factor))


def try_file(build, source, arguments, report):
    """Sets as many faults in a file as it is to get."""
    text = (ROOT / source).read_text()
    left = quota_of(source, arguments.factor)
    for fault in faults.shuffled(text, source, arguments.seed):
        if not left:
            break
        if arguments.kind and fault.kind != arguments.kind:
            continue
        started = time.monotonic()
        with tempfile.TemporaryDirectory(dir=build.build / "mutants") as tree:
            trial = Trial(build, source, fault, Path(tree))
            made = trial.objects() if trial.differs() else None
            if not made:
                continue
            test = trial.caught_by(made)
        report.add(source, fault, test, time.monotonic() - started)
        left -= 1


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=ROOT / "build")
    parser.add_argument("--seed", default="1", help="chooses the faults")
    parser.add_argument("--factor", type=float, default=1,
                        help="as many times the usual number of faults")
    parser.add_argument("--file", default="", metavar="REGEX")
    parser.add_argument("--kind", help="only faults of this kind")
    parser.add_argument("-j", "--jobs", type=int, default=2)
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    build = Build(arguments.build.resolve())
    (build.build / "mutants").mkdir(exist_ok=True)
    report = Report(Explanations())
    listed = subprocess.run(["git", "ls-files", "common/*.c", "arch/*.c"],
                            cwd=ROOT, capture_output=True, text=True,
                            check=True).stdout.split()
    sources = [name for name in listed if re.search(arguments.file, name)]
    for name in sources:
        if not build.users[name]:
            print(f"skip {name}: no unit test links it")
    os.environ["ASAN_OPTIONS"] = "detect_leaks=0"
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for done in [pool.submit(try_file, build, name, arguments, report)
                     for name in sources if build.users[name]]:
            done.result()
    sys.exit(report.close())


main()
