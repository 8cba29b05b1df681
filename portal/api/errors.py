"""Give every error of the API one shape, RFC 9457: {type, title, status, detail, code, …}."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DataError, InterfaceError, OperationalError
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response

from foundation.metrics import DATABASE_FAILURES
from foundation.parsing import TooLarge
from people.errors import log_refused_access
from portal.refusals import Refusal

CODES = {
    "not_authenticated": "not_authenticated",
    "authentication_failed": "authentication_failed",
    "permission_denied": "not_permitted",
    "not_found": "not_found",
    "parse_error": "invalid_json",
    "throttled": "throttled",
    "error": "server_error",
}


UNSTORABLE = "This text contains a character that we cannot store, or it is too long. Nothing was changed. Correct it and try again."


class RefusalProblem(APIException):
    """A Refusal as an API error; its facts become members of the problem."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence, refusal.code)
        self.status_code = refusal.status
        self.wait = refusal.wait  # the handler turns it into Retry-After
        self.facts = refusal.facts


class Unavailable(APIException):
    """The database could not store it: busy, full or unavailable. A save that is not acknowledged is not saved (I10)."""

    status_code = 503
    default_code = "unavailable"
    default_detail = "We couldn’t save that just now. Nothing was changed. Try again in a few seconds."
    wait = 5


class ProblemHandler(ExceptionHandler):
    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, Refusal):
            return RefusalProblem(exc)
        if isinstance(exc, OperationalError | InterfaceError):
            DATABASE_FAILURES.inc()
            return Unavailable()
        if isinstance(exc, RequestDataTooBig):
            return TooLarge()
        if isinstance(exc, DataError):
            return ValidationError(UNSTORABLE)
        return super().convert_known_exceptions(exc)

    def get_response(self, exc: APIException, data: dict[str, object]) -> Response:
        response = super().get_response(exc, data)
        log_refused_access(self.context["request"], exc.status_code, str(data["code"]))
        response.content_type = "application/problem+json"
        return response


class ProblemFormatter(ExceptionFormatter):
    def format_error_response(self, error_response: Any) -> dict[str, Any]:
        first = error_response.errors[0]
        status = self.exc.status_code
        problem = {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": sentence(error_response.errors),
            "code": error_code(error_response.type, first.code),
        }
        if error_response.type == "validation_error":
            problem["errors"] = [
                {"field": error.attr, "code": error.code, "detail": error.detail} for error in error_response.errors
            ]
        return problem | getattr(self.exc, "facts", {})


def error_code(kind: str, code: str) -> str:
    return "invalid_request" if kind == "validation_error" else CODES.get(code, code)


def sentence(errors: list[Any]) -> str:
    """Return one text for people: each error after the field that it concerns."""
    return " ".join(f"{error.attr}: {error.detail}" if error.attr else str(error.detail) for error in errors)
