# SPDX-License-Identifier: BSD-2-Clause
"""What each door's VMM puts in RAM: the blob, the hand-off, the payload.

As a bzImage the blob's first page lies at 10000 and the rest at 100000, as QEMU
and kvmtool have them. Layouts: Xen docs/misc/pvh.pandoc, Linux's boot.rst.
"""
import struct

from doors import facts, maps, recordings
from lib import bundles

BLOB, HANDOFF, TABLES, BUNDLE = 0x200000, 0x7000, 0x6000, 0x4000000
CMDLINE, SETUP, SETUP_SIZE = 0x20000, 0x10000, 0x1000
MAP_MAX, MODULES, SETUP_DATA = 0x800, 0x6800, 0x30000
BLOB_OF_BZIMAGE = 0x100000 - SETUP_SIZE
# doors.S's mode, and the entry's offset in the blob
ENTRIES = {"linux32": (0, 0x1000), "pvh": (0, 0x1010), "linux64": (1, 0x1200),
           "linux16": (2, 0), "low-bios": (3, 0)}
LOW_BIOS, LOW_BIOS_SIZE = 0x20000, 0x20000
# Of mode 4, a recording: what is to be at A0000, and doors.S's REGISTERS
RECORDED, UPPER, HIGH_RAM = 4, 0xa0000, 0x100000
UPPER_STAGED, REGISTERS = 0x7000000, 0x70800
SETUP_SECTS = 0x1f1  # of boot_params; loaders of ELF files tell none
CS_IP_BOOT_RST = 0x10200000
VERBOSE = 1
# mov 0x250(%rsi), %rax; movzbl 0x10(%rax), %eax; mov $0xf4, %edx; out %eax, %dx
SEED_CODE = bytes.fromhex("488b8650020000" "0fb64010" "baf4000000" "ef" "f4")
# mov 0xffff7, %eax; sub $0xf464e6fe - 0x10, %eax; mov $0xf4, %edx; out %eax, %dx
VECTOR_CODE = bytes.fromhex("8b0425f7ff0f00" "2deee664f4" "baf4000000" "ef"
                            "f4")
CODES = {"seed": SEED_CODE, "vector": VECTOR_CODE}
FIRST_DEVICE = b"virtio_mmio.device=512@0xd0000000:5"


def ranges_of(case, default="none"):
    return maps.ranges(case.get("e820", default))


def start_info(case, module):
    """Start info at 7000, the modules at 6800; the map at 6000, if it fits."""
    rows = ranges_of(case)
    memory_map = maps.start_info_map(rows)
    fits = len(memory_map) <= MAP_MAX
    data = bytearray(0x1000)
    if fits:
        data[:len(memory_map)] = memory_map
    modules = [module] + list(map(maps.span, case.all("module2")))
    for index, row in enumerate(modules):
        struct.pack_into("<QQQQ", data, MODULES - TABLES + index * 32, *row,
                         0, 0)
    return data + struct.pack(
        "<IIIIQQQQII", case.number("magic", 0x336ec578),
        case.number("version", 1), 0,
        case.number("module-count", len(modules)),
        case.number("modules", MODULES), case.number("cmdline", CMDLINE),
        case.number("rsdp", 0),
        case.number("memmap", TABLES if fits else SETUP_DATA),
        case.number("memmap-count", len(rows)), 0)


def boot_params(case, module):
    rows = ranges_of(case)
    data = bytearray(0x2000)
    base = HANDOFF - TABLES
    struct.pack_into("<Q", data, base + 0x70, case.number("rsdp", 0))
    struct.pack_into("<II", data, base + 0xc0,
                     module[0] >> 32, module[1] >> 32)
    struct.pack_into("<B", data, base + 0x1e8, len(rows))
    struct.pack_into("<I", data, base + 0x202,
                     case.number("magic", 0x53726448))
    struct.pack_into("<II", data, base + 0x218,
                     module[0] & 0xffffffff, module[1] & 0xffffffff)
    struct.pack_into("<I", data, base + 0x228,
                     case.number("cmdline", CMDLINE))
    struct.pack_into("<Q", data, base + 0x250, case.number(
        "setup-data-at", SETUP_DATA if "setup-data" in case else 0))
    entries = maps.e820_entries(rows)
    data[base + 0x2d0:base + 0x2d0 + len(entries)] = entries
    return data


def real_mode(case, _):
    """What the BIOS of doors.S answers; the rest is in the setup part."""
    rows = ranges_of(case, "ram")
    return struct.pack("<IIII", len(rows), case.number("again", 0), 0, 0) + \
        maps.e820_entries(rows)


MAKERS = {"pvh": start_info, "linux16": real_mode, "linux32": boot_params,
          "linux64": boot_params}


def setup_part(case, blob, module):
    """The first page, with what a loader fills in."""
    data = bytearray(blob[:SETUP_SIZE])
    struct.pack_into("<B", data, 0x210, 0xff)
    struct.pack_into("<III", data, 0x214,
                     case.number("blob", BLOB_OF_BZIMAGE) + SETUP_SIZE,
                     *module)
    struct.pack_into("<I", data, 0x228, case.number("cmdline", CMDLINE))
    return data


def data_at_30000(case):
    """The records of setup_data, or a memory map of PVH's too long for 6000."""
    if "setup-data" in case:
        return maps.setup_data(case, SETUP_DATA)
    return b"" if "setup-data-at" in case else \
        maps.start_info_map(ranges_of(case))


def make_bundle(case, codes):
    """Verbose where words of the ledger are wanted."""
    kernel = bundles.elf()
    code = (CODES | codes).get(case.get("code"), bundles.CODE)
    kernel[bundles.PAGE:bundles.PAGE + len(code)] = code
    has_devices = case.get("bundle") == "devices"
    is_bare = "embedded" in case or case.get("bundle") == "bare"
    initrd = b"" if has_devices or is_bare else bytes(range(1, 256)) * 0x100
    bundle = bundles.Bundle(bundles.KIND_SEGMENTS, kernel, initrd,
                            b"bundle's " + FIRST_DEVICE if has_devices
                            else b"")
    if case.expected.wants_ledger:
        bundle.set("header", "flags", VERBOSE)
    bundle.sign()
    return bundle.data


def low_bios(case, blob, bundle):
    """What is at E0000 to FFFFF; kvmtool's MP table is put over it."""
    data = bundles.rom(blob, bundle) if "embedded" in case else \
        bytes(LOW_BIOS_SIZE - len(blob)) + blob
    assert len(data) == LOW_BIOS_SIZE
    return data


def place_of(recording):
    """Where the blob's first page is, or would be, in a bzImage."""
    is_bzimage = recording.door != "pvh" and recording.load(
        recording.registers["rsi"] + SETUP_SECTS, "<B")[0]
    return BLOB_OF_BZIMAGE if is_bzimage else BLOB


def registers(recording):
    """As doors.S has them: a limit is at the end of its eight bytes."""
    values = dict(recording.registers)
    entry = place_of(recording) + ENTRIES[recording.door][1]
    for name in ("fs", "gs"):
        if values[name] > values["gdt_limit"]:  # it is real mode's
            values[name] = 0
    for name in ("gdt_limit", "idt_limit"):
        values[name] <<= 48
    return struct.pack("<28Q", *values.values(), values["cs"] << 32 | entry,
                       values["cs"] << 32, entry)


def recorded(case, rom, blob, bundle):
    """The files of a recording, with the blob where the VMM had loaded one."""
    recording = recordings.read(case.get("recording"))
    upper = bytearray(HIGH_RAM - UPPER)
    found = []
    for address, data in recording.blocks():
        if UPPER <= address < HIGH_RAM:
            upper[address - UPPER:address - UPPER + len(data)] = data
        else:
            found.append((f"ram{address:x}", data, address))
    struct.pack_into("<II", rom, 0, RECORDED, UPPER_STAGED)
    found += [("rom", rom, None), ("upper", upper, UPPER_STAGED),
              ("registers", registers(recording), REGISTERS)]
    module = recordings.module(recording)
    if module:
        return found + [("bundle", bundle, module),
                        ("blob", blob[SETUP_SIZE:],
                         place_of(recording) + SETUP_SIZE)]
    blob = bundles.rom(blob, bundle)
    return found + [("blob", blob, BLOB + bundles.BLOB_SIZE - len(blob))]


def files(case, rom, blob, codes):
    """Name, bytes and place of what goes to RAM; None: not by the loader.

    `codes` are kernels by the words of code= that CODES lacks.
    """
    bundle = make_bundle(case, codes)
    if case["entry"] == "recorded":
        return recorded(case, bytearray(rom), blob, bundle)
    mode, offset = ENTRIES[case["entry"]]
    rom = bytearray(rom)
    struct.pack_into("<I", rom, 12, case.number("lstar", 0))
    if case["entry"] == "low-bios":
        struct.pack_into("<III", rom, 0, mode, LOW_BIOS, 0)
        return [("rom", rom, None), ("bundle", bundle, None),
                ("low", low_bios(case, blob, bundle), LOW_BIOS)]
    is_real = case["entry"] == "linux16"
    place = case.number("blob", BLOB_OF_BZIMAGE if is_real else BLOB)
    module = maps.span(case.get("module", f"{BUNDLE}+{len(bundle)}"))
    words = case.get("words", "quiet").replace("+", " ").replace(
        "\\t", "\t").encode() + b"\0"
    found = [("rom", rom, None), ("cmdline", words, CMDLINE),
             ("handoff", MAKERS[case["entry"]](case, module), TABLES),
             ("data", data_at_30000(case), SETUP_DATA)]
    found += [(f"load{paddr:x}", data, paddr)
              for paddr, data in facts.loads(case)]
    if is_real:
        found.append(("setup", setup_part(case, blob, module), SETUP))
        struct.pack_into("<III", rom, 0, mode,
                         case.number("cs-ip", CS_IP_BOOT_RST), SETUP >> 4)
    else:
        struct.pack_into("<III", rom, 0, mode, place + offset,
                         case.number("handoff", HANDOFF))
    if "embedded" in case:
        own = bundles.pin(bundle) if case.get("embedded") == "pin" else bundle
        blob = bundles.rom(blob, own)
        place += bundles.BLOB_SIZE - len(blob)
    elif is_real or case.get("setup") == "no":
        blob, place = blob[SETUP_SIZE:], place + SETUP_SIZE
    return found + side_by_side(bundle, blob, place)


def side_by_side(bundle, blob, place):
    """QEMU does not want to load a file over another."""
    if not BUNDLE < place < BUNDLE + len(bundle):
        return [("bundle", bundle, BUNDLE), ("blob", blob, place)]
    joined = bytearray(bundle)
    joined[place - BUNDLE:place - BUNDLE + len(blob)] = blob
    return [("blob", joined, BUNDLE)]
