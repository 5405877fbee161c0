#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Links the appliance's kernel as a bzImage of each compression that Linux has,
# packs and boots all of them. By hand, after `make appliance`; usage:
# bzimages.sh. They lie in build/appliance/bzimages/.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "${O:-$root/build}" && pwd)
linux=$build/appliance/x86_64/linux
out=$build/appliance/bzimages
all="GZIP BZIP2 LZMA XZ LZO LZ4 ZSTD"

mkdir -p "$out"
cp "$linux/.config" "$out/.config"
trap 'cp "$out/.config" "$linux/.config"' EXIT
for kind in $all; do
	sed '/CONFIG_KERNEL_[BGLXZ]/d' "$out/.config" >"$linux/.config"
	for other in $all; do
		if [ "$other" = "$kind" ]; then
			echo "CONFIG_KERNEL_$kind=y"
		else
			echo "# CONFIG_KERNEL_$other is not set"
		fi
	done >>"$linux/.config"
	make -s -C "$build/appliance/linux" O="$linux" ARCH=x86 \
		olddefconfig bzImage >"$out/log" 2>&1 </dev/null ||
		{ tail -n 20 "$out/log" >&2; exit 1; }
	grep -qx "CONFIG_KERNEL_$kind=y" "$linux/.config"
	cp "$linux/arch/x86/boot/bzImage" "$out/bzImage-$kind"
done
O=$build exec python3 "$root/tests/tool/form_table.py" "$out"/bzImage-*
