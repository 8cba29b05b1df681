"""The unit of editing: a whole text of a course, or one question in a list."""

from dataclasses import dataclass

from authoring.refusals import Refusal

POLICY = "course.yaml"  # weights, pass mark, dates and who may join, which not every editor of texts may change


@dataclass(frozen=True)
class Passage:
    """`text` with the text before and after it in its file; `key` names a question, "" is the whole file."""

    path: str
    key: str
    text: str
    before: str = ""
    after: str = ""

    @property
    def first_line(self) -> int:
        return self.before.count("\n") + 1

    def in_file(self, text: str) -> str:
        """Return the file with `text` in place of the passage."""
        ended = text if text.endswith("\n") or not self.after else f"{text}\n"
        return f"{self.before}{ended}{self.after}"

    def line(self, line_in_file: int) -> int:
        """Return a line of the file as a line of the passage; 0 if it is outside."""
        here = line_in_file - self.first_line + 1
        return here if here >= 1 else 0


def passage_of(path: str, file: str, key: str = "", source: str | None = None) -> Passage:
    """Return a whole file, or the question `key` with this `source` in it. Raises Refusal not_found if the file lacks it."""
    if not key:
        return Passage(path, "", file)
    if source is None or source not in file:
        raise Refusal("not_found")
    before, _, after = file.partition(source)
    return Passage(path, key, source, before, after)
