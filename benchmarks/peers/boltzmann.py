"""Boltzmann machines, as in Sources/Models/Families/Boltzmann: a step of learning for the benchmarks, and a reader of files without classes.

The reader computes free energies, or for two layers mean field's bounds, and the normalising constant: by counting where there are at most 14
units in the first layer, else by annealing.

    cd benchmarks; python -m peers.boltzmann MODEL.safetensors IMAGES
"""
import argparse
import math
import pathlib

import numpy
import torch
from torch import nn
from torch.nn import functional

from . import pictures, weights


class RBM(nn.Module):
    """A restricted machine without offsets, which learns by persistent chains."""

    def __init__(self, pixels=784, hidden=500, chains=128):
        super().__init__()
        self.weight = nn.Parameter(0.01 * torch.randn(hidden, pixels))
        self.hidden_bias = nn.Parameter(torch.zeros(hidden))
        self.visible_bias = nn.Parameter(torch.zeros(pixels))
        self.register_buffer("chains", (torch.rand(chains, pixels) < 0.5).float(), persistent=False)

    def inputs(self, visible):
        return functional.linear(visible, self.weight, self.hidden_bias)

    def free_energies(self, visible):
        return -functional.softplus(self.inputs(visible).float()).sum(1) - visible @ self.visible_bias

    def loss(self, levels, step):
        """The mean free energy of images less that of chains, which are moved on by a sweep before."""
        with torch.no_grad():
            hidden = torch.bernoulli(torch.sigmoid(self.inputs(self.chains).float()))
            visible = functional.linear(hidden, self.weight.t(), self.visible_bias)
            self.chains.copy_(torch.bernoulli(torch.sigmoid(visible.float())))
        return self.free_energies(levels.flatten(1)).mean() - self.free_energies(self.chains).mean()

    def own_weights(self, tensors):
        return {name: value for name, value in tensors.items() if name != "chains"}


def sigmoid(x):
    return 1 / (1 + numpy.exp(-x))


def softplus(x):
    return numpy.logaddexp(0, x)


class Machine:
    """The numbers of a file as those of an ordinary machine, in float64: rows of pixels, and of the second layer where there is one, against
    the first layer."""

    def __init__(self, tensors, pixels):
        self.weight, self.a, self.b, self.chains = (
            tensors[name].numpy().astype("float64") for name in ("weight", "hidden_bias", "visible_bias", "chains")
        )
        assert "class_weight" not in tensors, "a machine with classes"
        if "offsets.hidden" in tensors:
            alpha, beta = (tensors[f"offsets.{side}"].numpy().astype("float64") for side in ("hidden", "visible"))
            self.a, self.b = self.a - self.weight @ beta, self.b - alpha @ self.weight
        self.pixels, self.upper = pixels, len(self.b) - pixels

    def log_weights(self, images, updates=50):
        """-F of images, or mean field's bound of it."""
        pixels, upper = self.weight[:, : self.pixels], self.weight[:, self.pixels :]
        fixed = images @ pixels.T + self.a
        d = self.b[self.pixels :]
        means = sigmoid(d)[None].repeat(len(images), 0)
        for _ in range(updates if self.upper else 0):
            means = sigmoid(sigmoid(fixed + means @ upper.T) @ upper + d)
        inside = numpy.clip(means, 1e-12, 1 - 1e-12)
        entropies = -(inside * numpy.log(inside) + (1 - inside) * numpy.log(1 - inside)).sum(1)
        return images @ self.b[: self.pixels] + means @ d + softplus(fixed + means @ upper.T).sum(1) + entropies

    def counted(self):
        """log Z by every state of the first layer."""
        count = len(self.a)
        states = (numpy.arange(1 << count)[:, None] >> numpy.arange(count) & 1).astype("float64")
        sums = [part @ self.a + softplus(part @ self.weight + self.b).sum(1) for part in numpy.array_split(states, 16)]
        return numpy.logaddexp.reduce(numpy.concatenate(sums)), 0.0

    def annealed(self, chains=100, steps=3000):
        """log Z by annealed importance sampling from units with the rates of the file's chains, and its standard error."""
        random = numpy.random.default_rng(0)
        rates = (self.chains.sum(0) + 1) / (len(self.chains) + 2)
        base = numpy.log(rates / (1 - rates))
        units = (random.random((chains, len(base))) < rates).astype("float64")
        logarithms = numpy.zeros(chains)
        betas = numpy.concatenate(
            [numpy.linspace(0, 0.5, steps // 29), numpy.linspace(0.5, 0.9, 8 * steps // 29), numpy.linspace(0.9, 1, 20 * steps // 29)]
        )
        for before, beta in zip(betas, betas[1:]):
            inputs = units @ self.weight.T + self.a
            logarithms += (beta - before) * (units @ (self.b - base))
            logarithms += (softplus(beta * inputs) - softplus(before * inputs)).sum(1)
            hidden = random.random(inputs.shape) < sigmoid(beta * inputs)
            pulled = (1 - beta) * base + beta * (hidden @ self.weight + self.b)
            units = (random.random(units.shape) < sigmoid(pulled)).astype("float64")
        mean = numpy.logaddexp.reduce(logarithms) - math.log(chains)
        error = numpy.exp(logarithms - mean).std(ddof=1) / math.sqrt(chains)
        return mean + len(self.a) * math.log(2) + softplus(base).sum(), error


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("images", type=pathlib.Path)
    options = parser.parse_args()
    tensors, metadata = weights.read(options.model)
    assert metadata["model"] in ("rbm", "dbm")
    images = pictures.read(options.images, int(metadata["channels"]), 2).permute(0, 2, 3, 1).flatten(1).double().numpy()
    machine = Machine(tensors, images.shape[1])
    logarithm, error = machine.counted() if len(machine.a) <= 14 else machine.annealed()
    energy = -machine.log_weights(images).mean()
    print(
        f"{metadata['model']}: {len(images)} images, energy {energy:.4f} nats, log Z {logarithm:.4f} +- {error:.4f}: "
        f"{energy + logarithm:.4f} nats an image"
    )


if __name__ == "__main__":
    main()
