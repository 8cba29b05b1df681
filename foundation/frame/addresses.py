"""Addresses: of pages, in which <record:…> is the id of a record, and those that a form may lead to."""

from django.http import HttpRequest
from django.urls import path, register_converter
from django.urls.converters import IntConverter
from django.utils.http import url_has_allowed_host_and_scheme

__all__ = ["path", "safe_address"]


class RecordNumber(IntConverter):
    """A record's id. Numbers beyond the databases' range do not match."""

    regex = "[0-9]{1,18}"


register_converter(RecordNumber, "record")


def safe_address(request: HttpRequest, address: str) -> str:
    """Return an address of this site, or the home page for any other."""
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    # redirect() would take a single word for a view's name
    return address if is_ours and address.startswith("/") else "/"
