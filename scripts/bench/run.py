#!/usr/bin/env python3
"""Measures bnlab against NumPy, PyTorch and JAX, turn by turn: bnlab, peer, bnlab, next peer, … and again.

  single   3-layer network with BN, float32, one thread and all cores: PyTorch and JAX
  numpy    the same in float64: NumPy
  search   38 values of λ on all cores: PyTorch, one process per core, and JAX, vmap over trials

A peer's ratio is its time by that of the bnlab run just before it: the median over the rounds, and the range. Needs
setup.sh once and a built bnlab (make build). Prints a table, and writes every run with the host and all versions as JSON.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
CORES = len(os.sched_getaffinity(0))
PINS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
COARSE = 8  # trials of bnlab's coarse stage


def environment(**more):
    """The environment without what holds OpenBLAS back."""
    return {k: v for k, v in os.environ.items() if k not in PINS} | dict(PYTHONDONTWRITEBYTECODE="1", **more)


def call(command, env, cores=CORES):
    """Runs a command on some cores; returns what it prints, read as JSON, the wall seconds, and how many cores were busy."""
    mine = sorted(os.sched_getaffinity(0))[:cores]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, env=env, capture_output=True, text=True, preexec_fn=lambda: os.sched_setaffinity(0, mine))
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"run.py: {' '.join(map(str, command))}: exit {done.returncode}\n{done.stderr[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(done.stdout), wall, cpu / wall


class Bench:
    def __init__(self, args):
        self.args = args
        self.dataset = ["--dataset", "synthetic"] if args.synthetic else ["--dataset", "cifar10", "--data", args.data]
        self.images = ["--synthetic", "45000"] if args.synthetic else ["--data", args.data]
        amd = args.env / "mkl_amd.so"
        self.mkl = dict(LD_PRELOAD=str(amd)) if amd.exists() else {}
        self.backend = None

    def schedule(self):
        return ["--ns", str(self.args.steps // 4), "--cycles", "2", "--evals", "1", "--quiet", "--json"]

    def bnlab(self, threads, precision):
        """bnlab train: its own train_seconds, from the first update to the last, without loading and evaluation."""
        command = [self.args.bnlab, "train", "--bn", "--precision", precision, "--threads", str(threads)]
        out, _, _ = call(command + self.schedule() + self.dataset, environment(), threads)
        self.backend = out["backend"]
        us = 1e6 * out["train_seconds"] / out["steps"]
        return dict(peer="bnlab", threads=threads, us_per_step=us, test_acc=out["final"]["test_acc"])

    def bnlab_search(self, threads, precision):
        """bnlab search, coarse and fine: the wall time of both commands from start to end, evaluations and all."""
        trials = self.args.trials
        command = [self.args.bnlab, "search", "--precision", precision, "--points", str(trials - COARSE), "--workers", str(threads)]
        total = cpu = 0.0
        with tempfile.TemporaryDirectory() as folder:
            for stage in ("coarse", "fine"):
                out, wall, cores = call(command + ["--stage", stage, "--out", folder] + self.schedule() + self.dataset, environment())
                total, cpu = total + wall, cpu + wall * cores
        self.backend = out["backend"]
        best = max(max(g["val_acc"]["values"] or [0]) for g in out["groups"])
        return dict(peer="bnlab", threads=threads, trials=trials, us_per_step=1e6 * total / trials / self.args.steps,
                    trials_per_hour=3600 * trials / total, cores_used=cpu / total, val_acc=best)

    def peer(self, script, threads, precision, *flags, env=None):
        command = [self.args.env / "bin" / "python", HERE / script, "--precision", precision, "--threads", str(threads)]
        command += ["--steps", str(self.args.steps), *self.images, *flags]
        return call(command, environment(**(env or {})))[0]

    def cases(self):
        """The comparisons of the mode: bnlab's side, and each peer's name and side, one dict for each thread count."""
        mkl, trials = self.mkl, ["--trials", str(self.args.trials)]
        if self.args.mode == "numpy":
            def numpy(t):
                return lambda: self.peer("numpy_train.py", t, "f64")

            return [(lambda t=t: self.bnlab(t, "f64"), {"numpy": numpy(t)}) for t in self.args.threads]
        if self.args.mode == "search":
            def torch(*flags, **env):
                return lambda: self.peer("torch_search.py", 1, "f32", *trials, "--workers", str(CORES), *flags, env=env)

            return [(lambda: self.bnlab_search(CORES, "f32"), {
                "torch module": torch(**mkl),
                "torch hand": torch("--style", "hand", **mkl),
                "torch hand compiled": torch("--style", "hand", "--compile", **mkl),
                "jax vmap": lambda: self.peer("jax_search.py", CORES, "f32", *trials),
                "jax vmap, process per core": lambda: self.peer("jax_search.py", 1, "f32", *trials, "--workers", str(CORES)),
            })]

        def torch(t, *flags, **env):
            return lambda: self.peer("torch_train.py", t, "f32", *flags, env=env)

        return [(lambda t=t: self.bnlab(t, "f32"), {
            "torch module, as installed": torch(t),
            "torch module": torch(t, **mkl),
            "torch module compiled": torch(t, "--compile", **mkl),
            "torch hand": torch(t, "--style", "hand", **mkl),
            "torch hand compiled": torch(t, "--style", "hand", "--compile", **mkl),
            "jax": lambda t=t: self.peer("jax_train.py", t, "f32"),
        }) for t in self.args.threads]

    def measure(self):
        """All rounds; returns every run, each peer's with its ratio."""
        runs = []
        for round in range(1, self.args.rounds + 1):
            for ours, peers in self.cases():
                for name, theirs in peers.items():
                    if self.args.peers and not any(p in name for p in self.args.peers):
                        continue
                    base, other = ours(), theirs()
                    ratio = other["us_per_step"] / base["us_per_step"]
                    runs += [base | dict(round=round), other | dict(peer=name, round=round, ratio=ratio)]
                    print(f"round {round}: {name}, {other['threads']} threads: {other['us_per_step']:.0f} µs, "
                          f"bnlab {base['us_per_step']:.0f} µs, ratio {ratio:.2f}", file=sys.stderr)
        return runs


def spread(values, digits):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def table(runs, search):
    """Markdown, a row for each peer and thread count."""
    unit = "trials/hour" if search else "images/s"
    lines = [f"| | threads | µs a step, median (range) | {unit} | warm-up, compile s | cores busy | accuracy | bnlab is faster by |",
             "|---|---|---|---|---|---|---|---|"]
    groups = {}
    for r in runs:
        groups.setdefault((r["threads"], r["peer"]), []).append(r)
    for (threads, peer), rs in sorted(groups.items(), key=lambda item: item[0][0]):
        us = [r["us_per_step"] for r in rs]
        rate = statistics.median(r["trials_per_hour"] for r in rs) if search else 100e6 / statistics.median(us)
        before = " + ".join(f"{statistics.median(r[k] for r in rs):.1f}" for k in ("warmup_seconds", "compile_seconds") if k in rs[0])
        cores = f"{statistics.median(r['cores_used'] for r in rs):.2f}" if "cores_used" in rs[0] else ""
        acc = statistics.median(r.get("test_acc", r.get("val_acc")) for r in rs)
        ratio = spread([r["ratio"] for r in rs], 2) if "ratio" in rs[0] else ""
        lines.append(f"| {peer} | {threads} | {spread(us, 0)} | {rate:.0f} | {before} | {cores} | {acc:.3f} | {ratio} |")
    return "\n".join(lines)


def host():
    """What the numbers hold for."""
    cpu = platform.processor()
    if os.path.exists("/proc/cpuinfo"):
        info = pathlib.Path("/proc/cpuinfo").read_text()
        fields = dict(line.split(":", 1) for line in info.split("\n\n")[0].splitlines() if ":" in line)
        fields = {k.strip(): v.strip() for k, v in fields.items()}
        cpu = " ".join([fields.get("model name", cpu)] + [f"{k} {fields[k]}" for k in ("cpu family", "model") if k in fields])
    return dict(cpu=cpu, cores=CORES, system=platform.platform(), python=platform.python_version(), load=os.getloadavg())


def arguments():
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=["single", "numpy", "search"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=1800, help="updates a training, a multiple of 4 (1800: four epochs)")
    parser.add_argument("--threads", type=int, nargs="+", default=sorted({1, CORES}), help="of single and numpy (1 and all cores)")
    parser.add_argument("--trials", type=int, default=38, help="of search, more than 8")
    parser.add_argument("--peers", nargs="+", help="only peers whose name has one of these in it")
    parser.add_argument("--data", default=os.environ.get("CIFAR10_DIR", "data/cifar-10-batches-bin"), help="CIFAR-10's binary files ($CIFAR10_DIR)")
    parser.add_argument("--synthetic", action="store_true", help="bnlab's synthetic set, random images for the peers: a trial run")
    parser.add_argument("--bnlab", default=HERE.parents[1] / "bin" / "bnlab")
    parser.add_argument("--env", type=pathlib.Path, default=os.environ.get("BNLAB_PEERS") or cache / "bnlab" / "peers", help="what setup.sh made")
    parser.add_argument("--out", type=pathlib.Path, help="the JSON record (default: records/ in --env)")
    args = parser.parse_args()
    if args.steps < 4 or args.steps % 4:
        parser.error("--steps must be a multiple of 4: two cycles of two halves")
    if args.mode == "search" and args.trials <= COARSE:
        parser.error(f"--trials must be above {COARSE}, the coarse stage")
    args.env = pathlib.Path(args.env)
    if not (args.env / "bin" / "python").exists():
        parser.error(f"no Python in {args.env}: run {HERE / 'setup.sh'} first")
    if not os.path.exists(args.bnlab):
        parser.error(f"no {args.bnlab}: run make build, or give --bnlab")
    return args


def main():
    args = arguments()
    record = dict(format=1, date=datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"), mode=args.mode,
                  steps=args.steps, rounds=args.rounds, dataset="synthetic" if args.synthetic else "cifar10", host=host())
    if record["host"]["load"][0] > 0.5:
        print(f"run.py: load average {record['host']['load'][0]:.1f}: others use this machine, so trust ratios at most", file=sys.stderr)
    bench = Bench(args)
    record["runs"] = bench.measure()
    record["bnlab"] = dict(backend=bench.backend, version=subprocess.run(
        [args.bnlab, "--version"], capture_output=True, text=True).stdout.strip())
    record["table"] = table(record["runs"], args.mode == "search")
    out = args.out or args.env / "records" / f"{args.mode}-{record['date'].replace(':', '')[:17]}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    print(record["table"])
    print(f"\n{args.rounds} rounds of {args.steps} updates, {record['dataset']}, {record['host']['cpu']}, {CORES} cores; all runs: {out}")


if __name__ == "__main__":
    main()
