"""Files that learners put beside a lab's code, and those that code left. Nothing here looks into one."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from course.api.endpoint import Endpoint
from course.api.raw import BYTES, KINDS, RawParser, attachment
from labs.selectors import file_content, files_of, lab_by_id, lab_for, left_content, left_files, run_of
from labs.serializers import FileOut, LeftFileOut
from labs.services import keep_file, remove_file


@extend_schema(responses=FileOut(many=True))
class LabFiles(Endpoint):
    """One's own files of the lab: they lie in the work folder of its live session and of its test runs."""

    def get(self, request: Request, lab_id: str) -> Response:
        return Response(FileOut(files_of(lab_for(request.user, lab_id), request.user.pk), many=True).data)


class OneLabFile(Endpoint):
    """Store a file of at most 5 MB under its name (201, or 200 in place of another), fetch it, delete it."""

    parser_classes = [RawParser]

    @extend_schema(responses=BYTES)
    def get(self, request: Request, lab_id: str, name: str) -> HttpResponse:
        return attachment(file_content(lab_for(request.user, lab_id), request.user.pk, name), name)

    @extend_schema(request=KINDS, responses={200: FileOut, 201: FileOut})
    def put(self, request: Request, lab_id: str, name: str) -> Response:
        content = bytes_of(request)
        file, is_new = keep_file(learner=request.user, lab=lab_by_id(lab_id), name=name, content=content, now=self.now)
        return Response(FileOut(file).data, 201 if is_new else 200)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, lab_id: str, name: str) -> Response:
        remove_file(learner=request.user, lab=lab_by_id(lab_id), name=name)
        return Response(status=204)


@extend_schema(responses=LeftFileOut(many=True))
class RunFiles(Endpoint):
    """What lay in the work folder after the run, or after later ones of the same session; kept for a week."""

    def get(self, request: Request, run_id: str) -> Response:
        return Response(LeftFileOut(left_files(run_of(request.user.pk, run_id)), many=True).data)


@extend_schema(responses=BYTES)
class OneRunFile(Endpoint):
    """One of these files, to be saved."""

    def get(self, request: Request, run_id: str, name: str) -> HttpResponse:
        return attachment(left_content(run_of(request.user.pk, run_id), name), name.rpartition("/")[2])


def bytes_of(request: Any) -> bytes:
    """The raw body; a request without one has an empty file."""
    return request.data if isinstance(request.data, bytes) else b""
