"""Figures, data and programs are uploaded, replaced and removed in the workplace, and the whole course is checked first."""

import io

import numpy
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from PIL import Image

from authoring.folder import is_file_folder
from authoring.services import export_course
from course.models import Course, CourseFile, TextVersion
from records.models import AuditEntry
from tests.authoring.workplace.test_texts import NASTY
from tests.authoring.workplace.test_tryouts import words
from tests.portal.workplace.people import staff_in

pytestmark = pytest.mark.django_db
SIDEWAYS = {274: 6}  # the tag of EXIF that says how the camera was held: turned by 90°


def picture(kind: str, width: int, height: int, exif: dict[int, int] | None = None) -> bytes:
    """Return a picture of noise, which no format compresses to nothing."""
    noise = numpy.random.default_rng(1).integers(0, 256, (height // 8, width // 8, 3), dtype="uint8")
    image, file, notes = Image.fromarray(noise).resize((width, height)), io.BytesIO(), Image.Exif()
    notes.update(exif or {})
    image.save(file, kind, exif=notes, **({"quality": 98} if kind == "JPEG" else {}))
    return file.getvalue()


DOT = picture("PNG", 8, 8)
TRIANGLE = "01-first/figures/triangle.svg"


@pytest.fixture
def course():
    call_command("course", "load", str(NASTY), yes=True, verbosity=0)
    return Course.objects.get()


@pytest.fixture
def send(client, course):
    client.force_login(staff_in(course, "author"))
    url = reverse("course_files", args=[course.slug])

    def send(*files, **fields):
        uploads = [SimpleUploadedFile(name, content) for name, content in files]
        return client.post(url, {"files": uploads, "reason": "A better one.", **fields}, follow=True)

    return send


def exported(course):
    return export_course(course_id=course.pk)


def test_files_are_uploaded_listed_and_kept_by_the_next_load(send, course):
    page = send(("more.csv", b"a,b\n"), ("dot.png", DOT), known="data")
    assert (page.status_code, "data/dot.png" in words(page), exported(course)["data/more.csv"]) == (200, True, b"a,b\n")
    call_command("course", "load", str(NASTY), yes=True, verbosity=0)
    assert exported(course)["data/dot.png"] == DOT
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.reason, entry.details["files"]) == (
        *("change_files", "A better one."),
        "data/more.csv, data/dot.png",
    )


def test_a_file_of_the_same_name_is_replaced_and_the_text_before_is_kept(send, course):
    before = exported(course)["data/points.csv"].decode()
    send(("points.csv", b"x,y\n3,4\n"), known="data")
    assert exported(course)["data/points.csv"] == b"x,y\n3,4\n"
    assert list(TextVersion.objects.order_by("pk").values_list("text", flat=True)) == [before, "x,y\n3,4\n"]


def test_a_figure_that_a_lesson_shows_cannot_be_removed(send, course):
    page = send(removed=[TRIANGLE])
    assert (page.status_code, "Nothing was changed." in words(page), TRIANGLE in exported(course)) == (400, True, True)
    assert f'value="{TRIANGLE}"' in words(page)


def test_a_file_is_removed_and_does_not_come_back(send, course):
    send(("more.csv", b"a,b\n"), known="data")
    send(removed=["data/more.csv"])
    assert "data/more.csv" not in exported(course)
    assert CourseFile.objects.get(path="data/more.csv").is_retired


REFUSED = [
    (("big.csv", b"0" * ((5 << 20) + 1)), {"known": "data"}, "A file can be at most 5 MB."),
    (("a?b.csv", b"1"), {"known": "data"}, "We can’t store a file with this name"),
    (("review.csv", b"1"), {"other": "01-first"}, "Files can’t be put into the folder 01-first."),
    (("a.csv", b"1"), {"other": "../data"}, "Files can’t be put into the folder ../data."),
    (("a.csv", b"1"), {}, "Choose the folder for the files."),
]


@pytest.mark.parametrize(("file", "fields", "sentence"), REFUSED)
def test_a_refused_upload_says_why_and_changes_nothing(send, course, file, fields, sentence):
    page = send(file, **fields)
    assert (page.status_code, sentence in words(page)) == (400, True)
    assert not CourseFile.objects.exclude(edited_at=None).exists()


def test_nothing_chosen_is_said(send):
    assert "Choose files to upload, or tick files to remove." in words(send())


@pytest.mark.parametrize(
    ("folder", "fits"),
    [
        ("data", True),
        ("figures/old", True),
        ("01-first/figures", True),
        ("01-first/captions", True),
        ("01-first/labs/10-line", True),
        ("about/figures", True),
        ("about/labs/10-line", False),
        ("01-first/labs", False),
        ("01-first", False),
        ("", False),
        ("../data", False),
        ("data/../..", False),
        ("first/figures", False),
    ],
)
def test_files_have_their_folders(folder, fits):
    assert is_file_folder(folder) is fits


def test_a_large_photo_is_made_smaller_turned_upright_and_loses_its_notes(send, course):
    photo = picture("JPEG", 2400, 1200, SIDEWAYS | {271: "Camera"})
    page = words(send(("IMG 1.JPG", photo), known="data"))
    stored = exported(course)["data/IMG 1.JPG"]
    with Image.open(io.BytesIO(stored)) as shown:
        assert (shown.size, shown.format, len(shown.getexif())) == ((1200, 2400), "JPEG", 0)
    assert f"IMG 1.JPG ({len(photo) / 1000:,.0f} kB → {len(stored) / 1000:,.0f} kB)" in page


def test_a_wide_picture_is_made_as_wide_as_a_fine_screen_shows_it(send, course):
    send(("plot.png", picture("PNG", 3200, 800)), known="data")
    with Image.open(io.BytesIO(exported(course)["data/plot.png"])) as shown:
        assert (shown.size, shown.format) == ((1600, 400), "PNG")


def test_a_small_picture_stays_as_it_is(send, course):
    small = picture("JPEG", 320, 160, {271: "Camera"})
    assert "Made smaller" not in words(send(("small.jpg", small), known="data"))
    assert exported(course)["data/small.jpg"] == small


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("photo.png", picture("JPEG", 8, 8), "is a JPEG picture, but its name says PNG: give it the name that fits"),
        ("photo.jpg", b"<html>hello</html>", "is not a picture that browsers can show, or is damaged"),
        ("photo.webp", picture("WEBP", 64, 64)[:40], "is not a picture that browsers can show, or is damaged"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(send, course, name, content, problem):
    before = exported(course)
    page = words(send(("good.csv", b"a,b\n"), (name, content), known="data"))
    assert f"The file {name} {problem}. Nothing was changed." in page
    assert exported(course) == before


WORDS = b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n"


def test_captions_are_uploaded_and_the_editor_opens_them(send, course, client):
    page = send(("talk.en.vtt", WORDS), other="01-first/captions")
    assert (page.status_code, exported(course)["01-first/captions/talk.en.vtt"]) == (200, WORDS)
    editor = client.get(reverse("edit_text", args=[course.slug, "01-first/captions/talk.en.vtt"]))
    assert "00:01.000 --&gt; 00:02.000" in words(editor)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"<html>hello</html>", "Line 1: captions are WebVTT, whose first line is WEBVTT. Nothing was changed."),
        (WORDS + b"\n00:00.500 --> 00:01.500\nEarlier.\n", "Line 6: this cue begins before the one above it"),
        (WORDS + b"<script>alert(1)</script>\n", "Line 5: “&lt;script&gt;” is not a tag of WebVTT."),
        (b"WEBVTT\n\n" + b"00:01.000 --> 00:02.000\na\n\n" * 100_000, "Line 1: captions have at most 400 kB"),
    ],
)
def test_a_file_that_is_no_sound_captions_is_refused(send, course, content, problem):
    before = exported(course)
    page = words(send(("good.csv", b"a,b\n"), ("talk.VTT", content), known="data"))
    assert f"The captions talk.VTT can’t be used. {problem}" in page
    assert exported(course) == before
