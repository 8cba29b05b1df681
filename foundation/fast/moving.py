"""Parts of a kept fragment that requests show in different orders, such as the options of a question.

The fragment is rendered once. `{% movable id %}` marks each part, and a request puts parts that follow one another into its
own order.
"""

import re
from collections.abc import Iterator
from secrets import token_hex
from typing import NamedTuple

from django.template import Node
from django.template.base import FilterExpression, NodeList
from django.template.context import Context
from django.utils.safestring import SafeString

# While a fragment is rendered, what may differ between requests has a stand-in, which is random, so that no learner's
# text can contain it.
RANDOM = token_hex(16)
IS_KEPT = "is_kept"  # a variable that only the inside of a fragment has while it is made
MARK_OF = "mark_"  # begins the name of each stand-in for the start or the end of a movable part
START, END = f"{MARK_OF}start_", f"{MARK_OF}end"


class InOrder(NamedTuple):
    """The pieces of a fragment in one order, and the places in it where values of the request belong, by their names."""

    fragment: object
    pieces: list[bytes]
    filled: list[tuple[int, str]]


class Ranks(dict[str, int]):
    """The place of each movable part, by its id, with the pieces of the fragment that was last put into this order."""

    kept: InOrder | None = None


def stand_in(name: str) -> str:
    return f"{RANDOM}{name}-"


MARK = re.compile(rf"{RANDOM}({START}\w+|{END})-")


class MovableNode(Node):
    """A part with an id. Outside of a kept fragment, parts stay in the order in which the template shows them."""

    def __init__(self, nodelist: NodeList, part_id: FilterExpression) -> None:
        self.nodelist, self.part_id = nodelist, part_id

    def render(self, context: Context) -> SafeString:
        html = self.nodelist.render(context)
        if not context.get(IS_KEPT):
            return html
        start = stand_in(f"{START}{self.part_id.resolve(context)}")
        return SafeString(f"{start}{html}{stand_in(END)}")  # rendered by the template engine


def parts_of(html: str) -> Iterator[tuple[int, str, str]]:
    """Yield the run, the id ("" if it stays) and the text of each part. Only space stands between the parts of a run.

    The text of a part keeps the marks of the movable parts inside of it. Yields nothing without movable parts.
    """
    inside, *marked = MARK.split(html)
    if not marked:
        return
    run, part_id, depth = 0, "", 0
    for mark, text in zip(marked[::2], marked[1::2], strict=True):
        was, depth = depth, depth + (-1 if mark == END else 1)
        if was and depth:
            inside += f"{stand_in(mark)}{text}"
            continue
        if inside:
            yield run, part_id, inside
        part_id, inside = ("", text) if was else (mark.removeprefix(START), text)
        run += was and bool(text.strip())
    if inside:
        yield run, "", inside


def numbers_in_order(runs: list[tuple[int, str]], ranks: Ranks | None) -> list[int]:
    """Return the numbers of the parts in the order of these ranks, or as they were rendered without any.

    What is between two parts stays there.
    """
    numbers = [*range(len(runs))]
    if ranks is not None:
        moving = [(run, ranks.get(part_id, 0), number) for number, (run, part_id) in enumerate(runs) if part_id]
        for (_, _, number), (_, _, moved) in zip(moving, sorted(moving), strict=True):
            numbers[number] = moved
    return numbers
