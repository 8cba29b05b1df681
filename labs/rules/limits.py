"""How a lab writes its limits, and what a run is given: seconds and MiB on paper, the runner's words for the runner."""

MEBIBYTE = 1 << 20
# On paper: the runner's word, the unit, the most that an author may ask for.
WORDS = {
    "wall": ("wall_seconds", 1, 600),
    "cpu": ("cpu_seconds", 1, 1200),
    "memory": ("memory_bytes", MEBIBYTE, 4096),
    "disk": ("disk_bytes", MEBIBYTE, 256),
}
WALL_SECONDS = 120


def refuse_limits(written: dict[str, object]) -> str | None:
    """What is wrong with limits as an author wrote them, or None."""
    for word, value in written.items():
        if word not in WORDS:
            return f"“{word}” is no limit (known are {', '.join(WORDS)})"
        most = WORDS[word][2]
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            return f"“{word}” needs a whole number from 1 to {most}"
    return None


def runner_limits(written: dict[str, int]) -> dict[str, int]:
    """In the runner's words and units; what is not written has the runner's default."""
    return {WORDS[word][0]: value * WORDS[word][1] for word, value in written.items()}


def wall_seconds(written: dict[str, int]) -> int:
    return written.get("wall", WALL_SECONDS)
