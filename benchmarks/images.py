"""The images that are learnt: the shipped digits, brought to the sizes that are measured."""
import pathlib

import numpy
from PIL import Image

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
WORK = REPOSITORY / ".build" / "benchmarks"


def fixture_digits():
    """Every shipped digit, 8x8 grey, in the byte order of the paths."""
    paths = sorted((REPOSITORY / "fixtures" / "digits").glob("*/*.png"))
    return [Image.open(path).convert("L") for path in paths]


def binary(digit, side):
    """A one-bit image of a digit."""
    grown = digit.resize((side, side), Image.BICUBIC)
    return grown.point(lambda value: 255 * (value >= 128)).convert("1", dither=Image.NONE)


def colour(digits, index, side):
    """An RGB image: three digits, one a channel."""
    chosen = [digits[(index + shift) % len(digits)].resize((side, side), Image.BICUBIC) for shift in (0, 131, 277)]
    return Image.merge("RGB", chosen)


def folder(kind, count, side=None):
    """A folder without classes of so many images: kind is `binary28`, `rgb32`, or `binary` with a side."""
    side = side or int(kind[-2:])
    place = WORK / "images" / f"{kind}-{side}-{count}"
    if place.exists():
        return place
    digits = fixture_digits()
    unfinished = place.with_suffix(".unfinished")
    unfinished.mkdir(parents=True, exist_ok=True)
    for index in range(count):
        digit = digits[index % len(digits)]
        image = colour(digits, index, side) if kind.startswith("rgb") else binary(digit, side)
        image.save(unfinished / f"{index:05d}.png")
    unfinished.rename(place)
    return place


def read(place):
    """The levels of a folder's images in the byte order of the paths, uint8 `[images, channels, height, width]`."""
    import torch

    arrays = [numpy.array(Image.open(path)).astype(numpy.uint8) for path in sorted(place.glob("*.png"))]
    stacked = torch.from_numpy(numpy.stack(arrays))
    return (stacked.unsqueeze(1) if stacked.ndim == 3 else stacked.permute(0, 3, 1, 2)).contiguous()
