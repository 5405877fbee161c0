#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Starts a file of directboot in a VMM, with its serial port on standard output.
# usage: vmm.sh VMM FILE [DISK] [-- VMM-OPTION...]
#
#   qemu-pc, qemu-q35, qemu-microvm, qemu-virt   FILE as firmware, -bios
#   ...-pflash                                   the same by flash (not microvm)
#   ...-kernel                                   FILE as kernel
#   qemu-igvm                                    FILE as IGVM file, on q35
#   bochs                                        FILE as ROM (bochs.sh)
#   kvmtool, cloud-hypervisor, firecracker, crosvm, openvmm, libkrun
#   ...-kernel                                       FILE as kernel
#   kvmtool-firmware, cloud-hypervisor-firmware      FILE as firmware; for
#   crosvm-firmware, libkrun-firmware                kvmtool made with pack
#                                                    --door low-bios
#   openvmm-igvm                                     FILE as IGVM file
#
#   pack --for knows all these names. It takes those without a suffix for
#   firmware where there is both.
#
#   DISK     image of the first disk, which is virtio, or ATA in Bochs
#   INITRD=  a bundle, for VMMs that take FILE as kernel
#   CPUS=    number of CPUs (default: 1)
#   MEM=     MiB of RAM (default: 512)
#   PROGRAM= the VMM's program; that for libkrun is krun.c's
#
# The guest has no display and no network. The script ends with the guest; a
# signal ends both.
set -eu

scripts=$(cd "$(dirname "$0")" && pwd)
usage() {
	sed -n 's/^# usage: /usage: /p' "$0" >&2
	exit 2
}
[ $# -ge 2 ] || usage
vmm=$1 file=$2
shift 2
disk=
if [ $# -gt 0 ] && [ "$1" != -- ]; then
	disk=$1
	shift
fi
[ $# = 0 ] || [ "$1" = -- ] || usage
[ $# = 0 ] || shift
cpus=${CPUS:-1} mem=${MEM:-512} initrd=${INITRD-}

work=$(mktemp -d "${TMPDIR:-/tmp}/directboot-vmm-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM HUP
trap 'exit 130' INT

# Runs the VMM as a child, so that the trap can remove the directory.
run() {
	"$@" </dev/null &
	child=$!
	trap 'kill $child 2>/dev/null; exit 143' TERM HUP INT
	wait $child
}

# A flash bank of virt has 64 MiB; a PC's flash is as large as its file.
pflash() {
	cp "$file" "$work/flash"
	[ "$machine" != virt ] || truncate -s 64M "$work/flash"
	echo "if=pflash,format=raw,readonly=on,file=$work/flash"
}

start_qemu() {
	machine=${vmm#qemu-}
	machine=${machine%%-*}
	arch=x86_64 model=max
	if [ "$machine" = virt ]; then
		arch=aarch64 model=cortex-a72
	fi
	case $vmm in
	*-igvm)
		machine=q35,igvm-cfg=igvm
		set -- -object "igvm-cfg,id=igvm,file=$file" "$@"
		;;
	*-kernel) set -- -kernel "$file" "$@" ;;
	*-pflash) set -- -drive "$(pflash)" "$@" ;;
	*) set -- -bios "$file" "$@" ;;
	esac
	[ -z "$initrd" ] || set -- -initrd "$initrd" "$@"
	if [ -n "$disk" ]; then
		device=virtio-blk-pci
		[ "$machine" != microvm ] || device=virtio-blk-device
		set -- -drive "if=none,id=disk,format=raw,file=$disk" \
			-device "$device,drive=disk" "$@"
	fi
	run "${PROGRAM:-qemu-system-$arch}" -M "$machine" -accel tcg \
		-cpu "$model" -smp "$cpus" -m "$mem" -nodefaults -no-reboot \
		-display none -serial stdio "$@"
}

start_kvmtool() {
	case $vmm in
	*-firmware) set -- --firmware "$file" "$@" ;;
	*) set -- --kernel "$file" "$@" ;;
	esac
	[ -z "$initrd" ] || set -- --initrd "$initrd" "$@"
	[ -z "$disk" ] || set -- --disk "$disk" "$@"
	# kvmtool would share the user's home directory with the guest.
	HOME=$work run "${PROGRAM:-lkvm}" run --cpus "$cpus" --mem "$mem" \
		--console serial --network mode=none "$@"
}

start_cloud_hypervisor() {
	case $vmm in
	*-firmware) set -- --firmware "$file" "$@" ;;
	*) set -- --kernel "$file" "$@" ;;
	esac
	[ -z "$initrd" ] || set -- --initramfs "$initrd" "$@"
	[ -z "$disk" ] || set -- --disk "path=$disk,image_type=raw" "$@"
	run "${PROGRAM:-cloud-hypervisor}" --cpus "boot=$cpus" \
		--memory "size=${mem}M" --serial tty --console off "$@"
}

# On AArch64 it adds its UART only for a command line with console=.
start_firecracker() {
	drives=
	if [ -n "$disk" ]; then
		drives="{\"drive_id\": \"disk\", \"path_on_host\": \"$disk\",
			\"is_root_device\": false, \"is_read_only\": false}"
	fi
	cat >"$work/config" <<-END
		{
			"boot-source": {
				${initrd:+"\"initrd_path\": \"$initrd\","}
				"kernel_image_path": "$file",
				"boot_args": "console=ttyS0"
			},
			"drives": [$drives],
			"machine-config":
				{"vcpu_count": $cpus, "mem_size_mib": $mem}
		}
	END
	run "${PROGRAM:-firecracker}" --no-api --config-file "$work/config" "$@"
}

start_crosvm() {
	case $vmm in
	*-firmware) set -- "$@" --bios "$file" ;;
	*) set -- "$@" "$file" ;;
	esac
	[ -z "$initrd" ] || set -- --initrd "$initrd" "$@"
	[ -z "$disk" ] || set -- --block "$disk" "$@"
	run "${PROGRAM:-crosvm}" --no-syslog run --cpus "$cpus" --mem "$mem" \
		--serial type=stdout,hardware=serial,num=1 "$@"
}

# Its standard input must be a terminal, which script(1) gives it; its prompt goes
# there, and is not shown. A reset of the guest is its end, too. A disk wants a
# slot of PCI Express.
start_openvmm() {
	set -- --single-process --com1 stderr --guest-shutdown-action exit:0 \
		--guest-reset-action exit:42 --guest-crash-action exit:43 \
		-m "${mem}MB" -p "$cpus" "$@"
	[ -z "$initrd" ] || set -- --initrd "$initrd" "$@"
	[ -z "$disk" ] || set -- --pcie-root-complex rc \
		--pcie-root-port rc:port \
		--virtio-blk "file:$disk,pcie_port=port" "$@"
	printf 'OPENVMM_LOG=error exec' >"$work/command"
	for word in "${PROGRAM:-openvmm}" "$@"; do
		printf " '%s'" "$word" >>"$work/command"
	done
	printf ' 2>&3' >>"$work/command"
	run script -qec "$(cat "$work/command")" /dev/null 3>&1 >/dev/null ||
		[ $? = 42 ]
}

start_libkrun() {
	door=--kernel
	[ "$vmm" != libkrun-firmware ] || door=--firmware
	[ -n "$initrd" ] || unset INITRD
	run "${PROGRAM:-krun}" "$cpus" "$mem" "$door" "$file" ${disk:+"$disk"}
}

case $vmm in
qemu-microvm-pflash) usage ;;
qemu-igvm) start_qemu "$@" ;;
qemu-pc* | qemu-q35* | qemu-microvm* | qemu-virt*) start_qemu "$@" ;;
bochs)
	CPUS=$cpus MEM=$mem BOCHS=${PROGRAM:-bochs} \
		run "$scripts/bochs.sh" "$file" ${disk:+"$disk"}
	;;
kvmtool | kvmtool-kernel | kvmtool-firmware) start_kvmtool "$@" ;;
cloud-hypervisor | cloud-hypervisor-kernel | cloud-hypervisor-firmware)
	start_cloud_hypervisor "$@"
	;;
firecracker | firecracker-kernel) start_firecracker "$@" ;;
crosvm | crosvm-kernel | crosvm-firmware) start_crosvm "$@" ;;
openvmm | openvmm-kernel) start_openvmm --kernel "$file" "$@" ;;
openvmm-igvm)
	start_openvmm --igvm "$file" --igvm-personality linux-direct "$@"
	;;
libkrun | libkrun-kernel | libkrun-firmware) start_libkrun ;;
*) usage ;;
esac
