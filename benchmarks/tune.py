"""Looks for the settings in which PyTorch is fastest, for each subject."""
import dataclasses
import statistics

import images
import store
from contestants import Peer
from peers.settings import AS_IT_COMES, Setting, candidates, refinements
from peers.subjects import SUBJECTS


def arguments(subject, place):
    """What a worker is told of a subject."""
    return ["peers.step_worker", "--subject", subject.name, "--images", place, "--batch", subject.batch]


def trial(subject, setting, options):
    """The milliseconds of the median step; None where it does not run."""
    place = images.folder(subject.images, 400)
    try:
        with Peer(setting, options.threads, *arguments(subject, place)) as peer:
            steps = 2 if options.quick else 6
            median = statistics.median(peer.round(steps)["milliseconds"])
    except RuntimeError as error:
        print(f"tune: {subject.name}: {setting.text}: {error}")
        return None
    print(f"tune: {subject.name}: {setting.text}: {median:.1f} ms")
    return median


def tune(subject, options):
    """Every trial of a subject."""
    rows = []

    def try_all(settings):
        for setting in settings:
            rows.append({"setting": dataclasses.asdict(setting), "milliseconds": trial(subject, setting, options)})

    try_all([AS_IT_COMES])
    try_all(s for s in candidates(subject.model != "dense") if not (options.quick and s.compiled))
    for precision in ("float32", "bfloat16"):
        try_all(refinements(best(rows, precision)))
    return rows


def best(rows, precision=None):
    """The fastest setting, of all or of one precision."""
    fitting = [
        row for row in rows if row["milliseconds"] and precision in (None, row["setting"]["precision"])
    ]
    return Setting(**min(fitting, key=lambda row: row["milliseconds"])["setting"])


def run(lacuna, options):
    """The part."""
    known = (store.read("tune") or {}).get("subjects", {})
    for name in options.subjects:
        known[name] = tune(SUBJECTS[name], options)
        store.write("tune", {"threads": options.threads, "subjects": known})


def settings_of(name, options):
    """PyTorch's best and its best in float32, by the last trials; trials are made where there are none."""
    known = (store.read("tune") or {}).get("subjects", {})
    if name not in known:
        run(None, dataclasses.replace(options, subjects=[name]))
        known = store.read("tune")["subjects"]
    return best(known[name]), best(known[name], "float32")
