"""The recordings of a lesson, read from its page as it is stored."""

import html
import re
from dataclasses import dataclass

FIGURE = re.compile(r'<figure data-media="(video|audio)".*?</figure>', re.DOTALL)
TITLE = re.compile(r"<figcaption><b>(.*?)</b>", re.DOTALL)
ADDRESS = re.compile(r'<source src="([^"]*)"')
LANGUAGE = re.compile(r'<track [^>]*srclang="([^"]*)"')
TRANSCRIPT = "<details data-transcript"


@dataclass(frozen=True)
class Recording:
    """A video or an audio recording: where its file is, the languages of its captions, and whether words are beside it."""

    kind: str
    title: str
    addresses: tuple[str, ...]
    captions: tuple[str, ...]
    has_transcript: bool


def recordings_in(page: str) -> list[Recording]:
    """Return the recordings of a lesson's page, in order. Nobody can write this markup but the renderer."""
    return [
        Recording(
            kind=figure[1],
            title=html.unescape(title[1]) if (title := TITLE.search(figure[0])) else "",
            addresses=tuple(map(html.unescape, ADDRESS.findall(figure[0]))),
            captions=tuple(LANGUAGE.findall(figure[0])),
            has_transcript=TRANSCRIPT in figure[0],
        )
        for figure in FIGURE.finditer(page)
    ]
