from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Mistake:
    """What is wrong at a line of a file of the folder; `path` is relative to it."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


@dataclass
class Mistakes:
    """Collects every mistake, so that an author sees all at once; `advice` is what only a strict check says."""

    found: set[Mistake] = field(default_factory=set)
    advice: set[Mistake] = field(default_factory=set)

    def report(self, path: str, line: int, text: str) -> None:
        self.found.add(Mistake(path, line, text))

    def advise(self, path: str, line: int, text: str) -> None:
        self.advice.add(Mistake(path, line, text))
