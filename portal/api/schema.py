"""Generate the schema from the views, including what drf-spectacular cannot see in ours."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry

from foundation.frame.endpoint import Endpoint
from foundation.permissions import Anyone, Staff
from foundation.refusals import refused_by
from foundation.serializers import Strict, example_of, has_example

SCOPES = {"GET": "read"}
WITH_BODY = ("POST", "PUT")
UNCHANGED = {"description": "Unchanged since the ETag that If-None-Match named."}


class Contract(AutoSchema):
    """Describe that unknown fields are refused, that some endpoints are public, and that some answer 304."""

    view: Endpoint

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: ComponentRegistry
    ) -> dict[str, object] | None:
        """Add the codes of the refusals of the view and of the shape of its body, for `portal.api.contract`."""
        operation = super().get_operation(path, path_regex, path_prefix, method, registry)
        if operation is not None:
            body = self.get_request_serializer() if self.method in WITH_BODY else None
            by_shape = refused_by(body) if isinstance(body, type) else frozenset()
            operation["x-refuses"] = sorted(self.view.refusals(self.method) | by_shape)
        return operation

    def get_operation_id(self) -> str:
        """Name a page of rows a list."""
        name: str = super().get_operation_id()
        is_paged = any(getattr(parameter, "name", "") == "cursor" for parameter in self.get_override_parameters())
        return name.removesuffix("_retrieve") + "_list" if is_paged and name.endswith("_retrieve") else name

    def get_auth(self) -> list[dict[str, list[str]]]:
        """Add the scope that a token needs. Public endpoints need no token."""
        asked = self.view.get_permissions()
        is_open = any(isinstance(permission, Anyone) for permission in asked)
        scope = (
            "staff" if any(isinstance(permission, Staff) for permission in asked) else SCOPES.get(self.method, "write")
        )
        ways = [
            {name: [scope] if name == "token" and not is_open else [] for name in way} for way in super().get_auth()
        ]
        return [*ways, {}] if is_open else ways

    def _map_basic_serializer(self, serializer: object, direction: object) -> object:
        shape = super()._map_basic_serializer(serializer, direction)
        kind = serializer if isinstance(serializer, type) else type(serializer)
        if not kind.__doc__:
            shape.pop("description", None)  # the summary of a base class does not describe this view
        if issubclass(kind, Strict):
            shape["additionalProperties"] = False
        return {**shape, "examples": [example_of(kind)]} if has_example(kind) else shape

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        answers = super()._get_response_bodies(direction)
        return {**answers, "304": UNCHANGED} if self.method == "GET" and self.view.is_conditional else answers
