#!/usr/bin/env python3
"""Write fixtures/digits, fixtures/digits-holdout and fixtures/masks.

    python3 Scripts/make_digit_fixtures.py [FIXTURES]

Needs numpy and scikit-learn, whose load_digits carries the test part of the UCI optical digits
(1797 images of 8x8 pixels, 17 levels from 0 to 16). The PNG files are written here, byte by byte
and uncompressed, so that the same bytes come out whatever the versions of zlib and of Python.

- digits/<0-9>/digit<d>-<nnn>.png: 40 images of each class, spread evenly over the class (the set
  is ordered by writer, so that its beginning would show few hands).
- digits-holdout/digit<d>-<nn>.png: two further images of each class, without labels.
- masks/digit<d>-<nn>.png: one hole for each of them, white where the pixel is missing.
"""
import pathlib
import random
import struct
import sys
import zlib

from sklearn.datasets import load_digits

SIDE = 8
PER_CLASS = 40
HOLDOUT_AFTER = (13, 31)
"""The images after these two of the 40 become the holdout images of a class."""


def chunk(name, content):
    """One PNG chunk: length, name, content and check sum."""
    body = name + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def stored(data):
    """A zlib stream that holds data in one uncompressed block."""
    assert len(data) < 65536
    block = struct.pack("<BHH", 1, len(data), len(data) ^ 0xFFFF) + data
    return b"\x78\x01" + block + struct.pack(">I", zlib.adler32(data))


def png(rows, bits):
    """A grey PNG of SIDE x SIDE pixels, from rows that are already packed into bytes."""
    header = struct.pack(">IIBBBBB", SIDE, SIDE, bits, 0, 0, 0, 0)
    pixels = b"".join(b"\x00" + row for row in rows)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", stored(pixels))
        + chunk(b"IEND", b"")
    )


def grey(values):
    """Levels 0 to 16 become bytes 0 to 255, rounded half up."""
    return [bytes((int(value) * 255 + 8) // 16 for value in row) for row in values]


def bottom_half(generator):
    return [[y >= 4 for x in range(SIDE)] for y in range(SIDE)]


def right_half(generator):
    return [[x >= 4 for x in range(SIDE)] for y in range(SIDE)]


def centre(generator):
    return [[2 <= x < 6 and 2 <= y < 6 for x in range(SIDE)] for y in range(SIDE)]


def stripes(generator):
    return [[y % 4 >= 2 for x in range(SIDE)] for y in range(SIDE)]


def dots(generator):
    """Half of the pixels, drawn without replacement."""
    chosen = set(generator.sample(range(SIDE * SIDE), SIDE * SIDE // 2))
    return [[y * SIDE + x in chosen for x in range(SIDE)] for y in range(SIDE)]


HOLES = (bottom_half, right_half, centre, stripes, dots)


def packed(hole):
    """Eight pixels a byte, the leftmost in the highest bit."""
    return [bytes([sum(missing << (7 - x) for x, missing in enumerate(row))]) for row in hole]


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def main(root):
    digits = load_digits()
    generator = random.Random(0)
    written = 0
    for label in range(10):
        members = [index for index, target in enumerate(digits.target) if target == label]
        chosen = [number * len(members) // PER_CLASS for number in range(PER_CLASS)]
        for number, member in enumerate(chosen, start=1):
            pixels = grey(digits.images[members[member]])
            write(root / f"digits/{label}/digit{label}-{number:03}.png", png(pixels, 8))
        for number, place in enumerate(HOLDOUT_AFTER, start=1):
            member = chosen[place] + 2
            assert member not in chosen
            name = f"digit{label}-{number:02}.png"
            pixels = grey(digits.images[members[member]])
            write(root / "digits-holdout" / name, png(pixels, 8))
            hole = HOLES[written % len(HOLES)](generator)
            write(root / "masks" / name, png(packed(hole), 1))
            written += 1


if __name__ == "__main__":
    default = pathlib.Path(__file__).resolve().parent.parent / "fixtures"
    main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default)
