"""A `vae` file with a causal decoder and a learnt prior, read by PyTorch: importance estimates of binary images.

    cd benchmarks; python -m peers.latents vae.safetensors IMAGES --samples 500
"""
import argparse
import math
import pathlib

import numpy
import torch
from PIL import Image
from torch.nn import functional

from . import weights
from .causal import above, left
from .pixelcnn import GatedBlock
from .vae import VAE


class Flow:
    """Masked autoregressive maps down to a normal distribution."""

    def __init__(self, tensors, count):
        self.tensors, self.count = tensors, count
        self.maps = len({name.split(".")[1] for name in tensors if name.startswith("prior.map")})

    def log_density(self, z):
        mean, log_variance = self.tensors["prior.base"].chunk(2)
        log_scales = 0
        for index in range(self.maps):
            get = lambda name: self.tensors[f"prior.map{index}.{name}"]
            hidden = get("first.weight").shape[0]
            ranks = torch.arange(self.count)
            ranks = ranks.flip(0) if index % 2 else ranks
            degrees = torch.arange(hidden) * self.count // hidden
            masked = lambda x, name, inputs, outputs: functional.linear(
                x, get(f"{name}.weight") * (inputs[None] < outputs[:, None]), get(f"{name}.bias")
            )
            x = functional.silu(masked(z, "first", ranks, degrees))
            x = functional.silu(masked(x, "second", degrees, degrees + 1))
            shift = masked(x, "mean", degrees, ranks + 1)
            log_scale = 2 * torch.tanh(masked(x, "log_scale", degrees, ranks + 1) / 2)
            z = (z - shift) * torch.exp(-log_scale)
            log_scales = log_scales + log_scale.sum(1)
        return gaussian(z, mean, log_variance.clamp(-14, 8)) - log_scales


class Causal(torch.nn.Module):
    """Gated stacks that read the decoder's maps beside the pixels before."""

    def __init__(self, maps, features, layers):
        super().__init__()
        self.vertical, self.horizontal = above(1, features, 2, 5), left(1, features, 2)
        self.blocks = [GatedBlock(features, 3, 1, index == layers - 1) for index in range(layers)]
        for index, block in enumerate(self.blocks):
            self.add_module(f"block{index}", block)
        self.head, self.output = torch.nn.Conv2d(features, features, 1), torch.nn.Conv2d(features, 1, 1)
        one = lambda outputs: torch.nn.Conv2d(maps, outputs, 1, bias=False)
        self.map = torch.nn.ModuleDict({"vertical": one(features), "horizontal": one(features), "output": one(1)})

    def forward(self, image, maps):
        vertical = self.vertical(image) + self.map["vertical"](maps)
        horizontal = self.horizontal(image) + self.map["horizontal"](maps)
        skip = 0
        for block in self.blocks:
            vertical, horizontal, addend = block(vertical, horizontal)
            skip = skip + addend
        return self.output(torch.relu(self.head(torch.relu(skip)))) + self.map["output"](maps)


def gaussian(x, mean, log_variance):
    """The log-density of each row."""
    return -0.5 * ((x - mean) ** 2 * torch.exp(-log_variance) + log_variance + math.log(2 * math.pi)).sum(1)


def read(path):
    """Encoder and decoder to maps, the causal network, the prior, and the number of latents."""
    tensors, metadata = weights.read(path)
    setting = lambda name: int(metadata[f"setting.{name}"])
    latent, maps = setting("latent"), tensors["decoder.output.weight"].shape[0]
    vae = VAE(1, 2, int(metadata["height"]), latent, setting("channels"), setting("hidden"))
    vae.decoder.output = torch.nn.Conv2d(vae.decoder.output.in_channels, maps, 1)
    own = {k: v for k, v in tensors.items() if not k.startswith(("prior.", "decoder.causal."))}
    vae.load_state_dict(vae.own_weights(own), strict=True)
    causal = Causal(maps, setting("causal-channels"), setting("causal-layers"))
    inner = {k.removeprefix("decoder.causal."): v for k, v in tensors.items() if k.startswith("decoder.causal.")}
    dense = lambda name, value: name.startswith("map.") or name in ("head.weight", "output.weight")
    causal.load_state_dict({k: v[:, :, None, None] if dense(k, v) else v for k, v in inner.items()}, strict=True)
    return vae, causal, Flow(tensors, latent), latent


def estimate(model, image, samples):
    """log (1/n) sum p(x, z) / q(z | x) of one image, and the mean of the logarithms: a lower bound."""
    vae, causal, prior, latent = model
    levels = image[None, None].repeat(samples, 1, 1, 1)
    mean, log_variance = vae.encode(image[None, None])
    z = mean + torch.exp(0.5 * log_variance) * torch.randn(samples, latent)
    logits = causal(levels * 2 - 1, vae.decoder(z))
    losses = functional.binary_cross_entropy_with_logits(logits, levels, reduction="none").sum((1, 2, 3))
    ratios = prior.log_density(z) - losses - gaussian(z, mean, log_variance)
    return (torch.logsumexp(ratios, 0) - math.log(samples)).item(), ratios.mean().item()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("images", type=pathlib.Path)
    parser.add_argument("--samples", type=int, default=500)
    options = parser.parse_args()
    torch.manual_seed(0)
    model, found = read(options.model), []
    with torch.no_grad():
        for path in sorted(options.images.glob("**/*.png")):
            pixels = numpy.asarray(Image.open(path).convert("L"))
            found.append(estimate(model, torch.from_numpy((pixels > 127).astype("float32")), options.samples))
    estimates, bounds = numpy.array(found).T
    print(f"images {len(found)}, nats: importance estimate {-estimates.mean():.3f}, lower bound {-bounds.mean():.3f}")


if __name__ == "__main__":
    main()
