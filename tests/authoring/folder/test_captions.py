"""Captions are WebVTT: each mistake has a line, and what is sound becomes a transcript."""

from time import process_time

import pytest

from authoring.folder.captions import LARGEST, MOST_CUES, MOST_FAULTS, read_captions, transcript_of
from course.markup import TranscriptPart

HEAD = "WEBVTT - a talk\nKind: captions\n\nNOTE written\nby hand\n\n"
SOUND = f"""{HEAD}1
00:01.000 --> 00:02.500 align:start
<v.loud Ada>Hello, <i>class</i> &amp; <c.yellow>guests</c>.</v>

00:00:02.500 --> 00:00:04.000
Today: x &lt; y.

REGION
id:top

10:00.000 --> 10:01.000
<v Bob>A question<00:10:00.500>?
"""


def faults(text: str) -> list[str]:
    return [f"{fault.line}: {fault.text}" for fault in read_captions(text.encode()).faults]


def cues(count: int) -> str:
    """Return captions with a cue for each second."""
    times = [f"{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}" for n in range(count)]
    return "WEBVTT\n\n" + "".join(f"{time}.000 --> {time}.900\na\n\n" for time in times)


def test_sound_captions_become_a_transcript_with_speakers_and_without_markup():
    captions = read_captions(SOUND.encode())
    assert captions.faults == ()
    assert [(cue.start, cue.end) for cue in captions.cues] == [(1000, 2500), (2500, 4000), (600_000, 601_000)]
    assert transcript_of(captions.cues) == (
        TranscriptPart(1, "Hello, class & guests. Today: x < y.", "Ada"),
        TranscriptPart(600, "A question?", "Bob"),
    )


@pytest.mark.parametrize("change", ["\r\n", "\r"])
def test_other_ends_of_lines_and_a_byte_order_mark_are_read_as_well(change):
    assert read_captions(b"\xef\xbb\xbf" + SOUND.replace("\n", change).encode()) == read_captions(SOUND.encode())


def test_a_speaker_is_named_again_only_after_another_one():
    turns = ("<v Ada>", "<v Ada>", "<v Bob>", "", "<v Bob>", "<v Ada>")
    text = "WEBVTT\n\n" + "".join(
        f"00:{n * 9:02}.000 --> 00:{n * 9 + 1:02}.000\n{voice}a\n\n" for n, voice in enumerate(turns)
    )
    parts = transcript_of(read_captions(text.encode()).cues)
    assert [part.speaker for part in parts] == ["Ada", "", "Bob", "", "", "Ada"]


def test_a_long_speech_is_divided_after_a_sentence_or_in_the_end_anyway():
    text = "WEBVTT\n\n" + "".join(
        f"00:{second:02}.000 --> 00:{second + 5:02}.000\n{'The end.' if second == 25 else 'and'}\n\n"
        for second in range(0, 50, 5)
    )
    assert [part.start for part in transcript_of(read_captions(text.encode()).cues)] == [0, 30]
    endless = cues(100)
    assert [part.start for part in transcript_of(read_captions(endless.encode()).cues)] == [0, 61]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ["1: captions are WebVTT, whose first line is WEBVTT."]),
        ("WEBVTTX\n\n", ["1: captions are WebVTT, whose first line is WEBVTT."]),
        ("1\n00:00:01,000 --> 00:00:02,000\nSubRip\n", ["1: captions are WebVTT, whose first line is WEBVTT."]),
        ("WEBVTT\n", ["1: the file has no captions."]),
        ("WEBVTT\n00:01.000 --> 00:02.000\na\n", ["1: WEBVTT needs an empty line after it."]),
        ("WEBVTT\n\nHello\n", ["4: this is not a time of a cue, such as 00:01.000 --> 00:04.500."]),
        ("WEBVTT\n\n00:01,000 --> 00:02,000\na\n", ["3: this is not a time of a cue, such as 00:01.000 --> 00:04.500."]),
        ("WEBVTT\n\n00:61.000 --> 00:62.000\na\n", ["3: this is not a time of a cue, such as 00:01.000 --> 00:04.500."]),
        ("WEBVTT\n\n00:02.000 --> 00:02.000\na\n", ["3: this cue ends before it begins."]),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\na\n\nb\n00:04.000 --> 00:07.000\nb\n",
         ["7: this cue begins before the one above it: the times are out of order."]),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\na\n00:02.000 --> 00:03.000\nb\n",
         ["5: a cue needs an empty line before it, and no text contains -->."]),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\na\n<script>alert(1)</script>\n",
         ["5: “<script>” is not a tag of WebVTT. Remove it, or write < as &lt;."]),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<img src=x onerror=alert(1)>\n",
         ["4: “<img src=x onerror=alert(1)>” is not a tag of WebVTT. Remove it, or write < as &lt;."]),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nx < y\n", ["4: a < that opens no tag is written &lt;."]),
        ("WEBVTT\n\nSTYLE\n::cue { background: url(https://evil.example/) }\n\n00:01.000 --> 00:02.000\na\n",
         ["3: captions have no STYLE: the page decides how they look. Remove this block."]),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\na\0b\n", ["4: the captions contain a NUL character; remove it."]),
    ],
)  # fmt: skip
def test_a_mistake_has_a_line_and_says_what_to_do(text, wanted):
    assert faults(text) == wanted


def test_other_encodings_are_refused():
    content = "WEBVTT\n\n00:01.000 --> 00:02.000\nÜbung\n".encode("latin-1")
    assert [fault.line for fault in read_captions(content).faults] == [4]
    assert read_captions("WEBVTT\n".encode("utf-16")).faults != ()


def test_very_many_cues_are_refused_without_being_read():
    assert faults(cues(MOST_CUES + 1))[-1].endswith("captions have at most 5,000 cues.")
    begun = process_time()
    assert faults("WEBVTT\n\n" + "00:01.000 --> 00:02.000\na\n\n" * 1_000_000) == [
        "1: captions have at most 400 kB; this file has 27,000."
    ]
    assert process_time() - begun < 1


@pytest.mark.parametrize("unit", ["<v ", "<v" + " " * 1000, "<", "<i>", "&lt;", "-->", " ", "<v a", "00:01.000 --> "])
def test_no_text_takes_long(unit):
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n"
    begun = process_time()
    read_captions((text + unit * ((LARGEST - len(text)) // len(unit))).encode())
    assert process_time() - begun < 2


def test_a_file_from_another_program_names_only_its_first_mistakes():
    assert len(faults("WEBVTT\n\n" + "00:01,000 --> 00:02,000\na\n\n" * 100)) == MOST_FAULTS
