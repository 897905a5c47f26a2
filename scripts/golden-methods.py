#!/usr/bin/env python3
"""Golden values for the methods of the Go package train, computed by PyTorch's own modules.

Run:    python3 scripts/golden-methods.py     (from anywhere; needs PyTorch, any version from 1.13)
Writes: train/testdata/golden-methods.json    (24 updates of a small network with each method)

Everything is float64 on the CPU, of torch.nn, torch.optim and torch.optim.lr_scheduler; gradients come from
automatic differentiation. All cases share the images, one mini-batch after the other, and the initial parameters;
a case is a configuration of bnlab, by the names of its JSON, with the loss before each update and the parameters
after the last. Before the file is written the script makes sure that each method tells: that the loss with it is
another than without by more than 1e-6. Masks of dropout are bnlab's, written out here a second time, because
PyTorch's random numbers are its own; what is made of them is PyTorch's.
"""
import json
import math
import pathlib
import statistics

import torch
from torch import nn
from torch.nn import functional as F

F64 = torch.float64
OUT = pathlib.Path(__file__).resolve().parent.parent / "train" / "testdata" / "golden-methods.json"
IN, HIDDEN, CLASSES, BATCH, UPDATES = 12, [7, 5], 4, 8, 24

# What a case has unless it says otherwise.
COMMON = {"hidden": HIDDEN, "bn": True, "lambda": 0.01, "eta_min": 0.01, "eta_max": 0.1, "ns": 6, "cycles": 2,
          "batch": BATCH, "bn_eps": 1e-5}

CASES = [
    {"activation": "leaky"}, {"activation": "gelu"}, {"activation": "tanh"}, {"activation": "sigmoid"},
    {"activation": "leaky", "bn": False}, {"activation": "gelu", "bn": False},
    {"activation": "tanh", "bn": False}, {"activation": "sigmoid", "bn": False},
    {"dropout": 0.3, "seed": 7}, {"dropout": 0.6, "bn": False, "activation": "tanh"},
    {"input_dropout": 0.25}, {"input_dropout": 0.5, "dropout": 0.2, "order_seed": 3, "bn": False},
    {"flip": True}, {"shift": 1, "bn": False}, {"noise": 0.3, "order_seed": 4},
    {"flip": True, "shift": 1, "noise": 0.1, "input_dropout": 0.1, "order_seed": 3},
    {"smoothing": 0.1}, {"smoothing": 0.3, "bn": False},
    {"loss": "bce"}, {"loss": "bce", "smoothing": 0.2, "bn": False}, {"loss": "hinge", "eta_max": 0.05}, {"loss": "hinge", "bn": False, "eta_max": 0.05},
    {"decay": "all"}, {"decay": "all", "bn": False},
    {"momentum": 0.9}, {"momentum": 0.5, "nesterov": True}, {"momentum": 0.8, "nesterov": True, "decay": "all", "bn": False},
    # Under batch normalisation the gradient of b is 0, and what rounding leaves of it Adam divides by its epsilon.
    {"optimiser": "adam", "bn": False}, {"optimiser": "adam", "beta1": 0.0, "beta2": 0.95, "adam_eps": 1e-3},
    {"optimiser": "adamw", "lambda": 0.3, "bn": False},
    {"optimiser": "adamw", "lambda": 0.3, "beta1": 0.7, "adam_eps": 1e-3, "decay": "all"},
    {"schedule": "cosine"}, {"schedule": "linear"}, {"schedule": "constant"}, {"schedule": "range"},
    {"schedule": "step", "step_every": 7, "step_factor": 0.4},
    {"schedule": "cosine", "warmup": 4, "ns": 5}, {"warmup": 4, "ns": 5},
    {"cycle_decay": 0.5}, {"cycle_growth": 2, "ns": 4},
    {"frozen": "W+b"}, {"frozen": "1.W", "bn": False}, {"frozen": "gamma+1.W+1.b+1.beta+3.b", "momentum": 0.8, "decay": "all"},
    {"frozen": "b+2.W", "optimiser": "adam", "bn": False}, {"frozen": "W+beta", "optimiser": "adamw", "lambda": 0.3, "adam_eps": 1e-3, "decay": "all"},
    {"frozen": "2.gamma+3.W", "norm": "layer", "dropout": 0.2}, {"frozen": "b+gamma+1.W", "norm_after": True, "ghost": 4, "skip": 1, "hidden": [6, 6, 6, 6]},
    {"norm": "layer"}, {"norm": "layer", "activation": "gelu", "decay": "all", "momentum": 0.5},
    {"norm_after": True}, {"norm_after": True, "activation": "tanh", "dropout": 0.3}, {"norm": "layer", "norm_after": True},
    {"norm_layers": [2]}, {"norm": "layer", "norm_layers": [1]}, {"norm_after": True, "norm_layers": [1]},
    {"ghost": 2}, {"ghost": 4, "norm_after": True, "activation": "sigmoid"},
    {"noisy": True, "seed": 3}, {"noisy": True, "norm_after": True, "dropout": 0.2}, {"noisy": True, "ghost": 4},
    {"skip": 1, "hidden": [6, 6, 6, 6]}, {"skip": 2, "hidden": [6, 6, 6, 6], "norm_layers": [1, 3]},
    {"skip": 1, "hidden": [6, 6, 6, 6], "bn": False, "activation": "tanh", "dropout": 0.2},
    {"skip": 2, "hidden": [6, 6, 6, 6], "norm": "layer", "norm_after": True},
]

class Dropout(nn.Module):
    """Inverted dropout, by bnlab's masks: a function of seed, update, layer, unit and image."""

    def __init__(self, p, seed, layer):
        super().__init__()
        self.p, self.seed, self.layer, self.update = p, seed, layer, 0

    def forward(self, a):
        images, units = a.shape
        kept = mask((units, images), self.p, self.seed, self.update, self.layer)
        self.update += 1
        return a * kept.T / (1 - self.p)


def mask(shape, p, *key):
    """Whether each element of a matrix stays."""
    golden, (low, high) = 0x9E3779B9, mask_key(*key)
    rows = [finalize(finalize(i * golden + low) + high) for i in range(shape[0])]
    return torch.tensor([[finalize(row + j * golden) >= int(p * 2 ** 32) for j in range(shape[1])] for row in rows])


def mask_key(*numbers):
    """SplitMix64, started from each number in turn; the lower and the upper half."""
    key = 0
    for n in numbers:
        key = split_mix(key + n)
    return key % 2 ** 32, key >> 32


def split_mix(x):
    """A number of the generator SplitMix64."""
    x = (x + 0x9E3779B97F4A7C15) % 2 ** 64
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 % 2 ** 64
    x = (x ^ x >> 27) * 0x94D049BB133111EB % 2 ** 64
    return x ^ x >> 31


def finalize(h):
    """The finalizer of MurmurHash3."""
    h %= 2 ** 32
    h = (h ^ h >> 16) * 0x85EBCA6B % 2 ** 32
    h = (h ^ h >> 13) * 0xC2B2AE35 % 2 ** 32
    return h ^ h >> 16


QUANTILES = 2 ** 12


def quantiles():
    """Those of N(0, 1) in the middle of equal parts of the probability, scaled to a variance of 1."""
    q = [statistics.NormalDist().inv_cdf((i + 0.5) / QUANTILES) for i in range(QUANTILES)]
    deviation = (sum(v * v for v in q) / QUANTILES) ** 0.5
    return [v / deviation for v in q]


QUANTILE = quantiles()


def normal(bits):
    """A number of N(0, 1), nearly: of two quantiles, drawn by 12 bits each."""
    return (QUANTILE[bits & 0xFFF] + QUANTILE[bits >> 12 & 0xFFF]) / 2 ** 0.5


ACTIVATIONS = {"relu": nn.ReLU, "leaky": nn.LeakyReLU, "gelu": nn.GELU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}


class GhostBatchNorm(nn.BatchNorm1d):
    """Batch normalisation by groups of consecutive images."""

    def __init__(self, units, eps, size):
        super().__init__(units, eps=eps)
        self.size = size

    def forward(self, s):
        return torch.cat([super(GhostBatchNorm, self).forward(group) for group in s.split(self.size)])


class Noise(nn.Module):
    """The noise after batch normalisation (Santurkar et al. 2018): a scale and a shift for each unit and image, of
    distributions that each unit gets anew in every update."""

    def __init__(self, seed, layer):
        super().__init__()
        self.seed, self.place, self.update = seed, 2 ** 20 + layer, 0

    def forward(self, s):
        low, high = mask_key(self.seed, self.update, self.place)
        self.update += 1
        drawn = [self.unit((high << 32) + low + j, len(s)) for j in range(s.shape[1])]
        scale, shift = (torch.tensor(column, dtype=F64).T for column in zip(*drawn))
        return scale * s + shift

    @staticmethod
    def unit(key, images):
        key = split_mix(key)
        mean, deviation = ((split_mix(key + i) >> 11) * 2.0 ** -53 for i in range(2))
        bits = [split_mix(key + 2 + i) for i in range(images)]
        scale = [1 + 0.25 * deviation + 0.1 * normal(b) for b in bits]
        return scale, [mean - 0.5 + 0.2 * (b >> 32) * 2.0 ** -32 - 0.1 for b in bits]


def then(module, function):
    """The module, followed by a function that shares its place in the network, so that tensors keep their names."""
    module.followed = function
    module.register_forward_hook(lambda _, inputs, output: function(output))


class Skipping(nn.Sequential):
    """A Sequential in which the output of a hidden layer is added to the input of one above, in front of what follows
    its Linear. Each hidden layer begins with its Linear."""

    def __init__(self, modules, skips):
        super().__init__(*modules)
        self.skips = skips

    def forward(self, a):
        outputs = []  # of the layers, from 1
        for module in self:
            if isinstance(module, nn.Linear):
                outputs.append(a)
                a = module(a)
                if len(outputs) in self.skips:
                    a = a + outputs[self.skips[len(outputs)]]
            else:
                a = module(a)
        return a


def skips_of(c):
    """The layer whose output is added to the input of a layer, both counted from 1."""
    skips, free = {}, 1
    for to in range(1 + c.get("skip", 0), len(c["hidden"]) + 1):
        at = to - c.get("skip", 0)
        if c.get("skip", 0) and at >= free and c["hidden"][at - 1] == c["hidden"][to - 1]:
            skips[to], free = at, to
    return skips


def norm_of(c, layer, units):
    """The normalisation of a hidden layer, counted from 0, as a list of one module or none."""
    if c.get("norm_layers") and layer + 1 not in c["norm_layers"]:
        return []
    if c.get("norm") == "layer":
        return [nn.LayerNorm(units, eps=c["bn_eps"])]
    if not c["bn"]:
        return []
    return [GhostBatchNorm(units, c["bn_eps"], c["ghost"]) if "ghost" in c else nn.BatchNorm1d(units, eps=c["bn_eps"])]


def network(c):
    modules, units = [], [IN, *c["hidden"]]
    for layer, (fan_in, fan_out) in enumerate(zip(units, units[1:])):
        linear, activation, norm = nn.Linear(fan_in, fan_out), ACTIVATIONS[c.get("activation", "relu")](), norm_of(c, layer, fan_out)
        if norm and "noisy" in c:
            then(norm[0], Noise(c.get("seed", 1), layer))
        hidden = [activation, *norm] if c.get("norm_after") else [*norm, activation]
        if "dropout" in c:
            then(hidden[-1], Dropout(c["dropout"], c.get("seed", 1), layer))
        modules += [linear, *hidden]
    return Skipping([*modules, nn.Linear(units[-1], CLASSES)], skips_of(c)).double()


def freeze(c, net):
    """Frozen tensors want no gradient, and so get no step: those of a kind, in all layers or in one, counted from 1."""
    layer = 0
    for module in net:
        layer += isinstance(module, nn.Linear)
        for name, p in module.named_parameters():
            kind = {"weight": "W", "bias": "b"} if isinstance(module, nn.Linear) else {"weight": "gamma", "bias": "beta"}
            p.requires_grad = not {kind[name], f"{layer}.{kind[name]}"} & set(c.get("frozen", "").split("+"))


def optimiser_of(c, net):
    """The weight decay of torch.optim's coupled optimisers is the gradient's factor, so 2 lambda."""
    kind, rate = c.get("optimiser", "sgd"), c["eta_min"]
    decay = c["lambda"] if kind == "adamw" else 2 * c["lambda"]
    weights = [p for p in net.parameters() if p.dim() == 2]
    others = [p for p in net.parameters() if p.dim() != 2]
    groups = [{"params": weights, "weight_decay": decay},
              {"params": others, "weight_decay": decay if c.get("decay") == "all" else 0}]
    if kind == "sgd":
        return torch.optim.SGD(groups, lr=rate, momentum=c.get("momentum", 0), nesterov=c.get("nesterov", False))
    adam = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[kind]
    return adam(groups, lr=rate, betas=(c.get("beta1", 0.9), c.get("beta2", 0.999)), eps=c.get("adam_eps", 1e-8))


def schedule_of(c, optimiser):
    kind, low, high, ns = c.get("schedule", "cyclical"), c["eta_min"], c["eta_max"], c["ns"]
    warmup, lr = c.get("warmup", 0), torch.optim.lr_scheduler
    steps = UPDATES - warmup
    for group in optimiser.param_groups:
        group["lr"] = low if kind in ("cyclical", "range") else high
    cycle = dict(base_lr=low, max_lr=high, cycle_momentum=False)
    if kind == "cosine":
        schedule = lr.CosineAnnealingLR(optimiser, steps, low)
    elif kind == "linear":
        schedule = lr.LinearLR(optimiser, 1, low / high, steps)
    elif kind == "step":
        schedule = lr.StepLR(optimiser, c["step_every"], c["step_factor"])
    elif kind == "constant":
        schedule = lr.ConstantLR(optimiser, 1, 0)
    elif kind == "range":
        schedule = lr.ExponentialLR(optimiser, (high / low) ** (1 / (steps - 1)))
    elif c.get("cycle_growth", 1) != 1:
        first, second = (lr.CyclicLR(optimiser, step_size_up=n, **cycle) for n in (ns, ns * c["cycle_growth"]))
        return lr.SequentialLR(optimiser, [first, second], [2 * ns])
    else:
        schedule = lr.CyclicLR(optimiser, step_size_up=ns, scale_fn=lambda n: c.get("cycle_decay", 1) ** (n - 1), **cycle)
    if warmup:
        rising = lr.LinearLR(optimiser, 1 / warmup, 1, warmup - 1)
        return lr.SequentialLR(optimiser, [rising, schedule], [warmup])
    return schedule


def train(c, start, x, labels, look=None):
    """The loss before each update, at which look may look, and the parameters after the last."""
    net = network(c)
    with torch.no_grad():
        for name, p in net.named_parameters():
            p.copy_(start[role_of(c, net)[name]])
    freeze(c, net)
    optimiser = optimiser_of(c, net)
    schedule = schedule_of(c, optimiser)
    losses = []
    for update, (images, y) in enumerate(zip(x, labels)):
        images = augmented(c, images, update)
        if "input_dropout" in c:
            p = c["input_dropout"]
            images = images * mask(images.shape, p, c.get("order_seed", 1), update, -1) / (1 - p)
        if look:
            look(net, update, images, y, optimiser.param_groups[0]["lr"])
        logits = net(images)
        loss = loss_of(c, logits, y)
        losses.append(loss.item())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return losses, {name: p.detach() for name, p in net.named_parameters()}


def augmented(c, images, update):
    """The images of a mini-batch of the first epoch, three planes each, mirrored, shifted and with noise."""
    side, by, changed = round((IN / 3) ** 0.5), c.get("shift", 0), []
    for number, image in enumerate(images, update * BATCH):
        low, high = mask_key(c.get("order_seed", 1), 0, 2 ** 30 + number)
        bits = [split_mix((high << 32) + low + i) for i in range(3 + IN // 2)]
        uniform = [(b >> 11) * 2.0 ** -53 for b in bits]
        planes = image.reshape(3, side, side)
        if c.get("flip") and uniform[0] < 0.5:
            planes = planes.flip(2)
        across, down = (int(u * (2 * by + 1)) for u in uniform[1:3])  # 0 is by to the left, or up
        planes = F.pad(planes, (by,) * 4)[:, 2 * by - down:2 * by - down + side, 2 * by - across:2 * by - across + side]
        image = planes.reshape(-1)
        if "noise" in c:
            image = image + c["noise"] * torch.tensor([normal(b >> 24 * half) for b in bits[3:] for half in range(2)], dtype=F64)
        changed.append(image)
    return torch.stack(changed)


def loss_of(c, logits, y):
    """The loss that is minimised. PyTorch divides the hinge loss by the number of classes."""
    kind, smoothing = c.get("loss", "softmax"), c.get("smoothing", 0)
    if kind == "bce":
        target = (1 - smoothing) * F.one_hot(y, CLASSES).to(F64) + smoothing / CLASSES
        return nn.BCEWithLogitsLoss()(logits, target)
    if kind == "hinge":
        return CLASSES * nn.MultiMarginLoss()(logits, y)
    return nn.CrossEntropyLoss(label_smoothing=smoothing)(logits, y)


def role_of(c, net):
    """By the name of a tensor, the name of that of the same layer and role in the network of the initial parameters,
    which normalises all its hidden layers, in front of the activation, or none."""
    stride = 3 if normalises(c) else 2
    names, layer = {}, -1
    for index, module in enumerate(net):
        layer += isinstance(module, nn.Linear)
        for kind, _ in module.named_parameters():
            names[f"{index}.{kind}"] = f"{layer * stride + (not isinstance(module, nn.Linear))}.{kind}"
    return names


def normalises(c):
    return c["bn"] or c.get("norm") == "layer"


def rounded(t):
    return torch.round(t * 1e4) / 1e4 + 0.0  # + 0.0 turns -0.0 into 0.0


def start_values(c):
    """Random parameters by name: He weights, biases, gamma and beta."""
    values = {}
    for name, p in network(c).named_parameters():
        noise = torch.randn(p.shape, dtype=F64)
        if p.dim() == 2:
            values[name] = rounded(noise * (2 / p.shape[1]) ** 0.5)
        else:
            values[name] = rounded(0.2 * noise + (p.detach() == 1))  # around gamma = 1, beta = 0, b = 0
            if not c["bn"] or "bias" in name:
                values[name] = rounded(0.2 * noise)
    return values


def flat(tensors):
    return {name: t.reshape(-1).tolist() for name, t in tensors.items()}


def data():
    """The mini-batches of all updates, their labels, and the first parameters with and without batch normalisation."""
    torch.manual_seed(22)
    x = rounded(torch.randn(UPDATES, BATCH, IN, dtype=F64))
    labels = torch.randint(CLASSES, (UPDATES, BATCH))
    sizes = dict.fromkeys((tuple(HIDDEN), *(tuple(c["hidden"]) for c in CASES if "hidden" in c)))
    bases = {(bn, *hidden): {**COMMON, "bn": bn, "hidden": list(hidden)} for hidden in sizes for bn in (True, False)}
    return x, labels, {key: start_values(c) for key, c in bases.items()}


def start_of(c):
    """The key of the initial parameters of a case."""
    return normalises(c), *c["hidden"]


def main():
    torch.set_num_threads(1)
    x, labels, start = data()
    plain = {(bn, *hidden): train({**COMMON, "bn": bn, "hidden": hidden}, values, x, labels)[0] for (bn, *hidden), values in start.items()}
    cases = []
    for case in CASES:
        c = {**COMMON, **case}
        if "norm" in c:
            c["bn"] = False
        key = start_of(c)
        losses, after = train(c, start[key], x, labels)
        trace = max(abs(a - b) for a, b in zip(losses, plain[key]))
        assert trace > 1e-6, f"{case} does not tell"
        cases.append({"config": c, "losses": losses, "after": flat(after)})
        print(f"{json.dumps(case)}: loss {losses[0]:.4f} to {losses[-1]:.4f}, differs by {trace:.1e}")
    doc = {"x": x.reshape(-1, IN).tolist(), "labels": labels.reshape(-1).tolist(),
           "start": [{"norm": bn, "hidden": hidden, "values": flat(values)} for (bn, *hidden), values in start.items()]}
    lines = [f'"{key}":' + json.dumps(value, separators=(",", ":"), allow_nan=False) for key, value in doc.items()]
    lines.append('"cases":[\n' + ",\n".join(json.dumps(c, separators=(",", ":"), allow_nan=False) for c in cases) + "\n]")
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{OUT.name}: {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
