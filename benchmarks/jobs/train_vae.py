"""Trains the VAE on a directory of PNG files for an epoch, as `lacuna train` does: the last tenth of a shuffle judges, and
the better of the weights and their average is kept."""
import argparse
import json

import torch
from torch.utils.data import DataLoader, Subset

from peers.settings import Setting
from peers.training import Training
from peers.vae import VAE

from .image_folder import ImageFolder, binarized


def validate(network, loader, setting):
    """The mean bound in nats."""
    total, count = 0.0, 0
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=setting.precision == "bfloat16"):
        for images, _ in loader:
            noise = torch.randn(len(images), network.encoder.mean.out_features)
            total += network.bounds(images, noise).sum().item()
            count += len(images)
    return total / count


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dataset")
    parser.add_argument("--output", required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--setting", required=True, help="JSON of a Setting")
    parser.add_argument("--threads", required=True, type=int)
    arguments = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(arguments.threads)
    setting = Setting(**json.loads(arguments.setting))
    data = ImageFolder(arguments.dataset, binarized)
    order = torch.randperm(len(data)).tolist()
    judges = len(data) // 10
    loader = DataLoader(Subset(data, order[judges:]), arguments.batch, shuffle=True, num_workers=2)
    validation = DataLoader(Subset(data, order[: min(judges, 5000)]), 256, num_workers=2)
    training = Training(VAE(1, 2, 28), setting)
    for images, _ in loader:
        training.make(images)
    network = training.network.eval()
    present = {name: value.clone() for name, value in network.state_dict().items()}
    score = validate(network, validation, setting)
    for parameter, average in zip(training.parameters, training.average):
        parameter.data.copy_(average)
    averaged = validate(network, validation, setting)
    torch.save(network.state_dict() if averaged < score else present, arguments.output)
    print(json.dumps({"validation": min(score, averaged), "steps": training.step}))


if __name__ == "__main__":
    main()
