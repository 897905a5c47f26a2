"""The targets, and the table that compares them with the measurements.

A run is one measurement: a dict with the row it belongs to. A peer's run has the ratio of its time to bnlab's.
"""
import statistics
from typing import Callable, NamedTuple

PEERS = {
    "torch module, as installed": "PyTorch `nn.Sequential`, as installed",
    "torch module": "PyTorch `nn.Sequential`, MKL's fast kernels",
    "torch module compiled": "PyTorch `nn.Sequential`, `torch.compile`",
    "torch hand": "PyTorch by hand, without autograd",
    "torch hand compiled": "PyTorch by hand, `torch.compile`",
    "jax": "JAX, `jit` over an epoch",
    "jax vmap": "JAX, `vmap` over trials",
    "jax vmap, process per core": "JAX, `vmap` over trials, a process per core",
    "numpy report stored": "NumPy like the study's program, X stored d×N",
    "numpy report": "NumPy like the study's program, X a view",
    "numpy tuned": "NumPy, tuned",
}


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


FIXED = {
    "bench": [
        Target("a training step", "its own products alone", 1.25, lambda run: run["step"]["overhead"], least=False),
        Target("a step of nets side by side", "their own products alone", 1.25, lambda run: run["fused_step"]["overhead"], least=False),
        Target("search, all cores", "peak of large products", 0.7, lambda run: run["sweep"]["fraction_of_peak"], PERCENT),
        Target("search, all cores, updates alone", "peak of large products", 0.7,
               lambda run: run["sweep"]["train_fraction_of_peak"], PERCENT),
        Target("search, 1 to all cores", "linear", 0.9, lambda run: run["sweep"]["of_linear"], PERCENT),
    ],
    "memory": [Target("peak memory, 8 trials at once", "", 600e6, lambda run: run["resident_bytes"], MEGABYTES, least=False)],
    "allocations": [Target("tests that find an allocation in a step", "", 0, lambda run: len(run["failed"]), Unit(), least=False)],
    "start": [Target("start to first update", "", 1, lambda run: run["seconds"], SECONDS, least=False)],
}
ROWS = ["single", "numpy", *FIXED, "search"]


def least(run):
    """How many times as fast as a peer bnlab must be; if no figure was set, just faster."""
    if run["row"] == "search":
        return 3 if run["peer"].startswith("torch") else 2
    if run["threads"] > 1 or run["peer"] in ("jax", "numpy tuned"):
        return 1
    return 3 if run["row"] == "numpy" else 2


def targets(run):
    """The lines of the table to which the run applies."""
    if "ratio" not in run:
        return FIXED.get(run["row"], [])
    cores = "1 thread" if run["threads"] == 1 else f"{run['threads']} cores"
    work = {"single": "training, float32", "numpy": "training, float64", "search": "search, float32"}[run["row"]]
    return [Target(f"{work}, {cores}", PEERS[run["peer"]], least(run), lambda run: run["ratio"])]


def summary(runs):
    """The lines of the table, as dicts."""
    found = {}
    for run in sorted(runs, key=lambda run: (ROWS.index(run["row"]), run["threads"] if "peer" in run else 0)):  # stable: rounds stay in order
        for target in targets(run):
            found.setdefault(target[:2], (target, []))[1].append(target.value(run))
    return [dict(work=t.work, against=t.against, n=len(values), limit=t.limit, reached=t.reached(statistics.median(values)),
                 median=statistics.median(values), low=min(values), high=max(values), measured=t.unit.write(*values),
                 to_reach=f"{'≥' if t.least else '≤'} {t.unit.write(t.limit)}") for t, values in found.values()]


def table(lines):
    """The summary in Markdown."""
    head = ["| work | against | to reach | measured: median (range) | reached |", "|---|---|---|---|---|"]
    return "\n".join(head + [
        f"| {l['work']} | {l['against']} | {l['to_reach']} | {l['measured']} | {'yes' if l['reached'] else '**no**'} |" for l in lines])
