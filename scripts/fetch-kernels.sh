#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Fetches the kernels that the tests boot. They are Debian's, unchanged.
# usage: fetch-kernels.sh [NAME...], with none: all of
#
#   cloud-amd64 amd64 cloud-arm64 arm64     linux-image-NAME
#   busybox-amd64 busybox-arm64             busybox-static
#
# Afterwards build/kernels/NAME/ holds vmlinuz, config, modules (the directory
# with modules.dep), version and, for amd64, vmlinux; busybox-ARCH/ holds
# busybox. Kernels that are there are not fetched again. To get newer packages,
# remove build/kernels.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
kernels=${O:-$root/build}/kernels
mkdir -p "$kernels"

link() {
	[ -e "$1" ] || { echo "${0##*/}: $1: not in the package" >&2; exit 1; }
	ln -sfn "${1#"$dir"/}" "$dir/$2"
}

fetch_kernel() {
	dir=$kernels/$1
	"$root/scripts/fetch-debs.sh" "${1##*-}" "$dir" "linux-image-$1"
	[ ! -f "$dir/version" ] || return 0
	version=$(ls "$dir/lib/modules")
	link "$dir/boot/vmlinuz-$version" vmlinuz
	link "$dir/boot/config-$version" config
	link "$dir/lib/modules/$version" modules
	# The packages' install scripts, which do not run here, make this file.
	[ -f "$dir/modules/modules.dep" ] ||
		"$(command -v depmod || echo /sbin/depmod)" -b "$dir" "$version"
	case $1 in
	*amd64)
		python3 "$root/scripts/extract-vmlinux.py" \
			"$dir/vmlinuz" "$dir/vmlinux"
		;;
	esac
	echo "$version" >"$dir/version"
}

fetch_busybox() {
	dir=$kernels/$1
	"$root/scripts/fetch-debs.sh" "${1##*-}" "$dir" busybox-static
	link "$dir/bin/busybox" busybox
}

[ $# -gt 0 ] || set -- cloud-amd64 amd64 cloud-arm64 arm64 \
	busybox-amd64 busybox-arm64

for name; do
	case $name in
	busybox-amd64 | busybox-arm64) fetch_busybox "$name" ;;
	cloud-amd64 | amd64 | cloud-arm64 | arm64) fetch_kernel "$name" ;;
	*)
		echo "${0##*/}: $name: no such kernel" >&2
		exit 2
		;;
	esac
done
