# SPDX-License-Identifier: BSD-2-Clause
"""Starts blobs from IGVM files as QEMU, OpenVMM and Hyper-V would.

Debian's QEMU loads no such files, so loader.py does it, in the dialect of each
host, and replay.py starts the machine. A case passes when the console shows what
its row says and the machine ends as it should.
"""
import os
import struct
import time

from igvm import files, hosts, loader, replay
from lib import bundles, report, table, vmm

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS = 20
VERBOSE = 1
KIND_IMAGE = 3


def load():
    return table.load(f"{HERE}/igvm.cases")


def image_path(context):
    return f"{context.build}/guest/image.bin"


def blob_of(case, context):
    path = context.options.firmware or \
        f"{context.build}/directboot-{{arch}}-igvm.bin"
    with open(path.replace("{arch}", case.arch), "rb") as file:
        return file.read()


def restarting(run):
    """Code that wipes most of the file's pages, and resets the machine.

    mov EDI; mov ECX; xor %eax, %eax; rep stosb; and again; port CF9.
    """
    code = b"\x31\xc0"
    for base, end in ((run.base, run.blob + 0x1000),
                      (run.blob + 0x2000, run.params),
                      (run.areas[0][2], run.end)):
        code += struct.pack("<BIBI2s", 0xbf, base, 0xb9, end - base,
                            b"\xf3\xaa")
    return code + bytes.fromhex("66baf90cb006eef4")


def make_bundle(case, context, code=bundles.CODE):
    if case.get("bundle") == "none":
        return b""
    words = case.get("words", "").replace("+", " ").encode()
    if case.arch == "aarch64":
        with open(image_path(context), "rb") as file:
            bundle = bundles.Bundle(KIND_IMAGE, file.read(), b"", words)
        bundle.set("header", "arch", 183)
    else:
        kernel = bundles.elf()
        kernel[bundles.PAGE:bundles.PAGE + len(code)] = code
        bundle = bundles.Bundle(bundles.KIND_SEGMENTS, kernel, b"", words)
    if case.expected.wants_ledger:
        bundle.set("header", "flags", VERBOSE)
    bundle.sign()
    return bundle.data


def make_file(case, context):
    blob = blob_of(case, context)
    flavour = case.get("flavour", case["dialect"])
    data, run = files.make(case, case.arch, blob, make_bundle(case, context),
                           flavour)
    if case.get("code") == "restart":
        data, run = files.make(
            case, case.arch, blob,
            make_bundle(case, context, restarting(run)), flavour)
    return data


MACHINES = {"x86_64": ["-M", "pc"],
            "aarch64": ["-M", "virt", "-cpu", "cortex-a72"]}


def command(case, context, work):
    data = make_file(case, context)
    dialect = case["dialect"]
    loaded = loader.Loaded(data, dialect, hosts.host(case, dialect))
    options = [*vmm.headless(context.qemu(case.arch)),
               *MACHINES[case.arch], "-accel", "tcg", "-m",
               case.get("memory"), "-smp", case.get("smp"),
               *vmm.serial_file(work),
               *replay.options(case.arch, loaded, context, work,
                               "again" in case)]
    if "machine" in case:
        options += ["-M", case.get("machine")]
    if "again" not in case:
        options.append("-no-reboot")
    if case.arch == "x86_64":
        options += vmm.DEBUG_EXIT
    if dialect != "qemu" and case.arch == "x86_64":
        options += ["-global", "fw_cfg_io.dma_enabled=off"]
    if "kernel" in case:
        options += ["-kernel", vmm.write(work, "kernel", bundles.bzimage())]
    return options


def wanted_status(case):
    if case.arch == "aarch64":
        return None if case.expected.is_refusal else 0
    return vmm.STATUS_REFUSED if case.expected.is_refusal else \
        vmm.STATUS_BOOTED


def run(case, context):
    with context.work(case.name) as work:
        with vmm.Vmm(command(case, context, work), work) as qemu:
            goes_on = wanted_status(case) is None
            qemu.wait(SECONDS, (lambda text: "\n" in text) if goes_on
                      else None)
            if goes_on:
                time.sleep(0.1)  # for a second line
            status = qemu.status()
        console, errors = qemu.console(), qemu.errors()
    problems = list(case.expected.problems(console))
    if status != wanted_status(case):
        problems.append(f"QEMU's status is {status}, not "
                        f"{wanted_status(case)} {errors[:200]}")
    return report.Verdict(problems)
