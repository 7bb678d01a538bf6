"""lacuna's own answers, by the program that users run."""
import pathlib
import subprocess
import tempfile
import time

import numpy

import pictures


def train(options, model, minutes, train_folder, output):
    """Trains a model from the same images; minutes are None for one that is done when it is done."""
    length = ["--minutes", str(minutes)] if minutes else []
    call(options, "train", train_folder, "--model", model, *length, "--output", output)


def fill(options, model, images, missing):
    """The mean of the answers and one answer of a model file for each image, and the seconds that both took."""
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        pictures.write(images, place / "images")
        pictures.write(missing, place / "masks")
        start = time.monotonic()
        call(
            options, "impute", place / "images", "--masks", place / "masks", "--model", model, "--samples", options.samples,
            "--mean", *options.impute.split(), "--output", place / "filled",
        )
        seconds = time.monotonic() - start
        first = "" if options.samples == 1 else ".1"
        means, answers = (
            pictures.read([(place / "filled" / f"{index:05d}{ending}.png", "") for index in range(len(images))])
            for ending in (".mean", first)
        )
    return shaped(means, images), shaped(answers, images), seconds


def shaped(filled, images):
    """As many channels as the images have: grey answers to coloured questions may be all grey."""
    return numpy.broadcast_to(filled, images.shape)


def call(options, *words):
    words = [options.binary, *map(str, words), "--threads", str(options.threads), "--quiet"]
    result = subprocess.run(words, capture_output=True, text=True)
    if result.returncode not in (0, 2):
        raise SystemExit(f"{' '.join(words)}\n{result.stderr}")
