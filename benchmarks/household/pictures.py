"""Directories of images as arrays, and arrays as directories."""
import pathlib

import numpy
from PIL import Image

ENDINGS = {".png", ".jpg", ".jpeg"}


def listing(folder):
    """The images below a folder in the byte order of their paths, and the class folder of each, "" without."""
    if not pathlib.Path(folder).is_dir():
        raise SystemExit(f"{folder}: there is no such directory")
    paths = sorted(path for path in pathlib.Path(folder).rglob("*") if path.suffix.lower() in ENDINGS)
    return [(path, path.relative_to(folder).parts[0] if path.parent != pathlib.Path(folder) else "") for path in paths]


def spread(entries, count):
    """So many of them, evenly over the list."""
    return [entries[place * len(entries) // count] for place in range(count)] if count < len(entries) else entries


def read(entries):
    """Float64 `[images, height, width, channels]` in 0...1: one channel where no image is in colour."""
    images = [numpy.asarray(Image.open(path).convert("RGB")) for path, _ in entries]
    if len({image.shape for image in images}) != 1:
        raise SystemExit(f"{entries[0][0]} and the others: images must be of one size" if images else "there are no images")
    images = numpy.stack(images) / 255
    is_grey = (images[..., 0] == images[..., 1]).all() and (images[..., 0] == images[..., 2]).all()
    return images[..., :1] if is_grey else images


def flat(images):
    """A row an image."""
    return images.reshape(len(images), -1)


def write(images, folder):
    """Each as `00000.png` and so on: of 0...1, or masks, white where true."""
    folder.mkdir(parents=True)
    for place, image in enumerate(images):
        levels = numpy.rint(image.astype(float) * 255).astype(numpy.uint8)
        Image.fromarray(levels.squeeze()).save(folder / f"{place:05d}.png")
