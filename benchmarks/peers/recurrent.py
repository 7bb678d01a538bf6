"""Recurrent networks over the pixels, as in Sources/Models/Zoo/Recurrent and Sources/Models/Zoo/PixelRNN."""
import torch
from torch import nn
from torch.nn import functional

from . import causal
from .pixelcnn import PlaceEmbedding


def nats(logits, levels):
    """The mean nats of binary images, `[images, pixels]` both."""
    return functional.binary_cross_entropy_with_logits(logits.float(), levels, reduction="sum") / levels.shape[0]


class States(nn.Module):
    """What a layer's gates get from the states before."""

    def __init__(self, *shape, bias=0):
        super().__init__()
        self.weight = nn.Parameter(0.05 * torch.randn(*shape))
        self.bias = nn.Parameter(torch.zeros(bias)) if bias else None


class RecurrentLayer(nn.Module):
    """Gated recurrent units, by PyTorch's own operation."""

    def __init__(self, inputs, units):
        super().__init__()
        self.inputs = nn.Linear(inputs, 3 * units)
        self.states = States(3 * units, units, bias=units)
        # Not a part of this module: its weights are these, and half of its biases are constant.
        self.cell = [nn.GRU(inputs, units, batch_first=True)]

    def forward(self, x):
        units = len(self.states.bias)
        bias = torch.cat([torch.zeros(2 * units, dtype=self.states.bias.dtype), self.states.bias])
        weights = {
            "weight_ih_l0": self.inputs.weight, "bias_ih_l0": self.inputs.bias, "weight_hh_l0": self.states.weight,
            "bias_hh_l0": bias,
        }
        return torch.func.functional_call(self.cell[0], weights, (x,))[0]


class RNN(nn.Module):
    """One state carried from pixel to pixel; a step sees the pixel before and the three above. No places."""

    def __init__(self, width=28, units=256):
        super().__init__()
        self.distances = [1, width - 1, width, width + 1]
        self.layer0 = RecurrentLayer(len(self.distances), units)
        self.head, self.output = nn.Linear(units, units), nn.Linear(units, 1)

    def loss(self, levels, step):
        levels = levels.flatten(1)
        x = 2 * levels - 1
        seen = torch.stack([functional.pad(x, (distance, 0))[:, :-distance] for distance in self.distances], 2)
        return nats(self.output(functional.silu(self.head(self.layer0(seen)))).squeeze(2), levels)

    def own_weights(self, weights):
        """The places of lacuna's network are switched off; what is left has this module's names."""
        return weights


class RowMemory(nn.Module):
    """Long short-term memory that goes over an image by rows."""

    def __init__(self, features):
        super().__init__()
        self.units = features // 2
        self.inputs = causal.left_and_here(features, 4 * self.units, 2)
        self.states = States(4 * self.units, self.units, 1, 3)

    def forward(self, features):
        kernel = self.states.weight.squeeze(2)
        state = cell = None
        states = []
        for sums in self.inputs(features).unbind(2):
            if state is not None:
                sums = sums + functional.conv1d(state, kernel, padding=1)
            i, f, o, g = sums.chunk(4, 1)
            kept = 0 if cell is None else torch.sigmoid(f + 1) * cell
            cell = kept + torch.sigmoid(i) * torch.tanh(g)
            state = torch.sigmoid(o) * torch.tanh(cell)
            states.append(state)
        return torch.stack(states, 2)


class RowLayer(nn.Module):
    """A layer's memory and the way back to features."""

    def __init__(self, features):
        super().__init__()
        self.down = RowMemory(features)
        self.output = nn.Linear(features // 2, features)

    def forward(self, features):
        return features + self.output(self.down(features).permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class PixelRNN(nn.Module):
    """The row kind, with lacuna's defaults."""

    def __init__(self, side=28, layers=4, features=32, first=7):
        super().__init__()
        self.first = nn.ModuleDict(
            {
                "above": causal.above(1, features, first // 2, first),
                "left": causal.left(1, features, first // 2, bias=False),
            }
        )
        self.place = PlaceEmbedding(side, side, features)
        self.layers = [RowLayer(features) for _ in range(layers)]
        for index, layer in enumerate(self.layers):
            self.add_module(f"layer{index}", layer)
        self.head, self.output = nn.Linear(features, features), nn.Linear(features, 1)

    def loss(self, levels, step):
        x = 2 * levels - 1
        features = self.first["above"](x) + self.first["left"](x) + self.place()
        for layer in self.layers:
            features = layer(features)
        hidden = functional.silu(self.head(functional.silu(features.permute(0, 2, 3, 1))))
        return nats(self.output(hidden).flatten(1), levels.flatten(1))

    def own_weights(self, weights):
        return weights
