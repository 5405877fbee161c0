# SPDX-License-Identifier: BSD-2-Clause
"""What boots the guest of a case: our blob, or a peer of it."""
import os

SPECIAL = ("default", "native", "reference")


class Firmware:
    """What boots the guest: our blob, a peer's file, or QEMU's default."""

    def __init__(self, path):
        self.path = path
        self.is_own = os.path.basename(path).startswith("directboot-")
        self.is_native = path == "native"

    def options(self):
        if self.path in ("default", "native"):
            return []
        return ["-bios", self.path]


def reference(case):
    """The firmware whose guest with QEMU's tables ours is measured by."""
    if case.machine_kind == "microvm":
        return "/usr/share/qemu/qboot.rom"
    if not case.is_arm:
        return "default"
    return ("native" if case.mode == "dt" else
            "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd")


def chosen(context):
    """What --firmware says, or what --record-reference means by it."""
    options = context.options
    return "reference" if options.record_reference else options.firmware


def of_case(case, context):
    """As was chosen: a file, or one of SPECIAL."""
    path = chosen(context)
    if path == "reference":
        path = reference(case)
    elif path not in SPECIAL:
        path = context.firmware(case.arch)
    return Firmware(path)
