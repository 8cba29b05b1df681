"""Lessons with video: what the page has before anybody presses play, where captions are served, and what a search finds."""

from hashlib import sha256

import pytest
from django.core.management import CommandError, call_command

from authoring.services import export_course, preview_text, read_folder
from course.models import Course, CourseFile, Lesson
from tests.authoring.folder.test_media import CAPTIONS, LESSON, TALK, WORDS, with_lesson
from tests.authoring.publishing import edit_course, load_text
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
HOSTS = ("media.example.org", "cdn.example.net")


@pytest.fixture
def lesson(settings):
    settings.MEDIA_HOSTS = HOSTS
    load_text(read_folder(with_lesson(TALK)))
    return Lesson.objects.get(key="talk")


@pytest.fixture
def reader(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("reader"))
    return client


def test_the_page_has_the_player_and_the_words_of_its_script(reader, lesson):
    page = reader.get(f"/lessons/{lesson.pk}/").content.decode()
    assert '<video controls="" preload="none"' in page
    assert "autoplay" not in page
    assert 'data-play-from="Play from {time}"' in page
    assert page.count("https://media.example.org/") == 2  # the file, and the link in the caption


def test_a_lesson_without_recordings_has_nothing_of_them(reader, lesson):
    page = reader.get(f"/lessons/{Lesson.objects.get(key='everything').pk}/").content.decode()
    assert "data-play-from" not in page


def test_the_captions_of_the_page_come_from_this_site_as_what_they_are(reader, lesson):
    address = lesson.html.partition('<track kind="captions" src="')[2].partition('"')[0]
    answer = reader.get(address)
    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "text/vtt; charset=utf-8", WORDS)
    assert "Content-Disposition" not in answer


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xef\xbb\xbfWEBVTT\n", "text/vtt; charset=utf-8"),
        (b"<html><script>alert(1)</script>", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_a_file_that_only_its_name_calls_captions_is_offered_as_a_download(reader, lesson, content, kind):
    digest = sha256(content).hexdigest()
    CourseFile.objects.create(
        course=Course.objects.get(slug="nasty"), path="data/x.vtt", content=content, digest=digest
    )
    answer = reader.get(f"/courses/nasty/files/{digest[:16]}/data/x.vtt")
    assert (answer["Content-Type"], "Content-Disposition" in answer) == (kind, kind == "application/octet-stream")


def test_a_search_finds_the_words_of_a_transcript(reader, lesson):
    page = reader.get("/search/", {"q": "downhill"}).content.decode()
    assert f"/lessons/{lesson.pk}/" in page
    assert f"/lessons/{lesson.pk}/" not in reader.get("/search/", {"q": "until you press play"}).content.decode()


def test_an_edit_of_the_captions_is_on_the_page_and_found_at_once(reader, lesson):
    course = Course.objects.get(slug="nasty")
    edit_course(course, {CAPTIONS: WORDS.replace(b"downhill", b"uphill").decode()}, instructor_of(course))
    before = lesson.html
    lesson.refresh_from_db()
    assert "Walk &lt;uphill&gt;." in lesson.html
    tracks = [html.partition('<track kind="captions" src="')[2].partition('"')[0] for html in (before, lesson.html)]
    assert [reader.get(track).status_code for track in tracks] == [404, 200]
    assert f"/lessons/{lesson.pk}/" in reader.get("/search/", {"q": "uphill"}).content.decode()


def test_captions_that_a_lesson_uses_cannot_be_removed(lesson):
    course = Course.objects.get(slug="nasty")
    done = edit_course(course, {CAPTIONS: None}, instructor_of(course))
    assert [str(mistake) for mistake in done.mistakes] == [
        f"{LESSON}:18: the file “captions/talk.en.vtt” does not exist."
    ]
    assert CAPTIONS in export_course(course_id=course.pk)


def test_the_api_returns_the_lesson_with_its_recording(reader, lesson):
    body = reader.get(f"/api/v1/lessons/{lesson.pk}/").json()
    assert '<source src="https://media.example.org/talks/descent.mp4?v=2" type="video/mp4">' in body["html"]
    assert "title: Why <b>gradients</b>" in body["source"]
    assert body["recordings"] == [
        {
            "kind": "video",
            "title": 'Why <b>gradients</b> & "signs"',
            "addresses": ["https://media.example.org/talks/descent.mp4?v=2", "https://cdn.example.net/descent.webm"],
            "captions": ["en"],
            "has_transcript": True,
        }
    ]
    plain = Lesson.objects.get(key="everything")
    assert reader.get(f"/api/v1/lessons/{plain.pk}/").json().keys() == body.keys() - {"recordings"}


def test_an_exported_course_has_the_captions_and_loads_again_without_a_change(lesson):
    course = Course.objects.get(slug="nasty")
    exported = export_course(course_id=course.pk)
    assert (exported[CAPTIONS], exported[LESSON]) == (WORDS, with_lesson(TALK)[LESSON])
    assert read_folder(exported).mistakes == ()


def test_a_preview_names_the_mistakes_of_captions_while_somebody_edits_them(lesson):
    text = preview_text(course_id=Course.objects.get(slug="nasty").pk, path=CAPTIONS, text="WEBVTT\n\nHello\n")
    assert [str(mistake) for mistake in text.mistakes] == [
        f"{CAPTIONS}:4: this is not a time of a cue, such as 00:01.000 --> 00:04.500."
    ]


def test_the_check_of_a_folder_refuses_hosts_that_the_site_does_not_allow(tmp_path, settings, capsys):
    for path, content in with_lesson(TALK).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    settings.MEDIA_HOSTS = HOSTS[:1]
    with pytest.raises((CommandError, SystemExit)):
        call_command("course", "check", str(tmp_path))
    output = "".join(capsys.readouterr())
    assert f"{LESSON}:14: this site takes no recordings from “cdn.example.net”." in output
    settings.MEDIA_HOSTS = HOSTS
    call_command("course", "check", str(tmp_path))
