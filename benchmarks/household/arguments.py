"""What every comparison is told; each adds its own."""
import argparse
import pathlib


def parser(description, images, judged, trained):
    """A parser of the common options: so many test images, which are judged so; what --minutes trains."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--train", required=True, type=pathlib.Path, help="directory of the images that all learn from")
    parser.add_argument("--test", required=True, type=pathlib.Path, help=f"directory of the images that {judged}")
    parser.add_argument("--originals", type=int, default=5000, help="training images at most, evenly over the directory (%(default)s)")
    parser.add_argument("--images", type=int, default=images, help="test images at most (%(default)s)")
    parser.add_argument("--binary", default="lacuna", help="lacuna's program")
    parser.add_argument("--models", nargs="*", default=[], type=pathlib.Path, help="lacuna's model files to measure")
    parser.add_argument("--minutes", nargs="*", type=float, help=f"train {trained} for so many minutes")
    parser.add_argument("--only-lacuna", action="store_true", help="leave out the household methods")
    parser.add_argument("--threads", type=int, default=2, help="of lacuna's (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="decides what is random (%(default)s)")
    parser.add_argument("--output", type=pathlib.Path, help="JSON file of the figures")
    return parser
