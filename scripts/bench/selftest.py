"""Shows that the peers compute what bnlab computes, in float64, to 1e-9.

1. NumPy, in each style, against the golden values that bnlab's own package model is tested against: three steps, each
   compared.
2. PyTorch, in each style, JAX, alone and by vmap, and NumPy's style of the report against NumPy tuned: same weights and
   batches, 45 steps in 3 epochs.
"""
import json
import pathlib
import types

import common  # first: it sets the thread counts

import numpy as np

import jax_train
import numpy_train
import torch_train

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "model" / "testdata" / "golden-3-layer-bn.json"
KEYS = {"weight": "W", "bias": "b"}, {"weight": "gamma", "bias": "beta", "running_mean": "mean", "running_var": "var"}
SIZES, BATCH, STEPS, LAM, SEED = [40, 7, 5, 4], 20, 45, 0.02, 3


def difference(a, b):
    """The largest difference of two nets, including running statistics, relative to the size of the tensor."""
    worst = 0.0
    for i, (p, q) in enumerate(zip(a, b, strict=True)):
        for k in ["W", "b"] + (["gamma", "beta", "mean", "var"] if i < len(a) - 1 else []):
            assert p[k].shape == q[k].shape, (k, p[k].shape, q[k].shape)
            worst = max(worst, np.abs(p[k] - q[k]).max() / max(1, np.abs(q[k]).max()))
    return worst


def golden_layers(values, sizes):
    """The layers of tensors named as in a PyTorch Sequential."""
    layers = []
    for i, (fan_in, out) in enumerate(zip(sizes, sizes[1:])):
        layer = dict(mean=np.zeros(out), var=np.ones(out), gamma=np.ones(out), beta=np.zeros(out))
        for module, keys in enumerate(KEYS):
            for name, key in keys.items():
                if (value := values.get(f"{3 * i + module}.{name}")) is not None:
                    layer[key] = np.array(value)
        layer["W"] = layer["W"].reshape(out, fan_in).T
        layers.append(layer)
    return layers


def check_golden(style):
    """NumPy in the given style against the golden values."""
    golden = json.loads(GOLDEN.read_text())
    sizes = [golden["in"], *golden["hidden"], golden["out"]]
    layers = numpy_train.columns(golden_layers(golden["start"], sizes))
    worst = 0.0
    for t, (batch, after) in enumerate(zip(golden["batches"], golden["steps"])):
        x, y = np.array(batch["x"]).reshape(-1, sizes[0]).T, np.array(batch["labels"])
        rates = golden["eta"], golden["lambda"], golden["alpha"] if t else 0
        if style == "report":
            numpy_train.report_step(layers, x, numpy_train.one_hot(y, sizes[-1]), *rates)
        else:
            numpy_train.tuned_step(layers, x, y, *rates)
        worst = max(worst, difference(numpy_train.rows(layers), golden_layers(after["after"], sizes)))
    return worst


def torch_peer(start, data, **options):
    args = types.SimpleNamespace(**dict(style="hand", compile=False, bf16=False) | options)
    net = torch_train.build(args, start, LAM)
    with torch_train.torch.set_grad_enabled(args.style == "module"):
        torch_train.train(net, torch_train.tensors(data), STEPS, SEED, BATCH)
    return torch_train.trained(net, BATCH)


def main():
    random = np.random.default_rng(1)
    data = types.SimpleNamespace(x=random.standard_normal((300, SIZES[0])), y=random.integers(0, SIZES[-1], 300),
                                 mean=np.zeros(SIZES[0]), std=np.ones(SIZES[0]))
    start = common.weights(SIZES, 2, "f64")
    want = numpy_train.train(start, data, STEPS, LAM, SEED, BATCH)
    lams = [LAM, 0.001, 0.1]
    many = jax_train.train(start, data, STEPS, lams, SEED, BATCH)
    worst = {
        "numpy report, golden": check_golden("report"),
        "numpy tuned, golden": check_golden("tuned"),
        "numpy report": difference(numpy_train.train(start, data, STEPS, LAM, SEED, BATCH, "report"), want),
        "torch module": difference(torch_peer(start, data, style="module"), want),
        "torch hand": difference(torch_peer(start, data), want),
        "torch module, compiled": difference(torch_peer(start, data, style="module", compile=True), want),
        "torch hand, compiled": difference(torch_peer(start, data, compile=True), want),
        "jax": difference(jax_train.train(start, data, STEPS, [LAM], SEED, BATCH)[0], want),
    }
    for i, lam in enumerate(lams):
        worst[f"jax vmap, λ = {lam}"] = difference(many[i], numpy_train.train(start, data, STEPS, lam, SEED, BATCH))
    for peer, value in worst.items():
        print(f"{peer:24}{value:9.1e}  {'ok' if value < 1e-9 else 'DIFFERS'}")
    return int(not all(value < 1e-9 for value in worst.values()))


if __name__ == "__main__":
    raise SystemExit(main())
