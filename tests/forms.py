"""A question's form as a browser would send it."""

from typing import Any


def answer_form(question: Any, response: Any, *, number: int = 1, revision: int = 0) -> dict[str, Any]:
    """Return the fields of a response in canonical form. A text that the type cannot parse is sent unchanged."""
    kind, name = question.current.type, f"q-{question.pk}"
    return {
        "type": kind,
        "number": str(number),
        "revision": str(revision),
        "next": f"/assessments/{question.assessment_id}/",
        **fields(kind, name, response),
    }


def fields(kind: str, name: str, response: Any) -> dict[str, Any]:
    """The fields of one question's form; none for no response."""
    if response is None:
        return {}
    match kind:
        case "matching":
            return {f"{name}-{left}": right for left, right in response.items()}
        case "ordering":
            return {f"{name}-{item}": str(place) for place, item in enumerate(response, 1)}
        case "true_false":
            return {name: str(response).lower()}
        case "tensor_shape":
            return {name: str(tuple(response))}
        case _:
            return {name: response}
