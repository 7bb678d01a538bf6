"""Figures as Markdown and as JSON."""
import json


def markdown(header, rows):
    """A table of texts."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def save(figures, path):
    """Writes them, where a file was asked for."""
    if path:
        path.write_text(json.dumps(figures, indent=1) + "\n")
