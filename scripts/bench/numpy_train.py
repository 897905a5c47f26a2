"""A network with batch normalisation in plain NumPy, as the study's own program works: float64, columns as samples.

Tuned: the images lie one after the other in memory, as they are read, and a batch is the transposed view of gathered rows;
the update works in place. Images the other way round, with a shuffled copy of all each epoch, take 9 ms a step.
"""
import common  # first: it sets the thread counts

import numpy as np


def step(layers, x, y, eta, lam, alpha):
    """One update of the layers, W being out×in, by the batch x (d, n) with labels y (n)."""
    n = x.shape[1]
    inputs, normed, scales = [x], [], []
    for layer in layers[:-1]:
        s = layer["W"] @ inputs[-1] + layer["b"]
        mean = s.mean(1, keepdims=True)
        s -= mean
        var = np.square(s).mean(1, keepdims=True)
        scale = 1 / np.sqrt(var + common.EPS)
        s *= scale
        normed.append(s)
        scales.append(scale)
        inputs.append(np.maximum(0, layer["gamma"] * s + layer["beta"]))
        layer["mean"] = alpha * layer["mean"] + (1 - alpha) * mean
        layer["var"] = alpha * layer["var"] + (1 - alpha) * var
    s = layers[-1]["W"] @ inputs[-1] + layers[-1]["b"]
    p = np.exp(s - s.max(0))
    p /= p.sum(0)
    p[y, np.arange(n)] -= 1
    g = p / n
    for i in reversed(range(len(layers))):
        layer = layers[i]
        if i < len(layers) - 1:
            g = g * (inputs[i + 1] > 0)
            dbeta, dgamma = g.sum(1, keepdims=True), (g * normed[i]).sum(1, keepdims=True)
            g = layer["gamma"] * scales[i] * (g - dbeta / n - normed[i] * (dgamma / n))
            layer["gamma"] -= eta * dgamma
            layer["beta"] -= eta * dbeta
        dw, db = g @ inputs[i].T, g.sum(1, keepdims=True)
        if i > 0:
            g = layer["W"].T @ g
        dw *= eta
        layer["W"] *= 1 - 2 * eta * lam
        layer["W"] -= dw
        layer["b"] -= eta * db


def columns(layers):
    """The layers with W out×in and every vector a column."""
    return [{k: np.ascontiguousarray(v.T) if k == "W" else v[:, None].copy() for k, v in layer.items()} for layer in layers]


def rows(layers):
    """The layers with W in×out and every vector flat."""
    return [{k: v.T if k == "W" else v[:, 0] for k, v in layer.items()} for layer in layers]


def train(layers, data, steps, lam, seed, batch=common.BATCH):
    """Trains the layers; returns them as rows."""
    layers, etas, t = columns(layers), common.etas(steps), 0
    for order in common.orders(len(data.x), steps, batch, seed):
        for index in order.reshape(-1, batch):
            step(layers, data.x[index].T, data.y[index], etas[t], lam, common.ALPHA if t else 0)
            t += 1
    return rows(layers)


def main():
    args = common.arguments(__doc__.splitlines()[0], precision="f64").parse_args()
    data = common.load(args)
    start = common.weights([common.D, *common.HIDDEN, common.CLASSES], args.seed, args.precision)
    clock = common.Clock()
    train(start, data, 20, args.lam, args.seed)
    warmup, _ = clock.stop()
    clock = common.Clock()
    layers = train(start, data, args.steps, args.lam, args.seed)
    seconds, cores = clock.stop()
    common.report("numpy", np.__version__, args, warmup=warmup, train=seconds, cores=cores,
                  layers=[layers], data=data, library="numpy")


if __name__ == "__main__":
    main()
