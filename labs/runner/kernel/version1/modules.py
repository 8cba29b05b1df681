"""Replacements for old modules: names that still exist are passed through, renamed ones are found and noted."""

import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

Note = Callable[[str], None]


class OldModule(ModuleType):
    """A module registered under `name` and in its parent.

    An attribute is looked up in `names`, then in `renamed` (old name → path from `root`), then in `behind`. The first
    use of one of these shows the learner the note `message`.
    """

    def __init__(
        self,
        name: str,
        note: Note,
        *,
        behind: Any = None,
        names: Mapping[str, Any] | None = None,
        renamed: Mapping[str, str] | None = None,
        root: Any = None,
        message: str | None = None,
    ) -> None:
        super().__init__(name)
        self.__path__: list[str] = list(getattr(behind, "__path__", []))
        self._note, self._behind, self._message = note, behind, message
        self._names, self._renamed, self._root = dict(names or {}), renamed or {}, root
        sys.modules[name] = self
        parent, _, own = name.rpartition(".")
        if parent in sys.modules:
            setattr(sys.modules[parent], own, self)

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if self._message:
            self._note(self._message)
        if name in self._renamed:
            new = self._renamed[name]
            self._note(f"{_short(self.__name__)}.{name} is an old name; today it is tf.{new}.")
            return look_up(self._root, new)
        if name in self._names:
            return self._names[name]
        if not hasattr(self._behind, name):
            raise AttributeError(f"module '{self.__name__}' has no attribute '{name}'")
        return getattr(self._behind, name)

    def __dir__(self) -> list[str]:
        return sorted({*self.__dict__, *self._names, *self._renamed, *dir(self._behind)})


def look_up(root: Any, path: str) -> Any:
    for part in path.split("."):
        root = getattr(root, part)
    return root


def _short(name: str) -> str:
    return "tf" + name.removeprefix("tensorflow") if name.startswith("tensorflow") else name
