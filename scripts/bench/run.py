#!/usr/bin/env python3
"""Measures bnlab against NumPy, PyTorch and JAX, alternately, and against its own targets.

  table    all of the following, as a table of what is to be reached and what was measured; --rows picks some
  single   3-layer network with BN, float32, one thread and all cores: PyTorch and JAX
  numpy    the same in float64: NumPy, as the study's program works and tuned
  search   38 values of λ on all cores: PyTorch, one process per core, and JAX, vmap over trials
  wide     1024, 1024, 512 units, float32, batches of 100 and of 250: PyTorch, with bfloat16 too

In all but numpy bnlab is also measured with oneDNN, if it has that, and in bfloat16. A peer's ratio is its time by
that of the bnlab run before it: the median over the rounds, and the range. Needs
setup.sh once and a built bnlab (make build). Prints tables, and writes every run with the host and all versions as JSON.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import time

import targets
from measure import COARSE, CORES, HERE, TOP, WIDE, Others, Programs

MEASURED = ("single", "numpy", "search", "wide")  # rows with peers


def turns(programs, row):
    """The comparisons of a row, one for each thread count: bnlab's side, and each peer's name and side."""
    args, mkl = programs.args, programs.mkl
    if row == "search":
        steps, split = args.peer_steps, ["--workers", CORES]

        def torch(*flags, **env):
            trials = ["--trials", min(args.trials, 4 * CORES)]
            return lambda: programs.peer("torch_search.py", 1, *trials, *split, *flags, steps=steps, **env)

        def jax(threads, *flags):
            return lambda: programs.peer("jax_search.py", threads, "--trials", args.trials, *flags, steps=steps)

        return [(programs.search, {
            **{name: lambda name=name: programs.search(name) for name in programs.variants},
            "torch module, as installed": torch(),
            "torch module": torch(**mkl),
            "torch hand": torch("--style", "hand", **mkl),
            "jax vmap": jax(CORES),
            "jax vmap, process per core": jax(1, *split),
        })]
    if row == "numpy":
        def numpy(t, *style):
            return lambda: programs.peer("numpy_train.py", t, "--style", *style, precision="f64")

        return [(lambda t=t: programs.train(t, "f64"), {
            "numpy report stored": numpy(t, "report", "--stored"),
            "numpy report": numpy(t, "report"),
            "numpy tuned": numpy(t, "tuned"),
        }) for t in args.threads]

    def torch(t, *flags, steps=None, **env):
        return lambda: programs.peer("torch_train.py", t, *flags, steps=steps, **env)

    def variants(t, **shape):
        return {name: lambda name=name: programs.train(t, "f32", name, **shape) for name in programs.variants}

    if row == "wide":
        def wide(batch, t):
            flags, steps = ["--hidden", *WIDE, "--batch", batch], args.wide_steps
            return lambda: programs.train(t, "f32", hidden=WIDE, batch=batch), {
                **variants(t, hidden=WIDE, batch=batch),
                "torch module": torch(t, *flags, steps=steps, **mkl),
                "torch module bf16": torch(t, "--bf16", *flags, steps=steps, **mkl),
            }

        return [wide(batch, t) for batch in (100, 250) for t in args.threads]
    return [(lambda t=t: programs.train(t, "f32"), {
        **variants(t),
        "torch module, as installed": torch(t),
        "torch module": torch(t, **mkl),
        "torch module compiled": torch(t, "--compile", **mkl),
        "torch hand": torch(t, "--style", "hand", **mkl),
        "torch hand compiled": torch(t, "--style", "hand", "--compile", **mkl),
        "torch module bf16": torch(t, "--bf16", **mkl),
        "jax": lambda t=t: programs.peer("jax_train.py", t),
    }) for t in args.threads]


def compare(programs, row):
    """Yields the runs of one round of a row. bnlab is measured again before each peer, but once per round in the search."""
    for ours, peers in turns(programs, row):
        base = None
        for name, theirs in peers.items():
            if programs.args.peers and not any(p in name for p in programs.args.peers):
                continue
            if name.endswith("as installed") and not programs.mkl:
                continue  # as the next one
            if base is None or row != "search":
                base = ours()
                yield base
            other = theirs()
            yield other | dict(peer=name, ratio=other["us_per_step"] / base["us_per_step"])


def say(run, seconds):
    """One line on stderr for a run."""
    what = run["row"]
    if "peer" in run:
        what += f", {run['peer']}, {run['threads']} threads: {run['us_per_step']:.0f} µs per step"
    if "ratio" in run:
        what += f", bnlab {run['ratio']:.2f} times as fast"
    elif targets.targets(run):
        what += ": " + ", ".join(f"{t.work} {t.unit.write(t.value(run))}" for t in targets.targets(run))
    if run["others"] > 0.1:
        what += f"; others kept {run['others']:.1f} cores busy"
    print(f"{seconds:5.0f} s  round {run['round']}: {what}", file=sys.stderr)


def one_round(programs, row):
    """Yields the runs of one round of a row."""
    if row in MEASURED:
        yield from compare(programs, row)
    else:
        yield getattr(programs, row)()


def measure(programs, rows):
    """Yields the runs of all rounds, each with the number of cores that others kept busy meanwhile."""
    for number in range(1, programs.args.rounds + 1):
        for row in rows:
            if row == "allocations" and number > 1:
                continue  # it cannot come out otherwise
            clock = Others()
            for run in one_round(programs, row):
                yield dict(row=row, round=number, batch=100, others=clock.busy()) | run
                clock = Others()


def details(runs, row):
    """A row's programs in Markdown, one line per program and thread count."""
    unit = "trials of 9000 updates per hour" if row == "search" else "images/s"
    batches = sorted({r["batch"] for r in runs})
    lines = [f"| | {'batch | ' if len(batches) > 1 else ''}threads | µs per step, median (range) | {unit} | warm-up, compile s | cores busy | accuracy | bnlab is faster by |",
             "|---" * (8 + (len(batches) > 1)) + "|"]
    groups = {}
    for r in runs:
        groups.setdefault((r["batch"], r["threads"], r["peer"]), []).append(r)
    for (batch, threads, peer), rs in sorted(groups.items(), key=lambda item: item[0][:2]):
        us = [r["us_per_step"] for r in rs]
        rate = (3600e6 / 9000 if row == "search" else batch * 1e6) / statistics.median(us)
        before = " + ".join(f"{statistics.median(r[k] for r in rs):.1f}" for k in ("warmup_seconds", "compile_seconds") if k in rs[0])
        cores = f"{statistics.median(r['cores_used'] for r in rs):.2f}" if "cores_used" in rs[0] else ""
        acc = statistics.median(r.get("test_acc", r.get("val_acc")) for r in rs)
        ratio = targets.TIMES.write(*(r["ratio"] for r in rs)) if "ratio" in rs[0] else ""
        peer += f" | {batch}" if len(batches) > 1 else ""
        lines.append(f"| {peer} | {threads} | {targets.Unit().write(*us)} | {rate:.0f} | {before} | {cores} | {acc:.3f} | {ratio} |")
    return "\n".join(lines)


def host():
    """The host that the numbers are valid for."""
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
    parser.add_argument("mode", choices=["table", *MEASURED])
    parser.add_argument("--rows", nargs="+", choices=targets.ROWS, default=targets.ROWS, help="rows of the table (all)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=1800, help="updates per training of single and numpy (1800: four epochs)")
    parser.add_argument("--search-steps", type=int, default=9000, help="updates per trial of bnlab in search (9000: the study's)")
    parser.add_argument("--peer-steps", type=int, default=900, help="updates per trial of a peer in search (900: two epochs)")
    parser.add_argument("--wide-steps", type=int, default=120, help="updates per training of wide (120)")
    parser.add_argument("--threads", type=int, nargs="+", default=sorted({1, CORES}), help="thread counts for single and numpy (1 and all cores)")
    parser.add_argument("--trials", type=int, default=38, help="trials in search, more than 8; at most 4 per core for PyTorch")
    parser.add_argument("--peers", nargs="+", help="only peers whose name contains one of these")
    parser.add_argument("--data", default=os.environ.get("CIFAR10_DIR", "data/cifar-10-batches-bin"), help="CIFAR-10's binary files ($CIFAR10_DIR)")
    parser.add_argument("--synthetic", action="store_true", help="bnlab's synthetic set, random images for the peers: for a trial run")
    parser.add_argument("--bnlab", default=TOP / "bin" / "bnlab")
    parser.add_argument("--env", type=pathlib.Path, default=os.environ.get("BNLAB_PEERS") or cache / "bnlab" / "peers", help="environment made by setup.sh")
    parser.add_argument("--out", type=pathlib.Path, help="the JSON record (default: records/ in --env)")
    args = parser.parse_args()
    for name in ("steps", "search_steps", "peer_steps", "wide_steps"):
        if getattr(args, name) < 4 or getattr(args, name) % 4:
            parser.error(f"--{name.replace('_', '-')} must be a multiple of 4: two cycles of two halves")
    if args.trials <= COARSE:
        parser.error(f"--trials must be above {COARSE}, the coarse stage")
    args.env = pathlib.Path(args.env)
    if not (args.env / "bin" / "python").exists():
        parser.error(f"no Python in {args.env}: run {HERE / 'setup.sh'} first")
    if not os.path.exists(args.bnlab):
        parser.error(f"no {args.bnlab}: run make build, or give --bnlab")
    if args.mode == "table" and "allocations" in args.rows and not shutil.which("go"):
        parser.error("no go to run the allocation tests: leave that row out of --rows")
    return args


def main():
    args, begin = arguments(), time.perf_counter()
    rows = args.rows if args.mode == "table" else [args.mode]
    version = subprocess.run([args.bnlab, "--version"], capture_output=True, text=True).stdout.strip()
    record = dict(format=2, date=datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"), rows=rows,
                  **{k: getattr(args, k) for k in ("rounds", "steps", "search_steps", "peer_steps", "wide_steps", "trials")},
                  dataset="synthetic" if args.synthetic else "cifar10", host=host(), bnlab=dict(version=version), runs=[], summary=[])
    if record["host"]["load"][0] > 0.5:
        print(f"run.py: load average {record['host']['load'][0]:.1f}: others use this machine, so trust only ratios", file=sys.stderr)
    programs = Programs(args)
    out = args.out or args.env / "records" / f"{args.mode}-{record['date'].replace(':', '')[:17]}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        for run in measure(programs, rows):
            say(run, time.perf_counter() - begin)
            record["runs"].append(run)
            record["bnlab"]["backend"], record["summary"] = programs.backend, targets.summary(record["runs"])
            out.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    except KeyboardInterrupt:
        sys.exit(f"run.py: interrupted; the measurements so far are in {out}")
    if not record["runs"]:
        sys.exit(f"run.py: no peer of {', '.join(rows)} has a name with {' or '.join(args.peers)}")
    for row in rows:
        if row in MEASURED:
            print(f"{row}:\n\n{details([r for r in record['runs'] if r['row'] == row], row)}\n")
    print(targets.table(record["summary"]))
    print(f"\n{args.rounds} rounds of {args.steps} updates, {record['dataset']}, {record['host']['cpu']}, {CORES} cores, of which "
          f"others kept {max(r['others'] for r in record['runs'])} busy at most; all runs: {out}")


if __name__ == "__main__":
    main()
