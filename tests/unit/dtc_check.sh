#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# dtc_check.sh DIR - dtc's opinion on DIR/MACHINE/*.dtb, which must be none
set -u

failed=0
if ! command -v dtc >/dev/null; then
	echo "skip dtc_check: there is no dtc"
	exit 0
fi
for machine in "$1"/*; do
	for tree in "$machine"/*.dtb; do
		# Xen's name for its node has no address, and Linux wants it so.
		said=$(dtc -I dtb -O dts -o "${tree%.dtb}.dts" "$tree" 2>&1 |
			grep -v '/hypervisor: node has a reg')
		[ -z "$said" ] || {
			echo "FAIL $tree: $said"
			failed=1
		}
	done
	[ "$failed" -ne 0 ] || echo "ok   dtc_check ${machine##*/}"
done
exit "$failed"
