"""The runtime tf1: `import tensorflow as tf` gives version 1 in graph mode, as code from 2016 and 2017 expects.

The zygote imports it for its modules. `install` changes the process, so only the child calls it.
"""

import importlib
import sys
import warnings
from types import ModuleType

import numpy as np
import scipy
import tensorflow
import tensorflow.compat.v1 as v1
import tf_keras.api._v1.keras as keras1
from tf_keras.api._v1.keras.__internal__ import legacy
from tf_keras.src.callbacks import CallbackList
from tf_keras.src.utils.generic_utils import Progbar

from labs.runner.kernel.output import FrameSender
from labs.runner.kernel.progress import ProgressReporter, follow_keras, quieten_bar
from labs.runner.kernel.version1 import contrib, images, input_data
from labs.runner.kernel.version1.modules import Note, OldModule
from labs.runner.kernel.version1.names import MOVED, NUMPY_TYPES, OLD_KERAS, RENAMED

KERAS = keras1.__name__
NOTE_CONTRIB = "tf.contrib was removed in TensorFlow 2; the lab provides the parts that courses of 2017 used."
NOTE_DIGITS = "A lab has no network: input_data gives the labs' own digits, 8,000 for training, 500 for validation, 1,500 for testing."
NOTE_MISC = "scipy.misc is gone from SciPy; the lab provides its image functions. Use Pillow in new code."
NOTE_MOVED = "{old} is an old name; today it is {new}."


def install(output: FrameSender, progress: ProgressReporter) -> None:
    """Switch this process to version 1. Each note is shown to the learner once per session."""
    v1.logging.set_verbosity(v1.logging.ERROR)
    v1.disable_v2_behavior()
    warnings.filterwarnings("ignore", message=r".*tf\.(layers|nn\.rnn_cell).*deprecated")
    warnings.filterwarnings("ignore", message=r".*`layer\.\w+` is deprecated")
    replace_keras()
    replace_tensorflow(output.note)
    replace_moved(output.note)
    allow_old_types(output.note)
    follow_keras(keras1, [CallbackList], progress)
    quieten_bar(Progbar)


def replace_keras() -> None:
    """Make `keras` and `tensorflow.keras` version 2 of Keras, which still supports graphs and sessions."""
    for name in [name for name in sys.modules if name.split(".")[0] == "keras" or name.startswith("tensorflow.keras")]:
        del sys.modules[name]
    for name, module in list(sys.modules.items()):
        if name == KERAS or name.startswith(f"{KERAS}."):
            sys.modules["keras" + name.removeprefix(KERAS)] = module
            sys.modules["tensorflow.keras" + name.removeprefix(KERAS)] = module


def replace_tensorflow(note: Note) -> None:
    top = OldModule(
        "tensorflow",
        note,
        behind=v1,
        names={"layers": legacy.layers, "keras": keras1},
        renamed=RENAMED["tensorflow"],
        root=v1,
    )
    top.__path__ = list(tensorflow.__path__)
    top.__version__ = tensorflow.__version__
    OldModule(
        "tensorflow.nn",
        note,
        behind=v1.nn,
        names={"rnn_cell": legacy.rnn_cell},
        renamed=RENAMED["tensorflow.nn"],
        root=v1,
    )
    OldModule("tensorflow.train", note, behind=v1.train, renamed=RENAMED["tensorflow.train"], root=v1)
    sys.modules["tensorflow.compat.v1"] = top
    OldModule("tensorflow.compat", note, behind=tensorflow.compat, names={"v1": top})
    sys.modules["tensorflow.layers"] = legacy.layers
    sys.modules["tensorflow.python.ops.rnn_cell"] = legacy.rnn_cell
    add_examples(note)
    add_contrib(note, top)


def add_examples(note: Note) -> None:
    for name in ("examples", "examples.tutorials", "examples.tutorials.mnist"):
        OldModule(f"tensorflow.{name}", note)
    OldModule("tensorflow.examples.tutorials.mnist.input_data", note, behind=input_data, message=NOTE_DIGITS)


def add_contrib(note: Note, top: ModuleType) -> None:
    OldModule("tensorflow.contrib", note, message=NOTE_CONTRIB)
    for name in ("learn", *contrib.PARTS):
        OldModule(f"tensorflow.contrib.{name}", note, names=contrib.PARTS.get(name), message=NOTE_CONTRIB)
    top.contrib.keras = keras1
    OldModule("tensorflow.contrib.learn.datasets.mnist", note, behind=input_data, message=NOTE_DIGITS)


def replace_moved(note: Note) -> None:
    """Provide modules of scikit-learn, SciPy and Keras that have moved since."""
    OldModule("sklearn.externals", note)
    for old, new in {**MOVED, **OLD_KERAS}.items():
        OldModule(old, note, behind=importlib.import_module(new), message=NOTE_MOVED.format(old=old, new=new))
    OldModule("scipy.misc", note, names=images.NAMES, message=NOTE_MISC)
    assert scipy.misc is sys.modules["scipy.misc"]


def allow_old_types(note: Note) -> None:
    """Restore np.float and similar names, which NumPy 1.24 removed."""
    otherwise = np.__getattr__

    def find(name: str) -> object:
        if name not in NUMPY_TYPES:
            return otherwise(name)
        note(f"np.{name} was removed from NumPy; today it is {NUMPY_TYPES[name].__name__}.")
        return NUMPY_TYPES[name]

    np.__getattr__ = find  # type: ignore[method-assign]  # a module's hook for missing names, which NumPy has too
