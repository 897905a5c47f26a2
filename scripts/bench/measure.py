"""Runs bnlab and the peers, one at a time, and measures each."""
import json
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time
import types

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]
CORES = len(os.sched_getaffinity(0))
PINS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
WIDE = (1024, 1024, 512)  # units of the wide network
COARSE = 8  # trials of the coarse stage of a search


def environment(**more):
    """The environment without settings that slow OpenBLAS down and without bnlab's flags."""
    kept = {k: v for k, v in os.environ.items() if k not in PINS and not k.startswith("BNLAB_")}
    return kept | dict(PYTHONDONTWRITEBYTECODE="1", **more)


class Others:
    """How many cores are kept busy from now on, except by this program and what it runs."""

    def __init__(self):
        self.start, self.before = time.perf_counter(), self._seconds()

    def busy(self):
        return max(0, round((self._seconds() - self.before) / (time.perf_counter() - self.start), 2))

    def _seconds(self):
        fields = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
        user, nice, system, _, _, irq, softirq = map(int, fields[:7])
        mine = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK") - sum(r.ru_utime + r.ru_stime for r in mine)


def call(command, cores=CORES, env=None):
    """Runs a command on some cores; returns its output, the wall seconds, the cores busy and the peak resident bytes."""
    mine = sorted(os.sched_getaffinity(0))[:cores]
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        start = time.perf_counter()
        process = subprocess.Popen([str(word) for word in command], env=env or environment(), stdout=out, stderr=err,
                                   preexec_fn=lambda: os.sched_setaffinity(0, mine))
        _, status, usage = os.wait4(process.pid, 0)
        wall, process.returncode = time.perf_counter() - start, os.waitstatus_to_exitcode(status)
        out.seek(0), err.seek(0)
        if process.returncode:
            sys.exit(f"run.py: {' '.join(map(str, command))}: exit {process.returncode}\n{err.read()[-2000:]}")
        return types.SimpleNamespace(out=out.read(), wall=wall, cores=(usage.ru_utime + usage.ru_stime) / wall,
                                     resident=usage.ru_maxrss * 1024)


class Programs:
    """bnlab and the peers with the settings of the command line."""

    def __init__(self, args):
        self.args = args
        self.dataset = ["--dataset", "synthetic"] if args.synthetic else ["--dataset", "cifar10", "--data", args.data]
        self.images = ["--synthetic", "45000"] if args.synthetic else ["--data", args.data]
        amd = args.env / "mkl_amd.so"
        self.mkl = dict(LD_PRELOAD=str(amd)) if amd.exists() else {}
        self.backend = None
        here = [b["name"] for b in json.loads(call([args.bnlab, "info", "--json"]).out)["backends"]["here"]]
        engine = ["--backend", "onednn"] if "onednn" in here else []
        self.variants = ({"bnlab onednn": engine} if engine else {}) | {"bnlab bf16": [*engine, "--precision", "bf16"]}

    def bnlab(self, command, *flags, steps=None, cores=CORES):
        """A bnlab command, whose output is read as JSON. With steps, in two cycles with one evaluation each."""
        schedule = ["--ns", steps // 4, "--cycles", 2, "--evals", 1, "--quiet"] if steps else []
        ran = call([self.args.bnlab, command, *flags, *schedule, "--json", *self.dataset], cores)
        ran.out = json.loads(ran.out)
        self.backend = ran.out["backend"]
        return ran

    def train(self, threads, precision, variant=None, hidden=None, batch=100):
        """bnlab train: its own train_seconds, from the first update to the last, without loading and evaluation.

        One thread is one core; with more cores bnlab chooses what to do with them.
        """
        flags, steps = ["--batch", batch] + (["--threads", 1] if threads == 1 else []), self.args.steps
        if hidden:
            flags, steps = [*flags, "--hidden", ",".join(map(str, hidden))], self.args.wide_steps
        flags += self.variants[variant] if variant else ["--precision", precision]
        out = self.bnlab("train", "--bn", *flags, steps=steps, cores=threads).out
        us = 1e6 * out["train_seconds"] / out["steps"]
        return dict(peer=variant or "bnlab", threads=threads, batch=batch, us_per_step=us, test_acc=out["final"]["test_acc"])

    def search(self, variant=None):
        """bnlab search, coarse and fine: the wall time of both commands from start to end, evaluations and all."""
        trials, steps = self.args.trials, self.args.search_steps
        with tempfile.TemporaryDirectory() as folder:
            flags = ["--points", trials - COARSE, "--out", folder, *(self.variants[variant] if variant else [])]
            ran = [self.bnlab("search", "--stage", stage, *flags, steps=steps)
                   for stage in ("coarse", "fine")]
        wall = sum(r.wall for r in ran)
        best = max(max(g["val_acc"]["values"] or [0]) for g in ran[-1].out["groups"])
        return dict(peer=variant or "bnlab", threads=CORES, trials=trials, steps=steps, us_per_step=1e6 * wall / trials / steps,
                    trials_per_hour=3600 * trials / wall, wall_seconds=wall, resident_bytes=max(r.resident for r in ran),
                    cores_used=sum(r.cores * r.wall for r in ran) / wall, val_acc=best)

    def memory(self):
        """The peak resident memory of a search with COARSE trials at once, on one core."""
        return dict(resident_bytes=self.bnlab("search", "--stage", "coarse", "--workers", 1, steps=180).resident)

    def start(self):
        """The seconds of a short training that are neither updates nor evaluation."""
        ran = self.bnlab("train", "--bn", steps=4)
        return dict(seconds=ran.wall - ran.out["train_seconds"] - ran.out["eval_seconds"])

    def bench(self):
        """Everything that bnlab bench measures."""
        return self.bnlab("bench", "--rounds", 5).out

    def allocations(self):
        """Runs the tests that count allocations; returns which passed and which failed."""
        done = subprocess.run(["go", "test", "-count=1", "-v", "-run", "Alloc", "./blas", "./cifar", "./model", "./train"],
                              env=environment(), cwd=TOP, capture_output=True, text=True)
        passed, failed = (re.findall(rf"^--- {word}: (\w+)", done.stdout, re.M) for word in ("PASS", "FAIL"))
        if not passed and not failed:
            sys.exit(f"run.py: the allocation tests did not run\n{done.stdout[-1000:]}{done.stderr[-1000:]}")
        return dict(passed=passed, failed=failed)

    def peer(self, script, threads, *flags, steps=None, precision="f32", **env):
        command = [self.args.env / "bin" / "python", HERE / script, "--precision", precision, "--threads", threads]
        return json.loads(call([*command, "--steps", steps or self.args.steps, *self.images, *flags], env=environment(**env)).out)
