# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=dash
#
# The checks of the test guest, one function each. check_NAME runs when the
# kernel command line has db.NAME=VALUE, with VALUE as its argument.

CHECKS="cpus mem nodes nodecpus distance pmem disks net msi intx mmio ecam time
	console acpi hypervisor"

run_checks() {
	for name in $CHECKS; do
		! has_arg "$name" || "check_$name" "$(arg "$name")"
	done
}

verdict() {
	name=$1 detail=$2
	shift 2
	if "$@"; then
		result "$name" ok "$detail"
	else
		result "$name" FAIL "$detail"
	fi
}

# N: that many CPUs are online, and no more are known.
check_cpus() {
	online=$(cat /sys/devices/system/cpu/online)
	expected=0
	[ "$1" = 1 ] || expected=0-$(($1 - 1))
	present=$(cat /sys/devices/system/cpu/present)
	verdict cpus "online $online, present $present, of $1" \
		[ "$online $present" = "$expected $expected" ]
}

# MIB[:SLACK_KIB]: System RAM is MIB, less at most SLACK_KIB (what a PC
# leaves out below 1 MiB, and what the firmware keeps).
check_mem() {
	total_kib=$((${1%%:*} * 1024))
	slack_kib=${1#*:}
	[ "$slack_kib" != "$1" ] || slack_kib=1024
	ram_kib=0
	# Top level only: ranges inside System RAM are indented.
	for range in $(grep '^[^ ]* : System RAM$' /proc/iomem |
		cut -d ' ' -f 1); do
		start=$((0x${range%-*})) end=$((0x${range#*-}))
		ram_kib=$((ram_kib + (end + 1 - start) / 1024))
	done
	lost_kib=$((total_kib - ram_kib))
	verdict mem "System RAM $ram_kib KiB, $lost_kib KiB less than given" \
		[ $lost_kib -ge 0 -a $lost_kib -le "$slack_kib" ]
}

# N: that many NUMA nodes, each with memory.
check_nodes() {
	found=0 empty=''
	for node in /sys/devices/system/node/node[0-9]*; do
		found=$((found + 1))
		kib=$(awk '/MemTotal/ { print $4 }' "$node/meminfo")
		[ "$kib" -gt 0 ] || empty="$empty ${node##*/}"
	done
	verdict nodes "$found nodes, empty:${empty:- none}" \
		[ "$found$empty" = "$1" ]
}

# 0-1/2-3: CPUs of each node.
check_nodecpus() {
	found=
	for node in /sys/devices/system/node/node[0-9]*; do
		found="$found${found:+/}$(cat "$node/cpulist")"
	done
	verdict nodecpus "$found" [ "$found" = "$1" ]
}

# 10,20/20,10: how far each node is from each.
check_distance() {
	found=
	for node in /sys/devices/system/node/node[0-9]*; do
		found="$found${found:+/}$(tr ' ' , <"$node/distance")"
	done
	verdict distance "$found" [ "$found" = "$1" ]
}

# MIB: persistent memory of that size is a disk, which can be written.
check_pmem() {
	size=$(cat /sys/block/pmem0/size 2>/dev/null)
	written=$(echo "directboot-disk pmem" | dd of=/dev/pmem0 conv=fsync 2>&1 |
		grep -c '0+1 records out')
	verdict pmem "$((${size:-0} / 2048)) MiB" \
		[ "$((${size:-0} / 2048)) $written" = "$1 1" ]
}

# NAME:SHA256,...: each disk, read to its end.
check_disks() {
	for disk in $(echo "$1" | tr , ' '); do
		name=${disk%%:*} sha256=${disk#*:}
		device=$(disk_device "$name")
		if [ -z "$device" ]; then
			result "disk-$name" FAIL "not found"
			continue
		fi
		found=$(sha256sum "/dev/$device")
		path=$(readlink -f "/sys/block/$device/device")
		verdict "disk-$name" "$device at ${path#/sys/devices/}" \
			[ "${found%% *}" = "$sha256" ]
	done
}

# The first NIC gets an address by DHCP and reaches the gateway.
check_net() {
	nic=$(cd /sys/class/net && for nic in *; do
		[ ! -e "$nic/device" ] || echo "$nic"
	done | head -n 1)
	if [ -z "$nic" ]; then
		result net FAIL "no NIC"
		return
	fi
	ip link set "$nic" up
	udhcpc -i "$nic" -n -q -t 5 -T 2 -s /etc/udhcpc.sh >/dev/null 2>&1
	address=$(ip -4 addr show "$nic" | awk '/inet / { print $2 }')
	gateway=$(ip route | awk '/^default/ { print $3 }')
	answers=$(ping -q -c 1 -W 5 "${gateway:-240.0.0.0}" 2>/dev/null |
		grep -c '1 packets received')
	verdict net "$nic ${address:-no address}, gateway $gateway" \
		[ "$answers" = 1 ]
}

has_msi() {
	[ -n "$(ls "$1/msi_irqs" 2>/dev/null)" ]
}

# Interrupts of PCI devices that use MSI or MSI-X did arrive.
check_msi() {
	users=0
	: >/tmp/msi
	for device in /sys/bus/pci/devices/*; do
		has_msi "$device" || continue
		users=$((users + 1))
		ls "$device/msi_irqs" >>/tmp/msi
	done
	# All at once: a device has as many as there are CPUs.
	total=$(awk 'NR == FNR { wanted[$1 ":"]; next } $1 in wanted' \
		/tmp/msi /proc/interrupts | sum_counts)
	verdict msi "$total interrupts of $users devices" [ $total -gt 0 ]
}

# Every virtio-pci device without MSI got interrupts by its pin.
check_intx() {
	users=0 dead='' kinds=''
	for device in /sys/bus/pci/devices/*/virtio[0-9]*; do
		device=${device%/virtio*}
		[ -e "$device/irq" ] || continue
		! has_msi "$device" || continue
		users=$((users + 1))
		irq=$(cat "$device/irq")
		[ "$(irq_count "$irq")" -gt 0 ] ||
			dead="$dead ${device##*/}:$irq"
		kinds="$kinds $irq=$(cat "/sys/kernel/irq/$irq/chip_name" \
			"/sys/kernel/irq/$irq/hwirq" \
			"/sys/kernel/irq/$irq/type" 2>/dev/null | tr '\n' -)"
	done
	verdict intx "$users devices,$kinds dead:${dead:- none}" \
		[ $users -gt 0 -a -z "$dead" ]
}

# N: that many virtio-mmio devices, and they got interrupts.
check_mmio() {
	users=0 total=0
	for device in /sys/bus/virtio/devices/virtio*; do
		path=$(readlink -f "$device")
		case $path in
		*/pci*) continue ;;
		esac
		users=$((users + 1))
		total=$((total + $(grep " ${path##*/}\$" /proc/interrupts |
			sum_counts)))
	done
	verdict mmio "$total interrupts of $users devices" \
		[ $users = "$1" -a $total -gt 0 ]
}

# map: the kernel uses ECAM; ext: it also sees configuration space beyond 256
# bytes, which a PCIe device behind a port or an endpoint has.
check_ecam() {
	found=
	for device in /sys/bus/pci/devices/*; do
		[ "$(stat -c %s "$device/config")" != 4096 ] ||
			found="$found ${device##*/}"
	done
	region=$(grep -iE 'PCI (MMCONFIG|ECAM)' /proc/iomem | head -n 1)
	[ "$1" = ext ] || found=${found:- -}
	verdict ecam "${region:-not used}, extended:$found" \
		[ -n "$region" -a -n "$found" ]
}

# The clock when this guest started was the host's, which the dump disk tells, or
# later. How much later it may be is up to whoever watches us: it knows how long
# the VMM and the firmware took on a busy host.
check_time() {
	host=$(head -c 512 "/dev/$(disk_device dump)" |
		sed -n 's/^time \([0-9]*\)$/\1/p')
	now=$(date +%s)
	up=$(cut -d . -f 1 /proc/uptime)
	late=$((now - up - host))
	rtc=none
	for device in /sys/class/rtc/rtc*; do
		[ ! -e "$device/since_epoch" ] ||
			rtc=$(($(cat "$device/since_epoch") - now))
	done
	verdict time "started $late s after the host, RTC $rtc s off" \
		[ $late -ge -2 ]
}

# NAME: one of the consoles that the kernel chose. That it is the one of user
# programs is seen by this line's arriving.
check_console() {
	active=$(cat /sys/class/tty/console/active)
	case " $active " in
	*" $1 "*) result console ok "$active" ;;
	*) result console FAIL "$active" ;;
	esac
}

# 1 or 0: whether the kernel runs with ACPI.
check_acpi() {
	found=0
	[ ! -e /sys/firmware/acpi/tables/DSDT ] || found=1
	verdict acpi "$found" [ $found = "$1" ]
}

# Blocks until some input device reports KEY_POWER (116) pressed. A device keeps
# no events for readers to come, so each is open before we say that we wait: dd
# makes its output file once it has opened its input. How long we wait is up to
# whoever watches us.
wait_for_power_button() {
	for device in /sys/class/input/event*; do
		event=${device##*/}
		[ -e "/dev/input/$event" ] || continue
		dd "if=/dev/input/$event" "of=/tmp/$event" bs=24 count=1 \
			2>/dev/null &
		until [ -e "/tmp/$event" ]; do sleep 0.1; done
	done
	echo "GUEST waits for the power button"
	key=none
	while [ "$key" = none ]; do
		sleep 1
		# struct input_event: 16 bytes of time, type, code, value.
		for event in /tmp/event*; do
			[ "$(od -A n -t u2 -j 16 -N 6 "$event" 2>/dev/null |
				tr -s ' ')" != " 1 116 1" ] || key=${event##*/}
		done
	done
	result powerdown ok \
		"$key $(cat "/sys/class/input/$key/device/name" 2>/dev/null)"
}

# Blocks until the kernel has been told that it is the copy of another: VMGENID
# has changed. It says so only if its random numbers were ready.
wait_for_restore() {
	head -c 1 /dev/random >/dev/null
	echo "GUEST waits for a restore"
	until dmesg | grep -q 'crng reseeded due to virtual machine fork'; do
		sleep 1
	done
	result restore ok "a fork is known $(seconds_up) s after the start"
}

# NAME: the kernel has found that hypervisor's interface.
check_hypervisor() {
	found=$(cat /sys/hypervisor/type 2>/dev/null || echo none)
	verdict hypervisor "$found" [ "$found" = "$1" ]
}
