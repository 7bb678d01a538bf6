"""Images of a folder, as a model's levels."""
import numpy
import torch
from PIL import Image


def read(folder, channels, levels):
    """The levels of every PNG file below a folder in the order of the paths, float32 `[images, channels, height, width]`: the 256 values of
    a sample shared evenly over the levels."""
    mode = "L" if channels == 1 else "RGB"
    pixels = numpy.stack([numpy.asarray(Image.open(path).convert(mode)) for path in sorted(folder.glob("**/*.png"))])
    images = torch.from_numpy(pixels.reshape(*pixels.shape[:3], channels).astype("float32"))
    return (images * levels / 256).floor().permute(0, 3, 1, 2)
