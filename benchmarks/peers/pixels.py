"""Negative log-likelihoods of pixels, given what a network says of them."""
import math

import torch
from torch.nn import functional


def parameter_count(channels, levels, mixtures):
    """Numbers a pixel: log-odds where it is binary, else the parameters of a logistic mixture."""
    if channels == 1 and levels == 2:
        return 1
    return mixtures * (1 + 2 * channels + (3 if channels == 3 else 0))


def negative_log_likelihood(parameters, levels, level_count, mixtures, causal=False):
    """The nats of each image, `[images]`; levels are whole numbers `[images, channels, height, width]`.

    Where a network sees the pixels before, in raster order (`causal`), a mixture's means are differences from what these let expect.
    """
    if parameters.shape[1] == 1:
        losses = functional.binary_cross_entropy_with_logits(parameters, levels, reduction="none")
        return losses.sum((1, 2, 3))
    return logistic_mixture(parameters, levels, level_count, mixtures, causal).sum((1, 2))


def expected(levels, level_count):
    """What is expected of each pixel by those before it (LOCO-I): the first channel in -1...1, then differences."""
    planes = torch.cat([levels[:, :1] - (level_count - 1) / 2, levels[:, 1:] - levels[:, :-1]], 1) * (2 / (level_count - 1))
    left, above = functional.pad(planes, (1, 0))[..., :-1], functional.pad(planes, (0, 0, 1, 0))[..., :-1, :]
    corner = functional.pad(planes, (1, 0, 1, 0))[..., :-1, :-1]
    low, high = torch.minimum(left, above), torch.maximum(left, above)
    result = torch.maximum(low, torch.minimum(high, left + above - corner))
    result[..., 0], result[..., 0, :] = above[..., 0], left[..., 0, :]
    return result


def logistic_mixture(parameters, levels, level_count, mixtures, causal=False):
    """A mixture of discretised logistics (PixelCNN++), its numbers relative, `[images, height, width]`.

    With u and v the standardised edges of a level's bin, sigma(u) - sigma(v) = sigma(u) sigma(-v) (1 - exp(v - u)).
    """
    images, channels, height, width = levels.shape
    groups = parameters.view(images, -1, mixtures, height, width)
    half = 1 / (level_count - 1)
    x = (2 * half * levels - 1).unsqueeze(2)
    means = groups[:, 1 : 1 + 2 * channels : 2]
    if causal:
        means = means + expected(levels, level_count).unsqueeze(2)
    narrowest = math.log((math.e - 1) / (level_count - 1))
    start = torch.linspace(max(-1, narrowest), narrowest, mixtures)
    log_scales = groups[:, 2 : 2 + 2 * channels : 2] + start[:, None, None]
    if channels == 3:
        red_green, red_blue, green_blue = groups[:, 7:10].unbind(1)
        means = torch.stack(
            [
                means[:, 0],
                means[:, 1] + (1 + red_green) * x[:, 0],
                means[:, 2] + red_blue * x[:, 0] + (1 + green_blue) * x[:, 1],
            ],
            1,
        )
    inverse = torch.exp(-log_scales.clamp(min=-7))
    upper = inverse * (x - means + half)
    lower = inverse * (x - means - half)
    lowest = (levels == 0).unsqueeze(2)
    highest = (levels == level_count - 1).unsqueeze(2)
    log_probability = (
        functional.logsigmoid(upper).masked_fill(highest, 0)
        + functional.logsigmoid(-lower).masked_fill(lowest, 0)
        + torch.log(-torch.expm1(-2 * half * inverse)).masked_fill(lowest | highest, 0)
    ).sum(1)
    return -torch.logsumexp(log_probability + functional.log_softmax(groups[:, 0], 1), 1)
