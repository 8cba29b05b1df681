"""{% keep %}: parts of a page that many requests share, rendered once and then kept in the memory of the process."""

from collections.abc import Hashable
from secrets import token_hex
from threading import Lock

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from foundation.compression import LONG, KeptText, note_kept_text

register = template.Library()
MOST_FRAGMENTS = 2048  # kept in a process; the one that was used longest ago goes first
TOKEN = token_hex(16)  # stands for the request's CSRF token; random, so that no learner's text can contain it


class KeptFragment:
    """A rendered fragment, in pieces between which CSRF tokens belong. Long pieces are kept compressed as well."""

    def __init__(self, html: str) -> None:
        self.pieces = html.split(TOKEN)
        self.long = [KeptText(piece) for piece in self.pieces if len(piece) >= LONG]

    def show(self, csrf_token: object) -> str:
        for text in self.long:
            note_kept_text(text)
        return str(csrf_token).join(self.pieces) if len(self.pieces) > 1 else self.pieces[0]


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
        return mark_safe(self.kept(context, self.key(context)))  # noqa: S308  # rendered by the template engine

    def key(self, context: Context) -> tuple[Hashable, ...]:
        return (self, get_language(), *(plain(expression.resolve(context)) for expression in self.keys))

    def kept(self, context: Context, key: Hashable, **more: object) -> str:
        """Return the fragment with this key, with the request's CSRF token, which has letters and digits only."""
        fragment = fragments.get(key)
        if fragment is None:
            with context.push(csrf_token=TOKEN, **more):
                fragment = KeptFragment(self.nodelist.render(context))
            fragments.keep(key, fragment)
        return fragment.show(context.get("csrf_token", ""))


class KeepEachNode(KeepNode):
    """A loop over `items`, whose fragments are kept for each item's `look` as well."""

    def __init__(self, nodelist: NodeList, keys: list[FilterExpression], name: str, items: FilterExpression) -> None:
        super().__init__(nodelist, keys)
        self.name, self.items = name, items

    def render(self, context: Context) -> SafeString:
        key = self.key(context)
        shown = [self.kept(context, (key, item.look), **{self.name: item}) for item in self.items.resolve(context)]
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
    language and the CSRF token of its forms. A fragment that shows a secret, or text of one learner that no key
    contains, must not be kept.
    """
    keys = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    return KeepNode(nodelist, keys)


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
