"""Files of a course that pages show or offer, and links by key."""

from hashlib import sha256
from urllib.parse import quote

import pytest

from authoring.services import read_folder
from course.models import Course, CourseFile, Lesson
from labs.models import Lab
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.publishing import load_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nasty_course(db):
    load_text(read_folder(nasty_files()))


def address(path: str) -> str:
    return f"/courses/nasty/files/{CourseFile.objects.get(path=path).digest[:16]}/{path}"


def test_a_picture_is_shown_and_kept_for_ever(client):
    answer = client.get(address("figures/pixels.png"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.content == nasty_files()["figures/pixels.png"]


def test_every_picture_of_a_lesson_has_an_address_that_works(client):
    html = Lesson.objects.get(key="everything").html
    assert f'src="{address("figures/pixels.png")}"' in html
    assert f'href="{address("data/points.csv")}"' in html


def test_anything_else_is_offered_as_a_download(client):
    answer = client.get(address("data/points.csv"))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="points.csv"'


def store(path: str, content: bytes) -> str:
    course, digest = Course.objects.get(slug="nasty"), sha256(content).hexdigest()
    CourseFile.objects.create(course=course, path=path, content=content, digest=digest)
    return f"/courses/nasty/files/{digest[:16]}/{quote(path)}"


def test_a_drawing_is_shown_cleaned_and_may_load_nothing(client):
    content = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="x()"><script>x()</script><path d="M0 0"/></svg>'
    answer = client.get(store("figures/My drawing.SVG", content))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert answer["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
    assert b"<path" in answer.content
    assert b"x()" not in answer.content


def test_a_drawing_that_cannot_be_cleaned_is_offered_as_a_download(client):
    answer = client.get(store("figures/broken.svg", b"<svg>"))
    assert answer["Content-Disposition"] == 'attachment; filename="broken.svg"'


def test_a_name_of_a_file_cannot_end_the_header_that_names_it(client):
    content, name = b"a;b", 'figures/x";filename="run.exe.csv'
    course = Course.objects.get(slug="nasty")
    CourseFile.objects.create(course=course, path=name, content=content, digest=sha256(content).hexdigest())
    answer = client.get(f"/courses/nasty/files/{sha256(content).hexdigest()[:16]}/{quote(name)}")
    assert answer["Content-Disposition"] == 'attachment; filename="x\\";filename=\\"run.exe.csv"'


@pytest.mark.parametrize(
    "path", ["files/0000000000000000/figures/pixels.png", "files/0/none.png", "lesson/none/", "lab/none/", "x/plain/"]
)
def test_missing_objects_are_not_found(client, path):
    assert client.get(f"/courses/nasty/{path}").status_code == 404


def test_a_link_by_key_leads_to_the_lesson(client):
    lesson = Lesson.objects.get(key="plain")
    assert client.get("/courses/nasty/lesson/plain/").headers["Location"] == f"/lessons/{lesson.pk}/"


def test_a_link_by_key_leads_to_the_lab(client):
    lab = Lab.objects.get(key="tiny")
    assert client.get("/courses/nasty/lab/tiny/").headers["Location"] == f"/labs/{lab.pk}/"


@pytest.mark.parametrize("digits", [0, 1, 15])
def test_a_part_of_the_digest_opens_nothing(client, digits):
    path = "01-first/labs/tiny/probes.py"
    digest = CourseFile.objects.get(path=path).digest[:digits]
    assert client.get(f"/courses/nasty/files/{digest}/{path}").status_code == 404
