#!/usr/bin/env bash
# Trains a plan on a Slurm cluster of two nodes that is started for it on this
# machine, disturbs it in every way that clusters do, and checks that the results are
# bit-identical to those of an undisturbed run. So must be those of the line for GNU
# parallel in docs/slurm.md, of tasks with two cores, and of a search, whose stages follow
# from each other. Two minutes or three. $BNLAB names
# a program other than bin/bnlab.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec </dev/null

bnlab=${BNLAB:-$PWD/bin/bnlab}
temp=$(mktemp -d)
chmod 755 "$temp" # munge wants its socket within reach of all
run=$temp/cluster
cluster=(scripts/slurm/dev-cluster.sh)
where=$temp/slurm

say() { printf '[%3d s] %s\n' "$SECONDS" "$*"; }

fail() {
	say "FAILED: $*"
	tail -n 100 "$run"/slurm/*.log "$where"/slurmctld.log || true
	squeue || true
	exit 1
} >&2

clean_up() {
	[[ ! -e $where ]] || "${cluster[@]}" stop "$where"
	rm -rf "$temp"
}
trap clean_up EXIT

# await runs a command ten times a second, for five minutes at most, until it
# succeeds.
await() {
	local end=$((SECONDS + 300))
	until "$@"; do
		((SECONDS < end)) || fail "waited in vain for: $*"
		sleep 0.1
	done
}

# present tells whether all programs are there.
present() {
	local program
	for program in munged slurmctld slurmd sbatch parallel; do
		command -v $program >/dev/null || return 1
	done
}

# install brings Slurm and GNU parallel on Debian and Ubuntu.
install() {
	local sudo=()
	PATH=$PATH:/usr/sbin:/sbin
	! present || return 0
	command -v apt-get >/dev/null || fail "install Slurm, munge and GNU parallel"
	[[ $EUID == 0 ]] || sudo=(sudo -n)
	"${sudo[@]}" apt-get -qq update || true
	"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 \
		install -y --no-install-recommends slurm-wlm munge parallel >/dev/null
}

# plan writes the plan, always the same: 12 units of two networks, of 20 epochs each.
readonly units=12 steps=1800
plan() {
	"$bnlab" sweep plan compare --dataset synthetic --train-size 9000 --val 1000 --test-size 1000 --eval-train 1000 \
		--ns 900 --cycles 1 --depth 2,3 --seeds 6 --fuse 2 --workers 1 --out "$1"
}

# records prints all that a run has found out, without where and when it trained and
# the checksums, which are over that too.
records() (
	cd "$1"
	grep -Erv '(_seconds|^ "(sha256|host|start|end))":|^  "unit":' --include=result.json --include=curve.jsonl . | sort
	"$bnlab" sweep collect --json . | grep -v 'seconds":'
)

# same compares a run in the folder $2 with an undisturbed one, in $3 or the first.
same() {
	diff <(records "${3:-$temp/local}") <(records "$2") >"$temp/difference" ||
		fail "$1 differs from the local run: $(head -n 20 "$temp/difference")"
	say "$1: $(find "$2" -name result.json | wc -l) records and the totals equal the local run's, bit for bit"
}

# documented runs the line of docs/slurm.md that matches $1 as it stands there, in
# the folder that holds runs/wide; flags come from the environment.
documented() (
	line=$(sed -n "s/^    \(.*$1.*\)/\1/p" docs/slurm.md)
	[[ $line && $line != *$'\n'* ]] || fail "docs/slurm.md: not one line with $1: $line"
	mkdir -p "$temp/path"
	ln -sf "$bnlab" "$temp/path/bnlab"
	cd "$2"
	PATH=$temp/path:$PATH BNLAB_DATASET=synthetic PARALLEL=--will-cite bash -euo pipefail -c "$line" >/dev/null
)

# first_trials prints the first trial of each unit, which holds its checkpoints.
first_trials() {
	awk -F '"' '$2 == "id" { id = $4 } $2 == "unit" && !seen[$3]++ { print id }' "$run/plan.json"
}

# pick waits for a task that has saved something and has more than half of its work
# before it, and sets task, job, node and the steps it has saved.
pick() { await picked; }
picked() {
	local file
	while read -r task job node; do
		for file in "$run/trials/${trials[task]}"/checkpoint.*; do
			saved=${file##*.}
			((saved < steps / 2)) 2>/dev/null && return 0
		done
	done < <(squeue --noheader --jobs="$array" --states=running --format='%K %A %N')
	return 1
}

# hit sends a signal to the shell of the job that runs on node, as Slurm does near
# the time limit, or to all its processes.
hit() {
	local pids
	mapfile -t pids < <(scontrol listpids "$job" "$node" | awk -v job="$job" -v which="$2" \
		'$2 == job && ($4 == "0" || which == "all") { print $1 }')
	kill "-$1" "${pids[@]}" 2>/dev/null
}

running() { [[ -n $(squeue --noheader --jobs="$1" --states=running) ]]; }
ended() { ! running "$1"; }
drained() { [[ $(sinfo --noheader --nodes="$1" --partition=main --format=%T) == drained ]]; }
# submit has the cluster train a run, and sets array to the job's number.
submit() {
	local told
	told=$("$bnlab" sweep submit --time 10 "$@")
	echo "$told"
	[[ $told =~ trained\ by\ jobs?\ ([0-9]+) ]] || fail "sweep submit tells no job"
	array=${BASH_REMATCH[1]}
}

# few_running tells whether all jobs have ended, and keeps in most how many tasks
# of the array ran at once.
few_running() {
	local now
	now=$(squeue --noheader --jobs="$array" --states=running 2>/dev/null | wc -l)
	((now <= most)) || most=$now
	no_jobs
}

no_jobs() { [[ -z $(squeue --noheader) ]]; }
starts() { cat "$run"/slurm/*.log | grep -c ' task .* start '; }

install
plan "$temp/local"
mkdir -p "$temp/parallel/runs"
for copy in "$run" "$temp/cores" "$temp/parallel/runs/wide"; do cp -r "$temp/local" "$copy"; done
"$bnlab" sweep run --quiet --dataset synthetic "$temp/local"
say "the local run is done"

documented 'parallel -j 2 bnlab' "$temp/parallel"
same parallel "$temp/parallel/runs/wide"

settings=$("${cluster[@]}" start "$where")
eval "$settings"
say "Slurm is up"
submit --sbatch --exclusive "$run"
mapfile -t trials < <(first_trials)
[[ ${#trials[@]} == "$units" ]] || fail "${#trials[@]} units, want $units"

pick
say "task $task, saved at step $saved of $steps, is told that its time is nearly over"
await hit USR1 shell
await ended "$job"

pick
say "task $task, saved at step $saved, is killed, then requeued by hand"
await hit KILL all
await ended "$job"
scontrol requeue "${array}_$task"

pick
say "node $node is drained while task $task runs there"
scontrol update nodename="$node" state=drain reason=test
await drained "$node"
scontrol update nodename="$node" state=resume

pick
say "node $node goes down under task $task, saved at step $saved, and comes back"
scontrol update nodename="$node" state=down reason=test
await ended "$job"
scontrol update nodename="$node" state=resume

pick
say "task $task, saved at step $saved, makes room on node $node for an urgent job"
sbatch --quiet --partition=urgent --exclusive --nodelist="$node" --output=/dev/null --wrap 'sleep 1'

await no_jobs
cat "$run"/slurm/*-gather.log
say "$units tasks were started $(starts) times"
[[ $(starts) == $((units + 4)) ]] || fail "want $((units + 4)) starts"
grep -q 'out of time, requeued' "$run"/slurm/*.log || fail "no task has requeued itself"
[[ -s $run/report/index.html ]] || fail "no report"
same cluster "$run"

# One task at a time although two nodes are idle, of two cores where there are two.
run=$temp/cores most=0 cores=$(($(nproc) > 1 ? 2 : 1))
submit --shards 3 --cpus-per-task "$cores" --limit 1 "$run"
await few_running
say "3 tasks of $cores cores, $most at once"
[[ $most == 1 ]] || fail "want 1 at once"
[[ $(cat "$run"/slurm/*.log | grep -c " start 1 on .*, cores: $cores\$") == 3 ]] || fail "want 3 tasks of $cores cores"
same cores "$run"

# A search: each stage is planned and begins when the one before has ended well. If that is
# cancelled, so are the later ones, and gathering says what is missing.
cat >"$temp/search.yaml" <<-END
	base: {bn: true, ns: 180, cycles: 1, train-size: 9000, val: 1000, test-size: 1000, eval-train: 1000}
	experiments:
	  - name: search
	    search: {over: lambda, coarse: [1e-4, 1e-3, 1e-2, 1e-1], fine: {draw: 8}, final: {seeds: 2}}
END
run=$temp/search
"$bnlab" sweep plan --dataset synthetic --fuse 2 --workers 1 --out "$run" "$temp/search.yaml"
cp -r "$run" "$temp/alone"
"$bnlab" sweep run --quiet --dataset synthetic "$temp/alone"
submit --shards 2 "$run"
scancel "$array"
await no_jobs
[[ ! -e $run/fine/plan.json ]] || fail "the fine stage of a search was planned without the coarse one"
grep -q 'the fine stage, the final stage' "$run"/slurm/*-gather.log || fail "gathering does not say what is missing"
say "the coarse stage is cancelled, and with it the fine and the final one"
submit --shards 2 "$run"
await no_jobs
for stage in coarse fine final; do
	say "$stage: $(find "$run/$stage" -name result.json | wc -l) records, $(cat "$run/$stage"/slurm/*.log | grep -c ' start 1 on ') tasks"
done
[[ -s $run/report/index.html ]] || fail "no report of the search"
same search "$run" "$temp/alone"
