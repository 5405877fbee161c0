# SPDX-License-Identifier: BSD-2-Clause
"""A libvirtd of our own, and virsh to talk to it.

It is the daemon of a session, qemu:///session, which needs no privileges, no
systemd and no cgroups. Root would get the system's libvirtd, so root runs it
as nobody.
"""
import contextlib
import glob
import os
import shutil
import signal
import subprocess
import tempfile

from lib import clock, vmm

START_SECONDS = 60
UNPRIVILEGED = {"user": "nobody", "group": "nogroup", "extra_groups": []}
# virsh starts no other daemon when ours has gone.
ENVIRONMENT = {"LIBVIRT_AUTOSTART": "0", "LC_ALL": "C",
               "LIBVIRT_DEFAULT_URI": "qemu:///session",
               "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"}
# QEMU's own log goes to a file, without the daemon virtlogd.
CONFIGURATION = 'stdio_handler = "file"\n'


class VirshError(Exception):
    pass


def missing():
    """Returns which program is not here, or nothing."""
    for program in ("libvirtd", "virsh"):
        if not shutil.which(program, path=ENVIRONMENT["PATH"]):
            return program
    return ""


class Daemon:
    """`reason` tells why it cannot run domains, if so."""

    def __init__(self):
        self.stack = contextlib.ExitStack()
        self.how = dict(UNPRIVILEGED) if os.geteuid() == 0 else {}
        self.reason = ""

    def __enter__(self):
        home = self.stack.enter_context(
            tempfile.TemporaryDirectory(prefix="directboot-libvirt-"))
        self.run_directory = f"{home}/run"
        self.how["env"] = {**os.environ, **ENVIRONMENT, "HOME": home,
                           "XDG_RUNTIME_DIR": self.run_directory,
                           "XDG_CONFIG_HOME": f"{home}/config",
                           "XDG_CACHE_HOME": f"{home}/cache"}
        os.makedirs(f"{home}/config/libvirt")
        os.makedirs(self.run_directory)
        vmm.write(f"{home}/config/libvirt", "qemu.conf",
                  CONFIGURATION.encode())
        self.give(home)
        self.stack.callback(self.kill_domains)
        process = self.stack.enter_context(
            vmm.Vmm(["libvirtd"], home, **self.how))
        self.reason = self.wait(process)
        return self

    def __exit__(self, *_):
        self.stack.close()

    def give(self, top):
        """Lets the daemon use a directory and all that is in it."""
        if "user" in self.how:
            for path, _, files in os.walk(top):
                for name in [path, *(f"{path}/{file}" for file in files)]:
                    shutil.chown(name, self.how["user"], self.how["group"])

    def wait(self, process):
        """Until it serves domains; returns why it does not."""
        deadline = clock.Deadline(START_SECONDS)
        error = "no answer"
        while process.status() is None and not deadline.has_passed():
            try:
                self.virsh("list")
                return ""
            except VirshError as problem:
                error = str(problem)
            process.wait(0.2)
        return f"libvirtd: {error}"

    def virsh(self, *words):
        """What virsh prints."""
        done = subprocess.run(["virsh", *words], capture_output=True,
                              text=True, check=False,
                              stdin=subprocess.DEVNULL, **self.how)
        if done.returncode:
            raise VirshError(f"virsh {words[0]}: "
                             f"{' '.join(done.stderr.split())}")
        return done.stdout.strip()

    def kill_domains(self):
        """They outlive the daemon, which keeps their numbers in files."""
        for path in glob.glob(f"{self.run_directory}/libvirt/qemu/run/*.pid"):
            with contextlib.suppress(ProcessLookupError, ValueError):
                os.kill(int(vmm.read(path)), signal.SIGKILL)
