"""Starts `lacuna serve` on a free port for scripts that ask it, and ends it."""

import os
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
def serving(binary, models, *options, isQuiet=True, folder=None):
    """The address of a service of these models, and its process, whose `log()` is what it has written.

    `folder` is where it runs and what it takes for its home and for temporary files.
    """
    with tempfile.TemporaryFile("w+") as log:
        arguments = [binary, "serve", "--port", "0", *options]
        if isQuiet:
            arguments.append("--quiet")
        for model in models:
            arguments += ["--model", str(model)]
        environment = dict(os.environ)
        if folder:
            environment.update(HOME=str(folder), TMPDIR=str(folder))
        process = subprocess.Popen(arguments, stderr=log, cwd=folder, env=environment)

        def text():
            # The process writes at the same place in the file: reading must not move it.
            return os.pread(log.fileno(), 1 << 30, 0).decode(errors="replace")

        process.log = text
        try:
            for _ in range(1000):
                found = re.search(r"at (http://\S+)/", text())
                if found or process.poll() is not None:
                    break
                time.sleep(0.01)
            if not found:
                raise SystemExit("lacuna serve does not start")
            yield found.group(1), process
        finally:
            process.terminate()
            process.wait(60)
