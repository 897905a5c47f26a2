#!/usr/bin/env bash
# Experiment 4 of the study: search for the best λ in a coarse grid and a fine
# draw, then train networks with it. Results are kept in runs/search.
# Flags are passed on; $BNLAB names another program than bin/bnlab. Called again
# it goes on where it stopped.
#
#   scripts/lambda_search.sh --seeds 3 --range neighbours
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
bnlab=${BNLAB:-$root/bin/bnlab}
[[ -n ${BNLAB:-} || -x $bnlab ]] || make --silent -C "$root" build >&2

# These pin OpenBLAS to a slower kernel than the CPU has.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
exec "$bnlab" search --out runs/search "$@"
