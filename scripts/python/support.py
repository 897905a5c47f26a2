"""What the tests share: the program, a data set that both sides read, and networks of PyTorch."""
import atexit
import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import numpy as np
import torch
from torch import nn

ROOT = pathlib.Path(__file__).resolve().parents[2]
BNLAB = os.environ.get("BNLAB", ROOT / "bin" / "bnlab")
FILES = [f"data_batch_{i}.bin" for i in range(1, 6)] + ["test_batch.bin"]
VAL = 5000  # last training images, which bnlab sets aside


@functools.cache
def scratch():
    """A folder that goes when the tests end."""
    path = tempfile.mkdtemp(prefix="bnlab-python-")
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return pathlib.Path(path)


@functools.cache
def data_dir():
    """The folder of CIFAR-10's binary files: $CIFAR10_DIR, else drawn files of the same shape."""
    real = os.environ.get("CIFAR10_DIR")
    if real and (pathlib.Path(real) / FILES[0]).is_file():
        return pathlib.Path(real).resolve()
    return draw(scratch() / "drawn")


def draw(folder):
    """Images that a network learns a little of: each class leans to a picture of its own, under noise."""
    folder.mkdir()
    random = np.random.default_rng(1)
    pictures = random.integers(64, 192, (10, 3072))
    noise = random.integers(-60, 61, 1 << 20, dtype=np.int16)
    for name in FILES:
        labels = random.integers(0, 10, 10000)
        records = np.empty((10000, 3073), np.uint8)
        records[:, 0] = labels
        for i, (label, start) in enumerate(zip(labels, random.integers(0, noise.size - 3072, labels.size))):
            records[i, 1:] = pictures[label] // 18 + 121 + noise[start : start + 3072]
        records.tofile(folder / name)
    return folder


@functools.cache
def images(test):
    """Pixels, n×3072, and labels of the test or the training images."""
    names = FILES[5:] if test else FILES[:5]
    records = np.concatenate([np.fromfile(data_dir() / n, np.uint8).reshape(-1, 3073) for n in names])
    return records[:, 1:], records[:, 0].astype(np.int64)


@functools.cache
def statistics():
    """Mean and standard deviation of each dimension over the images that bnlab trains on."""
    pixels, _ = images(test=False)
    train = pixels[:-VAL]
    mean = train.mean(axis=0, dtype=np.float64)
    square = sum(np.square(part, dtype=np.int64).sum(axis=0) for part in np.array_split(train, 50)) / len(train)
    return mean, np.sqrt(square - mean**2)


def run(*args, code=0, folder=None):
    """Runs bnlab and returns its stdout and stderr; the exit code must be as given."""
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("BNLAB_", "OPENBLAS_", "CIFAR10_"))}
    done = subprocess.run([BNLAB, *map(str, args)], capture_output=True, text=True, env=keep, cwd=folder)
    if done.returncode != code:
        raise AssertionError(f"bnlab {args}: exit code {done.returncode}, want {code}\n{done.stdout}{done.stderr}")
    return done.stdout, done.stderr


def run_json(*args):
    return json.loads(run(*args, "--json")[0])


ACTIVATIONS = {"relu": nn.ReLU, "leaky": nn.LeakyReLU, "gelu": nn.GELU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}


def sequential(state, eps=1e-5, momentum=0.1, activation="relu", after=False):
    """The network that the tensors of a file belong to, whose normalisation is after the activation or before."""
    activate = ACTIVATIONS[activation]
    layers, dtype = [], state["0.weight"].dtype
    for name in sorted((n for n in state if re.fullmatch(r"\d+\.weight", n)), key=lambda n: int(n.split(".")[0])):
        if state[name].ndim == 1:
            units = len(state[name])
            norm = nn.LayerNorm(units, eps=eps)
            if name.replace("weight", "running_mean") in state:
                norm = nn.BatchNorm1d(units, eps=eps, momentum=momentum)
            layers.insert(len(layers) if after else -1, norm)
        else:
            out, units = state[name].shape
            layers += [nn.Linear(units, out), activate()]
    return nn.Sequential(*layers[:-1]).to(dtype)


def logits_of(net, pixels, mean, std):
    """The logits of all images, standardised in double precision."""
    net.eval()
    dtype = next(net.parameters()).dtype
    with torch.no_grad():
        return np.concatenate([
            net(torch.from_numpy((part - mean) / std).to(dtype)).numpy() for part in np.array_split(pixels, 20)
        ])
