"""Run listings of the lessons with other random seeds and in other settings, and keep the numbers that they print.

    PYTHONPATH=. python content/deep-learning-with-tensorflow/data/trials.py [TRIAL…]

from the root of the product, for the trials of trials.yaml that are named, or for all of them, which takes an hour. It
writes trials.csv: the trial, the seed, the setting, and the name and the fraction of each such line that was printed.
"""

import builtins
import csv
import os
import re
import runpy
import subprocess
import sys
from contextlib import chdir, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib as mpl
from ruamel.yaml import YAML

from labs.runner.data import loaders

COURSE = Path(__file__).parents[1]
RECORD = COURSE / "data" / "trials.csv"
TRIALS = {trial["id"]: trial for trial in YAML(typ="safe").load(COURSE / "data" / "trials.yaml")}
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1")
SETTINGS = {  # sums of floats are added in another order in each of them
    "as it is": {},
    "one thread": ONE_THREAD,
    "without oneDNN": {"TF_ENABLE_ONEDNN_OPTS": "0"},
    "without AVX-512": {"ONEDNN_MAX_CPU_ISA": "AVX2"},
}
NUMBER = re.compile(r"^(\w+) (-?\d+\.\d+)$", re.MULTILINE)


def source(lesson, name):
    text = (COURSE / lesson).read_text()
    return re.search(rf"^```python {{id={name} .*?\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)[1]


def seeded(code, seed):
    code = code.replace("tf.keras.datasets.mnist.load_data()", "mnist()")
    return re.sub(r"(set_random_seed|set_seed|from_seed|default_rng)\((\d+)\)", rf"\1(\2 + 100 * {seed})", code)


def code_of(trial, seed):
    """What the trial runs: its listings, changed, and then its own code."""
    code = "\n".join(source(trial["lesson"], name) for name in trial["listings"])
    for old, new in trial.get("change", {}).items():
        if old not in code:
            raise LookupError(f"{trial['id']}: no listing contains {old!r}")
        code = code.replace(old, new)
    return seeded(f"{code}\n{trial.get('then', '')}", seed)


def printed(trial, seed):
    """(name, number) of each such line that the trial prints with this seed, if the trial keeps it."""
    scope, output = {"mnist": loaders.mnist, "SEED": seed}, StringIO()
    with TemporaryDirectory() as folder, chdir(folder), redirect_stdout(output):  # some listings write files
        Path("trial.py").write_text(code_of(trial, seed))  # a file, because tf.function reads its source
        runpy.run_path("trial.py", scope)
    lines = NUMBER.findall(output.getvalue())
    return [(name, number) for name, number in lines if name in trial.get("keep", [name])]


def in_its_setting(trial, seed):
    """Run one seed in another process, because TensorFlow reads its settings when it is imported."""
    setting = list(SETTINGS)[(seed - 1) % len(SETTINGS)]
    command = [sys.executable, __file__, "--only", trial, str(seed)]
    done = subprocess.run(command, env=os.environ | SETTINGS[setting], stdout=subprocess.PIPE, text=True, check=True)
    return [(trial, str(seed), setting, *line.split()) for line in done.stdout.splitlines()]


def recorded():
    with RECORD.open(newline="") as file:
        return [tuple(row) for row in csv.reader(file)]


def record(trial, rows):
    """Replace the rows of this trial; the trials keep the order of trials.yaml."""
    rows = [row for row in recorded() if row[0] != trial] + rows
    rows.sort(key=lambda row: [*TRIALS].index(row[0]))
    with RECORD.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def main(*names):
    if names[:1] == ("--only",):
        mpl.use("Agg")
        sys.modules["finalcheck_data"] = loaders
        builtins.progress = lambda *_, **__: None
        for line in printed(TRIALS[names[1]], int(names[2])):
            print(*line)
        return
    for name in names or TRIALS:
        record(name, [row for seed in range(1, TRIALS[name]["seeds"] + 1) for row in in_its_setting(name, seed)])


if __name__ == "__main__":
    main(*sys.argv[1:])
