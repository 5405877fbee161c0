# SPDX-License-Identifier: BSD-2-Clause
"""Boots paravisors' kernels, which tell what they have of their partition.

On x86_64 Debian's kernel reads no device tree, but shows the record that it
came in; rows with kernel=own have that of scripts/paravisor-kernel.sh.
"""
import os
import re
import subprocess

from lib import guest, report, table, vmm
from paravisor import partition

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS = 120
MIB = 1 << 20
PC_HOLE = (0xa0000, 0x100000)
QEMU = {"x86_64": (["-M", "q35", "-cpu", "max", *vmm.DEBUG_EXIT], "ttyS0"),
        "aarch64": (["-M", "virt,gic-version=3", "-cpu", "cortex-a72"],
                    "ttyAMA0")}
RAM_BASE = {"x86_64": 0, "aarch64": 1 << 30}
STATUS_ENDED = (0, vmm.STATUS_BOOTED)  # by ACPI or PSCI, or isa-debug-exit


def load():
    return table.load(f"{HERE}/paravisor.cases")


def prepare(cases, context):
    for arch in {case.arch for case in cases}:
        guest.fetch(context, f"busybox-{guest.DEBIAN[arch]}",
                    f"cloud-{guest.DEBIAN[arch]}")


def kernel(case, context):
    if case.get("kernel") == "own":
        return f"{context.build}/paravisor/bzImage"
    return guest.kernel(context, f"cloud-{guest.DEBIAN[case.arch]}")


def skip_reason(case, context):
    if case.get("kernel") == "own" and not os.path.exists(
            kernel(case, context)):
        return "no build/paravisor/bzImage: make paravisor-kernel"
    return ""


def write_driver(path):
    subprocess.run(["gcc", "-std=gnu11", "-O2", "-static", "-o", path,
                    f"{HERE}/pool.c", "-lfdt"], check=True)


def has_pool(case):
    return "--sidecar" in case.split("pack")


def write_initrd(context, arch, with_driver, path):
    entries = [(name, 0o40755, b"") for name in ("bin", "proc", "sys", "dev")]
    sources = [("bin/busybox", guest.busybox(context, guest.DEBIAN[arch])),
               ("init", f"{HERE}/init")]
    if with_driver:
        sources.append(("bin/pool", context.once("paravisor-pool",
                                                 write_driver)))
    for name, source in sources:
        with open(source, "rb") as file:
            entries.append((name, 0o100755, file.read()))
    with open(path, "wb") as file:
        file.write(guest.cpio(entries))


def pack(case, context, work):
    arch = case.arch
    initrd = context.once(f"paravisor-{arch}-{has_pool(case)}", lambda path:
                          write_initrd(context, arch, has_pool(case), path))
    words = ["-i", initrd, "--paravisor", *case.split("pack"), "-c",
             " ".join([f"console={QEMU[arch][1]}", *case.split("cmdline")])]
    if context.options.firmware:
        words += ["--blob", context.firmware(arch)]
    return context.pack(f"{work}/rom", kernel(case, context), *words)


def machine(case):
    """QEMU's words for CPUs and RAM, in equal nodes."""
    mib, cpus = case.number("mem") // MIB, case.number("smp")
    nodes = case.number("nodes")
    argv = ["-m", f"{mib}M", "-smp", str(cpus)]
    if has_pool(case): # CPUs that poll leave the others the host's time
        argv += ["-accel", "tcg,thread=single"]
    if nodes > 1:
        for node in range(nodes):
            share = cpus // nodes
            argv += ["-object", f"memory-backend-ram,id=m{node},"
                     f"size={mib // nodes}M", "-numa",
                     f"node,nodeid={node},memdev=m{node},"
                     f"cpus={node * share}-{node * share + share - 1}"]
    return argv


def real_ram(case):
    """What QEMU has: these machines have no RAM above 4 GiB."""
    base = RAM_BASE[case.arch]
    end = base + case.number("mem")
    if case.arch == "aarch64":
        return [(base, end)]
    return [(base, PC_HOLE[0]), (PC_HOLE[1], end)]


def is_within(ranges, others):
    return all(any(base >= other[0] and end <= other[1] for other in others)
               for base, end, *_ in ranges)


def check_ram(said, tree):
    """What Linux has is what /memory@ says, and nearly all of it."""
    told = partition.joined(partition.pieces(tree, "", "memory"))
    used = [(int(base, 16), int(end, 16) + 1) for base, end in
            re.findall(r"([0-9a-f]+)-([0-9a-f]+)", said.get("ram", ""))]
    size = sum(end - base for base, end in used)
    least = sum(end - base for base, end in told) - 4 * MIB
    if not is_within(used, told) or size < least:
        yield f"Linux has {used}, the tree {told}"


def check(case, text):
    said = dict(re.findall(r"^GUEST (\w+) (.*?)\r?$", text, re.M))
    tree = partition.of_console(text)
    if "/openhcl" not in tree:
        return [f"no tree; console ends {text[-300:]!r}"]
    problems = [*partition.check(tree, real_ram(case)), *check_ram(said, tree)]
    for key in case.all("said"):
        name, _, wanted = key.partition(":")
        if said.get(name) != wanted.replace("+", " "):
            problems.append(f"{name}: {said.get(name)}, not {wanted}")
    if "pool" in said:
        problems.append(f"the pool's driver: {said['pool']}")
    if "tree" in case:
        problems += partition.differences(tree, partition.of_text(
            f"{HERE}/{case.get('tree')}.dts", values(case)))
    return problems


def values(case):
    """What a tree's text leaves open: {CPUS}."""
    return {"CPUS": "\n".join(
        f"cpu@{number + 1} {{ device_type = \"cpu\"; reg = <{number}>; "
        "numa-node-id = <0>; status = \"okay\"; };"
        for number in range(case.number("smp")))}


def run(case, context):
    with context.work(case.name) as work:
        outcome = vmm.run(
            [*vmm.headless(context.qemu(case.arch)), *QEMU[case.arch][0],
             *machine(case), *vmm.serial_file(work), "-no-reboot", "-bios",
             pack(case, context, work)], work, SECONDS,
            lambda text: "Kernel panic" in text or
            re.search("^directboot: .*\n", text, re.M))
    text = outcome.console
    if case.expected.is_refusal:
        return report.Verdict(list(case.expected.problems(text)))
    problems = check(case, text)
    if outcome.status not in STATUS_ENDED:
        problems.append(f"ends with {outcome.status}")
    return report.Verdict(problems)
