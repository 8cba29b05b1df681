from dataclasses import dataclass, field

from authoring.folder.document import Path


@dataclass(frozen=True, order=True)
class Mistake:
    """A mistake at a line of a file; `path` is relative to the folder. `keys` is the value in YAML, if it is one."""

    path: str
    line: int
    text: str
    keys: Path = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


@dataclass
class Mistakes:
    """Collect every mistake, so that an author sees all at once. Only a strict check shows `advice`.

    Every check shows `warnings`, and only a strict one fails because of them.
    """

    all: set[Mistake] = field(default_factory=set)
    advice: set[Mistake] = field(default_factory=set)
    warnings: set[Mistake] = field(default_factory=set)

    def report(self, path: str, line: int, text: str, keys: Path = ()) -> None:
        self.all.add(Mistake(path, line, text, keys))

    def advise(self, path: str, line: int, text: str) -> None:
        self.advice.add(Mistake(path, line, text))

    def warn(self, path: str, line: int, text: str) -> None:
        self.warnings.add(Mistake(path, line, text))
