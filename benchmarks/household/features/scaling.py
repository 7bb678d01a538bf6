"""Features on comparable scales, learnt from all training images without their labels."""
import dataclasses

import numpy


@dataclasses.dataclass
class Features:
    """A row an image."""

    train: numpy.ndarray
    test: numpy.ndarray


def spanned(features, rows):
    """The same features in the span of some training rows: fewer columns, where there are more columns than such rows.

    Weights with a quadratic penalty that are learnt from these rows lie in it: the classifier is the same, in less time.
    """
    chosen = features.train[rows]
    if chosen.shape[1] <= len(chosen):
        return features
    basis, _ = numpy.linalg.qr(chosen.T)
    return Features(features.train @ basis, features.test @ basis)


def scalings(train, test):
    """About their means: once all by one common scale, once each feature by its own."""
    middle, own = train.mean(axis=0), train.std(axis=0)
    common = numpy.sqrt(numpy.mean(own**2))
    # What never changes has no scale.
    return [
        Features((train - middle) / scale, (test - middle) / scale)
        for scale in (numpy.maximum(common, 1e-12), numpy.where(own > 1e-6 * common, own, 1))
    ]
