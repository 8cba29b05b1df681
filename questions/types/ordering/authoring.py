"""`items:` in the right order; learners see them in another."""

from collections.abc import Callable
from itertools import count

from questions.types.authored import Authored, QuestionSource, Reader, digest_of_parts, opaque_id

FIELDS = frozenset({"items"})


def compile(source: QuestionSource, render: Callable[[str], str]) -> Authored:
    """Return body `{items: [{id, html, source}]}` as shown, key `{right: [ids]}`."""
    reader = Reader(source)
    texts = [reader.text("items", row) for row in reader.rows("items", least=2)]
    reader.refuse_doubled(texts, "items")
    shown = texts if reader.problems else _mixed(source, texts)
    return Authored(
        body={
            "items": [{"id": opaque_id(source, "item", text), "html": render(text), "source": text} for text in shown]
        },
        key={"right": [opaque_id(source, "item", text) for text in texts]},
        problems=tuple(reader.problems),
    )


def _mixed(source: QuestionSource, texts: list[str]) -> list[str]:
    """Return the first shuffled order that is not the right one.

    The shuffle is seeded with the explanation, which nobody knows before the question is final. With a known seed,
    learners could compute the order that was skipped, which would be the key.
    """
    secret = str(source.get("explanation"))
    for turn in count():
        mixed = sorted(texts, key=lambda text: digest_of_parts(str(source.get("id")), secret, str(turn), text))
        if mixed != texts:
            return mixed
    raise AssertionError("count() does not end")
