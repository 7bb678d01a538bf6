"""Household ways to learn classes of features from few labels.

Each takes the scalings of the features and the labels that are told, -1 for no label, and returns the classes of the test
images.
"""
import functools
import itertools
import warnings

import numpy
import threadpoolctl

from .scaling import spanned

# More unlabelled images take too long: the graph's time grows with the square of their number.
GRAPH_IMAGES = 5000
FOLDS = 5
# The first counts where nothing can be chosen.
INVERSE_PENALTIES = (1, 10, 0.1, 0.01)
NEIGHBOURS = (1, 3, 5)


def alone(way):
    """On one thread, for in problems so small threads wait for each other; and without the remarks that few labels cause."""

    @functools.wraps(way)
    def run(*arguments):
        with threadpoolctl.threadpool_limits(1), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return way(*arguments)

    return run


@alone
def regression(scalings, told):
    """Logistic regression of the labelled images."""
    features, model = chosen_regression([spanned(features, told >= 0) for features in scalings], told)
    return model.fit(features.train[told >= 0], told[told >= 0]).predict(features.test)


@alone
def nearest(scalings, told):
    """The nearest labelled images."""
    from sklearn.neighbors import KNeighborsClassifier

    labelled = (told >= 0).sum()
    # Half of the labelled images are the fewest that a fold learns from.
    candidates = [KNeighborsClassifier(count) for count in NEIGHBOURS if count == 1 or count <= labelled // 2]
    features, model = choose(scalings, told, candidates, "accuracy")
    return model.fit(features.train[told >= 0], told[told >= 0]).predict(features.test)


@alone
def spreading(scalings, told):
    """scikit-learn's LabelSpreading, as it comes, over a graph of the nearest neighbours."""
    from sklearn.semi_supervised import LabelSpreading

    features = scalings[0]
    others = numpy.random.default_rng(0).permutation(numpy.flatnonzero(told < 0))[:GRAPH_IMAGES]
    seen = numpy.concatenate([numpy.flatnonzero(told >= 0), others])
    return LabelSpreading(kernel="knn").fit(features.train[seen], told[seen]).predict(features.test)


@alone
def self_training(scalings, told):
    """scikit-learn's SelfTrainingClassifier, as it comes, around the chosen logistic regression."""
    from sklearn.semi_supervised import SelfTrainingClassifier

    features, model = chosen_regression(scalings, told)
    return SelfTrainingClassifier(model).fit(features.train, told).predict(features.test)


def chosen_regression(scalings, told):
    from sklearn.linear_model import LogisticRegression

    candidates = [LogisticRegression(C=inverse, max_iter=1000) for inverse in INVERSE_PENALTIES]
    # The probabilities count: few labels tell hardly any two accuracies apart, and self-training asks how sure it is.
    return choose(scalings, told, candidates, "neg_log_loss")


def choose(scalings, told, candidates, scoring):
    """The scaling and the candidate that do best where each fold of the labelled images is held back in turn.

    The first of equals; the first of all where a class has a single label, for then nothing can be held back.
    """
    from sklearn.model_selection import StratifiedKFold, cross_val_score

    labelled = told >= 0
    folds = min(FOLDS, numpy.bincount(told[labelled]).min())
    if folds < 2:
        return scalings[0], candidates[0]

    def score(choice):
        features, candidate = choice
        rows, labels = features.train[labelled], told[labelled]
        return cross_val_score(candidate, rows, labels, cv=StratifiedKFold(folds), scoring=scoring).mean()

    return max(itertools.product(scalings, candidates), key=score)
