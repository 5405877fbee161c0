#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Boots QEMU with input that must be refused, as refusals.cases says.

A case passes when the console shows the one line expected and nothing else,
and the machine ends as it should: by isa-debug-exit with status 99, unless the
case says otherwise.
"""
import argparse
import concurrent.futures
import dataclasses
import fnmatch
import os
import re
import subprocess
import sys
import tempfile
import time

import bundles

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get("O", f"{ROOT}/build")
TIMEOUT = 20
STATUS_REFUSED = 99  # isa-debug-exit: 2 * 0x31 + 1
STATUS_BOOTED = 33   # the same by bundles.CODE
MIB = 1 << 20


@dataclasses.dataclass
class Case:
    name: str
    machine: str
    form: str
    kernel: str
    changes: list
    line: str

    def option(self, name, default):
        values = [value for key, value in self.changes if key == name]
        return values[-1] if values else default

    @property
    def end(self):
        return self.option("end", "exit")


def parse_row(row, where):
    words, _, line = row.partition("|")
    words = words.split()
    if len(words) < 4:
        raise ValueError(f"{where}: name, machine, form, kernel are needed")
    changes = [tuple(word.split("=", 1)) for word in words[4:]]
    return Case(*words[:4], changes, line.strip())


def load_cases():
    path = f"{HERE}/refusals.cases"
    with open(path, encoding="utf-8") as file:
        return [parse_row(row, f"{path}:{number}")
                for number, row in enumerate(file, 1)
                if row.strip() and not row.startswith("#")]


def number(text):
    unit = {"K": 1024, "M": MIB, "G": 1024 * MIB}.get(text[-1], 1)
    return int(text.rstrip("KMG"), 0) * unit


def make_kernel(case):
    """The kernel file, with those fields set that the case names."""
    if case.kernel == "none":
        return b""
    if case.kernel == "text":
        return bytearray(b"This is no kernel.\n" * 512)
    data = (bundles.bzimage() if case.kernel == "bz" else bundles.elf())
    for key, value in case.changes:
        kind, _, name = key.partition(".")
        if kind in ("elf", "bz"):
            bundles.poke(data, kind, **{name: number(value)})
        elif kind.startswith("phdr"):
            bundles.poke(data, "phdr", 64 + 56 * int(kind[4:]),
                         **{name: number(value)})
    return data[:number(case.option("kernel-cut", str(len(data))))]


def make_bundle(case):
    """`header.x=` and `sectionN.x=` are signed, with a `!` before not so."""
    kind = {"elf": bundles.KIND_SEGMENTS}.get(case.kernel,
                                              bundles.KIND_BZIMAGE)
    bundle = bundles.Bundle(kind, make_kernel(case),
                            bytes(number(case.option("initrd", "0"))),
                            b"x" * number(case.option("cmdline", "0")))
    for is_signed in (True, False):
        for key, value in case.changes:
            target, _, name = key.lstrip("!").partition(".")
            if re.fullmatch(r"header|section\d+", target) and \
                    is_signed != key.startswith("!"):
                bundle.set(target, name, number(value))
        if is_signed:
            bundle.sign()
    for key, value in case.changes:
        if key == "flip":
            bundle.data[number(value) // 8] ^= 1 << number(value) % 8
    return bundle.data[:number(case.option("cut", str(len(bundle.data))))]


def make_rom(case, blob):
    data = bundles.rom(blob, make_bundle(case))
    for key, value in case.changes:
        if key.startswith("record."):
            bundles.poke(data, "record", len(data) - bundles.RECORD_BACK,
                         **{key.removeprefix("record."): number(value)})
    return data[number(case.option("rom-cut", "0")):]


def make_disk(case):
    data = make_bundle(case)
    size = number(case.option("disk-size", str(len(data))))
    return bytes(data[:size]) + bytes(size - len(data[:size]))


DISK_OPTIONS = {
    "ide": ["-device", "ide-hd,drive=d"],
    "blk": ["-device", "virtio-blk-pci,drive=d"],
    "legacy": ["-device", "virtio-blk-pci,drive=d,disable-modern=on,"
               "disable-legacy=off"],
    "bridge": ["-device", "pci-bridge,id=b,chassis_nr=1", "-device",
               "virtio-blk-pci,drive=d,bus=b"],
    "mmio": ["-device", "virtio-blk-device,drive=d"],
    "mmio2": ["-device", "virtio-blk-device,drive=d",
              "-global", "virtio-mmio.force-legacy=false"],
}


def disk_options(case, path):
    """A disk that fails where the case says: at a sector, or altogether."""
    drive = "if=none,id=d,format=raw,file.driver=blkdebug,"
    drive += f"file.image.driver=file,file.image.filename={path}"
    sector = case.option("bad-sector", "")
    if sector:
        drive += (",file.inject-error.0.event=read_aio"
                  f",file.inject-error.0.errno=5"
                  f",file.inject-error.0.sector={sector}")
    return ["-drive", drive] + DISK_OPTIONS[case.form]


def payload_options(case, blob_path, work):
    """Puts the input into files and names them to QEMU."""
    def write(name, data):
        with open(f"{work}/{name}", "wb") as file:
            file.write(data)
        return f"{work}/{name}"

    if case.form == "rom":
        with open(blob_path, "rb") as file:
            return ["-bios", write("rom", make_rom(case, file.read()))]
    options = ["-bios", blob_path]
    if case.form in DISK_OPTIONS:
        options += disk_options(case, write("disk", make_disk(case)))
    elif case.form == "item":
        path = write("bundle", make_bundle(case))
        options += ["-fw_cfg", f"name=opt/directboot/bundle,file={path}"]
    elif case.form == "fwcfg":
        options += ["-kernel", write("kernel", make_kernel(case))]
        size = number(case.option("initrd", "0"))
        if size:
            path = write("initrd", b"")
            os.truncate(path, size)
            options += ["-initrd", path]
        if case.option("cmdline", ""):
            options += ["-append", "x" * number(case.option("cmdline", "0"))]
    return options


def qemu_command(case, args, work):
    options = [args.program, "-nodefaults", "-display", "none", "-accel",
               "tcg", "-machine", case.machine,
               "-m", case.option("mem", "128M"), "-serial",
               f"file:{work}/serial"]
    if case.end == "exit":
        options += ["-device", "isa-debug-exit,iobase=0xf4,iosize=4"]
    if case.option("cpu", ""):
        options += ["-cpu", case.option("cpu", "")]
    return options + payload_options(case, args.firmware, work)


def console_lines(work):
    try:
        with open(f"{work}/serial", "rb") as file:
            return file.read().decode("latin-1").split("\r\n")
    except FileNotFoundError:
        return [""]


def watch(process, case, work):
    """Waits for the end that the case wants; gives status and lines."""
    deadline = time.monotonic() + TIMEOUT
    times = {"halt": 1, "reset": 2}.get(case.end)
    while time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.02)
        if times and len(console_lines(work)) > times:
            # It halts: then it is still there a little later, silent.
            time.sleep(0.3 if case.end == "halt" else 0)
            break
    status = process.poll()
    process.kill()
    process.wait()
    return status, console_lines(work)


def judge(case, status, lines):
    if lines[-1] and case.end != "reset":
        yield f"incomplete line: {lines[-1][:200]}"
    lines = lines[:-1]
    wanted = {"exit": STATUS_REFUSED if case.line else STATUS_BOOTED,
              "poweroff": 0, "halt": None, "reset": None}[case.end]
    if status != wanted:
        yield f"QEMU's status is {status}, not {wanted}"
    if case.end == "reset":
        if len(lines) < 2:
            yield "does not come back"
        lines = sorted(set(lines))
    expected = [f"directboot: {case.line}"] if case.line else []
    pattern = expected and expected[0].replace("[", "[[]")
    if len(lines) != len(expected) or \
            (expected and not fnmatch.fnmatchcase(lines[0], pattern)):
        yield f"console has {lines[:4]}"
        yield f"wanted is   {expected}"


def run_case(case, args):
    with tempfile.TemporaryDirectory(prefix="directboot-") as work:
        command = qemu_command(case, args, work)
        start = time.monotonic()
        with open(f"{work}/errors", "w+", encoding="utf-8") as errors:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                       stdout=errors, stderr=errors)
            status, lines = watch(process, case, work)
            errors.seek(0)
            words = errors.read().strip()
        problems = list(judge(case, status, lines))
        if problems and words:
            problems.append(f"QEMU says: {words[:300]}")
    return case, time.monotonic() - start, problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--firmware", default=f"{BUILD}/directboot-x86_64.rom")
    parser.add_argument("--qemu", dest="program", metavar="PATH",
                        default="qemu-system-x86_64")
    parser.add_argument("--case", default="", metavar="REGEX")
    parser.add_argument("-j", "--jobs", type=int, default=2, metavar="N")
    args = parser.parse_args()
    selected = [case for case in load_cases()
                if re.search(args.case, case.name)]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for case, seconds, problems in pool.map(
                lambda case: run_case(case, args), selected):
            failed += bool(problems)
            print(f"{'FAIL' if problems else 'ok  '} {case.name} "
                  f"{seconds:.1f} s", flush=True)
            for problem in problems:
                print(f"       {problem}", flush=True)
    print(f"{len(selected) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
