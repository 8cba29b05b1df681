"""A correct response and a wrong one, for the demo's accounts and for tests."""

from questions.types.options import OptionsBody, OptionsKey


def examples(body: OptionsBody, key: OptionsKey) -> tuple[str, str]:
    return key["right"][0], next(option["id"] for option in body["options"] if option["id"] not in key["right"])
