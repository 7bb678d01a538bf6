"""Files of the autoregressive models, read by PyTorch networks of its own: exact likelihoods of binary images.

    cd benchmarks; python -m peers.sequences MODEL.safetensors IMAGES
"""
import argparse
import pathlib

import torch
from torch.nn import functional

from . import orders, pictures, weights
from .pixelcnn import PixelCNN


# What a setting is where a file is older than it.
BEFORE = {"cell": "gru", "place": "1", "attention": "0"}


class Sequence:
    """The tensors of a file, and what its models have in common; images have one channel and no class."""

    def __init__(self, tensors, metadata):
        self.tensors, self.metadata = tensors, metadata
        self.height, self.width = int(metadata["height"]), int(metadata["width"])

    def setting(self, name):
        """A setting's value; one that an older file lacks is that of before."""
        return self.metadata.get(f"setting.{name}", BEFORE.get(name))

    def linear(self, name, x):
        return functional.linear(x, self.tensors[f"{name}.weight"], self.tensors.get(f"{name}.bias"))

    def place(self, name="place"):
        """`[pixels, features]`."""
        table = self.tensors[f"{name}.rows"] + self.tensors[f"{name}.columns"]
        return table.reshape(-1, table.shape[-1])


def window(model, x):
    """A logistic regression a pixel on all pixels before it."""
    weight = model.tensors["pixels.weight"]
    assert model.setting("weights") == "own" and all(model.setting(n) == "0" for n in ("reach", "rows", "columns"))
    return functional.linear(x, weight.tril(-1), model.tensors["pixels.bias"])


def nade(model, x):
    """Hidden units whose sums are carried from pixel to pixel."""
    get, sums = model.tensors.get, []
    carried = get("input.bias").expand(len(x), -1)
    for pixel in range(x.shape[1]):
        hidden = torch.sigmoid(carried)
        sums.append(hidden @ get("output.weight")[pixel].T + get("output.bias")[pixel])
        carried = carried + x[:, pixel : pixel + 1] * get("input.weight")[pixel]
    return torch.cat(sums, 1)


def rnn(model, x):
    """PyTorch's own recurrent layers."""
    distances = sorted({1, model.width - 1, model.width, model.width + 1} if model.setting("above") == "1" else {1})
    moved = [functional.pad(x, (distance, 0))[:, : x.shape[1]] for distance in distances]
    states = torch.stack([each for each in moved if each is not None], 2)
    for layer in range(int(model.setting("layers"))):
        name = f"layer{layer}"
        sums = model.linear(f"{name}.inputs", states) + (model.place() if layer == 0 and model.setting("place") == "1" else 0)
        weight = model.tensors[f"{name}.states.weight"]
        gates, units = weight.shape
        if model.setting("cell") == "lstm":
            # PyTorch's gates are i, f, g, o, and none is raised.
            order = torch.arange(gates).reshape(4, units)[[0, 1, 3, 2]].reshape(-1)
            biases = torch.cat([torch.zeros(units), torch.ones(units), torch.zeros(2 * units)])
            cell = torch.nn.LSTM(gates, units, batch_first=True)
        else:
            order = torch.arange(gates)
            biases = torch.cat([torch.zeros(2 * units), model.tensors[f"{name}.states.bias"]])
            cell = torch.nn.GRU(gates, units, batch_first=True)
        cell.load_state_dict(
            dict(
                weight_ih_l0=torch.eye(gates)[order], bias_ih_l0=torch.zeros(gates), weight_hh_l0=weight[order],
                bias_hh_l0=biases,
            )
        )
        states = cell(sums)[0]
    return model.linear("output", functional.silu(model.linear("head", states)))[:, :, 0]


def wavenet(model, x):
    """Convolutions of two taps along the sequence."""
    count, get = x.shape[1], model.tensors
    first = get["first.weight"][:, :, 0]
    features = functional.conv1d(functional.pad(x[:, None], (first.shape[-1], 0))[..., :count + first.shape[-1] - 1], first)
    features = features + get["first.bias"][:, None] + model.place().T
    cycle, distance = [], 1
    limit = model.width if model.setting("dilations") == "rows" else count
    while distance < limit:
        cycle.append(distance)
        distance *= 2
    distance = model.width
    while model.setting("dilations") == "rows" and model.height > 1 and distance < count:
        cycle.append(distance)
        distance *= 2
    skip = 0
    for index in range(int(model.setting("layers"))):
        name, distance = f"block{index}", cycle[index % len(cycle)]
        padded = functional.pad(features, (distance, 0))
        sums = functional.conv1d(padded, get[f"{name}.gate.weight"][:, :, 0], get[f"{name}.gate.bias"], dilation=distance)
        a, b = sums.chunk(2, 1)
        gated = torch.tanh(a) * torch.sigmoid(b)
        each = lambda part: model.linear(f"{name}.{part}", gated.mT).mT
        skip = skip + each("skip")
        if f"{name}.residual.weight" in get:
            features = features + each("residual")
    hidden = functional.silu(model.linear("head", functional.silu(skip.mT)))
    return model.linear("output", hidden)[:, :, 0]


def pixelrnn(model, x):
    """Long short-term memory by rows or diagonals, a pixel at a time by the definition."""
    get, height, width = model.tensors, model.height, model.width
    image = x.reshape(-1, 1, height, width)
    above, left = get["first.above.weight"], get["first.left.weight"]
    side, rows, columns = above.shape[-1] // 2, above.shape[2], left.shape[-1]
    padded = functional.pad(image, (side, side, rows, 0))[:, :, :-1]
    features = functional.conv2d(padded, above, get["first.above.bias"])
    features = features + functional.conv2d(functional.pad(image, (columns, 0))[..., :-1], left)
    features = features + model.place().T.reshape(1, -1, height, width)
    for layer in range(int(model.setting("layers"))):
        kind = model.setting("kind")
        maps = []
        for name in ["down"] if kind == "row" else ["from_left", "from_right"]:
            prefix = f"layer{layer}.{name}"
            taps = get[f"{prefix}.inputs.weight"].shape[-1]
            gates = functional.conv2d(
                functional.pad(features, (taps - 1, 0)), get[f"{prefix}.inputs.weight"], get[f"{prefix}.inputs.bias"]
            )
            if name == "from_right":
                pixel = model.tensors[f"{prefix}.pixel.weight"][:, :, None, None]
                gates = gates + functional.conv2d(image, pixel)
            gates = gates.flip(3) if name == "from_right" else gates
            states = memory(gates, get[f"{prefix}.states.weight"][:, :, 0], kind)
            if name == "from_right":
                states = functional.pad(states.flip(3), (0, 0, 1, 0))[:, :, :-1]
            maps.append(states)
        features = features + model.linear(f"layer{layer}.output", sum(maps).permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
    hidden = functional.silu(model.linear("head", functional.silu(features.permute(0, 2, 3, 1))))
    return model.linear("output", hidden).reshape(len(x), -1)


def memory(gates, kernel, kind):
    """States of all pixels, from what the inputs give to their gates."""
    images, _, height, width = gates.shape
    units = kernel.shape[1]
    zeros = torch.zeros(images, units)
    states, cells = {}, {}
    for row in range(height):
        for column in range(width):
            if kind == "row":
                before, own = [(row - 1, column - 1), (row - 1, column), (row - 1, column + 1)], (row - 1, column)
            else:
                before, own = [(row - 1, column), (row, column - 1)], (row, column - 1)
            sums = gates[:, :, row, column]
            for tap, place in enumerate(before):
                sums = sums + states.get(place, zeros) @ kernel[:, :, tap].T
            i, f, o, g = sums.chunk(4, 1)
            cell = torch.sigmoid(f + 1) * cells.get(own, zeros) + torch.sigmoid(i) * torch.tanh(g)
            cells[row, column], states[row, column] = cell, torch.sigmoid(o) * torch.tanh(cell)
    rows = [torch.stack([states[row, column] for column in range(width)], 2) for row in range(height)]
    return torch.stack(rows, 2)


def made(model, x):
    """Dense layers whose masks follow from the places of pixels in an order."""
    assert model.setting("presence") == "1" or model.setting("orders") != "0"
    count, units = x.shape[1], int(model.setting("hidden"))
    ranks = torch.empty(count, dtype=torch.long)
    ranks[torch.tensor(orders.order(0, count))] = torch.arange(count)
    degrees = 1 + torch.arange(units) * max(1, count - 1) // units
    features = x
    for layer in range(int(model.setting("layers"))):
        name = f"hidden{layer}"
        mask = (ranks[None] < degrees[:, None]) if layer == 0 else (degrees[None] <= degrees[:, None])
        seen = model.tensors.get(f"{name}.presence")
        bias = model.tensors[f"{name}.bias"] + (0 if seen is None else (seen * mask).sum(1))
        features = functional.silu(functional.linear(features, model.tensors[f"{name}.weight"] * mask, bias))
    mask = degrees[None] <= ranks[:, None]
    sums = functional.linear(features, model.tensors["output.weight"] * mask, model.tensors["output.bias"])
    if model.setting("direct") == "1":
        sums = sums + functional.linear(x, model.tensors["direct.weight"] * (ranks[None] < ranks[:, None]))
    return sums


def orderless_nade(model, x):
    """Dense layers that see the known pixels and which they are: a pass for each pixel, in the first order."""
    logits, known = torch.empty_like(x), torch.zeros_like(x)
    for pixel in orders.order(0, x.shape[1]):
        features = torch.stack([x * known, known], 2).flatten(1)
        for layer in range(int(model.setting("layers"))):
            features = functional.silu(model.linear(f"hidden{layer}", features))
        logits[:, pixel] = model.linear("output", features)[:, pixel]
        known[:, pixel] = 1
    return logits


def pixelcnn(model, x):
    """The network that lacuna is measured against."""
    assert model.setting("orders") == "1"
    number = lambda name: int(model.setting(name))
    cycle = tuple(1 << power for power in range(number("dilation").bit_length()))
    network = PixelCNN(
        1, 2, model.width, number("layers"), number("channels"), number("kernel"), number("first-kernel"), cycle,
        attention=number("attention"),
    )
    network.load_state_dict(network.own_weights(model.tensors), strict=True)
    return network((x.reshape(-1, 1, model.height, model.width) + 1) / 2).flatten(1)


READERS = {"orderless-nade": orderless_nade, **dict(window=window, nade=nade, rnn=rnn, wavenet=wavenet, pixelrnn=pixelrnn, made=made, pixelcnn=pixelcnn)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("images", type=pathlib.Path)
    options = parser.parse_args()
    tensors, metadata = weights.read(options.model)
    levels = pictures.read(options.images, 1, 2).flatten(1)
    with torch.no_grad():
        logits = READERS[metadata["model"]](Sequence(tensors, metadata), levels * 2 - 1)
        losses = functional.binary_cross_entropy_with_logits(logits, levels, reduction="none").sum(1)
    print(f"{metadata['model']}: {len(levels)} images, {losses.mean():.4f} nats an image")


if __name__ == "__main__":
    main()
