"""Dense layers, as in Sources/Tasks/Benchmarks/DenseNetwork.swift and, masked, in Sources/Models/Zoo/Made.swift."""
import torch
from torch import nn
from torch.nn import functional

from . import orders


class Dense(nn.Module):
    """From an image's pixels to the log-odds of the same pixels."""

    def __init__(self, pixels=784, hidden=8000):
        super().__init__()
        self.first = nn.Linear(pixels, hidden)
        self.second = nn.Linear(hidden, pixels)

    def loss(self, levels, step):
        """The mean negative log-likelihood of the images, in nats."""
        levels = levels.flatten(1)
        logits = self.second(torch.relu(self.first(2 * levels - 1))).float()
        return functional.binary_cross_entropy_with_logits(logits, levels, reduction="sum") / levels.shape[0]

    def own_weights(self, weights):
        return weights


class MaskedLinear(nn.Linear):
    """Of which an output sees only some inputs."""

    def __init__(self, mask, bias=True):
        super().__init__(mask.shape[1], mask.shape[0], bias=bias)
        self.mask = mask.float()

    def forward(self, x):
        return functional.linear(x, self.weight * self.mask, self.bias)


class MADE(nn.Module):
    """A masked autoencoder of one order with a direct connection; no hidden unit is told what it sees."""

    def __init__(self, pixels=784, hidden=2000, layers=2):
        super().__init__()
        ranks = torch.empty(pixels, dtype=torch.long)
        ranks[torch.tensor(orders.order(0, pixels))] = torch.arange(pixels)
        degrees = 1 + torch.arange(hidden) * max(1, pixels - 1) // hidden
        self.hidden = [
            MaskedLinear(ranks[None] < degrees[:, None] if layer == 0 else degrees[None] <= degrees[:, None])
            for layer in range(layers)
        ]
        for index, layer in enumerate(self.hidden):
            self.add_module(f"hidden{index}", layer)
        self.output = MaskedLinear(degrees[None] <= ranks[:, None])
        self.direct = MaskedLinear(ranks[None] < ranks[:, None], bias=False)

    def loss(self, levels, step):
        """The mean negative log-likelihood of the images, in nats."""
        levels = levels.flatten(1)
        x = features = 2 * levels - 1
        for layer in self.hidden:
            features = functional.silu(layer(features))
        logits = (self.output(features) + self.direct(x)).float()
        return functional.binary_cross_entropy_with_logits(logits, levels, reduction="sum") / levels.shape[0]

    def own_weights(self, weights):
        return weights
