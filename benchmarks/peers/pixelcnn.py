"""Gated PixelCNN, as in Sources/Models/PixelCNN: two stacks of shifted dense kernels, the vertical ones dilated."""
import torch
from torch import nn
from torch.nn import functional

from . import causal
from .pixels import negative_log_likelihood, parameter_count


def gate(x):
    a, b = x.chunk(2, 1)
    return torch.tanh(a) * torch.sigmoid(b)


class GatedBlock(nn.Module):
    """One gated layer of both stacks."""

    def __init__(self, channels, kernel, dilation, is_last):
        super().__init__()
        half = kernel // 2 + 1
        self.vertical = causal.above_and_here(channels, 2 * channels, half, kernel, dilation)
        self.horizontal = causal.left_and_here(channels, 2 * channels, half)
        self.from_vertical = nn.Conv2d(channels, 2 * channels, 1, bias=False)
        self.residual = None if is_last else nn.Conv2d(channels, channels, 1)
        self.skip = nn.Conv2d(channels, channels, 1)

    def forward(self, vertical, horizontal):
        vertical = vertical + gate(self.vertical(vertical))
        gated = gate(self.horizontal(horizontal) + self.from_vertical(vertical))
        if self.residual is not None:
            horizontal = horizontal + self.residual(gated)
        return vertical, horizontal, self.skip(gated)


class PlaceEmbedding(nn.Module):
    """A vector for each row and one for each column."""

    def __init__(self, height, width, channels):
        super().__init__()
        self.rows = nn.Parameter(torch.zeros(height, 1, channels))
        self.columns = nn.Parameter(torch.zeros(1, width, channels))

    def forward(self):
        """`[1, channels, height, width]`."""
        return (self.rows + self.columns).permute(2, 0, 1)[None]


class Attention(nn.Module):
    """From each pixel to those before it: one head with keys of 16 numbers."""

    def __init__(self, channels, height, width, features, size=16):
        super().__init__()
        self.features = nn.Linear(features, features)
        self.pixel = nn.Linear(channels, features, bias=False)
        self.key, self.query, self.value = (nn.Linear(features, count) for count in (size, size, features))
        self.key_place = PlaceEmbedding(height, width, size)
        self.query_place = PlaceEmbedding(height, width, size)
        self.residual, self.skip = nn.Linear(features, features), nn.Linear(features, features)

    def forward(self, horizontal, image):
        """What is added to the next layer's input and to the result."""
        places = lambda x: x.flatten(2).mT
        x = places(horizontal)
        seen = functional.silu(self.features(x) + self.pixel(places(image)))
        queries = self.query(x) + places(self.query_place())
        keys = self.key(seen) + places(self.key_place())
        mask = torch.ones(x.shape[1] - 1, x.shape[1] - 1, dtype=torch.bool).tril()
        fetched = functional.scaled_dot_product_attention(
            queries[:, 1:].float(), keys[:, :-1].float(), self.value(seen)[:, :-1].float(), attn_mask=mask
        )
        fetched = functional.pad(fetched, (0, 0, 1, 0)).to(x.dtype)
        return tuple(layer(fetched).mT.reshape(horizontal.shape) for layer in (self.residual, self.skip))


class PixelCNN(nn.Module):
    """The defaults are lacuna's."""

    def __init__(
        self, channels, levels, side, layers=10, features=48, kernel=3, first_kernel=7, dilations=(1, 2, 4), mixtures=10,
        attention=0,
    ):
        super().__init__()
        self.levels, self.mixtures = levels, mixtures
        self.place = PlaceEmbedding(side, side, features)
        self.vertical = causal.above(channels, features, first_kernel // 2, first_kernel)
        self.horizontal = causal.left(channels, features, first_kernel // 2)
        self.blocks = [
            GatedBlock(features, kernel, dilations[index % len(dilations)], index == layers - 1)
            for index in range(layers)
        ]
        for index, block in enumerate(self.blocks):
            self.add_module(f"block{index}", block)
        # After which gated layer each attention comes.
        self.attentions = {}
        for index in range(attention):
            self.attentions[(index + 1) * layers // (attention + 1) - 1] = Attention(channels, side, side, features)
        for index, module in enumerate(self.attentions.values()):
            self.add_module(f"attention{index}", module)
        self.head = nn.Conv2d(features, features, 1)
        self.output = nn.Conv2d(features, parameter_count(channels, levels, mixtures), 1)

    def forward(self, levels):
        """The parameters of every pixel's distribution, float32 `[images, parameters, height, width]`."""
        image = levels * (2 / (self.levels - 1)) - 1
        vertical, horizontal = self.vertical(image) + self.place(), self.horizontal(image)
        skip = 0
        for index, block in enumerate(self.blocks):
            vertical, horizontal, addend = block(vertical, horizontal)
            skip = skip + addend
            if index in self.attentions:
                residual, addend = self.attentions[index](horizontal, image)
                horizontal, skip = horizontal + residual, skip + addend
        features = torch.relu(self.head(torch.relu(skip)))
        with torch.autocast("cpu", enabled=False):
            return self.output(features.float())

    def loss(self, levels, step):
        """The mean negative log-likelihood of the images, in nats."""
        return negative_log_likelihood(self(levels), levels, self.levels, self.mixtures, causal=True).mean()

    def own_weights(self, weights):
        """Weights of a lacuna file under this module's names: the two last layers are convolutions of one pixel."""
        return {
            name: value[:, :, None, None] if name in ("head.weight", "output.weight") else value
            for name, value in weights.items()
        }
