import json
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

runs = pd.DataFrame([json.loads(f.read_text()) for f in Path("rate").glob("*/result.json")])
print(runs.groupby(["bn", "eta_max"]).test_acc.agg(["count", "mean", "std"]))
rows = []
for eta_max, group in runs.groupby("eta_max"):
    pairs = group.pivot(index="seed", columns="bn", values="test_acc").dropna()
    d = pairs[True] - pairs[False]
    n, half = len(d), stats.t.ppf(0.975, len(d) - 1) * d.std() / np.sqrt(len(d))
    exact = stats.permutation_test((d,), np.mean, permutation_type="samples").pvalue
    rows.append([eta_max, n, d.mean(), d.mean() - half, d.mean() + half, stats.ttest_1samp(d, 0).pvalue, exact])
table = pd.DataFrame(rows, columns=["eta_max", "n", "diff", "low", "high", "p", "p_exact"]).sort_values("p")
table["p_holm"] = (table.p * np.arange(len(table), 0, -1)).cummax().clip(upper=1)
print(table.sort_values("eta_max"))
