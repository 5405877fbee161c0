# SPDX-License-Identifier: BSD-2-Clause
"""Makes device trees that a boot case packs, or that QEMU gives the guest."""
import subprocess

TREE_MODEL = "a tree from the bundle"
# Some reserved RAM may be mapped, some not, and one range is not RAM at all.
RESERVED = {"log": ("0", "0x50000000 0 0x100000", False),
            "secure": ("0", "0x51000000 0 0x100000", True),
            "far": ("8", "0 0x10 0", True)}


def call(*words):
    subprocess.run(words, check=True, capture_output=True, text=True)


def marked_tree(qemu_words, work):
    """Makes QEMU's device tree of the machine, and marks it by a name.

    qemu_words are QEMU and its options, those of -machine last.
    """
    padded, tree = f"{work}/padded.dtb", f"{work}/tree.dtb"
    call(*qemu_words[:-1], f"{qemu_words[-1]},dumpdtb={padded}")
    call("dtc", "-q", "-I", "dtb", "-O", "dtb", "-o", tree, padded)
    call("fdtput", "-t", "s", tree, "/", "model", TREE_MODEL)
    return tree


def reserving_tree(qemu_words, work):
    """Makes the same with reserved memory, as if it came from QEMU."""
    tree = marked_tree(qemu_words, work)
    call("fdtput", "-c", tree, "/reserved-memory")
    for name, *value in (("#address-cells", "2"), ("#size-cells", "2"),
                         ("ranges",)):
        call("fdtput", "-t", "x", tree, "/reserved-memory", name, *value)
    for name, (high, rest, is_no_map) in RESERVED.items():
        node = f"/reserved-memory/{name}"
        call("fdtput", "-c", tree, node)
        call("fdtput", "-t", "x", tree, node, "reg", high, *rest.split())
        if is_no_map:
            call("fdtput", "-t", "x", tree, node, "no-map")
    return tree
