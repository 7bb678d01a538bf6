"""Classifies with few labels by household methods and by lacuna's features, all given the same images and labels, and compares.

Test error in percent, mean and standard deviation over draws of the labelled images, and seconds.
"""
import pathlib
import statistics
import tempfile

import numpy

import arguments
import program
import reports
from features import contestants, draws
from features.collection import collect
from features.ours import Workplace
from features.scaling import scalings
from timing import timed


def main():
    options = read_options()
    collection = collect(options)
    counts = sorted(set(options.labels_per_class))
    draws.check(collection, counts[-1])
    print(f"{len(collection.train)} training and {len(collection.test)} test images of {len(collection.classes)} classes", flush=True)
    rows = []
    with tempfile.TemporaryDirectory() as place:
        workplace = Workplace(options, collection, pathlib.Path(place))
        household = [] if options.only_lacuna else contestants.HOUSEHOLD
        for representation in [*household, *contestants.lacuna(workplace, options)]:
            rows += by_features(representation, collection, counts, options)
        for minutes in options.semi:
            rows += end_to_end(workplace, minutes, counts, options)
    print(table(rows, counts))
    figures = dict(train=len(collection.train), test=len(collection.test), classes=collection.classes, rows=rows)
    reports.save(figures, options.output)


def by_features(representation, collection, counts, options):
    """A row for every classifier and number of labels, of features that are made once."""
    features, once = timed(representation.make, collection.train, collection.test)
    scaled = scalings(*features)
    rows = []
    for name, classify in representation.classifiers.items():
        for count in counts:
            answers = [
                timed(classify, scaled, draws.draw(collection, count, options.seed, number)) for number in range(options.draws)
            ]
            rows.append(
                row(f"{representation.name}, {name}", count, answers, collection, features_seconds=once, trained_seconds=representation.trained)
            )
    return rows


def end_to_end(workplace, minutes, counts, options):
    """A row for every number of labels, of a model that is trained anew for every draw."""
    name = program.row_name("semi-vae", minutes)
    rows = []
    for count in counts:
        answers, trained = [], []
        for number in range(options.semi_draws):
            told = draws.draw(workplace.collection, count, options.seed, number)
            (classes, training), seconds = timed(workplace.classify, f"{name}, {count} a class", minutes, told)
            answers.append((classes, seconds - training))
            trained.append(training)
        rows.append(row(name, count, answers, workplace.collection, features_seconds=None, trained_seconds=statistics.mean(trained)))
    return rows


def row(method, count, answers, collection, **seconds):
    errors = [100 * float(numpy.mean(classes != collection.test_labels)) for classes, _ in answers]
    print(f"{method}, {count} a class: {percent(errors)} %", flush=True)
    return dict(
        method=method,
        labels_per_class=count,
        errors=errors,
        mean=statistics.mean(errors),
        deviation=statistics.stdev(errors) if len(errors) > 1 else None,
        draw_seconds=statistics.mean(time for _, time in answers),
        **seconds,
    )


def percent(errors):
    """Mean and standard deviation; a single draw has none."""
    return f"{statistics.mean(errors):.1f}" + (f" ± {statistics.stdev(errors):.1f}" if len(errors) > 1 else "")


def table(rows, counts):
    """A line a method, a column a number of labels, as Markdown; seconds of a draw are those of the most labels."""
    found = {(row["method"], row["labels_per_class"]): row for row in rows}
    lines = []
    for method in dict.fromkeys(row["method"] for row in rows):
        last = found[method, counts[-1]]
        errors = [percent(found[method, count]["errors"]) for count in counts]
        times = ["" if last[key] is None else f"{last[key]:.1f}" for key in ("trained_seconds", "features_seconds", "draw_seconds")]
        lines.append([method, str(len(last["errors"])), *errors, *times])
    header = ["error in %", "draws", *(f"{count} a class" for count in counts), "lacuna trained, s", "features, s", "a draw, s"]
    return reports.markdown(header, lines)


def read_options():
    parser = arguments.parser(__doc__.splitlines()[0], 10000, "judge", "contrastive")
    parser.add_argument("--labels-per-class", nargs="+", type=positive, default=[10], help="labels that are told (10)")
    parser.add_argument("--draws", type=positive, default=10, help="times that labelled images are drawn (%(default)s)")
    parser.add_argument("--semi", nargs="+", type=float, default=[], help="train semi-vae for so many minutes for each draw, too")
    parser.add_argument("--semi-draws", type=positive, default=1, help="draws that semi-vae is trained for (%(default)s)")
    return parser.parse_args()


def positive(text):
    number = int(text)
    if number < 1:
        raise ValueError
    return number


if __name__ == "__main__":
    main()
