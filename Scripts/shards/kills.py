"""Kills shards at random, resumes and merges them: the result has to be that of one run, byte for byte.

    Scripts/shards/kills.py LACUNA [KILLS] [SEED]

For every command that has shards, runs of 1 to 7 shards are killed again and again (SIGKILL and SIGTERM), and so is
'lacuna merge', until there were so many kills in all. Only the standard library is used.
"""

import filecmp
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IMAGES = 120
MODELS = {
    "nb.safetensors": "train fixtures/digits --model naive-bayes",
    "mixture.safetensors": "train fixtures/digits --model mixture --levels 17",
    "encoder.safetensors": (
        "train fixtures/digits --model semi-vae --set network=dense --set latent=2 "
        "--set hidden=8 --levels 2 --epochs 1"),
    "orders.safetensors": (
        "train fixtures/digits --model pixelcnn --set layers=1 --set channels=4 "
        "--set first-kernel=3 --levels 2 --epochs 1"),
}
# Each with what its outputs end with.
COMMANDS = {
    "embed": ("embed set --model encoder.safetensors --variance --predict", ".csv"),
    "embed, npy": ("embed set --model encoder.safetensors", ".npy"),
    "impute": (
        "impute set --region center --model orders.safetensors --samples 2 --mean --uncertainty", ""),
    "augment": ("augment set --model mixture.safetensors --per-class 30 --originals copy", ""),
    "evaluate likelihood": (
        "evaluate likelihood set --model encoder.safetensors --samples 2000", ".json"),
    "evaluate imputation": (
        "evaluate imputation set --region center --random 0.3 --samples 3 --images 100 "
        "--model orders.safetensors --method ordered,particles", ".json"),
}


class Place:
    """A folder where commands run."""

    def __init__(self, program):
        self.program = program
        self.folder = Path(tempfile.mkdtemp(prefix="lacuna-shards-"))
        (self.folder / "fixtures").symlink_to(ROOT / "fixtures")
        files = sorted((ROOT / "fixtures/digits").glob("*/*.png"))
        for path in files[::max(1, len(files) // IMAGES)]:
            target = self.folder / "set" / path.parent.name / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
        (self.folder / "set/3/broken.png").write_bytes(b"none")
        for name, line in MODELS.items():
            self.finish(f"{line} --output {name}")

    def start(self, line):
        return subprocess.Popen(
            [self.program, *line.split(), "--quiet"], cwd=self.folder,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def finish(self, line):
        """Runs to the end; what it said."""
        process = self.start(line)
        output, errors = process.communicate()
        if process.returncode not in (0, 2):
            sys.exit(f"{line}\nended with {process.returncode}: {errors.decode()}")
        return output

    def seconds(self, line):
        start = time.monotonic()
        output = self.finish(line)
        return time.monotonic() - start, output

    def interrupt(self, line, seconds, number):
        """Sends a signal after so long; whether it came before the end."""
        process = self.start(line)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(number)
        process.communicate()
        return process.returncode not in (0, 2)


def files(path):
    return sorted(str(p.relative_to(path)) for p in path.rglob("*") if not p.is_dir())


def differences(place, one, other):
    """What is unlike in two outputs, tables with what stands beside them."""
    one, other = place.folder / one, place.folder / other
    if one.is_dir():
        names = files(one)
        if names != files(other):
            return sorted(set(names) ^ set(files(other)))
        return filecmp.cmpfiles(one, other, names, shallow=False)[1:]
    pairs = [(one, other)]
    if one.suffix == ".npy":
        pairs.append(tuple(p.with_suffix(".filenames.csv") for p in (one, other)))
    return [str(a) for a, b in pairs if a.read_bytes() != b.read_bytes()]


def attempt(place, name, count, kills, chance):
    """One run in shards, killed and resumed; how often."""
    line, ending = COMMANDS[name]
    line += " --threads 1 --batch " + str(chance.choice([1, 3, 8]))
    is_report = ending == ".json"
    whole, merged, kept = f"whole{ending}", f"whole{ending}", f"kept{ending}"
    for path in list(place.folder.glob("part-*")) + list(place.folder.glob(".part-*")):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in list(place.folder.glob("whole*")) + list(place.folder.glob("kept*")):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    took, report = place.seconds(line if is_report else f"{line} --output {whole}")
    if not is_report:
        # run.json names the output: merged parts are written under the same name.
        (place.folder / whole).rename(place.folder / kept)
        if ending == ".npy":
            (place.folder / "whole.filenames.csv").rename(place.folder / "kept.filenames.csv")
    done = 0
    parts = [f"part-{number}{ending}" for number in range(1, count + 1)]
    for number, part in enumerate(parts, 1):
        shard = f"{line} --shard {number}/{count} --output {part} --resume"
        for _ in range(kills):
            number_sent = chance.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM])
            done += place.interrupt(shard, chance.uniform(0.005, took / count + 0.02), number_sent)
        place.finish(shard)
    merge = "merge " + " ".join(chance.sample(parts, count))
    if is_report:
        if place.finish(merge) != report:
            sys.exit(f"{name}, {count} shards: the merged report differs ({place.folder})")
        return done
    for _ in range(kills):
        done += place.interrupt(
            f"{merge} --output {merged} --overwrite", chance.uniform(0.002, 0.03), signal.SIGKILL)
    place.finish(f"{merge} --output {merged} --overwrite")
    unlike = differences(place, kept, merged)
    if any(unlike):
        sys.exit(f"{name}, {count} shards: {unlike} differ ({place.folder})")
    return done


def main():
    program = str(Path(sys.argv[1]).resolve())
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    chance = random.Random(seed)
    place = Place(program)
    total = dict.fromkeys(COMMANDS, 0)
    rounds = 0
    while min(total.values()) * len(total) < wanted:
        rounds += 1
        for name in COMMANDS:
            count = chance.randint(1, 7)
            total[name] += attempt(place, name, count, 2, chance)
        print(f"{sum(total.values())} kills in {rounds} rounds: " + ", ".join(
            f"{name} {kills}" for name, kills in total.items()), flush=True)
    shutil.rmtree(place.folder)
    print("merged bytes are those of one run, whatever was killed")


main()
