#!/usr/bin/env bash
# Experiment 4 of the study: search for the best λ on a coarse grid and with a random
# fine search, then train networks with it. Results are kept in runs/search.
# Flags are passed on to bnlab; $BNLAB names a program other than bin/bnlab. Run
# again, it continues where it stopped.
#
#   scripts/lambda_search.sh --seeds 3 --range neighbours
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
bnlab=${BNLAB:-$root/bin/bnlab}
[[ -n ${BNLAB:-} || -x $bnlab ]] || make --silent -C "$root" build >&2

# These pin OpenBLAS to slower kernels than the CPU supports.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
exec "$bnlab" search --out runs/search "$@"
