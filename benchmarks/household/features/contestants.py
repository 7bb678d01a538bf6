"""What is compared: representations, each with the classifiers that read it."""
import dataclasses
import typing

import program

from . import classifiers, representations


@dataclasses.dataclass
class Representation:
    """Features by a name, made of training and test images, the classifiers by their names, and seconds that lacuna learnt."""

    name: str
    make: typing.Callable
    classifiers: dict
    trained: typing.Optional[float] = None


REGRESSION = {"logistic regression": classifiers.regression}
NEAREST = {"nearest neighbours": classifiers.nearest}

HOUSEHOLD = [
    Representation("pixels", representations.pixels, REGRESSION | NEAREST),
    Representation(
        "PCA",
        representations.principal_components,
        REGRESSION | {"LabelSpreading": classifiers.spreading, "SelfTrainingClassifier": classifiers.self_training},
    ),
    Representation("HOG", representations.oriented_gradients, REGRESSION),
]


def lacuna(workplace, options):
    """Models that are given, and contrastive encoders that are trained now."""
    models = [(name, path, None) for name, path in program.given(options).items()]
    for minutes in options.minutes or []:
        name = program.row_name("contrastive", minutes)
        models.append((name, *workplace.learn_features(name, minutes)))
    return [Representation(name, workplace.embedding(path), REGRESSION | NEAREST, trained) for name, path, trained in models]
