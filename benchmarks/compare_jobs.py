"""Whole jobs from the shell, start-up included: an epoch of training from PNG files, and features of PNG files."""
import dataclasses
import json
import subprocess
import sys
import time

import data
import images
import store
from contestants import HERE, Lacuna, display, environment
from images import WORK
from measures import ratio, summary
from peers.settings import AS_IT_COMES
from peers.subjects import SUBJECTS
from tune import settings_of

BATCH = 128


def seconds(command, **more):
    """The wall time of a command that must succeed."""
    began = time.perf_counter()
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **more)
    taken = time.perf_counter() - began
    if done.returncode != 0:
        raise SystemExit(f"{display(command)}\n{done.stderr[-2000:]}")
    return taken


def script(name, setting, options, *arguments):
    """A PyTorch script's command."""
    command = [sys.executable, "-m", f"jobs.{name}", *arguments, "--threads", options.threads]
    return [*command, "--setting", json.dumps(dataclasses.asdict(setting))]


def compare(name, rounds, lacuna_command, peer_commands, options):
    """All rounds of a job, each contestant once in every round."""
    times = {"lacuna": [], **{peer: [] for peer in peer_commands}}
    for number in range(rounds):
        times["lacuna"].append([seconds(lacuna_command)])
        for peer, (setting, command) in peer_commands.items():
            times[peer].append([seconds(command, cwd=HERE, env=environment(setting, options.threads))])
        shown = ", ".join(f"{who} {values[-1][0]:.1f} s" for who, values in times.items())
        print(f"jobs: {name}: round {number + 1}: {shown}", flush=True)
    settings = {peer: setting.text for peer, (setting, _) in peer_commands.items()}
    return {
        "contestants": {who: {**summary(times[who]), "setting": settings.get(who)} for who in times},
        "ratios": {peer: ratio(times[peer], times["lacuna"]) for peer in peer_commands},
        "command": display(["lacuna", *lacuna_command[1:]]).replace(str(options.data), "DATA"),
    }


def best_of(options):
    """PyTorch's best step, without the compiler, whose minute a job of this length does not earn back, and its best in
    float32, in which features are computed."""
    fastest, float32 = settings_of("vae", options)
    return dataclasses.replace(fastest, compiled=False), dataclasses.replace(float32, compiled=False)


def train(lacuna, options):
    place, words = data.find("train", options)
    if options.quick:
        place = data.subset(place, 6000)
    ours = [
        *(lacuna.binary, "train", place, *SUBJECTS["vae"].model_arguments),
        *("--unconditional", "--levels", 2, "--epochs", 1),
        *("--batch", BATCH, "--output", WORK / "epoch.safetensors", "--overwrite"),
        *("--threads", options.threads, "--quiet"),
    ]
    peers = {
        name: (setting, script("train_vae", setting, options, place, "--output", WORK / "epoch.pt", "--batch", BATCH))
        for name, setting in {"as it comes": AS_IT_COMES, "best": best_of(options)[0]}.items()
    }
    count = sum(1 for _ in place.glob("*/*.png"))
    return {
        "title": f"an epoch of `vae`, {count} PNG files of {words}, batch {BATCH}",
        **compare("train", 1, ours, peers, options),
    }


def embed(lacuna, options):
    place, words = data.find("test", options)
    if options.quick:
        place = data.subset(place, 2000)
    subject = SUBJECTS["vae"]
    weights = WORK / "embedding.safetensors"
    learned = images.folder(subject.images, subject.batch)
    lacuna.steps(subject, learned, "float32", 1, "--warm-up", 0, "--weights", weights, "--overwrite")
    ours = [
        *(lacuna.binary, "embed", place, "--model", weights, "--output", WORK / "features.npy", "--overwrite"),
        *("--threads", options.threads, "--quiet"),
    ]
    arguments = [place, "--weights", weights, "--output", WORK / "features-of-pytorch.npy"]
    peers = {
        name: (setting, script("embed", setting, options, *arguments))
        for name, setting in {"as it comes": AS_IT_COMES, "best": best_of(options)[1]}.items()
    }
    count = sum(1 for _ in place.glob("*/*.png"))
    result = compare("embed", options.rounds, ours, peers, options)
    same_features()
    return {"title": f"features of {count} PNG files of {words}, float32", **result}


def same_features():
    """Both have written the same matrix."""
    import numpy

    ours, theirs = numpy.load(WORK / "features.npy"), numpy.load(WORK / "features-of-pytorch.npy")
    difference = abs(ours - theirs).max()
    if ours.shape != theirs.shape or not difference < 1e-3:
        raise SystemExit(f"jobs: features differ by {difference}: {ours.shape}, {theirs.shape}")


def run(lacuna: Lacuna, options):
    """The part."""
    store.write("jobs", {"jobs": [train(lacuna, options), embed(lacuna, options)]})
