"""Write a question as an author would, fast: as YAML that a course reads back to exactly the same values."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal

# Words that mean themselves without quotes in any YAML: no numbers, no mark that begins or ends something.
PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 _/()'’.-]*[A-Za-z0-9).’]|[A-Za-z]")
NOT_TEXT = re.compile(r"(?i)(?:true|false|yes|no|on|off|null|nan|y|n|\.inf|~)")
LITERAL = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]+")
UNPRINTED = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def question_text(row: Mapping[str, object]) -> str:
    """Return a row of a list of questions, with the dash before it."""
    lines = [line for name, value in row.items() for line in _entry(name, value)]
    return "- " + "\n  ".join(lines).replace("\n  \n", "\n\n") + "\n"


def _entry(name: str, value: object) -> list[str]:
    if isinstance(value, list):
        return [f"{name}:", *(f"  - {_flow(row)}" for row in value)]
    if isinstance(value, str) and "\n" in value and _is_literal(value):
        return [f"{name}: |-", *(f"  {line}" if line else "" for line in value.split("\n"))]
    return [f"{name}: {_flow(value)}"]


def _is_literal(value: str) -> bool:
    """Return whether a text of several lines can be written as it is below its name."""
    return bool(LITERAL.fullmatch(value)) and not value.startswith((" ", "\n", "\t")) and not value.endswith("\n")


def _flow(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case Decimal():
            return format(value, "f")
        case str():
            return _scalar(value)
        case list():
            return f"[{', '.join(map(_flow, value))}]"
        case Mapping():
            return f"{{{', '.join(f'{name}: {_flow(entry)}' for name, entry in value.items())}}}"
    return str(value)


def _scalar(value: str) -> str:
    if PLAIN.fullmatch(value) and not NOT_TEXT.fullmatch(value):
        return value
    return UNPRINTED.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(value, ensure_ascii=False))
