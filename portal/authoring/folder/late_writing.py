"""Write a late policy into a text of the course, or remove it. Comments and everything else stay."""

from collections.abc import Mapping

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node

from portal.authoring.folder.document import Path, read_document

NAME = "late"


def late_said(text: str, place: Path) -> Mapping[str, int] | None:
    """Return the late policy that a text says at `place`, or None."""
    around = read_document(text).data
    for name in place:
        around = around.get(str(name)) if isinstance(around, dict) else None
    return (around.get(NAME) or None) if isinstance(around, dict) else None


def with_late(text: str, place: Path, policy: Mapping[str, int] | None) -> str | None:
    """Return a text that says this late policy at `place`, or none of its own.

    Return None if the text is written in a form that cannot be changed like this, so that its author must edit it.
    """
    if late_said(text, place) == policy:
        return text
    written = "" if policy is None else ", ".join(f"{name}: {value}" for name, value in policy.items())
    made = _rewritten(text, place, f"{NAME}: {{{written}}}" if written else "")
    if made is None:
        return None
    document = read_document(made)
    return made if not document.faults and document.data == _expected(text, place, policy) else None


def _expected(text: str, place: Path, policy: Mapping[str, int] | None) -> object:
    data = read_document(text).data
    around = data
    for name in place:
        around[str(name)] = around.get(str(name)) or {}
        around = around[str(name)]
    around.pop(NAME, None)
    if policy is not None:
        around[NAME] = dict(policy)
    return data


def _rewritten(text: str, place: Path, entry: str) -> str | None:
    """Replace, add or remove the entry of the mapping at `place`."""
    holder = YAML(typ="safe", pure=True).compose(text)
    for position, name in enumerate(place):
        inner = _entry_named(holder, str(name))
        if inner is None:
            around = "".join(f"{each}: {{" for each in place[position:])
            return _added(text, holder, f"{around}{entry}{'}' * (len(place) - position)}")
        holder = inner[1]
    if not isinstance(holder, MappingNode):
        return None
    found = _entry_named(holder, NAME)
    if found is None:
        return _added(text, holder, entry)
    start, end = found[0].start_mark.index, _end(found[1])
    return text[:start] + entry + text[end:] if entry else _removed(text, holder, start, end)


def _entry_named(holder: Node, name: str) -> tuple[Node, Node] | None:
    pairs = holder.value if isinstance(holder, MappingNode) else []
    return next((pair for pair in pairs if pair[0].value == name), None)


def _end(node: Node) -> int:
    """Return where the text of a node ends, without the comments and empty lines that follow."""
    if not isinstance(node, MappingNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    return _end(node.value[-1][1])


def _added(text: str, holder: Node, entry: str) -> str | None:
    if not isinstance(holder, MappingNode):
        return None
    if holder.flow_style:
        before, after = text[: _end(holder) - 1].rstrip(), text[_end(holder) - 1 :]
        return (
            before
            + ("" if before.endswith(("{", ",")) else ",")
            + ("" if before.endswith("{") else " ")
            + entry
            + after
        )
    end = _end(holder)
    line_end = end if text[:end].endswith("\n") else text.find("\n", end) + 1
    before, after = (text[:line_end], text[line_end:]) if line_end else (f"{text}\n", "")
    return f"{before}{' ' * holder.start_mark.column}{entry}\n{after}"


def _removed(text: str, holder: Node, start: int, end: int) -> str:
    if holder.flow_style:
        before, after = text[:start].rstrip(), text[end:]
        if before.endswith(","):
            return before.removesuffix(",") + after
        return before + after.lstrip().removeprefix(",").lstrip()
    line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end) + 1
    return text[:line_start] + (text[line_end:] if line_end else "")
