"""A copy of everything that is stored about a person, the deletion of an account, and statements of a grade."""

from django.conf import settings
from django.http import StreamingHttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import NOT_TOGETHER, authenticated
from course.selectors import course_by_slug
from foundation.frame.endpoint import Endpoint
from foundation.permissions import Anyone
from foundation.raw import BYTES
from foundation.refusals import refuses
from people.access import access_of, refuse_in_preview, refuse_stranger
from portal.rights.archives import archive_of
from portal.rights.selectors import export_for, pieces_of
from portal.rights.serializers import DeletionIn, DeletionOut, ExportOut, PublishedKeys, Statement
from portal.rights.services import keep_account, make_statement, order_export, request_erasure
from portal.rights.services.signing import published_keys


@refuses()
class OwnExport(Endpoint):
    """The archive of everything that is stored about you. A POST orders a new one, which replaces the one before."""

    takes_key = False

    @extend_schema(responses=ExportOut)
    def get(self, request: Request) -> Response:
        return Response(self.body())

    @extend_schema(request=None, responses={202: ExportOut})
    def post(self, request: Request) -> Response:
        self.read_nothing()
        order_export(user=self.person, now=self.now)
        return Response(self.body(), 202)

    def body(self) -> dict[str, object]:
        export = export_for(self.person.pk, self.person.pk)
        if export is None:
            return {"state": "none", "percent": 0, "requested_at": None, "kept_until": None, "size": None}
        is_ready = export.finished_at is not None
        state = {
            "state": "ready" if is_ready else "building",
            "percent": export.percent,
            "requested_at": export.requested_at,
            "kept_until": export.requested_at + settings.EXPORTS_KEPT,
            "size": export.size if is_ready else None,
        }
        return dict(ExportOut(state).data)


@extend_schema(responses=BYTES)
@refuses("not_found")
class OwnArchive(Endpoint):
    """Download the archive once it is ready."""

    is_costly = True

    def get(self, request: Request) -> StreamingHttpResponse:
        return archive_of(*pieces_of(export_for(self.person.pk, self.person.pk)))


@refuses()
class OwnDeletion(Endpoint):
    """When your account will be deleted; null unless you asked for it. A POST asks for it and takes your password again,
    and the one-time code if the account uses MFA. Until the deletion, a DELETE keeps the account.
    """

    takes_key = False

    @extend_schema(responses=DeletionOut)
    def get(self, request: Request) -> Response:
        return Response(DeletionOut({"due_at": self.person.erasure_due_at}).data)

    @extend_schema(request=DeletionIn, responses={202: DeletionOut})
    @refuses(authenticated, "last_admin")
    def post(self, request: Request) -> Response:
        body = self.read(DeletionIn)
        if authenticated(request, {**body, "username": self.person.username}) != self.person:
            raise AuthenticationFailed(NOT_TOGETHER)  # it is that of an account whose address is this username
        return Response(DeletionOut({"due_at": request_erasure(user=self.person, now=self.now)}).data, 202)

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        keep_account(user=self.person, now=self.now)
        return Response(status=204)


@extend_schema(responses=Statement)
@refuses(refuse_stranger, refuse_in_preview, "statement_waits")
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
@refuses()
class StatementKeyList(Endpoint):
    """The public keys of this site, oldest first: statements are signed with the newest, and older ones stay valid."""

    permission_classes = [Anyone]

    def get(self, request: Request) -> Response:
        return Response(PublishedKeys({"keys": published_keys(now=self.now)}).data)
