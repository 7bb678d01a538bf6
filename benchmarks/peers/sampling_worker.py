"""A process that draws images from a PixelCNN when it is told to; a line of JSON for each line on its input."""
import argparse
import json
import sys
import time

import torch

from .pixelcnn import PixelCNN
from .sampler import CachedSampler, plain
from .settings import Setting
from .step_worker import answer
from .weights import load

SIDE = 28


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--setting", required=True, help="JSON of a Setting")
    parser.add_argument("--weights", required=True)
    parser.add_argument("--kind", required=True, choices=["plain", "cached"])
    parser.add_argument("--batch", required=True, type=int)
    parser.add_argument("--threads", required=True, type=int)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    setting = Setting(**json.loads(arguments.setting))
    network = PixelCNN(1, 2, SIDE).eval()
    load(network, arguments.weights)
    network.to(memory_format=setting.memory_format)
    sampler = CachedSampler(network, setting) if arguments.kind == "cached" else None

    def draw(amount):
        """Draws so many images, or so many pixels of a batch by the plain loop; the seconds an image."""
        began = time.perf_counter()
        if sampler:
            for _ in range(amount // arguments.batch):
                sampler.draw(arguments.batch, SIDE, SIDE)
            share = amount // arguments.batch * arguments.batch
        else:
            images = torch.zeros(arguments.batch, 1, SIDE, SIDE).contiguous(memory_format=setting.memory_format)
            plain(network, images, range(amount), setting)
            share = arguments.batch * amount / SIDE**2
        return (time.perf_counter() - began) / share

    draw(arguments.batch if sampler else 2)
    answer(ready=True)
    for line in sys.stdin:
        answer(milliseconds=[1000 * draw(int(line))])


if __name__ == "__main__":
    main()
