"""A correct response and a wrong one, for the demo's accounts and for tests."""

from questions.types.ordering.marking import OrderingBody, OrderingKey


def examples(body: OrderingBody, key: OrderingKey) -> tuple[list[str], list[str]]:
    return key["right"], [*key["right"][1:], key["right"][0]]
