"""A correct response and a wrong one, for the demo's accounts and for tests."""

from questions.types.options import OptionsBody, OptionsKey


def examples(body: OptionsBody, key: OptionsKey) -> tuple[list[str], list[str]]:
    wrong = [option["id"] for option in body["options"] if option["id"] not in key["right"]]
    return key["right"], wrong[:1] or key["right"][1:]
