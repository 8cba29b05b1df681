"""Video and audio of a lesson: only from allowed hosts, with captions and a transcript; each mistake has a file and a line."""

from dataclasses import replace

import pytest

from authoring.folder import read_course
from authoring.folder.media import media_problem
from tests.authoring.folder.nasty import ADDRESSES, nasty_files

LESSON, CAPTIONS = "01-first/30-talk.md", "01-first/captions/talk.en.vtt"
HOSTS = frozenset({"media.example.org", "cdn.example.net"})
FRONT = "---\nid: talk\ntitle: Talk\nminutes: 1\nobjectives: []\n---\n\n## Watch\n\n"
TALK = """```media {id=talk-1}
title: Why <b>gradients</b> & "signs"
video:
  - https://media.example.org/talks/descent.mp4?v=2
  - https://cdn.example.net/descent.webm
poster: ../figures/pixels.png
ratio: 4:3
captions:
  - {file: captions/talk.en.vtt, language: en}
```

See [](#talk-1).
"""
WORDS = b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ada>Walk &lt;downhill&gt;.\n\n01:05.000 --> 01:06.000\nThen stop.\n"


def with_lesson(text: str, **files: bytes) -> dict[str, bytes]:
    return {**nasty_files(), CAPTIONS: WORDS, LESSON: (FRONT + text).encode(), **files}


def read_talk(text: str = TALK, hosts: frozenset[str] = HOSTS, files: dict[str, bytes] | None = None):
    return read_course({**with_lesson(text), **(files or {})}, replace(ADDRESSES, media_hosts=hosts))


def html_of(course) -> str:
    return next(lesson.html for module in course.course.modules for lesson in module.lessons if lesson.key == "talk")


def mistakes(course) -> list[str]:
    return [str(mistake) for mistake in course.mistakes]


def advice(course) -> list[str]:
    return [str(line) for line in course.advice if line.path in (LESSON, CAPTIONS)]


def test_a_video_has_its_files_poster_captions_and_a_transcript_from_them():
    course = read_talk()
    assert (mistakes(course), advice(course)) == ([], [])
    html = html_of(course)
    figure = html[html.index("<figure data-media") : html.index("</figure>")]
    assert figure.startswith(
        '<figure data-media="video" id="c-talk-1"><figcaption><b>Why &lt;b&gt;gradients&lt;/b&gt; &amp; "signs"</b>'
    )
    video = figure[figure.index("<video") : figure.index("</video>")]
    assert 'preload="none"' in video
    assert 'width="1024" height="768" data-ratio="4:3"' in video
    assert 'poster="/nasty/files/' in video
    assert '<source src="https://media.example.org/talks/descent.mp4?v=2" type="video/mp4">' in video
    assert '<source src="https://cdn.example.net/descent.webm" type="video/webm">' in video
    assert '<track kind="captions" src="/nasty/files/' in video
    assert 'srclang="en" label="English">' in video
    assert "autoplay" not in html
    assert '<details data-transcript="" lang="en"><summary>' in figure
    assert '<span data-time="1">0:01</span> <b>Ada:</b> Walk &lt;downhill&gt;.</p>' in figure
    assert '<span data-time="65">1:05</span> Then stop.</p>' in figure
    assert ">media.example.org</a> or <a" in figure
    assert ">the recording</a>" in html


def test_an_audio_recording_has_the_transcript_that_its_author_wrote():
    text = """```media
title: A talk
audio: https://media.example.org/a.MP3
transcript: |
  [0:05] Hello
  <script>there</script>.

  [1:00:05] Goodbye.

  Without a time.
```
"""
    course = read_talk(text, files={CAPTIONS: WORDS})
    html = html_of(course)
    assert mistakes(course) == []
    assert (
        '<audio controls="" preload="none" aria-label="A talk"><source src="https://media.example.org/a.MP3" type="audio/mpeg"></audio>'
        in html
    )
    assert '<span data-time="5">0:05</span> Hello &lt;script&gt;there&lt;/script&gt;.</p>' in html
    assert '<span data-time="3605">1:00:05</span> Goodbye.</p><p>Without a time.</p>' in html
    assert advice(course) == [f"{CAPTIONS}:1: no recording uses these captions."]


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ('title: Why <b>gradients</b> & "signs"\n', "", ["11: “title” is missing."]),
        ("ratio: 4:3", "ratio: 5:4", ["16: “ratio” needs one of 16:9, 4:3, 1:1, 9:16."]),
        ("ratio: 4:3", "autoplay: true", ["16: “autoplay” is not a known field here (known fields: title, video, audio, "
                                      "poster, ratio, captions, transcript)."]),
        ("ratio: 4:3", "audio: https://media.example.org/a.mp3", ["16: a recording is “video” or “audio”, not both."]),
        ("poster: ../figures/pixels.png", "poster: figures/none.png", ["15: the file “figures/none.png” does not exist."]),
        ("poster: ../figures/pixels.png", "poster: figures/triangle.svg",
         ["15: the file “figures/triangle.svg” is not a picture of pixels, such as PNG, JPEG or WebP."]),
        ("captions/talk.en.vtt", "captions/none.vtt", ["18: the file “captions/none.vtt” does not exist."]),
        ("captions/talk.en.vtt", "figures/triangle.svg", ["18: captions are WebVTT, and “figures/triangle.svg” does not end in .vtt."]),
        ("language: en}", "language: English}", ["18: “language” needs the code of a language, such as en or pt-BR."]),
        ("language: en}", "language: en}\n  - {file: captions/talk.en.vtt, language: en}", ["19: there are captions in “en” already."]),
        ("  - https://cdn.example.net/descent.webm\n", "  - http://cdn.example.net/descent.webm\n",
         ["14: an address of a recording begins with https://."]),
        ("{id=talk-1}", "{id=talk-1 run=true}", ["10: the braces after “media” cannot be read (a recording may have {id=…}).",
                                                 "21: nothing on this page has the id “talk-1”.", "21: the link has no text."]),
        ("ratio: 4:3", "ratio: [", ["18: this is not YAML: expected the node content, but found '-'."]),
    ],
)  # fmt: skip
def test_a_mistake_in_a_block_has_its_line(old, new, wanted):
    assert old in TALK
    course = read_talk(TALK.replace(old, new))
    assert [mistake.removeprefix(f"{LESSON}:") for mistake in mistakes(course)] == wanted


def test_a_block_that_names_no_file_is_a_mistake():
    assert mistakes(read_talk("```media\ntitle: A talk\n```\n")) == [
        f"{LESSON}:11: “video” or “audio” says where the file is."
    ]


def test_a_site_without_allowed_hosts_takes_no_recordings():
    course = read_talk(hosts=frozenset())
    assert mistakes(course) == [
        f"{LESSON}:{line}: this site takes no recordings: its operator names the allowed hosts in FINALCHECK_MEDIA_HOSTS."
        for line in (13, 14)
    ]


def test_very_many_recordings_with_long_transcripts_make_no_huge_page():
    cue = "00:00:01.000 --> 00:00:02.000\n" + "long " * 1_000 + "\n\n"
    words = ("WEBVTT\n\n" + cue * 75).encode()
    block = "```media\ntitle: A\nvideo: https://media.example.org/a.mp4\ncaptions: [{file: captions/talk.en.vtt, language: en}]\n```\n\n"
    course = read_talk(block * 1_000, files={CAPTIONS: words})
    line = 10 + 20 * block.count("\n")
    assert mistakes(course) == [
        f"{LESSON}:{line}: a lesson has at most 20 recordings. Move the others to another lesson."
    ]
    assert len(html_of(course)) < 20 * 420_000


def test_a_question_has_no_recording():
    files = nasty_files()
    review = files["01-first/review.yaml"].decode()
    at = review.index("explanation:")
    block = "explanation: |\n    ```media\n    title: A talk\n    ```\n"
    end = review.index("\n", at) + 1
    course = read_course({**files, "01-first/review.yaml": (review[:at] + block + review[end:]).encode()}, ADDRESSES)
    assert any("only a lesson can have video or audio." in mistake for mistake in mistakes(course))


@pytest.mark.parametrize(
    "address",
    [
        "https://media.example.org@evil.example/a.mp4",
        "https://media.example.org:8443/a.mp4",
        "https://user:password@media.example.org/a.mp4",
        "https://evil.media.example.org/a.mp4",
        "https://media.example.org.evil.example/a.mp4",
        "https://media.example.org./a.mp4",
        "https://evilmedia.example.org/a.mp4",
        "https://xn--mdia-bpa.example.org/a.mp4",
        "https://mediа.example.org/a.mp4",
        "https://media%2eexample.org/a.mp4",
        "https://evil.example\\@media.example.org/a.mp4",
        "https:\\\\media.example.org/a.mp4",
        "https:/media.example.org/a.mp4",
        "https:///media.example.org/a.mp4",
        "https://evil.example#@media.example.org/a.mp4",
        "https://evil.example?media.example.org/a.mp4",
        "https://[::1]/a.mp4",
        "//media.example.org/a.mp4",
        "http://media.example.org/a.mp4",
        "HTTPS://media.example.org/a.mp4",
        "javascript:alert(1)//a.mp4",
        "data:video/mp4;base64,AAAA",
        " https://media.example.org/a.mp4",
        "https://media.example.org/a b.mp4",
        "https://media.example.org/a\n.mp4",
        'https://media.example.org/a".mp4',
        "https://media.example.org/a.mp4/",
        "https://media.example.org/a.mp4.exe",
        "https://media.example.org/",
        "https://media.example.org",
        "https://media.example.org?a.mp4",
        "https://media.example.org/" + "a" * 500 + ".mp4",
    ],
)
def test_no_trick_with_an_address_leads_to_another_host(address):
    assert media_problem(address, "video", HOSTS)


@pytest.mark.parametrize(
    "address",
    [
        "https://media.example.org/a.mp4",
        "https://MEDIA.example.org/A%20b/c.WEBM",
        "https://cdn.example.net/a.mp4?token=x/y.exe&t=1#t=10,20",
        "https://media.example.org/@evil.example/a.ogv",
    ],
)
def test_a_file_on_an_allowed_host_is_taken(address):
    assert media_problem(address, "video", HOSTS) == ""


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (WORDS.replace(b"01:05", b"00:00"), 6),
        (WORDS.replace(b"WEBVTT\n\n", b""), 1),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nÄ\n".encode("latin-1"), 4),
        (WORDS + b"\n\n" + b"x" * 400_000, 1),
    ],
)
def test_broken_captions_are_mistakes_of_their_file_and_of_the_lesson(content, line):
    reported = mistakes(read_talk(files={CAPTIONS: content}))
    assert reported[0] == f"{LESSON}:18: the captions “captions/talk.en.vtt” have mistakes."
    assert [mistake.split(":")[:2] for mistake in reported[1:]] == [[CAPTIONS, str(line)]]


def test_broken_captions_that_no_lesson_uses_are_mistakes_too():
    course = read_course({**nasty_files(), "data/old.vtt": b"1\n"}, ADDRESSES)
    assert mistakes(course) == ["data/old.vtt:1: captions are WebVTT, whose first line is WEBVTT."]


def test_a_strict_check_asks_for_captions_and_a_transcript():
    bare = "```media\ntitle: A talk\n{}: https://media.example.org/a.webm\n```\n"
    unused = f"{CAPTIONS}:1: no recording uses these captions."
    assert advice(read_talk(bare.format("video"))) == [
        f"{LESSON}:10: a video, “A talk”, has no transcript: write one, or add captions.",
        f"{LESSON}:10: the video “A talk” has no captions for people who cannot hear it.",
        unused,
    ]
    assert advice(read_talk(bare.format("audio"))) == [
        f"{LESSON}:10: an audio recording, “A talk”, has no transcript: write one, or add captions.",
        unused,
    ]
