#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Makes a Debian package of what `make` has built, in build/ ($O).
# usage: deb.sh
#
# It has what `make install` installs, and what Debian's policy asks for. The
# same build gives the same bytes: all files have the time of the changelog.
set -eu

scripts=$(cd "$(dirname "$0")" && pwd)
build=${O:-$scripts/../build}
mkdir -p "$build"
build=$(cd "$build" && pwd)
source=$scripts/deb
work=$build/deb
root=$work/root
umask 022

SOURCE_DATE_EPOCH=$(dpkg-parsechangelog -l "$source/changelog" -S Timestamp)
export SOURCE_DATE_EPOCH

rm -rf "$work"
mkdir -p "$work/debian" "$root/DEBIAN"
make -s --no-print-directory -C "$scripts/.." -o all install \
	O="$build" DESTDIR="$root" PREFIX=/usr

# The symbols of the tool are for those who build it.
strip --remove-section=.comment "$root/usr/bin/directboot"

gzip -9n "$root"/usr/share/man/man*/*
doc=$root/usr/share/doc/directboot
gzip -9nc "$source/changelog" >"$doc/changelog.gz"
{
	cat "$source/copyright"
	# A licence of this format has its text indented, and dots as empty lines.
	echo 'License: BSD-2-Clause'
	sed '1,/^Copyright/d; /./,$!d; s/^/ /; s/^ $/ ./' "$scripts/../LICENSE"
} >"$doc/copyright"
install -D -m 644 "$source/lintian-overrides" \
	"$root/usr/share/lintian/overrides/directboot"

# These two read debian/ of the directory that they are in.
cp "$source/control" "$source/changelog" "$work/debian"
cd "$work"
dpkg-shlibdeps -Tsubstvars "$root/usr/bin/directboot"
(cd "$root" && find usr -type f -exec md5sum {} +) | LC_ALL=C sort -k 2 \
	>"$root/DEBIAN/md5sums"
dpkg-gencontrol -Tsubstvars -P"$root" -O"$root/DEBIAN/control"

find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group --build "$root" "$build"
