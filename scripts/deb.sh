#!/usr/bin/env bash
# Makes bnlab_VERSION_ARCH.deb in the folder given (./bin): what "make install"
# installs, below /usr, with what it needs at run time declared.
set -euo pipefail
cd "$(dirname "$0")/.."

out=${1:-bin}
command -v dpkg-deb >/dev/null || { echo "deb: dpkg-deb is missing; it is in Debian's package dpkg" >&2; exit 1; }

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"
make --no-print-directory install DESTDIR="$root" PREFIX=/usr >&2

# A version of Debian begins with a digit: a tag v1.2 is 1.2, a commit without tags
# 0~git, its date, its hash, so that the later one is the newer for apt as well.
described=$(git describe --tags --always --dirty 2>/dev/null || echo unknown)
case $described in
v[0-9]*) version=${described#v} ;;
[0-9]*.*) version=$described ;;
unknown) version=0~unknown ;;
*) version=0~git$(TZ=UTC git log -1 --date=format-local:%Y%m%d%H%M --format=%cd).$described ;;
esac
version=${version//-/+}
arch=$(dpkg --print-architecture)

# The oldest C library that has every symbol of the program.
libc=$(objdump -T "$root/usr/bin/bnlab" | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -n 1) ||
	{ echo "deb: bin/bnlab is built without cgo; the package is one with OpenBLAS" >&2; exit 1; }

strip "$root/usr/bin/bnlab" # a quarter smaller
gzip -9n "$root/usr/share/man/man1/bnlab.1"
install -d "$root/usr/share/doc/bnlab" "$root/DEBIAN"
install -m 644 LICENSE "$root/usr/share/doc/bnlab/copyright"
gzip -9n <CHANGELOG.md >"$root/usr/share/doc/bnlab/changelog.gz"
cat >"$root/DEBIAN/control" <<CONTROL
Package: bnlab
Version: $version
Architecture: $arch
Maintainer: The bnlab authors <bnlab@localhost>
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Depends: libc6 (>= ${libc#GLIBC_}), libopenblas0-pthread | libopenblas0 | libopenblas.so.0
Section: science
Priority: optional
Description: trainer of fully connected networks with batch normalisation
 Trains on CIFAR-10 on the CPU, many networks side by side on OpenBLAS, and
 repeats a published study of batch normalisation with means and spreads over
 seeds.
CONTROL

mkdir -p "$out"
deb=$out/bnlab_${version}_$arch.deb
dpkg-deb --root-owner-group --build "$root" "$deb" >&2
echo "$deb"
