# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=dash
#
# Records what the guest sees of its machine, for the host to keep, check
# (iasl-check.sh) and compare with another firmware's (compare.py).

# A tar at byte 4096 of the disk labelled "dump"; without one, base64 on the
# console between markers.
write_dump() {
	has_arg dump || return 0
	collect /tmp/dump
	dump=$(disk_device dump)
	tar -C /tmp/dump -cf /tmp/dump.tar .
	if [ -n "$dump" ]; then
		dd if=/tmp/dump.tar "of=/dev/$dump" bs=4096 seek=1 2>/dev/null
		sync
		echo "GUEST dump on $dump, $(wc -c </tmp/dump.tar) bytes"
	else
		echo "GUEST dump begins"
		gzip -c /tmp/dump.tar | base64
		echo "GUEST dump ends"
	fi
}

collect() {
	mkdir -p "$1/acpi"
	dmesg >"$1/dmesg"
	for file in interrupts iomem ioports cmdline mtrr modules meminfo; do
		cat "/proc/$file" >"$1/$file" 2>/dev/null
	done
	cat /proc/tty/driver/serial >"$1/serial" 2>/dev/null
	cp /sys/firmware/fdt "$1/fdt" 2>/dev/null
	# Tables, those under dynamic/ included, as name.dat for iasl.
	for table in $(find /sys/firmware/acpi/tables -type f 2>/dev/null |
		grep -v /data/); do
		cat "$table" >"$1/acpi/${table##*/}.dat"
	done
	collect_irqs >"$1/irqs"
	collect_pci >"$1/pci"
	collect_acpi_devices >"$1/acpi-devices"
	collect_platform >"$1/platform"
	collect_tree /sys/firmware/memmap >"$1/memmap"
	collect_tree /sys/firmware/acpi/fpdt >"$1/fpdt"
	collect_tree /sys/class/dmi/id >"$1/dmi"
	collect_tree /sys/devices/system/clocksource/clocksource0 \
		>"$1/clocksource"
	collect_nodes >"$1/nodes"
	collect_cpus >"$1/cpus"
}

# Reads the first line of each FILE into value, by no other process: under
# emulation one costs milliseconds, and there are a thousand attributes.
get() {
	value='' line=''
	for attribute; do
		[ -r "$attribute" ] || continue
		read -r line <"$attribute"
		value="$value${value:+ }$line"
	done 2>/dev/null
}

link_name() {
	value=''
	[ ! -e "$1" ] || value=$(readlink "$1")
	value=${value##*/}
}

# Each readable attribute of a directory as "path: value".
collect_tree() {
	[ -d "$1" ] || return
	cd "$1" || return
	find . -type f | sort | while read -r file; do
		case $file in
		*/uevent | */power/* | */modalias) continue ;;
		esac
		get "$file"
		echo "${file#./}: $value"
	done
	cd /
}

# Linux number, chip, chip's number, trigger and users of each interrupt.
collect_irqs() {
	for irq in $(ls /sys/kernel/irq | sort -n); do
		cd "/sys/kernel/irq/$irq" || continue
		get actions
		[ -n "$value" ] || continue
		get chip_name hwirq type actions
		echo "$irq $value"
	done
	cd /
}

collect_pci() {
	for device in /sys/bus/pci/devices/*; do
		[ -e "$device/vendor" ] || continue
		cd "$device" || continue
		link_name driver
		driver=$value
		set -- msi_irqs/[0-9]*
		[ -e "$1" ] || shift
		get vendor device class irq numa_node
		echo "${device##*/} $value msi $# driver $driver"
		index=0
		while read -r range; do
			case $range in
			'0x0000000000000000 '*) ;;
			*) echo "  $index $range" ;;
			esac
			index=$((index + 1))
		done <resource
	done
	cd /
}

collect_acpi_devices() {
	for device in /sys/bus/acpi/devices/*; do
		[ -e "$device/path" ] || continue
		cd "$device" || continue
		get path hid
		names=$value
		get status
		status=$value
		get uid
		uid=$value
		link_name physical_node
		echo "$names status $status uid $uid node $value"
	done | sort
}

collect_platform() {
	for bus in platform pnp virtio usb scsi serio node rtc tty input; do
		for device in /sys/bus/$bus/devices/* /sys/class/$bus/*; do
			[ -e "$device" ] || continue
			case ${device##*/} in
			tty[0-9]* | cpu[0-9]*) continue ;;
			esac
			path=$(readlink -f "$device")
			link_name "$device/driver"
			driver=$value
			get "$device/name" "$device/id"
			echo "$bus ${device##*/} ${path#/sys/devices/}" \
				"$driver $value"
		done
	done
}

collect_nodes() {
	for node in /sys/devices/system/node/node[0-9]*; do
		[ -d "$node" ] || continue
		echo "${node##*/} cpus $(cat "$node/cpulist") distance" \
			"$(cat "$node/distance")" \
			"$(awk '/MemTotal/ { print $4 }' "$node/meminfo") KiB"
	done
}

# Topology and caches; the first CPUs of many speak for all.
collect_cpus() {
	cat /sys/devices/system/cpu/online
	head -n 30 /proc/cpuinfo
	for cpu in /sys/devices/system/cpu/cpu[0-9]; do
		cd "$cpu/topology" 2>/dev/null || continue
		get physical_package_id cluster_id core_id thread_siblings_list
		echo "${cpu##*/} package, cluster, core, siblings $value"
		for cache in "$cpu"/cache/index*; do
			cd "$cache" 2>/dev/null || continue
			get level type size shared_cpu_list
			echo "  L$value"
		done
	done
	cd /
}
