"""The forms of a page, filled in as somebody would who knows nothing."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

UNTYPED = ("submit", "button", "file", "checkbox", "radio", "image", "reset")


@dataclass
class Form:
    """Where a form is sent, and its fields with what they hold."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def look(self) -> tuple[str, ...]:
        return tuple(sorted(name for name in self.fields if not name.startswith("q-"))), self.fields.get("do", "")


class FormReader(HTMLParser):
    """Collects the forms that are sent with POST."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.forms, self.open_select = address, [], ""
        self.form: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts: dict[str, Any] = dict(attrs)
        name = facts.get("name") or ""
        if tag == "form":
            self.form = Form(facts.get("action") or self.address) if facts.get("method", "").lower() == "post" else None
            self.forms += [self.form] if self.form else []
        elif self.form is None or not (name or (tag == "option" and self.open_select)):
            return
        elif tag == "input":
            self.read_input(facts, name)
        elif tag == "textarea":
            self.form.fields[name] = "Some words."
        elif tag == "button":
            self.form.fields.setdefault(name, facts.get("value") or "")
        elif tag == "select":
            self.open_select = name
        elif tag == "option" and ("selected" in facts or self.open_select not in self.form.fields):
            self.form.fields[self.open_select] = facts.get("value") or ""

    def read_input(self, facts: dict[str, Any], name: str) -> None:
        assert self.form is not None
        kind, value = facts.get("type", "text"), facts.get("value")
        if kind in ("radio", "checkbox"):
            if "checked" in facts or name not in self.form.fields:
                self.form.fields[name] = value or "on"
        elif kind not in UNTYPED:
            self.form.fields[name] = value or ("" if kind == "hidden" else "1")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.open_select = ""


def forms_in(page: str, address: str) -> list[Form]:
    """Return the forms of a page at this address that change something."""
    reader = FormReader(address.partition("?")[0])
    reader.feed(page)
    return reader.forms
