#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Checks whether iasl accepts ACPI tables. usage: iasl-check.sh DIRECTORY
#
# It disassembles every *.dat and *.aml file there and compiles it again. SSDTs
# and the DSDT know each other's names. A table fails if either step has errors
# or warnings, or if a data table comes back as other bytes, except for the
# compiler's name and version in the header. Each table gets a line, "ok" or
# "FAIL" with a reason. The status is 1 if any failed.
set -u

if [ $# != 1 ] || [ ! -d "$1" ]; then
	echo "usage: ${0##*/} DIRECTORY" >&2
	exit 2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
count=0

for file in "$1"/*.dat "$1"/*.aml; do
	[ ! -s "$file" ] || cp "$file" "$work/"
done
cd "$work" || exit 1

# Prints iasl's first complaint in one line.
complaint() {
	grep -hiE -m 1 -A 2 '^(error|warning)|invalid|incorrect|unknown|\*\*\*\*' \
		"$base.log" "$base.compile" 2>/dev/null | tr -s ' \n' ' ' | cut -c 1-160
}

# Only creator id and revision (28-35) and checksum (9) may differ.
same_bytes() {
	cmp -l "$1" "$2" 2>&1 |
		awk '/EOF/ { print "length"; exit }
		$1 != 10 && ($1 < 29 || $1 > 36) {
			print "byte " ($1 - 1); exit }'
}

check_aml() {
	others=
	for other in DSDT*.dat SSDT*.dat DSDT*.aml SSDT*.aml; do
		[ ! -e "$other" ] || [ "$other" = "$1" ] ||
			others="$others${others:+,}$other"
	done
	iasl ${others:+-e "$others"} -p "$base" -d "$1" >"$base.log" 2>&1 &&
		iasl -p "$base-new" "$base.dsl" >"$base.compile" 2>&1
}

check_data() {
	iasl -p "$base" -d "$1" >"$base.log" 2>&1 &&
		iasl -p "$base-new" "$base.dsl" >"$base.compile" 2>&1
}

for table in *.dat *.aml; do
	[ -e "$table" ] || continue
	case $table in
	*-new.aml) continue ;;
	esac
	base=${table%.*}
	count=$((count + 1))
	why=
	case $(head -c 4 "$table") in
	DSDT | SSDT) check_aml "$table" || why=failed ;;
	*)
		check_data "$table" || why=failed
		[ -n "$why" ] || why=$(same_bytes "$table" "$base-new.aml")
		;;
	esac
	grep -qE ' 0 Errors, 0 Warnings' "$base.compile" 2>/dev/null ||
		why=${why:-compile}
	! grep -qiE 'warning|error|invalid|incorrect|\*\*\*\*' "$base.log" ||
		why=${why:-disassemble}
	if [ -z "$why" ]; then
		echo "ok $table"
	else
		echo "FAIL $table: $why: $(complaint)"
		status=1
	fi
done
[ $count -gt 0 ] || { echo "FAIL $1: no tables"; status=1; }
exit $status
