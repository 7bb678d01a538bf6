"""Who is measured: lacuna, a process a round, and PyTorch, a process that waits for its rounds."""
import dataclasses
import json
import os
import subprocess
import sys

from images import REPOSITORY, WORK

HERE = REPOSITORY / "benchmarks"


class Lacuna:
    """The built program."""

    def __init__(self, binary, threads):
        self.binary, self.threads = binary, threads

    def run(self, *arguments):
        """Runs a command and returns what its JSON says; `threads` is added where it computes."""
        command = [str(self.binary), *map(str, arguments), "--threads", str(self.threads), "--quiet", "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"{display(command)}\n{done.stderr}")
        return json.loads(done.stdout)

    def steps(self, subject, images, precision, steps, *more):
        """A round of training steps, after five to warm up."""
        return self.run(*self.step_arguments(subject, images, precision, steps), *more)

    @staticmethod
    def step_arguments(subject, images, precision, steps, batch=None):
        return [
            *("benchmark", "step", images, *subject.model_arguments, "--batch", batch or subject.batch),
            *("--precision", precision, "--steps", steps),
        ]


class Peer:
    """PyTorch in a process of its own, which keeps what it has warmed up between rounds."""

    def __init__(self, setting, threads, script, *arguments):
        command = [sys.executable, "-m", script, "--setting", json.dumps(dataclasses.asdict(setting))]
        command += ["--threads", str(threads), *map(str, arguments)]
        self.log = WORK / "pytorch.log"
        self.process = subprocess.Popen(
            command,
            cwd=HERE,
            env=environment(setting, threads),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log.open("w"),
            text=True,
        )
        self.ready = self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the PyTorch process has ended:\n{self.log.read_text()[-2000:]}")
        return json.loads(line)

    def round(self, request):
        self.process.stdin.write(f"{request}\n")
        self.process.stdin.flush()
        return self.answer()

    def close(self):
        self.process.stdin.close()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def environment(setting, threads):
    """What PyTorch's process finds in its environment."""
    return {
        **os.environ,
        **setting.environment,
        "OMP_NUM_THREADS": str(threads),
        "TORCHINDUCTOR_CACHE_DIR": str(WORK / "inductor"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def display(command):
    """A command as the report shows it: paths relative to the repository."""
    words = [str(word) for word in command]
    return " ".join(word.replace(f"{REPOSITORY}/", "") for word in words)
