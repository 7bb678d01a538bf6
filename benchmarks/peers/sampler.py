"""Drawing images from a binary gated PixelCNN: the plain loop, and a loop that computes nothing twice."""
import torch
from torch.nn import functional

from .pixelcnn import gate


def plain(network, images, pixels, setting):
    """A full pass for each of the first pixels of `images`, `[images, 1, height, width]`, which it sets."""
    full = torch.compile(network) if setting.compiled else network
    width = images.shape[3]
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=setting.precision == "bfloat16"):
        for pixel in pixels:
            row, column = divmod(pixel, width)
            logits = full(images)[:, :, row, column]
            images[:, :, row, column] = torch.bernoulli(torch.sigmoid(logits))
    return images


class CachedSampler:
    """One full pass in all, spread over the pixels: the vertical stack a row at a time, the horizontal one a pixel at a
    time, each with the features that later pixels read kept."""

    def __init__(self, network, setting):
        self.type = torch.bfloat16 if setting.precision == "bfloat16" else torch.float32
        own = lambda tensor: tensor.detach().to(self.type)
        kernel = lambda conv: own(conv.weight).contiguous(memory_format=torch.channels_last)
        matrix = lambda conv: own(conv.weight).movedim(1, 3).flatten(1).contiguous()
        self.first_vertical = kernel(network.vertical), own(network.vertical.bias)
        self.places = own(network.place()).contiguous(memory_format=torch.channels_last)
        self.first_horizontal = matrix(network.horizontal), own(network.horizontal.bias)
        self.vertical = [
            (kernel(block.vertical), own(block.vertical.bias), block.vertical.dilation[0]) for block in network.blocks
        ]
        self.mixing = [(kernel(block.from_vertical), own(block.horizontal.bias)) for block in network.blocks]
        self.horizontal = [matrix(block.horizontal) for block in network.blocks]
        # The residual and the skip read the same features: one product for both.
        parts = [[conv for conv in (block.residual, block.skip) if conv is not None] for block in network.blocks]
        self.last = [
            (torch.cat([matrix(conv) for conv in convs]), torch.cat([own(conv.bias) for conv in convs]))
            for convs in parts
        ]
        self.head = matrix(network.head), own(network.head.bias)
        self.output = network.output.weight.detach().flatten(1), network.output.bias.detach()
        self.features = network.head.out_channels
        self.start_row = torch.compile(self.row) if setting.compiled else self.row
        self.next_pixel = torch.compile(self.pixel) if setting.compiled else self.pixel

    def row(self, above, place, kept):
        """What the vertical stack adds to each layer's horizontal gates in this row, and the rows to keep."""
        weight, bias = self.first_vertical
        x = functional.conv2d(above, weight, bias, padding=(0, weight.shape[3] // 2)) + place
        added, rows_kept = [], []
        for (weight, bias, dilation), (mixing, offset), past in zip(self.vertical, self.mixing, kept):
            rows = torch.cat([past, x], 2)
            rows_kept.append(rows[:, :, 1:])
            side = weight.shape[3] // 2 * dilation
            x = x + gate(functional.conv2d(rows, weight, bias, padding=(0, side), dilation=dilation))
            added.append(functional.conv2d(x, mixing, offset).squeeze(2).transpose(1, 2).contiguous())
        return added, rows_kept

    def pixel(self, window, pasts, added):
        """The log-odds of a pixel, and the features of its column to keep."""
        x = functional.linear(window, *self.first_horizontal)
        skip, kept = 0, []
        for horizontal, (weight, bias), past, addend in zip(self.horizontal, self.last, pasts, added):
            columns = torch.cat([past, x], 1)
            kept.append(columns[:, self.features :])
            parts = functional.linear(gate(torch.addmm(addend, columns, horizontal.T)), weight, bias)
            if weight.shape[0] > self.features:
                x = x + parts[:, : self.features]
            skip = skip + parts[:, -self.features :]
        features = torch.relu(functional.linear(torch.relu(skip), *self.head))
        return functional.linear(features.float(), *self.output), kept

    @torch.inference_mode()
    def draw(self, count, height, width, known=None, first=0):
        """Images `[count, 1, height, width]` and the log-odds that they were drawn by; those before the `first` pixel as in `known`."""
        images = torch.zeros(count, 1, height, width)
        odds = torch.zeros(count, 1, height, width)
        first_rows = self.first_vertical[0].shape[2]
        first_columns = self.first_horizontal[0].shape[1]
        layout = {"dtype": self.type, "memory_format": torch.channels_last}
        above = torch.zeros(count, 1, first_rows, width).to(**layout)
        kept = [
            torch.zeros(count, self.features, (weight.shape[2] - 1) * dilation, width).to(**layout)
            for weight, _, dilation in self.vertical
        ]
        for row in range(height):
            added, kept = self.start_row(above, self.places[:, :, row : row + 1], kept)
            window = torch.zeros(count, first_columns, dtype=self.type)
            pasts = [torch.zeros(count, w.shape[1] - self.features, dtype=self.type) for w in self.horizontal]
            for column in range(width):
                logits, pasts = self.next_pixel(window, pasts, [a[:, column] for a in added])
                drawn = known[:, :, row, column] if row * width + column < first else torch.bernoulli(torch.sigmoid(logits))
                odds[:, :, row, column] = logits
                images[:, :, row, column] = drawn
                window = torch.cat([window[:, 1:], (2 * drawn - 1).to(self.type)], 1)
            above = torch.cat([above[:, :, 1:], (2 * images[:, :, row : row + 1] - 1).to(self.type)], 2)
        return images, odds
