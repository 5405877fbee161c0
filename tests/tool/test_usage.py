# SPDX-License-Identifier: BSD-2-Clause
"""Its command line, and what documents that."""
import glob
import os
import re
import subprocess

from tool import inputs, tooltest


class Usage(tooltest.ToolTest):
    def test_help_of_all(self):
        for argv in (["--help"], ["-h"], ["help"]):
            self.assertIn(b"Usage: directboot", self.good(*argv))
        for name in ("pack", "show", "extract", "verify", "run"):
            self.assertIn(b"Usage: directboot " + name.encode(),
                          self.good(name, "--help"))
        self.assertRegex(self.good("--version"), rb"^directboot \d")

    def test_wrong_usage_is_status_2(self):
        kernel = self.write("kernel", inputs.VMLINUX)
        for argv in (["nonsense"], ["pack"], ["pack", "-k", kernel],
                     ["pack", "-o", self.out], ["pack", "--nonsense"],
                     ["pack", "-k"], ["pack", "--verbose=1"],
                     ["pack", "operand"], ["show"], ["verify"],
                     ["extract", kernel], ["extract", "-o", self.out],
                     ["show", "-x", kernel],
                     ["pack", "-k", kernel, "-o", self.out, "--acpi", "no"],
                     ["pack", "-k", kernel, "-o", self.out, "--cmdline", "a",
                      "--cmdline-file", "b"]):
            self.refused(*argv, status=2)
        self.assertEqual(tooltest.run().returncode, 2)

    def test_missing_files_are_refused(self):
        self.refused("pack", "-k", self.path("none"), "-o", self.out,
                     says="No such file")
        self.refused("show", self.dir.name, says="is a directory")
        kernel = self.write("kernel", inputs.VMLINUX)
        self.refused("pack", "-k", kernel, "-o", self.path("no/where"),
                     "--blob", self.blob, says="No such file")
        self.refused("pack", "-k", kernel, "-o", self.out, "--blob",
                     self.path("none"), says="No such file")


class Manual(tooltest.ToolTest):
    """What the help says, the man page and the completion know."""

    COMMANDS = ("pack", "show", "extract", "verify", "run")

    def arguments(self, command):
        """Of the help: what follows each option, "" if nothing."""
        help_text = self.good(command, "--help").decode()
        found = dict(re.findall(r"^  (?:-\w, |    )--([a-z-]+)(?: (\S+))?",
                                help_text, re.M))
        del found["help"]
        return found

    def options(self, command):
        return set(self.arguments(command))

    def test_man_page_has_every_option_and_no_other(self):
        page = self.read(os.path.join(tooltest.ROOT, "payload/directboot.1"))
        page = re.sub(r"\\f.", "", page.decode().replace("\\-", "-"))
        for command in self.COMMANDS:
            part = re.search(r"^\.SS %s\n(.*?)(?=^\.S[SH] )" % command, page,
                             re.M | re.S)[1]
            found = {}
            for words in re.findall(r"^\.TP\n\.BR? (.*)$", part, re.M):
                name, rest = re.search(r"--([a-z-]+)(.*)", words).groups()
                found[name] = rest.translate({ord(c): None for c in ' "'})
            self.assertEqual(found, self.arguments(command))

    def test_readme_has_every_option_of_pack(self):
        text = self.read(os.path.join(tooltest.ROOT, "README.md")).decode()
        for option in self.options("pack"):
            self.assertIn("--" + option, text)

    def test_each_option_is_tested(self):
        text = b"".join(
            self.read(path) for path in
            glob.glob(f"{tooltest.HERE}/*test*.py")).decode()
        for command in self.COMMANDS:
            for option in self.options(command):
                self.assertTrue(re.search('"--%s["=]' % option, text),
                                option)

    def members(self, value):
        """Names of all members in there, of objects in lists, too."""
        if isinstance(value, list):
            return set().union(*map(self.members, value))
        if not isinstance(value, dict):
            return set()
        return set(value).union(*map(self.members, value.values()))

    def test_man_page_has_every_member_and_no_other(self):
        image = inputs.bzimage(inputs.PACKERS["gzip"](inputs.VMLINUX))
        uki = self.write("uki", inputs.uki([(b".linux", image),
                                            (b".profile", b"")]))
        self.pack(inputs.VMLINUX)
        self.assertEqual(self.show()["json_version"], 1)
        igvm = self.path("igvm")
        self.good("pack", "-k", self.write("kernel", inputs.VMLINUX), "--blob",
                  self.write("elf.blob", inputs.blob(has_elf=True)),
                  "--output-format", "igvm", "-o", igvm)
        shown = self.members([self.show(path)
                              for path in (self.out, self.blob, uki, igvm)])
        page = self.read(os.path.join(tooltest.ROOT, "payload/directboot.1"))
        part = re.search(r"^\.SH JSON\n(.*?)^\.SH ", page.decode(),
                         re.M | re.S)[1]
        told = set(re.findall(r"^\.BR? ([a-z_0-9]+)(?: ,)?$", part, re.M))
        self.assertEqual(told, shown)

    def test_man_pages_are_good_roff(self):
        for page in ("payload/directboot.1", "payload/directboot.7"):
            try:
                done = subprocess.run(
                    ["groff", "-man", "-Tutf8", "-ww", "-z",
                     os.path.join(tooltest.ROOT, page)], capture_output=True)
            except FileNotFoundError:
                self.skipTest("groff is not installed")
            self.assertEqual((done.returncode, done.stderr), (0, b""), page)

    def calls(self, text):
        """Each call that can stop the blob: its function, and its strings."""
        string = r'(?:"[^"]*"\s*)+'
        for name, arguments in re.findall(
                r"\b(panic|panic_range|refuse\w*)\("
                rf'((?:[^";{{]|{string})*)\);', text):
            strings = ["".join(re.findall(r'"([^"]*)"', part))
                       for part in re.findall(string, arguments)]
            if strings:
                yield name, strings

    def messages(self):
        """Each line that the blob can stop with; "0" stands for values."""
        for folder in ("common", "arch"):
            top = os.path.join(tooltest.ROOT, folder)
            for path in glob.glob(f"{top}/**/*.[chS]", recursive=True):
                text = self.read(path).decode()
                # A function refuse...() tells what its messages begin with.
                begin = re.search(r'panic_begin\("(.*)"', text)
                for name, strings in self.calls(text):
                    line = strings[0]
                    if name == "panic_range":
                        line = (f"{(['0'] + strings)[-2]}: "
                                f"0 bytes at 0: {strings[-1]}")
                    elif name != "panic" and begin:
                        line = begin[1] + line
                    elif name != "panic":
                        continue
                    if path.endswith("machine/dt.c"): # fdt or dtb
                        line = line.replace("%s: ", "fdt: ", 1)
                    yield re.sub(r"%[#0-9]*l?[csux]", "0", line)
                yield from re.findall(r'"directboot: (\w.*?: .*?)\\r', text)

    def test_man_page_has_every_message_and_no_other(self):
        page = self.read(os.path.join(tooltest.ROOT, "payload/directboot.7"))
        part = re.search(r"^\.SH MESSAGES\n(.*?)^\.SH ",
                         page.decode().replace("\\-", "-"), re.M | re.S)[1]
        heads = re.findall(r"^\.T[PQ]\n\.B (.*)$", part, re.M)
        messages = set(self.messages())
        self.assertGreater(len(messages), 100)
        patterns = {head: re.escape(head).replace(r"\.\.\.", ".*")
                    for head in heads}
        for message in messages:
            self.assertTrue(any(re.match(pattern, message)
                                for pattern in patterns.values()), message)
        for head, pattern in patterns.items():
            self.assertTrue(any(re.match(pattern, message)
                                for message in messages), head)

    def complete(self, *words):
        script = """. "$1"; shift
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
            _directboot; printf '%s ' "${COMPREPLY[@]}"
            """
        path = os.path.dirname(tooltest.tool()) + ":" + os.environ["PATH"]
        done = subprocess.run(
            ["bash", "-c", script, "bash",
             os.path.join(tooltest.ROOT, "payload/directboot.bash"),
             "directboot", *words], capture_output=True, check=True,
            env={**os.environ, "PATH": path}, cwd=self.dir.name)
        return set(done.stdout.decode().split())

    def test_completion(self):
        self.assertEqual(self.complete("pa"), {"pack"})
        self.assertEqual(self.complete("show", "--j"), {"--json"})
        for command in self.COMMANDS:
            arguments = self.arguments(command)
            self.assertEqual(self.complete(command, "--"),
                             {"--" + name for name in arguments} | {"--help"})
            for name, argument in arguments.items():
                if "|" in argument and argument.islower():
                    self.assertEqual(
                        self.complete(command, "--" + name, ""),
                        set(argument.split("|")))
        self.assertEqual(self.complete("pack", "--on-error", ""),
                         {"halt", "poweroff", "reset"})
        self.assertEqual(self.complete("pack", "--acpi", "v"), {"vmm"})
        self.assertEqual(self.complete("pack", "--kernel", "arm"),
                         {"arm.blob"})
        # Words in capitals stand for what is no choice.
        self.assertEqual(self.complete("pack", "--rootfs", "arm"),
                         {"arm.blob"})
        self.assertEqual(self.complete("pack", "--pin", ""),
                         {"arm.blob", "blob"})
