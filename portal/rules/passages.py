"""What is edited at a time: a whole text of a course, or one question of a list of them."""

from dataclasses import dataclass

from course.rules.refusals import Refusal


@dataclass(frozen=True)
class Passage:
    """`text` with what stands before and after it in its file; `key` names a question, "" is the whole file."""

    path: str
    key: str
    text: str
    before: str = ""
    after: str = ""

    @property
    def first_line(self) -> int:
        return self.before.count("\n") + 1

    def in_file(self, text: str) -> str:
        """The file with `text` in the place of the passage."""
        ended = text if text.endswith("\n") or not self.after else f"{text}\n"
        return f"{self.before}{ended}{self.after}"

    def line(self, line_in_file: int) -> int:
        """A line of the file as the passage counts; 0 for one that does not belong to it."""
        here = line_in_file - self.first_line + 1
        return here if here >= 1 else 0


def passage(path: str, file: str, key: str = "", source: str | None = None) -> Passage:
    """A file, or the question `key` with this `source` in it. Refusal not_found where it does not stand there."""
    if not key:
        return Passage(path, "", file)
    if source is None or source not in file:
        raise Refusal("not_found")
    before, _, after = file.partition(source)
    return Passage(path, key, source, before, after)
