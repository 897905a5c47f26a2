"""A network with batch normalisation in plain NumPy, like the study's own program: float64, columns as samples.

--style report  the assignment's formulas one by one, as a student's straightforward program has them: X[:, index] of the
                images X (d, N), one-hot labels, a fresh array for every result, an update by ∂W + 2λW.
--stored        of report: X is stored as it is shaped, so that an image is scattered. Without, it is the transposed view of
                the images as they are read, which makes X[:, index] seven times as fast.
--style tuned   fewer passes and arrays: rows gathered, arithmetic in place, labels as numbers, decay as a factor.
"""
import common  # first: it sets the thread counts

import numpy as np


def softmax(s):
    """Probabilities of the scores s (classes, n)."""
    e = np.exp(s - np.max(s, axis=0, keepdims=True))
    return e / np.sum(e, axis=0, keepdims=True)


def forward(layers, x):
    """Inputs of each layer, and score, normalised score, mean and variance of each hidden one; the probabilities last."""
    inputs, normalised = [x], []
    for layer in layers[:-1]:
        s = layer["W"] @ inputs[-1] + layer["b"]
        mean = np.mean(s, axis=1, keepdims=True)
        var = np.var(s, axis=1, keepdims=True)
        hat = (s - mean) / np.sqrt(var + common.EPS)
        inputs.append(np.maximum(0, layer["gamma"] * hat + layer["beta"]))
        normalised.append((s, hat, mean, var))
    return inputs, normalised, softmax(layers[-1]["W"] @ inputs[-1] + layers[-1]["b"])


def batch_norm_backward(g, s, mean, var):
    """∂J/∂s from g = ∂J/∂ŝ, both (units, n), as the assignment has it."""
    n = g.shape[1]
    g1 = g * (var + common.EPS) ** -0.5
    g2 = g * (var + common.EPS) ** -1.5
    d = s - mean
    c = np.sum(g2 * d, axis=1, keepdims=True)
    return g1 - np.sum(g1, axis=1, keepdims=True) / n - d * c / n


def gradients(layers, y, inputs, normalised, p):
    """The gradient of the mean cross-entropy, one dict per layer; y (classes, n) is one-hot."""
    n, grads = y.shape[1], []
    g = -(y - p)
    for i in reversed(range(len(layers))):
        grad = {}
        if i < len(normalised):
            s, hat, mean, var = normalised[i]
            g = g * (inputs[i + 1] > 0)
            grad["gamma"] = np.sum(g * hat, axis=1, keepdims=True) / n
            grad["beta"] = np.sum(g, axis=1, keepdims=True) / n
            g = batch_norm_backward(g * layers[i]["gamma"], s, mean, var)
        grad["W"] = g @ inputs[i].T / n
        grad["b"] = np.sum(g, axis=1, keepdims=True) / n
        if i > 0:
            g = layers[i]["W"].T @ g
        grads.insert(0, grad)
    return grads


def report_step(layers, x, y, eta, lam, alpha):
    """One update of the layers, with W out×in, on the batch x (d, n) with one-hot labels y (classes, n)."""
    inputs, normalised, p = forward(layers, x)
    grads = gradients(layers, y, inputs, normalised, p)
    for layer, (_, _, mean, var) in zip(layers, normalised):
        layer["mean"] = alpha * layer["mean"] + (1 - alpha) * mean
        layer["var"] = alpha * layer["var"] + (1 - alpha) * var
    for layer, grad in zip(layers, grads):
        layer["W"] -= eta * (grad["W"] + 2 * lam * layer["W"])
        for k in grad.keys() - {"W"}:
            layer[k] -= eta * grad[k]


def tuned_step(layers, x, y, eta, lam, alpha):
    """One update of the layers, with W out×in, on the batch x (d, n) with labels y (n)."""
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


def one_hot(y, classes):
    """Labels y (n) as (classes, n), one-hot in each column."""
    return np.eye(classes)[y].T


def columns(layers):
    """The layers with W out×in and every vector a column."""
    return [{k: np.ascontiguousarray(v.T) if k == "W" else v[:, None].copy() for k, v in layer.items()} for layer in layers]


def rows(layers):
    """The layers with W in×out and every vector flat."""
    return [{k: v.T if k == "W" else v[:, 0] for k, v in layer.items()} for layer in layers]


def train(layers, data, steps, lam, seed, batch=common.BATCH, style="tuned"):
    """Trains the layers; returns them as rows."""
    layers, etas, t = columns(layers), common.etas(steps), 0
    x, y = data.x.T, one_hot(data.y, len(layers[-1]["b"]))
    for order in common.orders(len(data.x), steps, batch, seed):
        for index in order.reshape(-1, batch):
            alpha = common.ALPHA if t else 0
            if style == "report":
                report_step(layers, x[:, index], y[:, index], etas[t], lam, alpha)
            else:
                tuned_step(layers, data.x[index].T, data.y[index], etas[t], lam, alpha)
            t += 1
    return rows(layers)


def main():
    parser = common.arguments(__doc__.splitlines()[0], precision="f64")
    parser.add_argument("--style", choices=["report", "tuned"], default="report")
    parser.add_argument("--stored", action="store_true", help="of report: images stored as (d, N)")
    args = parser.parse_args()
    data = common.load(args)
    if args.stored:
        data.x = np.ascontiguousarray(data.x.T).T
    start = common.weights([common.D, *common.HIDDEN, common.CLASSES], args.seed, args.precision)
    clock = common.Clock()
    train(start, data, 20, args.lam, args.seed, style=args.style)
    warmup, _ = clock.stop()
    clock = common.Clock()
    layers = train(start, data, args.steps, args.lam, args.seed, style=args.style)
    seconds, cores = clock.stop()
    name = "numpy " + args.style + (" stored" if args.stored else "")
    common.report(name, np.__version__, args, warmup=warmup, train=seconds, cores=cores, layers=[layers], data=data, library="numpy")


if __name__ == "__main__":
    main()
