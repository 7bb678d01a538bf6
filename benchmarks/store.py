"""Where results go: a JSON file a part, the pictures, and the report."""
import datetime
import json

from images import REPOSITORY

place = REPOSITORY / "benchmarks"


def use(folder):
    """Keeps results in another folder from now on, and reads them there."""
    global place
    place = folder


def write(part, contents):
    """Keeps what a part has measured, with the time."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    text = json.dumps({"measured": now, **contents}, indent=1)
    path = place / "results" / f"{part}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n")


def read(part):
    """What a part has measured the last time, or None."""
    path = place / "results" / f"{part}.json"
    return json.loads(path.read_text()) if path.exists() else None
