#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Lists what two guests see differently: compare.py OURS REFERENCE [PART...]

OURS and REFERENCE are dump directories of the suite boot (build/boot/CASE and
build/boot-reference/CASE). For each PART, or all, it prints the lines that only
one of them has, without what differs from boot to boot. "-" marks our lines,
"+" the reference's.
"""
import collections
import re
import sys


def read(directory, name):
    try:
        with open(f"{directory}/{name}", errors="replace",
                  encoding="utf-8") as file:
            return [line.rstrip() for line in file]
    except FileNotFoundError:
        return []


def acpi_devices(directory):
    """Path, id and status of each node with a hardware id or a device."""
    for line in read(directory, "acpi-devices"):
        head, _, node = line.partition(" node ")
        path, _, rest = head.partition(" ")
        if not rest.startswith("status") or node:
            yield f"{path} {rest.split(' uid')[0]} -> {node or 'no device'}"


def acpi_ids(directory):
    """The number of devices of each hardware id, whatever their names."""
    found = collections.Counter()
    for line in read(directory, "acpi-devices"):
        words = line.split(" status")[0].split()
        if len(words) > 1 and not words[1].startswith("LNX"):
            found[words[1]] += 1
    for name, count in sorted(found.items()):
        yield f"{name} x{count}"


def devices(directory):
    """Platform, PnP, virtio and other devices with their drivers."""
    for line in read(directory, "platform"):
        bus, name, path, *driver = line.split()
        if bus in ("tty", "input", "rtc", "scsi", "usb") and not driver:
            continue
        # Numbers in names only tell the order of discovery.
        place = re.sub(r"(virtio|input|event|host)\d+|:[0-9a-f]+", r"\1N",
                       path)
        name = re.sub(r"(virtio|input|event|host|rtc)\d+", r"\1N", name)
        yield f"{bus} {re.sub(':[0-9a-f]+', ':N', name)} at {place} " \
              f"{' '.join(driver)}"


def interrupts(directory):
    """Chip, line, trigger and user of interrupts, without Linux's numbers."""
    for line in read(directory, "irqs"):
        words = line.split()[1:]
        if "MSI" in line:
            words = [word for word in words if not word.isdigit()]
        yield re.sub(r"virtio\d+", "virtioN", " ".join(words))


def pci(directory):
    """Devices with ids, class, driver and interrupts, without addresses."""
    # Linux numbers interrupts in the order of requests, unlike the chip.
    lines = {}
    for line in read(directory, "irqs"):
        number, chip, line_number, *_ = line.split()
        lines[number] = f"{chip}-{line_number}"
    for line in read(directory, "pci"):
        if not line.startswith(" "):
            words = line.split()
            words[4] = lines.get(words[4], "unused")
            yield " ".join(words)


def bars(directory):
    """The sizes of BARs that have an address, by device."""
    device = ""
    for line in read(directory, "pci"):
        if not line.startswith(" "):
            device = line.split()[0]
            continue
        index, start, end, flags = line.split()
        yield f"{device} BAR {index} size " \
              f"{int(end, 16) - int(start, 16) + 1:#x} flags {flags}"


def ranges(name):
    def part(directory):
        for line in read(directory, name):
            # The addresses of the kernel and of BARs do not matter.
            if not re.search(r"Kernel |\d{4}:\d\d:\d\d\.\d$|virtio|nvme|ahci",
                             line):
                yield line
    part.__doc__ = f"/proc/{name} without BARs and the kernel"
    return part


def memory_map(directory):
    """The firmware's memory map as the kernel got it."""
    entry = {}
    for line in read(directory, "memmap"):
        path, _, value = line.partition(": ")
        number, _, field = path.partition("/")
        entry.setdefault(number, {})[field] = value
    for fields in entry.values():
        yield f"{fields.get('start')}-{fields.get('end')} " \
              f"{fields.get('type')}"


def plain(name):
    def part(directory):
        for line in read(directory, name):
            # Each boot measures the clock again.
            if not re.match(r"cpu MHz|bogomips", line):
                yield line
    part.__doc__ = name
    return part


def kernel_words(directory):
    """Kernel messages about the machine's description, without numbers."""
    topic = re.compile(r"ACPI|PCI|pci|NUMA|SRAT|APIC|GIC|ITS|psci|timer|hpet|"
                       r"clocksource|rtc|serial|tty|efi|DMI|e820|mtrr|PM:|"
                       r"PnP|pnp|pnpacpi|x2apic|OF:|fw_cfg|cacheinfo")
    for line in read(directory, "dmesg"):
        text = re.sub(r"^\[ *[\d.]+\] ?", "", line)
        if topic.search(text) and "ommand line" not in text:
            yield re.sub(r"0x[0-9a-f]+|\b[0-9a-f]{6,16}\b|\d+", "N", text)


PARTS = {
    "acpi-ids": acpi_ids, "acpi-devices": acpi_devices, "devices": devices,
    "interrupts": interrupts, "pci": pci, "bars": bars,
    "iomem": ranges("iomem"), "ioports": ranges("ioports"),
    "memmap": memory_map, "clocksource": plain("clocksource"),
    "nodes": plain("nodes"), "cpus": plain("cpus"), "dmi": plain("dmi"),
    "mtrr": plain("mtrr"), "dmesg": kernel_words,
}


def compare(name, ours, reference):
    left = collections.Counter(PARTS[name](ours))
    right = collections.Counter(PARTS[name](reference))
    only = [("-", line, n) for line, n in (left - right).items()]
    only += [("+", line, n) for line, n in (right - left).items()]
    print(f"== {name}: {PARTS[name].__doc__.splitlines()[0]}: "
          f"{sum((left & right).values())} equal, {len(only)} differ")
    for mark, line, count in only:
        print(f"{mark} {line}" + (f"   ({count} times)" if count > 1 else ""))
    return len(only)


def main():
    if len(sys.argv) < 3 or set(sys.argv[3:]) - set(PARTS):
        sys.exit("usage: compare.py OURS REFERENCE [" + "|".join(PARTS) + "]")
    for name in sys.argv[3:] or PARTS:
        compare(name, *sys.argv[1:3])


main()
