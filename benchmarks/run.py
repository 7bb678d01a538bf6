"""Runs the benchmarks: see README.md. `make bench` starts this in an environment that has PyTorch."""
import argparse
import dataclasses
import pathlib
import time

import check
import compare_jobs
import compare_sampling
import compare_steps
import report
import scaling
import store
import tune
from contestants import Lacuna
from images import WORK
from peers.subjects import SUBJECTS

PARTS = {
    "check": check.run,
    "tune": tune.run,
    "steps": compare_steps.run,
    "sampling": compare_sampling.run,
    "jobs": compare_jobs.run,
    "scaling": scaling.run,
}


@dataclasses.dataclass
class Options:
    """What all parts are told."""

    threads: int
    subjects: list
    quick: bool
    data: pathlib.Path

    @property
    def rounds(self):
        return 2 if self.quick else 5

    @property
    def steps(self):
        """Steps of lacuna's in a round; PyTorch makes half as many, for each takes longer."""
        return 4 if self.quick else 10


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=[], metavar="part", help=", ".join(PARTS))
    parser.add_argument("--binary", type=pathlib.Path, default=".build/release/lacuna", help="the built program")
    parser.add_argument("--threads", type=int, default=2, help="of both contestants")
    parser.add_argument("--subjects", nargs="*", default=list(SUBJECTS), help="networks whose step is measured")
    parser.add_argument("--quick", action="store_true", help="a minute or two: few rounds, small jobs")
    parser.add_argument("--data", type=pathlib.Path, default=WORK / "data", help="the folder that holds mnist")
    arguments = parser.parse_args()
    for part in arguments.parts:
        if part not in PARTS:
            parser.error(f"there is no part '{part}'; there are {', '.join(PARTS)}")
    WORK.mkdir(parents=True, exist_ok=True)
    if arguments.quick:
        store.use(WORK / "quick")
    options = Options(arguments.threads, arguments.subjects, arguments.quick, arguments.data.resolve())
    lacuna = Lacuna(arguments.binary.resolve(), arguments.threads)
    # Tuning takes longest and is done once: other parts tune where that was not done on this machine.
    for part in arguments.parts or [part for part in PARTS if part != "tune"]:
        started = time.monotonic()
        PARTS[part](lacuna, options)
        print(f"{part}: {time.monotonic() - started:.0f} s", flush=True)
    report.write(lacuna)


if __name__ == "__main__":
    main()
