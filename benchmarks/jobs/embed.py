"""Writes the posterior means of a directory of PNG files as a NumPy matrix, as `lacuna embed` does."""
import argparse
import json

import numpy
import torch
from torch.utils.data import DataLoader

from peers.settings import Setting
from peers.vae import VAE
from peers.weights import load

from .image_folder import ImageFolder, binarized


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dataset")
    parser.add_argument("--weights", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--setting", required=True, help="JSON of a Setting")
    parser.add_argument("--threads", required=True, type=int)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    setting = Setting(**json.loads(arguments.setting))
    network = VAE(1, 2, 28).eval()
    load(network, arguments.weights)
    network.to(memory_format=setting.memory_format)
    loader = DataLoader(ImageFolder(arguments.dataset, binarized), batch_size=256, num_workers=2)
    means = []
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=setting.precision == "bfloat16"):
        for images, _ in loader:
            means.append(network.encode(images.contiguous(memory_format=setting.memory_format))[0])
    numpy.save(arguments.output, torch.cat(means).numpy())


if __name__ == "__main__":
    main()
