"""MNIST as PNG files in folders named by class, for whole jobs; where it is not to be had, the shipped digits scaled up."""
import gzip
import pathlib

import numpy
from PIL import Image

from images import WORK, binary, fixture_digits

PARTS = {"train": ("train", 60000), "test": ("t10k", 10000)}


def find(part, options):
    """The folder of a part, `train` or `test`, and what it holds in words."""
    given = options.data / "mnist"
    if (given / part).is_dir():
        return given / part, "MNIST"
    prefix, count = PARTS[part]
    archive = given / f"{prefix}-images-idx3-ubyte.gz"
    place = WORK / "mnist" / part
    if archive.exists():
        unpack(archive, given / f"{prefix}-labels-idx1-ubyte.gz", place)
        return place, "MNIST"
    return scaled_digits(count), "the shipped digits, scaled up and repeated (MNIST is not here)"


def array(path):
    """The array in a gzipped IDX file."""
    with gzip.open(path, "rb") as file:
        raw = file.read()
    sizes = [int.from_bytes(raw[4 + 4 * axis : 8 + 4 * axis], "big") for axis in range(raw[3])]
    return numpy.frombuffer(raw, numpy.uint8, offset=4 + 4 * len(sizes)).reshape(sizes)


def unpack(archive, labels, place):
    """Writes MNIST's own files as PNG files, once."""
    if place.exists():
        return
    unfinished = place.with_suffix(".unfinished")
    for index, (pixels, label) in enumerate(zip(array(archive), array(labels))):
        folder = unfinished / str(label)
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(folder / f"{index:05d}.png")
    unfinished.rename(place)


def scaled_digits(count, side=28):
    """So many images of the shipped digits, ten folders."""
    place = WORK / "digits" / f"{count}-{side}"
    if place.exists():
        return place
    unfinished = place.with_suffix(".unfinished")
    grown = [binary(digit, side).convert("L") for digit in fixture_digits()]
    for index in range(count):
        folder = unfinished / str(index % 10)
        folder.mkdir(parents=True, exist_ok=True)
        grown[index % len(grown)].save(folder / f"{index:05d}.png")
    unfinished.rename(place)
    return place


def subset(place, count):
    """A folder with links to so many of another one's files, spread evenly over it."""
    paths = sorted(place.glob("*/*.png"))
    if count >= len(paths):
        return place
    chosen = WORK / "subsets" / f"{place.parent.name}-{place.name}-{count}"
    if not chosen.exists():
        unfinished = pathlib.Path(f"{chosen}.unfinished")
        for number in range(count):
            path = paths[number * len(paths) // count]
            folder = unfinished / path.parent.name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / path.name).symlink_to(path.resolve())
        unfinished.rename(chosen)
    return chosen
