from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from course.selectors import course_by_slug
from foundation.frame.endpoint import Endpoint
from foundation.permissions import Anyone
from people.access import access_of, refuse_in_preview, refuse_stranger
from portal.api.serializers.statements import PublishedKeys, Statement
from portal.rights.services import make_statement
from portal.rights.services.signing import published_keys


@extend_schema(responses=Statement)
class OwnStatement(Endpoint):
    """A signed statement of your grade, with every record that it follows from. Store the response as it is: a program of
    sixty lines (`clients/verifier/verify_statement.py`) verifies it without this site.
    """

    is_costly = True

    def get(self, request: Request, slug: str) -> Response:
        course = course_by_slug(slug)
        access = access_of(request.user, course.pk)
        refuse_stranger(access)
        refuse_in_preview(access)
        site = request.build_absolute_uri("/")
        return Response(make_statement(learner=self.person, course=course, site=site, now=self.now))


@extend_schema(responses=PublishedKeys)
class StatementKeyList(Endpoint):
    """The public keys of this site, oldest first: statements are signed with the newest, and older ones stay valid."""

    permission_classes = [Anyone]

    def get(self, request: Request) -> Response:
        return Response(PublishedKeys({"keys": published_keys(now=self.now)}).data)
