"""A correct response and a wrong one, for the demo's accounts and for tests."""

from questions.types.text.marking import TextBody, TextKey


def examples(body: TextBody, key: TextKey) -> tuple[str, str]:
    return key["answers"][0], "something else"
