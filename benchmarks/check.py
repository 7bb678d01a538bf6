"""Shows that the peers are the same networks, trained the same way: nothing is measured before this holds."""
import numpy
import torch

import compare_sampling
import images
import store
from images import WORK
from peers import flows, weights
from peers.sampler import CachedSampler
from peers.settings import AS_IT_COMES
from peers.subjects import SUBJECTS
from peers.training import Training

TOLERANCE = 1e-3
STEPS = 10


def compare(what, ours, theirs, tolerance=TOLERANCE, unit=1):
    """One row of the report, with the last of the values; ends the suite where any two differ by more units."""
    ours, theirs = numpy.asarray(ours, float), numpy.asarray(theirs, float)
    difference = float(abs(ours - theirs).max()) / unit
    last = float(ours.flat[-1]), float(theirs.flat[-1])
    print(f"check: {what}: lacuna {last[0]:.6f}, PyTorch {last[1]:.6f}, difference {difference:.2g}", flush=True)
    if not difference <= tolerance:
        raise SystemExit(f"check: {what} differs by {difference}, more than {tolerance}")
    return {"what": what, "ours": last[0], "theirs": last[1], "difference": difference, "tolerance": tolerance}


def training(subject, lacuna):
    """The same losses from the same weights, before the first step and after each of some: so loss, gradients,
    clipping and optimiser are the same. Every step sees all images, whose order does not matter."""
    place = images.folder(subject.images, subject.batch)
    path = WORK / f"{subject.name}.safetensors"
    report = lacuna.steps(
        subject, place, "float32", STEPS, "--warm-up", 0, "--weights", path, "--overwrite", "--learning-rate", 0.02
    )
    network = subject.network()
    count = weights.load(network, path)
    peer, levels = Training(network, AS_IT_COMES, learning_rate=0.02), images.read(place)
    losses = [peer.make(levels) for _ in range(STEPS)]
    assert count == report["parameters"], f"{count} parameters, lacuna's has {report['parameters']}"
    assert losses[0] - losses[-1] > 0.01 * losses[0], "the weights have not moved"
    return [
        compare(f"{subject.name}: parameters", report["parameters"], count, 0),
        # Sums over thousands of pixels, in float32: a millionth where they are large.
        compare(
            f"{subject.name}: loss from the same weights, nats", report["losses"][0], losses[0], unit=max(1, losses[0] / 1000)
        ),
        compare(
            f"{subject.name}: loss after {STEPS - 1} steps, nats; largest of all differences as a share",
            report["losses"],
            losses,
            unit=losses[0],
        ),
    ]


def shaken(subject, lacuna, deviation, chooses):
    """The images of a subject, and its weights after a step with noise on those that are chosen by name: nothing is zero then. Their
    file, what the step reported, themselves, and what the file says beside them."""
    place = images.folder(subject.images, subject.batch)
    path = WORK / f"{subject.name}.safetensors"
    report = lacuna.steps(subject, place, "float32", 1, "--weights", path, "--overwrite")
    tensors, metadata = weights.read(path)
    torch.manual_seed(1)
    for name in filter(chooses, tensors):
        tensors[name] += deviation * torch.randn(tensors[name].shape)
    weights.write(path, tensors, metadata)
    return place, path, report, tensors, metadata


def autoencoder(subject, lacuna):
    """The same posteriors, and the same bound. The bound's random draw is lacuna's own, so the check takes weights
    whose posterior is as narrow as the model allows (log variance -14): the draw then changes next to nothing."""
    place, path, report, tensors, metadata = shaken(subject, lacuna, 0.1, lambda name: name.endswith("bias"))
    network = subject.network()
    count = weights.load(network, path)
    levels = images.read(place).float()
    table = WORK / "posteriors.npy"
    lacuna.run(
        *("embed", place, "--model", path, "--variance", "--output", table, "--overwrite", "--precision", "float32")
    )
    with torch.inference_mode():
        mean, log_variance = network.encode(levels)
    posteriors = torch.cat([mean, log_variance.exp()], 1).numpy()

    tensors["encoder.log_variance.weight"].zero_()
    tensors["encoder.log_variance.bias"].fill_(-14)
    weights.write(path, tensors, metadata)
    weights.load(network, path)
    score = lacuna.run("evaluate", "likelihood", place, "--model", path, "--precision", "float32")
    with torch.inference_mode():
        bound = network.bounds(levels, torch.zeros_like(mean)).mean().item()
    return [
        compare(f"{subject.name}: parameters", report["parameters"], count, 0),
        compare(f"{subject.name}: means and variances of the posteriors", numpy.load(table), posteriors),
        compare(f"{subject.name}: bound, nats; difference as a share", score["nats"], bound, unit=bound),
    ]


def flow(subject, lacuna):
    """The same densities, from weights that both have learnt with a little: lacuna's noise for an image that it scores is known."""
    place, path, report, _, _ = shaken(subject, lacuna, 0.02, lambda name: True)
    network = subject.network()
    count = weights.load(network, path)
    levels = images.read(place).float()
    score = lacuna.run("evaluate", "likelihood", place, "--model", path, "--precision", "float32")
    with torch.inference_mode():
        nats = -network.log_densities(levels, flows.offsets(levels)).mean().item()
    return [
        compare(f"{subject.name}: parameters", report["parameters"], count, 0),
        compare(f"{subject.name}: density, nats; difference as a share", score["nats"], nats, unit=abs(nats)),
    ]


def machine(subject, lacuna):
    """The same probabilities of hidden units: chains, and with them losses, are each one's own."""
    place, path, report, tensors, _ = shaken(subject, lacuna, 0.05, lambda name: name != "chains")
    network = subject.network()
    network.load_state_dict(network.own_weights(tensors), strict=True)
    table = WORK / "hidden.npy"
    lacuna.run("embed", place, "--model", path, "--output", table, "--overwrite", "--precision", "float32")
    with torch.inference_mode():
        hidden = torch.sigmoid(network.inputs(images.read(place).float().flatten(1))).numpy()
    count = sum(parameter.numel() for parameter in network.parameters())
    return [
        compare(f"{subject.name}: parameters", report["parameters"], count, 0),
        compare(f"{subject.name}: probabilities of hidden units", numpy.load(table), hidden),
    ]


def sampler(lacuna):
    """PyTorch's cached sampler gives what its full pass gives for the images that were drawn."""
    network = SUBJECTS["pixelcnn"].network().eval()
    weights.load(network, compare_sampling.weights(lacuna))
    drawn, odds = CachedSampler(network, AS_IT_COMES).draw(4, 28, 28)
    with torch.inference_mode():
        full = network(drawn)
    assert 0.1 < drawn.mean() < 0.9 and full.std() > 0.01, "every pixel is alike: this shows nothing"
    return compare("cached sampler in PyTorch (left: its full pass): log-odds of every pixel", full, odds)


def run(lacuna, options):
    """The part."""
    rows = [sampler(lacuna)]
    for name in options.subjects:
        subject = SUBJECTS[name]
        rows += {"vae": autoencoder, "realnvp": flow, "rbm": machine}.get(subject.model, training)(subject, lacuna)
    store.write("check", {"rows": rows})
