# SPDX-License-Identifier: BSD-2-Clause
"""Boots Debian's kernel again and again: random machines, or warm resets.

A boot counts when the kernel has come to its line "SLUB: ... CPUs=N", with the
right number of CPUs and all of RAM, and nothing of it complains. One boot of
ten goes on to the guest's init, which powers off. What a seed gives is the same
every time, and the verdict has the seed.
"""
import os
import random
import re
import shlex
import time

from faults import machines
from lib import guest, qmp, report, table, vmm

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS, USER_SECONDS = 60, 150
TO_USER_SPACE = 10  # one boot of so many
RAM_MISSING_MAX = 8 << 10  # in KiB: what the kernel does not count as RAM
# Linux finds no timer where the host has no time for QEMU's; `boot` has that
# check on.
CMDLINE = {"x86_64": "console=ttyS0 earlyprintk=ttyS0 no_timer_check",
           "aarch64": "console=ttyAMA0 earlycon"}
CPU = {"x86_64": [], "aarch64": ["-cpu", "cortex-a72"]}
BAD = re.compile(r"directboot: .*|.*(?:Kernel panic|BUG:|Call [Tt]race).*")
SLUB = re.compile(r"SLUB: .*CPUs=(\d+), Nodes=\d+")
MEMORY = re.compile(r"Memory: \d+K/(\d+)K available")


def load():
    return table.load(f"{HERE}/soak.cases")


def prepare(cases, context):
    for debian in {guest.DEBIAN[case.arch] for case in cases}:
        guest.fetch(context, f"cloud-{debian}", f"busybox-{debian}")
        guest.make_initrd(context, f"cloud-{debian}",
                          f"{context.build}/guest/cloud-{debian}.cpio")


def pack(context, arch):
    flavour = f"cloud-{guest.DEBIAN[arch]}"
    return context.once(f"soak.{arch}", lambda path: context.pack(
        path, guest.kernel(context, flavour), "--initrd",
        f"{context.build}/guest/{flavour}.cpio", "--blob",
        context.firmware(arch), "--cmdline",
        CMDLINE[arch] + " db.time=disk db.end=poweroff"))


def problems_of(console, machine, boot_count):
    """What is wrong with all that the console shows of so many boots."""
    bad = BAD.search(console)
    if bad:
        yield bad[0].strip()
    cpus = [int(text) for text in SLUB.findall(console)]
    if cpus != [machine.cpu_count] * boot_count:
        yield f"CPUs {cpus}, not {machine.cpu_count}, {boot_count} times; " \
            f"console ends {console[-200:]!r}"
    for text in MEMORY.findall(console):
        if not -RAM_MISSING_MAX <= int(text) - (machine.ram_mib << 10) <= 0:
            yield f"{text} KiB RAM, not {machine.ram_mib} MiB"


def command(context, arch, machine, work):
    return [*vmm.headless(context.qemu(arch)), "-accel", "tcg",
            *machine.options, *vmm.serial_file(work), "-bios",
            pack(context, arch)]


def cold_boot(case, context, number, seed):
    """Yields what was wrong with one boot."""
    chance = random.Random(f"{seed} {case['machine']} {number}")
    machine = machines.random_machine(chance, case.arch, case["machine"])
    to_user = number % TO_USER_SPACE == TO_USER_SPACE - 1
    with context.work(case.name) as work:
        words = [*command(context, case.arch, machine, work), "-no-reboot"]
        if to_user:
            done = vmm.run(words, work, USER_SECONDS,
                           lambda text: "GUEST powers off" in text)
        else:
            done = vmm.run(words, work, SECONDS, SLUB.search)
    found = list(problems_of(done.console, machine, 1))
    if to_user and "GUEST powers off" not in done.console:
        found.append(f"not to the end: {done.console[-200:]!r}")
    for text in found:
        yield f"boot {number}: {text} {done.errors[-200:]} " \
            f"{shlex.join(machine.options)}"


def cold(case, context, count, seed):
    found = []
    good = 0
    for number in range(count):
        problems = list(cold_boot(case, context, number, seed))
        good += not problems
        found += problems
    return report.Verdict(found, words=f"{good} of {count} cold boots, "
                          f"seed {seed}")


def warm(case, context, count, seed):
    """Resets by the VMM, every second time once more a moment later."""
    chance = random.Random(f"{seed} {case['machine']}")
    machine = machines.Machine(2, 512, ["-M", case["machine"], "-smp", "2",
                                        "-m", "512M", *CPU[case.arch]])
    with context.work(case.name) as work:
        words = command(context, case.arch, machine, work)
        with vmm.Vmm([*words, *qmp.options(f"{work}/qmp")], work) as qemu, \
                qmp.Qmp(f"{work}/qmp") as control:
            for number in range(count + 1):
                if not qemu.wait(SECONDS, lambda text, boots=number + 1:
                                 len(SLUB.findall(text)) >= boots):
                    break
                if number < count:
                    reset(control, chance if number % 2 else None)
        console = qemu.console()
    problems = list(problems_of(console, machine, count + 1))
    good = len(SLUB.findall(console)) - 1
    return report.Verdict(problems, words=f"{good} of {count} warm resets, "
                          f"seed {seed}")


def reset(control, chance):
    control.execute("system_reset")
    if chance:
        time.sleep(chance.uniform(0, 0.3))
        control.execute("system_reset")


def run(case, context):
    seed = case.number("seed") or random.randrange(1, 1 << 31)
    kind = {"cold": cold, "warm": warm}[case["kind"]]
    return kind(case, context, case.number("boots"), seed)
