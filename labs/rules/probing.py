"""Read the names and points of a lab's tests from the text of its probes, without running the author's code."""

import ast

from labs.rules.limits import MOST_TESTS


def read_tests(probes: str) -> list[dict[str, object]]:
    """Return `[{name, points}]` of the list PROBES.

    Raises ValueError with a sentence if they are not literals, or more than the runner accepts.
    """
    for node in ast.parse(probes).body:
        if isinstance(node, ast.Assign) and _names(node) == ["PROBES"] and isinstance(node.value, ast.List):
            if len(node.value.elts) > MOST_TESTS:
                raise ValueError(f"a lab has at most {MOST_TESTS} tests")
            return [_test(element) for element in node.value.elts]
    raise ValueError("PROBES, a list of probes, is missing")


def _names(node: ast.Assign) -> list[str]:
    return [target.id for target in node.targets if isinstance(target, ast.Name)]


def _test(node: ast.expr) -> dict[str, object]:
    arguments = {keyword.arg: keyword.value for keyword in node.keywords} if isinstance(node, ast.Call) else {}
    name, points = (_constant(arguments.get(key)) for key in ("name", "points"))
    if not isinstance(name, str) or not isinstance(points, int) or isinstance(points, bool) or points < 0:
        raise ValueError("each probe writes out its name, a text, and its points, a whole number")
    return {"name": name, "points": points}


def _constant(node: ast.expr | None) -> object:
    return node.value if isinstance(node, ast.Constant) else None
