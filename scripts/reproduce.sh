#!/usr/bin/env bash
# The whole study: compare, search and sigma, then the report with the study's
# figures beside ours. Results are kept in runs/reproduce.
# Flags are passed on to bnlab; $BNLAB names a program other than bin/bnlab. Run
# again, it continues where it stopped.
#
#   scripts/reproduce.sh --seeds 3
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
bnlab=${BNLAB:-$root/bin/bnlab}
[[ -n ${BNLAB:-} || -x $bnlab ]] || make --silent -C "$root" build >&2

# These pin OpenBLAS to slower kernels than the CPU supports.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
exec "$bnlab" reproduce --out runs/reproduce "$@"
