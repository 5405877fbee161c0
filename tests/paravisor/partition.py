# SPDX-License-Identifier: BSD-2-Clause
"""Judges a partition's memory map by the device tree alone.

A tree is a dictionary: the path of a node -> its properties, name -> bytes.
"""
import re
import struct
import subprocess

GUEST, PARAVISOR, POOL = 0, 1, 4  # openhcl,memory-type


def of_console(text):
    """The tree that tests/paravisor/init prints."""
    if match := re.search(r"^BLOB ([0-9a-f]+)", text, re.M):
        return of_blob(bytes.fromhex(match[1]))
    tree, node = {}, None
    for line in text.splitlines():
        if match := re.match(r"NODE (\S*)", line):
            node = tree.setdefault(match[1] or "/", {})
        elif match := re.match(r"PROP (\S+) ([0-9a-f]*)", line):
            node[match[1]] = bytes.fromhex(match[2])
    return tree


def of_text(path, values):
    """The tree of a dts file, in which {NAME} stands for values["NAME"]."""
    with open(path, encoding="utf-8") as file:
        text = re.sub(r"\{([A-Z]+)\}", lambda match: values[match[1]],
                      file.read())
    made = subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb"], check=True,
                          input=text.encode(), capture_output=True)
    return of_blob(made.stdout)


def of_blob(blob):
    """Devicetree Specification 0.4, chapter 5."""
    nodes, strings = struct.unpack_from(">8xII", blob, 0)
    offset, path, tree = nodes, [], {}
    while (tag := struct.unpack_from(">I", blob, offset)[0]) != 9:
        offset += 4
        if tag == 1:
            end = blob.index(b"\0", offset)
            path.append(blob[offset:end].decode())
            tree["/".join(path) or "/"] = {"name": path[-1].split("@")[0]
                                           .encode() + b"\0"}
            offset = end + 4 - end % 4
        elif tag == 2:
            path.pop()
        elif tag == 3:
            size, name = struct.unpack_from(">II", blob, offset)
            end = blob.index(b"\0", strings + name)
            value = blob[offset + 8:offset + 8 + size]
            tree["/".join(path) or "/"][
                blob[strings + name:end].decode()] = value
            offset += 8 + (size + 3) // 4 * 4
    return tree


def differences(tree, wanted):
    """Lines that say where one tree is not as the other."""
    for path in sorted(tree.keys() | wanted.keys()):
        left, right = tree.get(path), wanted.get(path)
        if left is None or right is None:
            yield f"{path}: {'absent' if left is None else 'too much'}"
            continue
        for name in sorted(left.keys() | right.keys()):
            if left.get(name) != right.get(name):
                yield f"{path}: {name} is {left.get(name)}, not {right.get(name)}"


def pieces(tree, parent, kind):
    """(base, end, owner) of each node of that device_type, sorted."""
    found = []
    for path, node in tree.items():
        if path.rpartition("/")[0] == parent and \
                node.get("device_type") == kind.encode() + b"\0":
            base, size = struct.unpack(">QQ", node["reg"])
            owner = node.get("openhcl,memory-type", bytes(4))
            found.append((base, base + size, struct.unpack(">I", owner)[0]))
    return sorted(found)


def joined(ranges):
    """The same addresses in the fewest ranges."""
    out = []
    for base, end, *_ in ranges:
        if out and out[-1][1] == base:
            out[-1] = (out[-1][0], end)
        else:
            out.append((base, end))
    return out


def check(tree, ram):
    """Problems of /openhcl and /memory@; `ram`: what the machine really has,
    as sorted (base, end)."""
    told = pieces(tree, "/openhcl", "memory-openhcl")
    for (_, end, _), (base, _, _) in zip(told, told[1:]):
        if base < end:
            yield f"/openhcl: {base:#x} is in two nodes"
    if joined(told) != joined(ram):
        yield f"/openhcl has {joined(told)}, the machine {joined(ram)}"
    own = joined(piece for piece in told if piece[2] != GUEST)
    kernel = joined(pieces(tree, "", "memory"))
    if own != kernel:
        yield f"/memory@ has {kernel}, /openhcl says {own}"
