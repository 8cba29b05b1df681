"""Files that learners added to a lab, and files that code left. Nothing here interprets them."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.frame.endpoint import Endpoint
from foundation.raw import BYTES, KINDS, RawParser, attachment
from foundation.refusals import refuses
from labs.selectors import file_content, files_of, lab_by_id, lab_for, left_content, left_files, run_of
from labs.serializers import FileOut, LeftFileOut
from labs.services import keep_file, remove_file
from people.access import refuse_stranger, refuse_unless_working


@extend_schema(responses=FileOut(many=True))
@refuses(refuse_stranger)
class LabFiles(Endpoint):
    """Your own files of the lab. They are placed in the work folder of its live session and of its test runs."""

    def get(self, request: Request, lab_id: str) -> Response:
        return Response(FileOut(files_of(lab_for(self.person, lab_id), self.person.pk), many=True).data)


class OneLabFile(Endpoint):
    """Store a file of at most 5 MB under its name (201, or 200 if it replaces one), fetch it, delete it."""

    parser_classes = [RawParser]
    is_costly = True

    @extend_schema(responses=BYTES)
    @refuses(refuse_stranger)
    def get(self, request: Request, lab_id: str, name: str) -> HttpResponse:
        return attachment(file_content(lab_for(self.person, lab_id), self.person.pk, name), name)

    @extend_schema(request=KINDS, responses={200: FileOut, 201: FileOut})
    @refuses(refuse_unless_working, "file_name_unfit", "file_too_large", "too_many_files", "files_too_large")
    def put(self, request: Request, lab_id: str, name: str) -> Response:
        content = bytes_of(request)
        file, is_new = keep_file(learner=self.person, lab=lab_by_id(lab_id), name=name, content=content, now=self.now)
        return Response(FileOut(file).data, 201 if is_new else 200)

    @extend_schema(responses={204: None})
    @refuses(refuse_unless_working)
    def delete(self, request: Request, lab_id: str, name: str) -> Response:
        remove_file(learner=self.person, lab=lab_by_id(lab_id), name=name)
        return Response(status=204)


@extend_schema(responses=LeftFileOut(many=True))
@refuses()
class RunFiles(Endpoint):
    """Files that were in the work folder after the run, or after later runs of the same session. Kept for a week."""

    def get(self, request: Request, run_id: str) -> Response:
        return Response(LeftFileOut(left_files(run_of(self.person.pk, run_id)), many=True).data)


@extend_schema(responses=BYTES)
@refuses("file_not_kept")
class OneRunFile(Endpoint):
    """Download one of these files."""

    is_costly = True

    def get(self, request: Request, run_id: str, name: str) -> HttpResponse:
        return attachment(left_content(run_of(self.person.pk, run_id), name), name.rpartition("/")[2])


def bytes_of(request: Any) -> bytes:
    """Return the raw body. A request without a body has an empty file."""
    return request.data if isinstance(request.data, bytes) else b""
