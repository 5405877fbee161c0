# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=dash
#
# What the test guest's scripts share: arguments, modules, disks, results.

# The value of db.NAME=VALUE on the kernel command line, else nothing.
arg() {
	sed -n "s/.* db\.$1=\([^ ]*\).*/\1/p" /tmp/cmdline
}

has_arg() {
	grep -q " db\.$1=" /tmp/cmdline
}

seconds_up() {
	cut -d ' ' -f 1 /proc/uptime
}

# One result: NAME ok|FAIL DETAIL.
result() {
	echo "CHECK $1 $2 $3"
}

# Drivers for every device there is, until that brings no new devices.
load_modules() {
	echo " $(cat /proc/cmdline) " >/tmp/cmdline
	! grep -q virtio_mmio.device= /proc/cmdline || modprobe -q virtio_mmio
	loaded=-1
	for round in 1 2 3 4 5; do
		find /sys/devices -name modalias -exec cat {} + |
			sort -u >/tmp/aliases
		# shellcheck disable=SC2046 # one alias a word
		modprobe -abq $(cat /tmp/aliases) 2>/dev/null
		now=$(wc -l </proc/modules)
		[ "$now" != "$loaded" ] || break
		loaded=$now
	done
	modprobe -q sd_mod
	modprobe -q evdev
}

# Test disks say on their first line who they are: "directboot-disk NAME".
# SATA and USB ones take a moment to come up.
find_disks() {
	wanted=$(arg disks | tr , '\n' | grep -c .)
	! has_arg dump || wanted=$((wanted + 1))
	for second in 1 2 3 4 5 6 7 8 9 10; do
		: >/tmp/disks
		for disk in /sys/block/*; do
			device=${disk##*/}
			case $device in
			loop* | ram* | fd* | sr*) continue ;;
			esac
			name=$(head -c 64 "/dev/$device" 2>/dev/null |
				sed -n '1s/^directboot-disk \([a-z0-9-]*\).*/\1/p')
			[ -z "$name" ] || echo "$name $device" >>/tmp/disks
		done
		[ "$(wc -l </tmp/disks)" -lt "$wanted" ] || return 0
		sleep 1
		load_modules # for what has come up meanwhile
	done
}

disk_device() {
	sed -n "s/^$1 //p" /tmp/disks
}

# How often this guest has booted, counted on the dump disk.
boot_count() {
	dump=$(disk_device dump)
	[ -n "$dump" ] || { echo 1; return; }
	count=$(dd "if=/dev/$dump" bs=512 skip=1 count=1 2>/dev/null |
		sed -n '1s/^boot \([0-9]*\)$/\1/p')
	count=$((${count:-0} + 1))
	printf 'boot %d\n' $count |
		dd "of=/dev/$dump" bs=512 seek=1 conv=sync,notrunc 2>/dev/null
	sync
	echo $count
}

# Interrupts that arrived on all CPUs for the /proc/interrupts lines on stdin.
sum_counts() {
	awk -v cpus="$(head -n 1 /proc/interrupts | wc -w)" '
		{ for (i = 2; i <= cpus + 1; i++) sum += $i }
		END { print sum + 0 }'
}

irq_count() {
	grep "^ *$1:" /proc/interrupts | sum_counts
}
