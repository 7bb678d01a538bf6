"""lacuna's own answers."""
import pathlib
import tempfile

import numpy

import pictures
import program
import timing


def fill(options, model, images, missing):
    """The mean of the answers and one answer of a model file for each image, and the seconds that both took."""
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        pictures.write(images, place / "images")
        pictures.write(missing, place / "masks")
        _, seconds = timing.timed(
            program.call, options, "impute", place / "images", "--masks", place / "masks", "--model", model,
            "--samples", options.samples, "--mean", *options.impute.split(), "--output", place / "filled",
        )
        first = "" if options.samples == 1 else ".1"
        means, answers = (
            pictures.read([(place / "filled" / f"{index:05d}{ending}.png", "") for index in range(len(images))])
            for ending in (".mean", first)
        )
    return shaped(means, images), shaped(answers, images), seconds


def shaped(filled, images):
    """As many channels as the images have: grey answers to coloured questions may be all grey."""
    return numpy.broadcast_to(filled, images.shape)
