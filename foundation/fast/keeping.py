"""{% keep %}: parts of a page that many requests share, rendered once and then kept in the memory of the process.

A part names its look (`foundation.fast.looks`), which declares its keys and what it shows.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from copy import copy
from functools import partial
from itertools import count
from threading import Lock
from typing import Any

from django import template
from django.template import TemplateSyntaxError
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from foundation.fast.kept_texts import LONG, KeptText, Placeholders
from foundation.fast.looks import NOTHING, Look, ShownVariable, look_named
from foundation.fast.moving import (
    IS_KEPT,
    MARK_OF,
    RANDOM,
    InOrder,
    MovableNode,
    Ranks,
    numbers_in_order,
    parts_of,
    stand_in,
)
from foundation.fast.pieces import ON

register = template.Library()
MOST_FRAGMENTS = 2048  # kept in a process; the one that was used longest ago goes first
STAND_IN = re.compile(rf"{RANDOM}(\w+)-")
INDENT = re.compile(r"\n\s+")
KEEPS_SPACES = re.compile(r"<(pre|textarea|script)")


# The variables that every fragment may show although they differ between requests.
STAND_INS = {name: stand_in(name) for name in ("csrf_token", "csp_nonce", "short_name", "reader_id", "this_page")}
NUMBERS = count()

# A fragment that a page needs: its key, the values of its look's keys, more variables with which it is rendered if it is
# not kept yet, and the order of its movable parts, unless its look names that. A tuple, as a page makes many.
type Wanted = tuple[Hashable, tuple[Hashable, ...], dict[str, Any], Ranks | None]


class KeptFragment:
    """A rendered fragment, in pieces between which values of the request belong. Long pieces are kept compressed as well.

    If it has movable parts, `parts` are these and what is around them.
    """

    def __init__(self, html: str, *, is_part: bool = False) -> None:
        if not is_part and not KEEPS_SPACES.search(html):
            html = INDENT.sub("\n", html)  # of the templates
        pieces = STAND_IN.split(html)  # every second one is the name of a stand-in
        self.variables = pieces[1::2]
        self.pieces = [KeptText(piece.encode()) if len(piece) >= LONG else piece.encode() for piece in pieces]
        parts = [*parts_of(html)] if MARK_OF in html else []
        self.runs = [(run, part_id) for run, part_id, _ in parts]
        self.parts = [KeptFragment(text, is_part=True) for _, _, text in parts]
        self.as_rendered: InOrder | None = None

    def filled(self, values: "RequestValues") -> list[bytes]:
        """Return the pieces, with the request's values between them."""
        if not self.variables:
            return self.pieces
        pieces = self.pieces.copy()
        pieces[1::2] = [values[name] for name in self.variables]
        return pieces

    def in_order(self, ranks: Ranks | None) -> InOrder:
        """Return the fragment with its movable parts in this order, or as they were rendered. Keeps it for the next request."""
        pieces: list[bytes] = []
        filled: list[tuple[int, str]] = []
        for part in self.flat_parts(ranks):
            filled += [(len(pieces) + 2 * number + 1, name) for number, name in enumerate(part.variables)]
            pieces += part.pieces
        kept = InOrder(self, pieces, filled)
        if ranks is None:
            self.as_rendered = kept
        else:
            ranks.kept = kept
        return kept

    def flat_parts(self, ranks: Ranks | None) -> "Iterator[KeptFragment]":
        for number in numbers_in_order(self.runs, ranks):
            part = self.parts[number]
            if part.parts:
                yield from part.flat_parts(ranks)
            else:
                yield part


class RequestValues(dict[str, bytes]):
    """What a request shows in place of the stand-ins. Each value is looked up and escaped once, or rendered once."""

    def __init__(self, context: Context, shown: "Mapping[str, FilterExpression | FreshNode]") -> None:
        self.context, self.shown = context, shown

    def __missing__(self, name: str) -> bytes:
        source = self.shown.get(name)
        if name.startswith(MARK_OF):
            value = stand_in(name)  # the fragment around this one moves its parts
        elif isinstance(source, FreshNode):
            with placeholders_of(self.context).paused():
                value = source.nodelist.render(self.context)
        else:
            value = conditional_escape(source.resolve(self.context) if source else self.context.get(name, ""))
        self[name] = encoded = value.encode()
        return encoded


def placeholders_of(context: Context) -> Placeholders:
    """Return the placeholders of the page that is made, or paused ones for what is not the answer to a request."""
    placeholders = getattr(getattr(context, "request", None), "placeholders", None)
    return placeholders if isinstance(placeholders, Placeholders) else NO_PLACEHOLDERS


NO_PLACEHOLDERS = Placeholders()
NO_PLACEHOLDERS.is_paused = True


class KeptFragments:
    """The fragments of this process, in the order of use."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, KeptFragment] = {}
        self._lock = Lock()

    def get(self, keys: Iterable[Hashable]) -> list[KeptFragment | None]:
        """Return the fragment of each key, None for a key without one."""
        fragments = []
        with self._lock:
            for key in keys:
                fragment = self._kept.pop(key, None)
                if fragment is not None:
                    self._kept[key] = fragment
                fragments.append(fragment)
        return fragments

    def keep(self, key: Hashable, fragment: KeptFragment) -> None:
        with self._lock:
            self._kept[key] = fragment
            while len(self._kept) > MOST_FRAGMENTS:
                del self._kept[next(iter(self._kept))]

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()

    def __len__(self) -> int:
        return len(self._kept)


fragments = KeptFragments()


class FreshNode(template.Node):
    """A part of a kept fragment that is rendered for each request."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist, self.name = nodelist, f"fresh{next(NUMBERS)}"

    def render(self, context: Context) -> SafeString:
        return SafeString(stand_in(self.name)) if IS_KEPT in context else self.nodelist.render(context)


class KeepNode(template.Node):
    """A fragment, kept for each language and for each tuple of the keys of its look.

    `filled` holds what differs between requests with the same keys: the values that the look fills in, and the fresh
    parts.
    """

    has_items = False  # which say the order of their movable parts

    def __init__(self, nodelist: NodeList, look: Look, compiled: Callable[[str], FilterExpression]) -> None:
        self.nodelist, self.look = nodelist, look
        self.keys = [compiled(key) for key in (*look.keys, *look.named.values())]
        self.shows, self.shown_paths = [compiled(path) for path in look.shows], look.shown_paths()
        self.values = {name: compiled(expression) for name, expression in look.filled.items()}
        self.needs = compiled(look.needs) if look.needs else None
        self.order = compiled(look.order) if look.order else None
        fresh: list[FreshNode] = nodelist.get_nodes_by_type(FreshNode)
        self.filled = {**self.values, **{node.name: node for node in fresh}}
        self.stand_ins = STAND_INS | {name: stand_in(name) for name in self.values} | {IS_KEPT: "1"}

    def render(self, context: Context) -> SafeString:
        if ON.kept_parts and (self.needs is None or self.needs.resolve(context)):
            key = self.key(context)
            return self.joined(context, [(key, key, {}, None)])
        return self.plain(context)

    def key(self, context: Context) -> tuple[Hashable, ...]:
        values = [expression.resolve(context) for expression in self.keys]
        return (self, get_language(), *[str(part) if isinstance(part, Promise) else part for part in values])

    def joined(self, context: Context, wanted: list[Wanted]) -> SafeString:
        """Return the fragments that are wanted, with the request's values in place of their stand-ins."""
        values = RequestValues(context, self.filled)
        shown: list[bytes] = []
        is_inside: object = None  # of another fragment that is made, which then moves the parts itself
        for (key, own, more, order), kept in zip(wanted, fragments.get([want[0] for want in wanted]), strict=True):
            fragment = kept or self.made(context, key, own, more)
            if fragment.parts and is_inside is None:
                is_inside = context.get(IS_KEPT, "")
            if not fragment.parts or is_inside:
                shown += fragment.filled(values)
            else:
                ranks = self.order.resolve(context) if self.order else order
                in_order = fragment.as_rendered if ranks is None else ranks.kept
                if in_order is None or in_order.fragment is not fragment:
                    in_order = fragment.in_order(ranks)
                pieces = in_order.pieces.copy()
                for rank, name in in_order.filled:
                    pieces[rank] = values[name]
                shown += pieces
        return SafeString(placeholders_of(context).take(shown))  # rendered by the template engine

    def made(self, context: Context, key: Hashable, own: tuple[Hashable, ...], more: dict[str, Any]) -> KeptFragment:
        """Render the fragment from what its look shows, and keep it.

        An empty text is left out, as if the variable did not exist: both have the same key, so the fragment must show the
        same. A variable of which nothing is left does not exist either, so that a test of it fails.
        """
        values: dict[str, Any] = {**self.stand_ins, **more}
        is_inside = context.get(IS_KEPT)
        if not self.look.is_open:
            _node, _language, *keys = own
            numbered = [*keys, *[expression.resolve(context) for expression in self.shows]]
            for number, parents, name in self.shown_paths:
                if (value := numbered[number]) or not isinstance(value, str):
                    inner = values
                    for parent in parents:
                        inner = inner.setdefault(parent, ShownVariable())
                    inner[name] = value
            context = context.new()
        with placeholders_of(context).paused(), context.push(**values):
            fragment = KeptFragment(self.nodelist.render(context))
        if fragment.parts and not (is_inside or self.order or self.has_items):
            raise TemplateSyntaxError("A kept part with movable parts needs a look that says their order.")
        fragments.keep(key, fragment)
        return fragment

    def plain(self, context: Context) -> SafeString:
        """Render the part for this request, without the memory.

        Names that only the look gives are set. A value to fill in is looked up where it is shown, as in a kept part.
        """
        numbered = enumerate(self.look.named, start=len(self.look.keys))
        named = {name: self.keys[number].resolve(context) for number, name in numbered if name not in context}
        before = copy(context)
        filled = {
            name: SimpleLazyObject(partial(expression.resolve, before)) for name, expression in self.values.items()
        }
        with context.push(**named, **filled):
            return self.nodelist.render(context)


class KeepEachNode(KeepNode):
    """A loop over `items`, whose fragments are kept for each item's `look` as well."""

    has_items = True

    def __init__(
        self,
        nodelist: NodeList,
        look: Look,
        compiled: Callable[[str], FilterExpression],
        name: str,
        items: FilterExpression,
    ) -> None:
        super().__init__(nodelist, look, compiled)
        self.name, self.items = name, items

    def render(self, context: Context) -> SafeString:
        items = self.items.resolve(context)
        if not ON.kept_parts:
            return SafeString("".join([self.plain_item(context, item) for item in items]))
        key = self.key(context)
        wanted: list[Wanted] = [((key, item.look), key, {self.name: item}, item.ranks) for item in items]
        return self.joined(context, wanted)

    def plain_item(self, context: Context, item: object) -> SafeString:
        with context.push(**{self.name: item}):
            return self.plain(context)


@register.tag("keep")
def compile_keep(parser: Parser, token: Token) -> KeepNode:
    """Keep the part between {% keep room.look %} and {% endkeep %}. Without a look, it is the same for everyone.

    The part shows only what its look declares, except for the language and the variables of STAND_INS, which no tag or
    filter may change or test, and the parts between {% fresh %} and {% endfresh %}, which are rendered for each request.
    Variables that are set inside of the part are unknown in these parts.
    """
    _, *names = token.split_contents()
    look = look_in(token, names) if names else NOTHING
    return KeepNode(inside_of(parser, "endkeep"), look, parser.compile_filter)


@register.tag("keepeach")
def compile_keepeach(parser: Parser, token: Token) -> KeepEachNode:
    """Render the part between {% keepeach name items room.look %} and {% endkeepeach %} for each item, and keep each.

    An item's `look` names everything of it that its part shows, except for the order of movable parts, which are its
    `ranks`. The look of the room declares the rest.
    """
    _, name, items, *names = token.split_contents()
    look = look_in(token, names)
    return KeepEachNode(
        inside_of(parser, "endkeepeach"), look, parser.compile_filter, name, parser.compile_filter(items)
    )


@register.tag("fresh")
def compile_fresh(parser: Parser, token: Token) -> FreshNode:
    """Render the part between {% fresh %} and {% endfresh %} for each request. It must be inside of {% keep %}."""
    return FreshNode(inside_of(parser, "endfresh"))


@register.tag("movable")
def compile_movable(parser: Parser, token: Token) -> MovableNode:
    """Let a kept fragment show the parts between {% movable id %} and {% endmovable %} in the order of each request.

    Parts move if nothing but space is between them. An id consists of letters and digits. A part must show nothing that
    depends on its place.
    """
    _, part_id = token.split_contents()
    return MovableNode(inside_of(parser, "endmovable"), parser.compile_filter(part_id))


def look_in(token: Token, names: list[str]) -> Look:
    """Return the only look that a tag names. Raises TemplateSyntaxError for none, for several, and for an unknown one."""
    try:
        (name,) = names
        return look_named(name)
    except (ValueError, LookupError):
        problem = f"{{% {token.contents} %}} must name one look, as room.name, which the room's module `looks` declares"
        raise TemplateSyntaxError(problem) from None


def inside_of(parser: Parser, end: str) -> NodeList:
    nodelist = parser.parse((end,))
    parser.delete_first_token()
    return nodelist
