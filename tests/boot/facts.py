# SPDX-License-Identifier: BSD-2-Clause
"""What VMMs without fw_cfg leave in RAM: MP tables, ACPI tables; right or not.

Cases for doors.py. `loads` are put where they say, `smp` is how many CPUs QEMU
has, and of a boot that succeeds the ledger must have the words of `shows`.
Layouts: MultiProcessor Specification 1.4, chapter 4; ACPI 6.4, chapter 5.2.
"""
import struct

RAM = [(0, 0x9fc00, 1), (0x9fc00, 0x60400, 2), (0x100000, 0x7f00000, 1)]
FLOATING, TABLE = 0x9fc00, 0x9fc10
RSDP, TABLES = 0x6000000, 0x6001000


def with_sum(data, at):
    data = bytearray(data)
    data[at] = 0
    data[at] = -sum(data) & 0xff
    return bytes(data)


def floating(paddr=TABLE):
    return FLOATING, with_sum(b"_MP_" + struct.pack("<IBBB5x", paddr, 1, 4, 0),
                              10)


def mp_table(entries, length=None, count=None, signature=b"PCMP", extra=0):
    body = b"".join(entries)
    head = struct.pack("<4sHBB8s12sIHHIHBB", signature, 44 + len(body)
                       if length is None else length, 4, 0, b"TEST", b"VMM",
                       0, 0, len(entries) if count is None else count,
                       0xfee00000, 0, 0, 0)
    table = bytearray(with_sum(head + body, 7))
    table[7] = table[7] + extra & 0xff
    return TABLE, bytes(table)


def cpus(count):
    return [struct.pack("<BBBB4sI8x", 0, i, 0x14, 3 if i == 0 else 1, b"", 0)
            for i in range(count)]


CHIP = struct.pack("<BBBBI", 2, 9, 0x11, 1, 0xfec00000)


def table(signature, body, length=None):
    head = struct.pack("<4sIBB6s8sIII", signature, 36 + len(body) if
                       length is None else length, 1, 0, b"VMM", b"TEST", 1,
                       0, 1)
    return with_sum(head + body, 9)


def acpi(*tables, wrong=""):
    """RSDP, XSDT, and the tables a page each."""
    paddrs = [TABLES + 0x1000 * (i + 1) for i in range(len(tables))]
    xsdt = table(b"XSDT", struct.pack(f"<{len(paddrs)}Q", *paddrs))
    rsdp = with_sum(b"RSD PTR " + struct.pack("<B6sBI", 0, b"VMM", 2, 0), 8)
    rsdp = bytearray(with_sum(rsdp + struct.pack("<IQB3x", 36, TABLES, 0), 32))
    rsdp[8 if wrong == "sum" else 32] += wrong != ""
    return [(RSDP, bytes(rsdp)), (TABLES, xsdt)] + list(zip(paddrs, tables))


def madt(ids, tail=b""):
    return table(b"APIC", struct.pack("<II", 0xfee00000, 1) + b"".join(
        struct.pack("<BBHIII", 9, 16, 0, i, 1, i) for i in ids) +
        struct.pack("<BBBBII", 1, 12, 0, 0, 0xfec00000, 0) + tail)


def mcfg(base, first=0, last=255):
    return table(b"MCFG", struct.pack("<QQHBBI", 0, base, 0, first, last, 0))


def case(name, line="", shows="", smp=1, loads=(), rsdp=0, entry="pvh"):
    return (name, entry, {"e820": RAM, "loads": loads, "rsdp": rsdp,
                          "smp": smp, "shows": shows}, line)


def mp_case(name, line, **changes):
    return case(name, line, loads=[floating(), mp_table(**changes)])


CASES = [
    case("cpus-asked-1", shows="1 CPUs"),
    case("cpus-asked-3", shows="3 CPUs", smp=3),
    case("cpus-asked-said", shows="CPUs by answer"),
    case("cpus-asked-8", shows="8 CPUs", smp=8, entry="linux64"),
    case("mp-4", shows="4 CPUs", smp=4,
         loads=[floating(), mp_table(cpus(4) + [CHIP])]),
    case("mp-said", shows="CPUs by MP table", smp=2,
         loads=[floating(), mp_table(cpus(2) + [CHIP])]),
    case("mp-linux64", shows="2 CPUs", smp=2, entry="linux64",
         loads=[floating(), mp_table(cpus(2) + [CHIP])]),
    case("mp-floating-sum", shows="1 CPUs", smp=1,
         loads=[(FLOATING, b"_MP_" + struct.pack("<IBBB5x", TABLE, 1, 4, 0)),
                mp_table(cpus(4))]),
    case("mp-wild", "MP table: none at 0xfffffff0",
         loads=[floating(0xfffffff0)]),
    case("mp-loop", "MP table: none at 0x9fc00",
         loads=[floating(FLOATING)]),
    mp_case("mp-sum", "MP table: none at 0x9fc10", entries=cpus(1), extra=1),
    mp_case("mp-signature", "MP table: none at 0x9fc10", entries=cpus(1),
            signature=b"PCMQ"),
    mp_case("mp-short", "MP table: none at 0x9fc10", entries=cpus(1), length=43),
    mp_case("mp-count", "MP table: entry 1: type 0, 0 bytes left",
            entries=cpus(1), count=0xffff),
    mp_case("mp-type", "MP table: entry 1: type 200, 8 bytes left",
            entries=cpus(1) + [b"\xc8" + bytes(7)]),
    mp_case("mp-chips", "I/O APICs: more than 4", entries=[CHIP] * 5),
    case("madt-4", shows="4 CPUs", smp=4, rsdp=RSDP, loads=acpi(
        madt([0, 1, 2, 3]), mcfg(0xe8000000))),
    case("madt-said", shows="CPUs by MADT", rsdp=RSDP,
         loads=acpi(madt([0]), mcfg(0xf4000000, last=63))),
    case("madt-none", shows="2 CPUs", smp=2, rsdp=RSDP,
         loads=acpi(mcfg(0xe8000000))),
    case("madt-before-mp", shows="2 CPUs", smp=2, rsdp=RSDP,
         loads=acpi(madt([0, 1])) + [floating(), mp_table(cpus(4))]),
    case("rsdp-wild", "acpi: VMM's table: 0x24 bytes at 0x123456789*",
         rsdp=0x123456789abcd000),
    case("rsdp-none", "acpi: VMM's RSDP: none at 0x6000000",
         rsdp=RSDP),
    case("rsdp-sum", "acpi: VMM's RSDP: none at *", rsdp=RSDP,
         loads=acpi(madt([0]), wrong="sum")),
    case("rsdp-sum2", "acpi: VMM's RSDP: none at *", rsdp=RSDP,
         loads=acpi(madt([0]), wrong="extended")),
    case("madt-loop", "acpi: VMM's MADT: type 127 has 0 bytes of 2",
         rsdp=RSDP, loads=acpi(madt([0], b"\x7f\x00"))),
    case("madt-cut", "acpi: VMM's MADT: type 9 has 16 bytes of 8",
         rsdp=RSDP, loads=acpi(madt([0], b"\x09\x10" + bytes(6)))),
    case("madt-many", "CPUs: more than 1024", rsdp=RSDP,
         loads=acpi(madt(range(1025)))[::-1]),
    case("madt-length", "acpi: VMM's table: 0xffffffff bytes at *",
         rsdp=RSDP, loads=acpi(table(b"APIC", bytes(8), 0xffffffff))),
    case("mcfg-wild", "acpi: VMM's MCFG: buses 0-255 at 0xfff*",
         rsdp=RSDP, loads=acpi(mcfg(0xfffffffffff00000))),
]
