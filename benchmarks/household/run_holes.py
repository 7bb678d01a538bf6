"""Fills the same holes by household methods and by lacuna, all given the same training images, and compares.

Root of the mean squared error of the missing values (levels scaled to 0...1), seconds, and where there are classes the
accuracy of one fixed small classifier, trained on the training images, on the filled ones.
"""
import pathlib
import tempfile
import warnings

import numpy

import arguments
import pictures
import program
import reports
from holes import masks, methods, ours
from timing import timed


def main():
    options = read_options()
    train_entries = pictures.spread(pictures.listing(options.train), options.originals)
    test_entries = pictures.spread(pictures.listing(options.test), options.images)
    train, truth = pictures.read(train_entries), pictures.read(test_entries)
    print(f"{len(train)} training images and {len(truth)} images with holes of {options.train}, {options.test}", flush=True)
    labels = [label for _, label in test_entries]
    classify = classifier(train, train_entries, labels)
    rows = []
    with tempfile.TemporaryDirectory() as place:
        ways = dict(methods.ALL if not options.only_lacuna else {})
        models = trained(options, train, train_entries, pathlib.Path(place))
        for hole, missing in masks.named(len(truth), *truth.shape[1:3], options.seed).items():
            if options.holes and hole not in options.holes:
                continue
            known = numpy.where(missing[..., None], 0, truth)
            answers = {name: timed(way, train, known, missing) for name, way in ways.items()}
            for name, model in models.items():
                mean, one, seconds = ours.fill(options, model, known, missing)
                answers[name] = (mean, seconds)
                answers[f"{name}, one answer"] = (one, None)
            for name, (filled, seconds) in answers.items():
                if filled is not None:
                    accuracy = None if classify is None else float(numpy.mean(classify(filled) == labels))
                    rows.append(dict(hole=hole, method=name, rmse=error(filled, truth, missing), seconds=seconds, accuracy=accuracy))
            print(table([row for row in rows if row["hole"] == hole], classify is not None), flush=True)
        if classify is not None:
            print(f"whole images: accuracy {numpy.mean(classify(truth) == labels):.3f}")
    print(summary(rows))
    reports.save(dict(train=len(train), images=len(truth), rows=rows), options.output)


def trained(options, train, entries, place):
    """Model files by the names of their rows; those that are not given are trained first."""
    models = program.given(options)
    if options.minutes is not None:
        folder = place / "train"
        for label in sorted({label for _, label in entries}):
            chosen = [index for index, entry in enumerate(entries) if entry[1] == label]
            pictures.write(train[chosen], folder / label if label else folder)
        for model, minutes in [("mixture", None)] + [("any-order", minutes) for minutes in options.minutes]:
            name = program.row_name(model, minutes)
            models[name] = place / f"{model}-{minutes}.safetensors"
            program.train(options, name, model, minutes, folder, models[name])
    return models


def error(filled, truth, missing):
    return float(numpy.sqrt(numpy.mean((filled - truth)[missing] ** 2)))


def classifier(train, entries, asked):
    """A small dense network on pixels; None where there are no classes, or the images with holes are of none of them."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    labels = [label for _, label in entries]
    if len(set(labels)) < 2 or not set(asked) <= set(labels):
        return None
    network = MLPClassifier((128,), max_iter=30, early_stopping=True, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        network.fit(pictures.flat(train), labels)
    return lambda images: network.predict(pictures.flat(images))


def table(rows, has_classes):
    lines = [f"{'hole':14} {'method':44} {'RMSE':>7} {'seconds':>8}" + (f" {'accuracy':>8}" if has_classes else "")]
    for row in rows:
        seconds = "" if row["seconds"] is None else f"{row['seconds']:.1f}"
        accuracy = f" {row['accuracy']:8.3f}" if has_classes else ""
        lines.append(f"{row['hole']:14} {row['method']:44} {row['rmse']:7.4f} {seconds:>8}{accuracy}")
    return "\n".join(lines) + "\n"


def summary(rows):
    """RMSE, a line a method, a column a hole, as Markdown."""
    holes, names = list(dict.fromkeys(row["hole"] for row in rows)), list(dict.fromkeys(row["method"] for row in rows))
    errors = {(row["method"], row["hole"]): row["rmse"] for row in rows}
    seconds = {name: sum(row["seconds"] or 0 for row in rows if row["method"] == name) for name in names}
    cells = {name: [f"{errors[name, hole]:.4f}" if (name, hole) in errors else "-" for hole in holes] for name in names}
    lines = [[name, *cells[name], f"{seconds[name]:.0f}"] for name in names]
    return reports.markdown(["RMSE", *holes, "s in all"], lines)


def read_options():
    parser = arguments.parser(__doc__.splitlines()[0], 200, "get holes", "mixture, and any-order")
    parser.add_argument("--samples", type=int, default=2, help="lacuna's answers a hole")
    parser.add_argument("--impute", default="", help="more options of lacuna impute, such as '--fill steps=20'")
    parser.add_argument("--holes", nargs="*", help="these holes alone")
    return parser.parse_args()


if __name__ == "__main__":
    main()
