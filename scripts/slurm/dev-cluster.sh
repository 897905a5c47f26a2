#!/usr/bin/env bash
# A private Slurm cluster on this machine, for experiments: two nodes that share its
# cores, two partitions, of which urgent preempts main, all in one folder and only on
# loopback. It needs no systemd, control groups or root, and does not touch an existing
# Slurm. Needs Debian's slurm-wlm and munge.
#
#   eval "$(scripts/slurm/dev-cluster.sh start)"     # sinfo, sbatch … now talk to it
#   scripts/slurm/dev-cluster.sh status
#   scripts/slurm/dev-cluster.sh stop
#
# A second word names the folder, which stop removes.
set -euo pipefail

dir=${2:-${TMPDIR:-/tmp}/bnlab-slurm-$(id -u)}
PATH=$PATH:/usr/sbin:/sbin
export SLURM_CONF=$dir/slurm.conf

fail() {
	printf 'dev-cluster: %s\n' "$*" >&2
	exit 1
}

# await runs a command five times a second, until it succeeds or so many seconds
# are over.
await() {
	local end=$((SECONDS + $1))
	until "${@:2}"; do
		((SECONDS < end)) || return 1
		sleep 0.2
	done
}

# free_ports prints the first of three ports in a row that nobody listens on.
free_ports() {
	local base port
	while :; do
		base=$((20000 + RANDOM % 10000))
		for port in $base $((base + 1)) $((base + 2)); do
			! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || continue 2
		done
		echo "$base"
		return
	done
}

# configuration prints slurm.conf. A job that is requeued starts again when its old
# credential has expired: in seconds, not the usual two minutes.
configuration() {
	local host ports hardware
	host=$(hostname -s)
	ports=$(free_ports)
	hardware=$(slurmd -C | sed -n 's/^NodeName=[^ ]* //p')
	cat <<-END
		ClusterName=dev
		SlurmctldHost=$host(127.0.0.1)
		SlurmctldPort=$ports
		SlurmUser=$(id -un)
		SlurmdUser=$(id -un)
		AuthType=auth/munge
		CredType=cred/munge
		AuthInfo=socket=$dir/munge.socket,cred_expire=5
		StateSaveLocation=$dir/state
		SlurmdSpoolDir=$dir/spool-%n
		SlurmctldPidFile=$dir/slurmctld.pid
		SlurmctldLogFile=$dir/slurmctld.log
		SlurmdPidFile=$dir/slurmd-%n.pid
		SlurmdLogFile=$dir/slurmd-%n.log
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/affinity
		SelectType=select/cons_tres
		SelectTypeParameters=CR_Core
		SchedulerParameters=sched_interval=1,bf_interval=1
		PreemptType=preempt/partition_prio
		PreemptMode=REQUEUE
		PropagateResourceLimits=NONE
		ReturnToService=1
		KillWait=5
		NodeName=one,two NodeHostname=$host NodeAddr=127.0.0.1 Port=$((ports + 1)),$((ports + 2)) $hardware
		PartitionName=main Nodes=one,two PriorityTier=1 Default=YES
		PartitionName=urgent Nodes=one,two PriorityTier=2
	END
}

daemons() {
	munged --key-file="$dir/munge.key" --socket="$dir/munge.socket" --pid-file="$dir/munged.pid" \
		--log-file="$dir/munged.log" --seed-file="$dir/munge.seed" &&
		slurmctld && slurmd -N one && slurmd -N two
}

both_idle() { [[ $(sinfo --noheader --partition=main --format='%T %D' 2>/dev/null) == "idle 2" ]]; }

start() {
	[[ ! -e $dir ]] || fail "$dir is there: stop it first"
	((${#dir} < 90)) || fail "$dir: too long a name for a socket; give a shorter one"
	local program
	for program in munged slurmctld slurmd sbatch; do
		command -v $program >/dev/null || fail "$program is missing: apt-get install slurm-wlm munge"
	done
	mkdir -p "$dir"/{state,spool-one,spool-two}
	chmod 755 "$dir"
	(umask 077 && head -c 128 /dev/urandom >"$dir/munge.key")
	configuration >"$SLURM_CONF"
	if ! daemons || ! await 30 both_idle; then
		tail -n 20 "$dir"/*.log >&2
		stop
		fail "the nodes do not come up"
	fi
	status >&2
	echo "export SLURM_CONF='$SLURM_CONF'"
}

status() {
	[[ -e $SLURM_CONF ]] || fail "no cluster in $dir"
	sinfo && squeue
}

# running prints the process of a daemon, if it lives.
running() {
	local pid
	pid=$(cat "$dir/$1.pid" 2>/dev/null) && kill -0 "$pid" 2>/dev/null && echo "$pid"
}

no_jobs() { [[ -z $(squeue --noheader 2>/dev/null) ]]; }

# ended tells a daemon to end and tells whether it has.
ended() {
	local pid
	pid=$(running "$1") || return 0
	kill "$pid" 2>/dev/null || true
	return 1
}

stop() {
	[[ -e $SLURM_CONF ]] || fail "no cluster in $dir"
	local daemon
	# Its jobs would outlive Slurm.
	if running slurmctld >/dev/null; then
		scancel --user="$(id -un)" || true
		await 30 no_jobs || echo "dev-cluster: jobs that do not end: $(squeue --noheader)" >&2
	fi
	for daemon in slurmd-one slurmd-two slurmctld munged; do
		await 20 ended "$daemon" || fail "$daemon does not end, see $dir"
	done
	rm -rf "$dir"
}

case ${1:-} in
start | stop | status) "$1" ;;
*) fail "give start, stop or status, and the folder of the cluster if not $dir" ;;
esac
