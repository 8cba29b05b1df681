"""Answer the judge's probes inside the learner's process.

Do not trust the answers before the judge has checked them outside.

Requests:
    {"op": "call", "function": "predict", "args": [value, …], "keywords": {name: value}}
                                                    "form": "tensors" makes tensors of arrays and numbers, "graph" also
                                                    calls the function inside a tf.function
    {"op": "read", "name": "slope"}                 or "model.weights", which calls the model's get_weights()
    {"op": "run", "session": "sess", "fetch": "loss", "feed": {name: value}}
                                                    graph mode; a name may come from the graph, "y:0"
    {"op": "evaluate", "source": text, "function": name, "args": [value, …]}
                                                    the judge's own code, in a clean child only

wire.py describes the values. Answers: {"ok": value} or {"error": {"type", "message"}}.
"""

from typing import Any

import numpy as np

from labs.runner.kernel.errors import message_of
from labs.runner.kernel.wire import ProbeRequest, decode, encode


class Unknown(Exception):
    """A probe asks for a name that the learner's cells did not define."""


def answer(request: ProbeRequest, names: dict[str, object]) -> dict[str, object]:
    try:
        return {"ok": encode(OPERATIONS[request["op"]](request, names))}
    except BaseException as error:  # noqa: BLE001 (whatever a learner's function raises is an answer, SystemExit too)
        return {"error": {"type": type(error).__name__[:100], "message": message_of(error)[:500]}}


def look_up(names: dict[str, object], name: str) -> Any:
    if name not in names:
        raise Unknown(f"{name} is not defined. Use the name that the lab asks for.")
    return names[name]


def call(request: ProbeRequest, names: dict[str, object]) -> object:
    function = look_up(names, request["function"])
    args = [decode(value) for value in request.get("args", [])]
    keywords = {name: decode(value) for name, value in request.get("keywords", {}).items()}
    if form := request.get("form"):
        function, args = _as_tensors(function, args, in_graph=form == "graph")
    return _in_session(function(*args, **keywords), names)


def _as_tensors(function: Any, args: list[object], *, in_graph: bool) -> tuple[Any, list[object]]:
    import tensorflow as tf

    given = [
        tf.constant(value) if isinstance(value, np.ndarray) or type(value) in {int, float} else value for value in args
    ]
    return tf.function(function) if in_graph else function, given


def read(request: ProbeRequest, names: dict[str, object]) -> object:
    name, _, part = request["name"].partition(".")
    value = look_up(names, name)
    return _in_session(value.get_weights() if part == "weights" else value, names)


def run(request: ProbeRequest, names: dict[str, object]) -> object:
    session = look_up(names, request["session"])
    feed = {_node(names, name): decode(value) for name, value in request.get("feed", {}).items()}
    return session.run(_node(names, request["fetch"]), feed)


def evaluate(request: ProbeRequest, _names: dict[str, object]) -> object:
    own: dict[str, Any] = {"__name__": "held_out"}
    exec(compile(request["source"], "<held out>", "exec"), own)
    return own[request["function"]](*[decode(value) for value in request["args"]])


def _node(names: dict[str, object], name: str) -> object:
    return name if ":" in name else look_up(names, name)


def _in_session(value: object, names: dict[str, object]) -> object:
    """Return the value of a graph's tensor, if the learner left a session open that can evaluate it."""
    from tensorflow.compat import v1

    if not isinstance(value, v1.Tensor | v1.Variable) or (hasattr(value, "numpy") and _is_eager(value)):
        return value
    opened = [v1.get_default_session(), *(some for some in names.values() if isinstance(some, v1.Session))]
    session = next((some for some in opened if some is not None and some.graph is value.graph), None)
    return value if session is None else session.run(value)


def _is_eager(value: Any) -> bool:
    from tensorflow.python.framework.ops import executing_eagerly_outside_functions

    return executing_eagerly_outside_functions() and callable(value.numpy)


OPERATIONS = {"call": call, "read": read, "run": run, "evaluate": evaluate}
