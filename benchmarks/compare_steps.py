"""A step of training: lacuna and PyTorch by turns."""
import contextlib

import images
import store
from contestants import Peer, display
from measures import ratio, summary
from peers.settings import AS_IT_COMES
from peers.subjects import SUBJECTS
from tune import arguments, settings_of


def compare(subject, lacuna, options):
    """All rounds of a subject: each contestant once in every round."""
    place = images.folder(subject.images, 400)
    best, best_float32 = settings_of(subject.name, options)
    settings = {"as it comes": AS_IT_COMES, "best": best, "best float32": best_float32}
    precisions = {"lacuna": "auto", "lacuna float32": "float32"}
    times = {name: [] for name in [*precisions, *settings]}
    more = {name: {} for name in times}
    with contextlib.ExitStack() as stack:
        peers = {
            name: stack.enter_context(Peer(setting, options.threads, *arguments(subject, place)))
            for name, setting in settings.items()
        }
        for number in range(options.rounds):
            for name, precision in precisions.items():
                report = lacuna.steps(subject, place, precision, options.steps)
                keep(times, more, name, report)
                more[name]["precision"] = report["precision"]
            for name, peer in peers.items():
                keep(times, more, name, peer.round(max(2, options.steps // 2)))
            print(f"steps: {subject.name}: round {number + 1}: {last_round(times)}", flush=True)
    for name, setting in settings.items():
        more[name]["setting"] = setting.text
    return {
        "title": subject.title,
        "batch": subject.batch,
        "contestants": {name: {**summary(times[name]), **more[name]} for name in times},
        "ratios": {
            f"{peer} / {ours}": ratio(times[peer], times[ours])
            for peer, ours in [
                ("as it comes", "lacuna"),
                ("best", "lacuna"),
                ("as it comes", "lacuna float32"),
                ("best float32", "lacuna float32"),
            ]
        },
        "command": display(["lacuna", *lacuna.step_arguments(subject, place, "auto", options.steps)]),
    }


def keep(times, more, name, report):
    times[name].append(report["milliseconds"])
    for key in ("page_faults", "peak_memory_bytes"):
        more[name][key] = report[key]


def last_round(times):
    return ", ".join(f"{name} {summary(rounds[-1:])['median']:.1f} ms" for name, rounds in times.items())


def run(lacuna, options):
    """The part."""
    known = (store.read("steps") or {}).get("subjects", {})
    for name in options.subjects:
        known[name] = compare(SUBJECTS[name], lacuna, options)
        store.write("steps", {"threads": options.threads, "subjects": known})
