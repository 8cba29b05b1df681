"""Read video and audio of a lesson: a block of YAML that names a file on another server, with captions and a transcript.

A site takes recordings only from the hosts that its operator allows, and only over https, so no course can make readers'
browsers ask another server. docs/decisions/0075-recordings.md says why a host is compared as a whole.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any

from authoring.folder.captions import END, read_captions, transcript_of
from authoring.folder.document import Document
from authoring.folder.files import find_asset, resolve
from authoring.folder.reading import FolderReading
from authoring.folder.shapes import Shape, ShapeField, one_of, rows, text
from course.markup import SIZES, Asset, CaptionTrack, Media, MediaSource, TranscriptPart

KINDS: Mapping[str, Mapping[str, str]] = {  # the media type of a file by its ending
    "video": {"mp4": "video/mp4", "webm": "video/webm", "ogv": "video/ogg"},
    "audio": {"mp3": "audio/mpeg", "ogg": "audio/ogg", "oga": "audio/ogg", "webm": "audio/webm", "m4a": "audio/mp4", "wav": "audio/wav"},
}  # fmt: skip
MOST_FILES = 4  # of one recording, in different formats
MOST_CAPTIONS = 20  # languages
LONGEST_ADDRESS = 500
WRITTEN = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&()*+,;=%]+")  # what an address consists of, without quotes
SCHEME = "https://"
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
LANGUAGES = {  # in their own words, for the menu of the player
    "ar": "العربية", "cs": "Čeština", "da": "Dansk", "de": "Deutsch", "en": "English", "es": "Español", "fi": "Suomi",
    "fr": "Français", "he": "עברית", "hi": "हिन्दी", "it": "Italiano", "ja": "日本語", "ko": "한국어", "nl": "Nederlands",
    "pl": "Polski", "pt": "Português", "ru": "Русский", "sv": "Svenska", "tr": "Türkçe", "uk": "Українська", "zh": "中文",
}  # fmt: skip
PARAGRAPHS = re.compile(r"\n[ \t]*\n")
LEADING_TIME = re.compile(r"\[(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)\]\s*")


def addresses(value: object) -> str | None:
    written = [value] if isinstance(value, str) else value
    fits = isinstance(written, list) and 0 < len(written) <= MOST_FILES and all(text(one) is None for one in written)
    return None if fits else f"needs an address, or a list of at most {MOST_FILES} addresses of the same recording"


def language_code(value: object) -> str | None:
    fits = isinstance(value, str) and LANGUAGE.fullmatch(value)
    return None if fits else "needs the code of a language, such as en or pt-BR"


def caption_rows(value: object) -> str | None:
    problem = rows(value)
    return problem or (
        f"has more than {MOST_CAPTIONS} files" if isinstance(value, list) and len(value) > MOST_CAPTIONS else None
    )


MEDIA: Shape = {
    "title": ShapeField(text),
    "video": ShapeField(addresses, is_needed=False),
    "audio": ShapeField(addresses, is_needed=False),
    "poster": ShapeField(text, is_needed=False),
    "ratio": ShapeField(one_of(*SIZES), is_needed=False),
    "captions": ShapeField(
        caption_rows,
        is_needed=False,
        is_list=True,
        shape={
            "file": ShapeField(text),
            "language": ShapeField(language_code),
            "label": ShapeField(text, is_needed=False),
        },
    ),
    "transcript": ShapeField(text, is_needed=False),
}


def read_media(reading: FolderReading, path: str, source: str, first_line: int) -> Media | None:
    """Return the recording that a block of the lesson at `path` describes, or None after reporting what is wrong."""
    document = reading.document(path, source, first_line=first_line)
    if not reading.fits(path, document, MEDIA):
        return None
    data: dict[str, Any] = document.data
    kind = _kind(reading, path, document)
    if not kind:
        return None
    sources = tuple(_sources(reading, path, document, kind))
    poster = _poster(reading, path, document, kind)
    captions = tuple(_tracks(reading, path, document))
    transcript, language = _transcript(reading, path, data)
    _advise(reading, path, first_line - 1, data, kind, transcript)
    if not sources:
        return None
    return Media(
        kind=kind,
        title=" ".join(data["title"].split()),
        sources=sources,
        poster=poster,
        ratio=data.get("ratio") or next(iter(SIZES)),
        captions=captions,
        transcript=transcript,
        language=language,
    )


def check_captions(reading: FolderReading) -> None:
    """Report the mistakes of every file of captions, also of one that no lesson uses."""
    for path in reading.files:
        if path.lower().endswith(END):
            _report_faults(reading, path)


def media_problem(address: str, kind: str, hosts: Collection[str]) -> str:
    """Return why a page may not load a recording from this address, or "".

    The host is everything up to the first slash and must be an allowed host as a whole. So neither a user's name before an
    @, nor a port, nor a subdomain, nor another spelling of a host leads anywhere else.
    """
    if len(address) > LONGEST_ADDRESS or not WRITTEN.fullmatch(address):
        return (
            f"an address has at most {LONGEST_ADDRESS} characters, without spaces and quotes; write others "
            "percent-encoded, and a host in its xn-- form."
        )
    if not address.startswith(SCHEME):
        return "an address of a recording begins with https://."
    host, _, rest = address.removeprefix(SCHEME).partition("/")
    if "?" in host or "#" in host or not rest:
        return "the address names no file: write https://host/path/file.mp4."
    if host.lower() not in hosts:
        return _refused_host(host, hosts)
    ending = rest.partition("#")[0].partition("?")[0].rpartition(".")[2].lower()
    if ending not in KINDS[kind]:
        return f"the file of {_named(kind)} ends in {', '.join(f'.{known}' for known in KINDS[kind])}."
    return ""


def _refused_host(host: str, hosts: Collection[str]) -> str:
    if not hosts:
        return "this site takes no recordings: its operator names the allowed hosts in FINALCHECK_MEDIA_HOSTS."
    known = ", ".join(sorted(hosts))
    return f"this site takes no recordings from “{host}”. It takes them from {known} (FINALCHECK_MEDIA_HOSTS)."


def _named(kind: str) -> str:
    return "a video" if kind == "video" else "an audio recording"


def _kind(reading: FolderReading, path: str, document: Document) -> str:
    kinds = [kind for kind in KINDS if document.data.get(kind)]
    if len(kinds) == 1:
        return kinds[0]
    wanted = (
        "“video” or “audio” says where the file is." if not kinds else "a recording is “video” or “audio”, not both."
    )
    reading.report_at(path, document, (kinds[-1],) if kinds else (), wanted)
    return ""


def _sources(reading: FolderReading, path: str, document: Document, kind: str) -> Iterator[MediaSource]:
    value = document.data[kind]
    for index, address in enumerate([value] if isinstance(value, str) else value):
        keys = (kind,) if isinstance(value, str) else (kind, index)
        if problem := media_problem(address, kind, reading.addresses.media_hosts):
            reading.report_at(path, document, keys, problem)
            continue
        ending = address.partition("#")[0].partition("?")[0].rpartition(".")[2].lower()
        yield MediaSource(address, KINDS[kind][ending])


def _asset(reading: FolderReading, path: str, written: str) -> tuple[str, Asset | None]:
    """Return the path of a file that a lesson names, and the file."""
    target = resolve(written, path.rpartition("/")[0])
    reading.used.add(target)
    return target, find_asset(reading.files, target, partial(reading.addresses.file, reading.slug))


def _poster(reading: FolderReading, path: str, document: Document, kind: str) -> str:
    written = document.data.get("poster")
    if not written:
        return ""
    if kind != "video":
        reading.report_at(path, document, ("poster",), "only a video has a poster.")
        return ""
    _, asset = _asset(reading, path, written)
    if asset is None or not asset.width:
        problem = "does not exist" if asset is None else "is not a picture of pixels, such as PNG, JPEG or WebP"
        reading.report_at(path, document, ("poster",), f"the file “{written}” {problem}.")
        return ""
    return asset.url


def _tracks(reading: FolderReading, path: str, document: Document) -> Iterator[CaptionTrack]:
    languages: set[str] = set()
    for index, row in enumerate(document.data.get("captions") or ()):
        report = partial(reading.report_at, path, document, ("captions", index))
        code = row["language"]
        if code in languages:
            report(f"there are captions in “{code}” already.")
        languages.add(code)
        target, asset = _asset(reading, path, row["file"])
        if asset is None:
            report(f"the file “{row['file']}” does not exist.")
        elif not target.lower().endswith(END):
            report(f"captions are WebVTT, and “{row['file']}” does not end in {END}.")
        elif _report_faults(reading, target):
            report(f"the captions “{row['file']}” have mistakes.")
        else:
            yield CaptionTrack(asset.url, code, row.get("label") or LANGUAGES.get(code.partition("-")[0], code))


def _report_faults(reading: FolderReading, path: str) -> bool:
    faults = read_captions(reading.files[path]).faults
    for fault in faults:
        reading.mistakes.report(path, fault.line, fault.text)
    return bool(faults)


def _transcript(reading: FolderReading, path: str, data: Mapping[str, Any]) -> tuple[tuple[TranscriptPart, ...], str]:
    """Return the author's transcript, or else that of the first captions, with the language of the captions."""
    if data.get("transcript"):
        return _written(data["transcript"]), ""
    first = next(iter(data.get("captions") or ()), None)
    target = resolve(first["file"], path.rpartition("/")[0]) if first else ""
    if first is None or target not in reading.files:
        return (), ""
    return transcript_of(read_captions(reading.files[target]).cues), first["language"]


def _written(transcript: str) -> tuple[TranscriptPart, ...]:
    """Return the author's own transcript. A paragraph may begin with a time in brackets: [1:05]."""
    parts = []
    for paragraph in PARAGRAPHS.split(transcript.strip()):
        words = " ".join(paragraph.split())
        match = LEADING_TIME.match(words)
        start = None
        if match:
            hours, minutes, seconds = (int(part or 0) for part in match.groups())
            start, words = (hours * 60 + minutes) * 60 + seconds, words[match.end() :]
        parts.append(TranscriptPart(start, words))
    return tuple(parts)


def _advise(
    reading: FolderReading, path: str, line: int, data: Mapping[str, Any], kind: str, transcript: Collection[object]
) -> None:
    name = f"“{' '.join(data['title'].split())}”"
    if kind == "video" and not data.get("captions"):
        reading.mistakes.advise(path, line, f"the video {name} has no captions for people who cannot hear it.")
    if not transcript:
        reading.mistakes.advise(path, line, f"{_named(kind)}, {name}, has no transcript: write one, or add captions.")
