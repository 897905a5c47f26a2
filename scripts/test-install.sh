#!/usr/bin/env bash
# Installs the program in each way described in the README, into temporary folders, and
# runs it.
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
	terms "$1"/share/doc/bnlab/"${3:-}"* || fail "$1/share/doc/bnlab lacks licences"
}

# terms holds when the files have our licence, Go's, and those of modules linked.
terms() {
	local of
	cat "$@" >"$root/terms" 2>/dev/null || true # not the folder docs
	for of in 'the bnlab authors' '^Go, https' '^gonum.org/v1/netlib' '^github.com/urfave/cli' 'SIL OPEN FONT'; do
		grep -q "$of" "$root/terms" || fail "no $of among the licences"
	done
}

# copy puts the sources as they are, without .git, into a folder.
copy() {
	mkdir -p "$1"
	git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$1" 2>/dev/null || true
}

echo "make install without Go"
mkdir "$root/fresh"
cp -r Makefile LICENSE docs "$root/fresh"
if make -C "$root/fresh" install GO=no-go DESTDIR="$root/staged" >"$root/fresh.log" 2>&1; then
	fail "make install installs what is not built"
fi
grep -q 'run make build first' "$root/fresh.log" || fail "make install without bin/bnlab says: $(<"$root/fresh.log")"
[[ ! -e $root/staged ]] || fail "make install without bin/bnlab installs something"
mkdir "$root/fresh/bin"
cp bin/bnlab bin/third-party-licences.txt "$root/fresh/bin"
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
grep -q '^libopenblas' bin/bnlab-static-licences.txt || fail "OpenBLAS inside, and no licence of it"

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
	complete "$root/unpacked/usr" bnlab.1.gz copyright
	gzip -dc "$root/unpacked/usr/share/man/man1/bnlab.1.gz" | cmp - <(bin/bnlab man) || fail "the package has another manual page"
	! readelf -S "$root/unpacked/usr/bin/bnlab" | grep -q symtab || fail "the program in the package is not stripped"
	runs "$root/unpacked/usr/bin/bnlab"
	if command -v lintian >/dev/null; then
		lintian --fail-on error "$deb" >"$root/lintian.log" 2>&1 || fail "$(grep '^E:' "$root/lintian.log")"
	fi

	echo "make deb VERSION=1.2.3 in two folders without .git"
	copy "$root/one/bnlab"
	copy "$root/another folder/src"
	make -C "$root/one/bnlab" deb VERSION=v1.2.3 SOURCE_DATE_EPOCH=1700000000 >"$root/one.log" 2>&1 || fail "$(tail "$root/one.log")"
	(umask 077 && make -C "$root/another folder/src" deb VERSION=v1.2.3 SOURCE_DATE_EPOCH=1700000000 >"$root/another.log" 2>&1) || fail "$(tail "$root/another.log")"
	cmp "$root/one/bnlab/bin/bnlab" "$root/another folder/src/bin/bnlab" || fail "another program of the same sources"
	cmp "$root"/one/bnlab/bin/bnlab_1.2.3_*.deb "$root/another folder/src"/bin/bnlab_1.2.3_*.deb || fail "another package of the same sources"
	"$root/one/bnlab/bin/bnlab" --version | grep -qx 'bnlab version v1.2.3' || fail "make deb VERSION=v1.2.3 makes another version"
fi

echo "make build without .git"
copy "$root/plain"
make -C "$root/plain" build >"$root/plain.log" 2>&1 || fail "$(tail "$root/plain.log")"
"$root/plain/bin/bnlab" --version | grep -Eqx 'bnlab version devel\.[0-9a-f]{12}' || fail "a build without a version says: $("$root/plain/bin/bnlab" --version)"

echo "make build with another CBLAS, whose header lacks gonum's types as BLIS's does"
mkdir "$root/include"
printf '#ifndef CBLAS_H\n#define CBLAS_H\nenum CBLAS_ORDER {CblasRowMajor=101, CblasColMajor=102};\n#endif\n' >"$root/include/cblas.h"
GOFLAGS=-tags=cblas CGO_CFLAGS="-O2 -I$root/include" CGO_LDFLAGS="$(pkg-config --libs openblas)" \
	make -C "$root/plain" build >"$root/cblas.log" 2>&1 || fail "$(tail "$root/cblas.log")"
"$root/plain/bin/bnlab" --version | grep -q '^BLAS *cblas' || fail "it is not built with that CBLAS"
