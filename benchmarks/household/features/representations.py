"""Features that people use without learning labels: training and test images to a row of numbers each."""
import numpy

import pictures


def pixels(train, test):
    return pictures.flat(train), pictures.flat(test)


def principal_components(train, test):
    """At most fifty, of all training images."""
    from sklearn.decomposition import PCA

    train, test = pixels(train, test)
    components = PCA(min(50, *train.shape), random_state=0).fit(train)
    return components.transform(train), components.transform(test)


def oriented_gradients(train, test):
    """scikit-image's HOG: nine directions, about seven cells a side, blocks of two by two cells."""
    from skimage.feature import hog

    cell = max(2, round(min(train.shape[1:3]) / 7))

    def describe(images):
        return numpy.stack(
            [hog(image, pixels_per_cell=(cell, cell), cells_per_block=(2, 2), channel_axis=-1) for image in images]
        )

    return describe(train), describe(test)
