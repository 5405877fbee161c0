#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Starts a packed file in each VMM that is here, by scripts/vmm.sh.

The payload is the small kernel of handoff.S or image.S, not Linux; that the
blob was entered, found two CPUs and all RAM, and went on to that kernel is read
from its ledger. VMMs that need KVM are skipped where the processor has none;
KVM=1 tries them all the same, PATH says where they are.

usage: vmms.py [PATTERN]
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get("O", f"{ROOT}/build")
TIMEOUT = 60

# name of vmm.sh, its program, what pack makes of which kernel
QEMU = [(f"qemu-{machine}{door}", "qemu-system-x86_64", "rom")
        for machine in ("pc", "q35", "microvm")
        for door in ("", "-kernel", "-pflash")
        if (machine, door) != ("microvm", "-pflash")]
QEMU_ARM = [(f"qemu-virt{door}", "qemu-system-aarch64", "arm")
            for door in ("", "-kernel", "-pflash")]
OTHERS = [("bochs", "bochs", "rom"), ("kvmtool", "lkvm", "rom"),
          ("cloud-hypervisor", "cloud-hypervisor", "rom"),
          ("cloud-hypervisor-firmware", "cloud-hypervisor", "rom"),
          ("firecracker", "firecracker", "rom"),
          ("crosvm", "crosvm", "rom"), ("crosvm-firmware", "crosvm", "rom")]
OPTIONS = {"firecracker": ["--", "--no-seccomp"],
           "cloud-hypervisor": ["--", "--seccomp", "false"],
           "crosvm": ["--", "--disable-sandbox"],
           "crosvm-firmware": ["--", "--disable-sandbox"]}


def pack(kernel, path):
    subprocess.run([f"{BUILD}/directboot", "pack", "--verbose", "--kernel",
                    kernel, "--cmdline", "x", "-o", path], check=True,
                   stdout=subprocess.DEVNULL)


def can_kvm():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        has_it = re.search(r"\b(vmx|svm)\b", file.read())
    return os.access("/dev/kvm", os.R_OK | os.W_OK) and (
        has_it or "KVM" in os.environ)


def why_not(name, program):
    if not shutil.which(program):
        return f"no {program}"
    if name not in ("bochs",) and "qemu" not in name and not can_kvm():
        return "no KVM"
    return None


def ledger(name, path, work):
    """What the console shows until the ledger's last line, or the end."""
    console = f"{work}/{name}.console"
    command = [f"{ROOT}/scripts/vmm.sh", name, path]
    if name in OPTIONS:
        command += OPTIONS[name]
    with open(console, "wb") as file, subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=file,
            stderr=subprocess.STDOUT, start_new_session=True,
            env=dict(os.environ, CPUS="2", MEM="512")) as vmm:
        end = time.monotonic() + TIMEOUT
        text = ""
        while time.monotonic() < end and "description:" not in text:
            if vmm.poll() is not None:
                end = 0
            time.sleep(0.1)
            with open(console, encoding="latin-1") as log:
                text = log.read()
        if vmm.poll() is None:
            os.killpg(vmm.pid, signal.SIGTERM)
    return text


def run_case(name, path, work):
    text = ledger(name, path, work)
    door = re.search(r"(door \d), blob at 0x\w+", text)
    machine = re.search(r"machine: 2 CPUs, 51[12] MiB RAM.*", text)
    if not door or not machine or "description:" not in text:
        print(f"FAIL {name}: console has {text[-500:]!r}", flush=True)
        return False
    print(f"ok   {name}: {door[1]}, {machine[0].strip()}", flush=True)
    return True


def main():
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    with tempfile.TemporaryDirectory(prefix="directboot-") as work:
        pack(f"{BUILD}/guest/handoff.elf", f"{work}/rom")
        pack(f"{BUILD}/guest/image.bin", f"{work}/arm")
        for name, program, kind in QEMU + QEMU_ARM + OTHERS:
            if len(sys.argv) > 1 and not re.search(sys.argv[1], name):
                continue
            reason = why_not(name, program)
            if reason:
                print(f"skip {name}: {reason}", flush=True)
                counts["skipped"] += 1
            elif run_case(name, f"{work}/{kind}", work):
                counts["passed"] += 1
            else:
                counts["failed"] += 1
    print(", ".join(f"{count} {what}" for what, count in counts.items()))
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
