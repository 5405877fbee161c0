#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Boots a ROM of directboot in Bochs, with COM1 on standard output.
# usage: bochs.sh ROM [DISK]
#
#   DISK       a bundle (directboot pack --output-format disk) as the first ATA
#              disk; Bochs takes ROMs of at most 2 MiB (3.0: 4 MiB)
#   CPUS=      number of CPUs (default: 1)
#   MEM=       MiB of RAM (default: 256)
#   BOCHS=     the program
#   BOCHSRC=   more lines for its configuration
#
# The script ends when the guest powers off. Bochs needs minutes to boot a
# kernel, so the command line should have quiet, and the initrd should be small.
set -eu

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
	echo "usage: ${0##*/} ROM [DISK]" >&2
	exit 2
fi
rom=$1
disk=${2-}
bochs=${BOCHS:-bochs}

work=$(mktemp -d "${TMPDIR:-/tmp}/directboot-bochs-XXXXXX")
tail_id=
bochs_id=
clean_up() {
	[ -z "$bochs_id" ] || kill "$bochs_id" 2>/dev/null || :
	[ -z "$tail_id" ] || kill "$tail_id" 2>/dev/null || :
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

# Bochs demands a VGA ROM, which may be empty.
head -c 32768 /dev/zero >"$work/vga.rom"
: >"$work/serial"
cat >"$work/bochsrc" <<END
romimage: file=$rom
vgaromimage: file=$work/vga.rom
cpu: model=corei7_skylake_x, count=${CPUS:-1}, ips=50000000, reset_on_triple_fault=0
memory: guest=${MEM:-256}, host=${MEM:-256}
clock: sync=none, time0=utc
com1: enabled=1, mode=file, dev=$work/serial
display_library: rfb, options="timeout=0"
speaker: enabled=0, mode=none
sound: waveoutdrv=dummy, waveindrv=dummy, midioutdrv=dummy
panic: action=fatal
log: $work/log
${disk:+ata0-master: type=disk, mode=flat, path=$disk}
${BOCHSRC-}
END

# Debian's Bochs starts in its debugger, which must be told to go on. Its
# display listens on a port that nobody uses.
set -- "$bochs" -q -unlock -f "$work/bochsrc"
if "$bochs" --help 2>&1 | grep -q -- '-rc '; then
	echo c >"$work/debugger"
	set -- "$@" -rc "$work/debugger"
fi
if unshare -n true 2>/dev/null; then
	set -- unshare -n "$@"
fi

tail -n +1 -f "$work/serial" &
tail_id=$!
"$@" >"$work/out" 2>&1 </dev/null &
bochs_id=$!
status=0
wait "$bochs_id" || status=$?
bochs_id=
sleep 1
# Both a power-off and an error end Bochs with status 1.
if grep -q 'PANIC' "$work/log" && ! grep -q 'ACPI control: soft power off' "$work/log"; then
	grep 'PANIC' "$work/log" >&2
	exit 1
fi
exit 0
