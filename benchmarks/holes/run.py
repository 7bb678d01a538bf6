"""Fills the same holes by household methods and by lacuna, all given the same training images, and compares.

Root of the mean squared error of the missing values (levels scaled to 0...1), seconds, and where there are classes the
accuracy of one fixed small classifier, trained on the training images, on the filled ones.
"""
import argparse
import json
import pathlib
import tempfile
import time
import warnings

import masks
import methods
import numpy
import ours
import pictures


def main():
    options = arguments()
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
    if options.output:
        options.output.write_text(json.dumps(dict(train=len(train), images=len(truth), rows=rows), indent=1) + "\n")


def trained(options, train, entries, place):
    """Model files by the names of their rows; those that are not given are trained first."""
    models = {f"lacuna {path.stem}": path for path in options.models}
    if options.minutes is not None:
        folder = place / "train"
        for label in sorted({label for _, label in entries}):
            chosen = [index for index, entry in enumerate(entries) if entry[1] == label]
            pictures.write(train[chosen], folder / label if label else folder)
        for model, minutes in [("mixture", None)] + [("any-order", minutes) for minutes in options.minutes]:
            name = f"lacuna {model}" + (f", {minutes:g} minutes" if minutes else "")
            output = place / f"{model}-{minutes}.safetensors"
            start = time.monotonic()
            ours.train(options, model, minutes, folder, output)
            print(f"{name}: trained in {time.monotonic() - start:.0f} s", flush=True)
            models[name] = output
    return models


def timed(way, train, known, missing):
    start = time.monotonic()
    filled = way(train, known, missing)
    return filled, time.monotonic() - start


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
        network.fit(methods.flat(train), labels)
    return lambda images: network.predict(methods.flat(images))


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
    lines = ["| RMSE | " + " | ".join(holes) + " | s in all |", "|---" * (len(holes) + 2) + "|"]
    for name in names:
        cells = [f"{errors[name, hole]:.4f}" if (name, hole) in errors else "-" for hole in holes]
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {seconds[name]:.0f} |")
    return "\n".join(lines)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--train", required=True, type=pathlib.Path, help="directory of the images that all learn from")
    parser.add_argument("--test", required=True, type=pathlib.Path, help="directory of the images that get holes")
    parser.add_argument("--originals", type=int, default=5000, help="training images at most, evenly over the directory")
    parser.add_argument("--images", type=int, default=200, help="images with holes at most")
    parser.add_argument("--binary", default="lacuna", help="lacuna's program")
    parser.add_argument("--models", nargs="*", default=[], type=pathlib.Path, help="lacuna's model files to measure")
    parser.add_argument("--minutes", nargs="*", type=float, help="train mixture, and any-order for so many minutes")
    parser.add_argument("--samples", type=int, default=2, help="lacuna's answers a hole")
    parser.add_argument("--impute", default="", help="more options of lacuna impute, such as '--fill steps=20'")
    parser.add_argument("--holes", nargs="*", help="these holes alone")
    parser.add_argument("--only-lacuna", action="store_true", help="leave out the household methods")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0, help="decides the random holes")
    parser.add_argument("--output", type=pathlib.Path, help="JSON file of the figures")
    return parser.parse_args()


if __name__ == "__main__":
    main()
