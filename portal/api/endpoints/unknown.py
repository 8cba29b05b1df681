from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.frame.endpoint import Endpoint
from foundation.permissions import Anyone
from portal.refusals import Refusal


@extend_schema(exclude=True)
class UnknownAddress(Endpoint):
    """Answer addresses that do not exist with a problem in the API's own shape."""

    permission_classes = [Anyone]

    def check_query(self, request: Request) -> None:
        """Accept any query, because the address is what is wrong."""

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        raise Refusal("not_found")

    def get(self, request: Request) -> Response:
        return Response(status=404)

    post = put = patch = delete = get
