"""Unpacks MNIST's own files, images and labels in the IDX format, into class folders of PNG files."""

import gzip
import pathlib
import struct
import sys
import zlib

PARTS = [("train", "train"), ("test", "t10k")]


def numbers(path, dimensions):
    """The sizes and the bytes of an IDX file."""
    data = gzip.decompress(path.read_bytes())
    sizes = struct.unpack(f">{dimensions}I", data[4:4 + 4 * dimensions])
    return sizes, data[4 + 4 * dimensions:]


def png(pixels, width, height):
    """A grey image of 8 bits as a PNG file."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + pixels[row * width:(row + 1) * width] for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def unpack(source, place):
    """Class folders of MNIST's images below `place`, unless they are there; returns it."""
    source = pathlib.Path(source)
    for part, prefix in PARTS:
        images, labels = (source / f"{prefix}-{kind}-ubyte.gz" for kind in ("images-idx3", "labels-idx1"))
        for path in (images, labels):
            if not path.is_file():
                sys.exit(
                    f"{source}: has neither folders train and test nor {path.name}; name a directory with "
                    "class folders in train and test by AUGMENTATION_DATA")
        if (place / part).is_dir():
            continue
        unfinished = place / (part + ".unfinished")
        (count, height, width), pixels = numbers(images, 3)
        _, classes = numbers(labels, 1)
        for index in range(count):
            folder = unfinished / str(classes[index])
            if index < 1000:
                folder.mkdir(parents=True, exist_ok=True)
            one = pixels[index * width * height:(index + 1) * width * height]
            (folder / f"{index:05d}.png").write_bytes(png(one, width, height))
        unfinished.rename(place / part)
    return place
