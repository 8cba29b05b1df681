"""Parse YAML so that every value knows its line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.scanner import Scanner

type Path = tuple[str | int, ...]

BLOCK_STYLES = ("|", ">")
DEEPEST = 20  # brackets inside one another
NAME_IN_VALUE = "mapping values are not allowed here"  # what the parser says of `title: Statistics: 101`
NAMED_VALUE = re.compile(r"\s*(?:- +)*([A-Za-z_][\w-]*): +(\S.*)")
NOT_PLAIN = ("'", "[", "{", "|", ">", "&", "*", "!", "%", "#", "@", "`")
LONGEST_EXAMPLE = 100  # characters of a value that a message repeats
MOST_DIGITS = 1000  # before or after the point; a longer number stays text


@dataclass(frozen=True)
class Fault:
    line: int
    text: str


@dataclass
class Document:
    """`data` is plain Python (decimal numbers as Decimal); `faults` are invalid YAML, repeated keys and aliases."""

    data: Any = None
    faults: list[Fault] = field(default_factory=list)
    lines: dict[Path, int] = field(default_factory=dict)
    text_lines: dict[Path, int] = field(default_factory=dict)
    known: set[int] = field(default_factory=set, repr=False)

    def line(self, path: Path) -> int:
        """Return the line of a value, or of the nearest existing value around it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)

    def text_line(self, path: Path) -> int:
        """Return the line on which the text of a value begins. After | or > this is the next line."""
        return self.text_lines.get(path, self.line(path))


class ShallowScanner(Scanner):
    """Refuse brackets inside one another before there are many: each one makes every later token slower."""

    def fetch_flow_collection_start(self, *args: Any, **options: Any) -> None:
        if self.flow_level >= DEEPEST:
            raise RecursionError
        super().fetch_flow_collection_start(*args, **options)


def read_document(text: str, *, first_line: int = 1) -> Document:
    document = Document()
    loader = YAML(typ="safe", pure=True)
    loader.Scanner = ShallowScanner
    try:
        node = loader.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line if mark else 0
        document.faults.append(Fault(first_line + line, _unquoted(error, text, line) or _unreadable(error)))
        return document
    except YAMLError as error:
        document.faults.append(Fault(first_line, f"this is not YAML: {error}."))
        return document
    except RecursionError:
        document.faults.append(Fault(first_line, "this has too many brackets inside one another."))
        return document
    if node is not None:
        document.data = _node_value(document, node, (), first_line)
    return document


def _unreadable(error: MarkedYAMLError) -> str:
    return f"this is not YAML: {error.problem or error.context}."


def _unquoted(error: MarkedYAMLError, text: str, line: int) -> str:
    """Return what to do if a value on this line has a colon and no quotes, so that YAML takes it for a name; "" otherwise."""
    lines = text.splitlines()
    match = NAMED_VALUE.fullmatch(lines[line]) if error.problem == NAME_IN_VALUE and line < len(lines) else None
    value = match[2].partition(" #")[0].rstrip() if match else ""
    if match is None or ": " not in f"{value} " or '"' in value or "\\" in value or value.startswith(NOT_PLAIN):
        return ""
    example = f': {match[1]}: "{value}"' if len(value) <= LONGEST_EXAMPLE else ""
    return f"put the {match[1]} in quotes{example}."


def _node_value(document: Document, node: Node, path: Path, first_line: int) -> object:
    """Return the value of a node. An alias repeats a node; a few lines of aliases could fill the memory."""
    document.lines.setdefault(path, first_line + node.start_mark.line)
    if id(node) in document.known:
        document.faults.append(Fault(document.line(path), "an alias (*) repeats another part: write it out instead."))
        return None
    document.known.add(id(node))
    match node:
        case MappingNode():
            return dict(_mapping_pairs(document, node, path, first_line))
        case SequenceNode():
            return [_node_value(document, inner, (*path, index), first_line) for index, inner in enumerate(node.value)]
        case ScalarNode():
            is_block = node.style in BLOCK_STYLES
            document.text_lines[path] = first_line + node.start_mark.line + is_block
            return _scalar(node)
    raise AssertionError(f"YAML has no node {node!r}")


def _mapping_pairs(document: Document, node: MappingNode, path: Path, first_line: int) -> Iterator[tuple[str, object]]:
    seen: set[str] = set()
    for key_node, value_node in node.value:
        key, line = str(key_node.value), first_line + key_node.start_mark.line
        if key in seen:
            document.faults.append(Fault(line, f"“{key}” is said twice."))
        seen.add(key)
        document.lines[(*path, key)] = line
        yield key, _node_value(document, value_node, (*path, key), first_line)


def _scalar(node: ScalarNode) -> object:
    match str(node.tag).rpartition(":")[2]:
        case "null":
            return None
        case "bool":
            return node.value.casefold() == "true"
        case "int":
            return _whole(node.value)
        case "float":
            return _decimal(node.value)
    return node.value


def _whole(written: str) -> int | str:
    """Return the number. It may begin with zeros: 010 is ten. A value that is not a number, or too long, stays text.

    Python reads hexadecimal numbers of any length, and then refuses to print long ones.
    """
    number = written.replace("_", "")
    base = 0 if number.strip("+-")[:2].casefold() in ("0x", "0o", "0b") else 10
    try:
        whole = int(number, base)
    except ValueError:
        return written
    return whole if abs(whole) < 10**MOST_DIGITS else written


def _decimal(written: str) -> Decimal | str:
    """Return the number exactly as written, because a binary fraction would be rounded. Infinities and similar stay text."""
    try:
        number = Decimal(written.replace("_", ""))
    except InvalidOperation:
        return written
    return number if number.is_finite() and abs(number.adjusted()) <= MOST_DIGITS else written
