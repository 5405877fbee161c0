# SPDX-License-Identifier: BSD-2-Clause
"""Where the cases run: a machine with KVM inside QEMU's emulation, or this one.

This one only if NATIVE=1 in the environment asks for it: what else uses its KVM,
and which kernel it has, no test can know.

The inner machine is one of Debian's kernels with busybox (init), with its
packages on the first disk, the files of all cases on the second. It is started
when the first case wants it, and serves one run after the other; when a run
does not end in time, the machine is stopped, and the next case gets a new one.
"""
import contextlib
import dataclasses
import gzip
import os
import re
import shutil
import subprocess
import threading
import time

from guest import mkinitrd
from lib import guest, qmp, vmm
from nested import by_igvm, xen_arm

HERE = os.path.dirname(os.path.abspath(__file__))
START_SECONDS = 180  # most of them for 130 MB of gzip, beside other tests
WAKE_SECONDS = 10
MODULES = """virtio_pci virtio_blk virtio_console crc32c_generic ext4 tun
             kvm_amd kvm_intel xenfs xen_evtchn xen_gntdev
             xen_privcmd""".split()
# Of the packages a third, which no program reads.
UNUSED = ["usr/share/doc", "usr/share/man", "usr/share/locale",
          "usr/share/iso-codes", "usr/share/info"]
ROOT_DIRS = ["proc", "sys", "dev", "tmp", "cases", "usr/local/bin",
             "run", "var"]
READY = re.compile(r"@ready .*\n")
END = re.compile(r"\n@end (\d+)\r?\n")


@dataclasses.dataclass
class Kind:
    """An inner machine: how it is made, and how it shows that it is right."""
    options: list      # of the outer QEMU
    append: str        # its kernel's command line
    sign: str          # what it says of its KVM, of Xen, or of our tree
    packages: list
    flavour: str = "cloud-{}"
    hypervisor: list = dataclasses.field(default_factory=list)
    pack: list = None  # if our blob starts its kernel: words for that
    kernel: str = ""   # one of our own in build/, which has no disks
    is_igvm: bool = False  # it starts from an IGVM file

    @property
    def cpu_count(self):
        at = self.options.index("-smp") if "-smp" in self.options else None
        return 1 if at is None else int(self.options[at + 1])

    @property
    def files(self):
        """The directory of its packages under build/nested."""
        return self.packages[0]


QEMU_X86 = ["qemu-system-x86", "busybox-static", "bsdutils"]
QEMU_ARM = ["qemu-system-arm", "ipxe-qemu", "busybox-static", "bsdutils"]
PC = "console=ttyS0 mitigations=off nokaslr"
# No XSAVE: TCG does not tell the inner KVM of what a guest sets by XSETBV.
PC_MACHINE = ["-M", "q35", "-cpu", "max,-xsave", "-m", "3G"]
VIRT_MACHINE = ["-M", "virt,virtualization=on,gic-version=3", "-cpu",
                "max,pauth-impdef=on", "-m", "3G", "-smp", "2"]
# A paravisor has two thirds of the machine's RAM. On x86_64 its CPUs come from
# our device tree, as it is to find no ACPI tables.
PARAVISOR = ["--verbose", "--paravisor", "--paravisor-memory", "2G"]
OUR_TREE = "CPUs 0-1 tree directboot"
PARAVISOR_PC = Kind([*PC_MACHINE, "-smp", "2"],
                    "console=ttyS0 nokaslr quiet acpi=off", OUR_TREE, QEMU_X86,
                    pack=[*PARAVISOR, "--output-format", "igvm"],
                    kernel="paravisor/bzImage", is_igvm=True)
KINDS = {
    "x86_64": {
        "": Kind(PC_MACHINE, PC, "Nested Paging enabled", QEMU_X86),
        "paravisor": PARAVISOR_PC,
        # Firecracker demands it; its guests are told noxsave.
        "xsave": Kind(["-M", "q35", "-cpu", "max", "-m", "3G"], PC,
                      "Nested Paging enabled", QEMU_X86),
        "shadow": Kind(PC_MACHINE, f"{PC} inner.kvm=npt=0",
                       "Nested Paging disabled", QEMU_X86),
        "blob": Kind(PC_MACHINE, f"{PC} quiet", "Nested Paging enabled",
                     QEMU_X86, pack=["--verbose"]),
        # TCG does not say how long RDTSCP is, reads the stack of an IRET in
        # ring 3 as if SMAP forbade it, and has no MWAIT with interrupts off.
        "xen": Kind(["-M", "q35", "-m", "3G", "-cpu",
                     "EPYC,-la57,-rdtscp,-smap,-smep,-monitor,-xsave"],
                    "console=hvc0", "Xen 4.17",
                    ["xen-utils-4.17", "xen-hypervisor-4.17-amd64",
                     "busybox-static"], "{}",
                    ["boot/xen-4.17-amd64.gz", "console=com1 dom0_mem=1G "
                     "bootscrub=0 loglvl=info guest_loglvl=all"]),
    },
    "aarch64": {
        "": Kind(VIRT_MACHINE, "console=ttyAMA0", "VHE mode initialized",
                 QEMU_ARM),
        "blob": Kind(VIRT_MACHINE, "console=ttyAMA0 quiet",
                     "VHE mode initialized", QEMU_ARM, pack=["--verbose"]),
        "paravisor": Kind(VIRT_MACHINE, "console=ttyAMA0 quiet", OUR_TREE,
                          QEMU_ARM, pack=PARAVISOR),
        # A GICv2 in the guest needs one outside.
        "nvhe": Kind(["-M", "virt,virtualization=on,gic-version=2", "-cpu",
                      "cortex-a72", "-m", "3G"], "console=ttyAMA0",
                     "Hyp mode initialized", QEMU_ARM),
    },
}


def is_native(arch):
    """Are such guests to run on this machine's own KVM, and can they?"""
    if os.environ.get("NATIVE", "0") == "0" or os.uname().machine != arch or (
            not os.access("/dev/kvm", os.W_OK)):
        return False
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        return arch == "aarch64" or bool(
            re.search(r"\b(vmx|svm)\b", file.read()))


def make_disk(directory, path):
    """An ext4 file system with what is in the directory, half of it free."""
    used = int(subprocess.run(["du", "-sk", directory], check=True,
                              capture_output=True).stdout.split()[0])
    mke2fs = shutil.which("mke2fs") or "/sbin/mke2fs"
    subprocess.run([mke2fs, "-q", "-F", "-t", "ext4", "-O", "^has_journal",
                    "-d", directory, f"{path}.part",
                    f"{used * 3 // 2 + 8192}K"],
                   check=True, capture_output=True)
    os.rename(f"{path}.part", path)
    return path


def make_root(context, arch, kind):
    """The directory with the packages, as they are to be in the machine."""
    directory = f"{context.build}/nested/{kind.files}"
    if vmm.read(f"{directory}/.wanted") != " ".join(kind.packages):
        shutil.rmtree(directory, ignore_errors=True)
    subprocess.run([f"{context.root}/scripts/fetch-debs.sh",
                    guest.DEBIAN[arch], directory, *kind.packages],
                   check=True, env=dict(os.environ, DEPENDS="1"))
    with open(f"{directory}/.wanted", "w", encoding="utf-8") as file:
        file.write(" ".join(kind.packages))
    for name in UNUSED:
        shutil.rmtree(f"{directory}/{name}", ignore_errors=True)
    for name in ROOT_DIRS:
        os.makedirs(f"{directory}/{name}", exist_ok=True)
    if not os.path.lexists(f"{directory}/bin/sh"):
        os.symlink("busybox", f"{directory}/bin/sh")
    return directory


def make_root_disk(context, arch, kind):
    """The disk of it; made once, until the packages are fetched anew."""
    directory = make_root(context, arch, kind)
    path = f"{directory}.ext4"
    if os.path.exists(path) and os.path.getmtime(path) >= os.path.getmtime(
            f"{directory}/.done"):
        return path
    return make_disk(directory, path)


def wanted(arch, name):
    """What to fetch for this inner machine: its kernel, and busybox."""
    debian = guest.DEBIAN[arch]
    kind = KINDS[arch].get(name, KINDS[arch][""])
    return kind.flavour.format(debian), f"busybox-{debian}"


def kernel_directory(context, arch, kind):
    return (f"{context.build}/kernels/"
            f"{kind.flavour.format(guest.DEBIAN[arch])}")


def make_initrd(context, arch, kind, path):
    data = mkinitrd.build(kernel_directory(context, arch, kind),
                          guest.busybox(context, guest.DEBIAN[arch]),
                          {"init": f"{HERE}/init",
                           "etc/xen": f"{HERE}/xen.sh"},
                          [] if kind.kernel else MODULES)
    with open(path, "wb") as file:
        file.write(data)


def make_whole_initrd(context, arch, kind, cases, path):
    """An initrd with what else is on the two disks."""
    make_initrd(context, arch, kind, path)
    files = mkinitrd.Cpio()
    files.add_tree(make_root(context, arch, kind), "root")
    files.add_tree(cases, "root/cases")
    with open(path, "ab") as file:
        file.write(gzip.compress(files.finish(), 1))


def unpacked(context, path):
    """QEMU's multiboot loader takes no compressed file."""
    def make(target):
        with gzip.open(path) as source, open(target, "wb") as file:
            shutil.copyfileobj(source, file)
    return context.once(os.path.basename(path), make)


class Here:
    """Runs cases on this machine's own KVM."""

    def __init__(self, cases):
        self.cases = cases

    def start_run(self, name):
        work = f"{self.cases}/{name}"
        return vmm.Vmm(["sh", "./run"], work, is_stdout=True, cwd=work)

    def stop(self):
        """Nothing of it goes on."""


class InnerRun:
    """One run in the inner machine, to be watched as a Vmm is."""

    wait = vmm.Vmm.wait

    def __init__(self, machine, name):
        self.machine, self.before = machine, len(machine.qemu.console())
        self.wake_at = time.monotonic() + WAKE_SECONDS
        machine.say(name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """What does not end can only be stopped with its machine."""
        if self.status() is None or self.machine.qemu.status() is not None:
            self.text = self.console()
            self.machine.stop()

    def console(self):
        if not self.machine.qemu:
            return self.text
        text = self.machine.qemu.console()[self.before:]
        return END.split(text)[0]

    def errors(self):
        return self.machine.qemu.errors() if self.machine.qemu else ""

    def status(self):
        """How the run has ended, if it has."""
        end = END.search(self.machine.qemu.console(), self.before)
        status = int(end[1]) if end else self.machine.qemu.status()
        if status is None and time.monotonic() > self.wake_at:
            self.machine.wake()
            self.wake_at = time.monotonic() + WAKE_SECONDS
        return status


class Inner:
    """Runs cases in the inner machine, which is started for the first."""

    def __init__(self, context, arch, name, cases):
        """cases: the directory with all of them."""
        self.context, self.arch, self.cases = context, arch, cases
        self.kind = KINDS[arch][name]
        self.name = f"{arch}{name and '-'}{name}"
        self.work = f"{context.build}/nested/{self.name}"
        self.monitor = f"{context.shared}/{self.name}.qmp"
        self.qemu = None

    def initrd(self):
        context, arch, kind = self.context, self.arch, self.kind
        if kind.kernel:
            return context.once(f"{self.name}.cpio", lambda path:
                                make_whole_initrd(context, arch, kind,
                                                  self.cases, path))
        return context.once(f"inner.{arch}.{kind.flavour}.cpio", lambda path:
                            make_initrd(context, arch, kind, path))

    def kernel(self):
        if self.kind.kernel:
            return f"{self.context.build}/{self.kind.kernel}"
        return kernel_directory(self.context, self.arch,
                                self.kind) + "/vmlinuz"

    def kernel_options(self):
        initrd, kernel = self.initrd(), self.kernel()
        append = f"{self.kind.append} panic=-1"
        if self.kind.pack is not None:
            # More than some 18 MiB do not fit between a PC's APIC and 4 GiB.
            rom = self.context.once(
                f"{self.name}.rom", lambda path: self.context.pack(
                    path, kernel, "--initrd", initrd, "--cmdline", append,
                    *self.kind.pack))
            if self.kind.is_igvm:
                return by_igvm.options(self.context, rom, self.work,
                                       self.kind.cpu_count)
            return ["-bios", rom]
        if not self.kind.hypervisor:
            return ["-kernel", kernel, "-initrd", initrd, "-append", append]
        path, options = self.kind.hypervisor
        path = f"{self.context.build}/nested/{self.kind.files}/{path}"
        return ["-kernel", unpacked(self.context, path), "-append", options,
                "-initrd", f"{kernel} {append},{initrd}"]

    def device_options(self):
        """The port on which cases are asked for, and the disks."""
        if self.kind.kernel:
            return ["-serial", "chardev:c"]
        words = ["-device", "virtio-serial-pci",
                 "-device", "virtserialport,chardev=c"]
        root = make_root_disk(self.context, self.arch, self.kind)
        cases = self.context.once(f"{self.arch}.cases.ext4", lambda path:
                                  make_disk(self.cases, path))
        for number, disk in enumerate([root, cases]):
            words += ["-drive", f"if=none,id=d{number},format=raw,file={disk},"
                      "snapshot=on",
                      "-device", f"virtio-blk-pci,drive=d{number}"]
        return words

    def command(self):
        devices = self.device_options()  # fetches what a hypervisor is in
        qemu = self.kind.is_igvm and by_igvm.qemu() or \
            self.context.qemu(self.arch)
        return [*vmm.headless(qemu), "-no-reboot",
                "-accel", "tcg,thread=multi", *self.kind.options,
                *self.kernel_options(),
                "-serial", f"file:{self.work}/log",
                *qmp.options(self.monitor),
                "-chardev", "stdio,id=c,signal=off", *devices]

    def start(self):
        """What keeps the machine from being ready, or None."""
        os.makedirs(self.work, exist_ok=True)
        self.qemu = vmm.Vmm(self.command(), self.work, is_stdout=True,
                            stdin=subprocess.PIPE)
        self.qemu.wait(START_SECONDS, READY.search)
        said = self.qemu.console()
        if READY.search(said) and self.kind.sign in said:
            return None
        said += self.qemu.errors() + vmm.read(f"{self.work}/log")[-500:]
        self.stop()
        return f"inner machine: no {self.kind.sign!r}: {said}"

    def say(self, line):
        with contextlib.suppress(BrokenPipeError):  # it has ended: see status()
            self.qemu.process.stdin.write(f"{line}\n".encode())
            self.qemu.process.stdin.flush()

    def wake(self):
        """Makes an interrupt in the inner machine, which changes nothing else.

        QEMU's emulation of SVM sometimes forgets one: the timer's stays pending
        in the local APIC, while a CPU of the guest spins for another, for which
        KVM has no time. The next interrupt takes both. A line on the port is one
        only until there is a line that nobody has read yet; a key is one always.
        """
        if self.arch != "x86_64" or self.kind.kernel:
            self.say("")
            return
        # QEMU may have ended.
        with contextlib.suppress(OSError, ValueError):
            with qmp.Qmp(self.monitor, WAKE_SECONDS) as control:
                control.execute("send-key",
                                keys=[{"type": "qcode", "data": "shift"}])

    def start_run(self, name):
        # The emulation of a hypervisor's machine can get stuck, and Linux in
        # it then stalls: this is no fault of the case, so there is a second
        # attempt.
        failure = not self.qemu and self.start() and self.start()
        if failure:
            raise RuntimeError(failure)
        return InnerRun(self, name)

    def stop(self):
        if self.qemu:
            self.qemu.__exit__()
            self.qemu = None


class Machines:
    """What runs the cases of each architecture, one at a time."""

    def __init__(self, context):
        self.context = context
        self.locks = {arch: threading.Lock() for arch in KINDS}
        self.running = {}
        context.stack.callback(self.stop)

    def shared(self, arch):
        """The directory of all cases of an architecture."""
        return f"{self.context.shared}/nested-{arch}"

    @contextlib.contextmanager
    def machine(self, arch, name):
        with self.locks[arch]:
            key, found = self.running.get(arch, ("", None))
            if not found or key != name:
                if found:
                    found.stop()
                found = self.make(arch, name)
                self.running[arch] = name, found
            yield found

    def make(self, arch, name):
        if name == "xen" and arch == "aarch64":
            return xen_arm.Machine(self.context.boots)
        if name != "xen" and is_native(arch):
            return Here(self.shared(arch))
        return Inner(self.context, arch, name, self.shared(arch))

    def stop(self):
        for _, found in self.running.values():
            found.stop()
