"""The admin's site: what each registered page of it has in common, those of packages included."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import ModelAdmin
from django.db.models import Model
from django.http import HttpRequest

ENDINGS = ("", "__exact", "__in", "__isnull", "__gte", "__gt", "__lte", "__lt")


class OwnFiltersOnly:
    """Searches of a list by its address work for the filters that its page shows. Any other gets 400.

    Django lets an address ask about every column of the row, so that hidden ones can be found out letter by letter.
    """

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        shown = {parameter_of(entry) for entry in self.get_list_filter(request)}  # type: ignore[attr-defined]
        return any(lookup == f"{name}{ending}" for name in shown for ending in ENDINGS)


def parameter_of(list_filter: Any) -> str:
    """Return the name that a filter has in the address: that of a field, or of a filter class."""
    name = list_filter[0] if isinstance(list_filter, list | tuple) else list_filter
    return name if isinstance(name, str) else name.parameter_name


class AdministrationSite(admin.AdminSite):
    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin] | None = None,
        **options: object,
    ) -> None:
        page = admin_class or ModelAdmin
        super().register(model_or_iterable, type(page.__name__, (OwnFiltersOnly, page), {}), **options)
