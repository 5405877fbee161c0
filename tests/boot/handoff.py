#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Boots tests/guest/handoff.S up to its end: the state a kernel is entered in.

Under TCG and under KVM, whatever KVM it is: a software KVM that no stock kernel
comes up in still runs the blob. usage: handoff.py KERNEL_ELF
"""
import itertools
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("O", f"{ROOT}/build")
TIMEOUT = 60
STATUS_GOOD = 33

# A KVM without VMX or SVM offers less of CPUID than the VMM asks for.
ACCELERATORS = {"tcg": ["-accel", "tcg"],
                "kvm": ["-accel", "kvm", "-cpu", "qemu64,-sse3"]}


def pack(directory, kernel):
    initrd, rom = f"{directory}/initrd", f"{directory}/guest.rom"
    with open(initrd, "wb") as file:
        file.write(b"initrd: " * 1024)
    subprocess.run([f"{BUILD}/directboot", "pack", "--kernel", kernel,
                    "--initrd", initrd, "--cmdline", "handoff", "-o", rom],
                   check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    return rom


def boot(rom, accelerator, machine, cpus):
    """Returns QEMU's exit status, or a word, and what the console showed."""
    command = ["qemu-system-x86_64", "-M", machine, "-smp", str(cpus),
               "-m", "256M", "-nodefaults", "-display", "none", "-no-reboot",
               "-serial", "stdio", "-device", "isa-debug-exit,iobase=0xf4",
               "-bios", rom, *ACCELERATORS[accelerator]]
    try:
        run = subprocess.run(command, capture_output=True, text=True,
                             errors="replace", timeout=TIMEOUT,
                             stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return "timeout", ""
    return run.returncode, run.stdout.strip()


def main():
    counts = {"ok": 0, "FAIL": 0, "skip": 0}
    with tempfile.TemporaryDirectory() as directory:
        rom = pack(directory, sys.argv[1])
        for case in itertools.product(ACCELERATORS, ["pc", "q35", "microvm"],
                                      [1, 4]):
            name = "handoff {} {} {} cpu".format(*case)
            if case[0] == "kvm" and not os.access("/dev/kvm", os.W_OK):
                print(f"skip {name}: no /dev/kvm")
                counts["skip"] += 1
                continue
            status, console = boot(rom, *case)
            verdict = "ok" if status == STATUS_GOOD else "FAIL"
            counts[verdict] += 1
            print(f"{verdict:4} {name}" + (
                "" if verdict == "ok" else f": status {status} {console}"))
    print("{ok} passed, {FAIL} failed, {skip} skipped".format(**counts))
    sys.exit(1 if counts["FAIL"] else 0)


main()
