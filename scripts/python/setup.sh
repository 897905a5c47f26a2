#!/usr/bin/env bash
# Creates the Python environment of make test-python, outside the source tree: in
# $BNLAB_PYTHON, by default ${XDG_CACHE_HOME:-~/.cache}/bnlab/python. PyTorch and
# NumPy are those of the system: of $PYTHON if given, else of Debian's package,
# which is installed if missing. Prints the environment's interpreter.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
env=${BNLAB_PYTHON:-${XDG_CACHE_HOME:-$HOME/.cache}/bnlab/python}
python=${PYTHON:-/usr/bin/python3}

say() { printf 'setup: %s\n' "$*" >&2; }

fail() {
	say "$*"
	exit 1
}

# is_complete holds when the interpreter has what is not installed by pip.
is_complete() { "$python" -c 'import ensurepip, numpy, torch, venv' 2>/dev/null; }

install_debian() {
	local sudo=()
	[[ $EUID == 0 ]] || sudo=(sudo)
	say "installing python3-torch python3-numpy python3-venv"
	local apt=("${sudo[@]+"${sudo[@]}"}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120)
	# One list that cannot be refreshed, of some other program, is no reason to stop.
	"${apt[@]}" update >&2 || true
	"${apt[@]}" install -y --no-install-recommends python3-torch python3-numpy python3-venv >&2
}

if ! is_complete; then
	if [[ -z ${PYTHON:-} ]] && command -v apt-get >/dev/null; then
		install_debian
	fi
	is_complete || fail "$python has no torch, numpy or venv: give an interpreter that has, as PYTHON=~/torch/bin/python make test-python"
fi

# What the environment is made of: when that changes, it is made anew.
wanted=$("$python" -c 'import sys; print(sys.executable, sys.version)' && cat "$here/requirements.txt")
if [[ ! -e $env/made-of.txt || $(<"$env/made-of.txt") != "$wanted" ]]; then
	say "making a virtual environment in $env"
	"$python" -m venv --clear --system-site-packages "$env"
	"$env/bin/pip" install --disable-pip-version-check --quiet --no-deps -r "$here/requirements.txt" >&2
	printf '%s\n' "$wanted" >"$env/made-of.txt"
fi
echo "$env/bin/python"
