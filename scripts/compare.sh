#!/usr/bin/env bash
# Experiments 2 and 3 of the study: networks of 3 and 9 layers with and without
# batch normalisation. Results are kept in runs/compare.
# Flags are passed on to bnlab; $BNLAB names a program other than bin/bnlab. Run
# again, it continues where it stopped.
#
#   scripts/compare.sh --depth 9 --seeds 5
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
bnlab=${BNLAB:-$root/bin/bnlab}
[[ -n ${BNLAB:-} || -x $bnlab ]] || make --silent -C "$root" build >&2

# These pin OpenBLAS to slower kernels than the CPU supports.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
exec "$bnlab" compare --out runs/compare "$@"
