#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Prints what the bytes of a ROM are, from what `show --json` says of it.

usage: directboot show --json ROM | sizes.py BLOB
"""
import json
import os
import sys


def part(section):
    name = section["type"].split("-")[0]
    return name if name in ("kernel", "initrd") else "options"


def main():
    shown = json.load(sys.stdin)
    blob = os.path.getsize(sys.argv[1])
    sizes = {"blob": [blob, blob], "kernel": [0, 0], "initrd": [0, 0],
             "options": [0, 0]}
    for section in shown["sections"]:
        sizes[part(section)][0] += section["stored_size"]
        sizes[part(section)][1] += section["size"]

    print(f"{'bytes':<10} {'stored':>10} {'loaded':>10}")
    for name, (stored, loaded) in sizes.items():
        print(f"{name:<10} {stored:10} {loaded:10}")
    rom = shown["size"]
    padding = rom - sum(stored for stored, _ in sizes.values())
    print(f"{'padding':<10} {padding:10}")
    print(f"{'ROM':<10} {rom:10}  = {rom / 2**20:.2f} MiB")


main()
