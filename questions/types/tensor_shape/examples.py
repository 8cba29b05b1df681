"""A correct response and a wrong one, for the demo's accounts and for tests."""

from questions.types.tensor_shape.marking import TensorShapeKey


def examples(body: object, key: TensorShapeKey) -> tuple[list[int | None], list[int | None]]:
    return key["answer"], [*key["answer"], 7]
