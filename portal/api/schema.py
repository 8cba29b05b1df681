"""How the schema is made from the views: what drf-spectacular cannot see of ours."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

from course.api.endpoint import Endpoint
from course.permissions import Anyone, Staff
from course.serializers import Strict

SCOPES = {"GET": "read"}
UNCHANGED = {"description": "Unchanged since the ETag that If-None-Match named."}


class Contract(AutoSchema):
    """Unknown fields are refused, some calls are for anyone, some answer 304."""

    view: Endpoint

    def get_operation_id(self) -> str:
        """A page of rows is a list."""
        name: str = super().get_operation_id()
        is_paged = any(getattr(found, "name", "") == "cursor" for found in self.get_override_parameters())
        return name.removesuffix("_retrieve") + "_list" if is_paged and name.endswith("_retrieve") else name

    def get_auth(self) -> list[dict[str, Any]]:
        """With the scope that a token needs. Anyone may ask without one; where none is looked at, none is asked for."""
        asked = self.view.get_permissions()
        is_open = any(isinstance(permission, Anyone) for permission in asked)
        scope = "staff" if any(isinstance(each, Staff) for each in asked) else SCOPES.get(self.method, "write")
        ways = [
            {name: [scope] if name == "token" and not is_open else [] for name in way} for way in super().get_auth()
        ]
        return [*ways, {}] if is_open else ways

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        shape = super()._map_basic_serializer(serializer, direction)
        kind = serializer if isinstance(serializer, type) else type(serializer)
        if not kind.__doc__:
            shape.pop("description", None)  # which is that of a base
        return {**shape, "additionalProperties": False} if issubclass(kind, Strict) else shape

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        answers = super()._get_response_bodies(direction)
        return {**answers, "304": UNCHANGED} if self.method == "GET" and self.view.is_conditional else answers
