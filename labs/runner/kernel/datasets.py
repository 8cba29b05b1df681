"""Offer the labs' data under familiar names: `finalcheck_data`, and Keras' own loaders, without a network."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from labs.runner.data import loaders
from labs.runner.kernel.output import FrameSender

LOCAL_DIGITS = (
    "A lab has no network: these are the 10,000 digits of finalcheck_data (8,500 for training, 1,500 for testing)."
)
ELSEWHERE = (
    "The data set {name} is not among the labs' data, and a lab has no network. "
    "finalcheck_data and sklearn.datasets have others."
)
NOT_SHIPPED = ("boston_housing", "california_housing", "cifar10", "cifar100", "fashion_mnist", "imdb", "reuters")


def offer(output: FrameSender, datadir: str, public_names: tuple[str, ...]) -> None:
    """Register `finalcheck_data` on `datadir`, and replace the loaders of each Keras that is named."""
    loaders.folder = Path(datadir)
    module = ModuleType("finalcheck_data", loaders.__doc__)
    module.__dict__.update({name: getattr(loaders, name) for name in loaders.__all__}, __all__=loaders.__all__)
    sys.modules["finalcheck_data"] = module
    for name in public_names:
        _replace(name, local_digits(output))


def local_digits(output: FrameSender) -> Callable[..., object]:
    def load_data(path: str = "mnist.npz") -> object:
        """Return (x_train, y_train), (x_test, y_test): the labs' own digits, without a network."""
        output.note(LOCAL_DIGITS)
        return loaders.mnist()

    return load_data


def not_here(name: str) -> Callable[..., object]:
    def load_data(*_args: object, **_kwargs: object) -> object:
        raise FileNotFoundError(ELSEWHERE.format(name=name))

    return load_data


def _replace(package: str, digits: Callable[..., object]) -> None:
    """Replace the loaders in `package`, a Keras' public `datasets`.

    Code that imported the inner module sees the change, because both share the object.
    """
    datasets = sys.modules.get(package)
    for name in ("mnist", *NOT_SHIPPED):
        if module := getattr(datasets, name, None):
            module.load_data = digits if name == "mnist" else not_here(name)
