#!/usr/bin/env python3
"""Writes fixtures/odd and fixtures/broken: small files of every kind that decoders read or refuse.

Usage: make_odd_fixtures.py [FIXTURES_DIRECTORY]      (needs Pillow and numpy)

PNG files are written here bit by bit, because common writers cannot make all of them. Pixels follow
closed forms, which the tests repeat. For an image of width W and height H, at column x and row y:

    ramp16(x, y)  = (x * 2621 + y * 1009) mod 65536          16-bit grey
    ramp(x, y)    = (x * 10 + y * 7) mod 256                 8-bit grey
    colour(x, y)  = (x * 10, y * 15, (x + y) * 6) mod 256    8-bit RGB; times 257 in 16 bits
    level(x, y)   = (x + y) mod 2^bits                       1, 2 and 4 bits, palette indices
    alpha(x, y)   = (x * 11 + 3) mod 256

Files with a fault that costs no pixel hold `colour`, but the one whose zlib header names too small a
window, of which rows repeat so far apart that a larger one is needed:

    far(x, y)     = (x * x * 31 + (y mod 8) * 59 + (y mod 8)^2 * x * 17) mod 256, plus 0, 101, 202

JPEG files hold smooth pictures, so that the loss stays small:

    smooth(x, y)  = 40 + 6 x + 3 y                           grey
    warm(x, y)    = (40 + 6 x, 200 - 8 y, 90 + 3 x)          RGB
"""

import io
import struct
import sys
import zlib
from pathlib import Path

import numpy
from PIL import Image

WIDTH, HEIGHT = 24, 16
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
ADAM7 = [  # first column, first row, and the steps between them
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)
]
SIGNATURE = b"\x89PNG\r\n\x1a\n"

Y, X = numpy.mgrid[0:HEIGHT, 0:WIDTH]
RAMP16 = (X * 2621 + Y * 1009) % 65536
RAMP = (X * 10 + Y * 7) % 256
COLOUR = numpy.stack([X * 10, Y * 15, (X + Y) * 6], axis=-1) % 256
ALPHA = (X * 11 + 3) % 256
SMOOTH = 40 + 6 * X + 3 * Y
WARM = numpy.stack([40 + 6 * X, 200 - 8 * Y, 90 + 3 * X], axis=-1)
COLOURS = [(200, 30, 60), (10, 120, 240), (250, 210, 0), (0, 0, 0)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def header(width, height, bits, colour_type, interlaced=False):
    fields = (width, height, bits, colour_type, 0, 0, int(interlaced))
    return chunk(b"IHDR", struct.pack(">IIBBBBB", *fields))


def packed_rows(samples, bits):
    """Rows of samples, [height, width * channels], as PNG bytes with filter 0."""
    rows = b""
    for row in samples:
        if bits == 16:
            data = row.astype(">u2").tobytes()
        elif bits == 8:
            data = row.astype(numpy.uint8).tobytes()
        else:
            digits = "".join(format(int(value), f"0{bits}b") for value in row)
            digits += "0" * (-len(digits) % 8)
            data = bytes(int(digits[i : i + 8], 2) for i in range(0, len(digits), 8))
        rows += b"\0" + data
    return rows


def png(samples, bits, colour_type, interlaced=False, palette=None, transparency=None):
    height, width = samples.shape[:2]
    pixels = samples.reshape(height, width, CHANNELS[colour_type])
    if interlaced:
        raw = b""
        for x, y, step_x, step_y in ADAM7:
            part = pixels[y::step_y, x::step_x]
            if part.size:
                raw += packed_rows(part.reshape(part.shape[0], -1), bits)
    else:
        raw = packed_rows(pixels.reshape(height, -1), bits)
    out = SIGNATURE + header(width, height, bits, colour_type, interlaced)
    if palette is not None:
        out += chunk(b"PLTE", bytes(value for colour in palette for value in colour))
    if transparency is not None:
        out += chunk(b"tRNS", transparency)
    return out + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")


def jpeg(array, mode=None, **options):
    out = io.BytesIO()
    Image.fromarray(array.astype(numpy.uint8), mode).save(
        out, "JPEG", **{"quality": 95, "subsampling": 0, **options})
    return out.getvalue()


def without_segment(data, marker):
    """A JPEG without its first segment of this marker."""
    at = 2
    while data[at + 1] != marker:
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return data[:at] + data[at + 2 + struct.unpack(">H", data[at + 2 : at + 4])[0] :]


def exif(orientation, byte_order, kind="HH"):
    """An EXIF segment whose orientation comes after another entry, as SHORT or, kind I, as LONG."""
    mark = b"MM" if byte_order == ">" else b"II"
    entries = struct.pack(byte_order + "HHI4s", 0x010F, 2, 4, b"abc\0")
    value = struct.pack(byte_order + kind, *([orientation, 0][: len(kind)]))
    entries += struct.pack(byte_order + "HHI", 0x0112, 3 if kind == "HH" else 4, 1) + value
    return b"Exif\0\0" + mark + struct.pack(byte_order + "HIH", 42, 8, 2) + entries + b"\0\0\0\0"


def stored_for(upright, orientation):
    """What a file with this orientation stores, so that it is displayed as `upright`."""
    turns = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.swapaxes(0, 1),
        6: lambda a: numpy.rot90(a, 1),
        7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
        8: lambda a: numpy.rot90(a, -1),
    }
    return numpy.ascontiguousarray(turns[orientation](upright))


def odd_png():
    colour16 = COLOUR * 257
    transparent_ramp = struct.pack(">H", int(RAMP[2, 3]))
    transparent_colour = struct.pack(">HHH", *(int(value) for value in COLOUR[2, 3]))
    grey_alpha = numpy.stack([RAMP, ALPHA], axis=-1)
    rgba = numpy.concatenate([COLOUR, ALPHA[..., None]], axis=-1)
    return {
        "grey-1-bit.png": png((X + Y) % 2, 1, GREY),
        "grey-2-bit.png": png((X + Y) % 4, 2, GREY),
        "grey-4-bit.png": png((X + Y) % 16, 4, GREY),
        "grey-8-bit.png": png(RAMP, 8, GREY),
        "grey-16-bit.png": png(RAMP16, 16, GREY),
        "grey-interlaced.png": png(RAMP, 8, GREY, interlaced=True),
        "grey-1-bit-interlaced.png": png((X + Y) % 2, 1, GREY, interlaced=True),
        "grey-transparent-level.png": png(RAMP, 8, GREY, transparency=transparent_ramp),
        "grey-alpha.png": png(grey_alpha, 8, GREY_ALPHA),
        "grey-alpha-16-bit.png": png(grey_alpha * 257, 16, GREY_ALPHA),
        "rgb.png": png(COLOUR, 8, RGB),
        "rgb-16-bit.png": png(colour16, 16, RGB),
        "rgb-interlaced.png": png(COLOUR, 8, RGB, interlaced=True),
        "rgb-transparent-colour.png": png(COLOUR, 8, RGB, transparency=transparent_colour),
        "rgba.png": png(rgba, 8, RGBA),
        "palette-1-bit.png": png((X + Y) % 2, 1, PALETTE, palette=[(0, 0, 0), (255, 255, 255)]),
        "palette-2-bit.png": png((X + Y) % 4, 2, PALETTE, palette=COLOURS),
        "palette-8-bit.png": png((X + Y) % 4, 8, PALETTE, palette=COLOURS),
        "palette-interlaced.png": png((X + Y) % 4, 4, PALETTE, interlaced=True, palette=COLOURS),
        "palette-transparent.png": png(
            (X + Y) % 4, 2, PALETTE, palette=COLOURS, transparency=bytes([0, 128])),
    }


def with_chunks(data, *chunks):
    """A PNG with these after its header."""
    return data[:33] + b"".join(chunks) + data[33:]


def spoilt(piece):
    """A chunk with a wrong checksum."""
    return piece[:-1] + bytes([piece[-1] ^ 1])


def with_small_window(compressed):
    """zlib data that claim to need a window of 256 bytes."""
    level = compressed[1] & 0xC0
    return bytes([8, level + (-(8 * 256 + level) % 31)]) + compressed[2:]


def faulty_png():
    """PNGs with faults that cost no pixel, and with the orientation in their notes."""
    good = png(COLOUR, 8, RGB)
    raw = packed_rows(COLOUR.reshape(HEIGHT, -1), 8)
    head = SIGNATURE + header(WIDTH, HEIGHT, 8, RGB)
    end = chunk(b"IEND", b"")
    far = X * X * 31 + Y % 8 * 59 + (Y % 8) ** 2 * X * 17
    far = numpy.stack([far, far + 101, far + 202], axis=-1) % 256
    far_data = zlib.compress(packed_rows(far.reshape(HEIGHT, -1), 8), 9)
    notes = exif(8, "<")
    profile = b"\nexif\n%8d\n" % len(notes) + notes.hex().encode() + b"\n"
    return {
        "faulty-notes.png": with_chunks(
            good, spoilt(chunk(b"tEXt", b"Comment\0?")), chunk(b"gAMA", b"abc"),
            chunk(b"iCCP", b"name\0\0junk"), chunk(b"tRNS", b"abc")),
        "wrong-sum.png": head + chunk(b"IDAT", zlib.compress(raw)[:-4] + b"abcd") + end,
        "without-end.png": good[:-12],
        "small-window.png": head + chunk(b"IDAT", with_small_window(far_data)) + end,
        "orientation-chunk.png": with_chunks(
            png(stored_for(COLOUR, 6), 8, RGB), chunk(b"eXIf", exif(6, ">", "I")[6:])),
        "orientation-profile.png": with_chunks(
            png(stored_for(COLOUR, 8), 8, RGB),
            chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(profile))),
    }


def odd_jpeg():
    # Adobe's four-ink files store 255 minus the ink; Pillow turns the values round as it writes.
    inks = numpy.concatenate([255 - WARM, numpy.zeros_like(WARM[..., :1])], axis=-1)
    dark = numpy.concatenate([255 - WARM, numpy.full_like(WARM[..., :1], 51)], axis=-1)
    cmyk = jpeg(dark, "CMYK")
    # YCCK: the three inks as YCbCr, marked by the last byte of the Adobe segment.
    negative = Image.fromarray((255 - WARM).astype(numpy.uint8))
    ycc = numpy.asarray(negative.convert("YCbCr")).astype(int)
    ycck = bytearray(jpeg(numpy.concatenate([255 - ycc, inks[..., 3:]], axis=-1), "CMYK"))
    adobe = ycck.index(b"Adobe")
    ycck[adobe + 11] = 2
    files = {
        "grey.jpg": jpeg(SMOOTH),
        "rgb.jpg": jpeg(WARM),
        "rgb-subsampled.jpg": jpeg(WARM, subsampling=2),
        "rgb-progressive.jpg": jpeg(WARM, progressive=True),
        "grey-progressive.jpg": jpeg(SMOOTH, progressive=True),
        "cmyk.jpg": cmyk,
        "cmyk-not-adobe.jpg": without_segment(jpeg(255 - dark, "CMYK"), 0xEE),
        "ycck.jpg": bytes(ycck),
    }
    trailer = b"\0\0\x01\x0aImage_UTC_Data1460000000000SEFHe" + bytes(100)
    files["without-end.jpg"] = files["rgb.jpg"][:-2]
    files["without-end-progressive.jpg"] = files["rgb-progressive.jpg"][:-2]
    files["trailer.jpg"] = files["rgb.jpg"][:-2] + trailer
    files["orientation-long.jpg"] = jpeg(stored_for(WARM, 5), exif=exif(5, "<", "I"))
    for orientation in range(1, 9):
        order = "><"[orientation % 2]
        files[f"orientation-{orientation}.jpg"] = jpeg(
            stored_for(WARM, orientation), exif=exif(orientation, order))
    return files


def broken():
    good_png = png(COLOUR, 8, RGB)
    good_jpeg = jpeg(WARM)
    good_progressive = jpeg(WARM, progressive=True)
    raw = packed_rows(COLOUR.reshape(HEIGHT, -1), 8)
    idat = good_png.index(b"IDAT")
    bad_sum = bytearray(good_png)
    bad_sum[idat + 4 + struct.unpack(">I", good_png[idat - 4 : idat])[0]] ^= 0xFF
    head = SIGNATURE + header(WIDTH, HEIGHT, 8, RGB)
    data = chunk(b"IDAT", zlib.compress(raw))
    end = chunk(b"IEND", b"")
    wild_palette = png((X + Y) % 4, 8, PALETTE, palette=COLOURS[:2])
    return {
        "truncated.png": good_png[: len(good_png) * 2 // 3],
        "truncated-header.png": good_png[:20],
        "cgbi.png": SIGNATURE + chunk(b"CgBI", b"\x50\0\x20\x02") + good_png[8:],
        "truncated.jpg": good_jpeg[: len(good_jpeg) * 4 // 5],
        "truncated-progressive.jpg": good_progressive[: len(good_progressive) * 4 // 5],
        "empty.png": b"",
        "empty.jpg": b"",
        "text.png": b"This is no image, whatever its name says.\n",
        "huge-header.png": SIGNATURE + header(100000, 100000, 8, RGB) + data + end,
        "long-claim.png": SIGNATURE + header(8000, 8000, 8, RGB) + data + end,
        "no-pixels.png": SIGNATURE + header(0, HEIGHT, 8, RGB) + end,
        "bad-checksum.png": bytes(bad_sum),
        "empty-data.png": head + chunk(b"IDAT", b"") + end,
        "short-data.png": head + chunk(b"IDAT", zlib.compress(raw[: len(raw) // 2])) + end,
        "no-data.png": head + end,
        "index-outside-palette.png": wild_palette,
        "start-only.jpg": b"\xff\xd8",
        "header-only.jpg": good_jpeg[: good_jpeg.index(b"\xff\xda")],
    }


def main():
    beside = Path(__file__).resolve().parent.parent / "fixtures"
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else beside
    for folder, files in (("odd", {**odd_png(), **faulty_png(), **odd_jpeg()}), ("broken", broken())):
        (root / folder).mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (root / folder / name).write_bytes(data)
        print(f"{folder}: {len(files)} files, {sum(map(len, files.values()))} bytes")


if __name__ == "__main__":
    main()
