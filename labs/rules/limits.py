"""Convert a lab's limits from the author's words (seconds and MiB) to the runner's."""

from datetime import timedelta

from labs.runner.protocol import MOST_TESTS as MOST_TESTS  # re-exported, so that the rules import it from here
from labs.runner.protocol import RunLimits

MEBIBYTE = 1 << 20
# The author's word: the runner's word, the unit, the most that an author may ask for.
WORDS = {
    "wall": ("wall_seconds", 1, 600),
    "cpu": ("cpu_seconds", 1, 1200),
    "memory": ("memory_bytes", MEBIBYTE, 4096),
    "disk": ("disk_bytes", MEBIBYTE, 256),
}
LONGEST = {"wall": 600, "cpu": 1200}  # for what the lab itself computes
WALL_SECONDS = RunLimits().wall_seconds
SESSION_IDLE = timedelta(
    seconds=RunLimits().idle_seconds
)  # after which the runner ends a session in which nothing runs


def refuse_limits(written: dict[str, object]) -> str | None:
    """Return what is wrong with limits as an author wrote them, or None."""
    for word, value in written.items():
        if word not in WORDS:
            return f"“{word}” is not a limit (the limits are {', '.join(WORDS)})"
        most = WORDS[word][2]
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            return f"“{word}” needs a whole number from 1 to {most}"
    return None


def runner_limits(written: dict[str, int]) -> dict[str, int]:
    """Return the limits in the runner's words and units. The runner's defaults apply to limits that are not written."""
    return {WORDS[word][0]: value * WORDS[word][1] for word, value in written.items()}


def wall_seconds(written: dict[str, int]) -> int:
    """Return the wall-clock limit in seconds, by default the runner's."""
    return written.get("wall", WALL_SECONDS)
