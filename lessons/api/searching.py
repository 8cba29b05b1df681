from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.frame.endpoint import Endpoint
from foundation.permissions import Anyone
from foundation.refusals import refuses
from lessons import serializers as shapes
from lessons.selectors import search_content
from people.access import can_read_all_lessons, courses_unseen


class SearchCourses(Endpoint):
    """Find sections of lessons, steps of labs and terms of the glossary. Without an account, only the open ones.

    `id` is the lesson's or lab's; a term leads to the lesson that teaches it. `corrected` is the query that was used
    instead, because nothing matches `q` and it seems to have a typo.
    """

    permission_classes = [Anyone]

    @extend_schema(parameters=[shapes.SearchIn], responses=shapes.SearchOut)
    @refuses()
    def get(self, request: Request) -> Response:
        query = self.read_query(shapes.SearchIn)["q"]
        reader = {"is_reader": can_read_all_lessons(request.user), "unseen": courses_unseen(request.user)}
        matches = search_content(query, now=self.now, reader_id=request.user.pk, **reader)
        return Response(shapes.SearchOut(matches).data)
