#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Checks the source against its own rules; prints one line for each rule.

The rules are: who may include whom, no circles of files, where assembly may
be, how long functions and files may be, the licence line, and clang-format.
common/README.md has the reasons.
"""
import argparse
import re
import shutil
import subprocess
import sys
from pathlib import Path

FUNCTION_LINES_MAX = 45
FILE_LINES_MAX = 400

# These are the stages of the boot. A stage may know the stages before it.
STAGES = ["lib", "machine", "memory", "payload", "place", "describe", "enter"]
COMMON_STAGES = STAGES[:-1]
# Each folder of an architecture may know common/ up to this stage.
ARCH_STAGES = {"lib": "machine", "probe": "machine", "payload": "payload",
               "place": "place", "describe": "describe", "enter": "place"}
# What only one image of a blob has. It may know every stage; no stage knows it
# but by common/image.h.
ROM_ROOMS, IGVM_ROOMS = ["rom"], ["igvm", "paravisor"]
IMAGE_ROOMS = ROM_ROOMS + IGVM_ROOMS
# A folder of the host tool may know the folders before it.
TOOL_ROOMS = ["lib", "read", "rootfs", "judge", "write", "show", "run"]
# Only the flow, the doors, and the end of a boot may know struct boot.
BOOT_USERS = re.compile(r"common/main\.c|arch/\w+/door/|arch/\w+/lib/global\.h")
GLOBAL_USERS = re.compile(r"arch/\w+/lib/(console|stop|exception)\.c")

ROOT = Path(__file__).resolve().parent.parent


def files(*patterns):
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard",
         *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split()
            if (ROOT / name).exists()]


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def includes(path):
    """Yields line number and name of each file of ours that it includes."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if match := re.match(r'\s*#include "([^"]+)"', line):
            yield number, match[1]


def common_may(folder, included):
    """Tells whether a file of common/folder/ may include that one."""
    if included in ("common/arch.h", "common/image.h"):
        return True
    match = re.match(r"common/(\w+)/", included)
    if not match:
        return False
    if match[1] == "spec" or folder == match[1]:
        return True
    if folder == "spec":
        return included == "common/lib/compiler.h"
    if folder in IMAGE_ROOMS:
        return match[1] in COMMON_STAGES + IMAGE_ROOMS
    return (match[1] in COMMON_STAGES and folder in COMMON_STAGES and
            COMMON_STAGES.index(match[1]) < COMMON_STAGES.index(folder))


def arch_may(arch, folder, included):
    """Tells whether a file of arch/ARCH/folder/ may include that one."""
    own = re.match(rf"arch/{arch}/(?:(\w+)/)?", included)
    if folder in IMAGE_ROOMS:
        return bool(own) or common_may(folder, included)
    if own:
        return (not own[1] or own[1] == folder or own[1] == "lib" or
                (folder in STAGES or folder == "probe") and
                own[1] in arch_before(folder))
    if folder == "door":
        return included.startswith("common/")
    if folder not in ARCH_STAGES: # cpu.h, memmap.h
        return included.startswith(("common/lib/", "common/spec/"))
    return common_may_upto(ARCH_STAGES[folder], included)


def arch_before(folder):
    order = ["lib", "probe", "payload", "place", "describe", "enter"]
    return order[:order.index(folder)] if folder in order else []


def common_may_upto(stage, included):
    return common_may(stage, included) or bool(
        re.match(rf"common/({stage})/", included))


def may_include(name, included):
    if name.startswith("tests/"):
        return True
    if included == "common/boot.h":
        return bool(BOOT_USERS.match(name))
    if re.match(r"arch/\w+/lib/global\.h", included):
        return bool(GLOBAL_USERS.match(name))
    if included.startswith("tests/"):
        return False
    if match := re.match(r"common/(\w+)/", name):
        return common_may(match[1], included)
    if name.startswith("common/"): # main.c, boot.h, arch.h
        return included.startswith("common/")
    if match := re.match(r"arch/(\w+)/(?:(\w+)/)?", name):
        return arch_may(match[1], match[2], included)
    if match := re.match(r"payload/(\w+)/", name):
        return tool_may(match[1], included)
    return True


def tool_may(room, included):
    """Tells whether a file of payload/room/ may include that one."""
    match = re.match(r"payload/(\w+)/", included)
    return not match or TOOL_ROOMS.index(match[1]) <= TOOL_ROOMS.index(room)


def included_wrongly():
    """A file includes only files of its own stage or of one before it."""
    for path in files("*.c", "*.h", "*.S"):
        for number, included in includes(path):
            if not may_include(name_of(path), included):
                yield f"{name_of(path)}:{number}: includes {included}"


def without_comments(text):
    return re.sub(r'/\*.*?\*/|"(?:\\.|[^"\\])*"', " ", text, flags=re.S)


DEFINITION = re.compile(
    r"^(?!static\b)[A-Za-z_][\w \t*]*?\b(\w+)\((?:[^;{}]*)\)\n\{", re.M)


def stem_of(name):
    return re.sub(r"\.[chS]$", "", name)


def graph_of(paths):
    """Maps each file (its .c and .h are one) to those it includes or calls."""
    texts = {name_of(path): without_comments(path.read_text())
             for path in paths}
    homes = {function: stem_of(name) for name, text in texts.items()
             if name.endswith(".c") for function in DEFINITION.findall(text)}
    edges = {}
    for path in paths:
        name = name_of(path)
        known = {stem_of(included) for _, included in includes(path)}
        if name.endswith(".c"):
            called = set(re.findall(r"\b(\w+)\s*\(", texts[name]))
            known |= {homes[function] for function in called & homes.keys()}
        edges.setdefault(stem_of(name), set()).update(
            known - {stem_of(name), "common/arch", "common/boot"})
    return edges


def circles_in(edges):
    """Finds strongly connected components of two or more files (Tarjan)."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in edges.get(node, ()):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            members = stack[stack.index(node):]
            del stack[stack.index(node):]
            if len(members) > 1:
                found.append(sorted(members))

    for node in sorted(edges):
        if node not in index:
            visit(node)
    return found


def tool_sources():
    """Returns the host tool's sources, some of which are the blob's."""
    made = subprocess.run(
        ["make", "-s", "--no-print-directory", "print-tool-sources"], cwd=ROOT,
        capture_output=True, text=True, check=True)
    return [ROOT / name for name in made.stdout.split()]


def images_of(arch):
    """Yields the name and the files of each image of a blob."""
    paths = files("common/*.c", f"arch/{arch}/*.[ch]")
    for name, left_out in [("ROM", IGVM_ROOMS),
                           ("IGVM image",
                            ROM_ROOMS + ["disk", "acpi_loader.c",
                                         "no_acpi.c"])]:
        yield f"{arch} {name}", [
            path for path in paths
            if not {path.parent.name, path.name} & set(left_out)]


def files_in_circles():
    """If a file includes or calls another, that one must not need the first."""
    sys.setrecursionlimit(10000)
    headers = files("common/*.h")
    for name, paths in [
            *images_of("x86_64"), *images_of("aarch64"),
            ("tool", tool_sources() + files("payload/*.h", "arch/*.h"))]:
        for circle in circles_in(graph_of(headers + paths)):
            yield f"{name}: {' '.join(circle)}"


def assembly_misplaced():
    """Inline assembly is in arch/X/cpu.h only."""
    for path in files("common/*.c", "common/*.h", "arch/*.c", "arch/*.h"):
        if path.name != "cpu.h" and re.search(r"\b__?asm__?\b",
                                              path.read_text()):
            yield f"{name_of(path)}: inline assembly"


def functions_too_long():
    for path in files("common/*.c", "arch/*.c", "payload/*.c"):
        start = 0
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if line == "{":
                start = number
            elif line == "}" and number - start > FUNCTION_LINES_MAX + 1:
                yield f"{name_of(path)}:{start}: {number - start} lines"


def files_too_long():
    for path in files("common/*.[ch]", "arch/*.[chS]", "payload/*.[ch]"):
        count = len(path.read_text().splitlines())
        is_spec = name_of(path).startswith("common/spec/")
        if count > FILE_LINES_MAX and not is_spec:
            yield f"{name_of(path)}: {count} lines"


def licence_missing():
    for path in files("*.c", "*.h", "*.S", "*.py", "*.sh", "*.mk"):
        if "SPDX-License-Identifier: BSD-2-Clause" not in path.read_text()[:200]:
            yield f"{name_of(path)}: no SPDX line"


def format_drifted():
    for path in files("*.c", "common/*.h", "arch/*.h", "payload/*.h",
                      "tests/*.h"):
        drift = subprocess.run(["clang-format", "--dry-run", "-Werror", path],
                               cwd=ROOT, capture_output=True)
        if drift.returncode:
            yield f"{name_of(path)}: not as clang-format has it"


RULES = [included_wrongly, files_in_circles, assembly_misplaced,
         functions_too_long, files_too_long, licence_missing, format_drifted]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rules", nargs="*", metavar="RULE",
                        help="only these: " + ", ".join(
                            rule.__name__ for rule in RULES))
    wanted = parser.parse_args().rules
    passed = failed = skipped = 0
    for rule in RULES:
        if wanted and rule.__name__ not in wanted:
            continue
        if rule is format_drifted and not shutil.which("clang-format"):
            print("skip format_drifted: no clang-format")
            skipped += 1
            continue
        broken = list(rule())
        print("FAIL" if broken else "ok  ", rule.__name__)
        for line in broken:
            print("    ", line)
        failed, passed = failed + bool(broken), passed + (not broken)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed else 0)


main()
