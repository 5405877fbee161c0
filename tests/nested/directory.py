# SPDX-License-Identifier: BSD-2-Clause
"""The directory of each case, which is all that a run of it needs.

On this machine and in the inner one a run is `sh ./run` in that directory;
files that cases share are in ../files.
"""
import os
import re
import shlex
import shutil

# The clock of whoever starts the guest is what the guest's is compared with.
TIME_LABEL = """\
printf 'directboot-disk dump\\ntime %s\\n' "$(date +%s)" |
	dd of=dump.img conv=notrunc 2>/dev/null
"""
PRESS_BUTTON = """\
mkfifo qmp.in qmp.out
: >console
cat qmp.out >/dev/null &
while sleep 1; do
	! grep -q 'GUEST waits for the power' console || break
done >/dev/null && printf '%s\\n' '{"execute": "qmp_capabilities"}' \\
	'{"execute": "system_powerdown"}' >qmp.in &
"""
# The dump, which is on a disk that only a machine of its own may have.
SHOW_DUMP = """\
echo
echo @dump
dd if=dump.img bs=4096 skip=1 2>/dev/null | gzip -1 | base64
echo @dumped
"""


class Directory:
    """One case's; `shared` is the directory with all of them."""

    def __init__(self, shared, name):
        self.files, self.path = f"{shared}/files", f"{shared}/{name}"
        os.makedirs(self.files, exist_ok=True)
        os.makedirs(self.path, exist_ok=True)

    def share(self, path, name=None):
        """A file from anywhere, by the name that a run knows it by."""
        name = name or path.strip("/").replace("/", "-")
        if not os.path.exists(f"{self.files}/{name}"):
            shutil.copy(path, f"{self.files}/{name}")
        return f"../files/{name}"

    def share_text(self, text, name):
        """A script."""
        with open(f"{self.files}/{name}", "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(f"{self.files}/{name}", 0o755)
        return f"../files/{name}"

    def localise(self, word):
        """A word of a command line, with the paths in it as a run has them."""
        word = word.replace(f"{self.path}/", "")
        return re.sub(r"/[^,=:]+", lambda match: self.share(match[0])
                      if os.path.isfile(match[0]) else match[0], word)

    def write_script(self, text):
        with open(f"{self.path}/run", "w", encoding="utf-8") as file:
            file.write(text)

    def write_run(self, command, before="", after="", is_watched=False):
        """A command, its output joined; with it watched also in a file."""
        words = shlex.join(command)
        tee = "tee console" if is_watched else "cat"
        self.write_script(
            f"{before}{{\n\t{words} 2>&1\n\techo $? >status\n}} | {tee}\n"
            f"{after}exit \"$(cat status)\"\n")
