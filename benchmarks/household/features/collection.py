"""The images that are compared on: all of the training images are seen, few of their labels."""
import dataclasses

import numpy

import pictures

# A folder whose images have no label, as for lacuna.
UNLABELLED = "_unlabelled"
HELD_BACK = 4


@dataclasses.dataclass
class Collection:
    """Images, and their classes as places in `classes`; -1 for a training image of none."""

    classes: list
    train: numpy.ndarray
    train_labels: numpy.ndarray
    test: numpy.ndarray
    test_labels: numpy.ndarray


def collect(options):
    """Reads the directories; where the test images have no classes, holds training images back to judge by."""
    train, test = pictures.listing(options.train), pictures.listing(options.test)
    classes = sorted({label for _, label in train if is_class(label)})
    if len(classes) < 2:
        raise SystemExit(f"{options.train}: features are compared by their classes; two class folders are needed")
    if not any(is_class(label) for _, label in test):
        print(f"{options.test} has no class folders: one in {HELD_BACK} of {options.train} is held back to judge by")
        train, test = hold_back(train, classes)
    test = [entry for entry in test if is_class(entry[1])]
    if not test:
        raise SystemExit(f"{options.train}: no class has {HELD_BACK} images, so none is held back; name test images with --test")
    strange = sorted({label for _, label in test} - set(classes))
    if strange:
        raise SystemExit(f"{options.test}: no training image is of the class '{strange[0]}'")
    train, test = pictures.spread(train, options.originals), pictures.spread(test, options.images)
    # Read together: grey is grey only where all are.
    images = pictures.read(train + test)
    places = {label: place for place, label in enumerate(classes)}
    train_labels, test_labels = (numpy.array([places.get(label, -1) for _, label in entries]) for entries in (train, test))
    return Collection(classes, images[: len(train)], train_labels, images[len(train) :], test_labels)


def is_class(label):
    return label not in ("", UNLABELLED)


def hold_back(entries, classes):
    """What is left, and the last of every so many images of each class."""
    held = {entry for label in classes for entry in [entry for entry in entries if entry[1] == label][HELD_BACK - 1 :: HELD_BACK]}
    return [entry for entry in entries if entry not in held], [entry for entry in entries if entry in held]
