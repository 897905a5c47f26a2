#!/usr/bin/env bash
# Make sure that bnlab can be built: Go, a C compiler, pkg-config, OpenBLAS.
# On Debian and Ubuntu missing packages are installed; elsewhere they are named.
# Silent if nothing is missing. Written for bash 3.2, which macOS has.
set -euo pipefail

# fail says what is wrong; further arguments are lines to copy and run.
fail() {
	printf 'deps: %s\n' "$1" >&2
	[[ $# == 1 ]] || printf '    %s\n' "${@:2}" >&2
	exit 1
}

# outside runs a command away from the module, so that asking Go a question does
# not make it fetch the toolchain that go.mod wants.
outside() { (cd / && "$@"); }

# go_is_recent holds from Go 1.21 on, which fetches a newer toolchain by itself.
go_is_recent() {
	local minor
	minor=$(outside go version | sed -nE 's/.*go1\.([0-9]+).*/\1/p')
	[[ $minor -ge 21 ]]
}

# missing prints in one line what a build with cgo lacks. The C compiler must
# find the C library's headers, and pkg-config must find OpenBLAS unless the
# build tag cblas says that CGO_LDFLAGS brings another BLAS.
missing() {
	local cc pkg_config=${PKG_CONFIG:-pkg-config} names=()
	read -ra cc <<<"$(outside go env CC)"
	"${cc[@]}" -E -x c - <<<'#include <stdlib.h>' >/dev/null 2>&1 || names+=(compiler)
	command -v "$pkg_config" >/dev/null || names+=(pkg-config)
	[[ ${GOFLAGS:-} == *cblas* ]] || "$pkg_config" --exists openblas 2>/dev/null || names+=(openblas)
	echo "${names[*]:-}"
}

# install_debian installs the packages of all that is named, by sudo unless root.
install_debian() {
	local packages=() sudo=() what
	for what in "$@"; do
		case $what in
		compiler) packages+=(gcc libc6-dev) ;;
		openblas) packages+=(libopenblas-dev) ;;
		*) packages+=("$what") ;;
		esac
	done
	local by_hand="apt-get update && apt-get install ${packages[*]}"
	if [[ $(id -u) != 0 ]]; then
		command -v sudo >/dev/null || fail "packages are missing and there is no sudo; run as root, then try again:" "$by_hand"
		sudo=(sudo)
	fi
	echo "deps: installing ${packages[*]}" >&2
	# env passes the setting on, as sudo drops it. The lock may be held by the
	# updates that a new machine starts with.
	local apt=("${sudo[@]+"${sudo[@]}"}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120)
	# One list that cannot be refreshed, of some other program, is no reason to stop.
	"${apt[@]}" update >&2 || true
	"${apt[@]}" install -y --no-install-recommends "${packages[@]}" >&2 ||
		fail "the packages could not be installed; run as root, then try again:" "$by_hand"
}

# distribution prints the names that this system goes by, such as "ubuntu debian".
distribution() {
	if [[ -r /etc/os-release ]]; then
		# shellcheck source=/dev/null
		(. /etc/os-release && echo "${ID:-} ${ID_LIKE:-}")
	else
		uname -s
	fi
}

command -v go >/dev/null || fail "Go is missing: install it from https://go.dev/dl/ and put its bin folder on PATH"
go_is_recent || fail "Go 1.21 or newer is needed, this is $(outside go version): see https://go.dev/dl/"
[[ ${CGO_ENABLED:-} != 0 ]] || exit 0 # the pure Go build needs nothing more

lacking=$(missing)
[[ -n $lacking ]] || exit 0

case " $(distribution) " in
*" debian "* | *" ubuntu "*)
	# shellcheck disable=SC2086 # one word each
	install_debian $lacking
	;;
*" fedora "* | *" rhel "*)
	fail "missing: $lacking. On Fedora:" "sudo dnf install gcc pkgconf-pkg-config openblas-devel"
	;;
*" arch "*)
	fail "missing: $lacking. On Arch Linux:" "sudo pacman -S --needed gcc pkgconf openblas"
	;;
*" Darwin "*)
	# Homebrew keeps OpenBLAS apart, as macOS brings a BLAS of its own.
	# shellcheck disable=SC2016 # the user's shell is to expand it
	fail "missing: $lacking. On macOS with Homebrew, after xcode-select --install:" "brew install openblas pkg-config" \
		'export PKG_CONFIG_PATH="$(brew --prefix openblas)/lib/pkgconfig:${PKG_CONFIG_PATH:-}"'
	;;
*)
	fail "missing: $lacking. Install a C compiler, pkg-config, and OpenBLAS with its openblas.pc, or build without C (CGO_ENABLED=0)"
	;;
esac

lacking=$(missing)
[[ -z $lacking ]] || fail "still missing after the packages were installed: $lacking"
