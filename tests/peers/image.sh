#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Makes Debian 12 with systemd on a disk, and fwts of Debian's sid in it: usage
# image.sh amd64|arm64 DIR. Afterwards DIR has root.img, vmlinuz and initrd.img.
#
# mmdebstrap configures the packages; those of another architecture by QEMU's
# user emulation, which the kernel must know (binfmt_misc). Needs root.
set -eu

arch=$1 dir=$2
here=$(cd "$(dirname "$0")" && pwd)
packages=systemd-sysv,udev,dbus,kmod,initramfs-tools,linux-image-$arch
# What a disk may hang on; udev loads all other drivers from the disk itself.
# A generic initrd takes minutes to make where another CPU is emulated.
drivers="ahci ata_piix sd_mod virtio_pci virtio_mmio virtio_blk ext4"

[ ! -f "$dir/root.img" ] || exit 0
echo "  IMAGE peers-$arch" >&2
mkdir -p "$dir"
root=$dir/root.part
rm -rf "$root"
binfmt=/proc/sys/fs/binfmt_misc
# shellcheck disable=SC2086 # each driver is a line of its own
drivers=$(printf '%s\\n' $drivers)

# Where systemd does not run, nobody has told the kernel of the emulators.
register_emulator() {
	[ -e "$binfmt/register" ] || mount -t binfmt_misc binfmt_misc "$binfmt"
	[ -e "$binfmt/qemu-$1" ] ||
		cat "/usr/lib/binfmt.d/qemu-$1.conf" >"$binfmt/register"
}

make_root() {
	mmdebstrap --mode=root --arch="$arch" --variant=minbase \
		--include="$packages" --aptopt='Acquire::Languages "none"' \
		--essential-hook="mkdir -p \"\$1/etc/initramfs-tools/conf.d\"" \
		--essential-hook="printf 'MODULES=list\nCOMPRESS=gzip\n' \
			>\"\$1/etc/initramfs-tools/conf.d/peers\"" \
		--essential-hook="printf '$drivers' \
			>\"\$1/etc/initramfs-tools/modules\"" \
		bookworm "$root"
}

# Debian 12 has no fwts. Sid's wants sid's libraries, so it runs by chroot. A
# mirror may be weeks behind.
extract_fwts() {
	mmdebstrap --mode=root --arch="$arch" --variant=extract \
		--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
		--aptopt='Acquire::Check-Valid-Until "false"' \
		--include=fwts,pciutils sid "$root/fwts"
}

case $arch-$(uname -m) in
arm64-aarch64 | amd64-x86_64) ;;
arm64-*) register_emulator aarch64 ;;
amd64-*) register_emulator x86_64 ;;
esac
if ! { make_root && extract_fwts; } >"$dir/image.log" 2>&1; then
	tail -n 20 "$dir/image.log" >&2
	echo "${0##*/}: $arch: mmdebstrap failed" >&2
	exit 1
fi
rm -rf "$root/fwts/usr/share/doc" "$root/var/cache/apt"/*.bin
install "$here/guest.sh" "$root/usr/local/sbin/peers"
cp "$here/peers.service" "$root/etc/systemd/system/"
ln -s ../peers.service \
	"$root/etc/systemd/system/multi-user.target.wants/peers.service"
cp "$root"/boot/vmlinuz-* "$dir/vmlinuz"
cp "$root"/boot/initrd.img-* "$dir/initrd.img"
"$(command -v mke2fs || echo /sbin/mke2fs)" -q -F -t ext4 -L peers \
	-d "$root" "$dir/root.img.part" 2G
rm -rf "$root"
mv "$dir/root.img.part" "$dir/root.img"
