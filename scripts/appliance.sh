#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Builds the smallest ROM that reaches a busybox shell, by directboot. The ROM
# has a minimal kernel of Debian's linux-source package, and a few commands of
# Debian's busybox source with musl. usage: appliance.sh [x86_64|aarch64]
#
#   KERNEL_CONFIG= BUSYBOX_CONFIG=   files with more options for these
#   INIT=                            a file in place of the first process, for
#                                    which the busybox is there, too
#   JOBS=                            number of compilers at a time
#
# The script needs the packages that `setup.sh appliance ARCH` installs and the
# files that `make` builds. It works in build/appliance/, where the kernel's
# source takes 1.4 GB. It boots build/appliance-ARCH.rom once under QEMU, unless
# INIT= says what that does, and prints the size of each part.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "${O:-$root/build}/appliance"
build=$(cd "${O:-$root/build}" && pwd)
arch=${1:-x86_64}
config=$root/scripts/appliance
work=$build/appliance/$arch
init=${INIT:-$config/init}
jobs=${JOBS:-$(nproc)}
rom=$build/appliance-$arch.rom

case $arch in
x86_64)
	debian=amd64 linux=x86 images="vmlinux arch/x86/boot/bzImage"
	console=ttyS0 machine="-M pc" options=
	;;
aarch64)
	debian=arm64 linux=arm64 images=arch/arm64/boot/Image
	console=ttyAMA0 machine="-M virt -cpu cortex-a53"
	options=--device-tree
	;;
*)
	echo "usage: ${0##*/} [x86_64|aarch64]" >&2
	exit 2
	;;
esac
cross=
[ "$arch" = "$(uname -m)" ] || cross=$arch-linux-gnu-
mkdir -p "$work"

say() {
	printf '  %-7s %s\n' "$1" "$2"
}

fail() {
	echo "${0##*/}: $*" >&2
	exit 1
}

# Runs a command quietly. Its output is shown only if it fails.
quiet() {
	"$@" >"$work/log" 2>&1 </dev/null || { tail -n 20 "$work/log" >&2
		fail "$1: failed; all of it: $work/log"; }
}

# Every option of a fragment must be in the final configuration.
check_config() {
	sed -n '/^CONFIG_/p' "$2" | while read -r option; do
		grep -qxF "$option" "$1" || fail "$option: did not get into $1"
	done
}

# ---- the kernel

kernel_make() {
	quiet make -s -C "$build/appliance/linux" O="$work/linux" ARCH=$linux \
		CROSS_COMPILE="$cross" KBUILD_BUILD_USER=appliance \
		KBUILD_BUILD_HOST=directboot KBUILD_BUILD_VERSION=1 \
		KBUILD_BUILD_TIMESTAMP="Thu Jan 1 00:00:00 UTC 1970" "$@"
}

build_kernel() {
	tree=$build/appliance/linux
	if [ ! -f "$tree/Makefile" ]; then
		say UNPACK "${source##*/}"
		mkdir -p "$tree"
		tar -xf "$source" -C "$tree" --strip-components 1
	fi
	cat "$config/kernel.config" "$config/kernel-$arch.config" \
		${KERNEL_CONFIG:+"$KERNEL_CONFIG"} >"$work/kernel.config"
	say KERNEL "$arch, takes some minutes"
	kernel_make KCONFIG_ALLCONFIG="$work/kernel.config" allnoconfig
	check_config "$work/linux/.config" "$work/kernel.config"
	kernel_make -j "$jobs" "${images##*/}"
}

# ---- busybox

# apt gets the machine's own sources, but for source packages.
fetch_busybox() {
	state=$build/appliance/apt
	rm -rf "$state"
	mkdir -p "$state/lists/partial" "$state/cache/archives/partial" \
		"$state/parts"
	: >"$state/status"
	for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ ! -f "$file" ] || sed -n 's/^deb /deb-src /p' "$file"
	done >"$state/parts/machine.list"
	for file in /etc/apt/sources.list.d/*.sources; do
		[ -f "$file" ] || continue
		sed 's/^Types:.*/Types: deb-src/' "$file" \
			>"$state/parts/${file##*/}"
	done
	cat >"$state/apt.conf" <<EOF
APT::Sandbox::User "$(id -un)";
Acquire::Languages "none";
Acquire::Retries "3";
Dir::State "$state";
Dir::State::status "$state/status";
Dir::State::Lists "$state/lists";
Dir::Cache "$state/cache";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$state/parts";
EOF
	say FETCH "busybox, as source"
	export APT_CONFIG="$state/apt.conf"
	quiet apt-get -q update
	(cd "$state" && quiet apt-get -q source busybox)
	unset APT_CONFIG
	mv "$state"/busybox-*/ "$build/appliance/busybox"
}

busybox_make() {
	quiet make -s -C "$build/appliance/busybox" O="$work/busybox" \
		CC="$work/musl-gcc" HOSTCC=gcc CROSS_COMPILE="$cross" \
		SKIP_STRIP=n "$@"
}

# Makes a gcc for musl. Debian's musl-gcc knows the machine's architecture only.
make_musl_gcc() {
	musl=$work/musl
	O=$build "$root/scripts/fetch-debs.sh" $debian "$musl" musl-dev
	sed "s#/usr/#$musl/usr/#g; s/Scrt1/crt1/; s/beginS/beginT/; s/endS/end/" \
		"$musl/usr/lib/$arch-linux-musl/musl-gcc.specs" \
		>"$work/musl.specs"
	cat >"$work/musl-gcc" <<EOF
#!/bin/sh
# Else the version would have the time of the build.
exec ${cross}gcc -specs=$work/musl.specs -fno-pie '-DBB_EXTRA_VERSION=""' "\$@"
EOF
	chmod +x "$work/musl-gcc"
}

build_busybox() {
	[ -d "$build/appliance/busybox" ] || fetch_busybox
	make_musl_gcc
	cat "$config/busybox.config" ${BUSYBOX_CONFIG:+"$BUSYBOX_CONFIG"} \
		>"$work/busybox.config"
	say BUSYBOX "$arch"
	mkdir -p "$work/busybox"
	busybox_make allnoconfig
	# The first line of an option counts. Other options get their default.
	sed 's/=.*//' "$work/busybox.config" >"$work/names"
	grep -vwF -f "$work/names" "$work/busybox/.config" >"$work/rest"
	cat "$work/busybox.config" "$work/rest" >"$work/busybox/.config"
	yes '' 2>/dev/null | make -s -C "$build/appliance/busybox" \
		O="$work/busybox" oldconfig >"$work/log" 2>&1 ||
		fail "busybox: cannot be configured: $work/log"
	check_config "$work/busybox/.config" "$work/busybox.config"
	busybox_make -j "$jobs" busybox busybox.links
}

make_initrd() {
	{
		for name in bin dev proc tmp; do
			echo "dir /$name 755 0 0"
		done
		echo "nod /dev/console 600 0 0 c 5 1"
		echo "nod /dev/null 666 0 0 c 1 3"
		echo "file /init $init 755 0 0"
		echo "file /bin/busybox $work/busybox/busybox 755 0 0"
		sed 's#.*/\(.*\)#slink /bin/\1 busybox 777 0 0#' \
			"$work/busybox/busybox.links"
	} >"$work/initrd.list"
	"$work/linux/usr/gen_init_cpio" -t 0 "$work/initrd.list" \
		>"$work/initrd.cpio"
}

# ---- the ROM

# Packs the kernel unpacked under zstd and as a bzImage. The smaller ROM stays.
pack() {
	rm -f "$rom"
	for image in $images; do
		keep=
		[ "${image##*/}" != bzImage ] || keep=--keep-bzimage
		"$build/directboot" pack --kernel "$work/linux/$image" \
			--initrd "$work/initrd.cpio" $keep $options \
			--compress zstd --rom-size exact \
			--cmdline "console=$console quiet" \
			--on-error poweroff -o "$work/rom" >/dev/null
		say PACK "${image##*/}: $(wc -c <"$work/rom") bytes"
		if [ ! -f "$rom" ] ||
			[ "$(wc -c <"$work/rom")" -lt "$(wc -c <"$rom")" ]; then
			cp "$work/rom" "$rom"
		fi
	done
}

# The shell must answer, and the machine must power off when the shell ends.
boot() {
	rm -f "$work/console"
	mkfifo "$work/console"
	: >"$work/boot.log"
	# shellcheck disable=SC2086 # $machine is a list of options
	timeout 180 "qemu-system-$arch" $machine -accel tcg -m 64 -nodefaults \
		-display none -serial stdio -no-reboot -bios "$rom" \
		<"$work/console" >"$work/boot.log" 2>&1 &
	qemu=$!
	trap 'kill $qemu 2>/dev/null' EXIT
	exec 3>"$work/console"
	until grep -q '^# ' "$work/boot.log"; do
		kill -0 $qemu 2>/dev/null ||
			fail "no shell: $work/boot.log"
		sleep 1
	done
	# shellcheck disable=SC2016 # The guest's shell does the sum.
	echo 'echo $((6 * 7)) from the shell; uname -srm; exit' >&3
	wait $qemu || fail "does not power off: $work/boot.log"
	exec 3>&-
	trap - EXIT
	grep -q '^42 from the shell' "$work/boot.log" ||
		fail "the shell does not answer: $work/boot.log"
	say BOOT "$(sed -n '/^Linux /p' "$work/boot.log" | tr -d '\r')"
}

print_sizes() {
	"$build/directboot" verify "$rom" >/dev/null
	"$build/directboot" show --json "$rom" |
		"$config/sizes.py" "$build/directboot-$arch.rom"
}

source=$(find /usr/src -name 'linux-source-*.tar.xz' 2>/dev/null | sort -V |
	tail -n 1)
[ -f "$init" ] || fail "INIT=$init: no such file"
[ -n "$source" ] || fail "no linux-source package: scripts/setup.sh appliance"
build_kernel
build_busybox
make_initrd
pack
[ -n "${INIT:-}" ] || boot
print_sizes
