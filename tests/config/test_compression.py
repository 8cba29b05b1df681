"""Pages are compressed from kept texts, and arrive as they were made."""

import gzip

import pytest
from django.http import HttpRequest, HttpResponse

from config.compression import Compression
from foundation.compression import LONG, PADDING, KeptText, gzipped, note_kept_text, noting_kept_texts

LESSON = "A long lesson about many things, é included. " * 300
assert len(LESSON) > LONG


def text_of(*pieces: str) -> bytes:
    return "".join(pieces).encode()


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        (text_of("head ", LESSON, " foot"), [LESSON]),
        (text_of(LESSON), [LESSON]),
        (text_of("head ", LESSON, LESSON, " foot"), [LESSON, LESSON]),
        (text_of("another page"), [LESSON]),
        (text_of("one ", LESSON, " two"), ["one ", LESSON, "one "]),
        (b"", [LESSON]),
    ],
    ids=["between", "alone", "twice", "missing", "once of two", "empty"],
)
def test_a_page_of_kept_texts_unpacks_to_the_page(content, kept):
    assert gzip.decompress(gzipped(content, [KeptText(text) for text in kept])) == content


def test_a_kept_text_is_not_compressed_again():
    kept = KeptText(LESSON)
    assert kept.blocks in gzipped(text_of("head ", LESSON), [kept])


def test_the_size_of_a_page_says_little_about_what_it_holds():
    sizes = {len(gzipped(b"secret" * 100)) for _ in range(200)}
    assert 20 < len(sizes) <= PADDING


def test_texts_are_noted_for_the_page_that_shows_them_only():
    kept = KeptText(LESSON)
    note_kept_text(kept)
    with noting_kept_texts() as outer:
        note_kept_text(kept)
        with noting_kept_texts() as inner:
            pass
    assert (outer, inner) == ([kept], [])


def answered(accepts: str, content: str = LESSON, **headers: str) -> HttpResponse:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_ENCODING"] = accepts
    return Compression(lambda _: HttpResponse(content, headers=headers))(request)


def test_a_browser_that_knows_gzip_gets_it():
    response = answered("gzip, br")
    assert gzip.decompress(response.content).decode() == LESSON
    assert (response["Content-Encoding"], response["Vary"]) == ("gzip", "Accept-Encoding")
    assert response["Content-Length"] == str(len(response.content))


@pytest.mark.parametrize(
    ("accepts", "content", "headers"),
    [("br", LESSON, {}), ("gzip", "short", {}), ("gzip", LESSON, {"Content-Encoding": "br"})],
    ids=["unknown to the browser", "short", "already encoded"],
)
def test_other_answers_stay_as_they_are(accepts, content, headers):
    assert answered(accepts, content, **headers).content.decode() == content


def test_an_etag_becomes_weak_because_two_compressed_answers_differ():
    assert answered("gzip", ETag='"1"')["ETag"] == 'W/"1"'
