#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# iasl_roundtrip.sh DUMP_ACPI DIR - a second opinion on every table we make
#
# Each table is disassembled and compiled again, without error, warning or
# remark. What comes out must be what went in: byte for byte, or for AML, where
# our lengths and integers may be longer than iasl's, by its disassembly.
set -u

dump=$1
dir=$2
failed=0

if ! command -v iasl >/dev/null; then
	echo "skip iasl_roundtrip: there is no iasl"
	exit 0
fi

rm -rf "$dir"
"$dump" "$dir" || exit 1

# Integers alike, whatever their width; comments have sizes and dates.
normalise() {
	sed -e '1,/^DefinitionBlock/d' -e 's/\bZero\b/0x0/g' \
		-e 's/\bOne\b/0x1/g' -e 's/0x0*\([0-9A-F]\)/0x\1/g' "$1"
}

fail() {
	echo "FAIL $1: $2"
	failed=1
}

# What iasl has to say, but for the summary that says "0 Errors".
complaints() {
	grep -iE 'error|warning|remark|invalid|terminates|unknown' |
		grep -v '0 Errors, 0 Warnings, 0 Remarks'
}

# round_trip TABLE.dat: leaves TABLE.dsl, TABLE.aml and, for AML, TABLE-again.dsl
round_trip() {
	base=${1%.dat}
	said=$(iasl -d "$1" 2>&1 | complaints)
	[ -z "$said" ] || fail "$1" "iasl -d: $said"
	said=$(iasl -tc "$base.dsl" 2>&1 | complaints)
	[ -z "$said" ] || fail "$1" "iasl -tc: $said"
}

same_aml() {
	base=${1%.dat}
	iasl -p "${base}-again" -d "$base.aml" >/dev/null 2>&1
	normalise "$base.dsl" >"$base.before"
	normalise "${base}-again.dsl" >"$base.after"
	[ -s "$base.before" ] && cmp -s "$base.before" "$base.after" ||
		fail "$1" "recompiled AML differs"
}

# iasl writes its own compiler ID and revision, so also another checksum.
same_bytes() {
	for part in "-n 9" "-i 10 -n 18" "-i 36"; do
		# shellcheck disable=SC2086 # options and their values
		cmp -s $part "$1" "${1%.dat}.aml" ||
			fail "$1" "recompiled table differs ($part)"
	done
}

for machine in "$dir"/*; do
	for table in "$machine"/*.dat; do
		round_trip "$table"
		case ${table##*/} in
		DSDT.dat) same_aml "$table" ;;
		FACS.dat) cmp -s "$table" "${table%.dat}.aml" ||
			fail "$table" "recompiled table differs" ;;
		*) same_bytes "$table" ;;
		esac
	done
	[ "$failed" -ne 0 ] || echo "ok   iasl_roundtrip ${machine##*/}"
done
exit "$failed"
