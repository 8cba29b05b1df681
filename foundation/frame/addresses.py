"""Addresses, in which <record:…> is the id of a record."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

__all__ = ["path"]


class RecordNumber(IntConverter):
    """A record's id. Numbers beyond the databases' range do not match."""

    regex = "[0-9]{1,18}"


register_converter(RecordNumber, "record")
