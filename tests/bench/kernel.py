# SPDX-License-Identifier: BSD-2-Clause
"""Finds the code bytes at a kernel's entries, and makes an initrd for it.

The plugin recognises the kernel by the bytes at its entry, so that it does not
matter where a firmware puts it. Layouts: Linux Documentation/arch/x86/boot.rst
(bzImage), the "Xen" ELF note of type 18 (PVH), Documentation/arm64/booting.rst
(Image), and the PE header that the EFI stub gives both.
"""
import random
import struct

# So many bytes are unique, but hold no address that relocation changes.
ENTRY_BYTES = 24
XEN_ELFNOTE_PHYS32_ENTRY = 18


def pe_entry(image):
    """Returns the file offset of the EFI entry, or None."""
    if image[:2] != b"MZ":
        return None
    pe, = struct.unpack_from("<I", image, 0x3c)
    if image[pe:pe + 4] != b"PE\0\0":
        return None
    return struct.unpack_from("<I", image, pe + 0x28)[0]


def bzimage_entries(image):
    code = ((image[0x1f1] or 4) + 1) * 512
    entries = {
        # A loader writes into the header: only the jump, magic and version.
        "setup16": image[0x200:0x208],
        "startup_32": image[code:code + ENTRY_BYTES],
        "startup_64": image[code + 0x200:code + 0x200 + ENTRY_BYTES],
    }
    efi = pe_entry(image)
    if efi:
        entries["efi_pe"] = image[efi:efi + ENTRY_BYTES]
    return entries


def segments(elf):
    """Yields program headers as (type, offset, vaddr, paddr, file size)."""
    start, = struct.unpack_from("<Q", elf, 0x20)
    size, count = struct.unpack_from("<HH", elf, 0x36)
    for i in range(count):
        kind, _, offset, vaddr, paddr, filesz = struct.unpack_from(
            "<IIQQQQ", elf, start + i * size)
        yield kind, offset, vaddr, paddr, filesz


def notes(elf):
    """Yields each ELF note as (owner, type, content)."""
    for kind, offset, _, _, size in segments(elf):
        end = offset + size
        while kind == 4 and offset + 12 <= end:
            namesz, descsz, note = struct.unpack_from("<III", elf, offset)
            desc = offset + 12 + (namesz + 3 & ~3)
            owner = elf[offset + 12:offset + 12 + namesz].rstrip(b"\0")
            yield owner, note, elf[desc:desc + descsz]
            offset = desc + (descsz + 3 & ~3)


def elf_bytes_at(elf, paddr):
    for kind, offset, _, base, size in segments(elf):
        if kind == 1 and base <= paddr < base + size:
            start = offset + paddr - base
            return elf[start:start + ENTRY_BYTES]
    raise ValueError(f"{paddr:#x}: in no segment of the ELF file")


def vmlinux_entries(elf):
    entry, = struct.unpack_from("<Q", elf, 0x18)
    entries = {"elf64": elf_bytes_at(elf, entry)}
    for owner, kind, content in notes(elf):
        if owner == b"Xen" and kind == XEN_ELFNOTE_PHYS32_ENTRY:
            pvh = int.from_bytes(content, "little")
            entries["pvh"] = elf_bytes_at(elf, pvh)
    return entries


def arm64_entries(image):
    entries = {"image": image[:0x38]}
    efi = pe_entry(image)
    if efi:
        entries["efi_pe"] = image[efi:efi + ENTRY_BYTES]
    return entries


def entries(*files):
    """Maps names of entry points to bytes, for files that hold one kernel.

    A packed bzImage may be entered as the vmlinux that was in it.
    """
    found = {}
    for path in files:
        with open(path, "rb") as file:
            image = file.read()
        if image[:4] == b"\x7fELF":
            found.update(vmlinux_entries(image))
        elif image[0x202:0x206] == b"HdrS":
            found.update(bzimage_entries(image))
        elif image[0x38:0x3c] == b"ARM\x64":
            found.update(arm64_entries(image))
        else:
            raise ValueError(f"{path}: neither bzImage, ELF nor arm64 Image")
    return found


def write_initrd(path, size=1984512):
    """Makes a cpio archive (newc) of one file that does not compress.

    Nothing ever unpacks it: only its size matters, and that it is the same in
    every run.
    """
    def member(name, mode, content):
        fields = [0, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0,
                  len(name) + 1, 0]
        head = b"070701" + b"".join(b"%08x" % field for field in fields)
        head += name + b"\0"
        head += bytes(-len(head) % 4)
        return head + content + bytes(-len(content) % 4)

    trailer = member(b"TRAILER!!!", 0, b"")
    empty = member(b"filler", 0o100644, b"")
    filler = random.Random(0).randbytes(size - len(empty) - len(trailer))
    archive = member(b"filler", 0o100644, filler) + trailer
    with open(path, "wb") as file:
        file.write(archive[:size].ljust(size, b"\0"))
