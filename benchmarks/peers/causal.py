"""Dense kernels over the pixels above or to the left of each pixel."""
from torch import nn
from torch.nn import functional


class ShiftedConv2d(nn.Conv2d):
    """A dense kernel, shifted by padding on one side and cropping on the other: the same function as a masked
    convolution with half its arithmetic."""

    def __init__(self, inputs, outputs, kernel, padding, dilation=1, bias=True):
        super().__init__(inputs, outputs, kernel, dilation=dilation, bias=bias)
        self.shift = padding  # left, right, top, bottom; negative crops

    def forward(self, x):
        return super().forward(functional.pad(x, self.shift))


def above(inputs, outputs, height, width):
    """Rows strictly above, columns to both sides."""
    return ShiftedConv2d(inputs, outputs, (height, width), (width // 2, width // 2, height, -1))


def above_and_here(inputs, outputs, height, width, dilation):
    """The pixel's row and those above, columns to both sides."""
    side, top = width // 2 * dilation, (height - 1) * dilation
    return ShiftedConv2d(inputs, outputs, (height, width), (side, side, top, 0), dilation)


def left(inputs, outputs, width, bias=True):
    """Columns strictly to the left."""
    return ShiftedConv2d(inputs, outputs, (1, width), (width, -1, 0, 0), bias=bias)


def left_and_here(inputs, outputs, width):
    """The pixel and those to its left."""
    return ShiftedConv2d(inputs, outputs, (1, width), (width - 1, 0, 0, 0))
