import json
import os
from pathlib import Path

import hydra
import numpy as np
import torch
from torch import nn


def images(*names):
    raw = np.concatenate([np.fromfile(Path(os.environ["CIFAR10_DIR"]) / f, np.uint8).reshape(-1, 3073) for f in names])
    return raw[:, 1:].astype(np.float32) / 255, torch.from_numpy(raw[:, 0].astype(np.int64))


def network(hidden, bn):
    layers, width = [], 3072
    for units in hidden:
        linear = nn.Linear(width, units)
        nn.init.kaiming_normal_(linear.weight)
        nn.init.zeros_(linear.bias)
        layers += [linear, nn.BatchNorm1d(units), nn.ReLU()] if bn else [linear, nn.ReLU()]
        width = units
    last = nn.Linear(width, 10)
    nn.init.kaiming_normal_(last.weight)
    nn.init.zeros_(last.bias)
    return nn.Sequential(*layers, last)


def accuracy(net, x, y):
    net.eval()
    with torch.no_grad():
        return (net(x).argmax(1) == y).float().mean().item()


def train(cfg):
    torch.set_num_threads(1)
    x, y = images(*(f"data_batch_{i}.bin" for i in range(1, 6)))
    test_x, test_y = images("test_batch.bin")
    n = len(x) - cfg.val
    mean, std = x[:n].mean(0), x[:n].std(0)
    x, test_x = torch.from_numpy((x - mean) / std), torch.from_numpy((test_x - mean) / std)
    torch.manual_seed(cfg.seed)
    net = network(cfg.hidden, cfg.bn)
    weights = [p for p in net.parameters() if p.dim() == 2]
    others = [p for p in net.parameters() if p.dim() != 2]
    optimizer = torch.optim.SGD([{"params": weights, "weight_decay": 2 * cfg.decay}, {"params": others}], lr=cfg.eta_min)
    order, step = np.random.default_rng(1), 0
    while step < 2 * cfg.ns:
        for index in torch.from_numpy(order.permutation(n)).split(cfg.batch):
            if step == 2 * cfg.ns:
                break
            up = 1 - abs(step / cfg.ns - 1)
            for group in optimizer.param_groups:
                group["lr"] = cfg.eta_min + up * (cfg.eta_max - cfg.eta_min)
            net.train()
            optimizer.zero_grad(set_to_none=True)
            nn.functional.cross_entropy(net(x[index]), y[index]).backward()
            optimizer.step()
            step += 1
    return accuracy(net, x[n:], y[n:]), accuracy(net, test_x, test_y)


@hydra.main(version_base=None, config_path=".", config_name="config")
def main(cfg):
    val, test = train(cfg)
    result = {"bn": cfg.bn, "eta_max": cfg.eta_max, "seed": cfg.seed, "val_acc": val, "test_acc": test}
    Path(hydra.core.hydra_config.HydraConfig.get().runtime.output_dir, "result.json").write_text(json.dumps(result))


if __name__ == "__main__":
    main()
