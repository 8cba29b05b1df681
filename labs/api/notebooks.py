import json

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.frame.endpoint import Endpoint
from foundation.raw import RawParser, attachment
from foundation.refusals import refuses
from labs.api.lab_files import bytes_of
from labs.lab_dates import lab_opens_at
from labs.rules.cells import code_cells
from labs.rules.notebooks import read_notebook, write_notebook
from labs.selectors import draft_of, lab_for
from labs.serializers import ChartsOut, NotebookCells
from labs.services import charts_of
from people.access import refuse_stranger, refuse_to_open

KIND = "application/x-ipynb+json"


class Notebook(Endpoint):
    """Your draft as a Jupyter notebook. A POST converts a notebook's code to cells of the lab and saves nothing."""

    parser_classes = [RawParser]
    is_costly = True

    @extend_schema(responses={(200, KIND): OpenApiTypes.OBJECT})
    @refuses(refuse_stranger, refuse_to_open)
    def get(self, request: Request, lab_id: str) -> HttpResponse:
        lab = lab_for(self.person, lab_id)
        refuse_to_open(self.person, lab.course_id, lab_opens_at(lab, self.person.pk), self.now)
        draft = draft_of(lab, self.person.pk)
        sources = {cell["id"]: cell["source"] for cell in draft.cells} if draft else {}
        notebook = write_notebook(lab.cells, sources, lab=lab.pk, title=lab.title)
        return attachment(json.dumps(notebook, ensure_ascii=False, indent=1).encode(), f"{lab.key}.ipynb", KIND)

    @extend_schema(request={KIND: OpenApiTypes.OBJECT}, responses=NotebookCells)
    @refuses(refuse_stranger, "notebook_unreadable")
    def put(self, request: Request, lab_id: str) -> Response:
        ids = [cell["id"] for cell in code_cells(lab_for(self.person, lab_id).cells)]
        return Response(NotebookCells({"cells": read_notebook(bytes_of(request), ids)}).data)


@extend_schema(responses=ChartsOut)
@refuses(refuse_stranger)
class LabCharts(Endpoint):
    """Scalars and histograms from the TensorBoard files that the lab's code last wrote, thinned out."""

    is_costly = True

    def get(self, request: Request, lab_id: str) -> HttpResponse:
        charts = charts_of(lab=lab_for(self.person, lab_id), learner_id=self.person.pk, now=self.now)
        return HttpResponse(charts, content_type="application/json")
