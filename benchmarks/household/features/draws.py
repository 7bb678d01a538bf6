"""Which training images are labelled, the same for all methods."""
import numpy


def draw(collection, per_class, seed, number):
    """The labels that a method is told: so many of each class, -1 for all others.

    Draws of one number are nested: five labels of a class are among its ten.
    """
    random = numpy.random.default_rng([seed, number])
    told = numpy.full(len(collection.train_labels), -1)
    for label in range(len(collection.classes)):
        chosen = random.permutation(numpy.flatnonzero(collection.train_labels == label))[:per_class]
        told[chosen] = label
    return told


def check(collection, per_class):
    """Ends where a class has too few images."""
    for label, name in enumerate(collection.classes):
        count = int((collection.train_labels == label).sum())
        if count < per_class:
            raise SystemExit(f"--labels-per-class {per_class}: only {count} training images are of the class '{name}'")
