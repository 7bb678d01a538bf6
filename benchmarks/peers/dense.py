"""Two dense layers, as in Sources/Tasks/Benchmarks/DenseNetwork.swift."""
import torch
from torch import nn
from torch.nn import functional


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
