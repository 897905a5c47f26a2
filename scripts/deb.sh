#!/usr/bin/env bash
# deb.sh [FOLDER [VERSION]] builds bnlab_VERSION_ARCH.deb in the folder (./bin): what
# "make install" installs, below /usr, with its run-time dependencies declared. The same
# sources and tools give the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."

out=${1:-bin}
command -v dpkg-deb >/dev/null || { echo "deb: dpkg-deb is missing; it is in Debian's package dpkg" >&2; exit 1; }

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
stamp=${2:-$(scripts/version.sh)}
make --no-print-directory install DESTDIR="$root" PREFIX=/usr VERSION="$stamp" >&2
doc=$root/usr/share/doc/bnlab

# When the sources are of: their commit, else the last change of a file.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(scripts/version.sh date)}
[[ -n $SOURCE_DATE_EPOCH ]] || SOURCE_DATE_EPOCH=$(find . -type f -not -path './bin/*' -printf '%T@\n' | sort -n | tail -n 1 | cut -d. -f1)
export SOURCE_DATE_EPOCH

# A version of Debian begins with a digit: a tag v1.2 is 1.2, a commit without tags
# 0~git, its date, its hash, so that the later one is the newer for apt as well; where
# there is neither, 0~ and what the program calls its build. What follows a release
# is newer than it, a candidate older.
[[ -n $stamp ]] || stamp=$("$root/usr/bin/bnlab" --version | sed -n 's/^bnlab version //p')
if [[ $stamp =~ ^[0-9a-f]{7,40}(-dirty)?$ ]]; then
	version=0~git$(TZ=UTC date -d "@$SOURCE_DATE_EPOCH" +%Y%m%d%H%M).$stamp
elif [[ $stamp =~ ^v?[0-9] ]]; then
	version=${stamp#v}
else
	version=0~$stamp
fi
version=$(sed -E 's/-([0-9]+-g[0-9a-f]+)/+\1/; s/-dirty/+dirty/; s/-([a-z])/~\1/; s/[^A-Za-z0-9.+~]/+/g' <<<"$version")
arch=$(dpkg --print-architecture)

# The oldest C library that has every symbol of the program.
libc=$(objdump -T "$root/usr/bin/bnlab" | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -n 1) ||
	{ echo "deb: bin/bnlab is built without cgo; the package needs OpenBLAS" >&2; exit 1; }

strip "$root/usr/bin/bnlab" # a quarter smaller
gzip -9n "$root/usr/share/man/man1/bnlab.1"

# Debian wants all terms in one file of this name, and its own form of a changelog.
{
	echo "Files: all but what is listed below the line"
	cat "$doc/LICENSE"
	echo
	echo "Where the Apache License 2.0 applies below, Debian has its text in"
	echo "/usr/share/common-licenses/Apache-2.0, and those of the GPL beside it."
	echo
	cat "$doc/third-party-licences.txt"
} >"$doc/copyright"
rm "$doc/LICENSE" "$doc/third-party-licences.txt"
maintainer="${DEBFULLNAME:-The bnlab authors} <${DEBEMAIL:-bnlab@users.invalid}>"
gzip -9n >"$doc/changelog.gz" <<CHANGELOG
bnlab ($version) unstable; urgency=medium

  * What has changed is told in NEWS.gz.

 -- $maintainer  $(LC_ALL=C TZ=UTC date -d "@$SOURCE_DATE_EPOCH" '+%a, %d %b %Y %H:%M:%S +0000')
CHANGELOG
gzip -9n <CHANGELOG.md >"$doc/NEWS.gz"

install -d "$root/DEBIAN"
(cd "$root" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
cat >"$root/DEBIAN/control" <<CONTROL
Package: bnlab
Version: $version
Architecture: $arch
Maintainer: $maintainer
Installed-Size: $(find "$root/usr" -type f -printf '%s\n' | awk '{ sum += int(($1 + 1023) / 1024) } END { print sum }')
Depends: libc6 (>= ${libc#GLIBC_}), libopenblas0-pthread | libopenblas0 | libopenblas.so.0
Section: science
Priority: optional
Description: trainer of fully connected networks with batch normalisation
 Trains on CIFAR-10 on the CPU, many networks side by side on OpenBLAS, and
 repeats a published study of batch normalisation with means and spreads over
 seeds.
CONTROL
chmod -R u=rwX,go=rX "$root" # whatever the umask is
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

mkdir -p "$out"
deb=$out/bnlab_${version}_$arch.deb
# The bytes of xz depend on whether it has one thread or several.
DPKG_DEB_THREADS_MAX=1 dpkg-deb --root-owner-group --build "$root" "$deb" >&2
echo "$deb"
