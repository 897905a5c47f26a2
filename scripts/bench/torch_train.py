"""A network with batch normalisation in PyTorch on the CPU: as modules with autograd, or with the backward pass by hand.

--style module  nn.Sequential, cross_entropy, autograd, torch.optim.SGD: what most people would write.
--style hand    the same kernels called directly, backward pass too, and the update folded into the product.
--compile       torch.compile: of the network and loss of the modules, of the whole step by hand.
--bf16          products of the modules in bfloat16, as torch.autocast chooses.
"""
import common  # first: it sets the thread counts

import torch
from torch import nn
from torch.nn import functional as F

aten = torch.ops.aten


class Modules:
    """nn.Sequential of Linear, BatchNorm1d, ReLU, trained by autograd and the fused SGD."""

    def __init__(self, layers, lam, compiled, bf16):
        modules = []
        for i, layer in enumerate(layers):
            linear = nn.Linear(*layer["W"].shape)
            modules.append(linear)
            if i < len(layers) - 1:
                modules += [nn.BatchNorm1d(layer["W"].shape[1], eps=common.EPS), nn.ReLU(inplace=True)]
        self.net = nn.Sequential(*modules).to(torch.from_numpy(layers[0]["W"]).dtype)
        self.linears = [m for m in self.net if isinstance(m, nn.Linear)]
        self.norms = [m for m in self.net if isinstance(m, nn.BatchNorm1d)]
        with torch.no_grad():
            for linear, layer in zip(self.linears, layers):
                linear.weight.copy_(torch.from_numpy(layer["W"].T))
                linear.bias.copy_(torch.from_numpy(layer["b"]))
        decayed = [m.weight for m in self.linears]
        others = [m.bias for m in self.linears] + [p for m in self.norms for p in m.parameters()]
        groups = [dict(params=decayed, weight_decay=2 * lam), dict(params=others, weight_decay=0)]
        self.sgd = torch.optim.SGD(groups, lr=0.1, fused=True)
        self.momentum(1 - common.ALPHA)
        self.loss, self.bf16 = torch.compile(self._loss) if compiled else self._loss, bf16

    def _loss(self, x, y):
        return F.cross_entropy(self.net(x), y)

    def momentum(self, value):
        for m in self.norms:
            m.momentum = value

    def step(self, x, y, eta):
        for group in self.sgd.param_groups:
            group["lr"] = eta
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
            loss = self.loss(x, y)
        loss.backward()
        self.sgd.step()
        self.sgd.zero_grad(set_to_none=True)

    def layers(self):
        vectors = [dict(gamma=m.weight, beta=m.bias, mean=m.running_mean, var=m.running_var) for m in self.norms] + [{}]
        return [dict(W=m.weight.t(), b=m.bias, **v) for m, v in zip(self.linears, vectors)]


class ByHand:
    """The same kernels, called without autograd. W is out×in.

    In float32 the products with Wᵀ are oneDNN's, which are twice as fast as MKL's at these shapes; for ∂W MKL is faster.
    """

    def __init__(self, layers, lam, compiled):
        self.lam, self.value, self.compiled = lam, 1 - common.ALPHA, compiled
        self.net = [{k: torch.from_numpy(v).clone() for k, v in layer.items()} for layer in layers]
        for layer in self.net:
            layer["W"] = layer["W"].t().contiguous()
        self.minus = torch.full((common.BATCH, 1), -1.0, dtype=self.net[0]["W"].dtype)
        self.run = torch.compile(self._step) if compiled else self._step

    def momentum(self, value):
        self.value = value

    def step(self, x, y, eta):
        # A number would be compiled in; a tensor is not.
        self.run(x, y, torch.tensor(eta, dtype=x.dtype) if self.compiled else eta, self.value)

    def _step(self, x, y, eta, momentum):
        n, h, seen = len(x), x, []
        forward = opaque if self.compiled else linear
        for layer in self.net[:-1]:
            s = forward(h, layer["W"], layer["b"])
            out, mean, invstd = aten.native_batch_norm(
                s, layer["gamma"], layer["beta"], layer["mean"], layer["var"], True, momentum, common.EPS)
            seen.append((h, s, mean, invstd))
            h = out.relu_()
        p = torch.softmax(forward(h, self.net[-1]["W"], self.net[-1]["b"]), 1)
        g = p.scatter_add_(1, y[:, None], self.minus[:n]).mul_(1 / n)
        below = torch.mm(g, self.net[-1]["W"])
        self.descend(self.net[-1], h, g, eta)
        for i in reversed(range(len(seen))):
            layer, (x, s, mean, invstd) = self.net[i], seen[i]
            g = aten.threshold_backward(below, h, 0)
            g, dgamma, dbeta = aten.native_batch_norm_backward(
                g, s, layer["gamma"], None, None, mean, invstd, True, common.EPS, [True, True, True])
            self.move(layer["gamma"], dgamma, eta)
            self.move(layer["beta"], dbeta, eta)
            below, h = torch.mm(g, layer["W"]) if i > 0 else None, x
            self.descend(layer, x, g, eta)

    def descend(self, layer, x, g, eta):
        """W ← (1 − 2λη)·W − η·gᵀx, b ← b − η·Σg: the product's own alpha and beta if nothing is compiled."""
        w, keep = layer["W"], 1 - 2 * self.lam * eta
        if self.compiled:
            w.copy_(keep * w - eta * (g.t() @ x))
        else:
            w.addmm_(g.t(), x, beta=keep, alpha=-eta)
        self.move(layer["b"], g.sum(0), eta)

    def move(self, p, grad, eta):
        if self.compiled:
            p.sub_(eta * grad)
        else:
            p.add_(grad, alpha=-eta)

    def layers(self):
        return [{k: v.t() if k == "W" else v for k, v in layer.items()} for layer in self.net]


def linear(x, w, b):
    """x (n, in) times w (out, in) transposed, plus b (out)."""
    if x.dtype == torch.float32:
        return torch.ops.mkldnn._linear_pointwise(x, w, b, "none", [], "")
    return F.linear(x, w, b)


@torch.library.custom_op("peers::linear", mutates_args=())
def opaque(x: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """linear, as an operation that torch.compile does not look into: it fails on oneDNN's."""
    return linear(x, w, b)


@opaque.register_fake
def _(x, w, b):
    return x.new_empty(len(x), len(w))


def build(args, layers, lam):
    if args.style == "module":
        return Modules(layers, lam, args.compile, args.bf16)
    return ByHand(layers, lam, args.compile)


def tensors(data):
    return torch.from_numpy(data.x), torch.from_numpy(data.y)


def train(net, images, steps, seed, batch=common.BATCH):
    """Trains the network on images, a pair x (N, d) and y (N)."""
    x, y = images
    etas, t, buffer = common.etas(steps), 0, torch.empty(batch, x.shape[1], dtype=x.dtype)
    for order in common.orders(len(x), steps, batch, seed):
        order = torch.from_numpy(order)
        labels = y[order]
        for i in range(0, len(order), batch):
            if t < 2:  # the first batch sets the running statistics
                net.momentum(1 - common.ALPHA if t else 1)
            rows = torch.index_select(x, 0, order[i : i + batch], out=buffer)
            net.step(rows, labels[i : i + batch], etas[t])
            t += 1


def trained(net, batch=common.BATCH):
    """The layers as NumPy arrays. BatchNorm1d's running variance, with divisor n−1, is converted to divisor n."""
    layers = [{k: v.detach().numpy() for k, v in layer.items()} for layer in net.layers()]
    for layer in layers[:-1]:
        layer["var"] = layer["var"] * ((batch - 1) / batch)
    return layers


def add_arguments(parser):
    parser.add_argument("--style", choices=["module", "hand"], default="module")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--hidden", type=int, nargs="+", default=common.HIDDEN, help="units of the hidden layers")
    parser.add_argument("--batch", type=int, default=common.BATCH)


def prepare(args, start, images):
    """Sets the threads, compiles and warms up on a separate network; returns the seconds of both."""
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    clock = common.Clock()
    train(build(args, start, args.lam), images, 3, args.seed, args.batch)
    first, _ = clock.stop()
    clock = common.Clock()
    train(build(args, start, args.lam), images, 20, args.seed, args.batch)
    second, _ = clock.stop()
    return (first, second) if args.compile else (0.0, first + second)


def name(args):
    return "torch " + args.style + (" compiled" if args.compile else "") + (" bf16" if args.bf16 else "")


def main():
    parser = common.arguments(__doc__.splitlines()[0])
    add_arguments(parser)
    args = parser.parse_args()
    data = common.load(args)
    images = tensors(data)
    start = common.weights([common.D, *args.hidden, common.CLASSES], args.seed, args.precision)
    with torch.set_grad_enabled(args.style == "module"):
        compiling, warmup = prepare(args, start, images)
        net = build(args, start, args.lam)
        clock = common.Clock()
        train(net, images, args.steps, args.seed, args.batch)
        seconds, cores = clock.stop()
    common.report(name(args), torch.__version__, args, warmup=warmup, train=seconds, cores=cores, compiling=compiling,
                  layers=[trained(net, args.batch)], batch=args.batch, data=data, library="torch")


if __name__ == "__main__":
    main()
