# SPDX-License-Identifier: BSD-2-Clause
"""Turns measured rows into Markdown, and into the verdict of --check."""
import os
import statistics

import blob
import rows


def table(head, lines):
    def text(cells):
        return "| " + " | ".join(str(cell) for cell in cells) + " |"
    align = ["---" if cell.endswith(" ") else "---:" for cell in head]
    return [text(cell.rstrip() for cell in head), text(align),
            *(text(line) for line in lines), ""]


def grouped(value):
    return "-" if value is None else f"{value:,}"


class Measured:
    """Holds a row and its measurements, or why there are none."""

    def __init__(self, row):
        self.row = row
        self.error = row.missing
        self.exact = None   # with virtual time: repeats to the digit
        self.plain = None   # with the host's time
        self.kva = None
        self.times = []     # ms to the entry, one each round
        self.kva_times = []
        self.functions = {}
        self.payload_count = 0

    def attribute(self, elf, limits):
        self.functions = blob.by_function(elf, self.exact)
        self.payload_count = sum(
            self._payload_part(name, function, limits)
            for name, function in self.functions.items())

    def _payload_part(self, name, function, limits):
        """Tells how much of a function's instructions are for the payload."""
        arch = self.row.arch
        if (limits.matches("payload", arch, name) or
                limits.matches("clean", arch, name)):
            return function.count
        if limits.matches("shared", arch, name):
            return sum(count for caller, count in function.call_costs.items()
                       if limits.matches("mover", arch, caller))
        return 0

    @property
    def own_count(self):
        """Counts instructions outside the payload's functions."""
        return self.exact.insn_count - self.payload_count

    @property
    def access_count(self):
        return self.exact.access_count


def time(times):
    if not times:
        return "-"
    return f"{min(times):.1f} / {statistics.median(times):.1f}"


def verdict(value, bound):
    if bound is None:
        return "-"
    return f"{'pass' if value <= bound else '**miss**'} ({bound:,})"


def cost_line(measured, limits):
    row, exact, plain = measured.row, measured.exact, measured.plain
    name = f"**{row.firmware}**" if row.is_ours else row.firmware
    targets = ["", ""]
    if row.is_ours:
        bounds = limits.target(row.name)
        targets = [verdict(measured.own_count, bounds[0]),
                   verdict(measured.access_count, bounds[1])]
    return [row.machine, row.cpus, row.payload, name,
            grouped(exact.insn_count), grouped(exact.start_count),
            grouped(measured.payload_count) if row.is_ours else "",
            grouped(exact.access_count),
            *([grouped(plain.insn_count), grouped(plain.access_count)]
              if plain else ["-", "-"]),
            grouped(measured.kva.end_insn_count) if measured.kva else "-",
            time(measured.times), time(measured.kva_times), exact.marker,
            *targets]


def costs(all_measured, arch, limits):
    lines = [cost_line(measured, limits) for measured in all_measured
             if measured.row.arch == arch and measured.exact]
    head = ["machine ", "CPUs", "kernel ", "firmware ", "I", "rep once",
            "of it payload", "X", "plain I", "plain X", "I to kva",
            "T ms min / med", "T to kva", "entry ", "I target ", "X target "]
    return table(head, lines) if lines else ["nothing measured", ""]


def skipped(all_measured):
    found = [f"* {m.row.name} by {m.row.firmware}: {m.error}"
             for m in all_measured if m.error]
    return ["### Not measured", "", *found, ""] if found else []


def per_cpu(all_measured):
    """Yields (fewer CPUs, more CPUs, instructions per CPU) of equal rows."""
    groups = {}
    for measured in all_measured:
        row = measured.row
        if measured.exact:
            key = row.arch, row.machine, row.payload, row.firmware
            groups.setdefault(key, []).append(measured)
    for group in groups.values():
        group.sort(key=lambda measured: measured.row.cpus)
        for few, many in zip(group, group[1:]):
            more = many.row.cpus - few.row.cpus
            if more:
                yield few, many, (many.own_count - few.own_count) / more


def per_cpu_table(all_measured, limits):
    lines = []
    for few, many, cost in per_cpu(all_measured):
        row = many.row
        bound = limits.cpu_target(row.name) if row.is_ours else None
        lines.append([row.arch, row.machine, row.payload, row.firmware,
                      f"{few.row.cpus} to {row.cpus}", f"{cost:,.1f}",
                      many.access_count - few.access_count,
                      verdict(cost, bound) if row.is_ours else ""])
    head = ["arch ", "machine ", "kernel ", "firmware ", "CPUs ",
            "I for each more", "X for all", "target "]
    return ["### Each CPU more", "", *table(head, lines)] if lines else []


def with_devices(all_measured):
    """Yields pairs of a row and the same row with ten more PCI devices."""
    by_key = {(m.row.machine, m.row.payload, m.row.firmware, m.row.cpus): m
              for m in all_measured if m.exact}
    for (machine, *rest), measured in by_key.items():
        more = by_key.get((machine + "+10pci", *rest))
        if more:
            yield measured, more


def devices_table(all_measured):
    lines = []
    for few, many in with_devices(all_measured):
        change = many.access_count - few.access_count
        lines.append([few.row.machine, few.row.payload, few.row.firmware,
                      grouped(many.own_count - few.own_count), change,
                      verdict(change, 0) if few.row.is_ours else ""])
    head = ["machine ", "kernel ", "firmware ", "I more", "X more", "target "]
    return (["### Ten PCI devices more", "", *table(head, lines)]
            if lines else [])


def unpacking(all_measured):
    """Compares our LZ4 with the kernel's own decompressor, by the CPU time that
    each takes beyond the same kernel without compression."""
    best = {(m.row.machine, m.row.payload): (min(m.times), min(m.kva_times))
            for m in all_measured
            if m.row.is_ours and m.row.is_basic and m.kva_times}
    lines = []
    for machine in rows.MACHINES:
        found = [best.get((machine, payload))
                 for payload in ("vmlinux", "bzImage", "embedded")]
        if all(found):
            plain, packed, ours = found
            own, kernels = ours[1] - plain[1], packed[1] - packed[0]
            lines.append([machine, f"{own:.1f}", f"{kernels:.1f}",
                          f"{own / kernels:.2f}"])
    head = ["machine ", "payload in our ROM, ms", "bzImage's own, ms", "ratio"]
    return (["### Payload cost (timed: for information)", "",
             *table(head, lines)] if lines else [])


def sizes(paths, elfs):
    lines = []
    for name, path in paths:
        if not os.path.exists(path):
            continue
        elf = elfs.get(path)
        linked = grouped(elf.size()) if elf else "-"
        lines.append([name, grouped(os.path.getsize(path)),
                      grouped(blob.non_fill_size(path)), linked])
    head = ["firmware ", "file bytes", "outside runs of >= 64 fill bytes",
            "code and constants"]
    return ["### Firmware bytes", "", *table(head, lines)] if lines else []


def callers(function, count=4):
    """Lists callers with counts, and the cost if it calls no others."""
    if function.is_leaf and sum(function.call_costs.values()):
        return ", ".join(f"{caller} ({function.calls[caller]:,}: {cost:,})"
                         for caller, cost
                         in function.call_costs.most_common(count))
    return ", ".join(f"{caller} ({times:,})" for caller, times
                     in function.calls.most_common(count))


def hot_spots(measured, count):
    """Lists the most costly functions or pages, and the devices touched."""
    ranked = sorted(measured.functions.items(),
                    key=lambda item: -item[1].count)
    lines = [[name, grouped(function.count), grouped(function.start_count),
              function.distinct,
              f"{100 * function.count / measured.exact.insn_count:.1f} %",
              callers(function)] for name, function in ranked[:count]]
    devices = ", ".join(f"{name} {hits}" for name, hits
                        in measured.exact.devices.most_common())
    title = f"#### {measured.row.name}, {measured.row.firmware}"
    return [title, "", *table(["function ", "I", "rep once",
                               "distinct", "share",
                               "called by (times: cost) "], lines),
            f"Accesses: {devices or 'none'}. Different instructions: "
            f"{len(measured.exact.insns):,}.", ""]


def report(all_measured, limits, elfs, blobs, options):
    text = []
    for arch in "x86_64", "aarch64":
        if any(measured.row.arch == arch for measured in all_measured):
            text += [f"### Reset to the kernel's first instruction: {arch}",
                     "", *costs(all_measured, arch, limits)]
    text += per_cpu_table(all_measured, limits)
    text += devices_table(all_measured)
    text += unpacking(all_measured)
    text += sizes([*blobs, *rows.PEERS.items()], elfs)
    text += skipped(all_measured)
    shown = [m for m in all_measured
             if m.exact and m.exact.devices is not None and options.hot and
             (m.row.is_ours or options.hot_peers) and
             (options.only or m.row.is_basic)]
    if shown:
        text += ["### Hot spots", ""]
    for measured in shown:
        text += hot_spots(measured, options.hot)
    return "\n".join(text)
