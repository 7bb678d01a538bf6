"""A process that trains one network and makes steps when it is told to.

Started by the suite. It warms up, writes a line, and then for each line on its standard input, a number of steps,
writes a line of JSON: the milliseconds of each step and the page faults of all.
"""
import argparse
import json
import pathlib
import resource
import sys
import time

import torch

import peak_memory
from images import read

from .settings import Setting
from .subjects import SUBJECTS
from .training import Training

WARM_UP = 5


def answer(**entries):
    print(json.dumps(entries), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--subject", required=True)
    parser.add_argument("--setting", required=True, help="JSON of a Setting")
    parser.add_argument("--images", required=True, type=pathlib.Path)
    parser.add_argument("--batch", required=True, type=int)
    parser.add_argument("--threads", required=True, type=int)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    setting = Setting(**json.loads(arguments.setting))
    training = Training(SUBJECTS[arguments.subject].network(), setting)
    images = read(arguments.images)

    def step():
        training.make(images[torch.randint(len(images), (arguments.batch,))])

    started = time.perf_counter()
    for _ in range(WARM_UP):
        step()
    answer(ready=True, warm_up_seconds=time.perf_counter() - started)
    for line in sys.stdin:
        milliseconds = []
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        for _ in range(int(line)):
            began = time.perf_counter()
            step()
            milliseconds.append(1000 * (time.perf_counter() - began))
        faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
        answer(
            milliseconds=milliseconds,
            page_faults=faults / len(milliseconds),
            peak_memory_bytes=peak_memory.own(),
        )


if __name__ == "__main__":
    main()
