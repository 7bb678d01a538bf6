#!/usr/bin/env python3
"""Does `lacuna augment` help a classifier? The figures of Documentation/Results.md, one table.

For each draw a few labelled images are taken from a directory of class folders and linked into a folder of
their own. A generator learns from those alone, or with all others as images without a label; it draws
new images; and `lacuna evaluate augmentation` trains a classifier with and without them on the very same
labelled images, and judges it by all test images. The table gives mean and standard deviation over the draws.

Every step leaves a file and is not done again where that is there: interrupted, the same command goes on.
Settings are environment variables; benchmarks/augmentation.md lists them. Needs Python 3.9 and nothing else.
"""

import json
import math
import os
import pathlib
import random
import subprocess
import sys

from idx_images import unpack

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent

# 97.5 % quantiles of Student's distribution, by degrees of freedom.
STUDENT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262]

MIXES = [
    ("real", "real alone"),
    ("real_and_generated", "real + generated"),
    ("generated", "generated alone"),
    ("real_and_transforms", "real + transforms"),
    ("real_and_both", "real + both"),
]


class Settings:
    """What the environment asks for."""

    def __init__(self, environment):
        def text(name, default):
            return environment.get(name) or default

        def words(name, default):
            return text(name, default).split()

        self.lacuna = str(pathlib.Path(text("LACUNA", REPOSITORY / ".build/release/lacuna")).resolve())
        self.data = pathlib.Path(text("AUGMENTATION_DATA", REPOSITORY.parent / "shared/data/mnist"))
        self.output = pathlib.Path(text("AUGMENTATION_OUTPUT", REPOSITORY / "out/augmentation"))
        self.experiments = words("EXPERIMENTS", "labelled unlabelled unbalanced")
        self.labels = [int(word) for word in words("LABELS", "10 50")]
        self.draws = int(text("DRAWS", "5"))
        self.minutes = text("MINUTES", "3")
        self.levels = text("LEVELS", "2")
        self.model = text("MODEL", "semi-vae")
        self.train = words("TRAIN_OPTIONS", "--transforms strong --set warm-up=500")
        self.unlabelled_model = text("UNLABELLED_MODEL", "semi-vae")
        self.unlabelled_train = words("UNLABELLED_TRAIN_OPTIONS", "--batch 128 --set warm-up=500")
        self.augment = words("AUGMENT_OPTIONS", "--temperature 0.8 --label-check 0.9")
        self.unlabelled_augment = words("UNLABELLED_AUGMENT_OPTIONS", "--temperature 0.8 --label-check 0.9")
        self.per_class = text("PER_CLASS", "1000")
        self.evaluate = words("EVALUATE_OPTIONS", "--seeds 3")
        self.rare = text("RARE", "8")
        self.common_count = int(text("COMMON_COUNT", "500"))
        self.rare_count = int(text("RARE_COUNT", "15"))


def lacuna(settings, *arguments):
    """Runs one command; its words go to the standard error where it fails."""
    result = subprocess.run([settings.lacuna, *map(str, arguments)], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"lacuna {' '.join(map(str, arguments))}\n{result.stderr}")
    return result.stdout


def class_folders(directory):
    """The names of the class folders, in order."""
    return sorted(path.name for path in directory.iterdir() if path.is_dir() and not path.name.startswith((".", "_")))


def choose(directory, counts, draw):
    """So many files of each class, by class: the first ones of a shuffle that the draw decides alone."""
    chosen = {}
    for name, count in counts.items():
        files = sorted(path for path in (directory / name).iterdir() if path.is_file())
        random.Random(f"{draw} {name}").shuffle(files)
        if len(files) < count:
            sys.exit(f"{directory / name}: holds {len(files)} images, {count} are asked for")
        chosen[name] = sorted(files[:count])
    return chosen


def link(chosen, place):
    """A folder of links to chosen files, made whole or not at all."""
    if place.exists():
        return
    unfinished = place.with_name(place.name + ".unfinished")
    for name, files in chosen.items():
        (unfinished / name).mkdir(parents=True, exist_ok=True)
        for path in files:
            target = unfinished / name / path.name
            if not target.is_symlink():
                target.symlink_to(path.resolve())
    unfinished.rename(place)


def table_of_labels(chosen, place):
    """The labels of chosen files as `lacuna train --labels` reads them."""
    lines = ["filename,label"] + [f"{name}/{path.name},{name}" for name, files in chosen.items() for path in files]
    place.write_text("\n".join(lines) + "\n")
    return place


def generator(settings, experiment, chosen, place, real):
    """Trains the generator of a draw, and draws its images."""
    model, generated = place / "model.safetensors", place / "generated"
    if experiment == "unlabelled":
        images, name, options = settings.data / "train", settings.unlabelled_model, settings.unlabelled_train
        options = [*options, "--labels", table_of_labels(chosen, place / "labels.csv")]
        drawing = settings.unlabelled_augment
    else:
        images, name, options, drawing = real, settings.model, settings.train, settings.augment
    lacuna(
        settings, "train", images, "--model", name, "--levels", settings.levels, "--minutes", settings.minutes,
        "--output", model, "--resume", "--quiet", *options)
    amount = ["--balance"] if experiment == "unbalanced" else ["--per-class", settings.per_class]
    # The originals are all images that were seen: a copy of one without a label is a copy.
    lacuna(
        settings, "augment", images, "--model", model, "--output", generated, "--resume", "--quiet", "--json", *amount,
        *drawing)
    return generated


def draw_once(settings, experiment, counts, draw, place):
    """The evaluation of one draw."""
    figures = place / "evaluation.json"
    if not figures.exists():
        place.mkdir(parents=True, exist_ok=True)
        chosen = choose(settings.data / "train", counts, draw)
        real = place / "real"
        link(chosen, real)
        generated = generator(settings, experiment, chosen, place, real)
        text = lacuna(
            settings, "evaluate", "augmentation", real, settings.data / "test", "--generated", generated, "--levels",
            settings.levels, "--quiet", "--json", *settings.evaluate)
        figures.write_text(text)
        print(f"{place}: done", file=sys.stderr)
    return json.loads(figures.read_text())


def mean_and_spread(values):
    """Mean and standard deviation; the latter of a single value is not a number."""
    mean = sum(values) / len(values)
    if len(values) < 2:
        return mean, math.nan
    return mean, math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))


def percent(values, sign=False):
    """Such as `74.64 +- 1.81`."""
    mean, spread = mean_and_spread(values)
    form = f"{100 * mean:+.2f}" if sign else f"{100 * mean:.2f}"
    return form if math.isnan(spread) else f"{form} +- {100 * spread:.2f}"


def difference(values, baseline):
    """The mean difference of paired draws, and whether Student's 95 % interval leaves 0 out."""
    pairs = [value - other for value, other in zip(values, baseline)]
    mean, spread = mean_and_spread(pairs)
    word = ""
    if not math.isnan(spread):
        quantile = STUDENT[len(pairs) - 2] if len(pairs) - 2 < len(STUDENT) else 2.2
        is_beyond = abs(mean) > quantile * spread / math.sqrt(len(pairs))
        word = ", beyond the spread" if is_beyond else ", within the spread"
    return percent(pairs, sign=True) + word


def accuracies(reports, mix):
    """The accuracy of each draw; none where a draw lacks the mix."""
    found = [report["trained_on"].get(mix) for report in reports]
    return [one["accuracy"] for one in found if one] if all(found) else []


def section(title, reports):
    """The table of one experiment."""
    base, transformed = accuracies(reports, "real"), accuracies(reports, "real_and_transforms")
    lines = [
        f"{title}, {len(reports)} draw{'s' if len(reports) > 1 else ''}:", "",
        "| trained on | accuracy % | less real alone | less real + transforms |", "|---|---|---|---|",
    ]
    for mix, name in MIXES:
        values = accuracies(reports, mix)
        if not values:
            continue
        less_real = "" if mix == "real" else difference(values, base)
        less_transforms = difference(values, transformed) if mix == "real_and_both" else ""
        lines.append(f"| {name} | {percent(values)} | {less_real} | {less_transforms} |")
    return lines


def recall_section(title, reports, rare):
    """The recall of one class, by what was trained on."""
    def recalls(mix):
        return [report["trained_on"][mix]["recall"][rare]["mean"] for report in reports]

    base = recalls("real")
    lines = ["", f"Recall of the rare class {rare}, {title}:", "", "| trained on | recall % | less real alone |", "|---|---|---|"]
    for mix, name in MIXES:
        if accuracies(reports, mix):
            less = "" if mix == "real" else difference(recalls(mix), base)
            lines.append(f"| {name} | {percent(recalls(mix))} | {less} |")
    return lines


def experiments(settings):
    """Each experiment with its title, its folder and its labelled images of each class."""
    names = class_folders(settings.data / "train")
    titles = {"labelled": "and nothing else", "unlabelled": "and the other training images without label"}
    for experiment in settings.experiments:
        if experiment == "unbalanced":
            counts = {name: settings.common_count for name in names}
            counts[settings.rare] = settings.rare_count
            title = f"{settings.common_count} images a class, {settings.rare_count} of class {settings.rare}"
            yield experiment, title, f"unbalanced-{settings.rare_count}", counts
        elif experiment in titles:
            for count in settings.labels:
                title = f"{count} labelled images a class {titles[experiment]}"
                yield experiment, title, f"{experiment}-{count}", {name: count for name in names}
        else:
            sys.exit(f"EXPERIMENTS: there is no '{experiment}'; there are labelled, unlabelled and unbalanced")


def main():
    settings = Settings(os.environ)
    settings.output.mkdir(parents=True, exist_ok=True)
    if not (settings.data / "train").is_dir():
        settings.data = unpack(settings.data, settings.output / "images")
    lines = []
    for experiment, title, folder, counts in experiments(settings):
        reports = [
            draw_once(settings, experiment, counts, draw, settings.output / folder / f"draw-{draw}")
            for draw in range(settings.draws)
        ]
        lines += ([""] if lines else []) + section(title, reports)
        if experiment == "unbalanced":
            lines += recall_section(title, reports, settings.rare)
    text = "\n".join(lines) + "\n"
    (settings.output / "table.md").write_text(text)
    print(text, end="")


if __name__ == "__main__":
    main()
