"""What listings showed is stored beside their lesson: what is read, what a strict check says, and every mistake."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from authoring.services import editable_texts, export_course, stored_files
from course.markup import Listing, code_digest
from course.models import Course
from tests.authoring.folder.nasty import nasty_files, read

LESSON, OUTPUTS = "01-first/40-shown.md", "01-first/outputs/40-shown.json"
SOURCE = 'print("size", 6)\n'
TEXT = f"""---
id: shown
title: Shown
minutes: 1
objectives: []
---

```python {{id=sized run=true expect="size 6"}}
{SOURCE}```
"""
CODE = code_digest(*[(listing := Listing("python", SOURCE, 1, "sized", "tf2", is_runnable=True)), [listing]])
RIGHT = {"code": CODE, "outputs": [{"text": "size 6\n"}]}


def read_with(stored: object, **pictures: bytes):
    """Read a course with one more lesson, and with what its listing showed."""
    written = stored if isinstance(stored, bytes) else json.dumps(stored).encode()
    more = {f"01-first/outputs/{name}.webp": content for name, content in pictures.items()}
    return read({**nasty_files(), LESSON: TEXT.encode(), OUTPUTS: written, **more})


def stored(**listings: object) -> dict[str, object]:
    return {"versions": {"numpy": "2.5"}, "listings": listings}


def page(text) -> str:
    [lesson] = [lesson for module in text.course.modules for lesson in module.lessons if lesson.key == "shown"]
    return lesson.html


def test_a_lesson_shows_what_its_listing_showed():
    text = read_with(stored(sized=RIGHT))
    assert (text.mistakes, text.advice) == ((), ())
    assert '<pre tabindex="0">size 6\n</pre></div></figure>' in page(text)


def test_the_output_of_other_code_is_not_shown_and_a_strict_check_says_so():
    text = read_with(stored(sized={**RIGHT, "code": "0123456789abcdef"}))
    assert "data-shown" not in page(text)
    assert [str(each) for each in text.advice] == [
        f"{LESSON}:8: the listing “sized” has changed since its output was stored: run `manage.py course run-listings`."
    ]


@pytest.mark.parametrize(
    ("listings", "advice"),
    [
        ({}, f"{LESSON}:8: the listing “sized” has no stored output: run `manage.py course run-listings`."),
        ({"sized": {**RIGHT, "outputs": [{"text": "size 7\n"}]}},
         f"{LESSON}:8: the listing “sized” promises “size 6”, which its stored output does not have: "
         "run `manage.py course run-listings`, or correct expect."),
        ({"sized": RIGHT, "gone": RIGHT},
         f"{OUTPUTS}:1: the lesson has no listing “gone” that runs: run `manage.py course run-listings`."),
    ],
    ids=["missing", "other numbers", "gone"],
)  # fmt: skip
def test_a_strict_check_compares_what_is_stored_with_the_lesson(listings, advice):
    text = read_with(stored(**listings))
    assert text.mistakes == ()
    assert [str(each) for each in text.advice] == [advice]


def test_a_lesson_of_which_nothing_is_stored_is_no_mistake():
    text = read({**nasty_files(), LESSON: TEXT.encode()})
    assert (text.mistakes, text.advice) == ((), ())


def with_picture(name: str) -> dict[str, object]:
    return stored(sized={"code": CODE, "outputs": [*RIGHT["outputs"], {"text": "A dot", "picture": name}]})


def test_pictures_have_their_size_and_an_address():
    pixels = nasty_files()["figures/pixels.png"]
    text = read_with(with_picture("dot.webp"), dot=pixels)
    assert (text.mistakes, text.advice) == ((), ())
    assert '/01-first/outputs/dot.webp" alt="A dot" width="2" height="1"' in page(text)


def test_pictures_of_a_page_have_a_limit_and_one_that_nothing_shows_is_named():
    pixels = nasty_files()["figures/pixels.png"]
    text = read_with(with_picture("dot.webp"), dot=pixels + bytes(50_000), old=pixels)
    assert [str(each) for each in text.advice] == [
        f"{OUTPUTS}:1: the pictures have 50 kB together, but those of a page have at most 40.",
        "01-first/outputs/old.webp:1: no output of a listing uses this picture.",
    ]


@pytest.mark.parametrize(
    ("written", "mistake"),
    [
        (b"{", "this file is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)."),
        ([], "expected names with values here."),
        ({"listings": {}}, "versions: “versions” is missing."),
        (stored(sized={"code": CODE}), "listings → sized → outputs: “outputs” is missing."),
        (stored(sized={**RIGHT, "outputs": [{"html": "<b>"}]}),
         "listings → sized → outputs → 0 → html: “html” is not a known field here (known fields: text, picture, "
         "dark, axis, curves)."),
        (stored(sized={**RIGHT, "outputs": [{"axis": "step", "curves": {"loss": [[1, "2"]]}}]}),
         "listings → sized → outputs → 0 → curves: “curves” needs names, each with a list of points [x, y]."),
        (stored(sized={**RIGHT, "outputs": [{"curves": {"loss": [[1, 10**400]]}}]}),
         "listings → sized → outputs → 0 → curves: “curves” needs names, each with a list of points [x, y]."),
        (with_picture("none.webp"), "listings → sized: the picture “none.webp” does not exist, or it is broken."),
        (with_picture("../../../etc/passwd"),
         "listings → sized: the picture “../../../etc/passwd” does not exist, or it is broken."),
    ],
)  # fmt: skip
def test_mistakes_are_named(written, mistake):
    assert [str(each) for each in read_with(written).mistakes] == [f"{OUTPUTS}:1: {mistake}"]


@pytest.mark.django_db
def test_nobody_edits_outputs_in_the_workplace(tmp_path):
    files = {**nasty_files(), LESSON: TEXT.encode(), OUTPUTS: json.dumps(stored(sized=RIGHT)).encode()}
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    call_command("course", "load", str(tmp_path), "--yes", stdout=StringIO())
    course_id = Course.objects.get().pk
    assert OUTPUTS in export_course(course_id=course_id)
    assert OUTPUTS not in editable_texts(course_id=course_id)
    assert OUTPUTS not in [each.path for each in stored_files(course_id=course_id)]
