# SPDX-License-Identifier: BSD-2-Clause
"""The firmware that boots the guest of a case: our blob, or a peer."""
import os

SPECIAL = ("default", "native", "reference")


class Firmware:
    """A firmware is our blob, a peer's file, or QEMU's default."""

    def __init__(self, path):
        self.path = path
        self.is_own = os.path.basename(path).startswith("directboot-")
        self.is_native = path == "native"

    @property
    def name(self):
        return {"default": "SeaBIOS", "native": "VMM's loader"}.get(
            self.path, os.path.basename(self.path))

    def options(self):
        if self.path in ("default", "native"):
            return []
        return ["-bios", self.path]


def reference(case):
    """The firmware whose guest, with QEMU's tables, is the reference."""
    if case.machine_kind == "microvm":
        return "/usr/share/qemu/qboot.rom"
    if not case.is_arm:
        return "default"
    return ("native" if case.mode == "dt" else
            "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd")


def chosen(context):
    """The firmware of --firmware, or the one of --record-reference."""
    options = context.options
    if getattr(options, "record_reference", False):
        return "reference"
    return options.firmware


def of_case(case, context):
    """As the case says, or as was chosen: a file, or one of SPECIAL."""
    path = case.get("firmware", chosen(context))
    if path == "reference":
        path = reference(case)
    elif path not in SPECIAL:
        path = context.firmware(case.arch)
    return Firmware(path)
