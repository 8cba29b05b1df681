"""Import TensorFlow and its companions before the zygote forks.

Do not run a TensorFlow operation here: after one, the first matrix product of every forked child hangs.

Do not import NumPy in this module or in the package before `warm` has set the environment, because OpenBLAS would
start its threads.
"""

import os

from labs.runner import gpu

# BLAS threads would belong to the zygote, which may have only one; a child's session needs few; log lines do not help
# learners.
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_NUM_INTEROP_THREADS": "2",
    "MPLBACKEND": "agg",
    "KERAS_BACKEND": "tensorflow",
}
WITHOUT_GPU = {"CUDA_VISIBLE_DEVICES": "-1"}
# How TensorFlow computes here. Another starter of the zygote may change these; the supervisor does not.
ARITHMETIC = {
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_NUM_INTRAOP_THREADS": str(min(os.cpu_count() or 1, 8)),
}


def warm(runtime: str, *, has_gpu: bool = False) -> None:
    """Import everything that a lab of this runtime ("tf2" or "tf1") needs.

    One zygote may serve both: the child chooses the runtime, and tf1 only adds modules here. The process still has one
    thread afterward, if it had one before. Raises ValueError for another runtime.
    """
    if runtime not in {"tf2", "tf1"}:
        raise ValueError(f"{runtime!r} is not a runtime: tf2 or tf1")
    devices = gpu.ENVIRONMENT if has_gpu else WITHOUT_GPU
    os.environ.update({**ARITHMETIC, **os.environ, **ENVIRONMENT, **devices})
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

    # Access these names, so that lazily loaded modules load before the first fork and not after each fork.
    _ = tensorflow.keras.datasets, tensorflow.compat.v1.Session, keras.callbacks.Callback, PIL.Image.preinit()
    _ = IPython, matplotlib, pandas, scipy, sklearn, labs  # fmt: skip
