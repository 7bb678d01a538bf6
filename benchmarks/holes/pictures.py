"""Directories of images as arrays, and arrays as directories."""
import pathlib

import numpy
from PIL import Image

ENDINGS = {".png", ".jpg", ".jpeg"}


def listing(folder):
    """The images below a folder in the byte order of their paths, and the class folder of each, "" without."""
    paths = sorted(path for path in pathlib.Path(folder).rglob("*") if path.suffix.lower() in ENDINGS)
    return [(path, path.relative_to(folder).parts[0] if path.parent != pathlib.Path(folder) else "") for path in paths]


def spread(entries, count):
    """So many of them, evenly over the list."""
    return [entries[place * len(entries) // count] for place in range(count)] if count < len(entries) else entries


def read(entries):
    """Float64 `[images, height, width, channels]` in 0...1: one channel where no image is in colour."""
    images = [numpy.asarray(Image.open(path).convert("RGB")) for path, _ in entries]
    images = numpy.stack(images) / 255
    is_grey = (images[..., 0] == images[..., 1]).all() and (images[..., 0] == images[..., 2]).all()
    return images[..., :1] if is_grey else images


def write(images, folder):
    """Each as `00000.png` and so on: of 0...1, or masks, white where true."""
    folder.mkdir(parents=True)
    for place, image in enumerate(images):
        levels = numpy.rint(image.astype(float) * 255).astype(numpy.uint8)
        Image.fromarray(levels.squeeze()).save(folder / f"{place:05d}.png")
