# SPDX-License-Identifier: BSD-2-Clause
"""Makes a unified kernel image as systemd-stub(7) of Debian 12 says. objcopy
adds sections to the stub."""
import subprocess

STUB = "usr/lib/systemd/boot/efi/linux{}.efi.stub"
# Each has Debian's name, the stub's name, and objcopy.
ARCHS = {"x86_64": ("amd64", "x64", "x86_64-linux-gnu-objcopy"),
         "aarch64": ("arm64", "aa64", "aarch64-linux-gnu-objcopy")}
# The kernel is last, because it unpacks itself into the memory behind it.
ADDRESSES = {".cmdline": 0x30000, ".initrd": 0x1000000, ".linux": 0x20000000}


def directory(context, arch):
    return f"{context.build}/stub-{ARCHS[arch][0]}"


def prepare(context, arch):
    subprocess.run([f"{context.root}/scripts/fetch-debs.sh", ARCHS[arch][0],
                    directory(context, arch), "systemd-boot-efi"], check=True)


def write(context, arch, kernel, initrd, command_line, path):
    _, name, objcopy = ARCHS[arch]
    with open(f"{path}.cmdline", "w", encoding="utf-8") as file:
        file.write(command_line)
    contents = {".cmdline": f"{path}.cmdline", ".initrd": initrd,
                ".linux": kernel}
    command = [objcopy]
    for section, address in ADDRESSES.items():
        command += ["--add-section", f"{section}={contents[section]}",
                    "--change-section-vma", f"{section}={address:#x}"]
    command += [f"{directory(context, arch)}/{STUB.format(name)}", path]
    subprocess.run(command, check=True, capture_output=True, text=True)
