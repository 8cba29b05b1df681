"""Run listings of this module with other random seeds, and keep the numbers that they print.

    PYTHONPATH=. python content/deep-learning-with-tensorflow/05-autoencoders/data/seeds.py

from the root of the product; it takes some minutes. It writes seeds.csv: the seed, the name and the fraction of each
such line that the listings named below print.
"""

import builtins
import csv
import re
import sys
from contextlib import chdir, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib as mpl

from labs.runner.data import loaders

MODULE = Path(__file__).parents[1]
SEEDS = range(1, 4)
LISTINGS = {
    "25-convolutional-autoencoders.md": ("noisy-digits", "convolutional-denoiser", "convolutional-vae"),
    "30-deep-belief-networks.md": ("greedy-layers", "unrolled"),
}
NUMBER = re.compile(r"^(\w+) (-?\d+\.\d+)$", re.MULTILINE)


def source(lesson, name):
    text = (MODULE / lesson).read_text()
    return re.search(rf"^```python {{id={name} .*?\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)[1]


def seeded(code, seed):
    code = code.replace("tf.keras.datasets.mnist.load_data()", "mnist()")
    return re.sub(r"(set_random_seed|set_seed|default_rng)\((\d+)\)", rf"\1(\2 + 100 * {seed})", code)


def printed(lesson, names, seed):
    """(name, number) of each line that the listings print with this seed."""
    scope, output = {"mnist": loaders.mnist}, StringIO()
    with TemporaryDirectory() as folder, chdir(folder), redirect_stdout(output):  # some listings write files
        for name in names:
            exec(seeded(source(lesson, name), seed), scope)  # the course's own listings
    return NUMBER.findall(output.getvalue())


def main():
    mpl.use("Agg")
    sys.modules["finalcheck_data"] = loaders
    builtins.progress = lambda *_, **__: None
    with (MODULE / "data" / "seeds.csv").open("w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        for lesson, names in LISTINGS.items():
            for seed in SEEDS:
                table.writerows((seed, *found) for found in printed(lesson, names, seed))
                file.flush()


if __name__ == "__main__":
    main()
