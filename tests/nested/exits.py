# SPDX-License-Identifier: BSD-2-Clause
"""Counts the exits that a boot costs under KVM, by kind.

From the VMM's start to the kernel's first virtual address, or that of user
space, as the inner machine's kernel traces them (ftrace, kvm_exit), with one
CPU. What interrupts of the host's own timer cost is told, and counted by no
limit. `--markdown FILE` writes a table.
"""
import collections
import os
import re
import shlex
import time

from lib import report
from nested import case as nested_case
from nested import inner, suite, vmms

HERE = os.path.dirname(os.path.abspath(__file__))
JOBS_MAX = 1  # the inner machine's timer has its share in the exits
SECONDS = 90
# Field of the trace event that has the guest's program counter; from where on
# that is the kernel's, and up to where a program's.
PROGRAM_COUNTERS = {"x86_64": "guest_rip", "aarch64": "vcpu_pc"}
KERNEL, USER = 0xffff000000000000, 0xffffffffffff
TRACE = "/sys/kernel/tracing"
# The first exit at such an address ends the trace, and then the VMM is ended.
TRACE_RUN = f"""\
trace={TRACE}
stop='{{stop}}'
echo 0 >$trace/tracing_on
# Of this run's machine only.
echo $$ >$trace/set_event_pid
echo 1 >$trace/options/event-fork
echo 16384 >$trace/buffer_size_kb
echo >$trace/trace
echo "$stop" >$trace/events/kvm/kvm_exit/trigger
for event in kvm_exit kvm_mmio; do
	echo 1 >$trace/events/kvm/$event/enable
done
echo 1 >$trace/tracing_on
{{command}} >console 2>&1 &
vmm=$!
while [ "$(cat $trace/tracing_on)" = 1 ] && kill -0 $vmm 2>/dev/null; do
	sleep 0.2
done
kill $vmm 2>/dev/null
wait $vmm
echo 0 >$trace/tracing_on
echo 0 >$trace/events/kvm/enable
echo "!$stop" >$trace/events/kvm/kvm_exit/trigger
echo >$trace/set_event_pid
cat $trace/trace
cat console
"""
EVENT = re.compile(
    r"kvm_exit: (?:vcpu \d+ )?(?:reason (?P<reason>\S+) rip (?P<rip>\w+)|"
    r"(?P<code>\w+): HSR_EC: \w+ \((?P<trap>\w+)\), PC: (?P<pc>\w+))|"
    r"(?P<mmio>kvm_mmio): ")

# Kinds in the table, and what AMD's, Intel's and Arm's are called there.
KINDS = {
    "faults": r"npf|EPT_VIOLATION|EPT_MISCONFIG|[ID]ABT_LOW",
    "devices": r"mmio",
    "io": r"io|IO_INSTRUCTION",
    "cpuid": r"cpuid|CPUID",
    "msr": r"msr|MSR_READ|MSR_WRITE|SYS64",
    "cr": r"(read|write)_cr\d+|cr0_sel_write|CR_ACCESS",
    "calls": r"HVC64|SMC64|hypercall|VMCALL|vmmcall",
    "timer": r"interrupt|nmi|EXTERNAL_INTERRUPT|IRQ",
}
HEAD = ["case", "firmware", "exits", *KINDS, "other", "limit"]


def add_arguments(parser):
    parser.add_argument("--markdown", metavar="FILE",
                        help="exits: write the table there")


class Case(nested_case.Case):
    """Nothing is checked but that the kernel is entered, or comes up."""

    def command_line(self, own_firmware):
        return f"console={self.console()} loglevel=5 nokaslr db.end=poweroff"


def load():
    return nested_case.load("exits", Case)


def skip_reason(case, context):
    if inner.is_native(case.arch) and not os.access(f"{TRACE}/trace", os.W_OK):
        return f"no {TRACE}/trace"
    return suite.skip_reason(case, context)


def write_run(boot, context, directory):
    words = vmms.command(boot, context, directory)
    # To user space means to the guest's end, and the rest is left out here.
    until = "== 1" if "until" in boot.case else f">= {KERNEL:#x}"
    stop = f"traceoff if {PROGRAM_COUNTERS[boot.case.arch]} {until}"
    directory.write_script(TRACE_RUN.format(stop=stop,
                                            command=shlex.join(words)))


def prepare(runs, context):
    suite.prepare(runs, context, write_run)


def reasons(trace, until):
    """The reason of each exit in the trace up to there, in order."""
    reason, is_kernel = None, False
    for event in EVENT.finditer(trace):
        if event["mmio"]:
            reason = "mmio"
            continue
        if reason:
            yield reason
        address = int(event["rip"] or event["pc"], 16)
        if is_kernel and address <= USER:
            return
        is_kernel = is_kernel or address >= KERNEL
        if is_kernel and until != "user":
            return
        reason = event["reason"] or (
            event["trap"] if event["code"] == "TRAP" else event["code"])
    raise ValueError(f"trace: no address of {until}: {trace[-500:]!r}")


def count(trace, until):
    """How many exits of each kind there were."""
    counts = collections.Counter(dict.fromkeys([*KINDS, "other"], 0))
    for reason in reasons(trace, until):
        kinds = [kind for kind, pattern in KINDS.items()
                 if re.fullmatch(pattern, reason)]
        counts[kinds[0] if kinds else "other"] += 1
    counts["exits"] = sum(number for kind, number in counts.items()
                          if kind != "timer")
    return counts


def limits():
    """Case name -> exits."""
    with open(f"{HERE}/limits.txt", encoding="utf-8") as file:
        lines = [line.partition("#")[0].split() for line in file]
    return {words[0]: int(words[1]) for words in lines if words}


def run(case, context):
    boot = suite.boot_of(case, context)
    with context.machines.machine(case.arch, case.inner) as machine:
        start = time.monotonic()
        with machine.start_run(case.label) as vmm:
            vmm.wait(SECONDS)
        seconds = time.monotonic() - start
    text = vmm.console()
    if vmm.status() is None:
        return report.Verdict([f"timeout: {text[-500:]!r}"])
    counts = count(text, case.get("until", "the kernel"))
    context.exits = getattr(context, "exits", {})
    context.exits[case.label] = counts
    limit = limits().get(case.name)
    words = ", ".join(f"{number} {kind}" for kind, number in counts.items()
                      if number and kind != "exits")
    problems = []
    if limit is None and boot.firmware.is_own and "until" not in case:
        problems.append(f"limits.txt has no {case.name}: {words}")
    elif limit is not None and counts["exits"] > limit:
        problems.append(f"{counts['exits']} exits, at most {limit}: {words}")
    return report.Verdict(problems, words=f"{counts['exits']} exits: {words}",
                          seconds=seconds)


def row(case, context):
    counts = context.exits[case.label]
    return [case.label, context.boots[case.label].firmware.name,
            *(counts[name] for name in HEAD[2:-1]),
            limits().get(case.name, "")]


def finish(verdicts, context):
    if not verdicts:
        return  # all were skipped
    context.machines.stop()
    if not context.options.markdown:
        return
    rows = [row(case, context) for case, verdict in verdicts
            if case.label in getattr(context, "exits", {})]
    lines = [HEAD, ["---", "---", *["---:"] * (len(HEAD) - 2)], *rows]
    with open(context.options.markdown, "w", encoding="utf-8") as file:
        for cells in lines:
            file.write("| " + " | ".join(map(str, cells)) + " |\n")
