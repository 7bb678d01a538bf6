"""Holes of many forms: boolean arrays `[images, height, width]`, true where a pixel is missing."""
import numpy


def named(count, height, width, seed=0):
    """Every form by name; the random ones have a mask an image, seeded."""
    rows, columns = numpy.indices((height, width))
    centre = (
        (rows >= height // 4) & (rows < height - height // 4) & (columns >= width // 4) & (columns < width - width // 4)
    )
    whole = {
        "centre": centre,
        "top half": rows < height // 2,
        "bottom half": rows >= height // 2,
        "left half": columns < width // 2,
        "right half": columns >= width // 2,
    }
    masks = {name: numpy.repeat(mask[None], count, axis=0) for name, mask in whole.items()}
    for percent in (50, 90):
        masks[f"random {percent} %"] = scattered(count, height, width, percent, numpy.random.default_rng([seed, percent]))
    masks["rectangles"] = rectangles(count, height, width, numpy.random.default_rng([seed, 1]))
    return masks


def scattered(count, height, width, percent, random):
    """So many percent of the pixels of each image, whichever."""
    pixels = height * width
    order = random.random((count, pixels)).argsort(axis=1)
    return (order < pixels * percent // 100).reshape(count, height, width)


def rectangles(count, height, width, random):
    """One rectangle an image, each side a quarter to three quarters of the image's."""
    masks = numpy.zeros((count, height, width), bool)
    for mask in masks:
        high, wide = random.integers(height // 4, 3 * height // 4 + 1), random.integers(width // 4, 3 * width // 4 + 1)
        top, left = random.integers(0, height - high + 1), random.integers(0, width - wide + 1)
        mask[top : top + high, left : left + wide] = True
    return masks
