"""Networks of bnlab in PyTorch, and networks of PyTorch in bnlab."""
import json
import unittest

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn

import support

TOLERANCE = {torch.float32: 1e-5, torch.float64: 1e-10}


class ModelTest(unittest.TestCase):
    def evaluate(self, path, *flags):
        """bnlab's logits of the test images, and its accuracy."""
        logits = support.scratch() / "logits.npy"
        report = support.run_json("eval", "--data", support.data_dir(), "--dataset", "cifar10", "--logits", logits, *flags, path)
        self.assertEqual(report["images"], 10000)
        return np.load(logits), report["accuracy"]

    def same(self, net, path, mean, std, flags=()):
        """Holds bnlab's logits and accuracy against PyTorch's, number by number."""
        pixels, labels = support.images(test=True)
        ours, accuracy = self.evaluate(path, *flags)
        theirs = support.logits_of(net, pixels, mean, std)
        dtype = next(net.parameters()).dtype
        self.assertEqual((ours.shape, ours.dtype), (theirs.shape, theirs.dtype))
        difference = np.abs(ours.astype(np.float64) - theirs).max()
        print(f"{self.id().split('.')[-1]}: logits up to {np.abs(theirs).max():.1f}, largest difference {difference:.1e}, "
              f"accuracy {accuracy:.4f}", flush=True)
        self.assertLess(difference, TOLERANCE[dtype])
        # Where the two best logits are as near as the difference, either may win.
        best = np.sort(theirs, axis=1)
        decided = best[:, -1] - best[:, -2] > 2 * difference
        correct = (theirs.argmax(axis=1) == labels)
        self.assertLessEqual(abs(accuracy * len(labels) - correct.sum()), (~decided).sum() + 1e-6)
        return accuracy


class TestSavedHere(ModelTest):
    def load(self, precision, *flags):
        """Trains in bnlab and loads the network into PyTorch."""
        path = support.scratch() / f"{self.id()}.safetensors"
        support.run("train", "--data", support.data_dir(), "--dataset", "cifar10", "--precision", precision, "--ns", 200, "--cycles", 1,
                    "--evals", 1, "--quiet", "--save", path, *flags)
        with safe_open(path, "pt") as f:
            metadata = {key.removeprefix("bnlab."): json.loads(value) for key, value in f.metadata().items()}
        state = load_file(path)
        config = metadata["config"]
        net = support.sequential(state, config["bn_eps"], 1 - config["bn_alpha"], config.get("activation", "relu"), config.get("norm_after", False))
        net.load_state_dict(state, strict=True)
        return path, net, np.array(metadata["input_mean"]), np.array(metadata["input_std"])

    def check(self, precision, *flags):
        path, net, mean, std = self.load(precision, *flags)
        self.assertGreater(self.same(net, path, mean, std), 0.2)
        for ours, theirs in zip((mean, std), support.statistics()):
            np.testing.assert_allclose(ours, theirs, rtol=1e-9)

    def test_f32(self):
        self.check("f32")

    def test_f32_bn(self):
        self.check("f32", "--bn")

    def test_f64(self):
        self.check("f64", "--hidden", "40,30,20")

    def test_f64_bn(self):
        self.check("f64", "--bn", "--hidden", "50,30,20")

    def test_activations(self):
        """Each function between the layers is PyTorch's module of the same name."""
        for name in ("leaky", "gelu", "tanh", "sigmoid"):
            with self.subTest(name):
                self.check("f64", "--bn", "--activation", name, "--overwrite")

    def test_normalisations(self):
        """LayerNorm takes the place of BatchNorm1d, either may follow the activation, or be left out of a layer."""
        for flags in ("--norm layer", "--norm layer --norm-after --norm-layers 2", "--bn --norm-after", "--bn --norm-layers 1 --noisy --ghost 20"):
            with self.subTest(flags):
                self.check("f64", *flags.split(), "--overwrite")

    def test_skips(self):
        """PyTorch takes the tensors of a network with skips, strictly; the sums are a module's own."""
        path, net, mean, std = self.load("f64", "--bn", "--hidden", "40,30,30,30", "--skip", "1")
        self.assertGreater(self.same(Skipping(*net), path, mean, std), 0.2)

    def test_tuned_further(self):
        """A network that goes on training in PyTorch keeps its metadata, and with it what bnlab has to know."""
        path, net, mean, std = self.load("f32", "--bn")
        train(net, mean, std, steps=20, rate=1e-3)
        with safe_open(path, "pt") as f:
            metadata = f.metadata()
        tuned = support.scratch() / "tuned.safetensors"
        save_file(net.state_dict(), tuned, metadata)
        self.same(net, tuned, mean, std)


class Skipping(nn.Sequential):
    """Adds what a hidden layer reads to what its Linear makes of it, where both have the same width."""

    def forward(self, a):
        for module in self:
            same = isinstance(module, nn.Linear) and module.in_features == module.out_features
            a = module(a) + a if same else module(a)
        return a


def train(net, mean, std, steps=100, rate=3e-3):
    """Trains on some of the images, as one does in PyTorch."""
    torch.manual_seed(1)
    pixels, labels = support.images(test=False)
    dtype = next(net.parameters()).dtype
    optimizer = torch.optim.Adam(net.parameters(), lr=rate)
    net.train()
    for step in range(steps):
        batch = slice(100 * step, 100 * step + 100)
        x = torch.from_numpy((pixels[batch] - mean) / std).to(dtype)
        loss = nn.functional.cross_entropy(net(x), torch.from_numpy(labels[batch]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


class TestSavedByTorch(ModelTest):
    def net(self, eps=1e-5, bn=True, norm=nn.BatchNorm1d, after=False):
        torch.manual_seed(1)
        sizes, layers = [3072, 60, 40], []
        for units, out in zip(sizes, sizes[1:]):
            normalise = [norm(out, eps=eps)] * bn
            layers += [nn.Linear(units, out), *([nn.ReLU(), *normalise] if after else [*normalise, nn.ReLU()])]
        return nn.Sequential(*layers, nn.Linear(40, 10))

    def check(self, net, mean, std, *flags):
        train(net, mean, std)
        path = support.scratch() / "torch.safetensors"
        save_file(net.state_dict(), path)
        self.assertGreater(self.same(net, path, mean, std, flags), 0.2)

    def test_standardised_like_bnlab(self):
        self.check(self.net(), *support.statistics())

    def test_without_bn(self):
        self.check(self.net(bn=False), *support.statistics())

    def test_double(self):
        self.check(self.net().double(), *support.statistics())

    def test_torchvision_normalize(self):
        mean, std = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)
        self.check(self.net(), 255 * np.repeat(mean, 1024), 255 * np.repeat(std, 1024),
                   "--input-mean", ",".join(map(str, mean)), "--input-std", ",".join(map(str, std)))

    def test_layer_norm(self):
        self.check(self.net(norm=nn.LayerNorm), *support.statistics(), "--norm", "layer")

    def test_after_the_activation(self):
        for norm in (nn.BatchNorm1d, nn.LayerNorm):
            with self.subTest(norm.__name__):
                self.check(self.net(norm=norm, after=True), *support.statistics())

    def test_skips(self):
        torch.manual_seed(1)
        net = Skipping(nn.Linear(3072, 40), nn.ReLU(), nn.Linear(40, 40), nn.ReLU(), nn.Linear(40, 10))
        self.check(net, *support.statistics(), "--skip", 1)

    def test_other_eps(self):
        self.check(self.net(eps=0.1), *support.statistics(), "--bn-eps", 0.1)

    def test_what_is_assumed_is_told(self):
        path = support.scratch() / "plain.safetensors"
        save_file(self.net().state_dict(), path)
        _, told = support.run("eval", "--data", support.data_dir(), path)
        self.assertIn("holds no means and deviations of its training images; using those of CIFAR-10", told)


if __name__ == "__main__":
    unittest.main()
