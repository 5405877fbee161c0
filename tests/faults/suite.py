# SPDX-License-Identifier: BSD-2-Clause
"""Boots on machines that lack something, have much of it, or misbehave.

A row's case passes when the payload comes up, or when the console shows exactly
the line of the row and the machine ends as it should; never when it hangs.
"""
import contextlib
import os

from bench import kernel, measure
from faults import nbd, payload, ram, trouble
from lib import guest, report, table, vmm

HERE = os.path.dirname(os.path.abspath(__file__))
STATUS = {"x86_64": {"booted": vmm.STATUS_BOOTED, "end": vmm.STATUS_REFUSED},
          "aarch64": {"booted": 0, "end": None}}
ENTERED = {"x86_64": ["vmlinuz", "vmlinux"], "aarch64": ["vmlinuz"]}
CPU = {"x86_64": [], "aarch64": ["-cpu", "cortex-a72"]}


def load():
    return table.load(f"{HERE}/faults.cases")


def prepare(cases, context):
    clouds = {guest.DEBIAN[case.arch] for case in cases if "kernel" in case}
    guest.fetch(context, *[f"{kind}-{debian}" for debian in sorted(clouds)
                           for kind in ("cloud", "busybox")])
    for debian in clouds:
        guest.make_initrd(context, f"cloud-{debian}",
                          f"{context.build}/guest/cloud-{debian}.cpio")
    for name in payload.SMALL.values():
        if not os.path.exists(f"{context.build}/guest/{name}"):
            raise SystemExit(f"{context.build}/guest/{name} is missing: "
                             "make fault-tests makes it")


def machine_options(case, work):
    size = case.number("mem")
    options = ["-M", case["machine"], "-m", f"{size >> 20}M", "-accel",
               case.get("accel"), *trouble.uart_options(case, work)]
    options += ["-smp", case.get("smp")] if "smp" in case else []
    options += ["-cpu", case.get("cpu")] if "cpu" in case else \
        CPU[case.arch]
    if case.get("ram") == "sparse":  # more than the host has
        options += ["-machine", "memory-backend=ram", "-object",
                    f"memory-backend-ram,id=ram,size={size},reserve=off"]
    elif "ram" in case:
        options += ram.options(f"{work}/ram", size)
    if "global" in case:
        options += ["-global", case.get("global")]
    return options + case.split("more")


def plugin_options(case, context, work):
    """Ends QEMU at the first instruction of Debian's kernel."""
    if "kernel" not in case:
        return []
    program, = context.qemu(case.arch)
    folder = f"{context.build}/bench"
    os.makedirs(folder, exist_ok=True)
    plugin = context.once(f"plugin.{case.arch}", lambda path: os.symlink(
        measure.loadable_plugin(program, measure.build_plugin(
            folder, context.root)), path))
    flavour = f"cloud-{guest.DEBIAN[case.arch]}"
    markers = kernel.entries(*(guest.kernel(context, flavour, name)
                               for name in ENTERED[case.arch]))
    return ["-plugin", ",".join([plugin, "count=off", f"out={work}/result"] + [
        f"marker={name}:{code.hex()}" for name, code in markers.items()])]


def command(case, context, work):
    end = vmm.DEBUG_EXIT if case.arch == "x86_64" else []
    if "reset" not in case:
        end = [*end, "-no-reboot"]
    return [*vmm.headless(context.qemu(case.arch)), *end,
            *machine_options(case, work),
            *plugin_options(case, context, work),
            *payload.Payload(case, context, work).options()]


def watch(qemu, case):
    """To its end, or to the line of a refusal that halts."""
    halts = case.expected.is_refusal and not STATUS[case.arch]["end"]
    qemu.wait(case.number("seconds"),
              (lambda text: text.count("\n") > 0) if halts else None)
    if halts:
        qemu.wait(0.3)  # no second line, no end
    return qemu.status()


def problems_of(case, status, qemu):
    wanted = STATUS[case.arch]["end" if case.expected.is_refusal
                               else "booted"]
    if "poweroff" in case.get("pack", "") or "kernel" in case:
        wanted = 0
    if status != wanted:
        yield f"QEMU's status is {status}, not {wanted}: " \
            f"{qemu.errors()[:300]}; console has {qemu.console()[:300]!r}"
    if case.get("uart") != "none" or case.arch == "x86_64":
        yield from case.expected.problems(qemu.console())


@contextlib.contextmanager
def troubled(case, context, work):
    """What must be there before QEMU is, and as long as it runs."""
    with contextlib.ExitStack() as stack:
        if case.get("uart") == "stuck":
            stack.enter_context(trouble.full_pipe(work))
        disk = None
        if "disk" in case:
            data = payload.Payload(case, context, work).disk()
            disk = stack.enter_context(nbd.Server(
                nbd.path_in(work), data, case.get("disk")))
        yield disk


def run_dirty(case, context, work, words):
    """With all of RAM dirty; then nothing may have been written elsewhere."""
    path, base = f"{work}/ram", ram.BASE[case.arch]
    ram.make(path, case.number("mem"))
    with troubled(case, context, work):
        before = ram.written_by_vmm(words, work, path, base)
    ram.make(path, case.number("mem"))
    verdict = run_plain(case, context, work, words)
    if verdict.problems:
        return verdict
    written = ram.touched(path, base)
    console = vmm.read(f"{work}/serial")
    left = ram.outside(written, ram.owned(context.root, case.arch, console) + [
        (start, end - start) for start, end in before])
    if left:
        verdict.problems.append(
            f"RAM touched outside owned ranges = {ram.told(left)}")
    verdict.words = f"{ram.total(written)} bytes of RAM touched, outside " \
        f"owned ranges {'none' if not left else ram.total(left)}"
    return verdict


def run_plain(case, context, work, words):
    with troubled(case, context, work) as disk, \
            vmm.Vmm(words + trouble.options(case, work), work) as qemu:
        problems = trouble.make(case, context, work)
        status = watch(qemu, case)
    told = ""
    if case.expected.is_refusal:
        told = qemu.console().strip()
    elif disk:
        told = f"{disk.request_count} reads, {disk.again_count} of them again"
    return report.Verdict(problems + list(problems_of(case, status, qemu)),
                          words=told)


def run(case, context):
    with context.work(case.name) as work:
        words = command(case, context, work)
        if case.get("ram") == "dirty":
            return run_dirty(case, context, work, words)
        return run_plain(case, context, work, words)
