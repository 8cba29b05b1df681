"""A correct response and a wrong one, for the demo's accounts and for tests."""

from questions.types.matching.marking import MatchingBody, MatchingKey


def examples(body: MatchingBody, key: MatchingKey) -> tuple[dict[str, str], dict[str, str]]:
    ids = [item["id"] for item in body["right"]]
    left, right = next(iter(key["right"].items()))
    return key["right"], {**key["right"], left: next(other for other in ids if other != right)}
