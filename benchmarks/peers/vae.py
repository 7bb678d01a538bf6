"""The convolutional variational autoencoder of Sources/Models/VariationalAutoencoder.swift."""
import torch
from torch import nn
from torch.nn import functional

from .pixels import negative_log_likelihood, parameter_count


def resolutions(size):
    """The image's side, then each half of the one before until none is above 8."""
    sizes = [size]
    while sizes[-1] > 8:
        sizes.append((sizes[-1] + 1) // 2)
    return sizes


def width(index, channels):
    return [channels // 2, channels, 2 * channels][index] if index < 3 else 4 * channels


class ResidualBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        return x + self.second(functional.silu(self.first(functional.silu(x))))


class Encoder(nn.Module):
    def __init__(self, sizes, image_channels, channels, hidden, latent):
        super().__init__()
        inputs = image_channels
        self.stages = range(1, len(sizes))
        for index in self.stages:
            outputs = width(index, channels)
            self.add_module(f"down{index}", nn.Conv2d(inputs, outputs, 5, stride=2, padding=2))
            self.add_module(f"block{index}", ResidualBlock(outputs))
            inputs = outputs
        self.dense = nn.Linear(sizes[-1] ** 2 * inputs, hidden)
        self.mean = nn.Linear(hidden, latent)
        self.log_variance = nn.Linear(hidden, latent)

    def forward(self, x):
        for index in self.stages:
            x = getattr(self, f"block{index}")(getattr(self, f"down{index}")(x))
        features = functional.silu(self.dense(functional.silu(x).flatten(1)))
        with torch.autocast("cpu", enabled=False):
            features = features.float()
            return self.mean(features), self.log_variance(features).clamp(-14, 8)


class Decoder(nn.Module):
    def __init__(self, sizes, parameters, channels, hidden, latent):
        super().__init__()
        top = len(sizes) - 1
        self.start = (width(top, channels), sizes[top], sizes[top])
        self.dense = nn.Linear(latent, hidden)
        self.spread = nn.Linear(hidden, self.start[0] * sizes[top] ** 2)
        self.stages = range(top - 1, -1, -1)
        for index in self.stages:
            inputs = width(index + 1, channels)
            self.add_module(f"block{index + 1}", ResidualBlock(inputs))
            grown = 2 * sizes[index + 1] - 1
            self.add_module(
                f"up{index}",
                nn.ConvTranspose2d(
                    inputs, width(index, channels), 5, stride=2, padding=2, output_padding=sizes[index] - grown
                ),
            )
        self.last = nn.Conv2d(width(0, channels), width(0, channels), 3, padding=1)
        self.output = nn.Conv2d(width(0, channels), parameters, 1)

    def forward(self, latents):
        x = self.spread(functional.silu(self.dense(latents))).unflatten(1, self.start)
        for index in self.stages:
            block, up = getattr(self, f"block{index + 1}"), getattr(self, f"up{index}")
            x = up(functional.silu(block(x)))
        x = functional.silu(self.last(functional.silu(x)))
        with torch.autocast("cpu", enabled=False):
            return self.output(x.float())


class VAE(nn.Module):
    """The defaults are lacuna's."""

    def __init__(self, image_channels, levels, size, latent=32, channels=32, hidden=256, mixtures=5, warm_up=2000):
        super().__init__()
        self.levels, self.mixtures, self.warm_up = levels, mixtures, warm_up
        sizes = resolutions(size)
        parameters = parameter_count(image_channels, levels, mixtures)
        self.encoder = Encoder(sizes, image_channels, channels, hidden, latent)
        self.decoder = Decoder(sizes, parameters, channels, hidden, latent)

    def encode(self, levels):
        """The mean and the log variance of each image's posterior."""
        return self.encoder(levels * (2 / (self.levels - 1)) - 1)

    def bounds(self, levels, noise, warmth=1.0):
        """The negative lower bound of each image in nats."""
        mean, log_variance = self.encode(levels)
        latents = mean + torch.exp(0.5 * log_variance) * noise
        losses = negative_log_likelihood(self.decoder(latents), levels, self.levels, self.mixtures)
        divergence = 0.5 * (log_variance.exp() + mean.square() - log_variance - 1).sum(1)
        return losses + warmth * divergence

    def loss(self, levels, step):
        """The mean negative lower bound; the divergence's weight rises from 0 to 1."""
        noise = torch.randn(levels.shape[0], self.encoder.mean.out_features)
        return self.bounds(levels, noise, (step + 1).clamp(max=self.warm_up) / self.warm_up).mean()

    def own_weights(self, weights):
        """Weights of a lacuna file under this module's names; lacuna flattens images with their channels innermost."""
        channels, height, width = self.decoder.start
        spread = lambda value: value.unflatten(0, (height, width, channels)).movedim(2, 0).flatten(0, 2)
        mapped = dict(weights)
        mapped["encoder.dense.weight"] = spread(weights["encoder.dense.weight"].T).T.contiguous()
        mapped["decoder.spread.weight"] = spread(weights["decoder.spread.weight"]).contiguous()
        mapped["decoder.spread.bias"] = spread(weights["decoder.spread.bias"]).contiguous()
        mapped["decoder.output.weight"] = weights["decoder.output.weight"][:, :, None, None]
        return mapped
