"""Which results of a stored test run count after regrades of its lab, and which version of the tests judged it."""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from labs.rules.results import Rows, quality, reached_in


def judging_digest(probes: str, files: Mapping[str, str]) -> str:
    """Return the digest of everything that decides how a lab's tests judge."""
    return sha256(repr((probes, sorted(files.items()))).encode()).hexdigest()


def counting_results(tests: Rows, regrades: Iterable[tuple[Rows | None, bool]]) -> Rows:
    """Return the results of a run that count, given what it reached in each regrade in force, oldest first.

    A regrade is (results, whether it may lower points). Results count if they are better, or, for a
    regrade that may lower points, if a verdict or the points differ. Results of None are skipped.
    """
    for again, lowers in regrades:
        if again is not None and _replace(tests, again, lowers=lowers):
            tests = again
    return tests


def _replace(tests: Rows, again: Rows, *, lowers: bool) -> bool:
    if lowers:
        return verdicts_in(again) != verdicts_in(tests)
    return quality(reached_in(again)) > quality(reached_in(tests))


def verdicts_in(tests: Rows) -> tuple[tuple[object, object, object], ...]:
    """Return what decides the points of these results, to compare two previews."""
    return tuple((row["name"], row["verdict"], row["points"]) for row in tests)
