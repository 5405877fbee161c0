# SPDX-License-Identifier: BSD-2-Clause
"""`make install`, `make uninstall` and `make help`."""
import os
import re

from package import packagetest

INSTALLED = {
    "bin/directboot",
    "share/bash-completion/completions/directboot",
    "share/directboot/directboot-aarch64-igvm.bin",
    "share/directboot/directboot-aarch64.init",
    "share/directboot/directboot-aarch64.rom",
    "share/directboot/directboot-x86_64-igvm.bin",
    "share/directboot/directboot-x86_64.init",
    "share/directboot/directboot-x86_64.rom",
    "share/doc/directboot/examples/aarch64.xml",
    "share/doc/directboot/examples/x86_64.xml",
    "share/man/man1/directboot.1",
    "share/man/man7/directboot.7",
}
# Steps of other targets
INNER = r"print-.*|.*-run|fuzz-targets|all"


class Install(packagetest.PackageTest):
    def files(self):
        found = set()
        for path, _, names in os.walk(self.path("root")):
            found |= {os.path.relpath(f"{path}/{name}", self.path("root/opt"))
                      for name in names}
        return found

    def make_to(self, target):
        # Nothing is built: another test may run at the same time.
        self.make("-o", "all", target, f"DESTDIR={self.path('root')}", "PREFIX=/opt")

    def test_install_and_uninstall(self):
        self.make_to("install")
        self.assertEqual(self.files(), INSTALLED)
        self.make_to("uninstall")
        self.assertEqual(self.files(), set())
        for name in ("share/directboot", "share/doc/directboot"):
            self.assertFalse(os.path.exists(self.path(f"root/opt/{name}")))
        self.make_to("uninstall")

    def test_uninstall_leaves_what_others_installed(self):
        self.make_to("install")
        others = {"bin/other", "share/directboot/other.rom",
                  "share/doc/directboot/examples/other.xml",
                  "share/man/man1/other.1"}
        for name in others:
            with open(self.path(f"root/opt/{name}"), "w", encoding="ascii"):
                pass
        self.make_to("uninstall")
        self.assertEqual(self.files(), others)


class Help(packagetest.PackageTest):
    def setUp(self):
        super().setUp()
        self.text = self.make("help")

    def targets(self):
        """All targets of make that are no files."""
        base = self.make("-pq", "help", status=1)
        return set(re.search(r"^\.PHONY: (.*)$", base, re.M)[1].split())

    def test_names_each_target(self):
        targets = {target for target in self.targets()
                   if not re.fullmatch(INNER, target)}
        self.assertGreater(len(targets), 40)
        for target in targets:
            self.assertRegex(self.text, rf"(?m)(make |^  ){target}\b(?!-)")

    def test_names_each_suite_of_make_test(self):
        suites = re.search(r"^SUITES = (.*)$", self.make("-pq", "help",
                                                          status=1), re.M)[1]
        for suite in suites.split():
            self.assertRegex(self.text, rf"(?m)^  {suite} ")

    def test_names_the_variables_of_make_run(self):
        script = self.source("scripts/run.sh").decode()
        for name in re.findall(r"\b([A-Z]+)=", script.partition("set -eu")[0]):
            self.assertIn(f"{name}=", self.text)

    def test_is_for_80_columns_and_no_markdown(self):
        for line in self.text.splitlines():
            self.assertLess(len(line), 80, line)
            self.assertNotRegex(line, r"\]\(")
