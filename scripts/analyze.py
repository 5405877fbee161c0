#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Lets analyzers look for faults in all sources but the tests.

These are gcc's -fanalyzer, clang-tidy (.clang-tidy has its checks) and
cppcheck. Prints a line for each of them and each part of the tree, and what it
complains of. With --deep, clang-tidy has clang's path analysis, too.
"""
import argparse
import concurrent.futures
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# What an analyzer is wrong about, and why. gcc cannot see what a device writes
# by DMA.
GCC_FLAGS = ["-fanalyzer", "-Wno-analyzer-use-of-uninitialized-value",
             "-O1", "-c", "-o", "/dev/null"]
# It does not know compound literals behind `?`, that refuse_list() and
# panic_end() do not return, nor what split_kernel() fills.
CPPCHECK_FLAGS = ["--enable=warning,portability,performance", "--quiet",
                  "--std=c11", "--platform=unix64", "--error-exitcode=1",
                  "--template=gcc", "-I.", "--suppress=internalAstError",
                  *(f"--suppress=va_end_missing:{path}" for path in (
                      "payload/lib/refuse.c", "common/lib/console.c",
                      "common/payload/bundle_table.c",
                      "common/describe/acpi_loader.c")),
                  "--suppress=uninitvar:payload/write/plan.c"]


def sources(*patterns):
    return subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, text=True,
                          capture_output=True, check=True).stdout.split()


def compiler_headers(compiler):
    return subprocess.run([compiler, "-print-file-name=include"], text=True,
                          capture_output=True, check=True).stdout.strip()


class Part:
    """Sources that are compiled alike."""

    def __init__(self, name, compiler, target, patterns, flags):
        self.name, self.compiler, self.flags = name, compiler, flags
        self.target, self.sources = target, sources(*patterns)
        self.is_blob = name != "tool"

    def flags_for(self, compiler):
        if not self.is_blob:
            return ["-std=gnu11", "-I.", "-D_GNU_SOURCE"]
        return ["-std=gnu11", "-I.", "-ffreestanding", "-nostdinc", "-isystem",
                compiler_headers(compiler), *self.flags]


def parts(build):
    headers = ["-idirafter", "common/machine/libfdt", "-idirafter",
               str(build / "include")]
    machine = os.uname().machine
    cross = {arch: "" if machine == arch else f"{arch}-linux-gnu-"
             for arch in ("x86_64", "aarch64")}
    return [
        Part("x86_64", cross["x86_64"] + "gcc", "x86_64-linux-gnu",
             ["common/*.c", "arch/x86_64/*.c"],
             ["-mgeneral-regs-only", *headers]),
        Part("aarch64", cross["aarch64"] + "gcc", "aarch64-linux-gnu",
             ["arch/aarch64/*.c"],
             ["-mgeneral-regs-only", "-idirafter", "/usr/include/efi",
              "-idirafter", "arch", *headers]),
        Part("tool", "gcc", "", ["payload/*.c"], []),
    ]


def run(command):
    done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True,
                          check=False)
    return done.returncode, done.stdout + done.stderr


def gcc(part, _deep):
    command = [part.compiler, *part.flags_for(part.compiler), *GCC_FLAGS]
    for source in part.sources:
        yield [*command, "-Werror", source]


def clang_tidy(part, deep):
    checks = [] if deep else ["--checks=-clang-analyzer-*"]
    target = [f"--target={part.target}"] if part.target else []
    yield ["clang-tidy", "--quiet", *checks, *part.sources, "--", *target,
           *part.flags_for("clang")]


def cppcheck(part, _deep):
    yield ["cppcheck", *CPPCHECK_FLAGS, *part.sources]


TOOLS = {"gcc": gcc, "clang-tidy": clang_tidy, "cppcheck": cppcheck}


def judge(name, part, deep):
    """Runs an analyzer on a part; returns its word and what it prints."""
    if name != "gcc" and not shutil.which(name):
        return "skip", f"there is no {name}", ""
    started, failed, said = time.monotonic(), False, ""
    for command in TOOLS[name](part, deep):
        status, text = run(command)
        if status:
            failed, said = True, said + text
    return ("FAIL" if failed else "ok",
            f"{len(part.sources)} files ({time.monotonic() - started:.1f} s)",
            said)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=ROOT / "build")
    parser.add_argument("--deep", action="store_true",
                        help="clang's path analysis, too: some minutes")
    arguments = parser.parse_args()
    counts = {"ok": 0, "FAIL": 0, "skip": 0}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        work = [(name, part, pool.submit(judge, name, part, arguments.deep))
                for part in parts(arguments.build.resolve()) for name in TOOLS]
        for name, part, done in work:
            word, text, said = done.result()
            counts[word] += 1
            print(f"{word:4} analyze {name} {part.name}: {text}", flush=True)
            if said:
                print(said)
    print("{ok} passed, {FAIL} failed, {skip} skipped".format(**counts))
    sys.exit(1 if counts["FAIL"] else 0)


main()
