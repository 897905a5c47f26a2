#!/usr/bin/env python3
"""Trains the study at small sizes with two builds of bnlab, and compares their records bit for bit.

  make build && cp bin/bnlab before           # then change what should change no number
  make build && scripts/samebits.py before bin/bnlab

All commands of the study in both precisions, alone and side by side, by one worker and by two, on two threads, stopped in the
midst and resumed. Compared are the configuration, the final metrics and each point of the curve, but no times. CIFAR-10 is
$CIFAR10_DIR. It takes about five minutes on two cores.
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

SHORT = "--ns 40 --cycles 1 --evals 2 --eval-train 500".split()
TIMES = ("train_seconds", "eval_seconds", "mixed")


def commands():
    """Yields a name and a command, without the folder for its records; one named killed is stopped and repeated."""
    for p in ("f32", "f64"):
        precision = ["--precision", p]
        for workers in ("1", "2"):
            more = [*precision, "--workers", workers, *SHORT]
            yield f"compare-{p}-{workers}", ["compare", "--depth", "3,9", "--seeds", "2", *more]
            yield f"search-{p}-{workers}", ["search", "--points", "4", *more]
            yield f"sigma-{p}-{workers}", ["sigma", "--hidden", "50,50", "--seeds", "2", *more]
        more = [*precision, *SHORT]
        yield f"alone-{p}", ["compare", "--depth", "2,3", "--seeds", "3", "--fuse", "off", *more]
        yield f"beside-{p}", ["compare", "--depth", "3", "--seeds", "3", "--fuse", "3", *more]
        yield f"batch-{p}", ["compare", "--depth", "3", "--seeds", "2", "--batch", "50", "--lambda", "0.01", "--init", "xavier", *more]
        yield f"threads-{p}", ["compare", "--depth", "3", "--seeds", "1", "--threads", "2", "--workers", "1", *more]
        yield f"settings-{p}", ["compare", "--depth", "3", "--seeds", "2", "--bn-eps", "1e-5", "--bn-alpha", "0.5", "--order-seed", "0",
                                "--val", "1000", "--train-size", "3000", "--test-size", "500", *more]
        yield f"sigma-4-layers-{p}", ["sigma", "--hidden", "50,30,20,20", "--sigmas", "0.5,0.01", "--seeds", "1", *more]
        yield f"killed-{p}", ["compare", "--depth", "3,9", "--seeds", "3", "--ns", "300", "--cycles", "1", "--evals", "2",
                              "--eval-train", "500", *precision]
    yield "search-neighbours", ["search", "--points", "3", "--range", "neighbours", "--search-seeds", "2", *SHORT]
    yield "reproduce", ["reproduce", "--seeds", "1", "--points", "3", "--ns", "40", "--sigma-ns", "20"]
    yield "reproduce-1", ["reproduce", "--seeds", "2", "--points", "2", "--ns", "40", "--sigma-ns", "20", "--workers", "1"]
    yield "long", ["compare", "--depth", "3", "--seeds", "1", "--ns", "450", "--cycles", "2"]


def train(program, folder):
    """Runs all commands with a build, each in a folder of its own."""
    for name, command in commands():
        command = [program, *command, "--out", folder / name, "--quiet"]
        if name.startswith("killed"):
            stopped = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            time.sleep(2)
            stopped.send_signal(signal.SIGKILL)
            stopped.wait()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


def without_times(value):
    if isinstance(value, dict):
        return {k: without_times(v) for k, v in value.items() if k not in TIMES}
    return value


def records(folder):
    """What was trained below a folder, by path: configuration, result and curve."""
    found = {}
    for path in folder.rglob("result.json"):
        record = json.loads(path.read_text())
        curve = [json.loads(line) for line in (path.parent / "curve.jsonl").read_text().splitlines()]
        found[str(path.parent.relative_to(folder))] = record["trial"]["config"], without_times(record["result"]), curve
    return found


def main():
    if len(sys.argv) != 3 or not os.environ.get("CIFAR10_DIR"):
        sys.exit(__doc__)
    sides = []
    with tempfile.TemporaryDirectory() as top:
        for name, program in zip("ab", sys.argv[1:]):
            folder = pathlib.Path(top, name)
            train(pathlib.Path(program).absolute(), folder)
            sides.append(records(folder))
    a, b = sides
    missing = sorted(set(a) ^ set(b))
    different = sorted(path for path in set(a) & set(b) if a[path] != b[path])
    for path in missing + different:
        print(f"{'only one has' if path in missing else 'differs:'} {path}")
    points = sum(len(curve) for _, _, curve in a.values())
    print(f"{len(list(commands()))} commands, {len(a)} and {len(b)} records, {points} points of curves: {len(missing) + len(different)} differ")
    return int(bool(missing or different or not a))


if __name__ == "__main__":
    sys.exit(main())
