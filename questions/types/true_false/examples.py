"""A correct response and a wrong one, for the demo's accounts and for tests."""

from questions.types.true_false.marking import TrueFalseKey


def examples(body: object, key: TrueFalseKey) -> tuple[bool, bool]:
    return key["answer"], not key["answer"]
