import json

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from course.api.endpoint import Endpoint
from course.api.raw import RawParser, attachment
from labs.api.files import bytes_of
from labs.rules.cells import code_of
from labs.rules.charts import read_charts
from labs.rules.notebooks import read_notebook, write_notebook
from labs.selectors import draft_of, event_files, lab_for
from labs.serializers import ChartsOut, NotebookCells

KIND = "application/x-ipynb+json"


class Notebook(Endpoint):
    """One's draft as a Jupyter notebook; and back: the code of a notebook as cells of the lab, which saves nothing."""

    parser_classes = [RawParser]

    @extend_schema(responses={(200, KIND): OpenApiTypes.OBJECT})
    def get(self, request: Request, lab_id: str) -> HttpResponse:
        lab = lab_for(request.user, lab_id)
        draft = draft_of(lab, request.user.pk)
        sources = {cell["id"]: cell["source"] for cell in draft.cells} if draft else {}
        notebook = write_notebook(lab.cells, sources, lab=lab.pk, title=lab.title)
        return attachment(json.dumps(notebook, ensure_ascii=False, indent=1).encode(), f"{lab.key}.ipynb", KIND)

    @extend_schema(request={KIND: OpenApiTypes.OBJECT}, responses=NotebookCells)
    def put(self, request: Request, lab_id: str) -> Response:
        ids = [cell["id"] for cell in code_of(lab_for(request.user, lab_id).cells)]
        return Response(NotebookCells({"cells": read_notebook(bytes_of(request), ids)}).data)


@extend_schema(responses=ChartsOut)
class Charts(Endpoint):
    """Scalars and histograms of the TensorBoard files that the lab's code left last, thinned out."""

    def get(self, request: Request, lab_id: str) -> Response:
        files = event_files(lab_for(request.user, lab_id), request.user.pk)
        return Response(ChartsOut(read_charts(files).shown()).data)
