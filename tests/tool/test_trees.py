# SPDX-License-Identifier: BSD-2-Clause
"""Device trees: verify and pack refuse what the blob would refuse.

The tool has the blob's own readers of trees, so the lines are the blob's.
"""
import struct

from tool import inputs, tooltest
from tool.test_judge import Judged
from tool.inputs import DT_CPUS, DT_GIC, DT_MEMORY, DTB, dt_node, dt_tree

DTB_TYPE, PLATFORM = 5, 6


def deep(depth):
    node = dt_node("leaf", {})
    for _ in range(depth - 1):
        node = dt_node("n", {}, node)
    return node


def with_word(at, value, tree=DTB):
    return tree[:at] + struct.pack(">I", value) + tree[at + 4:]


def with_tag(old, new, tree=DTB):
    """The first such tag of the nodes becomes another."""
    start, = struct.unpack_from(">I", tree, 8)
    at = tree.index(struct.pack(">I", old), start)
    return with_word(at, new, tree)


# Wrong as a tree: whoever reads it. The lines begin with the reader's name.
BROKEN = {
    "size": (with_word(4, len(DTB) + 1), "%s: 0x"),
    "no-size": (with_word(4, 39), "%s: 0x27 bytes: from 0x28"),
    "version": (dt_tree(DT_MEMORY, DT_CPUS, DT_GIC, version=16),
                "%s: version 16: must be 17"),
    "nodes": (with_word(8, 0xfffffff0), "%s: nodes: 0x"),
    "nodes-size": (with_word(36, 0xfffffff0), "%s: nodes: 0x"),
    "unaligned": (with_word(8, 57), "%s: nodes at 0x39: must be at a multipl"),
    "strings": (with_word(12, len(DTB) + 4), "%s: strings: 0x"),
    "strings-end": (DTB[:-1] + b"x", "%s: strings: the last of 0x"),
    "reservations": (with_word(16, len(DTB) + 8), "%s: reservations: 0x"),
    "endless-reservations": (
        with_word(16, len(DTB) // 16 * 16 - 8), "%s: "),
    "begin": (with_tag(1, 7), "%s: nodes"),
    "end": (with_tag(9, 4), "%s: nodes"),
    "property": (with_tag(3, 6), "%s: nodes"),
}

# Right as trees, but not of a machine.
NO_MACHINE = {
    "no-ram": (dt_tree(DT_CPUS, DT_GIC), "fdt: memory: no RAM at all"),
    "no-cpu": (dt_tree(DT_MEMORY, DT_GIC), "fdt: CPUs: none"),
    "no-gic": (dt_tree(DT_MEMORY, DT_CPUS), "fdt: interrupt controller: nei"),
    "deep": (dt_tree(DT_MEMORY, DT_CPUS, DT_GIC, deep(16)),
             "fdt: nodes: more than 16 deep"),
    "device-in-ram": (
        dt_tree(DT_MEMORY, DT_CPUS, dt_node("gic", {
            **DT_GIC[1], "reg": [0, 0x40000000, 0, 0x10000] * 2})),
        "fdt: GIC: 0x10000 bytes at 0x40000000: in the RAM at 0x40000000"),
    "two-rams": (dt_tree(DT_MEMORY, DT_MEMORY, DT_CPUS, DT_GIC),
                 "fdt: RAM: 0x10000000 bytes at 0x40000000: there is RAM"),
}

# What cannot be copied for the kernel.
NO_COPY = {
    "long-name": (dt_tree(dt_node("n", {"x" * 64: [1]})),
                  "dtb: name at 0x1b: at most 63 characters"),
    "nameless": (dt_tree(dt_node("", {})), "dtb: nodes: only the root has no"),
    "large": (dt_tree(dt_node("n", {"x": bytes(0x1f0000)})),
              "bytes: with ours more than 0x200000"),
}


class DeviceTrees(Judged):
    """The trees of an AArch64 bundle."""

    def wrong(self, says, commands=(["verify"],)):
        super().wrong(says, commands)

    def good_one(self, option, tree, *argv):
        self.make(inputs.IMAGE, option, self.write("tree", tree), *argv)
        self.good("verify", self.sign())

    def bad_one(self, option, tree, says):
        """pack refuses it; and verify, if another tool has packed it."""
        with self.subTest(says):
            self.refused("pack", "-k", self.write("kernel", inputs.IMAGE),
                         "-o", self.path("new"), "--output-format", "bundle",
                         option, self.write("tree", tree), says=says)
            padded = tree.ljust(len(DTB), b"\0")
            self.make(inputs.IMAGE, "--platform", self.write(
                "tree", DTB.ljust(len(tree), b"\0")))
            index, = self.find(PLATFORM)
            if option == "--dtb":
                self.set(index, type=DTB_TYPE)
            self.content(index, padded).wrong(says)

    def test_good_ones(self):
        for option in "--dtb", "--platform":
            for tree in (DTB, DTB + bytes(100),
                         dt_tree(DT_MEMORY, DT_CPUS, DT_GIC, deep(15))):
                self.good_one(option, tree)
        # Only the kernel's affair:
        self.good_one("--dtb", dt_tree(deep(60)))

    def test_broken_trees(self):
        for tree, says in BROKEN.values():
            self.bad_one("--dtb", tree, says.replace("%s", "dtb"))
            self.bad_one("--platform", tree, says.replace("%s", "fdt"))

    def test_platforms_that_are_no_machine(self):
        for tree, says in NO_MACHINE.values():
            self.bad_one("--platform", tree, says)

    def test_platform_without_ram_in_an_igvm_file(self):
        """The host tells of RAM, and of nothing else."""
        for tree, says in ((dt_tree(DT_CPUS, DT_GIC), None),
                           (dt_tree(DT_GIC), "fdt: CPUs: none")):
            argv = ("pack", "-k", self.write("kernel", inputs.IMAGE), "-o",
                    self.out, "--output-format", "igvm", "--platform",
                    self.write("tree", tree))
            if says is None:
                self.good(*argv)
                self.good("verify", self.out)
            else:
                self.refused(*argv, says=says)

    def test_trees_that_cannot_be_copied(self):
        for tree, says in NO_COPY.values():
            self.bad_one("--dtb", tree, says)

    def test_tree_of_a_unified_kernel_image(self):
        tree = with_word(8, 0xfffffff0)
        self.pack_refused(inputs.uki([(b".linux", inputs.IMAGE),
                                      (b".dtb", tree)], machine=0xaa64),
                          "--blob", self.arm_blob, says="dtb: nodes: 0x")

    def test_tree_beside_a_paravisors(self):
        self.make(inputs.IMAGE, "--paravisor", "--platform",
                  self.write("tree", DTB))
        self.good("verify", self.sign())
        index, = self.find(PLATFORM)
        self.set(index, type=DTB_TYPE).wrong(
            "paravisor: a device tree of the bundle: it gets ours")

    def test_tree_of_a_packed_file(self):
        """--from proves it before it takes it."""
        self.make(inputs.IMAGE, "--dtb", self.write("tree", DTB))
        index, = self.find(DTB_TYPE)
        self.content(index, with_tag(9, 4))
        self.refused("pack", "--from", self.sign(), "-o", self.path("new"),
                     "--blob", self.arm_blob, says="dtb: nodes")


class DeviceTreesOfX86(tooltest.ToolTest):
    """The kernel gets the bundle's tree as it is, if it is one."""

    def test_whole_trees_alone(self):
        argv = ("pack", "-k", self.write("kernel", inputs.VMLINUX), "-o",
                self.out, "--output-format", "bundle", "-c", "console=ttyS0",
                "--dtb")
        for tree in DTB, dt_tree(), dt_tree(deep(60)):
            self.good(*argv, self.write("tree", tree))
            self.good("verify", self.out)
        for tree, _ in (BROKEN["size"], BROKEN["nodes"], BROKEN["begin"],
                        BROKEN["end"], BROKEN["strings"]):
            self.refused(*argv, self.write("tree", tree),
                         says="dtb: 0x%x bytes: are no whole device tree" %
                         len(tree))
