"""Every error of the API in one shape, RFC 9457: {type, title, status, detail, code, …}."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DataError, OperationalError
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response

from course.api.parsing import TooLarge
from course.rules.refusals import Refusal

CODES = {
    "not_authenticated": "not_authenticated",
    "authentication_failed": "authentication_failed",
    "permission_denied": "not_permitted",
    "not_found": "not_found",
    "parse_error": "invalid_json",
    "throttled": "throttled",
    "error": "server_error",
}


UNSTORABLE = "This holds a character or a length that cannot be stored. Nothing was changed."


class Refused(APIException):
    """A Refusal on its way out; its facts become members of the problem."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence, refusal.code)
        self.status_code = refusal.status
        self.facts = refusal.facts


class Unavailable(APIException):
    """The database did not take it: busy, full or away. A save that is not acknowledged is not saved (I10)."""

    status_code = 503
    default_code = "unavailable"
    default_detail = "This could not be stored just now, and nothing was changed. Try again in a few seconds."
    wait = 5


class Handler(ExceptionHandler):
    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, Refusal):
            return Refused(exc)
        if isinstance(exc, OperationalError):
            return Unavailable()
        if isinstance(exc, RequestDataTooBig):
            return TooLarge()
        if isinstance(exc, DataError):
            return ValidationError(UNSTORABLE)
        return super().convert_known_exceptions(exc)

    def get_response(self, exc: APIException, data: dict[str, Any]) -> Response:
        response = super().get_response(exc, data)
        response.content_type = "application/problem+json"
        return response


class Problem(ExceptionFormatter):
    def format_error_response(self, error_response: Any) -> dict[str, Any]:
        first = error_response.errors[0]
        status = self.exc.status_code
        problem = {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": sentence(error_response.errors),
            "code": code_of(error_response.type, first.code),
        }
        if error_response.type == "validation_error":
            problem["errors"] = [
                {"field": error.attr, "code": error.code, "detail": error.detail} for error in error_response.errors
            ]
        return problem | getattr(self.exc, "facts", {})


def code_of(kind: str, code: str) -> str:
    return "invalid_request" if kind == "validation_error" else CODES.get(code, code)


def sentence(errors: list[Any]) -> str:
    """One text for people: each error after the field that it is about."""
    return " ".join(f"{error.attr}: {error.detail}" if error.attr else str(error.detail) for error in errors)
