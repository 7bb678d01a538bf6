"""Negative log-likelihoods of pixels, given what a network says of them."""
import torch
from torch.nn import functional


def parameter_count(channels, levels, mixtures):
    """Numbers a pixel: log-odds where it is binary, else the parameters of a logistic mixture."""
    if channels == 1 and levels == 2:
        return 1
    return mixtures * (1 + 2 * channels + (3 if channels == 3 else 0))


def negative_log_likelihood(parameters, levels, level_count, mixtures):
    """The nats of each image, `[images]`; levels are whole numbers `[images, channels, height, width]`."""
    if parameters.shape[1] == 1:
        losses = functional.binary_cross_entropy_with_logits(parameters, levels, reduction="none")
        return losses.sum((1, 2, 3))
    return logistic_mixture(parameters, levels, level_count, mixtures).sum((1, 2))


def logistic_mixture(parameters, levels, level_count, mixtures):
    """A mixture of discretised logistics (PixelCNN++), `[images, height, width]`.

    With u and v the standardised edges of a level's bin, sigma(u) - sigma(v) = sigma(u) sigma(-v) (1 - exp(v - u)).
    """
    images, channels, height, width = levels.shape
    groups = parameters.view(images, -1, mixtures, height, width)
    half = 1 / (level_count - 1)
    x = (2 * half * levels - 1).unsqueeze(2)
    means = groups[:, 1 : 1 + 2 * channels : 2]
    if channels == 3:
        red_green, red_blue, green_blue = groups[:, 7:10].tanh().unbind(1)
        means = torch.stack(
            [
                means[:, 0],
                means[:, 1] + red_green * x[:, 0],
                means[:, 2] + red_blue * x[:, 0] + green_blue * x[:, 1],
            ],
            1,
        )
    inverse = torch.exp(-groups[:, 2 : 2 + 2 * channels : 2].clamp(min=-7))
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
