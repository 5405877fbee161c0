#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Boots Debian's cloud kernel in Bochs, from a bundle on an ATA disk.

The blob is the ROM; it has to count the CPUs itself. The guest checks CPUs, RAM
and tables, and powers off. Bochs takes half a minute of CPU time for a guest
with one CPU, two for four.

usage: bochs.py [CPUS...]
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get("O", f"{ROOT}/build")
MEM = 512
TIMEOUT = 240
BUSY_FACTOR = 4  # how much longer on a machine with other work
WANTED = [r"CHECK cpus ok", r"CHECK mem ok", r"CHECK acpi ok",
          r"reboot: Power down"]
UNWANTED = r"CHECK \w+ FAIL|Kernel panic|Oops|BUG:|ACPI Error|^directboot: "


def make_disk(cpus, work):
    subprocess.run([f"{ROOT}/scripts/fetch-kernels.sh", "cloud-amd64",
                    "busybox-amd64"], check=True)
    kernels = f"{BUILD}/kernels"
    subprocess.run([f"{ROOT}/tests/guest/mkinitrd.py",
                    f"{kernels}/cloud-amd64",
                    f"{kernels}/busybox-amd64/busybox", f"{work}/initrd"],
                   check=True)
    line = (f"console=ttyS0 quiet db.cpus={cpus} db.mem={MEM} db.acpi=1 "
            "db.end=poweroff")
    subprocess.run([f"{BUILD}/directboot", "pack", "--kernel",
                    f"{kernels}/cloud-amd64/vmlinuz", "--initrd",
                    f"{work}/initrd", "--cmdline", line, "--output-format",
                    "disk", "-o", f"{work}/disk"], check=True,
                   stdout=subprocess.DEVNULL)


def boot(cpus, work):
    with open(f"{work}/console", "wb") as console, subprocess.Popen(
            [f"{ROOT}/scripts/vmm.sh", "bochs",
             f"{BUILD}/directboot-x86_64.rom", f"{work}/disk"],
            stdin=subprocess.DEVNULL, stdout=console,
            stderr=subprocess.STDOUT, start_new_session=True,
            env=dict(os.environ, CPUS=str(cpus), MEM=str(MEM))) as bochs:
        load = os.getloadavg()[0] / os.cpu_count()
        try:
            bochs.wait(TIMEOUT * min(BUSY_FACTOR, max(1, 1 + load)))
        except subprocess.TimeoutExpired:
            os.killpg(bochs.pid, signal.SIGTERM)
    with open(f"{work}/console", encoding="latin-1") as console:
        return console.read()


def run_case(cpus):
    with tempfile.TemporaryDirectory(prefix="directboot-") as work:
        make_disk(cpus, work)
        text = boot(cpus, work)
    lines = re.findall(f".*(?:{'|'.join(WANTED)}).*", text)
    bad = re.search(UNWANTED, text, re.M)
    if len(lines) != len(WANTED) or bad:
        print(f"FAIL bochs-{cpus}cpu: console ends {text[-1000:]!r}")
        return False
    print(f"ok   bochs-{cpus}cpu: {lines[0].strip()}", flush=True)
    return True


def main():
    counts = [int(word) for word in sys.argv[1:]] or [1, 4]
    if not shutil.which(os.environ.get("PROGRAM", "bochs")):
        print("skip bochs: no bochs")
        print(f"0 passed, 0 failed, {len(counts)} skipped")
        return 0
    failed = sum(not run_case(cpus) for cpus in counts)
    print(f"{len(counts) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
