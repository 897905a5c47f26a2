#!/usr/bin/env python3
"""Golden values for the Go package train/contrast, computed by SciPy.

Run:    python3 scripts/golden-contrast.py        (from anywhere; needs SciPy 1.10 or later)
Writes: train/contrast/testdata/scipy.json

Differences of 2 to 60 pairs, of many kinds: drawn from normal distributions with and without an effect, in
128ths, so that sums of other signs can be equal and none is rounded, heavy-tailed, with zeros. For each: the
paired t test and its 95 % confidence interval, and for up to 14 pairs the permutation test of all signs. Two samples of
2 to 30 values with equal and with very different spreads: Welch's confidence interval of the difference of their means.
"""
import json
import pathlib

import numpy as np
from scipy import stats

OUT = pathlib.Path(__file__).resolve().parent.parent / "train" / "contrast" / "testdata" / "scipy.json"


def holm(ps):
    """Holm's correction by its definition: p(i) becomes max over j <= i of min(1, (m-j+1) p(j))."""
    order = np.argsort(ps, kind="stable")
    m = len(ps)
    out = np.empty(m)
    for i, at in enumerate(order):
        out[at] = max(min(1.0, (m - j) * ps[order[j]]) for j in range(i + 1))
    return out.tolist()


def case(diffs):
    diffs = np.asarray(diffs, dtype=float)
    n = len(diffs)
    t = stats.ttest_rel(diffs, np.zeros(n))
    low, high = t.confidence_interval(0.95)
    exact = None
    if n <= 14:
        exact = stats.permutation_test(
            (diffs,), np.sum, permutation_type="samples", n_resamples=np.inf, alternative="two-sided"
        ).pvalue
    return {"diffs": diffs.tolist(), "low": low, "high": high, "p": t.pvalue, "exact": exact}


def welch(a, b):
    t = stats.ttest_ind(a, b, equal_var=False)
    low, high = t.confidence_interval(0.95)
    return {"a": a.tolist(), "b": b.tolist(), "low": low, "high": high}


def main():
    r = np.random.default_rng(20)
    cases = []
    for n in (2, 3, 4, 5, 6, 8, 10, 14, 30, 60):
        cases.append(case(r.normal(0, 0.004, n)))
        cases.append(case(r.normal(0.01, 0.004, n)))
        cases.append(case(r.normal(1, 0.001, n)))
        cases.append(case(np.round(128 * r.normal(0.005, 0.02, n)) / 128))
        cases.append(case(r.standard_t(1.5, n)))
        if n > 3:
            cases.append(case(np.where(np.arange(n) % 3 == 0, 0, r.normal(0.1, 0.2, n))))
    families = [r.uniform(0, 0.1, m).tolist() for m in (1, 2, 5, 12)] + [[0.01, 0.01, 0.03, 0.02, 0.9], [0.5, 0.6, 0.7]]
    r = np.random.default_rng(21)
    two = [welch(r.normal(0.5, s, n), r.normal(0.51, u, m)) for n, m in ((2, 2), (2, 5), (5, 5), (5, 30)) for s, u in ((0.01, 0.01), (0.02, 0.001))]
    text = json.dumps({"cases": cases, "holm": [{"p": f, "corrected": holm(f)} for f in families], "welch": two}, indent=1)
    OUT.write_text(text + "\n")


if __name__ == "__main__":
    main()
