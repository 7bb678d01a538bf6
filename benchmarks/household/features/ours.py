"""lacuna's features, and its classifier that learns with and without labels.

It is given the images in one folder: it learns of no label but those that it is told in a table.
"""
import csv

import numpy

import pictures
import program


class Workplace:
    """The images as files, and what is made of them."""

    def __init__(self, options, collection, folder):
        self.options, self.collection, self.folder = options, collection, folder
        for name, images in (("train", collection.train), ("test", collection.test)):
            pictures.write(images, folder / name)

    def learn_features(self, name, minutes):
        """The model file of a contrastive encoder, and the seconds that it took."""
        output = self.folder / f"contrastive-{minutes}.safetensors"
        return output, self.train(name, "contrastive", minutes, output, "--unconditional")

    def embedding(self, model):
        """The features of a model file, as a representation of the images that lie here."""
        return lambda train, test: tuple(self.features(model, part, len(images)) for part, images in (("train", train), ("test", test)))

    def features(self, model, part, count):
        output = self.folder / "features.npy"
        program.call(self.options, "embed", self.folder / part, "--model", model, "--output", output, "--overwrite")
        features = numpy.load(output)
        if len(features) != count:
            raise SystemExit(f"{model}: {len(features)} of {count} images have features")
        return features.astype(float)

    def classify(self, name, minutes, told):
        """The classes that a semi-vae gives the test images once it was told these labels, and the seconds that it trained."""
        labels, model, output = (self.folder / file for file in ("labels.csv", "semi-vae.safetensors", "classes.csv"))
        with open(labels, "w", newline="") as file:
            rows = [(f"{place:05d}.png", self.collection.classes[told[place]]) for place in numpy.flatnonzero(told >= 0)]
            csv.writer(file).writerows([("filename", "label"), *rows])
        seconds = self.train(name, "semi-vae", minutes, model, "--labels", labels, "--overwrite")
        program.call(
            self.options, "embed", self.folder / "test", "--model", model, "--predict", "--output", output, "--overwrite"
        )
        places = {label: place for place, label in enumerate(self.collection.classes)}
        with open(output, newline="") as file:
            return numpy.array([places[row["predicted_class"]] for row in csv.DictReader(file)]), seconds

    def train(self, name, model, minutes, output, *more):
        seed = self.options.seed
        return program.train(self.options, name, model, minutes, self.folder / "train", output, "--seed", seed, *more)
