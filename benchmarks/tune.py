"""Looks for the settings in which PyTorch is fastest, for each subject; once for a machine and a version of PyTorch."""
import dataclasses
import statistics

import images
import machine
import store
from contestants import Peer
from peers.settings import AS_IT_COMES, Setting, candidates, compiled, refinements
from peers.subjects import SUBJECTS

PRECISIONS = ("float32", "bfloat16")


def arguments(subject, place):
    """What a worker is told of a subject."""
    return ["peers.step_worker", "--subject", subject.name, "--images", place, "--batch", subject.batch]


def trial(subject, setting, options):
    """One line of what was tried: the milliseconds of the median step, None where it does not run."""
    place = images.folder(subject.images, 400)
    try:
        with Peer(setting, options.threads, *arguments(subject, place)) as peer:
            median = statistics.median(peer.round(8)["milliseconds"])
    except RuntimeError as error:
        print(f"tune: {subject.name}: {setting.text}: {error}")
        median = None
    else:
        print(f"tune: {subject.name}: {setting.text}: {median:.1f} ms", flush=True)
    return {"setting": dataclasses.asdict(setting), "milliseconds": median}


def tune(subject, options):
    """Every trial of a subject."""
    rows = [trial(subject, AS_IT_COMES, options)]
    rows += [trial(subject, setting, options) for setting in candidates(subject.has_images)]
    for stage in (compiled, refinements):
        for precision in PRECISIONS:
            rows += [trial(subject, setting, options) for setting in stage(best(rows, precision))]
    return rows


def best(rows, precision=None):
    """The fastest setting, of all or of one precision."""
    fitting = [row for row in rows if row["milliseconds"] and precision in (None, row["setting"]["precision"])]
    return Setting(**min(fitting, key=lambda row: row["milliseconds"])["setting"])


def known(name):
    """What was tried on this machine, by name of the subject; None where nothing was."""
    results = store.read("tune") or {}
    return results.get("subjects", {}).get(name) if results.get("identity") == machine.identity() else None


def keep(name, rows):
    """Adds what was tried to the results."""
    results = store.read("tune") or {}
    same = results.get("identity") == machine.identity()
    subjects = {**(results["subjects"] if same else {}), name: rows}
    store.write("tune", {"identity": machine.identity(), "subjects": subjects})


def settings_of(name, options):
    """PyTorch's best and its best in float32, by the last trials; trials are made where there are none. In a smoke run they
    are taken to be what is mostly good."""
    if options.quick:
        return tuple(Setting(precision, True, keeps_memory=True, fused=True) for precision in reversed(PRECISIONS))
    if known(name) is None:
        keep(name, tune(SUBJECTS[name], options))
    return best(known(name)), best(known(name), "float32")


def run(lacuna, options):
    """The part: everything anew."""
    for name in options.subjects:
        keep(name, tune(SUBJECTS[name], options))
