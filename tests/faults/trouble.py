# SPDX-License-Identifier: BSD-2-Clause
"""What happens to a machine while the blob runs, and UARTs that do not work.

Or what is found in it: the translation tables.
"""
import contextlib
import mmap
import os
import subprocess

from faults import paging, paging_x86, payload, ram
from lib import gdb, qmp, vmm

STACK = {"x86_64": "rsp", "aarch64": "sp"}


def uart_options(case, work):
    """Without a UART that works, x86_64 has QEMU's debug console."""
    if "uart" not in case:
        return vmm.serial_file(work)
    options = ["-debugcon", f"file:{work}/serial"] \
        if case.arch == "x86_64" else []
    if case.get("uart") == "stuck":
        options += ["-chardev", f"pipe,id=uart,path={work}/uart", "-serial",
                    "chardev:uart"]
    return options


@contextlib.contextmanager
def full_pipe(work):
    """The two pipes of QEMU's chardev. Into the full one nothing goes."""
    for way in "in", "out":
        os.mkfifo(f"{work}/uart.{way}")
    out = os.open(f"{work}/uart.out", os.O_RDWR | os.O_NONBLOCK)
    try:
        while True:
            os.write(out, bytes(1))
    except BlockingIOError:
        yield
    finally:
        os.close(out)


# ---- at a place in the blob

def is_wanted(case):
    return any(word in case
               for word in ("nmi", "change", "reset", "set", "tables"))


def options(case, work):
    """Before its first instruction QEMU waits for make()."""
    if not is_wanted(case):
        return []
    return ["-S", *qmp.options(f"{work}/qmp"), *gdb.options(f"{work}/gdb")]


def symbol(context, arch, name):
    listed = subprocess.run(["nm", f"{context.build}/{arch}/directboot.elf"],
                            check=True, capture_output=True, text=True).stdout
    for line in listed.splitlines():
        if line.endswith(f" {name}"):
            return int(line.split()[0], 16)
    raise ValueError(f"the blob has no {name}")


def make(case, context, work):
    """Lets the guest run to where its trouble is, makes it, and goes on.

    Returns what is wrong there.
    """
    if not is_wanted(case):
        return []
    problems = []
    with qmp.Qmp(f"{work}/qmp") as control, \
            gdb.Gdb(f"{work}/gdb") as debugger:
        if "nmi" in case:
            run_to(case.get("nmi"), case, context, debugger)
            control.execute("inject-nmi")
        elif "reset" in case:
            run_to(case.get("reset"), case, context, debugger)
            ram.make(f"{work}/ram", case.number("mem"))
            control.execute("system_reset")
        elif "set" in case:
            set_registers(case, context, debugger)
        elif "tables" in case:
            run_to(case.get("tables"), case, context, debugger)
            problems = table_problems(case, context, control, debugger)
        else:
            change_bundle(case, work, debugger)
        debugger.detach()
    return problems


def blob_base(case):
    return payload.PLACE if case["form"] == "tree" else 0


def run_to(place, case, context, debugger):
    if place != "start":
        address = symbol(context, case.arch, place) + blob_base(case)
        debugger.stop_at(address)
        debugger.go_on()
        debugger.forget(address)


def set_registers(case, context, debugger):
    """To a number, to where a symbol of the blob is, or "sp" and a distance."""
    place, _, values = case.get("set").partition(":")
    run_to(place, case, context, debugger)
    stack = debugger.register(STACK[case.arch])
    for word in values.split("+"):
        name, _, value = word.partition("=")
        if value.startswith("sp"):
            number = stack + int(value[2:] or "0", 0)
        elif value[0].isdigit():
            number = int(value, 0)
        else:
            number = blob_base(case) + symbol(context, case.arch, value)
        debugger.set_register(name, number)


def table_problems(case, context, control, debugger):
    places = ram.memory_map(context.root, case.arch)
    if case.arch == "x86_64":
        return list(paging_x86.problems(control, places))
    return list(paging.problems(
        debugger, blob_base(case),
        symbol(context, case.arch, "blob_code_size"),
        (places["GUARD_OFFSET"], places["STACK_OFFSET"])))


def change_bundle(case, work, debugger):
    """Changes the initrd of a bundle in RAM after so many reads of it.

    Where the bundle is, the file that is RAM tells, when the blob is entered.
    """
    entry, base = map(lambda word: int(word, 0),
                      case.get("enter").split(":"))
    debugger.stop_at(entry)
    debugger.go_on()
    debugger.forget(entry)
    with open(f"{work}/ram", "r+b") as file, \
            mmap.mmap(file.fileno(), 0) as memory:
        at = memory.find(b"initrd: initrd: ")
        if at < 0:
            raise ValueError("no bundle in RAM")
        for _ in range(case.number("change")):
            debugger.stop_at(base + at, gdb.WATCH_READ)
            debugger.go_on()
            debugger.forget(base + at, gdb.WATCH_READ)
            debugger.go_on("s")
        memory[at] ^= 1
