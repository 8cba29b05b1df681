"""{% keep %}: parts of a page that many requests share, rendered once and then kept in the memory of the process."""

import re
from collections.abc import Hashable, Iterable, Mapping
from itertools import count
from secrets import token_hex
from threading import Lock

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from foundation.compression import LONG, KeptText, Placeholders

register = template.Library()
MOST_FRAGMENTS = 2048  # kept in a process; the one that was used longest ago goes first
# While a fragment is rendered, what may differ between requests has a stand-in, which is random, so that no learner's
# text can contain it.
RANDOM = token_hex(16)
STAND_IN = re.compile(rf"{RANDOM}(\w+)-")
INDENT = re.compile(r"\n\s+")
KEEPS_SPACES = re.compile(r"<(pre|textarea|script)")


def stand_in(name: str) -> str:
    return f"{RANDOM}{name}-"


# The variables that every fragment may show although they differ between requests.
STAND_INS = {name: stand_in(name) for name in ("csrf_token", "csp_nonce", "short_name", "reader_id", "this_page")}


NOTHING: Mapping[str, FilterExpression] = {}
NUMBERS = count()


class KeptFragment:
    """A rendered fragment, in pieces between which values of the request belong. Long pieces are kept compressed as well."""

    def __init__(self, html: str) -> None:
        if not KEEPS_SPACES.search(html):
            html = INDENT.sub("\n", html)  # of the templates
        pieces = STAND_IN.split(html)  # every second one is the name of a stand-in
        self.variables = pieces[1::2]
        self.pieces = [KeptText(piece.encode()) if len(piece) >= LONG else piece.encode() for piece in pieces]

    def filled(self, values: "RequestValues") -> list[bytes]:
        """Return the pieces, with the request's values between them."""
        if not self.variables:
            return self.pieces
        pieces = self.pieces.copy()
        pieces[1::2] = [values[name] for name in self.variables]
        return pieces


class RequestValues(dict[str, bytes]):
    """What a request shows in place of the stand-ins. Each value is looked up and escaped once, or rendered once."""

    def __init__(self, context: Context, shown: "Mapping[str, FilterExpression | FreshNode]" = NOTHING) -> None:
        self.context, self.shown = context, shown

    def __missing__(self, name: str) -> bytes:
        source = self.shown.get(name)
        if isinstance(source, FreshNode):
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
        return SafeString(stand_in(self.name))


class KeepNode(template.Node):
    """A fragment, kept for each language and for each tuple of `keys`.

    `shown` holds what differs between requests with the same keys: the variables after `with`, and the fresh parts.
    """

    def __init__(
        self, nodelist: NodeList, keys: list[FilterExpression], shown: Mapping[str, FilterExpression] = NOTHING
    ) -> None:
        self.nodelist, self.keys = nodelist, keys
        fresh: list[FreshNode] = nodelist.get_nodes_by_type(FreshNode)
        self.shown = {**shown, **{node.name: node for node in fresh}}
        self.stand_ins = STAND_INS | {name: stand_in(name) for name in shown}

    def render(self, context: Context) -> SafeString:
        return self.joined(context, [(self.key(context), {})])

    def key(self, context: Context) -> tuple[Hashable, ...]:
        values = [expression.resolve(context) for expression in self.keys]
        return (self, get_language(), *[str(part) if isinstance(part, Promise) else part for part in values])

    def joined(self, context: Context, wanted: list[tuple[Hashable, dict[str, object]]]) -> SafeString:
        """Return the fragments with these keys, with the request's values in place of their stand-ins.

        Each key comes with the variables with which its fragment is rendered if it is not kept yet.
        """
        values = RequestValues(context, self.shown)
        shown: list[bytes] = []
        for (key, more), kept in zip(wanted, fragments.get([key for key, _ in wanted]), strict=True):
            shown += (kept or self.made(context, key, more)).filled(values)
        return SafeString(placeholders_of(context).take(shown))  # rendered by the template engine

    def made(self, context: Context, key: Hashable, more: dict[str, object]) -> KeptFragment:
        """Render the fragment with this key, and keep it."""
        with context.push(**self.stand_ins, **more), placeholders_of(context).paused():
            fragment = KeptFragment(self.nodelist.render(context))
        fragments.keep(key, fragment)
        return fragment


class KeepIfNode(KeepNode):
    """A fragment that is kept only if the first of its keys is set."""

    def render(self, context: Context) -> SafeString:
        return super().render(context) if self.keys[0].resolve(context) else self.nodelist.render(context)


class KeepEachNode(KeepNode):
    """A loop over `items`, whose fragments are kept for each item's `look` as well."""

    def __init__(self, nodelist: NodeList, keys: list[FilterExpression], name: str, items: FilterExpression) -> None:
        super().__init__(nodelist, keys)
        self.name, self.items = name, items

    def render(self, context: Context) -> SafeString:
        key = self.key(context)
        return self.joined(context, [((key, item.look), {self.name: item}) for item in self.items.resolve(context)])


@register.tag("keep")
def compile_keep(parser: Parser, token: Token) -> KeepNode:
    """Keep the part between {% keep key … with name=value name … %} and {% endkeep %}.

    The keys must name everything that the fragment shows and that can differ between two requests, except for the
    language, the variables of STAND_INS and those after `with`, which no tag or filter may change or test, and the parts
    between {% fresh %} and {% endfresh %}, which are rendered for each request. Variables that are set inside of the
    fragment are unknown in these parts. A fragment that shows a secret, or text of one learner that no key contains,
    must not be kept.
    """
    return KeepNode(*parts(parser, token, "endkeep"))


@register.tag("keepif")
def compile_keep_if(parser: Parser, token: Token) -> KeepIfNode:
    """Keep the part between {% keepif key … %} and {% endkeepif %} if the first key is set; otherwise only render it."""
    return KeepIfNode(*parts(parser, token, "endkeepif"))


@register.tag("fresh")
def compile_fresh(parser: Parser, token: Token) -> FreshNode:
    """Render the part between {% fresh %} and {% endfresh %} for each request. It must be inside of {% keep %}."""
    nodelist = parser.parse(("endfresh",))
    parser.delete_first_token()
    return FreshNode(nodelist)


def parts(
    parser: Parser, token: Token, end: str
) -> tuple[NodeList, list[FilterExpression], dict[str, FilterExpression]]:
    """Return what the tag encloses, its keys, and the variables after `with`."""
    words = token.split_contents()[1:]
    own = words.index("with") if "with" in words else len(words)
    keys = [parser.compile_filter(word) for word in words[:own]]
    shown: dict[str, FilterExpression] = token_kwargs(
        [f"{word}={word}" if "=" not in word else word for word in words[own + 1 :]], parser
    )
    nodelist = parser.parse((end,))
    parser.delete_first_token()
    return nodelist, keys, shown


@register.tag("keepeach")
def compile_keepeach(parser: Parser, token: Token) -> KeepEachNode:
    """Render the part between {% keepeach name items key … %} and {% endkeepeach %} for each item, and keep each.

    An item's `look` names everything of it that its fragment shows; the keys are as those of {% keep %}.
    """
    _, name, *words = token.split_contents()
    items, *keys = [parser.compile_filter(word) for word in words]
    nodelist = parser.parse(("endkeepeach",))
    parser.delete_first_token()
    return KeepEachNode(nodelist, keys, name, items)
