# SPDX-License-Identifier: BSD-2-Clause
"""Runs QEMU with the plugin, and reads what was executed before the kernel."""
import collections
import os
import re
import subprocess
import tempfile
import threading

ACCESS = re.compile(r"memory_region_ops_\w+ cpu (-?\d+) .* name '(.*)'$")

# Virtual time is the count of instructions, so a loop that waits for a clock
# executes the same number of them, whatever else the host does.
DETERMINISTIC = ["-icount", "shift=0,sleep=off"]


class NoEntry(Exception):
    """The kernel was not reached; the text says why."""


class Result:
    """Holds the plugin's counts and the trace, up to the kernel's entry."""

    def __init__(self, path):
        self.insns = collections.Counter()   # (address, bytes) -> executions
        self.starts = collections.Counter()  # the same, a rep counted once
        self.calls = collections.Counter()   # (address, bytes) -> callee's
        self.devices = None                  # name -> accesses, if traced
        self.values = {}
        with open(path, encoding="ascii") as file:
            for line in file:
                word, _, rest = line.rstrip("\n").partition(" ")
                if word == "insn":
                    self._add_insn(*rest.split(" "))
                else:
                    self.values[word] = rest
        self.marker = self.values["marker"]
        self.insn_count = int(self.values["insns"])
        self.start_count = int(self.values["starts"])
        self.end_insn_count = int(self.values["end_insns"])
        
        self.vcpu_ms = int(self.values["vcpu_ns"]) / 1e6
        self.end_ms = int(self.values["end_ns"]) / 1e6

    def _add_insn(self, address, count, starts, callee, code):
        key = int(address, 16), bytes.fromhex(code)
        self.insns[key] += int(count)
        self.starts[key] += int(starts)
        self.calls[key] += int(callee)

    @property
    def access_count(self):
        return None if self.devices is None else sum(self.devices.values())


def read_devices(path):
    """Counts port and MMIO accesses by device, without QEMU's own (cpu -1)."""
    devices = collections.Counter()
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            match = ACCESS.match(line)
            if match and int(match[1]) >= 0:
                devices[match[2]] += 1
    return devices


def last_line(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            lines = [line.strip() for line in file if line.strip()]
        return lines[-1] if lines else "nothing said"
    except OSError:
        return "nothing said"


def build_plugin(folder, root):
    """Builds the plugin for each of the two interface versions."""
    folder_of_source = os.path.join(root, "tests/bench")
    files = [os.path.join(folder_of_source, name)
             for name in os.listdir(folder_of_source)
             if name.endswith((".c", ".h"))]
    sources = sorted(file for file in files if file.endswith(".c"))
    changed = max(os.path.getmtime(file) for file in files)
    plugins = []
    for version in 1, 2:
        target = os.path.join(folder, f"plugin-api{version}.so")
        if (not os.path.exists(target) or
                os.path.getmtime(target) < changed):
            subprocess.run(
                ["gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-shared",
                 "-fPIC", "-fvisibility=hidden", "-I", root,
                 f"-DAPI_VERSION={version}", "-o", target, *sources],
                check=True)
        plugins.append(target)
    return plugins


def loadable_plugin(qemu, plugins):
    """Returns the plugin that this QEMU can load, or None."""
    for plugin in plugins:
        probe = subprocess.run(
            [qemu, "-M", "none", "-display", "none", "-plugin",
             f"{plugin},probe=on"], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            timeout=60, check=False)
        if probe.returncode == 0:
            return plugin
    return None


def serial(console, keys):
    if not keys:
        return ["-serial", f"file:{console}"]
    return ["-chardev", f"stdio,id=console,logfile={console},signal=off",
            "-serial", "chardev:console"]


def type_keys(qemu, keys):
    """Types each text when the console shows the words it waits for."""
    for prompt, text in keys:
        said = b""
        while not said.endswith(prompt):
            byte = qemu.stdout.read(1)
            if not byte:
                return
            said += byte
        try:
            qemu.stdin.write(text)
            qemu.stdin.flush()
        except BrokenPipeError:
            return


def start(command, errors, keys, timeout):
    """Runs QEMU to its end. Returns false if it had to be stopped."""
    qemu = subprocess.Popen(
        command, stdin=subprocess.PIPE if keys else subprocess.DEVNULL,
        stdout=subprocess.PIPE if keys else subprocess.DEVNULL,
        stderr=errors, bufsize=0)
    alarm = threading.Timer(timeout, qemu.kill)
    alarm.start()
    try:
        type_keys(qemu, keys)
        while keys and qemu.stdout.read(4096):
            pass
        qemu.wait()
        return alarm.is_alive()
    finally:
        alarm.cancel()
        qemu.kill()
        qemu.wait()


def run(command, plugin, markers, *, keys=(), counts=True, deterministic=True,
        traces=True, pages=False, first=False, to_kva=False, timeout=120):
    """Runs QEMU up to the kernel. `keys` are those of type_keys()."""
    with tempfile.TemporaryDirectory(prefix="directboot-bench-") as folder:
        result, trace, console, errors = (
            os.path.join(folder, name)
            for name in ("result", "trace", "console", "errors"))
        options = [f"{plugin},out={result}"]
        options += [f"marker={name}:{code.hex()}"
                    for name, code in markers.items()]
        options += ["count=off"] * (not counts) + ["pages=on"] * pages
        options += ["first=on"] * first + ["kva=on"] * to_kva
        command = command + ["-plugin", ",".join(options)]
        command += DETERMINISTIC * deterministic
        command += ["-trace", "memory_region_ops_read", "-trace",
                    "memory_region_ops_write", "-D", trace] * traces
        with open(errors, "wb") as file:
            ended = start(command + serial(console, keys), file, keys, timeout)
        if not ended:
            raise NoEntry(f"no kernel within {timeout} s; console: "
                          f"{last_line(console)}")
        if not os.path.exists(result):
            raise NoEntry(f"QEMU: {last_line(errors)}")
        measured = Result(result)
        if measured.marker == "none":
            raise NoEntry("QEMU ended before the kernel; console: "
                          f"{last_line(console)}")
        if traces:
            measured.devices = read_devices(trace)
        return measured
