"""Starts `lacuna serve` on a free port for scripts that ask it, and ends it."""

import re
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DIGITS = ROOT / "fixtures/models/digits-pixelcnn.safetensors"


def train_encoder(binary, folder):
    """A small model that encodes the shipped digits, in a moment."""
    path = Path(folder) / "encoder.safetensors"
    subprocess.run(
        [binary, "train", str(ROOT / "fixtures/digits"), "--model", "autoencoder", "--set", "network=dense", "--set",
         "latent=4", "--levels", "17", "--epochs", "1",
         "--quiet", "--output", str(path), "--overwrite"], check=True,
        stdout=subprocess.DEVNULL)
    return path


@contextmanager
def serving(binary, models, *options):
    """The address of a service of these models, and its process."""
    with tempfile.TemporaryFile("w+") as log:
        arguments = [binary, "serve", "--port", "0", "--quiet", *options]
        for model in models:
            arguments += ["--model", str(model)]
        process = subprocess.Popen(arguments, stderr=log)
        try:
            for _ in range(1000):
                log.seek(0)
                found = re.search(r"at (http://\S+)/", log.read())
                if found or process.poll() is not None:
                    break
                time.sleep(0.01)
            if not found:
                raise SystemExit("lacuna serve does not start")
            yield found.group(1), process
        finally:
            process.terminate()
            process.wait(60)
