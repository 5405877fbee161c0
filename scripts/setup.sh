#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Installs what Debian 12 needs to build, run and test directboot.
# usage: setup.sh [run|test|peers|appliance|paravisor] [x86_64|aarch64]
#
#   run    (default) what `make` and `make run` need, for one architecture
#   test   everything that `make test` needs, for both architectures
#   peers  what `make peer-tests` needs: the same, and tools that make disks
#          with a Debian, of either architecture
#   appliance   what `make appliance` needs: run, and tools to build Linux and
#               busybox
#   paravisor   what `make paravisor` needs: run, and a tool to make disks, or
#               on x86_64 tools to build Linux
#
# If all packages are there, this script only asks dpkg: it needs no root and
# no network. Otherwise it needs root or sudo, and prints what it installs. It
# unpacks libfdt of other architectures, which cannot be installed, into
# build/packages/ ($O/packages/).
set -eu

level=${1:-run} arch=${2:-x86_64}

# These are the compiler, tools for kernel packages (kmod, lz4) and libraries.
run="gcc libc6-dev make python3 kmod lz4 libfdt-dev gnu-efi zlib1g-dev
	liblz4-dev libzstd-dev liblzma-dev libbz2-dev liblzo2-dev
	libarchive-dev libjansson-dev"
run_x86_64="qemu-system-x86"
run_aarch64="qemu-system-arm"
# The other architecture needs a cross compiler.
machine=$(uname -m)
[ "$machine" = x86_64 ] || run_x86_64="$run_x86_64 gcc-x86-64-linux-gnu"
[ "$machine" = aarch64 ] || run_aarch64="$run_aarch64 gcc-aarch64-linux-gnu"
# These are the second compiler, checkers of tables and style, firmware to
# compare with, libvirt, and what makes and judges Debian packages.
test="clang libclang-rt-dev lld llvm clang-format clang-tidy cppcheck
	acpica-tools device-tree-compiler ipxe-qemu seabios qemu-efi-aarch64
	ovmf zstd xz-utils bzip2 lzop shellcheck git bochs groff-base e2fsprogs
	libvirt-daemon libvirt-daemon-driver-qemu libvirt-clients dpkg-dev lintian"

# These install a Debian into a directory, and emulate its programs.
peers="mmdebstrap arch-test qemu-user-static"

# These build Linux from its source.
linux="bc bison flex libelf-dev xz-utils"
# These are Linux's source, and dpkg-dev to unpack busybox's.
appliance="linux-source $linux dpkg-dev"

case $level-$arch in
run-x86_64) wanted="$run $run_x86_64" ;;
run-aarch64) wanted="$run $run_aarch64" ;;
appliance-x86_64) wanted="$run $run_x86_64 $appliance" ;;
appliance-aarch64) wanted="$run $run_aarch64 $appliance" ;;
paravisor-x86_64) wanted="$run $run_x86_64 $linux" ;;
paravisor-aarch64) wanted="$run $run_aarch64 e2fsprogs" ;;
test-*) wanted="$run $run_x86_64 $run_aarch64 $test" ;;
peers-*) wanted="$run $run_x86_64 $run_aarch64 $test $peers" ;;
*)
	echo "usage: ${0##*/} [run|test|peers|appliance|paravisor]" \
		"[x86_64|aarch64]" >&2
	exit 2
	;;
esac

# The blobs of these architectures are linked with libfdt.
blobs=$arch
case $level in
test | peers) blobs="x86_64 aarch64" ;;
esac

unpack_foreign() {
	root=$(cd "$(dirname "$0")/.." && pwd)
	packages=${O:-$root/build}/packages
	for blob in $blobs; do
		case $blob in
		"$machine") ;;
		x86_64) "$root/scripts/fetch-debs.sh" amd64 \
			"$packages/libfdt-amd64" libfdt-dev ;;
		aarch64) "$root/scripts/fetch-debs.sh" arm64 \
			"$packages/libfdt-arm64" libfdt-dev ;;
		esac
	done
}

missing=
for package in $wanted; do
	status=$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" \
		2>/dev/null) || true
	case $status in
	ii*) ;;
	*) missing="$missing $package" ;;
	esac
done
if [ -z "$missing" ]; then
	unpack_foreign
	exit 0
fi

as_root=
if [ "$(id -u)" != 0 ]; then
	if ! command -v sudo >/dev/null; then
		echo "${0##*/}: needs root to install:$missing" >&2
		exit 1
	fi
	as_root=sudo
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
	# Another apt may hold the lock on a fresh machine.
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq \
		-o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" \
		>"$log" 2>&1
}
# shellcheck disable=SC2086 # package names have no blanks
install() {
	apt install -y --no-install-recommends $missing
}

echo "  SETUP$missing" >&2
# Package lists may be absent, or too old: they then name removed versions.
if ! install && { ! apt update || ! install; }; then
	cat "$log" >&2
	echo "${0##*/}: cannot install:$missing" >&2
	exit 1
fi
unpack_foreign
