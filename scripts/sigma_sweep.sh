#!/usr/bin/env bash
# Experiment 5 of the study: weights of different initial spread σ, with and
# without batch normalisation. Results are kept in runs/sigma.
# Flags are passed on to bnlab; $BNLAB names a program other than bin/bnlab. Run
# again, it continues where it stopped.
#
#   scripts/sigma_sweep.sh --sigmas 1e-1,1e-3,1e-4 --seeds 5
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
bnlab=${BNLAB:-$root/bin/bnlab}
[[ -n ${BNLAB:-} || -x $bnlab ]] || make --silent -C "$root" build >&2

# These pin OpenBLAS to slower kernels than the CPU supports.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
exec "$bnlab" sigma --out runs/sigma "$@"
