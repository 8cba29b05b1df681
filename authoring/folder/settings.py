"""Read the settings that decide grades from a text of the course, and write other values. The rest of the text stays."""

from collections.abc import Iterator, Mapping

from authoring.folder.document import Path, read_document
from authoring.folder.shapes import EXAM, MODULE, SETTLED
from authoring.folder.writing import value_at, with_value

NAMES = {
    "course": ("pass_percent", "categories", "columns", "attempts", "late", "show"),
    "exam": tuple(name for name in EXAM if name != "id"),
    "review": tuple(MODULE["reviews"].shape or ()),
}
IDS = (("id",), ("module", "difficulty"))  # what tells the rows of a list apart

type Difference = tuple[Path, object]
type WrittenRow = Mapping[str, object] | list[object]  # the two sides of a pair are a list


def settings_in(kind: str, data: object, keys: Path) -> dict[str, object]:
    """Return what a document says at `keys` about a course, an exam or review questions, by name. None is not said."""
    return {name: _in_newer_words(value_at(data, (*keys, name))) for name in NAMES[kind]}


def with_settings(text: str, keys: Path, changes: Mapping[str, object]) -> str | None:
    """Return a text that says these values at `keys`, by name. None removes a setting.

    Only what differs is written. Return None if the text is written in a form that cannot be changed like this.
    """
    data = read_document(text).data
    for name, wanted in changes.items():
        written = _in_newer_words(value_at(data, (*keys, name)))
        for at, value in differences(written, _without_nones(wanted), (*keys, name)):
            made = with_value(text, at, value)
            if made is None:
                return None
            text = made
    is_empty = bool(keys) and value_at(read_document(text).data, keys) == {}
    return with_value(text, keys, None) if is_empty else text


def _in_newer_words(written: object) -> object:
    """Return a value with the older word for the end of an exam replaced."""
    if isinstance(written, dict):
        return {name: _in_newer_words(value) for name, value in written.items()}
    return "end" if written == SETTLED else written


def _without_nones(wanted: object) -> object:
    """Return a value without the members that say nothing; a mapping of which nothing is left is None."""
    if isinstance(wanted, Mapping):
        left = {name: _without_nones(value) for name, value in wanted.items()}
        return {name: value for name, value in left.items() if value is not None} or None
    return [_without_nones(row) for row in wanted] if isinstance(wanted, list) else wanted


def differences(written: object, wanted: object, keys: Path) -> Iterator[Difference]:
    """Yield place and value of each difference, in an order in which they can be written. None removes."""
    if written == wanted:
        return
    if isinstance(written, dict) and isinstance(wanted, dict):
        for name, value in wanted.items():
            yield from differences(written.get(name), value, (*keys, name))
        yield from (((*keys, name), None) for name in written if name not in wanted)
    elif _are_rows(written) and _are_rows(wanted):
        yield from _row_changes(written, wanted, keys)
    else:
        yield keys, wanted


def _are_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict | list) for row in value)


def _row_changes(written: list[WrittenRow], wanted: list[WrittenRow], keys: Path) -> Iterator[Difference]:
    """Remove the rows that are not wanted, so that the others keep their text. Then change and add rows in order.

    Rows without an id are told apart by their position.
    """
    ids = [_id_of(row) for row in wanted]
    left = [index for index, row in enumerate(written) if _id_of(row) in ids]
    left = (left if all(ids) else list(range(len(written))))[: len(wanted)] or [0]
    yield from (((*keys, index), None) for index in reversed(range(len(written))) if index not in left)
    for index, row in enumerate(wanted):
        yield from differences(written[left[index]] if index < len(left) else None, row, (*keys, index))


def _id_of(row: WrittenRow) -> tuple[object, ...]:
    """Return what tells a row apart, or nothing for a row without an id."""
    if isinstance(row, list):
        return ()
    return next((tuple(row.get(name) for name in names) for names in IDS if names[0] in row), ())
