"""Read a response from a question's form."""

from django.http import QueryDict

from quizzes import types
from quizzes.rules.attempts import Json


def response_in(post: QueryDict, question_id: str) -> Json:
    """Return the raw response, null for an empty form.

    The form names its question type, so reading it needs no query. A wrong name only makes a response that the
    question's real type refuses.
    """
    kind = post.get("type", "")
    if kind not in types.names():
        return None
    response: Json = types.get(kind).from_form(post, f"q-{question_id}")
    return response
