#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Boots Debian's cloud kernel to a busybox shell on this terminal, from one
# ROM made by directboot. usage: run.sh [x86_64|aarch64] [QEMU-OPTION...]
#
#   KERNEL= INITRD= CMDLINE=   boot these instead
#   PACK=                      more options for directboot pack
#
# `make` must have built tool and blob. The script uses hardware virtualisation
# if there is some, else emulation. `exit` in the shell powers off; Ctrl-A X
# ends QEMU.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
build=${O:-$root/build}
arch=${1:-x86_64}
[ $# = 0 ] || shift

case $arch in
x86_64) debian=amd64 console=ttyS0 machine=q35 model=max ;;
aarch64) debian=arm64 console=ttyAMA0 machine=virt model=max ;;
*)
	echo "usage: ${0##*/} [x86_64|aarch64] [QEMU-OPTION...]" >&2
	exit 2
	;;
esac

flavour=cloud-$debian
if [ -z "${KERNEL-}" ]; then
	"$root/scripts/fetch-kernels.sh" "$flavour" "busybox-$debian"
	KERNEL=$build/kernels/$flavour/vmlinuz
fi
if [ -z "${INITRD-}" ]; then
	"$root/scripts/fetch-kernels.sh" "$flavour" "busybox-$debian"
	INITRD=$build/guest/$flavour.cpio
	"$root/tests/guest/mkinitrd.py" "$build/kernels/$flavour" \
		"$build/kernels/busybox-$debian/busybox" "$INITRD"
fi

rom=$build/run-$arch.rom
# shellcheck disable=SC2086 # PACK is a list of options
"$build/directboot" pack --kernel "$KERNEL" --initrd "$INITRD" \
	--cmdline "${CMDLINE-console=$console quiet}" ${PACK-} -o "$rom"

# /dev/kvm alone is not enough: without VMX or SVM it is a software emulator, in
# which stock kernels do not boot.
can_kvm() {
	[ "$(uname -m)" = "$arch" ] || return 1
	[ "$arch" != x86_64 ] || grep -qwE 'vmx|svm' /proc/cpuinfo || return 1
	(: <>/dev/kvm) 2>/dev/null
}
accel=tcg
if can_kvm; then
	accel=kvm
	model=host
	# The host's interrupt controller decides which GIC a guest can have.
	[ "$arch" = x86_64 ] || machine=$machine,gic-version=host
elif [ "$arch" = aarch64 ]; then
	# QEMU emulates its own pointer authentication faster than Arm's.
	model=$model,pauth-impdef=on
fi

saved=
[ ! -t 0 ] || saved=$(stty -g)
leave() {
	[ -z "$saved" ] || stty "$saved"
	# The guest may have left colours and modes behind.
	[ ! -t 1 ] || printf '\033[0m\033[?7h\033[?25h'
}
trap leave EXIT
trap 'exit 130' INT TERM HUP

"qemu-system-$arch" -machine "$machine" -accel "$accel" -cpu "$model" \
	-smp 2 -m 1024 -nographic -no-reboot -nic user,model=virtio-net-pci \
	-bios "$rom" "$@"
