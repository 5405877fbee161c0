# SPDX-License-Identifier: BSD-2-Clause
"""What VMMs without fw_cfg leave in RAM: MP tables, ACPI tables; right or not.

Made from the words mp= and acpi= of doors.cases, as (place, bytes). Layouts:
MultiProcessor Specification 1.4, chapter 4; ACPI 6.4, chapter 5.2.
"""
import struct

FLOATING, TABLE = 0x9fc00, 0x9fc10
RSDP, TABLES = 0x6000000, 0x6001000


def with_sum(data, at):
    data = bytearray(data)
    data[at] = 0
    data[at] = -sum(data) & 0xff
    return bytes(data)


def floating(case):
    paddr = case.number("mp.at", TABLE)
    data = b"_MP_" + struct.pack("<IBBB5x", paddr, 1, 4, 0)
    return FLOATING, (data if "mp.floating-sum" in case
                      else with_sum(data, 10))


def cpu(index):
    return struct.pack("<BBBB4sI8x", 0, index, 0x14, 3 if index == 0 else 1,
                       b"", 0)


def mp_entries(text):
    for item in text.split(","):
        kind, _, count = item.partition(":")
        if kind == "cpus":
            yield from map(cpu, range(int(count)))
        elif kind == "chip":
            yield from [struct.pack("<BBBBI", 2, 9, 0x11, 1,
                                    0xfec00000)] * int(count)
        else:
            yield bytes([int(count)]) + bytes(7)


def mp_table(case):
    entries = list(mp_entries(case.get("mp")))
    body = b"".join(entries)
    signature = case.get("mp.signature", "PCMP").encode()
    head = struct.pack("<4sHBB8s12sIHHIHBB", signature,
                       case.number("mp.length", 44 + len(body)), 4, 0,
                       b"TEST", b"VMM", 0, 0,
                       case.number("mp.count", len(entries)), 0xfee00000, 0,
                       0, 0)
    table = bytearray(with_sum(head + body, 7))
    table[7] = table[7] + ("mp.sum" in case) & 0xff
    return TABLE, bytes(table)


def acpi_table(signature, body, length=None):
    head = struct.pack("<4sIBB6s8sIII", signature, 36 + len(body) if
                       length is None else length, 1, 0, b"VMM", b"TEST", 1,
                       0, 1)
    return with_sum(head + body, 9)


def madt(ids, tail=""):
    first, last = map(int, ids.split("-"))
    return acpi_table(b"APIC", struct.pack("<II", 0xfee00000, 1) + b"".join(
        struct.pack("<BBHIII", 9, 16, 0, i, 1, i)
        for i in range(first, last + 1)) + struct.pack(
            "<BBBBII", 1, 12, 0, 0, 0xfec00000, 0) + bytes.fromhex(tail))


def mcfg(base, buses="0-255"):
    first, last = map(int, buses.split("-"))
    return acpi_table(b"MCFG", struct.pack(
        "<QQHBBI", 0, int(base, 0), 0, first, last, 0))


def empty_madt(length):
    return acpi_table(b"APIC", bytes(8), int(length, 0))


BUILDERS = {"madt": madt, "mcfg": mcfg, "empty-madt": empty_madt}


def acpi(case):
    """RSDP, XSDT, and the tables, from a page of their own each on."""
    items = [item.split(":") for item in case.get("acpi").split(",")]
    tables = [BUILDERS[name](*words) for name, *words in items]
    paddrs = [TABLES + 0x1000 * (i + 1) for i in range(len(tables))]
    xsdt = acpi_table(b"XSDT", struct.pack(f"<{len(paddrs)}Q", *paddrs))
    rsdp = with_sum(b"RSD PTR " + struct.pack("<B6sBI", 0, b"VMM", 2, 0), 8)
    rsdp = bytearray(with_sum(rsdp + struct.pack("<IQB3x", 36, TABLES, 0), 32))
    wrong = case.get("acpi.wrong")
    rsdp[8 if wrong == "sum" else 32] += wrong is not None
    return [(RSDP, bytes(rsdp)), (TABLES, xsdt), *zip(paddrs, tables)]


def loads(case):
    found = acpi(case) if "acpi" in case else []
    if "mp" in case:
        found.append(floating(case))
        if case.get("mp") != "none":
            found.append(mp_table(case))
    return found
