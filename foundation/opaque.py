"""Columns whose text the product makes up, such as ids in addresses."""

from typing import Any

from django.db import models


class OpaqueText(models.CharField):
    """A text with a function as its default. Migrations do not name the function, so that it may move to another module."""

    def deconstruct(self) -> Any:
        name, _, positional, named = super().deconstruct()
        named.pop("default", None)
        return name, "django.db.models.CharField", positional, named
