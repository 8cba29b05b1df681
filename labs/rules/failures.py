"""Which tests of a lab learners fail now, and with which messages."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from labs.rules.results import Rows

NUMBER = re.compile(r"(?<![\w.])[-−]?\d+(?:,\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?(?!\w)")


@dataclass(frozen=True)
class FailedAlike:
    """Learners who fail a test with the same message apart from numbers, which are replaced with "…" where they differ."""

    message: str
    learners: tuple[int, ...]


@dataclass(frozen=True)
class FailedTest:
    """A test of a lab: how many learners' newest test runs have it, and those who fail it, most common message first."""

    name: str
    points: object
    learners: int
    alike: tuple[FailedAlike, ...]

    @property
    def failing(self) -> int:
        return sum(len(group.learners) for group in self.alike)


def failed_tests(tests: Rows, newest: Mapping[int, Rows]) -> list[FailedTest]:
    """Return each of the lab's tests with those who fail it, given the results of each learner's newest test run."""
    return [_failed(test["name"], test["points"], newest) for test in tests]


def _failed(name: str, points: object, newest: Mapping[int, Rows]) -> FailedTest:
    tried = {learner_id: row for learner_id, rows in sorted(newest.items()) for row in rows if row["name"] == name}
    alike: dict[str, dict[int, str]] = {}
    for learner_id, row in tried.items():
        if row["verdict"] != "passed":
            message = row.get("message", "")
            alike.setdefault(without_numbers(message), {})[learner_id] = message
    groups = [FailedAlike(common_message(list(wordings.values())), tuple(wordings)) for wordings in alike.values()]
    groups.sort(key=lambda group: (-len(group.learners), group.message))
    return FailedTest(name, points, len(tried), tuple(groups))


def common_message(messages: Sequence[str]) -> str:
    """Return messages that differ only in numbers as one, with "…" for each number that differs."""
    texts = NUMBER.split(messages[0])
    numbers = [
        variants[0] if len(set(variants)) == 1 else "…" for variants in zip(*map(NUMBER.findall, messages), strict=True)
    ]
    return "".join(text + number for text, number in zip(texts, [*numbers, ""], strict=True))


def without_numbers(message: str) -> str:
    """Return the message with "…" in place of each number that is not part of a word."""
    return NUMBER.sub("…", message)
