"""What is compared: networks, batches and images, by name."""
import dataclasses

from .boltzmann import RBM
from .dense import MADE, Dense
from .flows import RealNVP
from .pixelcnn import PixelCNN
from .recurrent import RNN, PixelRNN
from .vae import VAE


@dataclasses.dataclass(frozen=True)
class Subject:
    """One network and the images that it learns."""

    name: str
    title: str
    model: str  # what lacuna calls it
    images: str  # the kind of images: see images.py
    batch: int
    settings: tuple = ()  # of lacuna's model, where its defaults are another network's

    @property
    def model_arguments(self):
        """What tells lacuna which network."""
        return ["--model", self.model, *(word for setting in self.settings for word in ("--set", setting))]

    def network(self):
        if self.model == "pixelcnn":
            return PixelCNN(*{"binary28": (1, 2, 28), "rgb32": (3, 256, 32)}[self.images])
        if self.model == "vae":
            return VAE(1, 2, 28)
        if self.model == "realnvp":
            return RealNVP(3, 256, 32, 32)
        return {"dense": Dense, "made": MADE, "rnn": RNN, "pixelrnn": PixelRNN, "rbm": RBM}[self.model]()

    @property
    def has_images(self):
        """Whether the network sees images, whose channels may come last, and not rows of numbers."""
        return self.model in ("pixelcnn", "vae", "pixelrnn", "realnvp")


# The peer's pixels are independent, and its prior is standard normal.
PLAIN = ("decoder=independent", "prior=standard")

WIDE = ("hidden=2000", "layers=2", "orders=1", "presence=0")

SUBJECTS = {
    subject.name: subject
    for subject in [
        Subject("pixelcnn", "gated PixelCNN, 28x28 binary", "pixelcnn", "binary28", 32),
        Subject("pixelcnn-rgb", "gated PixelCNN, 32x32 RGB", "pixelcnn", "rgb32", 32),
        Subject("vae", "convolutional VAE, 28x28 binary", "vae", "binary28", 32, PLAIN),
        Subject("dense", "dense 784-8000-784, binary", "dense", "binary28", 100),
        Subject("made", "MADE 784-2000-2000-784, binary", "made", "binary28", 100, WIDE),
        Subject("rnn", "recurrent network, 256 units, 784 pixels, binary", "rnn", "binary28", 32, ("place=0",)),
        Subject("pixelrnn", "PixelRNN by rows, 28x28 binary", "pixelrnn", "binary28", 32),
        Subject("realnvp", "Real NVP, 32x32 RGB", "realnvp", "rgb32", 32),
        Subject("rbm", "RBM 784-500, 128 persistent chains, binary", "rbm", "binary28", 128, ("centring=none",)),
    ]
}
