#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Unpacks Debian packages of any architecture into a directory, without
# installing them and without root: usage fetch-debs.sh ARCH DIR PACKAGE...
# With DEPENDS=1 in the environment also all that they depend on, as for a
# root directory to run them in.
#
# apt gets its own state directory under build/apt/, so that the machine's
# package lists do not change. apt uses the machine's sources and keys, and
# therefore checks signatures and digests as always. DIR appears whole or not at
# all; DIR/.done says which packages it holds.
set -eu

if [ $# -lt 3 ]; then
	echo "usage: ${0##*/} ARCH DIR PACKAGE..." >&2
	exit 2
fi
arch=$1 dir=$2
shift 2

[ ! -f "$dir/.done" ] || exit 0

root=$(cd "$(dirname "$0")/.." && pwd)
state=${O:-$root/build}/apt/$arch
mkdir -p "$state/lists/partial" "$state/cache/archives/partial" \
	"$state/debs" "$(dirname "$dir")"
state=$(cd "$state" && pwd)
: >"$state/status"

# Two makes may want the same lists at the same time.
exec 9>"$state/lock"
flock 9
[ ! -f "$dir/.done" ] || exit 0

cat >"$state/apt.conf" <<EOF
APT::Architecture "$arch";
APT::Architectures { "$arch"; };
APT::Sandbox::User "$(id -un)";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Dir::State "$state";
Dir::State::status "$state/status";
Dir::State::Lists "$state/lists";
Dir::Cache "$state/cache";
EOF
export APT_CONFIG="$state/apt.conf"

# Third-party sources of the machine may lack this architecture, so the exit
# status of update says little. apt must know the package afterwards.
update() {
	apt-get -qq update >"$state/update.log" 2>&1 || true
}

# A metapackage stands for the one versioned package that it depends on.
resolve() {
	found=$(apt-cache depends "$1" 2>/dev/null |
		sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
	echo "${found:-$1}"
}

download() {
	wanted=
	for package; do
		wanted="$wanted $(resolve "$package")"
	done
	rm -rf "$state/debs"
	mkdir -p "$state/debs"
	# shellcheck disable=SC2086 # package names have no blanks
	if [ -n "${DEPENDS-}" ]; then
		# Nothing is installed for this apt, hence it gets all.
		mkdir -p "$state/debs/partial"
		apt-get -qq install -y --no-install-recommends --download-only \
			-o "Dir::Cache::archives=$state/debs" $wanted
	else
		cd "$state/debs" && apt-get -qq download $wanted
	fi >"$state/download.log" 2>&1
}

echo "  FETCH $*:$arch" >&2
fresh=
if [ -z "$(find "$state/lists" -name '*_Packages*' 2>/dev/null)" ]; then
	update
	fresh=1
fi
if ! (download "$@"); then
	# Old lists name versions that the mirror has already replaced.
	[ -n "$fresh" ] || update
	if ! (download "$@"); then
		cat "$state/update.log" "$state/download.log" >&2
		echo "${0##*/}: $*:$arch: apt cannot download them" >&2
		exit 1
	fi
fi

rm -rf "$dir.part"
mkdir -p "$dir.part"
for deb in "$state"/debs/*.deb; do
	dpkg-deb -x "$deb" "$dir.part"
	echo "${deb##*/}" >>"$dir.part/.done"
done
rm -rf "$dir" "$state/debs"
mv "$dir.part" "$dir"
