"""Refuse query parameters that an endpoint's schema does not declare."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

_known: dict[Callable[..., Any], frozenset[str]] = {}


def refuse_unknown_parameters(view: APIView, request: Request) -> None:
    """Raise ValidationError for a parameter that the endpoint does not declare, or that is given twice."""
    if not request.query_params:
        return
    known = parameters_of(view, request)
    wrong = {name: not_taken(known) for name in request.query_params if name not in known}
    wrong |= {name: TWICE for name in known if len(request.query_params.getlist(name)) > 1}
    if wrong:
        raise serializers.ValidationError(wrong)


TWICE = "This parameter is given more than once. Nothing was changed: give it once."


def not_taken(known: frozenset[str]) -> str:
    """Return what is wrong with a parameter of an endpoint that accepts those in `known`."""
    *first, last = sorted(known) or ["no parameter"]
    taken = f"{', '.join(first)} and {last}" if first else last
    return (
        f"This call does not take this parameter; it takes {taken}. Nothing was changed: "
        "leave the parameter out, or correct its name."
    )


def parameters_of(view: APIView, request: Request) -> frozenset[str]:
    """Return the names that `extend_schema` declares for the view's method, empty for a method without a handler."""
    method = "get" if request.method == "HEAD" else str(request.method).lower()
    handler = getattr(type(view), method, None)
    if handler is None:
        return frozenset()
    if handler not in _known:
        _known[handler] = frozenset(declared_parameters(view, handler, method.upper()))
    return _known[handler]


def declared_parameters(view: APIView, handler: object, method: str) -> list[str]:
    kind = getattr(handler, "kwargs", {}).get("schema") or type(view.schema)
    schema = kind()
    schema.view, schema.method = view, method
    names: list[str] = []
    for declared in schema.get_override_parameters():
        if isinstance(declared, OpenApiParameter):
            names += [declared.name] if declared.location == OpenApiParameter.QUERY else []
        else:
            shape = declared() if isinstance(declared, type) else declared
            names += list(shape.fields)
    return names
