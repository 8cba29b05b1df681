"""What the zygote imports before it forks. Not one TensorFlow operation may run here: children of a
parent that ran one hang in their first matrix product.

Neither this module nor the package may import NumPy before `warm` set the environment: OpenBLAS would start its threads.
"""

import os

# Threads of BLAS would be threads of the zygote; a child's sessions need but a few; log lines help no learner.
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_NUM_INTRAOP_THREADS": str(min(os.cpu_count() or 1, 8)),
    "TF_NUM_INTEROP_THREADS": "2",
    "CUDA_VISIBLE_DEVICES": "-1",
    "MPLBACKEND": "agg",
    "KERAS_BACKEND": "tensorflow",
}


def warm(runtime: str) -> None:
    """Imports everything a lab of this runtime ("tf2" or "tf1") needs.

    One zygote may serve both: the runtime is chosen in the child, and tf1 only adds modules here. Afterwards the
    process has one thread, if it had one before. Raises ValueError for another runtime.
    """
    if runtime not in {"tf2", "tf1"}:
        raise ValueError(f"{runtime!r} is not a runtime: tf2 or tf1")
    os.environ.update(ENVIRONMENT)
    _import_libraries()
    if runtime == "tf1":
        import labs.runner.kernel.version1  # noqa: F401 (for its modules)


def _import_libraries() -> None:
    import IPython.core.interactiveshell
    import keras
    import keras.datasets.mnist
    import matplotlib.pyplot
    import pandas
    import PIL.Image
    import scipy.ndimage
    import scipy.optimize
    import scipy.signal
    import sklearn.datasets
    import sklearn.linear_model
    import sklearn.metrics
    import sklearn.model_selection
    import sklearn.preprocessing
    import tensorflow

    import labs.runner.kernel.figures
    import labs.runner.kernel.shell

    # Named, so that lazily loaded modules are loaded before the first fork rather than after each.
    _ = tensorflow.keras.datasets, tensorflow.compat.v1.Session, keras.callbacks.Callback, PIL.Image.preinit()
    _ = IPython, matplotlib, pandas, scipy, sklearn, labs  # fmt: skip
