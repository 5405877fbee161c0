# SPDX-License-Identifier: BSD-2-Clause
"""Records what VMMs leave at our entry, for replays: ../recordings.

The VMM is given the blob with recorder.S in the place of its code, which tells
registers and RAM on the serial port. Nothing is compared.
"""
import datetime
import os
import re
import shlex
import struct
import subprocess

from doors import recordings
from lib import guest, report, table
from nested import case as nested_case
from nested import directory as directories
from nested import inner, vmms

HERE = os.path.dirname(os.path.abspath(__file__))
JOBS_MAX = 1
SECONDS = 120
PAGE, BLOB_SIZE = 0x1000, 0x10000
SIGNATURE = 0x202  # "HdrS"
FIELDS_AT = 0x1ff4  # file_start and what follows it in recorder.S, in the file
# Where ELF loaders put the blob, and those of bzImages all but its first page.
ELF_BASE, BZIMAGE_BASE = 0x200000, 0x100000 - PAGE
# kvmtool's BIOS, and the interrupt vectors that lead there
BIOS, VECTORS_END = 0xf0000, 0x400
RECORD = re.compile(r"@record (\w+)\r?\n(.*?)@recorded\r?\n", re.S)
RUN = """\
{version} </dev/null 2>&1 | sed 's/^/@version /;q'
{command} >console 2>&1 &
vmm=$!
while ! grep -q '^@recorded' console && kill -0 $vmm 2>/dev/null; do
	sleep 0.5
done
kill $vmm 2>/dev/null
wait $vmm
cat console
"""


class Case(nested_case.Case):
    @property
    def has_initrd(self):
        return self.get("initrd") == "yes"

    @property
    def has_bios(self):
        return self.machine_kind == "kvmtool"

    @property
    def is_bzimage(self):
        """Does the VMM take the file for one?"""
        return self.has_bios or (self.machine_kind == "openvmm" and
                                 self.get("format") != "elf")


def load():
    return [Case(**vars(row)) for row in table.load(f"{HERE}/record.cases")]


def skip_reason(case, _):
    return vmms.skip_reason(case)


def recorder(case, context, path):
    """The blob's first page, and the recorder behind it."""
    base = BZIMAGE_BASE if case.is_bzimage else ELF_BASE
    code = f"{path}.code"
    subprocess.run(["gcc", "-m64", "-c", f"{HERE}/recorder.S", "-o",
                    f"{path}.o"], check=True)
    subprocess.run(["ld", f"-Ttext={base + PAGE:#x}", "-e", "0",
                    "--oformat=binary", "-o", code, f"{path}.o"], check=True)
    with open(context.firmware(case.arch), "rb") as file:
        data = bytearray(file.read())
    with open(code, "rb") as file:
        data[PAGE:2 * PAGE] = file.read()
    if case.get("format") == "elf":
        data[SIGNATURE:SIGNATURE + 4] = bytes(4)
    struct.pack_into("<III", data, FIELDS_AT,
                     base + PAGE if case.is_bzimage else base,
                     base + BLOB_SIZE, case.mem << 20)
    with open(path, "wb") as file:
        file.write(data)


def write_run(case, context, directory):
    kernel = f"{directory.path}/kernel"
    recorder(case, context, kernel)
    initrd = None
    if case.has_initrd:
        initrd = f"{directory.path}/initrd"
        with open(initrd, "wb") as file:
            file.truncate(recordings.INITRD_SIZE)
    words = vmms.script_words(case, context, directory,
                              (kernel, initrd, None))
    version = next(word for word in words if word.startswith("PROGRAM="))
    directory.write_script(RUN.format(
        version=shlex.join([version.removeprefix("PROGRAM="), "--version"]),
        command=shlex.join(directory.localise(word) for word in words)))


def prepare(runs, context):
    for arch, name in {(case.arch, case.inner) for case in runs}:
        guest.fetch(context, *inner.wanted(arch, name))
    context.machines = inner.Machines(context)
    for case in runs:
        shared = context.machines.shared(case.arch)
        write_run(case, context, directories.Directory(shared, case.label))


def without_bios(text):
    """Of kvmtool's BIOS the MP table alone: a replay has a BIOS of its own."""
    ram = {int(key, 16): bytes.fromhex(value)
           for kind, key, value in recordings.LINE.findall(text) if kind == "m"}
    bios = b"".join(ram.get(at, bytes(32))
                    for at in range(BIOS, recordings.HIGH_RAM, 32))
    floating = bios.index(b"_MP_")
    table = struct.unpack_from("<I", bios, floating + 4)[0] - BIOS
    size = struct.unpack_from("<H", bios, table + 4)[0]
    kept = {*range(floating, floating + 16), *range(table, table + size)}
    ram = {at: data for at, data in ram.items()
           if not at < VECTORS_END and not BIOS <= at < recordings.HIGH_RAM}
    for at in sorted({BIOS + at // 32 * 32 for at in kept}):
        ram[at] = bytes(byte if index in kept else 0 for index, byte in
                        enumerate(bios[at - BIOS:at - BIOS + 32], at - BIOS))
    registers = [match[0] for match in recordings.LINE.finditer(text)
                 if match[1] == "r"]
    return "\n".join(registers + [f"m {at:x} {data.hex()}"
                                  for at, data in sorted(ram.items())])


def run(case, context):
    with context.machines.machine(case.arch, case.inner) as machine:
        with machine.start_run(case.label) as vmm:
            vmm.wait(SECONDS)
    text = vmm.console()
    found = RECORD.search(text)
    if not found:
        return report.Verdict([f"console has {text[-500:]!r}"])
    version = re.search(r"@version (.*)", text)
    rows = without_bios(found[2]) if case.has_bios else found[2]
    recordings.write(case.name, ", ".join([
        version[1].strip() if version else case["machine"],
        f"{case.smp} CPUs", f"{case.mem} MiB of RAM",
        *(["an initrd"] if case.has_initrd else []), *case.split("options"),
        str(datetime.date.today())]), found[1], rows)
    return report.Verdict()


def finish(verdicts, context):
    if verdicts:
        context.machines.stop()
