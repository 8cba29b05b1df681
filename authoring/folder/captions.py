"""Read captions in WebVTT (https://www.w3.org/TR/webvtt1/): the mistakes of a file, and the transcript that it gives."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from course.markup import TranscriptPart

END = ".vtt"
SIGNATURE = "WEBVTT"
LARGEST = 400_000  # bytes; five hours of speech have about 300 kB
MOST_CUES = 5_000
MOST_FAULTS = 10  # of one file; a file from another program has either few mistakes or the same one everywhere
TIME = r"(?:(\d{2}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMING = re.compile(rf"{TIME}[ \t]+-->[ \t]+{TIME}(?:[ \t].*)?")
ARROW = "-->"
TAG = re.compile(r"<(/?)([^<>]*)>")
KNOWN_TAG = re.compile(rf"(?:c|i|b|u|v|ruby|rt|lang)(?:[.\s][^<>]*)?|{TIME}")
VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]([^<>]*)>")
SPACE = re.compile(r"\s+")
PAUSE, LONG, LONGEST = 3_000, 20_000, 60_000  # milliseconds: what ends a paragraph of a transcript
SENTENCE_ENDS = (*".?!…。？！", '."', "?”", ".”", "!”")


@dataclass(frozen=True)
class Cue:
    """What is said from `start` to `end`, in milliseconds."""

    start: int
    end: int
    speaker: str
    text: str


@dataclass(frozen=True)
class CaptionFault:
    line: int
    text: str


@dataclass(frozen=True)
class Captions:
    cues: tuple[Cue, ...] = ()
    faults: tuple[CaptionFault, ...] = ()


def read_captions(content: bytes) -> Captions:
    """Return the cues of a file and its mistakes. A file that is too large is not read at all."""
    if len(content) > LARGEST:
        size = f"captions have at most {LARGEST // 1000} kB; this file has {len(content) // 1000:,}."
        return Captions(faults=(CaptionFault(1, size),))
    text, fault = _decoded(content)
    if fault is not None:
        return Captions(faults=(fault,))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[0] != SIGNATURE and not lines[0].startswith((f"{SIGNATURE} ", f"{SIGNATURE}\t")):
        return Captions(faults=(CaptionFault(1, f"captions are WebVTT, whose first line is {SIGNATURE}."),))
    cues, faults = _read_blocks(_blocks(lines))
    return Captions(tuple(cues), tuple(faults[:MOST_FAULTS]))


def _decoded(content: bytes) -> tuple[str, CaptionFault | None]:
    if b"\0" in content:
        line = content.partition(b"\0")[0].count(b"\n") + 1
        return "", CaptionFault(line, "the captions contain a NUL character; remove it.")
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return "", CaptionFault(line, "the captions are not UTF-8 text; save them as UTF-8.")


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the blocks between empty lines, each with the number of its first line. The first one is the header."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        if line:
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _read_blocks(blocks: Iterator[tuple[int, list[str]]]) -> tuple[list[Cue], list[CaptionFault]]:
    cues: list[Cue] = []
    faults: list[CaptionFault] = []
    header_line, header = next(blocks)
    if any(ARROW in line for line in header):
        faults.append(CaptionFault(header_line, f"{SIGNATURE} needs an empty line after it."))
    for first_line, block in blocks:
        if len(cues) >= MOST_CUES:
            faults.append(CaptionFault(first_line, f"captions have at most {MOST_CUES:,} cues."))
            break
        if len(faults) >= MOST_FAULTS:
            break
        problem, cue = _read_block(first_line, block, cues)
        if problem is not None:
            faults.append(problem)
        if cue is not None:
            cues.append(cue)
    if not cues and not faults:
        faults.append(CaptionFault(1, "the file has no captions."))
    return cues, faults


def _read_block(first_line: int, block: list[str], before: Sequence[Cue]) -> tuple[CaptionFault | None, Cue | None]:
    kind = block[0].split(maxsplit=1)[0] if block[0].strip() else ""
    if kind in ("NOTE", "REGION") and ARROW not in block[0]:
        return None, None
    if kind == "STYLE" and ARROW not in block[0]:
        return CaptionFault(
            first_line, "captions have no STYLE: the page decides how they look. Remove this block."
        ), None
    at = 0 if ARROW in block[0] else 1
    line = first_line + at
    match = TIMING.fullmatch(block[at].strip()) if at < len(block) else None
    if match is None:
        return CaptionFault(line, "this is not a time of a cue, such as 00:01.000 --> 00:04.500."), None
    start, end = _milliseconds(match.groups()[:4]), _milliseconds(match.groups()[4:])
    words = block[at + 1 :]
    cue = Cue(start, end, _speaker(words), _plain(" ".join(words)))
    return _wrong_cue(line, cue, words, before), cue


def _milliseconds(parts: Sequence[str | None]) -> int:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


def _wrong_cue(line: int, cue: Cue, words: Sequence[str], before: Sequence[Cue]) -> CaptionFault | None:
    if cue.end <= cue.start:
        return CaptionFault(line, "this cue ends before it begins.")
    if before and cue.start < before[-1].start:
        return CaptionFault(line, "this cue begins before the one above it: the times are out of order.")
    for number, written in enumerate(words, line + 1):
        if ARROW in written:
            return CaptionFault(number, f"a cue needs an empty line before it, and no text contains {ARROW}.")
        unknown = next((tag[2] for tag in TAG.finditer(written) if not KNOWN_TAG.fullmatch(tag[2] or "c")), None)
        if unknown is not None:
            return CaptionFault(number, f"“<{unknown[:40]}>” is not a tag of WebVTT. Remove it, or write < as &lt;.")
        if "<" in TAG.sub("", written):
            return CaptionFault(number, "a < that opens no tag is written &lt;.")
    return None


def _speaker(words: Sequence[str]) -> str:
    match = VOICE.search(" ".join(words))
    return _plain(match[1]) if match else ""


def _plain(words: str) -> str:
    return SPACE.sub(" ", unescape(TAG.sub("", words))).strip()


def transcript_of(cues: Sequence[Cue]) -> tuple[TranscriptPart, ...]:
    """Return the captions as paragraphs: a new one for another speaker, after a pause, and after a sentence once long.

    A speaker is named once, until another one speaks.
    """
    paragraphs: list[list[Cue]] = []
    for cue in cues:
        if not cue.text:
            continue
        if paragraphs and not _begins_paragraph(paragraphs[-1], cue):
            paragraphs[-1].append(cue)
        else:
            paragraphs.append([cue])
    parts, speaker = [], ""
    for paragraph in paragraphs:
        first = paragraph[0]
        words = " ".join(cue.text for cue in paragraph)
        parts.append(TranscriptPart(first.start // 1000, words, first.speaker if first.speaker != speaker else ""))
        speaker = first.speaker or speaker
    return tuple(parts)


def _begins_paragraph(paragraph: Sequence[Cue], cue: Cue) -> bool:
    first, last = paragraph[0], paragraph[-1]
    length = last.end - first.start
    has_ended = length >= LONG and last.text.endswith(SENTENCE_ENDS)
    return bool(
        cue.speaker not in ("", first.speaker) or cue.start - last.end >= PAUSE or has_ended or length >= LONGEST
    )
