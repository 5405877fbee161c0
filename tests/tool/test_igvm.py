# SPDX-License-Identifier: BSD-2-Clause
"""IGVM files: what is in them, and that a broken one is refused."""
import random
import struct

from lib import bundles
from tool import inputs, tooltest
from tool.igvm_files import (AREA, CONTEXT, INSERT, NATIVE, PAGE, PAGE_DATA,
                             PAGE_TABLES, PLATFORM, RELOCATABLE, REQUIRED, RSI,
                             VSM, X0, File, build, platform)

MAP, COUNT, INFO, LINE, MADT, SRAT, SLIT, PPTT, TREE = (
    0x30c, 0x307, 0x313, 0x30e, 0x309, 0x308, 0x30f, 0x310, 0x312)
COMMON = [MAP, COUNT, INFO]
OPENVMM = [*COMMON, LINE, MADT, SRAT, TREE]
HYPERV = [*COMMON, LINE, MADT, SRAT, SLIT, PPTT, TREE]
RIP, CR0, CR3, CR4, EFER, GDTR, CS, DS = (
    0x20010, 0x40000, 0x40002, 0x40003, 0x80001, 0x70001, 0x60001, 0x60002)
PC, CPSR, SCTLR = 0x20022, 0x20023, 0x40002
BASE = 0x1200000  # behind inputs.VMLINUX


class IgvmTest(tooltest.ToolTest):
    def setUp(self):
        super().setUp()
        self.blob = self.write("elf.blob", inputs.blob(has_elf=True))

    def igvm(self, *argv, arch="x86_64", kernel=None):
        is_arm = arch == "aarch64"
        self.pack(kernel or (inputs.IMAGE if is_arm else inputs.VMLINUX),
                  "--output-format", "igvm", "-c", "quiet", *argv,
                  blob=self.arm_blob if is_arm else self.blob)
        return File(self.read())

    def rom(self, *argv, arch="x86_64"):
        is_arm = arch == "aarch64"
        self.pack(inputs.IMAGE if is_arm else inputs.VMLINUX, "-c", "quiet",
                  "--rom-size", "exact", *argv,
                  blob=self.arm_blob if is_arm else self.blob)
        return self.read()


class Igvm(IgvmTest):
    def params_of(self, file, paddr):
        """The page of parameters, proven: base, end, flags, areas."""
        page = file.pages()[paddr][1]
        (magic, version, flags, _, count, offset, size, total, *reserved
         ) = struct.unpack_from("<8sIIIIqQQQQ", page)
        self.assertEqual((magic, version, reserved), (b"DBPARAMS", 1, [0, 0]))
        zeroed = page[:16] + bytes(4) + page[20:40] + bytes(8) + page[48:256]
        self.assertEqual(total, bundles.sum64(zeroed))
        self.assertEqual(page[64 + 16 * count:], bytes(PAGE - 64 - 16 * count))
        areas = {}
        for at in range(64, 64 + 16 * count, 16):
            parameter, length, place = struct.unpack_from("<IIq", page, at)
            areas[parameter] = paddr + place, length
        return paddr + offset, paddr + offset + size, flags, areas

    def check_run(self, file, paddr, base):
        """All pages are one run, of which the areas are the host's."""
        start, end, flags, areas = self.params_of(file, paddr)
        self.assertEqual((start, flags), (base, 0))
        self.assertEqual({kind: (gpa, size) for kind, (gpa, size, _) in
                          file.areas().items()}, areas)
        pages = sorted([*file.pages(), *(
            gpa for first, size in areas.values()
            for gpa in range(first, first + size, PAGE))])
        self.assertEqual(pages, list(range(start, end, PAGE)))
        masks = sum(file.platforms())
        self.assertEqual({mask for mask, _ in file.pages().values()}, {masks})
        self.assertEqual({mask for _, _, mask in file.areas().values()},
                         {masks})
        (_, required), = file.all(REQUIRED)
        is_vtl2 = (VSM, 2) in file.platforms().values()
        self.assertEqual(struct.unpack("<QIIII", required),
                         (start, masks, end - start, is_vtl2, 0))
        return end

    def check_native(self, file, paddr):
        offset, data = file.contexts()[1]
        self.assertLessEqual(offset + PAGE, file.size)
        words = struct.unpack_from("<18Q", data)
        self.assertEqual((words[6], words[16], words[17]),
                         (paddr, paddr - 0x10000 + 0x1200, 2))
        self.assertEqual(struct.unpack_from("<QHHHHQ", data, 144),
                         (0, 0, 0, 0, 31, paddr + PAGE))
        self.assertEqual(struct.unpack_from("<HHIIHHIIQ", data, 168),
                         (0x10, 0xa09b, 0, 0xffffffff, 0x18, 0xc093, 0,
                          0xffffffff, 0))
        cr0, cr3, cr4, efer = struct.unpack_from("<QQQQ", data, 200)
        self.assertEqual((cr0, cr4, efer), (0x80000031, 0x20, 0x500))
        self.assertEqual(data[232:PAGE], bytes(PAGE - 232))
        self.check_paging(file, cr3)

    def check_paging(self, file, cr3):
        """4 GiB map to themselves."""
        def table(paddr):
            return struct.unpack("<512Q", file.pages()[paddr][1])

        for gib, entry in enumerate(table(table(cr3)[0] & ~0xfff)[:5]):
            if gib == 4:
                self.assertEqual(entry, 0)
                break
            self.assertEqual(entry & 3, 3)
            for i, page in enumerate(table(entry & ~0xfff)):
                self.assertEqual(page & ~0x60, gib << 30 | i << 21 | 0x83)

    def check_listed(self, file, mask, paddr, vtl=0):
        registers = file.registers(mask)
        self.assertEqual({one for one, _ in registers.values()}, {vtl})
        words = {name: struct.unpack("<QQ", value)
                 for name, (_, value) in registers.items()}
        self.assertEqual(words[RSI], (paddr, 0))
        self.assertEqual(words[RIP], (paddr - 0x10000 + 0x1200, 0))
        self.assertEqual(words[CR0], (0x80000031, 0))
        self.assertEqual((words[CR4], words[EFER]), ((0x20, 0), (0x500, 0)))
        self.assertEqual(registers[GDTR][1],
                         struct.pack("<HHHHQ", 0, 0, 0, 31, paddr + PAGE))
        self.assertEqual(registers[CS][1], struct.pack(
            "<QIHH", 0, 0xffffffff, 0x10, 0xa09b))
        self.assertEqual(registers[DS][1], struct.pack(
            "<QIHH", 0, 0xffffffff, 0x18, 0xc093))
        self.check_paging(file, words[CR3][0])
        gdt = struct.unpack_from("<4Q", file.pages()[paddr + PAGE][1])
        self.assertEqual(gdt, (0, 0, 0xaf9b000000ffff, 0xcf93000000ffff))

    def test_one_file_for_qemu_and_openvmm(self):
        rom = self.rom()
        file = self.igvm()
        self.good("verify", self.out)
        self.assertEqual(file.version, 2)
        self.assertEqual(struct.unpack_from("<II", file.data, 24), (0, PAGE))
        self.assertEqual(file.platforms(), {1: (NATIVE, 0), 2: (VSM, 0)})
        paddr = BASE + len(rom)
        self.assertEqual(file.memory(BASE, paddr), rom)
        self.check_run(file, paddr, BASE)
        self.assertEqual(list(file.areas()), COMMON)
        self.check_native(file, paddr)
        self.check_listed(file, 2, paddr)

    def test_flavours(self):
        rom = self.rom()
        for hosts, version, platforms, areas in (
                ("qemu", 2, {1: (NATIVE, 0)}, COMMON),
                ("openvmm,qemu", 2, {1: (NATIVE, 0), 2: (VSM, 0)}, COMMON),
                ("openvmm", 1, {1: (VSM, 0)}, OPENVMM),
                ("hyperv", 1, {1: (VSM, 2)}, HYPERV)):
            file = self.igvm("--igvm-for", hosts)
            self.good("verify", self.out)
            self.assertEqual((file.version, file.platforms()),
                             (version, platforms))
            self.assertEqual(list(file.areas()), areas)
            self.assertEqual(file.memory(BASE, BASE + len(rom)), rom)
            end = self.check_run(file, BASE + len(rom), BASE)
            if (VSM, 0) in platforms.values():
                self.check_listed(file, max(platforms), BASE + len(rom))
            moves = [*file.all(RELOCATABLE), *file.all(PAGE_TABLES)]
            if hosts != "hyperv":
                self.assertEqual(moves, [])
                continue
            self.check_listed(file, 1, BASE + len(rom), vtl=2)
            tables = end - 6 * PAGE
            self.assertEqual(
                struct.unpack("<IHBBQQQQQ", moves[0][1]),
                (1, 0, 2, 7, 0x200000, BASE, tables - BASE, BASE,
                 (tables + 0x1fffff) // 0x200000 * 0x200000))
            self.assertFalse(self.show()["igvm"]["may_be_moved"])
            self.assertEqual(struct.unpack("<IHBBQQQ", moves[1][1]),
                             (1, 0, 2, 0, tables, 6 * PAGE, 6 * PAGE))

    def test_aarch64(self):
        base = 0x40200000
        rom = self.rom(arch="aarch64")
        # The blob's own memory follows what is loaded.
        size, = struct.unpack_from("<Q", rom, 16)
        self.assertGreater(size, len(rom))
        paddr = base + (size + PAGE - 1) // PAGE * PAGE
        for hosts, vtl, areas in ((None, 0, OPENVMM), ("openvmm", 0, OPENVMM),
                                  ("hyperv", 2, HYPERV)):
            file = self.igvm(*(["--igvm-for", hosts] if hosts else []),
                             arch="aarch64")
            self.good("verify", self.out)
            self.assertEqual((file.version, file.platforms()),
                             (2, {1: (VSM, vtl)}))
            self.assertEqual(struct.unpack_from("<II", file.data, 24),
                             (1, PAGE))
            self.assertEqual(file.memory(base, paddr),
                             rom.ljust(paddr - base, b"\0"))
            self.check_run(file, paddr, base)
            self.assertEqual(list(file.areas()), areas)
            self.assertEqual(
                {name: (one, *struct.unpack("<QQ", value)) for name, (
                    one, value) in file.registers(1).items()},
                {X0: (vtl, paddr, 0), PC: (vtl, base, 0),
                 CPSR: (vtl, 0x3c5, 0), SCTLR: (vtl, 0x30d00800, 0)})

    def test_pages_that_are_alike_have_one_data(self):
        """Zeros have none."""
        initrd = self.write("initrd", inputs.noise(PAGE) * 400 +
                            bytes(400 * PAGE) + inputs.noise(PAGE, 2))
        argv = ["-i", initrd, "--compress", "none"]
        rom = self.rom(*argv)
        file = self.igvm(*argv)
        self.good("verify", self.out)
        self.assertEqual(file.memory(BASE, BASE + len(rom)), rom)
        pages = {page for _, page in file.pages().values()} - {bytes(PAGE)}
        lists = sum(4 + 32 * len(file.registers(mask)) for mask, (kind, _) in
                    file.platforms().items() if kind == VSM)
        self.assertEqual(file.size - file.end,
                         PAGE * len(pages) + PAGE + lists)
        self.assertLess(len(self.read()), len(rom) - 700 * PAGE)

    def test_a_file_is_little_larger_than_the_rom(self):
        initrd = self.write("initrd", inputs.noise(14 << 20))
        for arch in "x86_64", "aarch64":
            rom = self.rom("-i", initrd, arch=arch)
            for hosts in [] if arch == "aarch64" else ["qemu,openvmm"], \
                    ["openvmm"], ["hyperv"]:
                argv = ["--igvm-for", *hosts] if hosts else []
                file = self.igvm("-i", initrd, *argv, arch=arch)
                self.assertLess(file.size, 1.012 * len(rom))

    def test_what_comes_out_is_what_a_rom_has(self):
        for arch in "x86_64", "aarch64":
            rom = self.write("rom", self.rom(arch=arch))
            file = self.igvm(arch=arch).data
            igvm = self.write("igvm", bytes(file))
            for part in "kernel", "cmdline", "bundle", "blob":
                self.assertEqual(self.extract(part, igvm),
                                 self.extract(part, rom))
            self.good("pack", "--from", igvm, "-o", self.out, "--blob", igvm,
                      "--rom-size", "exact")
            self.assertEqual(self.read(), self.read(rom))
            self.good("pack", "--from", rom, "-o", self.out, "--blob", rom,
                      "--output-format", "igvm")
            self.assertEqual(self.read(), bytes(file))
            self.refused("pack", "-k", igvm, "-o", self.path("new"), "--blob",
                         rom, says="packed already")
            self.refused("run", igvm, says="has no QEMU that loads one")

    def test_show(self):
        self.igvm()
        shown = self.show()
        self.assertEqual((shown["kind"], shown["doors"], shown["vmms"]),
                         ("blob and bundle", ["IGVM"],
                          ["qemu-igvm", "openvmm-igvm"]))
        self.assertEqual(shown["size"], len(self.read()))
        self.assertEqual(shown["cmdline"], "quiet")
        igvm = shown["igvm"]
        self.assertEqual(igvm["platforms"], [
            {"platform": "native", "mask": 1, "vtl": 0},
            {"platform": "VSM", "mask": 2, "vtl": 0}])
        self.assertEqual([area["parameter"] for area in igvm["areas"]],
                         ["memory map", "VP count", "environment"])
        self.assertEqual((igvm["version"], igvm["contexts"],
                          igvm["may_be_moved"]), (2, 2, False))
        text = self.good("show", self.out).decode()
        self.assertIn("blob and bundle in an IGVM file for x86_64", text)
        self.assertIn("native (mask 0x1, VTL 0), VSM (mask 0x2, VTL 0)", text)

    def test_files_of_others(self):
        """show tells what is in them; verify has nothing to judge."""
        page = struct.pack("<QIIIHH", 0x100000, 4, 0, 0, 0, 0)
        path = self.write("other", build(
            [platform(4, 2), (0x101, bytes(16)), (PAGE_DATA, page)]))
        shown = self.show(path)
        self.assertEqual((shown["kind"], shown["arch"]), ("igvm", "x86_64"))
        self.assertEqual(shown["igvm"]["platforms"],
                         [{"platform": "SEV-SNP", "mask": 4, "vtl": 0}])
        self.assertIn("1 headers of other types",
                      self.good("show", path).decode())
        for argv in (["verify"], ["extract", "-o", "-"],
                     ["pack", "-o", self.out, "-k"]):
            self.refused(*argv, path,
                         says="an IGVM file without a directboot blob")

    def test_a_blob_alone(self):
        for arch, blob in ("x86_64", self.blob), ("aarch64", self.arm_blob):
            self.good("pack", "--arch", arch, "--output-format", "igvm",
                      "--blob", blob, "-o", self.out)
            self.good("verify", self.out)
            self.assertEqual((self.show()["kind"], self.show()["arch"]),
                             ("blob", arch))
            alone = self.extract("blob")
            self.rom(arch=arch)
            self.assertEqual(self.extract("blob"), alone)

    def test_a_base_of_ones_own(self):
        for text, base in ("0x8000000", 0x8000000), ("134217728", 0x8000000):
            file = self.igvm("--igvm-base", text)
            self.good("verify", self.out)
            self.check_run(file, base + len(self.rom()), base)
        file = self.igvm("--igvm-base", "0x200000", arch="aarch64")
        self.assertEqual(min(file.pages()), 0x200000)
        for text in "0", "1", "0x300000", "-0x200000", "0x200000k", "", \
                " -0xffffffffffe00000", "+0x200000":
            self.pack_refused(inputs.VMLINUX, "--output-format", "igvm",
                              "--igvm-base", text, status=2,
                              says="multiple of 2 MiB")
        for text in "0x40000000", "0xffffffffffe00000":
            self.pack_refused(inputs.VMLINUX, "--output-format", "igvm",
                              "--igvm-base", text,
                              says="must end below 0x40000000")
        initrd = self.write("initrd", inputs.noise(2 << 20))
        self.pack_refused(inputs.VMLINUX, "--output-format", "igvm", "-i",
                          initrd, "--igvm-base", "0x3fe00000",
                          says="must end below 0x40000000")
        self.pack_refused(inputs.VMLINUX, "--output-format", "igvm",
                          "--igvm-base", "0x1000000",
                          says="the kernel must lie at 0x1000000")

    def test_the_hosts_command_line(self):
        file = self.igvm("--igvm-for", "openvmm", "--igvm-append-cmdline")
        self.good("verify", self.out)
        paddr, _ = struct.unpack("<QQ", file.registers(1)[RSI][1])
        self.assertEqual(self.params_of(file, paddr)[2], 1)
        self.pack_refused(inputs.VMLINUX, "--output-format", "igvm",
                          "--igvm-append-cmdline",
                          says="QEMU gives no command line")

    def test_options_that_do_not_go_together(self):
        for argv, status, says in (
                (["--igvm-for", "xen"], 2, "'xen' is not qemu"),
                (["--igvm-for", "qemu,"], 2, "'' is not qemu"),
                (["--igvm-for", "qemu,hyperv"], 1, "a file of its own"),
                (["--igvm-for", "openvmm,hyperv"], 1, "a file of its own"),
                (["--door", "low-bios"], 2, "has its own"),
                (["--for", "qemu-q35"], 1, "takes a ROM"),
                (["--igvm-for", "openvmm", "--for", "qemu-igvm"], 1,
                 "an IGVM file of --igvm-for qemu")):
            self.pack_refused(inputs.VMLINUX, "--output-format", "igvm",
                              *argv, status=status, says=says)
        for argv in (["--igvm-for", "qemu"], ["--igvm-base", "0x200000"],
                     ["--igvm-append-cmdline"]):
            self.pack_refused(inputs.VMLINUX, *argv, status=2,
                              says="is about --output-format igvm")
        self.refused("pack", "-k", self.write("image", inputs.IMAGE), "-o",
                     self.out, "--blob", self.arm_blob, "--output-format",
                     "igvm", "--igvm-for", "qemu", says="is for x86_64")
        self.blob = self.write("plain.blob", inputs.blob())
        self.pack_refused(inputs.VMLINUX, "--output-format", "igvm",
                          says="has no 64-bit entry")


# What is changed: the kind of header, which of them, offset, layout, value; then
# a word of the line. A kind None is an offset in the file.
BROKEN = [
    ("qemu", None, 0, 4, "I", 3, "version 3: must be 1 or 2"),
    ("qemu", None, 0, 24, "I", 2, "architecture 2"),
    ("qemu", None, 0, 24, "I", 1, "platform native: not for aarch64"),
    ("qemu", None, 0, 28, "I", 0x4000, "pages of 0x4000 bytes"),
    ("qemu", None, 0, 8, "I", 36, "headers at 0x24: must be at 0x20"),
    ("qemu", None, 0, 8, "I", 24, "headers at 0x18: must be at 0x20"),
    ("qemu", PLATFORM, 0, -4, "I", 12, "(type 0x001): 0xc bytes: must have"),
    ("qemu", CONTEXT, 0, -4, "I", 99, "runs over the headers' end"),
    ("qemu", CONTEXT, 0, -4, "I", 0xfffffff9, "runs over the headers' end"),
    ("qemu", CONTEXT, 0, 20, "B", 1, "padding: byte 0x1: must be 0"),
    ("qemu", PAGE_DATA, 3, -8, "I", 0x250, "(type 0x250): its type is of no"),
    ("qemu", PAGE_DATA, 3, -8, "I", 0x80000302, "its type is of no kind"),
    ("qemu", PAGE_DATA, 3, -8, "I", 1, "behind headers of a later kind"),
    ("qemu", PAGE_DATA, 3, -8, "I", 0x101, "behind headers of a later kind"),
    ("both", PLATFORM, 0, 0, "I", 3, "mask 0x3: must be one bit of its own"),
    ("both", PLATFORM, 1, 0, "I", 1, "mask 0x1: must be one bit of its own"),
    ("both", PLATFORM, 1, 5, "B", 0, "platform native: comes twice"),
    ("both", PLATFORM, 1, 5, "B", 7, "platform 7: there is none"),
    ("both", PLATFORM, 1, 5, "B", 6, "platform CCA: not for x86_64"),
    ("both", PLATFORM, 1, 5, "B", 2, "0x1000 bytes of data at"),
    ("both", PLATFORM, 1, 4, "B", 1, "highest VTL 1: must be 0 or 2"),
    ("both", PLATFORM, 1, 6, "H", 2, "platform of version 2"),
    ("both", PLATFORM, 1, 8, "Q", 1 << 46, "boundary of shared memory"),
    ("both", PAGE_DATA, 5, 0, "Q", BASE + 5, "must be whole pages"),
    ("both", PAGE_DATA, 5, 0, "Q", 1 << 52, "must be whole pages"),
    ("both", PAGE_DATA, 5, 0, "Q", BASE, "there is something already"),
    ("both", PAGE_DATA, 5, 8, "I", 4, "mask 0x4: platforms have 0x3"),
    ("both", PAGE_DATA, 5, 8, "I", 0, "mask 0x0: platforms have 0x3"),
    ("both", PAGE_DATA, 5, 12, "I", 0x7ffff000, "of data at 0x7ffff000"),
    ("both", PAGE_DATA, 5, 12, "I", 8, "of data at 0x8: must be in"),
    ("both", PAGE_DATA, 5, 16, "I", 1, "flags 0x1: known are 0x6"),
    ("both", PAGE_DATA, 5, 20, "H", 4, "page of type 4"),
    ("both", PAGE_DATA, 5, 22, "H", 9, "reserved field is 0x9"),
    ("both", AREA, 1, 8, "I", 0, "area 0: there is one already"),
    ("both", AREA, 1, 0, "Q", 0x800, "0x800 bytes at 0x0: must be whole"),
    ("both", AREA, 1, 0, "Q", 0, "0x0 bytes at 0x0: must be whole"),
    ("both", AREA, 1, 12, "I", 0x7fffffff, "of data at 0x7fffffff"),
    ("both", COUNT, 0, 0, "I", 9, "(type 0x307): area 9: there is none"),
    ("both", COUNT, 0, 0, "I", 0, "(type 0x307): area 0: is inserted"),
    ("both", COUNT, 0, 4, "I", PAGE, "area 1 has 0x1000 bytes"),
    ("both", INSERT, 1, 12, "I", 9, "(type 0x303): area 9: there is none"),
    ("both", INSERT, 1, 12, "I", 0, "(type 0x303): area 0: is inserted"),
    ("both", INSERT, 1, 0, "Q", 1, "0x1000 bytes at 0x1: must be whole"),
    ("both", INSERT, 1, 0, "Q", BASE + PAGE, "there is something already"),
    ("both", INSERT, 1, -8, "I", 0x3ff, "area 1: nothing inserts it"),
    ("both", CONTEXT, 0, 8, "I", 3, "mask 0x3: must be one platform's"),
    ("both", CONTEXT, 0, 12, "I", 0, "has no registers"),
    ("both", CONTEXT, 0, 16, "H", 1, "processor 1, address 0x0: must be 0"),
    ("both", CONTEXT, 0, 0, "Q", PAGE, "processor 0, address 0x1000"),
    ("both", CONTEXT, 0, 18, "H", 1, "(type 0x304): reserved field"),
    ("both", CONTEXT, 0, 12, "I", 0x7fffff00, "of data at 0x7fffff00"),
    ("both", REQUIRED, 0, 12, "I", 0x1001, "0x1001 bytes at 0x1200000"),
    ("both", REQUIRED, 0, 16, "I", 2, "flags 0x2: known are 0x1"),
    ("both", REQUIRED, 0, 20, "I", 7, "(type 0x305): reserved field is 0x7"),
    ("both", REQUIRED, 0, 12, "I", PAGE, "is not as pack makes it"),
    ("hyperv", RELOCATABLE, 0, 7, "B", 8, "flags 0x8: known are 0x7"),
    ("hyperv", RELOCATABLE, 0, 8, "Q", 0, "alignment 0x0"),
    ("hyperv", RELOCATABLE, 0, 8, "Q", 1 << 30, "alignment 0x40000000"),
    ("hyperv", RELOCATABLE, 0, 40, "Q", 0x200000, "not as many are in"),
    ("hyperv", PAGE_TABLES, 0, 7, "B", 1, "(type 0x103): reserved field"),
    ("hyperv", PAGE_TABLES, 0, 24, "Q", 0x7000, "0x7000 bytes are used"),
    ("hyperv", PAGE_TABLES, 0, 4, "H", 1, "no processor has them"),
    ("hyperv", PAGE_TABLES, 0, 16, "Q", 1 << 52, "must be whole pages"),
    ("hyperv", PAGE_TABLES, 0, 8, "Q", 0x1230000, "lies in page tables"),
]
FLAVOURS = {"both": "qemu,openvmm", "qemu": "qemu", "hyperv": "hyperv"}


class Broken(IgvmTest):
    def setUp(self):
        super().setUp()
        self.files = {name: bytes(self.igvm("--igvm-for", hosts).data)
                      for name, hosts in FLAVOURS.items()}
        self.rom_size = len(self.rom())

    def file(self, name="both"):
        return File(self.files[name])

    def check(self, data, says):
        path = self.write("broken", bytes(data))
        self.refused("verify", path, says=says)

    def test_headers(self):
        """Their sum is right, so what else is wrong is seen."""
        for name, kind, index, offset, layout, value, says in BROKEN:
            file = self.file(name)
            if kind is None:
                file.poke(offset, layout, value)
            else:
                file.change(kind, index, offset, layout, value)
            with self.subTest(says):
                self.check(file.summed(), says)
        self.assertGreater(len({row[-1] for row in BROKEN}), 50)

    def test_frame(self):
        file = self.file()
        self.check(file.poke(20, "I", file.crc ^ 1).data, "CRC-32 is 0x")
        self.check(self.file().poke(file.start + 8, "B", 2).data, "CRC-32 is")
        for size, says in ((file.size + 1, "is cut off at its end"),
                           (file.size - 1, "bytes: there are")):
            self.check(self.file().poke(16, "I", size).summed(), says)
        for size in (file.size - file.start, 0xffffffff):
            self.check(self.file().poke(12, "I", size).data,
                       "must end before")
        self.check(build([]), "is for no platform")

    def test_registers(self):
        offset, data = self.file().contexts()[2]
        count, = struct.unpack_from("<I", data)
        self.check(self.file().poke(offset + 4 + 32, "B", 2).data,
                   "registers are of VTLs 0 and 2")
        self.check(self.file().poke(offset, "I", 0x10000000).data,
                   "0x200000004 bytes of data at")
        self.check(self.file().poke(offset, "I", count - 1).data,
                   "is not as pack makes it")

    def params(self, offset, layout, value, has_sums=True):
        file = self.file()
        paddr = BASE + self.rom_size
        page = bytearray(file.pages()[paddr][1][:256])
        struct.pack_into("<" + layout, page, offset, value)
        if has_sums:
            page[16:20], page[40:48] = bytes(4), bytes(8)
            sums = crc32c(page), bundles.sum64(page)
            struct.pack_into("<I", page, 16, sums[0])
            struct.pack_into("<Q", page, 40, sums[1])
        return file.change_page(paddr, 0, page).data

    def test_parameters(self):
        self.check(self.params(8, "I", 2), "parameters of version 2")
        self.check(self.params(12, "I", 2), "flags 0x2: known are 0x1")
        self.check(self.params(20, "I", 2), "is not as pack makes it")
        self.check(self.params(48, "Q", 2), "is not as pack makes it")
        for offset in (PAGE, 0, -PAGE - 1):
            self.check(self.params(24, "q", offset), "pages start at 0x")
        self.check(self.params(24, "q", -BASE), "there are only")
        self.check(self.params(64, "I", 0, has_sums=False), "CRC-32C is 0x")
        self.check(self.params(40, "Q", 0, has_sums=False), "sum is 0x")
        self.check(self.params(0, "Q", 0), "without a directboot blob")

    def test_pages(self):
        file = self.file()
        pages = file.all(PAGE_DATA)
        self.check(self.file().change(PAGE_DATA, 5, 0, "Q", 1 << 40).summed(),
                   "page at 0x1205000: is missing")
        # Blob and bundle are judged as in a ROM.
        blob = BASE + self.rom_size - 0x10000
        self.check(self.file().change_page(blob, 0x234, b"\0\1").data,
                   "blob: CRC-32C is 0x")
        bundle = self.file().memory(BASE, blob).index(b"BUNDLE\x1a\n")
        self.check(self.file().change_page(BASE + bundle, 60, b"\1").data,
                   "bundle: ")
        # A page of the GDT, one of page tables, and bytes that nobody reads.
        self.check(self.file().change_page(blob + 0x11000, 16, b"\0").data,
                   "is not as pack makes it")
        last = struct.unpack_from("<Q", pages[-1][1])[0]
        self.check(self.file().change_page(last, 8, b"\0").data,
                   "is not as pack makes it")
        self.check(self.file().poke(self.file().contexts()[1][0] + 300, "B",
                                    1).data, "is not as pack makes it")

    def test_any_byte(self):
        rng = random.Random(7)
        for name, data in self.files.items():
            file = self.file(name)
            places = [*range(32), *rng.sample(range(file.start, file.end), 60),
                      *rng.sample(range(file.end, file.size), 60)]
            for at in places:
                flipped = bytearray(data)
                flipped[at] ^= 1 << rng.randrange(8)
                self.refused("verify", self.write("broken", bytes(flipped)))
            for size in (0, 3, 23, 31, file.end, file.size - 1):
                self.refused("verify", self.write("broken", data[:size]))
            self.refused("verify", self.write("broken", data + b"\0"))


def crc32c(data):
    """RFC 3720, bit by bit."""
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff
