"""Household ways to fill holes, all given the same training images.

Each takes the training images, the images to fill and their missing pixels (`[images, height, width, channels]`, 0...1;
`[images, height, width]`), and returns the images filled; None where it does not apply. What is missing is zero there.
"""
import numpy

from pictures import flat


def training_mean(train, images, missing):
    """Each pixel's mean over the training images."""
    return numpy.where(missing[..., None], train.mean(axis=0)[None], images)


def inpaint(flag):
    """OpenCV's inpainting by the pixels around, three pixels far."""

    def fill(train, images, missing):
        import cv2

        filled = [
            cv2.inpaint(numpy.ascontiguousarray(to_bytes(image).squeeze()), mask.astype(numpy.uint8), 3, getattr(cv2, flag))
            for image, mask in zip(images, missing)
        ]
        return numpy.stack(filled).reshape(images.shape) / 255

    return fill


def biharmonic(train, images, missing):
    """scikit-image's smooth surface through what is known."""
    from skimage.restoration import inpaint_biharmonic

    filled = [inpaint_biharmonic(image, mask, channel_axis=-1) for image, mask in zip(images, missing)]
    return numpy.clip(numpy.stack(filled), 0, 1)


def neighbours(**options):
    """scikit-learn's KNNImputer."""

    def fill(train, images, missing):
        from sklearn.impute import KNNImputer

        return by_table(KNNImputer(**options).fit(flat(train)).transform, train, images, missing)

    return fill


def iterative(passes):
    """scikit-learn's IterativeImputer, each value from fifty others, so many passes; None where that would take hours."""

    def fill(train, images, missing):
        if flat(images).shape[1] > 1500:
            return None
        import warnings

        from sklearn.exceptions import ConvergenceWarning
        from sklearn.experimental import enable_iterative_imputer  # noqa: F401
        from sklearn.impute import IterativeImputer

        imputer = IterativeImputer(n_nearest_features=50, max_iter=passes, min_value=0, max_value=1, random_state=0)

        def transform(holed):
            # It learns of values that are missing where it learns: the holed images must be there.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ConvergenceWarning)
                return imputer.fit_transform(numpy.concatenate([flat(train), holed]))[len(train) :]

        return by_table(transform, train, images, missing)

    return fill


def extra_trees(train, images, missing):
    """Extremely randomised trees from the known pixels to the missing ones, as scikit-learn's example completes faces.

    One regression for one hole: None where each image has a hole of its own.
    """
    from sklearn.ensemble import ExtraTreesRegressor

    if not (missing == missing[0]).all():
        return None
    hole = numpy.repeat(missing[0][..., None], images.shape[-1], axis=-1).ravel()
    trees = ExtraTreesRegressor(n_estimators=10, max_features=32, random_state=0)
    trees.fit(flat(train)[:, ~hole], flat(train)[:, hole])
    filled = flat(images).copy()
    filled[:, hole] = trees.predict(filled[:, ~hole])
    return filled.reshape(images.shape)


def by_table(transform, train, images, missing):
    """Fills images as rows of a table, what is missing not a number."""
    hole = numpy.repeat(missing[..., None], images.shape[-1], axis=-1).reshape(len(images), -1)
    filled = transform(numpy.where(hole, numpy.nan, flat(images)))
    return numpy.where(hole, filled, flat(images)).reshape(images.shape)


def to_bytes(images):
    return numpy.rint(numpy.clip(images, 0, 1) * 255).astype(numpy.uint8)


ALL = {
    "training mean": training_mean,
    "inpaint, Telea": inpaint("INPAINT_TELEA"),
    "inpaint, Navier-Stokes": inpaint("INPAINT_NS"),
    "biharmonic": biharmonic,
    "KNNImputer": neighbours(),
    "KNNImputer, by distance": neighbours(n_neighbors=15, weights="distance"),
    "IterativeImputer": iterative(2),
    "extra trees": extra_trees,
}
