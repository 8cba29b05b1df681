"""Recordings in a lesson: the player, where the file comes from, and the transcript.

The page asks the other server for nothing before a reader presses play, and the caption above the player says so.
"""

from collections.abc import Iterator
from html import escape
from urllib.parse import urlsplit

from course.markup.setting import CaptionTrack, Media, TranscriptPart

SIZES = {"16:9": (1280, 720), "4:3": (1024, 768), "1:1": (720, 720), "9:16": (720, 1280)}  # by ratio, in pixels
KINDS = {"video": "Video", "audio": "Recording"}


def media_html(media: Media, element_id: str = "") -> str:
    identifier = f' id="{escape(element_id)}"' if element_id else ""
    player = _video(media) if media.kind == "video" else _audio(media)
    return f'<figure data-media="{media.kind}"{identifier}>{_caption(media)}{player}{_transcript(media)}</figure>\n'


def shown_time(seconds: int) -> str:
    """Return a place in a recording: 1:05, or 1:01:05 after an hour."""
    minutes, rest = divmod(seconds, 60)
    hours, left = divmod(minutes, 60)
    return f"{hours}:{left:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _caption(media: Media) -> str:
    links = " or ".join(_host_links(media))
    return (
        f"<figcaption><b>{escape(media.title)}</b> {KINDS[media.kind]} from {links}. "
        "<span data-before-play>Your browser asks that server for nothing until you press play.</span></figcaption>"
    )


def _host_links(media: Media) -> Iterator[str]:
    """Yield a link to the first file of each host. Its name for screen readers tells two recordings apart."""
    addresses: dict[str, str] = {}
    for source in media.sources:
        addresses.setdefault(_shown_host(source.address), source.address)
    for host, address in addresses.items():
        label = escape(f"{host}: {media.title}")
        yield f'<a href="{escape(address)}" aria-label="{label}">{escape(host)}</a>'


def _shown_host(address: str) -> str:
    """Return the host of an https address, as a reader should see it."""
    return (urlsplit(address).hostname or "").lower()


def _video(media: Media) -> str:
    width, height = SIZES[media.ratio]
    poster = f' poster="{escape(media.poster)}"' if media.poster else ""
    return (
        f'<video controls preload="none" playsinline width="{width}" height="{height}" data-ratio="{media.ratio}"{poster}'
        f' aria-label="{escape(media.title)}">{_sources(media)}{"".join(map(_track, media.captions))}</video>'
    )


def _audio(media: Media) -> str:
    return f'<audio controls preload="none" aria-label="{escape(media.title)}">{_sources(media)}</audio>'


def _sources(media: Media) -> str:
    return "".join(f'<source src="{escape(source.address)}" type="{source.type}">' for source in media.sources)


def _track(track: CaptionTrack) -> str:
    return (
        f'<track kind="captions" src="{escape(track.url)}" srclang="{escape(track.language)}" '
        f'label="{escape(track.label)}">'
    )


def _transcript(media: Media) -> str:
    parts = "".join(_part(part) for part in media.transcript)
    language = f' lang="{escape(media.language)}"' if media.language else ""
    return f"<details data-transcript{language}><summary>Transcript</summary>{parts}</details>" if parts else ""


def _part(part: TranscriptPart) -> str:
    time = ""
    if part.start is not None:
        time = f'<span data-time="{part.start}">{shown_time(part.start)}</span> '
    speaker = f"<b>{escape(part.speaker)}:</b> " if part.speaker else ""
    return f"<p>{time}{speaker}{escape(part.text)}</p>"
