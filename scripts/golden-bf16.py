#!/usr/bin/env python3
"""Golden values for training with operands in bfloat16, computed with PyTorch.

Run:    python3 scripts/golden-bf16.py   (from anywhere; needs PyTorch, any version from 1.13)
Writes: model/testdata/bf16.json  (a small network with batch normalisation, 24 updates)

Numbers are float64 on the CPU. PyTorch rounds (Tensor.to(torch.bfloat16)), normalises (nn.BatchNorm1d) and
differentiates; only the product of a linear layer is a function of its own, whose operands are rounded in both
passes as docs/maths.md says. In the gradient of the weights the factor of the step is multiplied in before
rounding: -eta, and in layer 1 -eta/f, where f is the product of all 1 - 2*lambda*eta so far.

Rounding jumps: before the file is written the script checks that no operand is so near the middle between two
neighbours that last digits could decide, and that the same training without rounding ends elsewhere.
"""
import json
import pathlib

import torch
from torch import nn
from torch.nn import functional as F

F64 = torch.float64
SIZES, IMAGES, UPDATES, ETA, LAMBDA, EPS = [12, 7, 5, 4], 9, 24, 0.1, 0.02, 1e-5
MARGIN = 1e-9  # relative distance of an operand from the middle between two neighbours
OUT = pathlib.Path(__file__).resolve().parent.parent / "model" / "testdata" / "bf16.json"


def half(x):
    """x rounded to bfloat16, to nearest even."""
    near = x.to(torch.float32).to(torch.bfloat16).to(F64)
    for other in (x * (1 + MARGIN), x * (1 - MARGIN)):
        if not torch.equal(other.to(torch.float32).to(torch.bfloat16).to(F64), near):
            raise SystemExit("an operand is in the middle between two neighbours: take another seed")
    return near


class Product(torch.autograd.Function):
    """R(a) R(w)^T, for a step that multiplies the gradient of w by scale."""

    @staticmethod
    def forward(ctx, a, w, scale, round_):
        a, w = round_(a), round_(w)
        ctx.save_for_backward(a, w)
        ctx.scale, ctx.round = scale, round_
        return a @ w.T

    @staticmethod
    def backward(ctx, d):
        a, w = ctx.saved_tensors
        return ctx.round(d) @ w, ctx.round(ctx.scale * d).T @ a / ctx.scale, None, None


def build():
    modules = []
    for i, (fan_in, fan_out) in enumerate(zip(SIZES, SIZES[1:])):
        modules.append(nn.Linear(fan_in, fan_out))
        if i < len(SIZES) - 2:
            modules += [nn.BatchNorm1d(fan_out, eps=EPS), nn.ReLU()]
    return nn.Sequential(*modules).to(F64)


def forward(net, x, shrunk, round_):
    for i, m in enumerate(net):
        if isinstance(m, nn.Linear):
            scale = -ETA / shrunk if i == 0 else -ETA
            x = Product.apply(x, m.weight, scale, round_) + m.bias
        else:
            x = m(x)
    return x


def train(start, batches, round_):
    net = build()
    net.load_state_dict(start, strict=False)
    shrunk, losses = 1.0, []
    for x, y in batches:
        shrunk *= 1 - 2 * LAMBDA * ETA
        loss = F.cross_entropy(forward(net, x, shrunk, round_), y)
        net.zero_grad()
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            for m in net:
                for name, p in m.named_parameters(recurse=False):
                    if isinstance(m, nn.Linear) and name == "weight":
                        p *= 1 - 2 * LAMBDA * ETA
                    p -= ETA * p.grad
    return losses, {name: p.detach().flatten() for name, p in net.named_parameters()}


def main():
    g = torch.Generator().manual_seed(1)

    def draw(*shape):
        return (torch.randn(*shape, generator=g, dtype=F64) * 1e4).round() / 1e4

    batches = [(draw(IMAGES, SIZES[0]), torch.randint(SIZES[-1], (IMAGES,), generator=g)) for _ in range(UPDATES)]
    start = {name: 0.5 * draw(*p.shape) + (1 if p.dim() == 1 and name.split(".")[1] == "weight" else 0)
             for name, p in build().named_parameters()}
    losses, after = train(start, batches, half)
    plain, _ = train(start, batches, lambda x: x)
    assert max(abs(a - b) for a, b in zip(losses, plain)) > 1e-4, "rounding leaves no trace"
    OUT.write_text(json.dumps({
        "hidden": SIZES[1:-1], "eta": ETA, "lambda": LAMBDA, "eps": EPS,
        "batches": [{"x": x.tolist(), "labels": y.tolist()} for x, y in batches],
        "start": {name: p.flatten().tolist() for name, p in start.items()},
        "losses": losses, "after": {name: p.tolist() for name, p in after.items()},
    }) + "\n")


main()
