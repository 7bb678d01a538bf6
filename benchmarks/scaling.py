"""How time and memory of lacuna grow with the batch, the image's side and the number of images."""
import data
import images
import store
from images import WORK
from peak_memory import measure
from peers.subjects import SUBJECTS, Subject
from plot import Line, write

BATCHES = [16, 32, 64, 128, 256]
SIDES = [8, 16, 28, 32, 48, 64]
COUNTS = [1000, 3000, 10000, 30000, 60000]
MODELS = {"pixelcnn": "gated PixelCNN", "vae": "VAE"}


def step(lacuna, model, side, batch, steps):
    """Milliseconds of the median step, and peak memory in MB."""
    place = images.folder("binary", 400, side)
    subject = Subject(model, model, model, "binary", batch, SUBJECTS[model].settings)
    report = lacuna.run(*lacuna.step_arguments(subject, place, "auto", steps), "--warm-up", 2)
    print(f"scaling: {model}, {side}x{side}, batch {batch}: {report['median_milliseconds']:.1f} ms", flush=True)
    return {
        "milliseconds": report["median_milliseconds"],
        "megabytes": report["peak_memory_bytes"] / 1e6,
    }


def count_of_images(lacuna, options, weights, count):
    """An epoch of training on so many files, and their features."""
    place = data.subset(data.find("train", options)[0], count)
    shared = ["--threads", options.threads, "--quiet", "--overwrite"]
    train = [lacuna.binary, "train", place, *SUBJECTS["vae"].model_arguments]
    train += ["--unconditional", "--levels", 2, "--epochs", 1]
    train += ["--batch", 128, "--output", WORK / "scaling-epoch.safetensors", *shared]
    embed = [lacuna.binary, "embed", place, "--model", weights, "--output", WORK / "scaling.npy", *shared]
    result = {"train": measure(train), "embed": measure(embed)}
    print(f"scaling: {count} images: {result}", flush=True)
    return result


def run(lacuna, options):
    """The part."""
    steps = 2 if options.quick else 5
    batches = BATCHES[:3] if options.quick else BATCHES
    sides = SIDES[:3] if options.quick else SIDES
    counts = COUNTS[:2] if options.quick else COUNTS
    weights = WORK / "scaling.safetensors"
    vae = SUBJECTS["vae"]
    lacuna.steps(vae, images.folder("binary28", 32), "float32", 1, "--warm-up", 0, "--weights", weights, "--overwrite")
    results = {
        "batch": {m: {b: step(lacuna, m, 28, b, steps) for b in batches} for m in MODELS},
        "side": {m: {s: step(lacuna, m, s, 32, steps) for s in sides} for m in MODELS},
        "images": {n: count_of_images(lacuna, options, weights, n) for n in counts},
        "data": data.find("train", options)[1],
    }
    results["plots"] = draw(results)
    store.write("scaling", results)


def draw(results):
    """Writes the plots and returns their names with what they show."""
    pictures = store.place / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    plots = []
    for key, title, across in [
        ("batch", "a step, 28x28 binary", "images a step"),
        ("side", "a step of 32 binary images", "pixels a side"),
    ]:
        for measure, words in [("milliseconds", "milliseconds"), ("megabytes", "peak memory, MB")]:
            lines = [
                Line(name, [(int(x), values[measure]) for x, values in results[key][model].items()])
                for model, name in MODELS.items()
            ]
            plots.append((f"{key}-{measure}.svg", f"{title}: {words}", across, words, lines))
    for measure, words in [("seconds", "seconds"), ("megabytes", "peak memory, MB")]:
        lines = [
            Line(job, [(int(x), values[job][measure]) for x, values in results["images"].items()])
            for job in ("train", "embed")
        ]
        plots.append((f"images-{measure}.svg", f"a job of PNG files: {words}", "images", words, lines))
    for name, title, across, up, lines in plots:
        write(pictures / name, title, across, up, lines)
    return [[name, title] for name, title, *_ in plots]
