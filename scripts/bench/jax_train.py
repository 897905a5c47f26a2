"""A network with batch normalisation in JAX on the CPU: jit over a whole epoch by lax.scan, vmap over trials.

A single training is the case of one trial without vmap. Trials share the batches, so that one product serves the first
layer of all of them. W is out×in: XLA then takes half the time that it takes with in×out. Images stay bytes and are
standardised as they are gathered, which XLA fuses: a tenth less time than gathering floats.
"""
import os
import sys

import common  # first: it sets the thread counts

os.environ["NPROC"] = common.THREADS  # XLA's thread pools heed this alone, neither XLA_FLAGS nor OMP_NUM_THREADS
os.environ["JAX_PLATFORMS"] = "cpu"

import functools

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

jax.config.update("jax_enable_x64", True)  # float32 stays float32: nothing here is promoted


def forward(params, x):
    """Logits and each batch's mean and variance of the images x (n, in)."""
    stats = []
    for layer in params[:-1]:
        s = x @ layer["W"].T + layer["b"]
        mean = s.mean(0)
        s = s - mean
        var = jnp.square(s).mean(0)
        x = jax.nn.relu(layer["gamma"] * (s * lax.rsqrt(var + common.EPS)) + layer["beta"])
        stats.append((mean, var))
    return x @ params[-1]["W"].T + params[-1]["b"], stats


def cost(params, x, y):
    """Mean cross-entropy and batch statistics; the λ term is added in the update."""
    logits, stats = forward(params, x)
    return -jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1).mean(), stats


def step(params, running, x, y, eta, alpha, lam):
    grads, stats = jax.grad(cost, has_aux=True)(params, x, y)
    running = jax.tree.map(lambda r, s: alpha * r + (1 - alpha) * s, running, stats)
    keep = dict(W=1 - 2 * lam * eta)
    params = [{k: layer[k] * keep.get(k, 1) - eta * grad[k] for k in layer} for layer, grad in zip(params, grads)]
    return params, running


def epoch(params, running, images, labels, mean, std, order, etas, alphas, lam, trials):
    """One epoch: order (steps, n), etas and alphas (steps)."""
    one = jax.vmap(step, in_axes=(0, 0, None, None, None, None, 0)) if trials > 1 else step

    def body(state, batch):
        index, eta, alpha = batch
        x = (images[index].astype(mean.dtype) - mean) / std
        return one(*state, x, labels[index], eta, alpha, lam), None

    return lax.scan(body, (params, running), (order, etas, alphas))[0]


EPOCH = jax.jit(epoch, static_argnames="trials", donate_argnums=(0, 1))


def stacked(start, lams):
    """Parameters and running statistics of one trial per λ, all from the same start."""
    k = len(lams)

    def stack(value):
        return jnp.asarray(np.repeat(value[None], k, 0) if k > 1 else value)

    hidden = start[:-1]
    params = [dict(W=stack(layer["W"].T), b=stack(layer["b"])) for layer in start]
    for param, layer in zip(params, hidden):
        param.update(gamma=stack(layer["gamma"]), beta=stack(layer["beta"]))
    running = [(stack(layer["mean"]), stack(layer["var"])) for layer in hidden]
    lam = np.asarray(lams, start[0]["W"].dtype)
    return params, running, jnp.asarray(lam if k > 1 else lam[0])


def unstacked(params, running, k):
    """The layers of each trial as NumPy arrays, W in×out."""
    nets = []
    for i in range(k):
        def pick(value):
            return np.asarray(value[i] if k > 1 else value)

        layers = [{n: pick(v).T if n == "W" else pick(v) for n, v in layer.items()} for layer in params]
        for layer, (mean, var) in zip(layers, running):
            layer.update(mean=pick(mean), var=pick(var))
        nets.append(layers)
    return nets


def device(data):
    """The images (bytes or floats), labels, means and standard deviations on the device."""
    return tuple(map(jnp.asarray, (data.x, data.y.astype(np.int32), data.mean, data.std)))


def run(start, images, steps, lams, seed, batch=common.BATCH):
    """Trains one trial per λ; returns when everything is computed."""
    params, running, lam = stacked(start, lams)
    dtype, t = lam.dtype, 0
    etas = np.array(common.etas(steps), dtype)
    alphas = np.full(steps, common.ALPHA, dtype)
    alphas[0] = 0  # the first batch sets the running statistics
    for order in common.orders(len(images[0]), steps, batch, seed):
        order = order.astype(np.int32).reshape(-1, batch)
        now = slice(t, t + len(order))
        params, running = EPOCH(params, running, *images, order, etas[now], alphas[now], lam, trials=len(lams))
        t += len(order)
    return jax.block_until_ready((params, running))


def train(start, data, steps, lams, seed, batch=common.BATCH):
    """Trains from layers in NumPy to layers in NumPy, a net for each λ."""
    return unstacked(*run(start, device(data), steps, lams, seed, batch), len(lams))


def prepare(start, images, steps, lams, seed):
    """Compiles, with one run of each number of steps to compile; returns the seconds for that, and for a warm run."""
    per_epoch = len(images[0]) // common.BATCH
    seconds = []
    for _ in range(2):
        clock = common.Clock()
        for length in {min(steps, per_epoch), steps % per_epoch} - {0}:
            run(start, images, length, lams, seed)
        seconds.append(clock.stop()[0])
    return max(0.0, seconds[0] - seconds[1]), seconds[1]


def main():
    args = common.arguments(__doc__.splitlines()[0]).parse_args()
    data = common.load(args, raw=True)
    images = device(data)
    start = common.weights([common.D, *common.HIDDEN, common.CLASSES], args.seed, args.precision)
    compiling, warmup = prepare(start, images, args.steps, [args.lam], args.seed)
    clock = common.Clock()
    state = run(start, images, args.steps, [args.lam], args.seed)
    seconds, cores = clock.stop()
    common.report("jax", jax.__version__, args, warmup=warmup, train=seconds, cores=cores, compiling=compiling,
                  layers=unstacked(*state, 1), data=data, library="jax")


if __name__ == "__main__":
    sys.exit(main())
