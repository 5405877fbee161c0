# SPDX-License-Identifier: BSD-2-Clause
"""Boots Debian from a disk by our blob and by peers, and compares.

Each boot tells which lines its kernel has written as errors and warnings, which
services failed, how network devices are named, what fwts finds wrong or does
not find, and what iasl says of the tables. What only ours has is a problem,
unless explained.txt has its reason, and so is all that iasl says of our tables.
"""
import fnmatch
import os
import re
import shutil
import subprocess
import tarfile

from boot import judge
from lib import guest, report, table, vmm

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS = 600
OUT_SIZE = 32 << 20
JOBS_MAX = 1  # a guest that is short of time complains of that
PEERS = {
    "seabios": [],
    "edk2": ["-bios", "/usr/share/ovmf/OVMF.fd"],
    "edk2-arm": ["-bios", "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd"],
    "qboot": ["-bios", "/usr/share/qemu/qboot.rom"],
}
DEVICES = {"ide": "ide-hd", "virtio-pci": "virtio-blk-pci",
           "virtio-mmio": "virtio-blk-device"}
PROCESSORS = {"x86_64": "max", "aarch64": "cortex-a57"}
CONSOLES = {"x86_64": "ttyS0", "aarch64": "ttyAMA0"}
# All that asks nobody; without what measures CPUs, which TCG has not.
FWTS = ("--batch+--batch-experimental+--uefitests+"
        "--skip-test=cpufreq,maxfreq")
# "owner |field|text", and only of what is wrong, or missing: a test that cannot
# begin has ERR. Optional methods that are skipped are not compared.
FINDING = re.compile(r"^(\w+) *\|(?:FAL|WRN|ERR)\|(.*)$")


def load():
    return table.load(f"{HERE}/peers.cases")


def skip_reason(case, _):
    if not shutil.which("mmdebstrap"):
        return "no mmdebstrap: scripts/setup.sh peers"
    program = f"qemu-system-{case.arch}"
    return "" if shutil.which(program) else f"no {program}"


def images(context, arch):
    return f"{context.build}/peers/{guest.DEBIAN[arch]}"


def prepare(cases, context):
    for arch in sorted({case.arch for case in cases}):
        subprocess.run([f"{HERE}/image.sh", guest.DEBIAN[arch],
                        images(context, arch)], check=True)


def disk(name, device, path, more=""):
    return ["-drive", f"if=none,id={name},format=raw,file={path},snapshot=" +
            ("on" if name == "root" else "off"),
            "-device", f"{device},drive={name}{more}"]


def command(case, context, firmware, work, more):
    """QEMU with the devices that its users have when they name none."""
    files = images(context, case.arch)
    out = vmm.write(work, "out.img", OUT_SIZE)
    second = ("virtio-blk-device" if case["disk"] == "virtio-mmio" else
              "virtio-blk-pci")
    append = (f"root=LABEL=peers rw console={CONSOLES[case.arch]} "
              f"systemd.show_status=0 peers.fwts={FWTS}{more}")
    return [*context.qemu(case.arch), "-display", "none", "-no-reboot",
            "-accel", "tcg,thread=multi", "-M", case["machine"],
            "-cpu", PROCESSORS[case.arch], "-smp", "2", "-m", "1G",
            *firmware, "-kernel", f"{files}/vmlinuz",
            "-initrd", f"{files}/initrd.img", "-append", append,
            *disk("root", DEVICES[case["disk"]], f"{files}/root.img"),
            *disk("out", second, out, ",serial=out"),
            *vmm.serial_file(work)]


def boot(case, context, name, firmware, more=""):
    """One boot; its files are in build/peers/CASE/NAME afterwards."""
    target = f"{context.build}/peers/{case.name}/{name}"
    shutil.rmtree(target, ignore_errors=True)
    os.makedirs(target)
    with context.work(f"{case.name}-{name}") as work:
        done = vmm.run(command(case, context, firmware, work, more), work,
                       SECONDS)
        with open(f"{target}/console", "w", encoding="utf-8") as file:
            file.write(done.console)
        try:
            with tarfile.open(f"{work}/out.img") as tar:
                tar.extractall(target)
        except tarfile.TarError:
            raise RuntimeError(f"{name}: nothing on its disk; console ends "
                               f"{done.console[-300:]!r} {done.errors}"
                               ) from None
    if "|SUM|Total:" not in vmm.read(f"{target}/fwts.log"):
        raise RuntimeError(f"{name}: fwts did not end: {done.console[-300:]!r}")
    return target


def measured(target):
    """Our blob's word for what Linux cannot measure on a microvm under TCG.

    Without it, a peer's guest stalls there before it has a console.
    """
    match = re.search(r" tsc_early_khz=\d+", vmm.read(f"{target}/dmesg.all"))
    return match.group() if match else ""


def findings(target):
    """What this boot complains of: (kind, line without numbers) to lines."""
    found = {}
    for kind in ("failed", "links"):
        for line in vmm.read(f"{target}/{kind}").splitlines():
            found[kind, line] = line
    for line in vmm.read(f"{target}/dmesg").splitlines():
        found["dmesg", judge.normalise(line)] = line
    for line in vmm.read(f"{target}/fwts.log").splitlines():
        match = FINDING.match(line)
        if match:
            owner, text = match.groups()
            found[f"fwts {owner.lower()}", judge.normalise(text)] = text
    for line in judge.judge_tables(target):
        kind, _, text = line.partition(": ")
        found[kind, judge.normalise(text)] = text
    return found


def explained():
    """(case, kind and line) patterns of explained.txt."""
    with open(f"{HERE}/explained.txt", encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#"):
                case, what, _ = line.rstrip("\n").split("\t")
                yield case, what


def is_explained(case, text):
    return any(fnmatch.fnmatchcase(case.name, name) and
               fnmatch.fnmatchcase(text, what) for name, what in explained())


def run(case, context):
    peers = {}
    try:
        own = boot(case, context, "own",
                   ["-bios", context.firmware(case.arch)])
        for name in case["peers"].split(","):
            peers.update(findings(boot(case, context, name, PEERS[name],
                                       measured(own))))
    except RuntimeError as error:
        return report.Verdict([str(error)])
    ours = findings(own)
    only = {key: line for key, line in ours.items()
            if key not in peers or key[0] == "iasl"}
    texts = {f"{kind}: {plain}": line for (kind, plain), line in only.items()}
    problems = [f"{text.partition(': ')[0]}: {line}"
                for text, line in sorted(texts.items())
                if not is_explained(case, text)]
    tables = sum(kind == "iasl" for kind, _ in peers)
    return report.Verdict(
        problems,
        words=f"{len(ours)} complaints, {len(only)} not of a peer's guest, "
              f"all explained; {len(peers.keys() - ours.keys())} of peers' "
              f"only, {tables} of them iasl's")
