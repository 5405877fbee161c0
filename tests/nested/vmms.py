# SPDX-License-Identifier: BSD-2-Clause
"""How each VMM starts the file of a case, as the script of its run.

QEMU is Debian's in the inner machine; Xen too. What Debian does not have comes
from PROGRAM in the environment: paths with colons between them, each with the
name that scripts/vmm.sh knows the program by, as lkvm.
"""
import os
import re
import shutil
import subprocess

from boot import command as boot_command
from nested import directory as directories
from nested import inner, xen_arm

PROGRAMS = {"kvmtool": "lkvm", "cloud-hypervisor": "cloud-hypervisor",
            "firecracker": "firecracker", "crosvm": "crosvm",
            "openvmm": "openvmm", "libkrun": "krun"}
ELF_MACHINES = {"x86_64": 62, "aarch64": 183}
# What scripts/vmm.sh has for the VMM's own options: no sandbox.
OPTIONS = {"cloud-hypervisor": ["--seccomp", "false"],
           "firecracker": ["--no-seccomp"], "crosvm": ["--disable-sandbox"]}
ARM_FLASH_SIZE = 64 << 20
# How a VMM is told the command line of a kernel that it loads itself.
PARAMETERS = {"kvmtool": "--params", "cloud-hypervisor": "--cmdline",
              "crosvm": "--params", "openvmm": "--cmdline"}
XL = "/usr/lib/xen-4.17/bin/xl"
# A domain that does not power off, but reboots or crashes, stays.
XEN_CONFIG = """\
name = "guest"
type = "pvh"
kernel = "{kernel}"
{more}
memory = {mem}
vcpus = {cpus}
tsc_mode = "native"
on_poweroff = "destroy"
on_reboot = "preserve"
on_crash = "preserve"
"""
XEN_RUN = f"""\
log=/var/log/xen/console/guest-guest.log
: >$log
{XL} create xl.conf || exit
shown=0
show() {{
	size=$(wc -c <$log)
	tail -c +$((shown + 1)) $log | head -c $((size - shown))
	shown=$size
}}
while {XL} list guest >/dev/null 2>&1; do
	sleep 1
	show
done
sleep 1
show
"""


def vmm_name(case):
    """Without what scripts/vmm.sh has behind it for a door."""
    return case.machine_kind.removesuffix("-firmware").removesuffix("-igvm")


def is_for(path, arch):
    """Is the file one that runs there?"""
    with open(path, "rb") as file:
        head = file.read(20)
    return head[:4] == b"\x7fELF" and head[18] == ELF_MACHINES[arch]


def program(case):
    """The path of a VMM that Debian does not have; None: it is not here."""
    name = PROGRAMS[vmm_name(case)]
    paths = os.environ.get("PROGRAM", "").split(":")
    for path in [path for path in paths if os.path.basename(path) == name]:
        if os.path.exists(path) and is_for(path, case.arch):
            return os.path.abspath(path)
    return shutil.which(name) if inner.is_native(case.arch) else None


def skip_reason(case):
    if case.is_qemu or case["machine"] == "xen" or program(case):
        return ""
    return f"no {PROGRAMS[vmm_name(case)]}: PROGRAM= may say where one is"


def share_program(directory, path):
    """The program with its libraries, if this machine can say which."""
    name = os.path.basename(path)
    ldd = subprocess.run(["ldd", path], capture_output=True, text=True,
                         check=False)
    libraries = re.findall(r"(/\S+) \(0x", ldd.stdout)
    if ldd.returncode or not libraries:
        return directory.share(path, name)
    os.makedirs(f"{directory.files}/lib", exist_ok=True)
    for library in libraries:
        shutil.copy(library, f"{directory.files}/lib/")
    loader = [os.path.basename(library) for library in libraries
              if os.path.basename(library).startswith("ld-")][0]
    directory.share(path, f"{name}.bin")
    script = (f"#!/bin/sh\nhere=${{0%/*}}\nexec $here/lib/{loader} "
              f"--library-path $here/lib $here/{name}.bin \"$@\"\n")
    return directory.share_text(script, name)


def qemu_words(boot, context):
    words = boot.command()
    # By the name that it has in the inner machine.
    if not inner.is_native(boot.case.arch):
        own = context.qemu(boot.case.arch)
        words[:len(own)] = [f"qemu-system-{boot.case.arch}"]
    for option, value in (("-serial", "stdio"), ("-qmp", "pipe:qmp")):
        words[words.index(option) + 1] = value
    if boot.case["end"] != "powerdown":
        at = words.index("-qmp")
        del words[at:at + 2]
    if "pflash" in boot.case:
        at = words.index("-bios")
        words[at:at + 2] = ["-drive", "if=pflash,format=raw,readonly=on,file="
                            + flash(boot, words[at + 1])]
    return words


def flash(boot, path):
    """A copy; the flash of a PC is as large as its file."""
    copied = shutil.copy(path, f"{boot.work}/flash")
    if boot.case.is_arm:
        os.truncate(copied, ARM_FLASH_SIZE)
    return copied


def low_bios(context):
    """The blob for a VMM that loads a firmware at E0000."""
    return context.once("low-bios.rom", lambda path: subprocess.run(
        [context.tool, "pack", "--door", "low-bios", "-o", path],
        check=True, capture_output=True))


def vmm_files(boot):
    """(file, initrd, disk), the last two or None."""
    disk = None
    if boot.case.has_disk:
        boot_command.device_options(boot.case, boot.work)
        disk = f"{boot.work}/dump.img"
    if not boot.firmware.is_own:
        return boot.kernel, boot.initrd, disk
    boot.make_payload()
    rom, blob = boot.rom, boot.firmware.path
    if boot.case["machine"] == "kvmtool-firmware" and not boot.case.is_arm:
        blob = low_bios(boot.context)
    return {"embedded": (rom, None, disk), "pvh": (rom, None, disk),
            "igvm": (rom, None, disk),
            "initrd": (blob, rom, disk),
            "pvh-initrd": (f"{rom}.elf", rom, disk)}.get(
                boot.case["delivery"], (blob, None, rom))


def script_words(case, context, directory, files, more=()):
    """By scripts/vmm.sh, which has the command line of each VMM."""
    file, initrd, disk = files
    words = ["env", f"CPUS={case.smp}", f"MEM={case.mem}",
             f"PROGRAM={share_program(directory, program(case))}"]
    if initrd:
        words.append(f"INITRD={initrd}")
    words += [directory.share(f"{context.root}/scripts/vmm.sh", "vmm.sh"),
              case["machine"], file, *([disk] if disk else [])]
    options = [*case.split("options"), *OPTIONS.get(vmm_name(case), []), *more]
    return words + (["--", *options] if options else [])


def vmm_words(boot, context, directory):
    more = [] if boot.firmware.is_own else [
        PARAMETERS[vmm_name(boot.case)], boot.command_line]
    return script_words(boot.case, context, directory, vmm_files(boot), more)


def command(boot, context, directory):
    """What starts the case's VMM, in the directory of the case."""
    words = (qemu_words(boot, context) if boot.case.is_qemu else
             vmm_words(boot, context, directory))
    boot.words = [directory.localise(word) for word in words]
    return boot.words


def write_xen_run(boot, directory):
    case, kernel, more = boot.case, "rom", ""
    if boot.firmware.is_own:
        boot.make_payload()
        if case["delivery"] == "initrd":
            kernel = directory.share(boot.firmware.path)
            more = 'ramdisk = "rom"'
    else:
        kernel = directory.share(boot.kernel)
        more = (f'ramdisk = "{directory.share(boot.initrd)}"\n'
                f'extra = "{boot.command_line}"')
    with open(f"{directory.path}/xl.conf", "w", encoding="utf-8") as file:
        file.write(XEN_CONFIG.format(kernel=kernel, mem=case.mem,
                                     cpus=case.smp, more=more))
    boot.words = ["xl", "create", "xl.conf"]
    directory.write_script(XEN_RUN)


def write_run(boot, context, directory):
    case = boot.case
    if case.is_xen_pvh:
        write_xen_run(boot, directory)
    elif case["machine"] == "xen":
        xen_arm.write_run(boot, context)
    else:
        is_watched = case["end"] == "powerdown"
        before = (directories.TIME_LABEL if case.has_disk else "") + (
            directories.PRESS_BUTTON if is_watched else "")
        after = directories.SHOW_DUMP if case.has_dump else ""
        directory.write_run(command(boot, context, directory), before, after,
                            is_watched)
