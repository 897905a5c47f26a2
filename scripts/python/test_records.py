"""Records in pandas, curves in TensorBoard."""
import io
import json
import logging
import unittest

import numpy as np
import pandas as pd
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

import support

SMALL = ("--dataset", "synthetic", "--train-size", 1000, "--val", 500, "--test-size", 500, "--ns", 20, "--cycles", 1, "--evals", 5, "--quiet")
TAGS = {"loss/train": "train_loss", "loss/val": "val_loss", "cost/train": "train_cost", "cost/val": "val_cost",
        "accuracy/train": "train_acc", "accuracy/val": "val_acc", "eta": "eta"}


class TestRecords(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.out, cls.curves = support.scratch() / "run", support.scratch() / "curves"
        support.run("compare", "--depth", 2, "--seeds", 2, *SMALL, "--out", cls.out, "--tensorboard", cls.curves)
        cls.trials = sorted(p.name for p in (cls.out / "trials").iterdir())

    def curve(self, trial):
        return pd.read_json(self.out / "trials" / trial / "curve.jsonl", lines=True)

    def test_curve(self):
        self.assertEqual(len(self.trials), 4)
        for trial in self.trials:
            curve = self.curve(trial)
            self.assertEqual(curve.step.tolist(), [1, 8, 16, 24, 32, 40])
            self.assertEqual(list(curve.columns[:3]), ["step", "epoch", "eta"])
            self.assertTrue((curve.dtypes[1:] == np.float64).all())

    def test_table(self):
        table = pd.read_csv(io.StringIO(support.run("sweep", "collect", "--csv", self.out)[0]), float_precision="round_trip").set_index("trial")
        self.assertEqual(sorted(table.index), self.trials)
        self.assertEqual((table.bn.dtype, table.status.unique().tolist()), (bool, ["done"]))
        for trial in self.trials:
            with open(self.out / "trials" / trial / "result.json") as f:
                record = json.load(f)
            for key, value in record["result"]["final"].items():
                self.assertEqual(table.loc[trial, key], value)
            self.assertEqual(table.loc[trial, "lambda"], record["trial"]["config"]["lambda"])

    def test_study(self):
        """The table of a study gives the means that it printed; diverged trials have none."""
        out = support.scratch() / "rates"
        small = [f"--set={SMALL[i][2:]}={SMALL[i + 1]}" for i in range(2, len(SMALL) - 1, 2)]
        printed = support.run_json("study", "--vary", "bn", "--vary", "eta-max=0.01,0.1,1e30", "--vary", "hidden=20/20,10", "--seeds", 2,
                                   *small, *SMALL[:2], "--quiet", "--out", out)
        table = pd.read_csv(out / "records.csv", float_precision="round_trip")
        self.assertEqual((len(table), table.bn.dtype, table.eta_max.dtype), (24, bool, np.float64))
        self.assertEqual(sorted(table.status.unique()), ["diverged", "done"])
        means = table.groupby(["bn", "eta_max", "hidden"]).test_acc.mean()
        groups = printed["experiments"][0]["groups"]
        self.assertEqual((len(groups), len(means)), (12, 12))
        for group in groups:
            config, ours = group["config"], group["test_acc"]
            mean = means[config["bn"], config["eta_max"], " ".join(map(str, config["hidden"]))]
            if ours is None:
                self.assertTrue(np.isnan(mean))
            else:
                self.assertAlmostEqual(mean, ours["mean"], delta=1e-15)

    def events(self, folder):
        events = EventAccumulator(str(folder))
        events.Reload()
        self.assertEqual(sorted(events.Tags()["scalars"]), sorted(TAGS))
        return {tag: events.Scalars(tag) for tag in TAGS}

    def test_tensorboard(self):
        self.assertEqual(sorted(p.name for p in self.curves.iterdir()), self.trials)
        for trial in self.trials:
            curve = self.curve(trial)
            for tag, scalars in self.events(self.curves / trial).items():
                self.assertEqual([s.step for s in scalars], curve.step.tolist())
                self.assertEqual([s.value for s in scalars], curve[TAGS[tag]].astype(np.float32).tolist())

    def test_tensorboard_again(self):
        """Of a network trained twice into one folder, the last training shows."""
        folder = support.scratch() / "again"
        for seed in 1, 2:
            support.run("train", *SMALL, "--seed", seed, "--tensorboard", folder)
        self.assertEqual(len(list(folder.iterdir())), 2)
        logging.getLogger("tensorboard").setLevel(logging.ERROR)  # it warns of what is asked for here
        twice = self.events(folder)
        other = support.scratch() / "once"
        support.run("train", *SMALL, "--seed", 2, "--tensorboard", other)
        once = self.events(other)
        for tag in TAGS:
            self.assertEqual([(s.step, s.value) for s in twice[tag]], [(s.step, s.value) for s in once[tag]])


if __name__ == "__main__":
    unittest.main()
