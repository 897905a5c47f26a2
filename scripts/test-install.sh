#!/usr/bin/env bash
# Installs the program in each way that the README names, into temporary folders, and
# runs what was installed.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
training=(train --quiet --dataset synthetic --train-size 600 --val 100 --ns 5 --cycles 1 --batch 50)

fail() {
	echo "test-install: $*" >&2
	exit 1
}

# runs holds when a program starts in an empty home, and trains what the first has
# trained, which the seed fixes.
runs() {
	env -i HOME="$root" "$1" --version | grep -q '^BLAS ' || fail "$1 does not tell its BLAS"
	env -i HOME="$root" "$1" "${training[@]}" >"$root/trained" || fail "$1 does not train"
	[[ -e $root/first ]] || cp "$root/trained" "$root/first"
	diff <(grep % "$root/first") <(grep % "$root/trained") || fail "$1 trains another network"
}

# complete holds when a folder has all that an installation brings: the manual page
# as its name is there, and every page of docs with what it shows.
complete() {
	local file
	for file in bin/bnlab "share/man/man1/$2" share/bash-completion/completions/bnlab \
		share/zsh/site-functions/_bnlab share/fish/vendor_completions.d/bnlab.fish; do
		[[ -s $1/$file ]] || fail "$1/$file is missing"
	done
	diff -r docs "$1/share/doc/bnlab/docs" || fail "$1/share/doc/bnlab/docs is not docs"
}

echo "make install without Go"
mkdir "$root/fresh"
cp -r Makefile docs "$root/fresh"
if make -C "$root/fresh" install GO=no-go DESTDIR="$root/staged" >"$root/fresh.log" 2>&1; then
	fail "make install installs what is not built"
fi
grep -q 'run make build first' "$root/fresh.log" || fail "make install without bin/bnlab says: $(<"$root/fresh.log")"
[[ ! -e $root/staged ]] || fail "make install without bin/bnlab installs something"
mkdir "$root/fresh/bin"
cp bin/bnlab "$root/fresh/bin"
make -C "$root/fresh" install GO=no-go DESTDIR="$root/staged" PREFIX=/usr >/dev/null
complete "$root/staged/usr" bnlab.1

echo "make build where git refuses the clone, as it does another user's"
mkdir "$root/git"
printf '#!/bin/sh\nexit 128\n' >"$root/git/git"
chmod 755 "$root/git/git"
PATH=$root/git:$PATH GOFLAGS=-buildvcs=auto make build >"$root/git.log" 2>&1 || fail "$(<"$root/git.log")"

echo "make install"
rm -r "$root/staged"
make --no-print-directory install DESTDIR="$root/staged" PREFIX=/opt/bnlab >/dev/null
complete "$root/staged/opt/bnlab" bnlab.1
runs "$root/staged/opt/bnlab/bin/bnlab"
make --no-print-directory uninstall DESTDIR="$root/staged" PREFIX=/opt/bnlab >/dev/null
left=$(find "$root/staged" -type f)
[[ -z $left ]] || fail "make uninstall leaves $left"

echo "go install"
GOBIN=$root/gobin go install ./cmd/bnlab
runs "$root/gobin/bnlab"

echo "make static"
make --no-print-directory static >/dev/null 2>"$root/static.log" || fail "$(<"$root/static.log")"
if readelf -d bin/bnlab-static 2>/dev/null | grep NEEDED; then
	fail "bin/bnlab-static needs libraries"
fi
runs bin/bnlab-static

if command -v dpkg-deb >/dev/null; then
	echo "make deb"
	deb=$(scripts/deb.sh "$root" 2>"$root/deb.log") || fail "$(<"$root/deb.log")"
	field() { dpkg-deb --field "$deb" "$1"; }
	field Depends | grep -q 'libopenblas0' || fail "the package does not ask for OpenBLAS"
	wanted=$(readelf --version-info bin/bnlab | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -n 1)
	field Depends | grep -qF "libc6 (>= ${wanted#GLIBC_})" || fail "the program needs $wanted, the package $(field Depends)"
	# Without tags: newer than a commit of the day before, older than any release.
	yesterday=$(($(git log -1 --format=%ct) - 86400))
	before=$(TZ=UTC date -d "@$yesterday" +0~git%Y%m%d%H%M.ffffffff)
	if [[ $(field Version) == 0~* ]]; then
		dpkg --compare-versions "$before" lt "$(field Version)" || fail "$(field Version) is not newer than $before"
		dpkg --compare-versions "$(field Version)" lt 0.1 || fail "$(field Version) is not older than a release"
	fi
	dpkg-deb --extract "$deb" "$root/unpacked"
	complete "$root/unpacked/usr" bnlab.1.gz
	gzip -dc "$root/unpacked/usr/share/man/man1/bnlab.1.gz" | cmp - <(bin/bnlab man) || fail "the package has another manual page"
	! readelf -S "$root/unpacked/usr/bin/bnlab" | grep -q symtab || fail "the program in the package is not stripped"
	runs "$root/unpacked/usr/bin/bnlab"
fi
