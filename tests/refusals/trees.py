# SPDX-License-Identifier: BSD-2-Clause
"""Device trees for rows of aarch64.cases, right and wrong, by their names.

Layout: Devicetree Specification 0.4, chapter 5. All but QEMU's own are made
here of words, so that any of them can be wrong.
"""
import struct
import subprocess

TREE = 0x48000000
BEGIN, END_NODE, PROP, END = 1, 2, 3, 9
STRINGS = b"reg\0compatible\0device_type\0#interrupt-cells\0status\0"


def cells(*values):
    return struct.pack(f">{len(values)}I", *values)


def root(*nodes):
    return cells(BEGIN, 0) + b"".join(nodes) + cells(END_NODE, END)


MEMORY = (cells(BEGIN, 0x6d000000, PROP, 7, 15) + b"memory\0\0" +
          cells(PROP, 12, 0) + cells(0, 0x40000000, 0x10000000) +
          cells(END_NODE))
CPUS = (cells(BEGIN, 0x63707573, 0) +
        cells(BEGIN, 0x63000000, PROP, 4, 15) + b"cpu\0" +
        cells(PROP, 8, 0) + cells(0, 0) + cells(END_NODE, END_NODE))

# What the structure block is.
NODES = {
    "root": root(),
    "cut": root()[:-4],
    "endless": cells(BEGIN, 0) * 500,
    "huge-property": cells(BEGIN, 0, PROP, 0xfffffff0, 0),
    "no-name": cells(BEGIN, 0, PROP, 0, 0x1000, END_NODE, END),
    "memory": root(MEMORY),
    "cpus": root(MEMORY, CPUS),
    "empty-strings": root(cells(BEGIN, 0x6e000000, PROP, 0x1f0000, 44) +
                          bytes(0x1f0000) + cells(END_NODE)),
}


def with_head(nodes, size=None, version=17, struct_size=None):
    """A tree of this structure block; what else is given is the head's lie."""
    off_strings = 56 + len(nodes)
    total = off_strings + len(STRINGS)
    head = struct.pack(
        ">10I", 0xd00dfeed, total if size is None else size, 56, off_strings,
        40, version, 16, 0, len(STRINGS),
        len(nodes) if struct_size is None else struct_size)
    return head + bytes(16) + nodes + STRINGS


def of_qemu(program, work):
    """The path of the tree that QEMU makes for the machine here."""
    tree_file, compact = f"{work}/qemu.dtb", f"{work}/compact.dtb"
    subprocess.run([*program, "-M", f"virt,dumpdtb={tree_file}", "-cpu",
                    "cortex-a72", "-m", "256M", "-nodefaults", "-display",
                    "none"], check=True, capture_output=True, text=True)
    # QEMU leaves room for more at the end; the blob takes a compact one.
    subprocess.run(["dtc", "-q", "-I", "dtb", "-O", "dtb", "-o", compact,
                    tree_file], check=True, capture_output=True, text=True)
    return compact


def seeds_of(path):
    """The bytes of both, by their names."""
    seeds = {}
    for name in "rng-seed", "kaslr-seed":
        words = subprocess.run(["fdtget", "-t", "bx", path, "/chosen", name],
                               check=True, capture_output=True, text=True)
        seeds[name] = bytes(int(word, 16) for word in words.stdout.split())
    return seeds


def with_uart(path, what):
    """The path of QEMU's tree, whose UART is none, or is nowhere."""
    changes = {
        "none": (b"arm,pl011\0arm,primecell", b"not,pl011\0not,primecell"),
        "nowhere": (cells(0, 0x09000000, 0, 0x1000),
                    cells(0x30, 0, 0, 0x1000)),
    }
    with open(path, "rb") as file:
        data = file.read()
    before, after = changes[what]
    if before not in data:
        raise ValueError(f"{path}: has no UART as expected")
    with open(path + ".uart", "wb") as file:
        file.write(data.replace(before, after))
    return path + ".uart"


def moved_fw_cfg(program, work):
    """QEMU's tree, but that fw_cfg is where the tree itself is."""
    with open(of_qemu(program, work), "rb") as file:
        data = file.read()
    return data.replace(cells(0, 0x09020000, 0, 0x18),
                        cells(0, TREE + 0x10000, 0, 0x18))


def changed(case, program, work):
    """QEMU's tree, with each property that the row sets as PATH:NAME:CELLS."""
    path = of_qemu(program, work)
    for value in case.all("set"):
        node, name, cells_ = value.split(":")
        subprocess.run(["fdtput", "-t", "x", path, node, name,
                        *cells_.split("+")], check=True)
    with open(path, "rb") as file:
        return file.read()


def build(case, program, work):
    """The bytes of the tree that the row names."""
    name = case.get("tree")
    if name == "zeros":
        return bytes(64)
    if name == "qemu":
        return changed(case, program, work)
    if name == "moved-fw-cfg":
        return moved_fw_cfg(program, work)
    fields = {key.removeprefix("tree."): int(value, 0)
              for key, value in case.words if key.startswith("tree.")}
    return with_head(NODES[name], **fields)
