"""Writes RESULTS.md from the results of all parts."""
import machine
import store
from images import REPOSITORY
from peers.settings import Setting

INTRODUCTION = """# Benchmarks

Written by `make bench`; [README.md](README.md) says what is compared and how. Every ratio is PyTorch's median time over
lacuna's: above 1, lacuna is faster. In brackets the least and the most of the ratios of single rounds.
"""


def table(head, rows):
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def times(entry, unit="ms"):
    """A median and, of several rounds, the spread."""
    if entry["rounds"] == 1:
        return f"{number(entry['median'])} {unit}"
    return f"{number(entry['median'])} {unit} ({number(entry['least'])} to {number(entry['most'])})"


def number(value):
    """Three digits that count."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:.{digits}f}"


def ratio(entry):
    """A ratio of medians and, of several rounds, the least and the most."""
    if entry["least"] == entry["most"]:
        return f"**{number(entry['ratio'])}**"
    return f"**{number(entry['ratio'])}** ({number(entry['least'])} to {number(entry['most'])})"


def heading(title, results):
    return f"\n## {title}\n\nMeasured {results['measured']}.\n\n"


def machine_section(lacuna):
    return "\n## Machine\n\n" + table(["what", "is"], machine.rows(lacuna))


def check_section(results):
    rows = [
        [row["what"], f"{row['ours']:.10g}", f"{row['theirs']:.10g}", f"{row['difference']:.1e}", row["tolerance"]]
        for row in results["rows"]
    ]
    text = "From the same weights, on the same images, in float32; the suite ends where they differ by more.\n\n"
    return (
        heading("The same networks", results)
        + text
        + table(["what", "lacuna", "PyTorch", "largest difference", "allowed"], rows)
    )


def steps_section(results):
    subjects = results["subjects"].values()
    ratios = [
        [
            subject["title"],
            subject["batch"],
            *(ratio(subject["ratios"][name]) for name in ("as it comes / lacuna", "best / lacuna")),
            *(ratio(subject["ratios"][name]) for name in ("as it comes / lacuna float32",)),
            ratio(subject["ratios"]["best float32 / lacuna float32"]),
        ]
        for subject in subjects
    ]
    details = [
        [
            subject["title"],
            name if name.startswith("lacuna") else f"PyTorch {name}: {entry['setting']}",
            times(entry),
            f"{entry['page_faults']:.1f}",
            f"{entry['peak_memory_bytes'] / 1e6:.0f} MB",
        ]
        for subject in subjects
        for name, entry in subject["contestants"].items()
    ]
    precisions = {subject["contestants"]["lacuna"]["precision"] for subject in subjects}
    return (
        heading("A step of training", results)
        + f"`lacuna` computes in {', '.join(sorted(precisions))} by itself; `lacuna float32` by `--precision float32`.\n\n"
        + table(
            [
                "network",
                "batch",
                "as it comes / lacuna",
                "best / lacuna",
                "as it comes / lacuna float32",
                "best float32 / lacuna float32",
            ],
            ratios,
        )
        + "\n"
        + table(["network", "contestant", "median step (rounds)", "page faults a step", "peak memory"], details)
        + "\nlacuna's command:\n\n"
        + "".join(f"    {subject['command']}\n" for subject in subjects)
    )


def sampling_section(results):
    names = list(results["ratios"])
    details = [
        [
            name if name == "lacuna" else f"PyTorch, {name}: {entry['setting']}",
            times(entry),
            f"{1000 / entry['median']:.4g}",
            ratio(results["ratios"][name]) if name in names else "",
        ]
        for name, entry in results["contestants"].items()
    ]
    text = (
        f"Whole 28x28 images from a gated PixelCNN with its defaults; lacuna draws {results['images']} at once. The plain "
        f"loop makes one full pass a pixel; {results['plain_pixels']} passes are timed, the others take the same time.\n\n"
    )
    head = ["contestant", "an image (rounds)", "images a second", "its time / lacuna's"]
    return (
        heading("Drawing images", results)
        + text
        + table(head, details)
        + f"\nlacuna's command:\n\n    {results['command']}\n"
    )


def jobs_section(results):
    text = "Wall time from the shell, start-up included; PyTorch reads with ImageFolder and DataLoader, two workers.\n"
    for job in results["jobs"]:
        rows = [
            [
                who if who == "lacuna" else f"PyTorch {who}: {entry['setting']}",
                times(entry, "s"),
                entry["rounds"],
                ratio(job["ratios"][who]) if who in job["ratios"] else "",
            ]
            for who, entry in job["contestants"].items()
        ]
        head = ["contestant", "wall time", "rounds", "its time / lacuna's"]
        text += f"\n{job['title'][0].upper() + job['title'][1:]}:\n\n" + table(head, rows) + f"\n    {job['command']}\n"
    return heading("Whole jobs", results) + text


def growth(values, measure):
    """How many times more the largest takes than the smallest."""
    ordered = [values[key][measure] for key in sorted(values, key=int)]
    return f"{number(ordered[0])} to {number(ordered[-1])}"


def scaling_section(results):
    counts = sorted(results["images"], key=int)
    rows = [
        [
            count,
            *(number(results["images"][count][job]["seconds"]) for job in ("train", "embed")),
            *(f"{results['images'][count][job]['megabytes']:.0f}" for job in ("train", "embed")),
        ]
        for count in counts
    ]
    head = ["PNG files", "train, s", "embed, s", "train, peak MB", "embed, peak MB"]
    few, many = (results["images"][count] for count in (counts[0], counts[-1]))
    spread = int(counts[-1]) - int(counts[0])
    each = {job: 1e6 * (many[job]["megabytes"] - few[job]["megabytes"]) / spread for job in ("train", "embed")}
    times_more = {job: many[job]["seconds"] / few[job]["seconds"] for job in ("train", "embed")}
    text = (
        "lacuna alone. An epoch of `vae` (batch 128) and `embed`, from the shell, files of "
        f"{results['data']}:\n\n"
        + table(head, rows)
        + f"\nFrom {counts[0]} to {counts[-1]} files peak memory grows by {each['train']:.0f} bytes a file in training, which "
        "holds every image decoded, a byte a value (784 here), and its path; and by "
        f"{each['embed']:.0f} bytes a file in `embed`, which holds the list of paths alone. "
        f"{int(counts[-1]) / int(counts[0]):.0f} times as many files take {number(times_more['train'])} times as long to learn "
        f"and {number(times_more['embed'])} times as long to embed.\n\n"
    )
    for key, words in [("batch", "batch"), ("side", "side")]:
        for model, values in results[key].items():
            ends = sorted(map(int, values))
            text += (
                f"- `{model}`, {words} {ends[0]} to {ends[-1]}: {growth(values, 'milliseconds')} ms a step, "
                f"{growth(values, 'megabytes')} MB\n"
            )
    pictures = "\n".join(f"![{title}](pictures/{name})" for name, title in results["plots"])
    return heading("Scaling", results) + text + f"\n{pictures}\n"


def tune_section(results):
    text = "Everything that was tried to make PyTorch fast, alone: the median step, or an image drawn.\n\n"
    rows = []
    for name, trials in results["subjects"].items():
        for kind in sorted({trial.get("kind", "") for trial in trials}):
            tried = [trial for trial in trials if trial.get("kind", "") == kind]
            fastest = min(trial["milliseconds"] for trial in tried if trial["milliseconds"])
            for trial in tried:
                setting = Setting(**trial["setting"]).text
                together = f", {trial['batch']} together" if kind else ""
                value = trial["milliseconds"]
                shown = f"{number(value)} ms" if value else "does not run"
                rows.append([f"{name} {kind}".strip(), setting + together, f"**{shown}**" if value == fastest else shown])
    return heading("PyTorch's settings", results) + text + table(["network", "setting", "time"], rows)


SECTIONS = {
    "steps": steps_section,
    "sampling": sampling_section,
    "jobs": jobs_section,
    "scaling": scaling_section,
    "check": check_section,
    "tune": tune_section,
}


def write(lacuna):
    """Renders what there is."""
    text = INTRODUCTION + machine_section(lacuna)
    for part, section in SECTIONS.items():
        results = store.read(part)
        if results:
            text += section(results)
    path = store.place / "RESULTS.md"
    path.write_text(text)
    print(f"written: {path.relative_to(REPOSITORY)}")
