"""Pages are compressed from kept texts, and arrive as they were made."""

import gzip

import pytest
from django.http import HttpRequest, HttpResponse

from foundation.fast.compression import Compression
from foundation.fast.kept_texts import LONG, PADDING, KeptText, Placeholders, gzipped

LESSON = "A long lesson about many things, é included. " * 300
assert len(LESSON) > LONG


def text_of(*pieces: str) -> bytes:
    return "".join(pieces).encode()


@pytest.mark.parametrize(
    "pieces",
    [
        [b"head ", KeptText(text_of(LESSON)), b" foot"],
        [KeptText(text_of(LESSON))],
        [b"head ", KeptText(text_of(LESSON)), KeptText(text_of(LESSON)), b" foot"],
        [b"another page"],
        [b""],
        [],
    ],
    ids=["between", "alone", "twice", "without", "empty", "nothing"],
)
def test_a_page_of_kept_texts_unpacks_to_the_page(pieces):
    assert gzip.decompress(gzipped(pieces)) == b"".join(pieces)


def test_a_kept_text_is_not_compressed_again():
    kept = KeptText(text_of(LESSON))
    assert kept.blocks in gzipped([b"head ", kept])


def test_the_size_of_a_page_says_little_about_what_it_holds():
    sizes = {len(gzipped([b"secret" * 100])) for _ in range(200)}
    assert 20 < len(sizes) <= PADDING


def test_a_placeholder_stands_for_a_text_until_the_page_is_sent():
    found, lesson = Placeholders(), [text_of(LESSON), b"end"]
    page = f"<p>{found.take(lesson)}</p>{found.take([b'short'])}{found.take(lesson)}"
    assert "short" in page
    assert len(page) < 200
    assert b"".join(found.filled(page.encode())) == text_of("<p>", LESSON, "end</p>short", LESSON, "end")


def test_no_placeholder_stands_in_what_is_kept():
    found = Placeholders()
    with found.paused():
        with found.paused():
            pass
        assert found.take([text_of(LESSON)]) == LESSON
    assert found.take([text_of(LESSON)]) != LESSON


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


@pytest.mark.parametrize("accepts", ["", "gzip"])
def test_a_page_arrives_with_its_kept_texts_and_its_length(accepts):
    def page(request):
        response = HttpResponse(f"<p>{request.placeholders.take([text_of(LESSON)])}</p>")
        response["Content-Length"] = len(response.content)
        return response

    request = HttpRequest()
    request.META["HTTP_ACCEPT_ENCODING"] = accepts
    response = Compression(page)(request)
    assert (gzip.decompress(response.content) if accepts else response.content) == text_of("<p>", LESSON, "</p>")
    assert response["Content-Length"] == str(len(response.content))
