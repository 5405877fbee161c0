# SPDX-License-Identifier: BSD-2-Clause
"""Starts blobs from IGVM files as QEMU, OpenVMM and Hyper-V would.

Debian's QEMU loads no such files, so loader.py does it, in the dialect of each
host, and replay.py starts the machine. A case passes when the console shows what
its row says and the machine ends as it should.
"""
import os
import struct
import time

from igvm import costs, files, format as igvm, hosts, loader, replay
from lib import bundles, guest, report, table, vmm

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS = 20
LINUX_SECONDS = 180
LINUX = "console=%s db.end=poweroff "
CONSOLES = {"x86_64": "ttyS0", "aarch64": "ttyAMA0"}
VERBOSE = 1
KIND_IMAGE = 3
ARCH_NUMBERS = {"x86_64": 62, "aarch64": 183}


def load():
    return table.load(f"{HERE}/igvm.cases")


def prepare(cases, context):
    for debian in {guest.DEBIAN[case.arch] for case in cases
                   if "linux" in case}:
        guest.fetch(context, f"cloud-{debian}", f"busybox-{debian}")
        guest.make_initrd(context, f"cloud-{debian}",
                          f"{context.build}/guest/cloud-{debian}.cpio")


def skip_reason(case, _context):
    return costs.skip_reason() if costs.is_cost(case) else ""


def spans_of(loaded):
    """What the kernel may use: all pages but the entry's and the tables'."""
    entry = loaded.registers["rip"] & -igvm.PAGE
    params, areas = files.read_params(loaded)
    return [(min(loaded.pages), entry), (entry + igvm.PAGE, params), *areas]


def restarting(spans):
    """Code that wipes all that the kernel may use, and resets the machine.

    xor %eax, %eax; mov EDI; mov ECX; rep stosb; and so on; port CF9.
    """
    return b"\x31\xc0" + b"".join(
        struct.pack("<BIBI2s", 0xbf, base, 0xb9, end - base, b"\xf3\xaa")
        for base, end in spans) + bytes.fromhex("66baf90cb006eef4")


def finding_seed(spans):
    """Code that ends well if the seed is trees.py's, and in no area.

    boot_params, at RSI, lead to a list of setup_data: next, type, length, data.
    That of type 9 must have 32 bytes, with these 8 at its end; nothing from EDI
    on, in ECX words, may be like them.
    """
    base, end = min(spans[2:])[0], max(spans[2:])[1]
    return bytes.fromhex(
        "488b8650020000"        # mov 0x250(%rsi), %rax
        "4885c07440"            # 1: test %rax, %rax; jz bad
        "837808097405"          # cmpl $9, 8(%rax); je 2f
        "488b00ebf0"            # mov (%rax), %rax; jmp 1b
        "48ba0000000700000008"  # 2: movabs $0x0800000007000000, %rdx
        "83780c207525"          # cmpl $32, 12(%rax); jne bad
        "48395028751f"          # cmp %rdx, 40(%rax); jne bad
    ) + struct.pack("<BIBI", 0xbf, base, 0xb9, (end - base) // 4) + \
        bytes.fromhex(
            "4839177410"        # 3: cmp %rdx, (%rdi); je bad
            "83c704e2f6"        # add $4, %edi; loop 3b
        ) + bundles.CODE


CODES = {"restart": restarting, "seed": finding_seed}


def make_kernel(case, context, code):
    if case.arch == "aarch64":
        with open(f"{context.build}/guest/image.bin", "rb") as file:
            return file.read()
    kernel = bundles.elf()
    kernel[bundles.PAGE:bundles.PAGE + len(code)] = code
    return kernel


def linux_bundle(case, context):
    """Debian's kernel with the test guest, which checks what the words say."""
    flavour = f"cloud-{guest.DEBIAN[case.arch]}"
    words = LINUX % CONSOLES[case.arch] + case.get("words", "").replace("+", " ")
    options = ["--device-tree"] if case.get("linux") == "dt" else []

    def make(path):
        context.pack(path, guest.kernel(context, flavour), "--initrd",
                     f"{context.build}/guest/{flavour}.cpio", "--cmdline",
                     words, "--output-format", "bundle", *options)

    return vmm.read_bytes(context.once(f"igvm-{case.name}", make))


def make_bundle(case, kernel):
    kind = {"aarch64": KIND_IMAGE, "x86_64": bundles.KIND_SEGMENTS}[case.arch]
    words = case.get("words", "").replace("+", " ").encode()
    bundle = bundles.Bundle(kind, kernel, b"", words, hosts.platform(case))
    bundle.set("header", "arch", ARCH_NUMBERS[case.arch])
    if case.expected.wants_ledger:
        bundle.set("header", "flags", VERBOSE)
    bundle.sign()
    return bundle.data


def pack(case, kernel, context, work):
    """The file as the host tool makes it."""
    options = ["--output-format", "igvm", "--compress", "none"]
    if "for" in case:
        options += ["--igvm-for", case.get("for")]
    if "words" in case:
        options += ["--cmdline", case.get("words").replace("+", " ")]
    if case.expected.wants_ledger:
        options.append("--verbose")
    return vmm.read_bytes(context.pack(
        f"{work}/file", vmm.write(work, "kernel", kernel), *options,
        *case.split("pack")))


def make_file(case, context, work, code=bundles.CODE):
    kernel = make_kernel(case, context, code)
    if case.get("file") == "tool":
        return pack(case, kernel, context, work)
    blob = vmm.read_bytes((
        context.options.firmware or
        f"{context.build}/directboot-{{arch}}-igvm.bin").replace(
            "{arch}", case.arch))
    bundle = b"" if case.get("bundle") == "none" else \
        linux_bundle(case, context) if "linux" in case else \
        make_bundle(case, kernel)
    return files.make(case, case.arch, blob, bundle,
                      case.get("flavour", case["dialect"]))


def load_file(case, context, work):
    """What the host of the row has in RAM when the first processor starts."""
    host = hosts.host(case, case["dialect"])
    loaded = loader.Loaded(make_file(case, context, work), case["dialect"],
                           host)
    if "code" not in case:
        return loaded
    code = CODES[case.get("code")](spans_of(loaded))
    return loader.Loaded(make_file(case, context, work, code),
                         case["dialect"], host)


MACHINES = {"x86_64": ["-M", "pc"],
            "aarch64": ["-M", "virt,gic-version=3", "-cpu", "cortex-a72"]}


def command(case, context, work):
    loaded = load_file(case, context, work)
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
    if case["dialect"] != "qemu" and case.arch == "x86_64":
        options += ["-global", "fw_cfg_io.dma_enabled=off"]
    if "kernel" in case:
        options += ["-kernel", vmm.write(work, "kernel", bundles.bzimage())]
    return options


def wanted_status(case):
    if case.arch == "aarch64":
        return None if case.expected.is_refusal else 0
    if "linux" in case:
        return 0
    return vmm.STATUS_REFUSED if case.expected.is_refusal else \
        vmm.STATUS_BOOTED


def run(case, context):
    if costs.is_cost(case):
        return costs.run(case, context, command)
    with context.work(case.name) as work:
        with vmm.Vmm(command(case, context, work), work) as qemu:
            goes_on = wanted_status(case) is None
            qemu.wait(LINUX_SECONDS if "linux" in case else SECONDS,
                      (lambda text: "\n" in text) if goes_on else None)
            if goes_on:
                time.sleep(0.1)  # for a second line
            status = qemu.status()
        console, errors = qemu.console(), qemu.errors()
    problems = list(case.expected.problems(console))
    if status != wanted_status(case):
        problems.append(f"QEMU's status is {status}, not "
                        f"{wanted_status(case)} {errors[:200]}")
    return report.Verdict(problems)
