"""Real NVP, as in Sources/Models/Zoo/RealNVP.swift, and the noise by which lacuna dequantises an image that it scores.

    cd benchmarks; python -m peers.flows MODEL.safetensors IMAGES
"""
import argparse
import math
import pathlib

import numpy
import torch
from torch import nn
from torch.nn import functional

from . import orders, pictures, weights

VALIDATION = 5  # a purpose, as in Sources/Tensors/RandomSource.swift


class ResidualBlock(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.first = nn.Conv2d(features, features, 3, padding=1)
        self.second = nn.Conv2d(features, features, 3, padding=1)

    def forward(self, x):
        return x + self.second(functional.silu(self.first(functional.silu(x))))


class Coupling(nn.Module):
    """Scales and shifts what a mask leaves free by what a network makes of the rest."""

    def __init__(self, held, features, blocks, classes):
        super().__init__()
        channels = held.shape[0]
        self.held = held[None].float()
        self.entry = nn.Conv2d(channels, features, 3, padding=1)
        self.condition = nn.Linear(classes, features, bias=False) if classes else None
        self.blocks = [ResidualBlock(features) for _ in range(blocks)]
        for index, block in enumerate(self.blocks):
            self.add_module(f"block{index}", block)
        self.exit = nn.Conv2d(features, 2 * channels, 3, padding=1)
        self.bound = nn.Parameter(torch.ones(channels))

    def forward(self, x, condition):
        features = self.entry(x * self.held)
        if self.condition is not None:
            features = features + self.condition(condition)[:, :, None, None]
        for block in self.blocks:
            features = block(features)
        with torch.autocast("cpu", enabled=False):
            scale, shift = self.exit(functional.silu(features).float()).chunk(2, 1)
        free = 1 - self.held
        scale = torch.tanh(scale) * self.bound[:, None, None] * free
        return x * torch.exp(scale) + shift * free, scale.flatten(1).sum(1)


def squares(height, width, channels, first):
    """Which values of a chequerboard are held, `[channels, height, width]`."""
    places = torch.arange(height)[:, None] + torch.arange(width)
    return ((places % 2 == 0) == first).expand(channels, height, width)


def halves(height, width, channels, first):
    """Which channels are held."""
    return ((torch.arange(channels) < channels // 2) == first)[:, None, None].expand(channels, height, width)


class RealNVP(nn.Module):
    """The defaults are lacuna's."""

    def __init__(
        self, channels, levels, height, width, scales=2, couplings=3, features=32, blocks=2, margin=0.05, prior="normal",
        classes=0,
    ):
        super().__init__()
        self.levels, self.margin, self.prior, self.classes = levels, margin, prior, classes
        self.scales = []

        def chain(name, mask, count, size):
            made = [Coupling(mask(*size, index % 2 == 0), features, blocks, classes) for index in range(count)]
            for index, coupling in enumerate(made):
                self.add_module(f"{name}_coupling{index}", coupling)
            return made

        size = (height, width, channels)
        while len(self.scales) < scales and size[0] % 2 == 0 and size[1] % 2 == 0:
            name = f"scale{len(self.scales)}"
            pixels = chain(f"{name}_pixels", squares, couplings, size)
            size = (size[0] // 2, size[1] // 2, 4 * size[2])
            self.scales.append((pixels, chain(f"{name}_channels", halves, couplings, size)))
            size = (size[0], size[1], size[2] // 2)
        self.last = chain("last", squares if size[0] * size[1] > 1 else halves, couplings + 1, size)

    def forward(self, points, condition=None):
        """Components and log determinants of points in 0 to 1, `[images, channels, height, width]`."""
        inner = self.margin + (1 - 2 * self.margin) * points
        x = torch.log(inner) - torch.log1p(-inner)
        logarithms = -(torch.log(inner) + torch.log1p(-inner)).flatten(1).sum(1)
        logarithms = logarithms + points[0].numel() * math.log(1 - 2 * self.margin)
        left = []
        for pixels, channels in self.scales:
            for coupling in pixels:
                x, addend = coupling(x, condition)
                logarithms = logarithms + addend
            images, count, height, width = x.shape
            # A square's pixels become channels, pixel by pixel.
            x = x.reshape(images, count, height // 2, 2, width // 2, 2).permute(0, 3, 5, 1, 2, 4)
            x = x.reshape(images, 4 * count, height // 2, width // 2)
            for coupling in channels:
                x, addend = coupling(x, condition)
                logarithms = logarithms + addend
            x, rest = x.chunk(2, 1)
            left.append(rest)
        for coupling in self.last:
            x, addend = coupling(x, condition)
            logarithms = logarithms + addend
        # As rows of an image lie in memory: channels innermost.
        return torch.cat([part.permute(0, 2, 3, 1).flatten(1) for part in [*left, x]], 1), logarithms

    def log_densities(self, levels, offsets, condition=None):
        """log p of levels and what was added to them, in units of levels."""
        components, logarithms = self((levels + offsets) / self.levels, condition)
        if self.prior == "normal":
            priors = -0.5 * (components**2 + math.log(2 * math.pi))
        else:
            priors = functional.logsigmoid(components) + functional.logsigmoid(-components)
        return priors.sum(1) + logarithms - components.shape[1] * math.log(self.levels)

    def loss(self, levels, step):
        """The mean negative log-density, in nats."""
        return -self.log_densities(levels, torch.rand_like(levels)).mean()

    def own_weights(self, tensors):
        """Weights of a lacuna file under this module's names."""
        found = {}
        for name, value in tensors.items():
            parts = name.removeprefix("encoder.").split(".")
            place = next(index for index, part in enumerate(parts) if part.startswith("coupling"))
            found[".".join(["_".join(parts[: place + 1]), *parts[place + 1 :]])] = value
        return found


def hashed(values):
    """The hash of an image's levels: FNV-1a of whole numbers."""
    total = 0xCBF29CE484222325
    for value in values:
        total = ((total ^ int(value)) * 0x100000001B3) % 2**64
    return total


def offsets(levels):
    """What lacuna adds to the levels of images that it scores, `[images, channels, height, width]`."""
    rows = levels.permute(0, 2, 3, 1)
    draws = [orders.uniforms(VALIDATION, hashed(row.flatten().tolist()), row.numel()) for row in rows]
    return torch.from_numpy(numpy.stack(draws)).reshape(rows.shape).permute(0, 3, 1, 2)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("images", type=pathlib.Path)
    options = parser.parse_args()
    tensors, metadata = weights.read(options.model)
    setting = lambda name: metadata[f"setting.{name}"]
    assert metadata["model"] == "realnvp" and setting("dequantization") == "uniform"
    channels, levels = int(metadata["channels"]), int(metadata["levels"])
    network = RealNVP(
        channels, levels, int(metadata["height"]), int(metadata["width"]), int(setting("scales")),
        int(setting("couplings")), int(setting("channels")), int(setting("blocks")), float(setting("margin")),
        setting("prior"), len(tensors.get("encoder.last.coupling0.condition.weight", [[]])[0]),
    )
    network.load_state_dict(network.own_weights(tensors), strict=True)
    images = pictures.read(options.images, channels, levels)
    condition = torch.zeros(len(images), network.classes) if network.classes else None
    with torch.no_grad():
        densities = network.log_densities(images, offsets(images), condition)
    print(f"realnvp: {len(images)} images, {-densities.mean():.4f} nats an image, without classes")


if __name__ == "__main__":
    main()
