"""Plots with two logarithmic axes, as SVG."""
import dataclasses
import html
import math

WIDTH, HEIGHT = 420, 300
LEFT, RIGHT, TOP, BOTTOM = 62, 16, 34, 48
COLOURS = ["#1f5fa8", "#c2571a", "#3a8f3a", "#7a4fa0"]


@dataclasses.dataclass
class Line:
    """One line: a name and its points."""

    name: str
    points: list


def ticks(least, most):
    """1, 2 and 5 times the powers of ten from below the least to above the most."""
    steps = [m * 10.0**e for e in range(math.floor(math.log10(least)), math.ceil(math.log10(most)) + 1) for m in (1, 2, 5)]
    low = max(step for step in steps if step <= least)
    high = min(step for step in steps if step >= most)
    inside = [step for step in steps if low <= step <= high]
    # Where they would stand too close, the powers of ten alone.
    return inside if len(inside) <= 9 else [s for s in inside if s in (low, high) or math.log10(s).is_integer()]


def shown(value):
    return f"{value:g}"


def write(path, title, across, up, lines):
    """Draws the lines to a file."""
    points = [point for line in lines for point in line.points]
    xs = sorted({x for x, _ in points})
    marks = ticks(min(y for _, y in points), max(y for _, y in points))
    scale = lambda value, low, high: (math.log(value) - math.log(low)) / max(1e-9, math.log(high) - math.log(low))
    place_x = lambda x: LEFT + scale(x, xs[0], xs[-1]) * (WIDTH - LEFT - RIGHT)
    place_y = lambda y: HEIGHT - BOTTOM - scale(y, marks[0], marks[-1]) * (HEIGHT - TOP - BOTTOM)
    text = lambda x, y, words, more="": f'<text x="{x:.1f}" y="{y:.1f}" {more}>{html.escape(words)}</text>'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        ' font-family="sans-serif" font-size="11">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        text(WIDTH / 2, 18, title, 'text-anchor="middle" font-size="13"'),
        text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, across, 'text-anchor="middle"'),
        text(0, 0, up, f'text-anchor="middle" transform="translate(14 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)"'),
    ]
    for y in marks:
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{place_y(y):.1f}" y2="{place_y(y):.1f}" stroke="#dddddd"/>'
        )
        parts.append(text(LEFT - 6, place_y(y) + 4, shown(y), 'text-anchor="end"'))
    for x in xs:
        parts.append(text(place_x(x), HEIGHT - BOTTOM + 16, shown(x), 'text-anchor="middle"'))
    for line, colour in zip(lines, COLOURS):
        drawn = " ".join(f"{place_x(x):.1f},{place_y(y):.1f}" for x, y in line.points)
        parts.append(f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{place_x(x):.1f}" cy="{place_y(y):.1f}" r="3" fill="{colour}"/>' for x, y in line.points]
    for number, (line, colour) in enumerate(zip(lines, COLOURS)):
        y = TOP + 14 + 15 * number
        parts.append(f'<rect x="{LEFT + 8}" y="{y - 8}" width="10" height="10" fill="{colour}"/>')
        parts.append(text(LEFT + 23, y + 1, line.name))
    path.write_text("\n".join([*parts, "</svg>"]) + "\n")
