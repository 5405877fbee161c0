#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Builds build/paravisor/bzImage, a Linux that reads its machine from a device
# tree on x86_64, of Debian's linux-source package. usage: paravisor-kernel.sh
#
#   JOBS=    number of compilers at a time
#
# Debian's own kernels for x86_64 read no device tree, and Linux 6.1 cannot do
# so there. The script needs what `setup.sh paravisor` installs; 1.6 GB in
# build/paravisor/, and some ten minutes of two processors.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "${O:-$root/build}/paravisor"
work=$(cd "${O:-$root/build}/paravisor" && pwd)
package=linux-source-6.12
config=$root/scripts/paravisor/kernel.config

fail() {
	echo "${0##*/}: $*" >&2
	exit 1
}

# Runs a command quietly. Its output is shown only if it fails.
quiet() {
	"$@" >"$work/log" 2>&1 </dev/null || { tail -n 20 "$work/log" >&2
		fail "$1: failed; all of it: $work/log"; }
}

kernel_make() {
	quiet make -s -C "$work/linux" O="$work/obj" ARCH=x86 "$@"
}

if [ ! -f "$work/linux/Makefile" ]; then
	"$root/scripts/fetch-debs.sh" amd64 "$work/source" $package
	mkdir -p "$work/linux"
	tar -xf "$work/source/usr/src/$package.tar.xz" -C "$work/linux" \
		--strip-components 1
	rm -r "$work/source"
fi
kernel_make KCONFIG_ALLCONFIG="$config" allnoconfig
sed -n '/^CONFIG_/p' "$config" | while read -r option; do
	grep -qxF "$option" "$work/obj/.config" ||
		fail "$option: did not get into the configuration"
done
kernel_make -j "${JOBS:-$(nproc)}" bzImage
cp "$work/obj/arch/x86/boot/bzImage" "$work/bzImage"
