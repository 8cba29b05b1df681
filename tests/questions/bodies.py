"""One question of each type, as `compile` makes it from an author's source."""

from importlib import import_module

SOURCES = {
    "true_false": {"answer": False},
    "single_choice": {
        "options": [
            {"text": "ReLU", "right": True, "why": "It keeps what is positive."},
            {"text": "Sigmoid", "why": "It squashes."},
            {"text": "Step"},
        ]
    },
    "multiple_choice": {
        "options": [
            {"text": "ReLU", "right": True},
            {"text": "Sigmoid", "right": True},
            {"text": "Momentum", "why": "It belongs to the optimiser."},
        ]
    },
    "numeric": {"answer": "0.25", "tolerance": "0.01", "unit": "nats"},
    "text": {"answers": ["gradient descent", "SGD"]},
    "matching": {
        "pairs": [["spam", "binary"], ["digit", "categorical"], ["ham", "binary"]],
        "extra": ["squared"],
    },
    "ordering": {"items": ["batch", "loss", "gradient", "update"], "explanation": "First the batch."},
    "tensor_shape": {"answer": [None, 28, 28, 1]},
}


def authored(name, render=str, **changes):
    source = {"id": "q", "type": name, **SOURCES[name], **changes}
    return import_module(f"questions.types.{name}.authoring").compile(source, render)


def body_of(name, **changes):
    return authored(name, **changes).body


def ids_of(items):
    """Return the ids by their text."""
    return {item["source"]: item["id"] for item in items}


def right_response(name):
    """Return the canonical response that earns the points."""
    key = authored(name).key
    if name == "single_choice":
        return key["right"][0]
    return key["answers"][0] if name == "text" else key.get("right", key.get("answer"))


def wrong_response(name):
    """Return a canonical response that earns nothing."""
    body, key = body_of(name), authored(name).key
    wrong = {
        "true_false": lambda: True,
        "single_choice": lambda: ids_of(body["options"])["Step"],
        "multiple_choice": lambda: sorted(ids_of(body["options"]).values()),
        "numeric": lambda: "7",
        "text": lambda: "momentum",
        "matching": lambda: dict.fromkeys(key["right"], ids_of(body["right"])["binary"]),
        "ordering": lambda: key["right"][::-1],
        "tensor_shape": list,
    }
    return wrong[name]()
