"""Drawing whole images from a gated PixelCNN: lacuna's cached sampler, PyTorch's plain loop and a cached one in PyTorch."""
import contextlib
import dataclasses

import images
import store
from contestants import Peer, display
from images import WORK
from measures import ratio, summary
from peers.settings import AS_IT_COMES, Setting, compiled
from peers.subjects import SUBJECTS
from tune import PRECISIONS, keep, known

PLAIN_PIXELS = 8
PLAIN_BATCH = 64


def weights(lacuna):
    """A model file of a PixelCNN with its defaults; how long drawing takes does not depend on the weights."""
    path = WORK / "sampling.safetensors"
    subject = SUBJECTS["pixelcnn"]
    place = images.folder(subject.images, subject.batch)
    lacuna.steps(subject, place, "float32", 1, "--warm-up", 0, "--weights", path, "--overwrite")
    return path


def peer(kind, setting, batch, path, options):
    arguments = ["peers.sampling_worker", "--weights", path, "--kind", kind, "--batch", batch]
    return Peer(setting, options.threads, *arguments)


def trial(kind, setting, batch, amount, path, options):
    """One line of what was tried: milliseconds an image."""
    try:
        with peer(kind, setting, batch, path, options) as process:
            milliseconds = process.round(amount)["milliseconds"][0]
    except RuntimeError as error:
        print(f"sampling: {kind}, {setting.text}: {error}")
        milliseconds = None
    else:
        print(f"sampling: {kind}, {setting.text}, {batch} together: {milliseconds:.2f} ms an image", flush=True)
    return {"kind": kind, "setting": dataclasses.asdict(setting), "batch": batch, "milliseconds": milliseconds}


def tune(path, options):
    """Everything that is tried for the best plain and the best cached loop."""
    rows = []
    for kind, batch, amount in [("plain", PLAIN_BATCH, PLAIN_PIXELS), ("cached", 256, 256)]:
        settings = [Setting(precision, channels_last=True, keeps_memory=True) for precision in PRECISIONS]
        rows += [trial(kind, setting, batch, amount, path, options) for setting in settings]
        fastest = Setting(**best(rows, kind)["setting"])
        rows += [trial(kind, setting, batch, amount, path, options) for setting in compiled(fastest)]
    fastest = Setting(**best(rows, "cached")["setting"])
    return rows + [trial("cached", fastest, batch, batch, path, options) for batch in (64, 1024)]


def best(rows, kind):
    """The fastest of what was tried for a kind of loop."""
    fitting = [row for row in rows if row["kind"] == kind and row["milliseconds"]]
    return min(fitting, key=lambda row: row["milliseconds"])


def settings_of(path, options):
    """The best plain and the best cached loop, by the last trials; trials are made where there are none, but not in a
    smoke run."""
    if options.quick:
        usual = dataclasses.asdict(Setting("bfloat16", True, keeps_memory=True))
        return {"setting": usual}, {"setting": usual, "batch": 256}
    if known("sampling") is None:
        keep("sampling", tune(path, options))
    return best(known("sampling"), "plain"), best(known("sampling"), "cached")


def run(lacuna, options):
    """The part."""
    path = weights(lacuna)
    plain, cached = settings_of(path, options)
    count = 256 if options.quick else 1024
    command = ["benchmark", "sampling", "--model", path, "--images", count]
    contestants = {
        "plain loop as it comes": ("plain", AS_IT_COMES, PLAIN_BATCH, PLAIN_PIXELS),
        "plain loop, best": ("plain", Setting(**plain["setting"]), PLAIN_BATCH, PLAIN_PIXELS),
        "cached, best": ("cached", Setting(**cached["setting"]), cached["batch"], max(cached["batch"], 256)),
    }
    times = {name: [] for name in ["lacuna", *contestants]}
    with contextlib.ExitStack() as stack:
        peers = {
            name: (stack.enter_context(peer(kind, setting, batch, path, options)), amount)
            for name, (kind, setting, batch, amount) in contestants.items()
        }
        for number in range(options.rounds):
            report = lacuna.run(*command)
            times["lacuna"].append([1000 * report["seconds"] / report["images"]])
            for name, (process, amount) in peers.items():
                times[name].append(process.round(amount)["milliseconds"])
            shown = ", ".join(f"{name} {rounds[-1][0]:.3f} ms" for name, rounds in times.items())
            print(f"sampling: round {number + 1}: {shown} an image", flush=True)
    texts = {name: f"{setting.text}, {batch} together" for name, (_, setting, batch, _) in contestants.items()}
    store.write(
        "sampling",
        {
            "images": count,
            "plain_pixels": PLAIN_PIXELS,
            "contestants": {name: {**summary(times[name]), "setting": texts.get(name)} for name in times},
            "ratios": {name: ratio(times[name], times["lacuna"]) for name in contestants},
            "command": display(["lacuna", *command]),
        },
    )
