"""{% keep %}: parts of a page that many requests share, rendered once and then kept in the memory of the process."""

import re
from collections.abc import Hashable
from secrets import token_hex
from threading import Lock

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from foundation.compression import LONG, KeptText, note_kept_text

register = template.Library()
MOST_FRAGMENTS = 2048  # kept in a process; the one that was used longest ago goes first
# The variables that a fragment may show although they differ between requests. While a fragment is rendered, each has a
# stand-in, which is random, so that no learner's text can contain it.
STAND_INS = {name: token_hex(16) for name in ("csrf_token", "csp_nonce", "short_name", "reader_id", "this_page")}
VARIABLES = {stand_in: name for name, stand_in in STAND_INS.items()}
STAND_IN = re.compile(f"({'|'.join(VARIABLES)})")


class KeptFragment:
    """A rendered fragment, in pieces between which values of the request belong. Long pieces are kept compressed as well."""

    def __init__(self, html: str) -> None:
        self.pieces = STAND_IN.split(html)  # every second one is a stand-in
        self.variables = [VARIABLES[each] for each in self.pieces[1::2]]
        self.long = [KeptText(piece) for piece in self.pieces[::2] if len(piece) >= LONG]

    def show(self, values: "RequestValues") -> str:
        for text in self.long:
            note_kept_text(text)
        if not self.variables:
            return self.pieces[0]
        pieces = self.pieces.copy()
        pieces[1::2] = [values[name] for name in self.variables]
        return "".join(pieces)


class RequestValues(dict[str, str]):
    """What a request shows in place of the stand-ins. Each value is looked up and escaped once."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def __missing__(self, name: str) -> str:
        value = self[name] = conditional_escape(self.context.get(name, ""))
        return value


class KeptFragments:
    """The fragments of this process, in the order of use."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, KeptFragment] = {}
        self._lock = Lock()

    def get(self, key: Hashable) -> KeptFragment | None:
        with self._lock:
            found = self._kept.pop(key, None)
            if found is not None:
                self._kept[key] = found
        return found

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


class KeepNode(template.Node):
    """A fragment, kept for each language and for each tuple of `keys`."""

    def __init__(self, nodelist: NodeList, keys: list[FilterExpression]) -> None:
        self.nodelist, self.keys = nodelist, keys

    def render(self, context: Context) -> SafeString:
        return mark_safe(self.kept(context, self.key(context), RequestValues(context)))  # noqa: S308  # rendered by the template engine

    def key(self, context: Context) -> tuple[Hashable, ...]:
        return (self, get_language(), *(plain(expression.resolve(context)) for expression in self.keys))

    def kept(self, context: Context, key: Hashable, values: RequestValues, **more: object) -> str:
        """Return the fragment with this key, and the request's values in place of their stand-ins."""
        fragment = fragments.get(key)
        if fragment is None:
            with context.push(**STAND_INS, **more):
                fragment = KeptFragment(self.nodelist.render(context))
            fragments.keep(key, fragment)
        return fragment.show(values)


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
        key, values, items = self.key(context), RequestValues(context), self.items.resolve(context)
        shown = [self.kept(context, (key, item.look), values, **{self.name: item}) for item in items]
        return mark_safe("".join(shown))  # noqa: S308  # as above


def plain(value: object) -> Hashable:
    """Return a value as part of a key. Raises TypeError for one that cannot be compared, such as a list."""
    if isinstance(value, Promise):
        value = str(value)
    hash(value)
    return value


@register.tag("keep")
def compile_keep(parser: Parser, token: Token) -> KeepNode:
    """Keep the part between {% keep key … %} and {% endkeep %}.

    The keys must name everything that the fragment shows and that can differ between two requests, except for the
    language and the variables of STAND_INS, which no filter may change. A fragment that shows a secret, or text of one
    learner that no key contains, must not be kept.
    """
    return KeepNode(*parts(parser, token, "endkeep"))


@register.tag("keepif")
def compile_keep_if(parser: Parser, token: Token) -> KeepIfNode:
    """Keep the part between {% keepif key … %} and {% endkeepif %} if the first key is set; otherwise only render it."""
    return KeepIfNode(*parts(parser, token, "endkeepif"))


def parts(parser: Parser, token: Token, end: str) -> tuple[NodeList, list[FilterExpression]]:
    """Return what the tag encloses, and its keys."""
    keys = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse((end,))
    parser.delete_first_token()
    return nodelist, keys


@register.tag("keepeach")
def compile_keep_each(parser: Parser, token: Token) -> KeepEachNode:
    """Render the part between {% keepeach name items key … %} and {% endkeepeach %} for each item, and keep each.

    An item's `look` names everything of it that its fragment shows; the keys are as those of {% keep %}.
    """
    _, name, *words = token.split_contents()
    items, *keys = [parser.compile_filter(word) for word in words]
    nodelist = parser.parse(("endkeepeach",))
    parser.delete_first_token()
    return KeepEachNode(nodelist, keys, name, items)
