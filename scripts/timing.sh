#!/usr/bin/env bash
# Measures how bnlab uses the cores of this machine: trains the same workload per worker
# on 1, 2, 4 … all cores, with 1, 2, 4 … BLAS threads per worker, alternating in each
# of several rounds. Writes to the folder OUT:
#
#   timing.csv    one line per measurement
#   timing.svg    speed against cores, one line per number of threads
#
# and prints the medians. Images per second are those of all workers while they train
# and evaluate, without reading the data. Flags are passed on to bnlab sweep
# plan lambda; $BNLAB names a program other than bin/bnlab, $ROUNDS and $CORES change
# the number of rounds (3) and the maximum number of cores.
#
#   scripts/timing.sh runs/timing
#   ROUNDS=5 BNLAB_DATASET=synthetic scripts/timing.sh runs/timing --precision f64 --hidden 200,100
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
bnlab=${BNLAB:-$root/bin/bnlab}
[[ $# -gt 0 && $1 != -* ]] || {
	echo "timing: give an output folder, as in $0 runs/timing" >&2
	exit 2
}
command -v python3 >/dev/null || {
	echo "timing: python3 is missing, which draws the figure: install it (no packages needed)" >&2
	exit 1
}
[[ -n ${BNLAB:-} || -x $bnlab ]] || make --silent -C "$root" build >&2
out=$1
shift
rounds=${ROUNDS:-3}
# As bnlab counts them, which heeds the quota of a container and no OMP_NUM_THREADS.
have=$("$bnlab" info | awk '$1 == "cores" { print $2 }')
cores=${CORES:-$have}
((cores <= have)) || cores=$have
readonly nets=8 updates=900 # nets side by side a worker; 2 epochs of CIFAR-10

# These pin OpenBLAS to slower kernels than the CPU supports.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE

temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
mkdir -p "$out"
csv=$out/timing.csv

# counts prints 1, 2, 4 … and the number itself.
counts() {
	local n
	for ((n = 1; n < $1; n *= 2)); do echo "$n"; done
	echo "$1"
}

# workload plans one unit of nets for each of so many workers, once.
workload() {
	[[ -d $temp/plan-$1 ]] || "$bnlab" sweep plan lambda --bn --lambdas 0.005 --seeds $(($1 * nets)) --workers "$1" \
		--ns $((updates / 2)) --cycles 1 "${@:2}" --out "$temp/plan-$1" >/dev/null
}

# measure trains a workload and prints a line of the table.
measure() {
	local workers=$1 threads=$2 round=$3 run=$temp/run
	cp -r "$temp/plan-$workers" "$run"
	"$bnlab" sweep run --quiet --workers "$workers" --threads "$threads" "$run" >/dev/null
	"$bnlab" sweep collect --json "$run" | awk -v OFS=, -v w="$workers" -v t="$threads" -v r="$round" '
		/^ *"batch":/ { batch = $2 + 0 }
		/^ *"ns":/ { ns = $2 + 0 }
		/^ *"cycles":/ { cycles = $2 + 0 }
		/^  "trials":/ { trials = $2 + 0 }
		/^  "(train|eval)_seconds":/ { busy += $2 }
		END { print w, t, r, trials, 2 * ns * cycles, busy / w, w * trials * 2 * ns * cycles * batch / busy }'
	"$bnlab" sweep collect "$run" | sed -n 1p >"$temp/title"
	rm -rf "$run"
}

echo "workers,threads,round,trials,updates,seconds,images_per_second" >"$csv"
for ((round = 1; round <= rounds; round++)); do
	for threads in $(counts "$cores"); do
		for workers in $(counts $((cores / threads))); do
			workload "$workers" "$@"
			echo "round $round of $rounds: $workers workers, $threads threads each" >&2
			measure "$workers" "$threads" "$round" >>"$csv"
		done
	done
done
cpu=$(sed -n '/^model name/ { s/.*: //p; q }' /proc/cpuinfo 2>/dev/null || true)
python3 "$root/scripts/timing_figure.py" "$csv" "$out/timing.svg" "${cpu:-$(uname -m)}, $cores cores; $(<"$temp/title")"
