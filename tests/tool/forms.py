# SPDX-License-Identifier: BSD-2-Clause
"""Boots what the host tool packs, under QEMU, and asks the guest.

The guest says where its kernel lies and what its second initrd has.
"""
import json
import math
import os
import re
import subprocess

from lib import guest, report, table, vmm
from tool import images, inputs

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS = 120
LINKED = "ffffffff81000000"

INIT = b"""#!/bin/busybox sh
bb=/bin/busybox
$bb mount -t proc proc /proc
echo "GUEST text $($bb sed -n 's/ . _text$//p' /proc/kallsyms)"
echo "GUEST code $($bb sed -n 's/^ *\\(.*\\) : Kernel code/\\1/p' /proc/iomem)"
echo "GUEST timer $($bb sed -n 's/^ *0: *\\([0-9]*\\) *XT-PIC.*/\\1/p' /proc/interrupts)"
echo "GUEST cmdline $($bb cat /proc/cmdline)"
echo "GUEST initrd $($bb cat /more)"
$bb poweroff -f
"""
SECOND = "second one"
# The second kernel has the command line of the first, and a word.
KEXEC_INIT = b"""#!/bin/busybox sh
bb=/bin/busybox
$bb mount -t proc proc /proc
line=$($bb cat /proc/cmdline)
case $line in
*again)
	echo "GUEST again $line"
	$bb poweroff -f
esac
/kexec /kernel /initrd "$line again"
echo "GUEST kexec failed: $?"
$bb poweroff -f
"""
# How to start a guest, and its console.
MACHINES = {"x86_64": (["-M", "q35"], "ttyS0"),
            "aarch64": (["-M", "virt", "-cpu", "cortex-a72"], "ttyAMA0")}


def load():
    return table.load(f"{HERE}/forms.cases")


def prepare(cases, context):
    debian = sorted({guest.DEBIAN[case.arch] for case in cases})
    guest.fetch(context, *[f"{kind}-{name}" for name in debian
                           for kind in ("cloud", "busybox")])


def skip_reason(case, _):
    kind, _, packer = case.get("source", "").partition(":")
    if packer and inputs.FAST_PACKERS[packer](b"try") is None:
        return f"no program packs {kind} by {packer}"
    return ""


# ---- files

def root_entries(context, arch, init):
    with open(guest.busybox(context, guest.DEBIAN[arch]), "rb") as file:
        return [("bin", 0o40755, b""), ("proc", 0o40755, b""),
                ("dev", 0o40755, b""),
                ("bin/busybox", 0o100755, file.read()),
                ("init", 0o100755, init)]


def write_first(context, arch, path):
    vmm.write(os.path.dirname(path), os.path.basename(path),
              guest.cpio(root_entries(context, arch, INIT)))


def write_second(path):
    vmm.write(os.path.dirname(path), os.path.basename(path),
              guest.cpio([("more", 0o100644, SECOND.encode())]))


def initrds(context, arch):
    first = context.once(f"first-{arch}",
                         lambda path: write_first(context, arch, path))
    return ["-i", first, "-i", context.once("second", write_second)]


def cloud_kernel(context, arch, name="vmlinuz"):
    return guest.kernel(context, f"cloud-{guest.DEBIAN[arch]}", name)


def pack_guest(context, arch, path, cmdline, *words):
    return context.pack(
        path, cloud_kernel(context, arch), *initrds(context, arch), "-c",
        f"console={MACHINES[arch][1]} {cmdline}", *words)


def pack_case(case, context, work):
    return pack_guest(context, case.arch, f"{work}/rom",
                      " ".join(case.split("cmdline")), *case.split("pack"))


def write_form(source, context, path):
    """The kernel in the form that source= names."""
    kind, _, packer = source.partition(":")
    arch = "x86_64" if kind in ("bzimage", "vmlinux") else "aarch64"

    def read(name):
        with open(cloud_kernel(context, arch, name), "rb") as file:
            return file.read()

    pack = inputs.FAST_PACKERS.get(packer, bytes)
    if kind == "vmlinux":
        data = read("vmlinux")
    elif kind == "bzimage":
        data = inputs.exchange_payload(read("vmlinuz"), read("vmlinux"), pack)
    else:
        data = pack(read("vmlinuz"))
        if kind == "zboot":
            data = inputs.zboot(data, packer.encode())
    with open(path, "wb") as file:
        file.write(data)


# ---- boots

def start(context, arch, work, rom, *argv, until=None):
    return vmm.run(
        [*vmm.headless(context.qemu(arch)), *MACHINES[arch][0], "-m", "1G",
         *vmm.serial_file(work), "-no-reboot", "-bios", rom, *argv], work,
        SECONDS, until and (lambda text: until in text))


def boot(context, arch, work, rom, *argv, until=None):
    """What the guest says: a dictionary, and all of the text."""
    text = start(context, arch, work, rom, *argv, until=until).console
    return what_is_said(text), text


def what_is_said(text):
    return dict(re.findall(r"^GUEST (\w+) (.*?)\r?$", text, re.M))


def check_guest(context, arch, work, rom, *argv):
    said, text = boot(context, arch, work, rom, *argv)
    if said.get("initrd") != SECOND or "code" not in said:
        return report.Verdict([f"said {said}; console ends {text[-200:]!r}"])
    return report.Verdict(words=said.get("text", ""))


def check_pack(case, context, work):
    return check_guest(context, case.arch, work,
                       pack_case(case, context, work))


def check_isapc(case, context, work):
    """An AT has 8259s, and neither I/O APIC, PCI, ACPI nor power off."""
    said, text = boot(context, case.arch, work,
                      pack_case(case, context, work), "-M", "isapc", "-cpu",
                      "qemu64", until=f"GUEST initrd {SECOND}")
    problems = [line for line in re.findall(r".*\bIOAPIC\b.*", text)]
    if not said.get("timer"):
        problems.append(f"said {said}; console ends {text[-200:]!r}")
    return report.Verdict(problems, words=f"{said.get('timer')} ticks")


def kexec_initrd(context, arch, work):
    """It has the second kernel, whose initrd is the same without these."""
    subprocess.run(["x86_64-linux-gnu-gcc", "-nostdlib", "-static", "-o",
                    f"{work}/kexec", f"{HERE}/kexec.S"], check=True)
    entries = root_entries(context, arch, KEXEC_INIT)
    more = [("initrd", 0o100644, guest.cpio(entries))]
    for name, path in (("kexec", f"{work}/kexec"),
                       ("kernel", cloud_kernel(context, arch))):
        with open(path, "rb") as file:
            more.append((name, 0o100755, file.read()))
    return vmm.write(work, "initrd", guest.cpio(entries + more))


def check_kexec(case, context, work):
    """A second kernel on microvm, whose TSC only the blob has measured."""
    said, text = boot(context, case.arch, work, context.firmware(case.arch),
                      "-M", "microvm", "-kernel",
                      cloud_kernel(context, case.arch), "-initrd",
                      kexec_initrd(context, case.arch, work), "-append",
                      "console=ttyS0 quiet")
    good = re.search(r" tsc_early_khz=\d+ again$", said.get("again", ""))
    return report.Verdict([] if good else
                          [f"said {said}; console ends {text[-200:]!r}"])


def check_form(case, context, work):
    write_form(case.get("source"), context, f"{work}/kernel")
    rom = context.pack(f"{work}/rom", f"{work}/kernel",
                       *initrds(context, case.arch), "-c",
                       "quiet console=" + MACHINES[case.arch][1],
                       "--compress", "none")
    os.remove(f"{work}/kernel")
    said, text = boot(context, case.arch, work, rom)
    return report.Verdict([] if said.get("initrd") == SECOND else
                          [f"console ends {text[-200:]!r}"])


def check_ram(case, context, work):
    """What `show` says of RAM: with it Linux starts, with less not."""
    rom = context.pack(f"{work}/rom", cloud_kernel(context, case.arch),
                       *initrds(context, case.arch)[:2], "-c",
                       "earlycon earlyprintk=ttyS0", *case.split("pack"))
    shown = json.loads(subprocess.run(
        [context.tool, "show", "--json", rom], check=True,
        capture_output=True, text=True).stdout)
    mib = math.ceil(shown["ram_size"] / (1 << 20))
    problems = []
    for size, wanted in (mib, "Linux version"), (mib - 1, "free RAM"):
        text = boot(context, case.arch, work, rom, "-m", f"{size}M",
                    until=wanted)[1]
        if wanted not in text:
            problems.append(f"with {size} MiB {text[-200:]!r}")
    return report.Verdict(problems, words=f"{mib} MiB")


def check_ram_elf(case, context, work):
    """The same for an ELF kernel that QEMU loads and SeaBIOS starts."""
    rom = pack_case(case, context, work)
    shown = json.loads(subprocess.run(
        [context.tool, "show", "--json", rom], check=True,
        capture_output=True, text=True).stdout)
    mib = math.ceil(shown["elf_ram_size"] / (1 << 20)) + 17
    command = [*vmm.headless(context.qemu(case.arch)),
               *MACHINES[case.arch][0], "-m", f"{mib}M",
               *vmm.serial_file(work), "-no-reboot", "-kernel", rom]
    text = vmm.run(command, work, SECONDS).console
    return report.Verdict([] if "GUEST initrd" in text else
                          [f"with {mib} MiB {text[-200:]!r}"],
                          words=f"{mib} MiB")


def pinned(context, arch, *argv):
    """The ROM, the bundle that it takes, and another."""
    bundles = [context.once(f"{word}-{arch}", lambda path, word=word:
                            pack_guest(context, arch, path, word,
                                       "--output-format", "bundle"))
               for word in ("quiet", "loud")]
    name = "-".join(["pinned", arch, *argv])
    rom = context.once(name, lambda path: subprocess.run(
        [context.tool, "pack", "-o", path, "--pin", bundles[0], *argv],
        check=True, capture_output=True, text=True))
    return rom, *bundles


def check_pinned_guest(case, context, work, rom, argv):
    """It comes up with the bundle's command line and nothing more."""
    said, text = boot(context, case.arch, work, rom, *argv)
    wanted = f"console={MACHINES[case.arch][1]} quiet"
    if said.get("initrd") != SECOND or said.get("cmdline") != wanted:
        return report.Verdict([f"said {said}; console ends {text[-200:]!r}"])
    return report.Verdict()


def check_pin(case, context, work):
    rom, bundle, other = pinned(context, case.arch, *case.split("pack"))
    which = case.get("bundle")
    argv = ["-cpu", case.get("cpu")]
    if which != "none":
        argv += ["-fw_cfg", "name=opt/directboot/bundle,file="
                 f"{bundle if which == 'right' else other}"]
    argv += vmm.smbios_words(case.split("smbios"))
    option = case.get("option")
    if option:
        argv += ["-fw_cfg",
                 f"name=opt/directboot/{option},string=ignore_loglevel"]
    elif which == "right" and "says" not in case:
        return check_pinned_guest(case, context, work, rom, argv)
    wanted = {"other": "is another",
              "none": "pin: the VMM gives no bundle",
              "right": f"pin: the VMM gives opt/directboot/{option}",
              "appended": "quiet ignore_loglevel\r\n"}[case.get("says", which)]
    text = boot(context, case.arch, work, rom, *argv, until=wanted)[1]
    return report.Verdict([] if wanted in text else [repr(text)])


# What the container's program says of where it is.
SHOW = """echo GUEST words $0 $1 $A $PWD $(stat -c %u:%g:%a owned)
echo GUEST files $(ls) $(cat /upper)
echo GUEST mounts $(mount | sed 's/.* on \\(.*\\) type .*/\\1/') pid $$
"""
CONTAINER = {"Entrypoint": ["sh", "show"], "Cmd": ["word"],
             "Env": ["PATH=/bin", "A=b"], "WorkingDir": "/srv"}
APPLETS = ("cat", "ls", "mount", "poweroff", "sed", "sh", "stat")


def busybox_layers(context, arch):
    """A layer of Debian's busybox, and one upon it."""
    with open(guest.busybox(context, guest.DEBIAN[arch]), "rb") as file:
        busybox = images.entry("bin/busybox", file.read(), mode=0o755)
    links = [images.link(f"bin/{name}", "busybox") for name in APPLETS]
    show = images.entry("srv/show", SHOW.encode(), mode=0o755)
    return [images.tar(busybox, *links, show, images.entry("srv/gone"),
                       images.entry("upper", b"lower")),
            images.compressed(images.tar(
                images.entry("srv/.wh.gone"), images.entry("upper", b"upper"),
                images.entry("srv/owned", uid=5, gid=6, mode=0o640)))]


def container_root(kind, context, arch, work):
    """The words of pack for a root file system of this kind."""
    layers, path = busybox_layers(context, arch), f"{work}/root"
    other = "aarch64" if arch == "x86_64" else "x86_64"
    if kind == "layout":
        images.Layout().add(layers, arch, CONTAINER).add(
            [layers[1]], other).write(path)
    elif kind == "saved":
        vmm.write(work, "root", images.saved(
            (layers, arch, CONTAINER), ([layers[0]], other, {})))
    else:
        os.mkdir(path)
        vmm.write(work, "layer", layers[0])
        subprocess.run(["tar", "-C", path, "-xf", f"{work}/layer"], check=True)
        vmm.write(path, "init.sh", b"#!/bin/sh\ncd srv\n. ./show\n"
                  b"poweroff -f\n")
        os.chmod(f"{path}/init.sh", 0o755)
        return ["--rootfs", path, "--init", "/init.sh"]
    return ["--rootfs", path]


def check_container(case, context, work):
    kind = case.get("image")
    words = " no_timer_check" if case.arch == "x86_64" else ""
    rom = context.pack(f"{work}/rom", cloud_kernel(context, case.arch),
                       *container_root(kind, context, case.arch, work), "-c",
                       f"quiet panic=-1 console={MACHINES[case.arch][1]}{words}")
    outcome = start(context, case.arch, work, rom)
    text = outcome.console
    said = what_is_said(text)
    mounts = "/ /proc /sys /dev /dev/pts /dev/shm pid "
    wanted = {"words": "show word b /srv 5:6:640", "files":
              "owned show upper"} if kind != "directory" else {
        "words": "/init.sh /srv", "files": "gone show lower"}
    mounted = said.pop("mounts", "")
    problems = [] if said == wanted and mounted.startswith(mounts) else [
        f"said {said}, {mounted}; console ends {text[-300:]!r}"]
    if (mounted == mounts + "1") != (kind == "directory"):
        problems.append("is the first program, or is not")
    if outcome.status != 0 or "Kernel panic" in text:
        problems.append(f"ends with {outcome.status}")
    return report.Verdict(problems)


def check_kaslr(case, context, work):
    rom = pack_case(case, context, work)
    said = [boot(context, case.arch, work, rom)[0] for _ in range(2)]
    texts = [one.get("text") for one in said]
    codes = [one.get("code") for one in said]
    problems = []
    if None in texts or texts[0] == texts[1] or LINKED in texts:
        problems.append(f"virtual addresses {texts}")
    elif codes[0] == codes[1]:
        problems.append(f"physical addresses {codes}")
    return report.Verdict(problems, words=" ".join(map(str, texts)))


def check_nokaslr(case, context, work):
    rom = pack_case(case, context, work)
    text = boot(context, case.arch, work, rom)[0].get("text")
    return report.Verdict([] if text == LINKED else
                          [f"{text} is not {LINKED}"])


def check_kaslr_boots(case, context, work):
    rom, count = pack_case(case, context, work), case.number("boots")
    texts = [boot(context, case.arch, work, rom)[0].get("text")
             for _ in range(count)]
    good = [text for text in texts if text]
    return report.Verdict(
        [] if len(good) == count else
        [f"only {len(good)} of {count} came up"],
        words=f"{len(good)} of {count}, {len(set(good))} addresses")


CHECKS = {"form": check_form, "guest": check_pack, "ram": check_ram,
          "ram-elf": check_ram_elf, "isapc": check_isapc,
          "kexec": check_kexec, "pin": check_pin,
          "kaslr": check_kaslr, "nokaslr": check_nokaslr,
          "kaslr-boots": check_kaslr_boots, "container": check_container}


def run(case, context):
    with context.work(case.name) as work:
        return CHECKS[case["check"]](case, context, work)
