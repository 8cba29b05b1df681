"""Write one value into a text of the course, or remove it. Comments and everything else stay."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from authoring.folder.document import Path, read_document

UNPRINTED = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def value_at(data: object, keys: Path) -> object:
    """Return what a document says at `keys`, or None."""
    for step in keys:
        if isinstance(data, dict) and isinstance(step, str):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def with_value(text: str, keys: Path, value: object) -> str | None:
    """Return a text that says this value at `keys`. With None, the entry or the row is removed.

    In a list, the place after its last row adds one. Return None if the text is written in a form that cannot be changed
    like this, so that its author must edit it.
    """
    document = read_document(text)
    if document.faults:
        return None
    rows = value_at(document.data, keys[:-1])
    is_row = isinstance(rows, list) and keys[-1] in range(len(rows))
    if value_at(document.data, keys) == value and not (value is None and is_row):  # an empty row can be removed
        return text
    ways = ("",) if value is None else (*_literal(value), as_yaml_line(value))
    for made in (_rewritten(text, keys, written) for written in ways):
        after = None if made is None else read_document(made)
        if after is not None and not after.faults and after.data == _expected(document.data, keys, value):
            return made
    return None


def with_rows(text: str, name: str, rows: Sequence[str | Mapping[str, object]]) -> str | None:
    """Return a text that says this list under a name at its top, each row below the name.

    A row is a text on a line, or names and values on a line each. Return None if the text is written in a form that
    cannot be changed like this.
    """
    document = read_document(text)
    if document.faults or not isinstance(document.data, dict):
        return None
    if document.data.get(name) == [*rows]:
        return text
    block = "".join(f"\n{_as_yaml_row(row)}" for row in rows)
    made = _rewritten(text, (name,), block)
    made = made and re.sub(rf"^{name}: \n", f"{name}:\n", made, flags=re.MULTILINE)
    after = None if made is None else read_document(made)
    fits = after is not None and not after.faults and after.data == _expected(document.data, (name,), [*rows])
    return made if fits else None


def _as_yaml_row(row: str | Mapping[str, object]) -> str:
    return as_yaml_block(row, "- ").rstrip("\n") if isinstance(row, Mapping) else f"- {as_yaml_line(row)}"


def _literal(value: object) -> list[str]:
    """Return a text of several lines as it is written below its name, if it is one. The lines are not indented yet."""
    if not isinstance(value, str) or "\n" not in value:
        return []
    written = f"|\n{value[:-1]}" if value.endswith("\n") else f"|-\n{value}"
    document = read_document(_indented(f"text: {written}\n", "  "))
    return [written] if not document.faults and document.data == {"text": value} else []


def _indented(written: str, margin: str) -> str:
    """Return what is written with a margin before each of its lines but the first."""
    return re.sub(r"\n(?=[^\n])", f"\n{margin}", written)


def as_yaml_block(value: Mapping[str, object], dash: str = "") -> str:
    """Return names and values on separate lines, lists of texts and rows as blocks below their names.

    `dash` begins a row of a list.
    """
    margin = " " * len(dash)
    lines = []
    for name, entry in value.items():
        if isinstance(entry, list) and any(isinstance(row, str | list | Mapping) for row in entry):
            rows = "\n".join(f"{margin}  - {as_yaml_line(row)}" for row in entry)
            lines.append(f"{name}:\n{rows}")
        else:
            written = next(iter(_literal(entry)), as_yaml_line(entry))
            lines.append(_indented(f"{name}: {written}", f"{margin}  "))
    return dash + f"\n{margin}".join(lines) + "\n"


def as_yaml_line(value: object) -> str:
    """Return a value as YAML on one line."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case Decimal():
            return format(value, "f")
        case str():
            return value if _needs_no_quotes(value) else _quoted(value)
        case list():
            return f"[{', '.join(map(as_yaml_line, value))}]"
        case Mapping():
            return f"{{{', '.join(f'{name}: {as_yaml_line(entry)}' for name, entry in value.items())}}}"
    return str(value)


def _quoted(value: str) -> str:
    """Return a text in double quotes, with escapes for what YAML reads as an end of a line or refuses."""
    return UNPRINTED.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(value, ensure_ascii=False))


def _needs_no_quotes(value: str) -> bool:
    """Return whether a text means itself in a list without quotes, also before a comment."""
    document = read_document(f"[{value}] # end")
    return not document.faults and document.data == [value] and "\n" not in value


def _expected(data: Any, keys: Path, value: object) -> object:
    """Return the data with this value, without changing `data`."""
    *outer, last = keys
    data = around = deepcopy(data)
    for step in outer:
        if isinstance(step, str) and around.get(step) is None:
            around[step] = {}
        around = around[step]
    if value is None:
        around.pop(last, None) if isinstance(around, dict) else around.pop(last)
    elif isinstance(around, list) and last == len(around):
        around.append(value)
    else:
        around[last] = value
    return data


def _rewritten(text: str, keys: Path, value: str) -> str | None:
    """Replace, add or remove the value at `keys`. `value` is what to write, nothing to remove it."""
    holder = YAML(typ="safe", pure=True).compose(text)
    for position, step in enumerate(keys[:-1]):
        inner = _value_named(holder, step)
        if inner is None:
            around = "".join(f"{inner_step}: {{" for inner_step in keys[position:-1])
            entry = f"{around}{keys[-1]}: {value}{'}' * (len(keys) - position - 1)}"
            return _added(text, holder, entry) if isinstance(holder, MappingNode) else None
        holder = inner
    name = keys[-1]
    node = _value_named(holder, name)
    entry = value
    if value and isinstance(holder, MappingNode):
        entry = f"{name}: {_indented(value, ' ' * (holder.start_mark.column + 2))}"
    if node is None:
        return _added(text, holder, entry)
    start = _start(holder, name)
    is_absent = isinstance(node, ScalarNode) and not node.value and not node.style
    is_after_colon = is_absent and isinstance(holder, MappingNode)
    end = text.index(":", start) + 1 if is_after_colon else len(text[: _end(node)].rstrip())
    return text[:start] + entry + text[end:] if entry else _removed(text, holder, start, end)


def _entries(holder: Node) -> Iterator[tuple[str | int, int, Node]]:
    """Yield name or position, start and value of each entry."""
    if isinstance(holder, MappingNode):
        yield from ((key.value, key.start_mark.index, value) for key, value in holder.value)
    elif isinstance(holder, SequenceNode):
        yield from ((index, row.start_mark.index, row) for index, row in enumerate(holder.value))


def _value_named(holder: Node, name: str | int) -> Node | None:
    return next((value for key, _start, value in _entries(holder) if key == name), None)


def _start(holder: Node, name: str | int) -> int:
    return next(start for key, start, _value in _entries(holder) if key == name)


def _end(node: Node) -> int:
    """Return where the text of a node ends, without the comments and empty lines that follow."""
    inside = [value for _name, _start, value in _entries(node)]
    if not inside or node.flow_style:
        return int(node.end_mark.index)
    return _end(inside[-1])


def _added(text: str, holder: Node, entry: str) -> str | None:
    if not isinstance(holder, MappingNode | SequenceNode):
        return None
    if holder.flow_style:
        before, after = text[: _end(holder) - 1].rstrip(), text[_end(holder) - 1 :]
        is_first = before.endswith(("{", "["))
        return before + ("" if is_first or before.endswith(",") else ",") + ("" if is_first else " ") + entry + after
    end = _end(holder)
    line_end = end if text[:end].endswith("\n") else text.find("\n", end) + 1
    before, after = (text[:line_end], text[line_end:]) if line_end else (f"{text}\n", "")
    return f"{before}{_margin(text, holder)}{entry}\n{after}"


def _margin(text: str, holder: Node) -> str:
    """Return what stands before an entry of a block, which is a dash in a list."""
    if isinstance(holder, MappingNode):
        return " " * holder.start_mark.column
    start = holder.value[-1].start_mark.index
    return text[text.rfind("\n", 0, start) + 1 : start]


def _removed(text: str, holder: Node, start: int, end: int) -> str:
    if len(holder.value) == 1:
        empty = "[]" if isinstance(holder, SequenceNode) else "{}"
        return f"{text[: holder.start_mark.index]}{empty}{text[_end(holder) :]}"
    if holder.flow_style:
        before, after = text[:start].rstrip(), text[end:]
        if before.endswith(","):
            return before.removesuffix(",") + after
        return before + after.lstrip().removeprefix(",").lstrip()
    line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end) + 1
    return text[:line_start] + (text[line_end:] if line_end else "")
