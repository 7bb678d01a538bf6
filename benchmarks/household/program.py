"""lacuna, by the program that users run."""
import subprocess

import timing


def given(options):
    """The model files that were named, by the names of their rows."""
    return {f"lacuna {path.stem}": path for path in options.models}


def train(options, name, model, minutes, folder, output, *more):
    """Trains a model and returns the seconds; minutes are None for one that is done when it is done."""
    length = ["--minutes", minutes] if minutes else []
    _, seconds = timing.timed(call, options, "train", folder, "--model", model, *length, *more, "--output", output)
    print(f"{name}: trained in {seconds:.0f} s", flush=True)
    return seconds


def call(options, *words):
    words = [options.binary, *map(str, words), "--threads", str(options.threads), "--quiet"]
    result = subprocess.run(words, capture_output=True, text=True)
    if result.returncode not in (0, 2):
        raise SystemExit(f"{' '.join(words)}\n{result.stderr}")


def row_name(model, minutes):
    return f"lacuna {model}" + (f", {minutes:g} minute{'' if minutes == 1 else 's'}" if minutes else "")
