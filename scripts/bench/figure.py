#!/usr/bin/env python3
"""Draws a record of run.py as an SVG figure: µs per step of each program, with the range over the rounds as whiskers.

  ~/.cache/bnlab/peers/bin/python scripts/bench/figure.py RECORD.json docs/performance/peers.svg

One panel for each of these that the record has: float32 on one thread and on all cores, float64 on one thread, the search and
wide networks on all cores. The same record gives the same bytes.
"""
import argparse
import json
import pathlib
import statistics

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams.update({
    "svg.hashsalt": "bnlab", "svg.fonttype": "none",  # the same bytes each time; text that can be read and searched
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"], "font.size": 10, "axes.titlesize": 11, "axes.titlepad": 8,
})

import matplotlib.pyplot as plt  # noqa: E402

import targets  # noqa: E402

OURS, THEIRS, INK, GRID = "#1b87b8", "#b8bec6", "#1f2328", "#e4e7eb"


def panels(record):
    """The title, the unit and the runs of each panel."""
    one = "one training, {}, one thread"
    cores = record["host"]["cores"]
    kinds = [("single", 1, 100, one.format("float32"), "µs per step"),
             *[("single", cores, 100, f"one training, float32, {cores} cores", "µs per step")] * (cores > 1),
             ("numpy", 1, 100, one.format("float64"), "µs per step"),
             ("search", cores, 100, f"search over λ, float32, {cores} cores", "µs per step and trial"),
             ("wide", cores, 100, f"1024, 1024, 512 units, float32, {cores} cores", "µs per step"),
             ("wide", cores, 250, "the same, batches of 250", "µs per step")]
    for row, threads, batch, title, unit in kinds:
        runs = [r for r in record["runs"] if (r["row"], r.get("threads"), r["batch"]) == (row, threads, batch)]
        if runs:
            yield title, unit, runs


def bars(runs):
    """(label, µs per step of each round, ratio to bnlab or None) of each program, the fastest first."""
    found = {}
    for run in runs:
        name = "bnlab" if run["peer"] == "bnlab" else targets.PEERS[run["peer"]].replace("`", "")
        found.setdefault(name, []).append(run)
    every = [(name, [r["us_per_step"] for r in rs], statistics.median(r["ratio"] for r in rs) if "ratio" in rs[0] else None)
             for name, rs in found.items()]
    return sorted(every, key=lambda bar: statistics.median(bar[1]))


def draw(axes, title, unit, runs):
    """One panel: horizontal bars of the medians, their ranges, and the figures in words."""
    widest = max(run["us_per_step"] for run in runs)
    for at, (name, us, ratio) in enumerate(bars(runs)):
        middle = statistics.median(us)
        axes.barh(at, middle, color=OURS if name.startswith("bnlab") else THEIRS, height=0.68)
        axes.errorbar(middle, at, xerr=[[middle - min(us)], [max(us) - middle]], ecolor=INK, elinewidth=1, capsize=3)
        words = f"{middle:.0f}" + (f"  ({ratio:.2f}×)" if ratio else "")
        axes.text(max(us) + widest / 60, at, words, va="center", color=INK)
    axes.set_yticks(range(len(bars(runs))), [name for name, *_ in bars(runs)])
    for label in axes.get_yticklabels():
        label.set_fontweight("bold" if label.get_text().startswith("bnlab") else "normal")
    axes.set_xlim(0, widest * 1.25)
    axes.invert_yaxis()
    axes.set_title(title, loc="left", color=INK, fontweight="bold")
    axes.tick_params(colors=INK, length=0)
    axes.xaxis.grid(color=GRID)
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)
    axes.set_xlabel(unit, color=INK)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("record", type=pathlib.Path, help="JSON that run.py wrote")
    parser.add_argument("figure", type=pathlib.Path, help="SVG to write")
    args = parser.parse_args()
    record = json.loads(args.record.read_text())
    wanted = list(panels(record))
    if not wanted:
        parser.error(f"{args.record} has no runs of single, numpy, search or wide")
    heights = [len(bars(runs)) + 2 for *_, runs in wanted]
    figure, all_axes = plt.subplots(len(wanted), figsize=(8, 0.36 * sum(heights)), height_ratios=heights, squeeze=False,
                                    layout="constrained", facecolor="white")
    for axes, panel in zip(all_axes[:, 0], wanted):
        draw(axes, *panel)
    host = record["host"]
    figure.supxlabel(f"Median and range of {record['rounds']} rounds; ×: time by bnlab's in the same round. {host['cpu']}, "
                     f"{host['cores']} cores, {record['dataset'].replace('cifar10', 'CIFAR-10')}.", fontsize=8, color=INK)
    figure.get_layout_engine().set(w_pad=0.12, h_pad=0.1)
    args.figure.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(args.figure, metadata={"Date": None})


if __name__ == "__main__":
    main()
