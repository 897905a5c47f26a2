#!/usr/bin/env python3
"""Golden values for what the Go package train looks at beside the training, computed by PyTorch's own modules.

Run:    python3 scripts/golden-evaluation.py  (from anywhere; needs PyTorch, any version from 2.0)
Writes: train/testdata/golden-evaluation.json (what is seen of a small network in 24 updates)

Networks, images and first parameters are those of golden-methods.py, which this script loads. A case is a
configuration of bnlab, with the mean loss and the accuracy over all images after the last update, the parameters at the end of the first
cycle, or what lies along the gradient before some updates. Before the file is
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
    {"landscape": 5}, {"landscape": 7, "landscape_to": 30, "bn": False, "smoothing": 0.2},
    {"landscape": 1, "dropout": 0.3, "activation": "gelu", "decay": "all", "seed": 7, "momentum": 0.9},
    {"landscape": 4, "landscape_to": 0.5, "optimiser": "adamw", "lambda": 0.3, "bn": False},
    {"landscape": 5, "ghost": 4, "noisy": True}, {"landscape": 6, "norm": "layer", "bn": False}, {"landscape": 3, "norm_after": True, "skip": 1, "hidden": [6, 6, 6, 6]},
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


class Probe:
    """Santurkar et al., figure 4: loss and gradient along the gradient, on the mini-batch of an update."""

    def __init__(self, c):
        self.c, self.seen = c, []

    def at(self, net, names, theta, images, y, update):
        """The loss, and the gradient of the cost, with parameters theta."""
        random = [m for m in net.modules() if hasattr(m, "update")]
        theta = [p.clone().requires_grad_() for p in theta]
        buffers = {name: b.clone() for name, b in net.named_buffers()}
        logits = torch.func.functional_call(net, {**buffers, **dict(zip(names, theta))}, (images,))
        for m in random:  # whose numbers follow from the update, which is still to come
            m.update = update
        cost = F.cross_entropy(logits, y, label_smoothing=self.c.get("smoothing", 0))
        if self.c.get("optimiser") != "adamw":  # whose decay is no part of the gradient
            cost = cost + self.c["lambda"] * sum((p ** 2).sum() for p in theta if p.dim() == 2 or self.c.get("decay") == "all")
        return F.cross_entropy(logits, y).item(), torch.autograd.grad(cost, theta)

    def __call__(self, net, update, images, y, rate):
        if update % self.c["landscape"]:
            return
        names = [name for name, _ in net.named_parameters()]
        theta = [p.detach() for p in net.parameters()]
        _, g = self.at(net, names, theta, images, y, update)
        found = []
        for i in range(1, 9):
            reach = self.c.get("landscape_to", 4) * i / 8 * rate
            loss, other = self.at(net, names, [p - reach * d for p, d in zip(theta, g)], images, y, update)
            change = sum(((a - b) ** 2).sum() for a, b in zip(other, g)).sqrt().item()
            found.append((loss, change, change / (reach * sum((d ** 2).sum() for d in g).sqrt().item())))
        losses, changes, ratios = zip(*found)
        self.seen.append({"step": update, "loss_min": min(losses), "loss_max": max(losses), "change_min": min(changes),
                          "change_max": max(changes), "smoothness": max(ratios)})


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
        if "landscape" in c:
            probe = Probe(c)
            methods.train(c, start[methods.start_of(c)], x, labels, probe)
            cases.append({"config": c, "landscape": probe.seen})
            print(json.dumps(case), len(probe.seen), "probes, the last", probe.seen[-1])
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
