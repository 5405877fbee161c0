#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs libFuzzer targets and prints a line for each, then the sum.

Each starts from seeds of a few bytes and from tests/fuzz/corpus/NAME.hex, which
has an input a line. With --replay, the inputs that it finds are not kept, so
that each run starts alike. Ends with status 1 if a target found a fault.
"""
import argparse
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SEED_COUNT = 24         # the first byte of an input chooses its kind
SEED_SIZE = 48          # zeros, which stand for what is usual
INPUT_MAX = 1024        # bytes
CORPUS_MAX = 6 << 10    # bytes of a target's inputs that --record keeps
REPLAY_SECONDS = 3
INPUT_SECONDS = 20      # that one input may take, with sanitizers, under load
HANG_SECONDS = 180      # beyond the time that a target was given
SKIPPED = 76
SANITIZERS = {
    "ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1",
    "UBSAN_OPTIONS": "print_stacktrace=1",
}


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("targets", nargs="+", metavar="TARGET")
    parser.add_argument("--build", type=Path, required=True, metavar="DIR")
    parser.add_argument("--time", type=int, default=60, metavar="SECONDS",
                        help="for each target; 0 runs only what is there")
    parser.add_argument("--seed", type=int, default=0,
                        help="of libFuzzer; 0 is another each time")
    parser.add_argument("--replay", action="store_true",
                        help="a short run that is the same each time")
    parser.add_argument("--record", action="store_true",
                        help="then keep what was found in tests/fuzz/corpus")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count())
    return parser.parse_args()


def write_inputs(directory, target):
    """Writes the inputs that a run starts from."""
    directory.mkdir(parents=True, exist_ok=True)
    inputs = [bytes([kind]) + bytes(SEED_SIZE) for kind in range(SEED_COUNT)]
    corpus = HERE / "corpus" / f"{target}.hex"
    if corpus.exists():
        inputs += [bytes.fromhex(line) for line in
                   corpus.read_text().splitlines()
                   if not line.startswith("#")]
    for number, data in enumerate(inputs):
        (directory / f"{number:04}").write_bytes(data)


def record(options, target, directories):
    """Keeps the smallest inputs that together reach all that was reached."""
    with tempfile.TemporaryDirectory() as merged:
        subprocess.run([options.build / "fuzz" / "targets" / target,
                        "-merge=1", "-detect_leaks=0", merged, *directories],
                       env={**os.environ, **SANITIZERS}, check=True,
                       capture_output=True)
        inputs = sorted((path.read_bytes() for path in Path(merged).iterdir()),
                        key=lambda data: (len(data), data))
    lines, size = [], 0
    for data in inputs:
        size += len(data)
        if size > CORPUS_MAX:
            break
        lines.append(data.hex() + "\n")
    (HERE / "corpus").mkdir(exist_ok=True)
    (HERE / "corpus" / f"{target}.hex").write_text("".join(lines))


def number_in(pattern, text):
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def why_failed(log):
    """Returns the lines of a log that say what was found."""
    wanted = re.compile(r"not so: |: runtime error: |ERROR: |unexpected panic|"
                        r"^SUMMARY|Test unit written to|is not|^\s+#[0-6] ")
    return [line for line in log.splitlines() if wanted.search(line)][:12]


def run_target(options, target):
    """Runs a target; returns its line, and those that explain a fault."""
    work = options.build / "fuzz" / "work" / target
    seeds, found = work / "seeds", work / "found"
    shutil.rmtree(seeds, ignore_errors=True)
    if options.replay:
        found = work / "replayed"
        shutil.rmtree(found, ignore_errors=True)
    write_inputs(seeds, target)
    found.mkdir(parents=True, exist_ok=True)
    limit = f"-max_total_time={options.time}" if options.time else "-runs=0"
    started = time.monotonic()
    try:
        done = subprocess.run(
            [options.build / "fuzz" / "targets" / target, limit,
             f"-seed={options.seed}", f"-max_len={INPUT_MAX}",
             "-len_control=0", f"-timeout={INPUT_SECONDS}",
             "-rss_limit_mb=3000", "-detect_leaks=0",
             f"-artifact_prefix={work}/", found, seeds],
            env={**os.environ, **SANITIZERS}, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace",
            timeout=options.time + HANG_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        # A find may end in a fault that libFuzzer itself does not survive.
        return f"FAIL {target}: hangs: {work} has its inputs", []
    seconds = time.monotonic() - started
    (work / "log").write_text(done.stdout)
    if done.returncode == SKIPPED:
        return f"skip {target}: {done.stdout.splitlines()[-1]}", []
    inputs = number_in(r"^fuzz: (\d+) inputs", done.stdout.split("\n\n")[-1]
                       ) or number_in(r"fuzz: (\d+) inputs", done.stdout)
    accepted = number_in(r"inputs, (\d+) accepted", done.stdout)
    places = number_in(r" cov: (\d+)", done.stdout)
    word = "FAIL" if done.returncode else "ok  "
    line = (f"{word} {target} ({seconds:.1f} s) {inputs} inputs, "
            f"{100 * accepted // max(1, inputs)} % accepted, "
            f"{places} places reached")
    if done.returncode:
        return line, why_failed(done.stdout)
    if options.record:
        record(options, target, [found, seeds])
    return line, []


def main():
    options = parse_arguments()
    if options.replay:
        options.time, options.seed = REPLAY_SECONDS, 1
    counts = {"ok  ": 0, "FAIL": 0, "skip": 0}
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for line, reasons in pool.map(
                lambda target: run_target(options, target), options.targets):
            print(line, flush=True)
            for reason in reasons:
                print("    " + reason, flush=True)
            counts[line[:4]] += 1
    print(f"{counts['ok  ']} passed, {counts['FAIL']} failed, "
          f"{counts['skip']} skipped")
    return 1 if counts["FAIL"] else 0


if __name__ == "__main__":
    sys.exit(main())
