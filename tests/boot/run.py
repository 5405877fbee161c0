#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Boots Debian's kernels under QEMU as the case tables say, and judges.

A case passes when every check that it asks of the guest says ok, the guest
ends as asked (and comes back, for a reboot), and no line of its kernel
complains (BAD_LINES) unless the same guest complains alike under the
reference firmware with QEMU's tables (reference/ARCH.txt).
"""
import argparse
import concurrent.futures
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import time

import cases
import qemu
import uki

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get("O", f"{ROOT}/build")

BAD_LINES = re.compile(
    r"ACPI Error|ACPI Warning|ACPI BIOS|ACPI Exception|Firmware Bug|BIOS bug|"
    r"WARNING:|BUG:|Oops|mtrr: your|PCI: Using configuration type 1|"
    r"nobody cared|violation of boot protocol|No MFD cells|"
    r"cache topology may be inaccurate|Kernel panic|^directboot: ")
# Without ECAM that line names no fall-back but the only way.
NO_ECAM_LINE = re.compile(r"PCI: Using configuration type 1")
TIMESTAMP = re.compile(r"^(<\d+>)?\[ *\d+\.\d+\]( \[ *[TC]\d+\])? ?")

# All QEMUs alive.
running = set()


class Result:
    def __init__(self, case):
        self.case = case
        self.problems = []
        self.bad = set()
        self.seconds = 0.0


def normalise(line):
    """A kernel line without what differs from run to run."""
    line = TIMESTAMP.sub("", line.strip())
    return re.sub(r"0x[0-9a-f]+|\b[0-9a-f]{8,16}\b|\d+", "N", line)


def complaints(case, text):
    found = set()
    for line in text.splitlines():
        plain = TIMESTAMP.sub("", line.strip("\r "))
        if not BAD_LINES.search(plain) or plain.startswith("CHECK "):
            continue
        if NO_ECAM_LINE.search(plain) and not case.has_ecam:
            continue
        found.add(normalise(line))
    return found


def load_reference(arch):
    allowed = {}
    path = f"{HERE}/reference/{arch}.txt"
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            for row in file:
                if not row.startswith("#"):
                    name, _, line = row.rstrip("\n").partition("\t")
                    allowed.setdefault(name, set()).add(line)
    return allowed


def press_power_button(path):
    with socket.socket(socket.AF_UNIX) as qmp:
        qmp.settimeout(5)
        qmp.connect(path)
        stream = qmp.makefile("rw")
        stream.readline()
        for request in ("qmp_capabilities", "system_powerdown"):
            stream.write(json.dumps({"execute": request}) + "\n")
            stream.flush()
            # Events may come before the answer.
            while "return" not in json.loads(stream.readline()):
                pass


def read_text(path):
    try:
        with open(path, errors="replace", encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def stop_reason(case, log, quiet_seconds):
    """Why there is nothing more to wait for, or None."""
    last = (log.strip().splitlines() or ["nothing on the console"])[-1]
    # A guest that has said one of these gets two seconds to end.
    if quiet_seconds > 2 and re.search(
            "Kernel panic - |GUEST is still here|System halted|^directboot: ",
            log, re.M):
        return f"stopped, last: {last[:100]}"
    if quiet_seconds > max(40, case.timeout / 4):
        return f"silent for {quiet_seconds:.0f} s, last: {last[:100]}"
    return None


def crowding():
    """How many times slower than alone this machine runs us, about."""
    return min(4.0, max(1.0, os.getloadavg()[0] / os.cpu_count()))


def watch(process, case, work):
    """Waits for QEMU's end; gives what went wrong with it, or None."""
    pressed = False
    log, spent, quiet = "", 0.0, 0.0
    before = time.monotonic()
    while process.poll() is None:
        time.sleep(0.1)
        # Limits are in seconds of a machine that is ours alone.
        now = time.monotonic()
        step, before = (now - before) / crowding(), now
        spent, quiet = spent + step, quiet + step
        seen, log = log, read_text(f"{work}/serial")
        if log != seen:
            quiet = 0.0
        if not pressed and "GUEST waits for the power" in log:
            press_power_button(f"{work}/qmp")
            pressed = True
        reason = stop_reason(case, log, quiet)
        if reason:
            return reason
        if spent > case.timeout:
            return f"timeout after {case.timeout} s"
    if process.returncode != 0:
        return f"QEMU exits with status {process.returncode}"
    return None


def extract_dump(work, target):
    shutil.rmtree(target, ignore_errors=True)
    try:
        with open(f"{work}/dump.img", "rb") as file:
            file.seek(4096)
            with tarfile.open(fileobj=file, mode="r|") as tar:
                tar.extractall(target)
    except (tarfile.TarError, OSError):
        return False
    return True


def judge_tables(target):
    """iasl's opinion on the tables that the guest saw, or dtc's on its tree."""
    if os.path.isdir(f"{target}/acpi") and os.listdir(f"{target}/acpi"):
        if not shutil.which("iasl"):
            return []
        check = subprocess.run([f"{HERE}/iasl-check.sh", f"{target}/acpi"],
                               capture_output=True, text=True, check=False)
        return ["iasl: " + line for line in check.stdout.splitlines()
                if "FAIL" in line][:5]
    if os.path.exists(f"{target}/fdt") and shutil.which("dtc"):
        check = subprocess.run(["dtc", "-I", "dtb", "-O", "dtb",
                                "-o", "/dev/null", f"{target}/fdt"],
                               capture_output=True, text=True, check=False)
        return ["dtc: " + line for line in check.stderr.splitlines()][:5]
    return []


def judge_tree(target):
    """Did the guest get the tree that was packed for it?"""
    if qemu.TREE_MODEL in read_text(f"{target}/fdt"):
        return []
    return ["the guest has another device tree"]


def judge_log(case, log, names):
    problems = []
    boots = 2 if case.end == "reboot" else 1
    if "GUEST boot 1 of" not in log:
        return ["the guest's init was not reached"]
    seen = re.findall(r"CHECK (\S+) (ok|FAIL) ?([^\r\n]*)", log)
    for name, word, detail in seen:
        if word == "FAIL":
            problems.append(f"{name}: {detail}")
    for name in names:
        count = sum(name == check[0] for check in seen)
        if count != boots:
            problems.append(f"{name}: checked {count} times, not {boots}")
    for boot in range(1, boots + 1):
        if f"GUEST boot {boot} of" not in log:
            problems.append(f"boot {boot}: init was not reached")
    return problems


def execute(case, firmware, args, result, work):
    kernel_dir = f"{BUILD}/kernels/{case.flavour}"
    files = {"kernel": f"{kernel_dir}/{case.kernel_file}",
             "initrd": f"{BUILD}/guest/{case.flavour}.cpio",
             "rom": f"{args.roms}/{case.name}.rom"}
    if "pad" in case.options:
        files["initrd"] = qemu.padded_initrd(case, files["initrd"], work)
    line = case.command_line(firmware.is_own)
    command = qemu.command(case, firmware, args.program, files, line, work)
    log_path = f"{args.out}/{result.label}.log"
    with open(f"{work}/stderr", "w+", encoding="utf-8") as errors:
        start = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                   stdout=errors, stderr=errors)
        running.add(process)
        try:
            failure = watch(process, case, work)
        finally:
            process.kill()
            process.wait()
            running.discard(process)
        result.seconds = time.monotonic() - start
        errors.seek(0)
        words = errors.read().strip()
    log = read_text(f"{work}/serial")
    if failure:
        result.problems.append(failure + (f": {words[:200]}" if words else ""))
    result.problems += judge_log(case, log, case.expected_checks(line))
    target = f"{args.out}/{result.label}"
    if extract_dump(work, target):
        log += "\n--- dmesg of the dump\n" + read_text(f"{target}/dmesg")
        # What QEMU's tables say is not ours to judge, nor QEMU's tree.
        if firmware.is_own and case.options.get("dtb") == "qemu":
            result.problems += judge_tree(target)
        elif firmware.is_own and "vmm" not in case.options.get("pack", ""):
            result.problems += judge_tables(target)
    result.bad = complaints(case, log)
    with open(log_path, "w", encoding="utf-8") as file:
        file.write(" ".join(map(shell_quote, command)) + "\n" + log)


def shell_quote(word):
    return f"'{word}'" if re.search(r"[^\w@%+=:,./-]", word) else word


def run_case(case, firmware, args, label):
    result = Result(case)
    result.label = label
    work = tempfile.mkdtemp(prefix=f"directboot-{case.name}-")
    try:
        execute(case, firmware, args, result, work)
    except subprocess.CalledProcessError as error:
        result.problems.append("pack: " + (error.stderr or "").strip()[-300:])
    finally:
        if args.keep:
            print(f"kept {work}")
        else:
            shutil.rmtree(work, ignore_errors=True)
    if firmware.is_own:
        allowed = (args.allowed.get(case.name, set()) |
                   args.allowed.get("*", set()))
        for line in sorted(result.bad - allowed):
            result.problems.append(f"bad line: {line}")
    return result


def run_all(jobs, workers):
    """Results as they come; whoever interrupts this leaves no guest behind."""
    pool = concurrent.futures.ThreadPoolExecutor(workers)
    try:
        futures = [pool.submit(run_case, *job) for job in jobs]
        for future in concurrent.futures.as_completed(futures):
            yield future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in list(running):
            process.kill()
        pool.shutdown()


def skip_reason(case, firmware, args):
    wanted = case.options.get("qemu")
    if wanted and args.version < tuple(map(int, wanted.split("."))):
        have = ".".join(map(str, args.version))
        return f"needs QEMU {wanted} for what this QEMU {have} lacks"
    if not firmware.is_own and "own" in case.tags:
        return "only our blob can do this"
    return None


def qemu_version(program):
    out = subprocess.run([program, "--version"], capture_output=True,
                         text=True, check=True).stdout
    return tuple(map(int, re.search(r"version (\d+)\.(\d+)", out).groups()))


def prepare(selected):
    """Kernels and initrds of the selected cases."""
    flavours = sorted({case.flavour for case in selected})
    needed = flavours + sorted({f"busybox-{flavour.split('-')[-1]}"
                                for flavour in flavours})
    subprocess.run([f"{ROOT}/scripts/fetch-kernels.sh", *needed], check=True)
    for arch in {case.arch for case in selected
                 if case.delivery in qemu.UKI_DELIVERIES}:
        uki.prepare(arch)
    for flavour in flavours:
        arch = flavour.split("-")[-1]
        subprocess.run([f"{ROOT}/tests/guest/mkinitrd.py",
                        f"{BUILD}/kernels/{flavour}",
                        f"{BUILD}/kernels/busybox-{arch}/busybox",
                        f"{BUILD}/guest/{flavour}.cpio"], check=True)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--arch", default="x86_64",
                        choices=["x86_64", "aarch64"])
    parser.add_argument("--firmware", metavar="FILE",
                        help="our blob (default), a peer's file, 'default' "
                        "(QEMU's own), 'native' (QEMU's -kernel loader) or "
                        "'reference' (the right peer for each case)")
    parser.add_argument("--tool", default=f"{BUILD}/directboot")
    parser.add_argument("--case", default="", metavar="REGEX")
    parser.add_argument("--tag", help="only cases with this tag")
    parser.add_argument("--repeat", type=int, default=1, metavar="N")
    parser.add_argument("-j", "--jobs", type=int, default=1, metavar="N")
    parser.add_argument("--qemu", dest="program", metavar="PATH")
    parser.add_argument("--keep", action="store_true",
                        help="keep the temporary directories")
    parser.add_argument("--out", help="for logs and dumps, build/boot")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--record-reference", action="store_true",
                        help="write reference/ARCH.txt from this run")
    args = parser.parse_args()
    if args.record_reference:
        args.firmware = "reference"
    args.firmware = args.firmware or f"{BUILD}/directboot-{args.arch}.rom"
    args.program = args.program or f"qemu-system-{args.arch}"
    if not args.out:
        name = os.path.basename(args.firmware)
        own = name.startswith("directboot-")
        args.out = f"{BUILD}/boot" + ("" if own else f"-{name}")
    args.allowed = load_reference(args.arch)
    return args


REFERENCE_HEAD = """\
# Complaints of the guest of each case under the reference firmware with QEMU's
# tables: SeaBIOS (pc, q35), qboot (microvm), EDK2 (virt, ACPI), QEMU's own
# loader (virt, device tree). Case, tab, line; numbers are replaced by N. Made
# by run.py --arch ARCH --record-reference, which adds what it sees. Case *,
# put here by hand: what any guest may say when the host is too busy to deliver
# emulated timer interrupts, seen in some runs of a case and not in others.
"""


def write_reference(args, results):
    """Adds the complaints of QEMU's own guests that came to their end."""
    path = f"{HERE}/reference/{args.arch}.txt"
    kept = load_reference(args.arch)
    noise = kept.get("*", set())
    for result in results:
        if not any("init was not reached" in text or "timeout" in text
                   for text in result.problems):
            lines = kept.setdefault(result.case.name, set())
            lines |= result.bad - noise
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(REFERENCE_HEAD)
        for name in sorted(kept):
            for line in sorted(kept[name]):
                file.write(f"{name}\t{line}\n")


def report(result, done, total):
    word = "FAIL" if result.problems else "ok"
    print(f"[{done}/{total}] {word:4} {result.label} "
          f"{result.seconds:.1f} s", flush=True)
    for problem in result.problems:
        print(f"       {problem}", flush=True)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    args = parse_arguments()
    selected = [case for case in cases.load(args.arch)
                if re.search(args.case, case.name) and
                (not args.tag or args.tag in case.tags)]
    if args.list:
        for case in selected:
            print(case.name, ",".join(case.tags))
        return 0
    args.version = qemu_version(args.program)
    os.makedirs(args.out, exist_ok=True)
    prepare(selected)
    skipped = 0
    jobs = []
    for case in selected:
        path = (qemu.reference(case) if args.firmware == "reference"
                else args.firmware)
        firmware = qemu.Firmware(path, args.tool)
        reason = skip_reason(case, firmware, args)
        if reason:
            print(f"       skip {case.name}: {reason}")
            skipped += 1
            continue
        for number in range(args.repeat):
            label = case.name + (f".{number + 1}" if args.repeat > 1 else "")
            jobs.append((case, firmware, args, label))
    results = []
    with tempfile.TemporaryDirectory(prefix="directboot-roms-") as args.roms:
        for result in run_all(jobs, args.jobs):
            results.append(result)
            report(result, len(results), len(jobs))
    if args.record_reference:
        write_reference(args, results)
    failed = sum(bool(result.problems) for result in results)
    print(f"{len(results) - failed} passed, {failed} failed, "
          f"{skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
