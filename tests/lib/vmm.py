# SPDX-License-Identifier: BSD-2-Clause
"""Starts a VMM, reads its console, and leaves none behind."""
import dataclasses
import os
import re
import signal
import subprocess
import threading
import time

from lib import clock

# isa-debug-exit: what our x86_64 blob and small kernels leave QEMU with.
DEBUG_EXIT = ["-device", "isa-debug-exit,iobase=0xf4,iosize=4"]
STATUS_REFUSED = 99  # 2 * 0x31 + 1
STATUS_BOOTED = 33   # lib/bundles.py's CODE, tests/guest/handoff.S
GRACE_SECONDS = 10   # for what has a directory to remove

running = set()
running_lock = threading.Lock()
is_stopped = threading.Event()


class Stopped(BaseException):
    """The run was interrupted: no further VMM is to start."""


def stop_all():
    """For whoever interrupts a run."""
    is_stopped.set()
    with running_lock:
        for vmm in list(running):
            vmm.kill()


def headless(program):
    """QEMU with nothing but what a case adds."""
    return [*program, "-nodefaults", "-display", "none"]


def serial_file(work):
    return ["-serial", f"file:{work}/serial"]


def loader(path, paddr, more=""):
    """QEMU's generic loader: a file's bytes, into RAM."""
    return ["-device", f"loader,file={path},addr={paddr:#x},force-raw=on"
            f"{more}"]


def smbios_words(words):
    """Words for the kernel's command line, as systemd-stub takes them."""
    return words and ["-smbios", "type=11,value=io.systemd.stub.kernel-cmdline-"
                      f"extra={' '.join(words)}"]


def write(work, name, data):
    """A file with these bytes; with a number, of so many zeros."""
    path = f"{work}/{name}"
    with open(path, "wb") as file:
        if isinstance(data, int):
            file.truncate(data)
        else:
            file.write(data)
    return path


def read_bytes(path):
    with open(path, "rb") as file:
        return file.read()


def qemu_version(program):
    out = subprocess.run([*program, "--version"], capture_output=True,
                         text=True, check=True).stdout
    return tuple(map(int, re.search(r"version (\d+)\.(\d+)", out).groups()))


class Vmm:
    """A VMM in a process group of its own.

    Its console is the file `serial` in the directory `work`, where QEMU writes
    it, or the VMM's standard output with `is_stdout`; what else it says is in
    the file `errors` there.
    """

    def __init__(self, command, work, is_stdout=False, **how):
        self.console_path = f"{work}/serial"
        self.errors_path = f"{work}/errors"
        how.setdefault("stdin", subprocess.DEVNULL)
        with open(self.errors_path, "wb") as errors, \
                open(self.console_path, "wb") as console, running_lock:
            if is_stopped.is_set():
                raise Stopped
            self.process = subprocess.Popen(
                command, stdout=console if is_stdout else errors,
                stderr=errors, start_new_session=True, **how)
            running.add(self)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        with running_lock:
            running.discard(self)

    def kill(self):
        """What has a child, as vmm.sh does, is asked to end it first."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self.process.poll() is None:
                try:
                    os.killpg(self.process.pid, number)
                    self.process.wait(GRACE_SECONDS)
                except (ProcessLookupError, subprocess.TimeoutExpired):
                    pass
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()

    def status(self):
        """As a shell has it; None as long as it runs."""
        return self.process.poll()

    def console(self):
        return read(self.console_path)

    def errors(self):
        return read(self.errors_path).strip()

    def wait(self, seconds, until=None, step=0.02):
        """Until it ends, or its console is as wanted; else returns False."""
        deadline = clock.Deadline(seconds)
        while self.status() is None:
            if until and until(self.console()):
                return True
            if deadline.has_passed():
                return False
            time.sleep(step)
        return True


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read().decode(errors="backslashreplace")
    except FileNotFoundError:
        return ""


@dataclasses.dataclass
class Outcome:
    status: int
    console: str
    errors: str


def run(command, work, seconds, until=None, linger=0.0, **how):
    """One run to its end: its status (None: it went on), its console.

    With `until` it is stopped when the console is as wanted; `linger` seconds
    later, so that what comes too much is seen.
    """
    with Vmm(command, work, **how) as vmm:
        vmm.wait(seconds, until)
        if until and vmm.status() is None:
            time.sleep(linger)
        status = vmm.status()
    return Outcome(status, vmm.console(), vmm.errors())
