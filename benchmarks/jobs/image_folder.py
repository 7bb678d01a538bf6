"""torchvision's ImageFolder with its ToTensor, without torchvision: PNG files in folders named by class."""
import pathlib

import numpy
import torch
from PIL import Image
from torch.utils.data import Dataset


class ImageFolder(Dataset):
    """Grey images as float tensors `[1, height, width]` in 0...1, and the number of the class."""

    def __init__(self, root, transform=None):
        self.classes = sorted(entry.name for entry in pathlib.Path(root).iterdir() if entry.is_dir())
        self.samples = [
            (str(path), number)
            for number, name in enumerate(self.classes)
            for path in sorted((pathlib.Path(root) / name).iterdir())
        ]
        self.transform = transform

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, index):
        path, label = self.samples[index]
        with open(path, "rb") as file:
            image = Image.open(file).convert("L")
        tensor = torch.from_numpy(numpy.array(image)).unsqueeze(0).float() / 255
        return (self.transform(tensor) if self.transform else tensor), label


def binarized(tensor):
    """Levels 0 and 1."""
    return (tensor >= 0.5).float()
