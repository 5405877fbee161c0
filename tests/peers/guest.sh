#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# In the guest, when systemd has started all: writes what the kernel complains
# of, and what fwts finds, to the second disk as a tar, and powers off. The
# kernel's command line may have fwts' options, with + for each blank.
set -u

out=/run/peers

# Once more behind fwts, which may not end.
keep() {
	tar -C "$out" -cf - . | dd of=/dev/disk/by-id/virtio-out bs=64K \
		conv=fsync 2>/dev/null
}

mkdir -p "$out/acpi"
timeout 300 systemctl is-system-running --wait >"$out/state"
udevadm settle
echo 'peers: booted'
systemctl --failed --plain --no-legend >"$out/failed"
dmesg --level=emerg,alert,crit,err,warn --notime >"$out/dmesg"
dmesg >"$out/dmesg.all"
ls /sys/class/net >"$out/links"
# iasl takes tables by this name.
for table in /sys/firmware/acpi/tables/[A-Z]*; do
	[ ! -f "$table" ] || cp "$table" "$out/acpi/${table##*/}.dat"
done
keep

options=$(tr ' ' '\n' </proc/cmdline | sed -n 's/^peers\.fwts=//p' | tr + ' ')
if [ -n "$options" ]; then
	for dir in proc sys dev run; do
		mkdir -p "/fwts/$dir"
		mount --rbind "/$dir" "/fwts/$dir"
	done
	mkdir -p /fwts/tmp /fwts/var/log
	modprobe -a -q msr efi_test # which fwts there cannot load
	# shellcheck disable=SC2086 # these are words
	chroot /fwts fwts --quiet --log-width=400 --show-progress \
		--log-format='%owner|%field|' --results-output="$out/fwts.log" \
		$options 2>&1 | tr '\r' '\n' >/dev/console
	keep
fi
echo 'peers: done'
systemctl poweroff
