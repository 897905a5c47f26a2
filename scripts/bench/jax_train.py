"""A network with batch normalisation in JAX on the CPU: jit over a whole epoch by lax.scan, vmap over trials.

A single training is the case of one trial without vmap. Trials share the batches, so that one product serves the first
layer of all of them; W of K trials is kept as in×K×out, in the order in which that product wants it.
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

AXES = dict(W=1, b=0, gamma=0, beta=0)  # of the trials; running statistics have theirs first


def forward(params, x):
    """Logits and each batch's mean and variance of the images x (n, in)."""
    stats = []
    for layer in params[:-1]:
        s = x @ layer["W"] + layer["b"]
        mean = s.mean(0)
        s = s - mean
        var = jnp.square(s).mean(0)
        x = jax.nn.relu(layer["gamma"] * (s * lax.rsqrt(var + common.EPS)) + layer["beta"])
        stats.append((mean, var))
    return x @ params[-1]["W"] + params[-1]["b"], stats


def cost(params, x, y):
    """Mean cross-entropy and the batch's statistics; the λ term joins in the update."""
    logits, stats = forward(params, x)
    return -jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1).mean(), stats


def step(params, running, x, y, eta, alpha, lam):
    grads, stats = jax.grad(cost, has_aux=True)(params, x, y)
    running = jax.tree.map(lambda r, s: alpha * r + (1 - alpha) * s, running, stats)
    params = [{k: layer[k] * (1 - 2 * lam * eta if k == "W" else 1) - eta * grad[k] for k in layer} for layer, grad in zip(params, grads)]
    return params, running


def epoch(params, running, images, labels, order, etas, alphas, lam, trials):
    """One epoch: order (steps, n), etas and alphas (steps)."""
    one = step
    if trials > 1:
        axes = [{k: AXES[k] for k in layer} for layer in params]
        one = jax.vmap(step, in_axes=(axes, 0, None, None, None, None, 0), out_axes=(axes, 0))

    def body(state, batch):
        index, eta, alpha = batch
        return one(*state, images[index], labels[index], eta, alpha, lam), None

    return lax.scan(body, (params, running), (order, etas, alphas))[0]


EPOCH = jax.jit(epoch, static_argnames="trials", donate_argnums=(0, 1))


def stacked(start, lams):
    """Parameters and running statistics of as many trials as there are λ, all from the same start."""
    k = len(lams)

    def stack(value, axis):
        return jnp.asarray(value if k == 1 else np.repeat(np.expand_dims(value, axis), k, axis))

    hidden = start[:-1]
    params = [{n: stack(layer[n], AXES[n]) for n in ("W", "b", "gamma", "beta")} for layer in hidden]
    params.append({n: stack(start[-1][n], AXES[n]) for n in ("W", "b")})
    running = [(stack(layer["mean"], 0), stack(layer["var"], 0)) for layer in hidden]
    lam = np.asarray(lams, start[0]["W"].dtype)
    return params, running, jnp.asarray(lam if k > 1 else lam[0])


def unstacked(params, running, k):
    """The layers of each trial as NumPy arrays."""
    nets = []
    for i in range(k):
        def pick(value, axis):
            return np.asarray(value if k == 1 else value.take(i, axis))

        layers = [{n: pick(v, AXES[n]) for n, v in layer.items()} for layer in params]
        for layer, (mean, var) in zip(layers, running):
            layer.update(mean=pick(mean, 0), var=pick(var, 0))
        nets.append(layers)
    return nets


def device(data):
    return jnp.asarray(data.x), jnp.asarray(data.y.astype(np.int32))


def run(start, images, steps, lams, seed, batch=common.BATCH):
    """Trains a trial for each λ; returns when all is computed."""
    params, running, lam = stacked(start, lams)
    dtype, t = images[0].dtype, 0
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
    """Compiles, by one run of each number of steps that a run compiles; returns the seconds of that, and of a warm one."""
    per_epoch = len(images[0]) // common.BATCH
    seconds = []
    for _ in range(2):
        clock = common.Clock()
        for length in {min(steps, per_epoch), steps % per_epoch} - {0}:
            run(start, images, length, lams, seed)
        seconds.append(clock.stop()[0])
    return seconds[0] - seconds[1], seconds[1]


def main():
    args = common.arguments(__doc__.splitlines()[0]).parse_args()
    data = common.load(args)
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
