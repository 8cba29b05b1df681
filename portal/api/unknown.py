from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from course.permissions import Anyone
from course.rules.refusals import Refusal
from portal.api.endpoint import Endpoint


@extend_schema(exclude=True)
class Unknown(Endpoint):
    """Whatever is no address of the API is a problem in its own shape too."""

    permission_classes = [Anyone]

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        raise Refusal("not_found")

    def get(self, request: Request) -> Response:
        return Response(status=404)

    post = put = patch = delete = get
