# SPDX-License-Identifier: BSD-2-Clause
"""Runs the domains of scripts/libvirt by a libvirtd of our own, under TCG.

Only what a user has to set is set here, and what KVM would give: paths, and a
processor that TCG is quick at. The guest is that of suite `boot`. It waits for
its power button and then powers off; libvirt makes a reboot of that if it is
asked for one.
"""
import contextlib
import os
import re
import shutil
import time
from xml.etree import ElementTree

from boot import case as boot_case
from boot import judge, reference
from lib import clock, guest, report, table, vmm
from libvirt import daemon

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS = 120
CONSOLES = {"x86_64": "ttyS0", "aarch64": "ttyAMA0"}
LOST_KIB = {"x86_64": 1024, "aarch64": 4096}
# The case of suite `boot` whose machine says what these do, under any firmware.
LIKE = {"x86_64": "q35-disk-pci", "aarch64": "gic2-acpi-fwcfg"}
CHECKS = ["cpus", "mem", "net", "console", "acpi"]


class Case(table.Row):
    has_ecam = True

    @property
    def flavour(self):
        return f"cloud-{guest.DEBIAN[self.arch]}"

    @property
    def command_line(self):
        console = CONSOLES[self.arch]
        return (f"console={console} quiet db.cpus=2 "
                f"db.mem=1024:{LOST_KIB[self.arch]} db.net=1 "
                f"db.console={console} db.acpi=1 db.dump=1 db.end=powerdown")


def load():
    return [Case(**vars(row)) for row in table.load(f"{HERE}/libvirt.cases")]


def skip_reason(case, context):
    program = daemon.missing()
    if not program and not shutil.which(f"qemu-system-{case.arch}"):
        program = f"qemu-system-{case.arch}"
    return f"no {program}" if program else ""


def prepare(selected, context):
    for flavour in sorted({case.flavour for case in selected}):
        guest.fetch(context, flavour,
                    f"busybox-{flavour.rsplit('-', maxsplit=1)[-1]}")
    context.libvirt = context.stack.enter_context(daemon.Daemon())


class Domain:
    """One case's domain, its files in `work`, and what its consoles showed."""

    def __init__(self, case, context, work):
        self.case, self.context, self.work = case, context, work
        self.name = f"directboot-{case.label}"
        self.seen = ""

    def virsh(self, command, *words):
        return self.context.libvirt.virsh(command, self.name, *words)

    def payload(self):
        """Makes what is booted; returns paths by the elements they are for."""
        kernel = guest.kernel(self.context, self.case.flavour)
        initrd = f"{self.work}/initrd"
        guest.make_initrd(self.context, self.case.flavour, initrd)
        words = ["--initrd", initrd, "--cmdline", self.case.command_line]
        if self.case["payload"] == "packed":
            return {"loader": self.context.pack(f"{self.work}/rom", kernel,
                                                *words)}
        loader = shutil.copy(self.context.firmware(self.case.arch), self.work)
        if self.case["payload"] == "kernel":
            return {"loader": loader, "initrd": initrd,
                    "kernel": shutil.copy(kernel, self.work),
                    "cmdline": self.case.command_line}
        return {"loader": loader, "bundle": self.context.pack(
            f"{self.work}/bundle", kernel, *words, "--output-format",
            "bundle")}

    def write_xml(self, paths):
        path = f"{self.context.root}/scripts/libvirt/{self.case.arch}.xml"
        tree = ElementTree.parse(path)
        root, firmware = tree.getroot(), tree.find("os")
        root.set("type", "qemu")
        root.find("name").text = self.name
        root.find("devices/disk/source").set("file", f"{self.work}/dump.img")
        firmware.find("loader").text = paths["loader"]
        for name in ("kernel", "initrd", "cmdline"):
            if name in paths:
                ElementTree.SubElement(firmware, name).text = paths[name]
        if "bundle" in paths:
            ElementTree.SubElement(
                ElementTree.SubElement(root, "sysinfo", type="fwcfg"),
                "entry", name="opt/directboot/bundle", file=paths["bundle"])
        if self.case.arch == "aarch64":
            # TCG takes long for the pointer authentication of the maximum.
            cpu = root.find("cpu")
            cpu.set("mode", "custom")
            ElementTree.SubElement(cpu, "model").text = "cortex-a57"
        tree.write(f"{self.work}/domain.xml")

    def define(self):
        vmm.write(self.work, "dump.img", boot_case.disk_label("dump"))
        os.truncate(f"{self.work}/dump.img", boot_case.DUMP_SIZE)
        self.write_xml(self.payload())
        self.context.libvirt.give(self.work)
        self.context.libvirt.virsh("define", f"{self.work}/domain.xml")

    @contextlib.contextmanager
    def start(self):
        """Starts it at a console, which wants a terminal."""
        terminal, other = os.openpty()
        try:
            with vmm.Vmm(["virsh", "start", self.name, "--console"], self.work,
                         is_stdout=True, stdin=other,
                         **self.context.libvirt.how) as console:
                yield console
                self.seen += console.console()
        finally:
            os.close(terminal)
            os.close(other)

    def forget(self):
        """What is left of it after a case, be it what it may."""
        for command in ("destroy", "undefine"):
            with contextlib.suppress(daemon.VirshError):
                self.virsh(command)

    def problems(self):
        """Of what its boots showed, and of its dump."""
        checks = re.findall(r"CHECK (\S+) (ok|FAIL) ?([^\r\n]*)", self.seen)
        for name, word, detail in checks:
            if word == "FAIL":
                yield f"{name}: {detail}"
        counts = {name: [check[0] for check in checks].count(name)
                  for name in [*CHECKS, "powerdown"]}
        if counts != {**dict.fromkeys(CHECKS, 3), "powerdown": 2}:
            yield f"the guest made these checks: {counts}"
        target = f"{self.context.build}/libvirt/{self.case.label}"
        if not judge.extract_dump(self.work, target):
            yield "the guest left no dump on its disk"
            return
        yield from judge.judge_tables(target)
        found = judge.complaints(self.case, self.seen +
                                 vmm.read(f"{target}/dmesg"))
        known = reference.load(self.case.arch)
        for name in ("*", LIKE[self.case.arch]):
            found -= known.get(name, set())
        for line in sorted(found):
            yield f"bad line: {line}"


class Unexpected(Exception):
    pass


def wait_for_boot(console, number):
    """Until this boot's user space has made its checks."""
    def is_there(text):
        return "GUEST waits" in text.partition(f"GUEST boot {number} ")[2]

    if not console.wait(SECONDS, is_there) or not is_there(console.console()):
        raise Unexpected(f"boot {number}: no user space; console ends "
                         f"{console.console()[-500:]!r} {console.errors()}")


def wait_for_end(domain, console, state):
    """Until the domain is off; its console ends a little before."""
    console.wait(SECONDS)
    deadline = clock.Deadline(SECONDS)
    while (found := domain.virsh("domstate", "--reason")) != state:
        if deadline.has_passed():
            raise Unexpected(f"must be {state}: is {found}; console ends "
                             f"{console.console()[-500:]!r}")
        time.sleep(0.1)


def live(domain):
    """What a user does with it."""
    domain.define()
    with domain.start() as console:
        wait_for_boot(console, 1)
        domain.virsh("reboot")
        wait_for_boot(console, 2)
        domain.virsh("shutdown")
        wait_for_end(domain, console, "shut off (shutdown)")
    with domain.start() as console:
        wait_for_boot(console, 3)
        domain.virsh("destroy")
        wait_for_end(domain, console, "shut off (destroyed)")
    domain.virsh("undefine")


def run(case, context):
    if context.libvirt.reason:
        return report.Verdict(skipped=context.libvirt.reason)
    with context.work(case.name) as work:
        domain = Domain(case, context, work)
        try:
            live(domain)
            return report.Verdict(list(domain.problems()))
        except (Unexpected, daemon.VirshError) as error:
            return report.Verdict([str(error)])
        finally:
            domain.forget()
