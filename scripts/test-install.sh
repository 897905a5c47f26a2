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

# complete holds when a folder has all that an installation brings.
complete() {
	local file
	for file in bin/bnlab share/man/man1/bnlab.1 share/bash-completion/completions/bnlab \
		share/zsh/site-functions/_bnlab share/fish/vendor_completions.d/bnlab.fish; do
		[[ -s $1/$file ]] || fail "$1/$file is missing"
	done
}

echo "make install"
make --no-print-directory install DESTDIR="$root/staged" PREFIX=/opt/bnlab >/dev/null
complete "$root/staged/opt/bnlab"
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
	dpkg-deb --field "$deb" Depends | grep -q 'libopenblas0' || fail "the package does not ask for OpenBLAS"
	dpkg-deb --extract "$deb" "$root/unpacked"
	complete "$root/unpacked/usr"
	runs "$root/unpacked/usr/bin/bnlab"
fi
