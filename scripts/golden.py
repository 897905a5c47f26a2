#!/usr/bin/env python3
"""Golden values for the Go package model, computed by a second implementation.

Run:    python3 scripts/golden.py        (from anywhere; needs PyTorch, any version from 1.13)
Writes: model/testdata/golden-*.json     (five small networks, three training steps and an evaluation each)

Everything is float64 on the CPU. The forward pass is written out with plain tensor operations, the gradients
come from automatic differentiation of the cost, so no formula of the backward pass is shared with the Go code.
Inputs are drawn from fixed seeds and rounded to four decimals; another PyTorch build may change last digits of
the results, no more. Before a file is written the script checks itself:

- logits and gradients equal those of nn.Linear, nn.BatchNorm1d and nn.ReLU, in train and in eval mode;
- no ReLU input is so near zero, and no two top logits are so near each other, that rounding could decide;
- each well-known mistake (the subclasses of Network below) would move some recorded number by more than 1e-6.

A file holds, with tensors named as in a PyTorch Sequential(Linear, BatchNorm1d, ReLU, ..., Linear) and flat in
row-major order: the case, three batches, the parameters at the start, for each step the logits, loss, cost,
gradients of the cost (so with 2 lambda W) and everything after the update, and an evaluation by running
statistics of other images. Images and logits are lists of rows, one image a row.
"""
import json
import pathlib

import torch
from torch import nn
from torch.nn import functional as F

F64 = torch.float64
MARGIN = 1e-6  # the least distance of a decision from its edge, and the least trace a mistake must leave
OUT = pathlib.Path(__file__).resolve().parent.parent / "model" / "testdata"


def define(name, hidden, out, n, seed, bn=True, eps=2.2e-16, lam=0.02, plain=False):
    """One network; plain starts at b = 0, gamma = 1, beta = 0 as training does, otherwise these are random."""
    return dict(name=name, sizes=[12, *hidden, out], n=n, seed=seed, bn=bn, eps=eps,
                alpha=0.9, lam=lam, eta=0.05, plain=plain)


CASES = [
    define("golden-3-layer-bn", [7, 5], 4, 9, seed=1, plain=True),
    define("golden-3-layer", [7, 5], 4, 9, seed=2, bn=False, lam=0.05),
    define("golden-9-layer-bn", [9, 8, 7, 6, 6, 5, 5, 5], 4, 20, seed=3, lam=0.005),
    define("golden-2-layer-bn", [6], 3, 8, seed=4, lam=0.1, eps=1e-5),
    define("golden-bias", [7, 5], 4, 9, seed=5, lam=0.03),
]


class Network:
    """The network, its cost, its running statistics and its update, as stated in the assignment."""

    def __init__(self, case, start):
        self.case = case
        self.params = {name: value.clone().requires_grad_() for name, value in start.items()}
        self.running = {}
        self.least = float("inf")  # the ReLU input nearest to zero so far
        self.stride = 3 if case["bn"] else 2  # modules per hidden layer
        self.last = self.stride * (len(case["sizes"]) - 2)

    def forward(self, x, train):
        """Logits (n, out) of the images x (n, in)."""
        for i in range(0, self.last, self.stride):
            s = self.linear(i, x)
            if self.case["bn"]:
                s = self.normalise(i + 1, s, train)
            self.least = min(self.least, s.abs().min().item())
            x = torch.clamp(s, min=0)
        return self.linear(self.last, x)

    def linear(self, i, x):
        return x @ self.params[f"{i}.weight"].T + self.params[f"{i}.bias"]

    def normalise(self, i, s, train):
        if train:
            mean = s.mean(dim=0)
            var = self.variance(s - mean)
            self.track(i, mean.detach(), var.detach(), len(s))
        else:
            mean, var = self.running[f"{i}.running_mean"], self.running[f"{i}.running_var"]
        shat = (s - mean) / torch.sqrt(var + self.case["eps"])
        return self.params[f"{i}.weight"] * shat + self.params[f"{i}.bias"]

    def variance(self, centred):
        return (centred ** 2).mean(dim=0)  # divisor n

    def track(self, i, mean, var, n):
        for name, batch in ((f"{i}.running_mean", mean), (f"{i}.running_var", var)):
            self.running[name] = self.average(self.running.get(name), batch)

    def average(self, old, batch):
        if old is None:
            return batch
        return self.case["alpha"] * old + (1 - self.case["alpha"]) * batch

    def penalty(self, n):
        weights = [p for p in self.params.values() if p.dim() == 2]
        return self.case["lam"] * sum((w ** 2).sum() for w in weights)

    def loss(self, logits, labels):
        logp = logits - torch.logsumexp(logits, dim=1, keepdim=True)
        return -logp[torch.arange(len(labels)), labels].mean()

    def update(self, grads):
        with torch.no_grad():
            for name, p in self.params.items():
                p -= self.case["eta"] * grads[name]

    def step(self, x, labels):
        """Trains on one batch and returns the record of a step."""
        logits = self.forward(x, train=True)
        loss = self.loss(logits, labels)
        cost = loss + self.penalty(len(x))
        grads = dict(zip(self.params, torch.autograd.grad(cost, list(self.params.values()))))
        self.update(grads)
        return dict(logits=logits.tolist(), loss=loss.item(), cost=cost.item(), grads=flat(grads),
                    after=flat({**self.params, **self.running}))

    def evaluate(self, x, labels, train=False):
        with torch.no_grad():
            logits = self.forward(x, train)
            hits = (logits.argmax(dim=1) == labels).to(F64)
            return dict(logits=logits.tolist(), loss=self.loss(logits, labels).item(), accuracy=hits.mean().item())


# The mistakes that published solutions made, one method each. They only serve to show that the recorded numbers
# tell them from the truth.

class UnitZeroVariance(Network):
    def variance(self, centred):
        return super().variance(centred)[0].expand(centred.shape[1])


class UnbiasedVariance(Network):
    def variance(self, centred):
        return super().variance(centred) * len(centred) / (len(centred) - 1)


class UnbiasedRunningVariance(Network):
    def track(self, i, mean, var, n):
        super().track(i, mean, var * n / (n - 1), n)


class RunningFromZero(Network):
    def average(self, old, batch):
        return super().average(torch.zeros_like(batch) if old is None else old, batch)


class RunningTwiceAStep(Network):
    def track(self, i, mean, var, n):
        super().track(i, mean, var, n)
        super().track(i, mean, var, n)


class EvaluatedByBatch(Network):
    def evaluate(self, x, labels, train=True):
        return super().evaluate(x, labels, train)


class SwappedUpdate(Network):
    def update(self, grads):
        other = {"weight": "bias", "bias": "weight"}
        swap = {name: f"{i}.{other[kind]}" for name in grads for i, kind in [name.split(".")] if int(i) % 3 == 1}
        super().update({name: grads[swap.get(name, name)] for name in grads})


class FirstNormFrozen(Network):
    def update(self, grads):
        super().update({name: 0 * g if name.startswith("1.") else g for name, g in grads.items()})


class LastLayerTwice(Network):
    def update(self, grads):
        super().update({name: 2 * g if name.startswith(f"{self.last}.") else g for name, g in grads.items()})


class DecayedBias(Network):
    def penalty(self, n):
        biases = [p for name, p in self.params.items() if name.endswith("bias")]
        return super().penalty(n) + self.case["lam"] * sum((b ** 2).sum() for b in biases)


class DecayOverN(Network):
    def penalty(self, n):
        return super().penalty(n) / n


ANY_MISTAKE = [LastLayerTwice, DecayedBias, DecayOverN]
BN_MISTAKES = [UnitZeroVariance, UnbiasedVariance, UnbiasedRunningVariance, RunningFromZero, RunningTwiceAStep,
               EvaluatedByBatch, SwappedUpdate, FirstNormFrozen]


def flat(tensors):
    return {name: t.detach().reshape(-1).tolist() for name, t in tensors.items()}


def rounded(t):
    return torch.round(t * 1e4) / 1e4 + 0.0  # + 0.0 turns -0.0 into 0.0


def start_values(case):
    """Parameters by name: He weights, stored out x in, and the rest plain or random."""
    def normal(*shape):
        return torch.randn(*shape, dtype=F64)

    params, sizes = {}, case["sizes"]
    stride = 3 if case["bn"] else 2
    noise = 0.0 if case["plain"] else 1.0
    for layer, (fan_in, units) in enumerate(zip(sizes, sizes[1:])):
        i = stride * layer
        params[f"{i}.weight"] = rounded(normal(units, fan_in) * (2 / fan_in) ** 0.5)
        params[f"{i}.bias"] = rounded(noise * 0.3 * normal(units))
        if case["bn"] and layer < len(sizes) - 2:
            params[f"{i + 1}.weight"] = rounded(1 + noise * 0.2 * normal(units))
            params[f"{i + 1}.bias"] = rounded(noise * 0.2 * normal(units))
    return params


def images(case, n, t):
    """A set of n images with labels; its mean and spread depend on t, so that running statistics must move."""
    x = rounded(torch.randn(n, case["sizes"][0], dtype=F64) * (1 + 0.2 * t) + 0.3 * t)
    return x, torch.randint(case["sizes"][-1], (n,))


def play(kind, case, start, batches, test):
    """Trains a network of the given class over the batches, evaluates it, and returns it with its record."""
    net = kind(case, start)
    steps = [net.step(x, labels) for x, labels in batches]
    return net, dict(steps=steps, eval=net.evaluate(*test))


def numbers(record):
    """All numbers of a record, in order."""
    if isinstance(record, dict):
        record = list(record.values())
    if isinstance(record, list):
        return [v for part in record for v in numbers(part)]
    return [record]


def distance(a, b):
    a, b = torch.tensor(numbers(a), dtype=F64), torch.tensor(numbers(b), dtype=F64)
    assert a.shape == b.shape
    return (a - b).abs().max().item()


def peer(case):
    """The same network of PyTorch's own modules."""
    modules, sizes = [], case["sizes"]
    for fan_in, units in zip(sizes[:-2], sizes[1:-1]):
        norm = [nn.BatchNorm1d(units, eps=case["eps"])] if case["bn"] else []
        modules += [nn.Linear(fan_in, units), *norm, nn.ReLU()]
    return nn.Sequential(*modules, nn.Linear(*sizes[-2:])).double()


def load(module, values):
    """Sets all of module's tensors from flat lists by name; without running statistics, its own stay."""
    state = module.state_dict()
    missing = [k for k in state if k not in values and "running" not in k and "tracked" not in k]
    assert not missing and set(values) <= set(state), missing
    for name, value in values.items():
        state[name] = torch.tensor(value, dtype=F64).reshape(state[name].shape)
    module.load_state_dict(state, strict=True)


def check_against_modules(case, start, batches, test, record):
    before = flat(start)
    for (x, labels), step in zip(batches, record["steps"]):
        module = peer(case).train()
        load(module, before)
        logits = module(x)
        weights = [p for p in module.parameters() if p.dim() == 2]
        cost = F.cross_entropy(logits, labels) + case["lam"] * sum((w ** 2).sum() for w in weights)
        cost.backward()
        grads = flat({name: p.grad for name, p in module.named_parameters()})
        assert distance(logits.tolist(), step["logits"]) < 1e-12, case["name"]
        assert abs(cost.item() - step["cost"]) < 1e-12, case["name"]
        assert distance([grads[k] for k in step["grads"]], step["grads"]) < 1e-12, case["name"]
        before = step["after"]
    module = peer(case)
    load(module, before)
    logits = module.eval()(test[0])
    assert distance(logits.tolist(), record["eval"]["logits"]) < 1e-12, case["name"]


def check_margins(case, net, record):
    assert net.least > MARGIN, f"{case['name']}: a ReLU input is {net.least:.1e}; choose another seed"
    best = torch.tensor(record["eval"]["logits"], dtype=F64).topk(2, dim=1).values
    assert (best[:, 0] - best[:, 1]).min() > MARGIN, f"{case['name']}: a tie of logits; choose another seed"
    assert 0 < record["eval"]["accuracy"] < 1, f"{case['name']}: a trivial accuracy; choose another seed"
    for name, value in net.running.items():
        assert "var" not in name or value.min() > 1e-2, f"{case['name']}: {name} is tiny; choose another seed"


def check_mistakes_show(case, start, batches, test, record):
    """Returns the mistake with the smallest effect, and the effect."""
    traces = {}
    for kind in ANY_MISTAKE + (BN_MISTAKES if case["bn"] else []):
        traces[kind.__name__] = distance(play(kind, case, start, batches, test)[1], record)
    faintest = min(traces, key=traces.get)
    assert traces[faintest] > MARGIN, f"{case['name']}: {faintest} does not show"
    return faintest, traces[faintest]


def write(case, start, batches, test, record):
    doc = {"case": case["name"], "in": case["sizes"][0], "hidden": case["sizes"][1:-1], "out": case["sizes"][-1],
           "batch_norm": case["bn"], "eps": case["eps"], "alpha": case["alpha"], "lambda": case["lam"],
           "eta": case["eta"], "batches": [{"x": x.tolist(), "labels": y.tolist()} for x, y in batches],
           "start": flat(start), "steps": record["steps"],
           "eval": {"x": test[0].tolist(), "labels": test[1].tolist(), **record["eval"]}}
    lines = [f'"{key}":' + json.dumps(value, separators=(",", ":"), allow_nan=False) for key, value in doc.items()]
    path = OUT / f"{case['name']}.json"
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    return path


def main():
    torch.set_num_threads(1)
    OUT.mkdir(parents=True, exist_ok=True)
    for case in CASES:
        torch.manual_seed(case["seed"])
        start = start_values(case)
        batches = [images(case, case["n"], t) for t in range(3)]
        test = images(case, 11, t=1)
        net, record = play(Network, case, start, batches, test)
        check_against_modules(case, start, batches, test, record)
        check_margins(case, net, record)
        faintest, trace = check_mistakes_show(case, start, batches, test, record)
        path = write(case, start, batches, test, record)
        print(f"{path.name}: {path.stat().st_size} bytes, nearest ReLU input {net.least:.1e}, "
              f"faintest mistake {faintest} {trace:.1e}")


if __name__ == "__main__":
    main()
