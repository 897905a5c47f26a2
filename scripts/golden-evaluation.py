#!/usr/bin/env python3
"""Golden values for what the Go package train looks at beside the training, computed by PyTorch's own modules.

Run:    python3 scripts/golden-evaluation.py  (from anywhere; needs PyTorch, any version from 2.0)
Writes: train/testdata/golden-evaluation.json (evaluations of a small network after 24 updates, with each kind of
        statistics of batch normalisation)

Networks, images and first parameters are those of golden-methods.py, which this script loads. A case is a
configuration of bnlab, with the mean loss and the accuracy over all images after the last update, or the parameters at the end of the first
cycle. Before the file is
written the script makes sure that each kind of statistics tells: that its loss is another than with any other kind.
"""
import importlib.util
import json
import pathlib

import torch
from torch import nn
from torch.nn import functional as F

HERE = pathlib.Path(__file__).resolve().parent
spec = importlib.util.spec_from_file_location("methods", HERE / "golden-methods.py")
methods = importlib.util.module_from_spec(spec)
spec.loader.exec_module(methods)
OUT = HERE.parent / "train" / "testdata" / "golden-evaluation.json"

CASES = [
    {"statistics": "precise+adaptive+batch"},
    {"statistics": "precise", "precise_images": 44},  # five mini-batches
    {"statistics": "batch", "eval_batch": 20},  # the last twelve images are evaluated with eight before them
    {"snapshots": True},
    {"statistics": "precise+batch", "ghost": 4, "noisy": True},  # whose groups are what is normalised together
    {"statistics": "precise+adaptive", "norm_after": True},
    {"statistics": "adaptive+precise+batch", "dropout": 0.3, "activation": "tanh", "seed": 7},
]


def norms(net):
    return [m for m in net.modules() if isinstance(m, nn.BatchNorm1d)]


def inputs(net, module, run):
    """What a module is given while run evaluates."""
    seen = []
    hook = module.register_forward_pre_hook(lambda m, args: seen.append(args[0].detach()))
    run()
    hook.remove()
    return seen


def score(net, batches):
    """The mean loss and the accuracy; of a batch with a number of images, of its last ones alone."""
    loss = right = n = 0
    for images, y, last in batches:
        logits = net(images)[-last:]
        loss += F.cross_entropy(logits, y[-last:], reduction="sum").item()
        right += (logits.argmax(1) == y[-last:]).sum().item()
        n += last
    return {"loss": loss / n, "acc": right / n}


def precise(net, c, x, y):
    """Wu and Johnson: mean of the means; E[v + m^2] - mean^2, of all layers at once."""
    size = c.get("ghost", c["batch"])
    n = c.get("precise_images", 0) or len(x)
    batches = [x[i:i + size] for i in range(0, n - n % size, size)]
    found = []
    net.train()
    for m in norms(net):
        seen = inputs(net, m, lambda: [net(b) for b in batches])
        mean = torch.stack([s.mean(0) for s in seen])
        variance = torch.stack([s.var(0, unbiased=False) for s in seen])
        found.append((mean.mean(0), (variance + mean ** 2).mean(0) - mean.mean(0) ** 2))
    for m in norms(net):
        m.reset_running_stats()
        m.momentum = None  # PyTorch's cumulative average
    for b in batches:
        net(b)
    for m, (mean, variance) in zip(norms(net), found):
        assert torch.allclose(m.running_mean, mean, rtol=0, atol=1e-14)
        m.running_mean.copy_(mean)
        m.running_var.copy_(variance)
    net.eval()
    return score(net, [(x, y, len(x))])


def adaptive(net, c, x, y):
    """Of the images evaluated, layer by layer, those below with theirs."""
    net.eval()
    for m in norms(net):
        s, = inputs(net, m, lambda: net(x))
        m.running_mean.copy_(s.mean(0))
        m.running_var.copy_(s.var(0, unbiased=False))
    return score(net, [(x, y, len(x))])


def batch(net, c, x, y):
    """Of each batch of the evaluation; the last one is filled with the images before it."""
    size = c.get("eval_batch", 0) or c.get("ghost", c["batch"])
    rest = len(x) % size
    batches = [(x[i:i + size], y[i:i + size], size) for i in range(0, len(x) - rest, size)]
    if rest:
        batches.append((x[-size:], y[-size:], rest))
    net.train()
    return score(net, batches)


def evaluate(c, after, x, y):
    """The score with each kind of statistics. An evaluation has no dropout, no groups and no noise."""
    scores = {}
    for kind in c["statistics"].split("+"):
        net = methods.network({key: value for key, value in c.items() if key not in ("dropout", "ghost", "noisy")})
        with torch.no_grad():
            for name, p in net.named_parameters():
                p.copy_(after[name])
            scores[kind] = {"precise": precise, "adaptive": adaptive, "batch": batch}[kind](net, c, x, y)
    return scores


def main():
    torch.set_num_threads(1)
    x, labels, start = methods.data()
    images, y = x.reshape(-1, methods.IN), labels.reshape(-1)
    cases = []
    for case in CASES:
        c = {**methods.COMMON, **case}
        _, after = methods.train(c, start[methods.start_of(c)], x, labels)
        if "snapshots" in c:
            _, first = methods.train(c, start[methods.start_of(c)], x[:2 * c["ns"]], labels)
            cases.append({"config": c, "after": methods.flat(first)})
            continue
        scores = evaluate(c, after, images, y)
        losses = sorted(s["loss"] for s in scores.values())
        assert all(b - a > 1e-6 for a, b in zip(losses, losses[1:])), f"{case} does not tell"
        cases.append({"config": c, "scores": scores})
        print(json.dumps(case), {kind: round(s["loss"], 4) for kind, s in scores.items()})
    OUT.write_text("[\n" + ",\n".join(json.dumps(c, separators=(",", ":"), allow_nan=False) for c in cases) + "\n]\n")
    print(f"{OUT.name}: {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
