"""Shared by the peers: arguments, thread counts, data, initial weights, schedule, evaluation, the record.

Import it before any library that computes: it sets the thread counts that BLAS libraries read when they load.
"""
import argparse
import json
import os
import pathlib
import re
import sys
import time
import types


def _threads():
    """The value of --threads, read from the command line before the libraries that depend on it are loaded."""
    found = re.search(r"--threads[ =](\d+)", " ".join(sys.argv))
    return found.group(1) if found else "1"


THREADS = _threads()
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = THREADS
for _name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):  # they pin OpenBLAS to slow kernels
    os.environ.pop(_name, None)

import numpy as np  # noqa: E402

D, CLASSES = 3 * 32 * 32, 10
HIDDEN = [50, 50]
BATCH = 100
EPS, ALPHA = 2.2e-16, 0.9
ETA_MIN, ETA_MAX = 1e-5, 1e-1
VALIDATION = 5000


def arguments(description, **defaults):
    """A parser of the arguments of all peers."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--steps", type=int, default=9000, help="updates to train, two cycles of the learning rate")
    parser.add_argument("--precision", choices=["f32", "f64"], default="f32")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--lam", type=float, default=0.005, help="λ of the L2 term")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", default=os.environ.get("CIFAR10_DIR", "data/cifar-10-batches-bin"))
    parser.add_argument("--synthetic", type=int, metavar="N", help="N random training images instead of CIFAR-10")
    parser.set_defaults(**defaults)
    return parser


def dtype(precision):
    return np.float32 if precision == "f32" else np.float64


def load(args, raw=False):
    """Training images x (N, 3072), standardised, and labels y; xt, yt of the test set.

    With raw, x stays bytes, to be standardised by mean and std (3072).
    """
    if args.synthetic:
        random = np.random.default_rng(0)
        x, xt = (random.integers(0, 256, (n, D), np.uint8) for n in (args.synthetic, 1000))
        y, yt = (random.integers(0, CLASSES, n) for n in (args.synthetic, 1000))
    else:
        folder = pathlib.Path(args.data)
        read = [np.fromfile(folder / f"{name}.bin", np.uint8).reshape(-1, 1 + D)
                for name in [f"data_batch_{i}" for i in range(1, 6)] + ["test_batch"]]
        train, test = np.concatenate(read[:5])[:-VALIDATION], read[5]
        x, y, xt, yt = train[:, 1:], train[:, 0], test[:, 1:], test[:, 0]
    mean = x.mean(0)
    std = np.sqrt(np.square(x, dtype=np.float32).mean(0, dtype=np.float64) - mean**2)
    mean, std = mean.astype(dtype(args.precision)), std.astype(dtype(args.precision))

    def standardise(pixels):
        images = pixels.astype(dtype(args.precision))
        images -= mean
        images /= std
        return images

    return types.SimpleNamespace(x=x if raw else standardise(x), y=y.astype(np.int64), xt=standardise(xt), yt=yt, mean=mean, std=std)


def weights(sizes, seed, precision):
    """He initial weights, one dict per layer, W as in×out."""
    random = np.random.default_rng(seed)
    layers = []
    for fan_in, out in zip(sizes, sizes[1:]):
        w = random.standard_normal((fan_in, out)) * np.sqrt(2 / fan_in)
        layers.append(dict(W=w, b=np.zeros(out), gamma=np.ones(out), beta=np.zeros(out), mean=np.zeros(out), var=np.ones(out)))
    return [{k: v.astype(dtype(precision)) for k, v in layer.items()} for layer in layers]


def eta(t, ns):
    """The cyclical learning rate of update t: ns up, ns down."""
    c = t % (2 * ns) / ns
    return ETA_MIN + min(c, 2 - c) * (ETA_MAX - ETA_MIN)


def etas(steps):
    """The learning rates of a training of two cycles."""
    return [eta(t, max(1, steps // 4)) for t in range(steps)]


def lambdas(trials):
    """Values of λ as in the search: 10^-5 … 10^-1.5, evenly spaced in log λ."""
    return [10.0**e for e in np.linspace(-5, -1.5, trials)]


def orders(images, steps, batch, seed):
    """Yields the order of each epoch, limited to the batches still needed: int64 of whole batches."""
    random = np.random.default_rng(seed)
    per_epoch = images // batch
    while steps > 0:
        k = min(per_epoch, steps)
        yield random.permutation(images)[: k * batch]
        steps -= k


def accuracy(layers, x, y):
    """The fraction of images (n, in) that the trained layers classify correctly, using running statistics."""
    h = x
    for layer in layers[:-1]:
        s = h @ layer["W"] + layer["b"]
        h = np.maximum(0, layer["gamma"] * (s - layer["mean"]) / np.sqrt(layer["var"] + EPS) + layer["beta"])
    return float(((h @ layers[-1]["W"] + layers[-1]["b"]).argmax(1) == y).mean())


class Clock:
    """Wall time, and how many cores were busy meanwhile, to verify a thread count."""

    def __init__(self):
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def stop(self):
        wall = time.perf_counter() - self.wall
        return wall, (time.process_time() - self.cpu) / wall


def blas(name):
    """The BLAS of the named library."""
    if name == "numpy":
        built = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
        return f"{built['name']} {built['version']}"
    if name == "torch":
        import torch

        lines = [line.strip(" -") for line in torch.__config__.show().splitlines()]
        mkl = next((re.sub(r" for .*", "", line) for line in lines if "Math Kernel" in line), None)
        cpu = " answering as for Intel" if "mkl_amd" in os.environ.get("LD_PRELOAD", "") else ""
        return f"{mkl}{cpu}" if mkl else re.search(r"BLAS_INFO=(\w+)", torch.__config__.show()).group(1)
    return "XLA's own (Eigen, oneDNN)"


def report(peer, version, args, *, warmup, train, cores, layers, data, library, trials=1, batch=BATCH, compiling=0.0, **more):
    """Prints a measurement as one line of JSON."""
    steps = args.steps * trials
    acc = [accuracy(net, data.xt, data.yt) for net in layers]
    print(json.dumps(dict(
        peer=peer, version=version, precision=args.precision, threads=args.threads, batch=batch, steps=args.steps, trials=trials,
        warmup_seconds=round(warmup, 3), compile_seconds=round(compiling, 3), train_seconds=round(train, 4),
        us_per_step=round(1e6 * train / steps, 1), images_per_second=round(steps * batch / train),
        trials_per_hour=round(3600 * trials / train, 1), cores_used=round(cores, 2),
        test_acc=round(max(acc), 4), blas=blas(library), **more)))
