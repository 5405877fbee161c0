#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Boots a guest inside a paravisor's Linux, the blob starting each of both.

usage: paravisor.py [x86_64|aarch64]

In an emulated machine with virtualization, the blob starts a paravisor's Linux
from one file, with a part of the RAM and a device tree of the whole partition.
From the tree comes what Linux knows of its CPUs. It is Debian's on AArch64, and
that of paravisor-kernel.sh on x86_64. Its user space starts Debian's QEMU with
KVM, whose only firmware is the blob again, with a kernel that comes up to a
shell. The shell must answer, and its `exit` powers the guest off. All of it
comes on standard output, each line with the seconds since the start.

The file of x86_64 is an IGVM file. The QEMU that QEMU_IGVM names reads it;
without, Debian's gets what such a QEMU would make of it. That of AArch64 is a
ROM.

The script needs what `make` builds and `setup.sh paravisor ARCH` installs, and
on x86_64 what `make paravisor-kernel` builds. It works in build/nested/, as the
tests in real virtualization do.
"""
import argparse
import os
import re
import sys
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path.insert(0, f"{ROOT}/tests")

from lib import clock, context as contexts, guest, vmm  # noqa: E402
from nested import directory as directories, inner      # noqa: E402

GUEST_SECONDS = 300
CONSOLES = {"x86_64": "ttyS0", "aarch64": "ttyAMA0"}
MACHINES = {"x86_64": "q35", "aarch64": "virt"}
ANSWER = re.compile(r"^42 from the shell of (Linux .*?)\r?$", re.M)
TYPE = """\
mkfifo keys
: >console
{
	until grep -q 'exit powers off' console; do
		sleep 1
	done
	echo 'echo $((6 * 7)) from the shell of $(uname -srm); sleep 2; exit'
} >keys &
exec <keys
"""


class Relay:
    """Prints what is written to files, as it comes, until it is closed."""

    def __init__(self, **paths):
        self.paths, self.shown = paths, dict.fromkeys(paths, 0)
        self.start, self.is_over = time.monotonic(), threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self.thread.join()

    def run(self):
        while not self.is_over.wait(0.2):
            self.show()
        self.show()

    def show(self):
        seconds = time.monotonic() - self.start
        for who, path in self.paths.items():
            text = vmm.read(path)
            end = text.rfind("\n") + 1
            for line in text[self.shown[who]:end].splitlines():
                if line.strip():
                    print(f"{seconds:6.1f} {who:9} {line.strip()}", flush=True)
            self.shown[who] = end


def prepare_guest(context, arch, shared):
    """The directory with the guest's ROM and the script that starts it."""
    flavour = f"cloud-{guest.DEBIAN[arch]}"
    directory = directories.Directory(shared, "guest")
    initrd = context.once("guest.cpio", lambda path: guest.make_initrd(
        context, flavour, path))
    context.pack(f"{directory.path}/rom", guest.kernel(context, flavour),
                 "--initrd", initrd, "--verbose", "--cmdline",
                 f"console={CONSOLES[arch]} loglevel=4")
    directory.write_run(
        [*vmm.headless([f"qemu-system-{arch}"]), "-no-reboot", "-M",
         MACHINES[arch], "-accel", "kvm", "-cpu", "host", "-m", "512M",
         "-smp", "2", "-serial", "stdio", "-bios", "rom"],
        TYPE, is_watched=True)


def run_guest(machine):
    """What the guest said, and the status of its VMM."""
    os.makedirs(machine.work, exist_ok=True)
    for name in ("log", "serial"):
        vmm.write(machine.work, name, b"")
    with Relay(paravisor=f"{machine.work}/log",
               guest=f"{machine.work}/serial"):
        with machine.start_run("guest") as run:
            deadline = clock.Deadline(GUEST_SECONDS)
            while run.status() is None and not deadline.has_passed():
                time.sleep(0.2)
            return run.console(), run.status()


def boot(context, arch):
    """Why this is not as it should be, or None."""
    shared = f"{context.shared}/paravisor"
    os.makedirs(shared)
    prepare_guest(context, arch, shared)
    machine = inner.Inner(context, arch, "paravisor", shared)
    try:
        console, status = run_guest(machine)
    finally:
        machine.stop()
    answer = ANSWER.search(console)
    if not answer or status != 0:
        return f"no answer of the guest's shell; its VMM's status: {status}"
    print(f"The guest's shell answered: {answer[1]}")
    return None


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("arch", nargs="?", default="x86_64",
                        choices=guest.DEBIAN)
    arch = parser.parse_args().arch
    context = contexts.Context(argparse.Namespace(
        tool=None, qemu=None, firmware=None, keep=False))
    try:
        guest.fetch(context, *inner.wanted(arch, ""))
        failure = boot(context, arch)
    except RuntimeError as error:
        failure = error
    finally:
        vmm.stop_all()
        context.close()
    if failure:
        print(f"paravisor.py: {failure}", file=sys.stderr)
    return 1 if failure else 0


if __name__ == "__main__":
    sys.exit(main())
