# SPDX-License-Identifier: BSD-2-Clause
"""QEMU's device tree of its virt machine, with faults, by their names.

    no-rtc, no-pci   the machine has none
    uart-full        the UART is never ready for a character
    holes:N          RAM is N pieces of 8 MiB, and as large are the holes
    cpus:N           so many CPUs
"""
import re
import subprocess

from refusals import trees

RAM = 0x40000000
CPUS_OF_CLUSTER = 16

# With registers here, the status of the PL011 at 18h is GICD_ISENABLER0, whose
# bits 15:0, among them that for "FIFO full", are always set (Arm IHI 0048,
# section 4.3.5).
FULL_UART = 0x08000100 - 0x18


def replaced(text, pattern, by):
    text, count = re.subn(pattern, by, text, flags=re.S)
    if count != 1:
        raise ValueError(f"QEMU's tree has {pattern!r} {count} times")
    return text


def no_rtc(text, _):
    return replaced(text, r'"arm,pl031\\0arm,primecell"', '"test,none"')


def no_pci(text, _):
    return replaced(text, '"pci-host-ecam-generic"', '"test,none"')


def uart_full(text, _):
    return replaced(text, r"reg = <0x00 0x9000000 0x00 0x1000>",
                    f"reg = <0x00 {FULL_UART:#x} 0x00 0x100>")


def holes(text, count):
    bases = [RAM + (i << 24) for i in range(int(count))]
    reg = " ".join(f"{base >> 32:#x} {base & 0xffffffff:#x} 0 0x800000"
                   for base in bases)
    return replaced(text, r"(memory@40000000 \{.*?reg = )<[^>]*>",
                    rf"\1<{reg}>")


def cpus(text, count):
    """Sixteen to a cluster, as a GICv3 can address them."""
    nodes = "".join(
        f"cpu@{i:x} {{ device_type = \"cpu\"; compatible = \"arm,armv8\";"
        f" enable-method = \"psci\";"
        f" reg = <{i // CPUS_OF_CLUSTER << 8 | i % CPUS_OF_CLUSTER:#x}>; }};\n"
        for i in range(1, int(count)))
    return replaced(text, r"(\tcpus \{.*?\n\t\t\};)", rf"\1\n{nodes}")


FAULTS = {"no-rtc": no_rtc, "no-pci": no_pci, "uart-full": uart_full,
          "holes": holes, "cpus": cpus}


def build(fault, program, work):
    """The path of the tree that the row names."""
    path = trees.of_qemu(program, work)
    text = subprocess.run(["dtc", "-q", "-I", "dtb", "-O", "dts", path],
                          check=True, capture_output=True, text=True).stdout
    name, _, value = fault.partition(":")
    subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb", "-o", path],
                   input=FAULTS[name](text, value), check=True,
                   capture_output=True, text=True)
    return path
