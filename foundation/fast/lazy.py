"""Load large packages only in the processes that use them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import LazyLoader, find_spec, module_from_spec
from types import ModuleType

from foundation.fast.pieces import ON


def lazily(name: str) -> ModuleType:
    """Return a module that is loaded when one of its attributes is first used.

    Its package gets it as an attribute, as from an import, because others may import it, too.
    """
    if name in sys.modules:
        return sys.modules[name]
    if not ON.lazy_imports:
        return import_module(name)
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(name)
    spec.loader = LazyLoader(spec.loader)
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    package, _, last = name.rpartition(".")
    if package:
        setattr(sys.modules[package], last, module)
    return module


@contextmanager
def hidden_modules(*names: str) -> Iterator[None]:
    """Hide modules from what is imported inside, for packages that only use them if they are installed."""
    hidden = [name for name in names if name not in sys.modules and ON.lazy_imports]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None is what makes an import fail
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
