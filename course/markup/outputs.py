"""What a listing showed when its author ran it: texts, pictures and learning curves below the code."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from html import escape

from course.markup.curves import curves_html
from course.markup.listings import Listing
from course.markup.setting import Asset, ShownOutput

DIGITS = 16


def code_digest(listing: Listing, listings: Sequence[Listing]) -> str:
    """Return a digest of the runtime and of all code that runs when a reader runs this listing.

    `listings` are those of the page, in their order. A listing names only earlier ones in `after`.
    """
    before = listings[: listings.index(listing)]
    needed, sources = set(listing.after), [listing.source]
    for earlier in reversed(before):
        if earlier.id in needed:
            needed.update(earlier.after)
            sources.append(earlier.source)
    return sha256("\0".join((listing.runtime, *reversed(sources))).encode()).hexdigest()[:DIGITS]


def outputs_html(outputs: Sequence[ShownOutput], listing: Listing) -> str:
    """Return what a listing showed, or "" if nothing is known, or if readers have to find it out themselves."""
    if not outputs or listing.test or listing.prediction:
        return ""
    parts = "".join(part for output in outputs for part in _parts(output))
    return f"<div data-shown>{parts}</div>"


def _parts(output: ShownOutput) -> Iterator[str]:
    if output.curves:
        yield f"<div data-curves>{''.join(curves_html(output.axis, output.curves))}</div>"
    elif output.picture is None:
        yield f'<pre tabindex="0">{escape(output.text)}</pre>'
    elif output.dark is None:
        yield _image(output.picture, output.text)
    else:
        yield _image(output.picture, output.text, "light") + _image(output.dark, output.text, "dark")


def _image(asset: Asset, text: str, theme: str = "") -> str:
    """Return a picture. One that the theme hides is not loaded, because browsers load it only when it comes near."""
    themed = f' data-in="{theme}"' if theme else ""
    size = f' width="{asset.width}" height="{asset.height}"'
    return f'<img{themed} src="{escape(asset.url)}" alt="{escape(text)}"{size} loading="lazy" decoding="async">'
