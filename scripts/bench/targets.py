"""The targets, and the table that compares them with the measurements.

A run is one measurement: a dict with the row it belongs to. A peer's run has the ratio of its time to bnlab's. bnlab with
another engine or precision is such a peer; how far it is ahead of the others follows from both ratios of a round.
"""
import statistics
from typing import Callable, NamedTuple

PEERS = {
    "torch module, as installed": "PyTorch `nn.Sequential`, as installed",
    "torch module": "PyTorch `nn.Sequential`, MKL's fast kernels",
    "torch module compiled": "PyTorch `nn.Sequential`, `torch.compile`",
    "torch module bf16": "PyTorch `nn.Sequential`, bfloat16 by autocast",
    "torch hand": "PyTorch by hand, without autograd",
    "torch hand compiled": "PyTorch by hand, `torch.compile`",
    "jax": "JAX, `jit` over an epoch",
    "jax vmap": "JAX, `vmap` over trials",
    "jax vmap, process per core": "JAX, `vmap` over trials, a process per core",
    "numpy report stored": "NumPy like the study's program, X stored d×N",
    "numpy report": "NumPy like the study's program, X a view",
    "numpy tuned": "NumPy, tuned",
    "bnlab onednn": "bnlab with oneDNN",
    "bnlab bf16": "bnlab in bfloat16",
}
VARIANTS = {"bnlab onednn": "float32 by oneDNN", "bnlab bf16": "bfloat16"}


class Unit(NamedTuple):
    """The format of a value."""

    suffix: str = ""
    digits: int = 0
    scale: float = 1

    def number(self, value):
        return f"{value * self.scale:.{self.digits}f}"

    def write(self, *values):
        """The median, and the range if visible."""
        low, high = self.number(min(values)), self.number(max(values))
        return self.number(statistics.median(values)) + self.suffix + (f" ({low}–{high})" if low != high else "")


TIMES, PERCENT, MEGABYTES, SECONDS = Unit("×", 2), Unit(" %", 0, 100), Unit(" MB", 0, 1e-6), Unit(" s", 2)


class Target(NamedTuple):
    """A line of the table: the value a run must reach."""

    work: str
    against: str
    limit: float
    value: Callable  # of a run
    unit: Unit = TIMES
    least: bool = True  # the limit is the least value, not the greatest

    def reached(self, value):
        return value >= self.limit if self.least else value <= self.limit


def evaluation(run, step, nets=1):
    """The time of an evaluation over that of its products, as a mini-batch has them."""
    products = sum(shape["us"] * shape["calls"] for shape in run["shapes"] if shape["nets"] == nets and shape["pass"] == "forward")
    return step["evaluate_us"] / products


FIXED = {
    "bench": [
        Target("a training step", "its own products alone", 1.25, lambda run: run["step"]["overhead"], least=False),
        Target("a step of nets side by side", "their own products alone", 1.25, lambda run: run["fused_step"]["overhead"], least=False),
        Target("evaluation", "its products alone", 1.25, lambda run: evaluation(run, run["step"]), least=False),
        Target("evaluation of nets side by side", "their products alone", 1.25,
               lambda run: evaluation(run, run["fused_step"], run["fused_step"]["nets"]), least=False),
        Target("search, all cores", "peak of large products", 0.7, lambda run: run["sweep"]["fraction_of_peak"], PERCENT),
        Target("search, all cores, updates alone", "peak of large products", 0.7,
               lambda run: run["sweep"]["train_fraction_of_peak"], PERCENT),
        Target("search, 1 to all cores", "linear", 0.9, lambda run: run["sweep"]["of_linear"], PERCENT),
    ],
    "memory": [Target("peak memory, 8 trials at once", "", 230e6, lambda run: run["resident_bytes"], MEGABYTES, least=False)],
    "allocations": [Target("tests that find an allocation in a step", "", 0, lambda run: len(run["failed"]), Unit(), least=False)],
    "start": [Target("start to first update", "", 0.3, lambda run: run["seconds"], SECONDS, least=False)],
}
ROWS = ["single", "numpy", *FIXED, "search", "wide"]
WORK = {"single": "training", "numpy": "training", "search": "search", "wide": "wide network"}


def least(run, variant):
    """How many times as fast as the run's peer bnlab, or a variant of it, must be; None if they are not compared."""
    row, peer, threads = run["row"], run["peer"], run["threads"]
    if peer in VARIANTS:  # against bnlab in float32 on OpenBLAS
        return None if variant else 1.7 if (row, peer) == ("search", "bnlab bf16") else 1
    if variant == "bnlab bf16" or peer == "torch module bf16":
        return {"wide": 1.4}.get(row, 1) if variant == "bnlab bf16" and peer == "torch module bf16" else None
    if row == "wide":
        return 1.2 if run["batch"] > 100 else 1.3 if threads == 1 else 1.4
    if row == "search":
        return 1.15 if peer.startswith("jax") else 1.5 if peer == "torch hand" else 2
    if row == "numpy":
        return 1 if threads > 1 or peer == "numpy tuned" else 3
    return 1.1 if peer == "jax" else 2 if threads == 1 and peer.startswith("torch module") else 1.5


def compared(run, variant=None):
    """The line of the table for a peer's run and a variant of bnlab; None if they are not compared."""
    limit = least(run, variant)
    if limit is None:
        return None
    kind = VARIANTS.get(run["peer"] if run["peer"] in VARIANTS else variant, "float64" if run["row"] == "numpy" else "float32")
    cores = "1 thread" if run["threads"] == 1 else f"{run['threads']} cores"
    work = f"{WORK[run['row']]}, {kind}, {cores}" + (f", batch {run['batch']}" if run["row"] == "wide" else "")
    if run["peer"] in VARIANTS:
        return Target(work, "bnlab, float32 by OpenBLAS", limit, lambda run: 1 / run["ratio"])
    return Target(work, PEERS[run["peer"]], limit, lambda run: run["ratio"])


def targets(run):
    """The lines of the table to which the run applies by itself."""
    if "ratio" not in run:
        return FIXED.get(run["row"], [])
    return [target for target in [compared(run)] if target]


def beside(run, runs):
    """The variants of bnlab measured beside a peer's run, and how many times as fast as bnlab each was."""
    same = ("row", "round", "threads", "batch")
    return {r["peer"]: 1 / r["ratio"] for r in runs if r.get("peer") in VARIANTS and all(r[k] == run[k] for k in same)}


def summary(runs):
    """The lines of the table, as dicts."""
    found = {}

    def add(target, value):
        found.setdefault(target[:2], (target, []))[1].append(value)

    for run in sorted(runs, key=lambda run: (ROWS.index(run["row"]), run["batch"], run["threads"] if "peer" in run else 0)):  # stable: rounds stay in order
        for target in targets(run):
            add(target, target.value(run))
        for variant, times in beside(run, runs).items() if "ratio" in run else ():
            if target := compared(run, variant):
                add(target, run["ratio"] * times)
    return [dict(work=t.work, against=t.against, n=len(values), limit=t.limit, reached=t.reached(statistics.median(values)),
                 median=statistics.median(values), low=min(values), high=max(values), measured=t.unit.write(*values),
                 to_reach=f"{'≥' if t.least else '≤'} {t.unit.write(t.limit)}") for t, values in found.values()]


def table(lines):
    """The summary in Markdown."""
    head = ["| work | against | to reach | measured: median (range) | reached |", "|---|---|---|---|---|"]
    return "\n".join(head + [
        f"| {l['work']} | {l['against']} | {l['to_reach']} | {l['measured']} | {'yes' if l['reached'] else '**no**'} |" for l in lines])
