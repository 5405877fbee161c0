# SPDX-License-Identifier: BSD-2-Clause
"""IGVM files as the igvm crate reads them, by the program in tests/igvm/judge.

It is built where cargo and the crate are; `cargo fetch` in build/igvm-judge gets
the crate.
"""
import os
import shutil
import subprocess

from tool import inputs, tooltest

SOURCES = os.path.join(tooltest.ROOT, "tests/igvm/judge")
SECONDS = 900


class IgvmJudge(tooltest.ToolTest):
    def cargo(self, place, *words):
        return subprocess.run(
            ["cargo", *words, "--offline", "--quiet"], cwd=place, check=False,
            capture_output=True, text=True, timeout=SECONDS)

    def build(self):
        """The program. cargo writes beside its sources, so they are copied."""
        if shutil.which("cargo") is None:
            self.skipTest("no cargo")
        place = os.path.join(os.path.dirname(tooltest.tool()), "igvm-judge")
        shutil.copytree(SOURCES, place, dirs_exist_ok=True)
        if self.cargo(place, "fetch").returncode != 0:
            self.skipTest(f"no igvm crate: cargo fetch in {place}")
        done = self.cargo(place, "build", "--jobs", "1")
        self.assertEqual(done.returncode, 0, done.stderr)
        return f"{place}/target/debug/igvm-judge"

    def judge(self, program, *words):
        return subprocess.run([program, *words], capture_output=True,
                              text=True, check=False)

    def test_all_flavours(self):
        program = self.build()
        elf_blob = self.write("elf.blob", inputs.blob(has_elf=True))
        initrd = self.write("initrd", inputs.noise(8192) * 9 + bytes(9999))
        for kernel, blob, base, flavours in (
                (inputs.VMLINUX, elf_blob, 0x1200000,
                 ["qemu", "qemu,openvmm", "openvmm", "hyperv"]),
                (inputs.IMAGE, self.arm_blob, 0x40200000,
                 ["openvmm", "hyperv"])):
            argv = ["-i", initrd, "--compress", "none"]
            self.pack(kernel, *argv, "--rom-size", "exact", blob=blob)
            rom = self.write("rom", self.read())
            for flavour in flavours:
                self.pack(kernel, *argv, "--output-format", "igvm",
                          "--igvm-for", flavour, blob=blob)
                done = self.judge(program, self.out, rom, str(base))
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn("pages are the ROM's", done.stdout)
            # It sees a page that is another one.
            other = bytearray(self.read(rom))
            other[len(other) // 2] ^= 1
            done = self.judge(program, self.out, self.write("other", other),
                              str(base))
            self.assertEqual(done.returncode, 1)
            self.assertIn("is not the ROM's", done.stderr)
