"""The service's features of clips from standard input, for tests in another environment.

    python -m tests.ml_addon.make_features

A clip is its count of samples (32 bits), then its samples (16 bits, 16 kHz), all low byte first. The first line is the
schema; then each clip's features stand on a line.
"""

import struct
import sys

import torch

from ml_addon import features

FULL_SCALE = 32_768


def main() -> None:
    """Read until the end."""
    torch.set_num_threads(1)
    extract = features.FusedFeatures()
    sys.stdout.write(f"{features.SCHEMA}\n")
    stream = sys.stdin.buffer
    while head := stream.read(4):
        (count,) = struct.unpack("<I", head)
        # Past the service's refusal of silence and of clipped sound: the features of those are compared as well.
        samples = torch.frombuffer(bytearray(stream.read(2 * count)), dtype=torch.int16).float() / FULL_SCALE
        sys.stdout.write(" ".join(f"{value:.9g}" for value in extract(samples).tolist()) + "\n")


if __name__ == "__main__":
    main()
