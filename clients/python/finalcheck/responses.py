"""Responses in the form that each type of question expects."""

from typing import Any

from finalcheck.shapes import Question


def guess(question: Question, variant: int = 0) -> object:
    """Return a well-formed response, right or wrong. Another `variant` gives another response."""
    options: Any = question["options"]
    match question["type"]:
        case "true_false":
            return variant == 0
        case "single_choice":
            return options[variant % len(options)]["id"]
        case "multiple_choice":
            return [options[variant % len(options)]["id"]]
        case "numeric":
            return str(variant)
        case "text":
            return f"word {variant}"
        case "matching":
            right = [option["id"] for option in options["right"]]
            return {row["id"]: right[(position + variant) % len(right)] for position, row in enumerate(options["left"])}
        case "ordering":
            ids = [option["id"] for option in options]
            return ids[variant % len(ids) :] + ids[: variant % len(ids)]
        case "tensor_shape":
            return [variant]
    raise ValueError(f"This client does not know questions of the type {question['type']}. Update the client.")
