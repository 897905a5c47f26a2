#!/usr/bin/env bash
# Creates the Python environment for the comparison with NumPy, PyTorch and JAX,
# outside the source tree: in $BNLAB_PEERS, by default
# ${XDG_CACHE_HOME:-~/.cache}/bnlab/peers. About 2 GB to download, 5 GB on disk.
# Run again, it only fixes what differs from requirements.txt.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
peers=${BNLAB_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/bnlab/peers}
python=${PYTHON:-python3}

say() { printf 'setup: %s\n' "$*" >&2; }

if [[ ! -x $peers/bin/pip ]]; then
    say "making a virtual environment in $peers"
    mkdir -p "$(dirname "$peers")"
    "$python" -m venv "$peers"
fi

if cmp -s "$here/requirements.txt" "$peers/installed.txt"; then
    say "the pinned packages are installed in $peers"
else
    say "installing the packages of requirements.txt into $peers"
    "$peers/bin/pip" install --disable-pip-version-check --quiet --no-deps -r "$here/requirements.txt"
    cp "$here/requirements.txt" "$peers/installed.txt"
fi

# PyTorch's wheel contains Intel's MKL, which on other CPUs uses its slow kernels,
# at a third of the speed. The usual workaround is to preload a library that reports
# an Intel CPU; run.py measures with and without.
if grep -qm1 AuthenticAMD /proc/cpuinfo && [[ ! -e $peers/mkl_amd.so ]]; then
    compiler=${CC:-cc}
    if command -v "$compiler" >/dev/null; then
        say "compiling $peers/mkl_amd.so, for MKL's fast kernels on AMD"
        echo 'int mkl_serv_intel_cpu_true(void) { return 1; }' |
            "$compiler" -shared -fPIC -O2 -x c -o "$peers/mkl_amd.so" -
    else
        say "no C compiler: PyTorch will be measured with MKL's slow kernels on this AMD CPU, and not compiled"
    fi
fi

say "checking"
cd "$here"
"$peers/bin/python" - <<'PYTHON'
import importlib

import common

import matplotlib  # noqa: F401, figure.py needs it

for name in ("numpy", "torch", "jax"):
    version = importlib.import_module(name).__version__
    print(f"  {name} {version}, {common.blas(name)}")
PYTHON
say "ready: $peers/bin/python $here/run.py --help"
