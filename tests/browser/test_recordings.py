"""Video and audio in a lesson: nothing is asked of the other server before play, times lead to their place, and print has all."""

import struct
from hashlib import sha256
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from course.markup import Asset, CaptionTrack, Media, MediaSource, Setting, TranscriptPart, render_page
from course.models import CourseFile
from tests import factories as make
from tests.browser.looks import DESKTOP, PHONE
from tests.browser.shots import look_at, shoot
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]

HOST = "media.example.org"
RATE, SECONDS = 8000, 10
SOUND = b"".join((
    *(b"RIFF", struct.pack("<I", 36 + RATE * SECONDS), b"WAVEfmt ", struct.pack("<IHHIIHH", 16, 1, 1, RATE, RATE, 1, 8)),
    *(b"data", struct.pack("<I", RATE * SECONDS), b"\x80" * (RATE * SECONDS)),
))  # fmt: skip
PARTS = (
    TranscriptPart(0, "Take a step against the gradient, and look where you are. " * 4, "Ada"),
    TranscriptPart(7, "Then take another one, until the loss no longer falls.", "Bob"),
)
CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:02.000\n<v Ada>Take a step.\n"
PLAYER = "const player = document.querySelector('audio');"
TEXT = "Watch.\n\n```media {id=talk}\nvideo\n```\n\nListen.\n\n```media\naudio\n```\n\nAn end.\n"


@pytest.fixture(autouse=True)
def allowed(settings):
    settings.SECURE_CSP = {**settings.SECURE_CSP, "media-src": ["'self'", f"https://{HOST}"]}


@pytest.fixture
def lesson(course):
    digest = sha256(CAPTIONS).hexdigest()
    CourseFile.objects.create(course=course, path="data/talk.vtt", content=CAPTIONS, digest=digest)
    video = Media(
        kind="video",
        title="Why the gradient points uphill",
        sources=(MediaSource(f"https://{HOST}/talks/a-long-name-of-a-file-about-gradients.webm", "video/webm"),),
        captions=(CaptionTrack(f"/courses/{course.slug}/files/{digest[:16]}/data/talk.vtt", "en", "English"),),
        transcript=PARTS,
    )
    audio = Media(
        "audio", "A talk about steps", (MediaSource(f"https://{HOST}/steps.wav", "audio/wav"),), transcript=PARTS
    )
    kinds = {"video\n": video, "audio\n": audio}
    page = render_page(TEXT, Setting(find_asset=lambda _: Asset(), find_media=lambda text, line: kinds[text]))
    assert page.problems == ()
    module = course.modules.get(title="Introduction to TensorFlow")
    return make.make_lesson(module=module, title="Recordings", html=page.html, is_open=True)


def open_lesson(open_page, lesson, *args, **options):
    """Open the lesson; return its page, and the requests to the other server, which answers with a sound of ten seconds."""
    page, asked = open_page(*args, **options), []

    def answer(route):
        asked.append(urlsplit(route.request.url).path)
        begin = int(route.request.headers.get("range", "bytes=0-").removeprefix("bytes=").partition("-")[0])
        headers = {"Accept-Ranges": "bytes", "Content-Range": f"bytes {begin}-{len(SOUND) - 1}/{len(SOUND)}"}
        route.fulfill(status=206, body=SOUND[begin:], content_type="audio/wav", headers=headers)

    page.route(f"https://{HOST}/**", answer)
    page.goto(f"/lessons/{lesson.pk}/")
    return page, asked


def opened(page, kind):
    figure = page.locator(f"[data-media={kind}]")
    figure.get_by_text("Transcript", exact=True).click()
    return figure


def test_recordings_in_every_look(open_page, look, lesson):
    page, asked = open_lesson(open_page, lesson, look)
    look_at(page, "recordings", look)
    opened(page, "video")
    expect(page.get_by_role("button", name="Play from 0:07").first).to_be_visible()
    look_at(page, "recordings-transcript", look)
    assert asked == []


def test_a_time_plays_from_its_place_and_only_then_asks_the_other_server(open_page, lesson):
    page, asked = open_lesson(open_page, lesson)
    figure = opened(page, "audio")
    time = figure.get_by_role("button", name="Play from 0:07")
    expect(time).to_have_text("0:07")
    page.wait_for_load_state("networkidle")
    assert asked == []
    time.click()
    page.wait_for_function(
        f"() => {{ {PLAYER} return player.readyState && player.currentTime >= 7 && !player.paused; }}"
    )
    assert set(asked) == {"/steps.wav"}
    figure.get_by_role("button", name="Play from 0:00").click()
    page.wait_for_function("() => document.querySelector('audio').currentTime < 7")


def test_captions_come_from_this_site_when_a_reader_turns_them_on(open_page, lesson):
    page, asked = open_lesson(open_page, lesson)
    page.evaluate("document.querySelector('video').textTracks[0].mode = 'showing'")
    page.wait_for_function("() => document.querySelector('video').textTracks[0].cues?.length === 1")
    assert page.evaluate("document.querySelector('video').textTracks[0].cues[0].text") == "<v Ada>Take a step."
    assert page.evaluate("document.querySelector('video').textTracks[0].label") == "English"
    assert asked == []


def test_the_keyboard_alone_opens_the_transcript_and_plays(open_page, lesson):
    page, _ = open_lesson(open_page, lesson)
    summary = page.locator("[data-media=audio] summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.locator("[data-media=audio] .seek").first.wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("[data-media=audio] .seek").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('audio').currentTime >= 7")


def test_without_scripts_the_player_and_the_transcript_are_there(open_page, lesson):
    page, asked = open_lesson(open_page, lesson, java_script_enabled=False)
    figure = opened(page, "video")
    expect(figure.locator("video[controls]")).to_be_visible()
    expect(figure.locator("[data-time]").nth(1)).to_have_text("0:07")
    expect(figure.get_by_role("button")).to_have_count(0)
    assert asked == []


@pytest.mark.parametrize("look", [DESKTOP, PHONE], ids=str)
def test_paper_shows_the_transcript_and_the_address(open_page, look, lesson):
    page, asked = open_lesson(open_page, lesson, look)
    page.locator(".seek").first.wait_for(state="attached")
    page.emulate_media(media="print")
    figure = page.locator("[data-media=video]")
    expect(figure.get_by_text("until the loss no longer falls.")).to_be_visible()
    expect(figure.locator(".seek").nth(1)).to_be_visible()
    expect(page.locator("[data-media=audio] audio")).to_be_hidden()
    shown = figure.locator("figcaption a").evaluate("link => getComputedStyle(link, '::after').content")
    assert f"https://{HOST}/talks/a-long-name-of-a-file-about-gradients.webm" in shown
    shoot(page, "recordings-print", look)
    assert asked == []


def test_a_video_keeps_its_shape_when_its_file_cannot_be_loaded_and_a_message_leads_to_the_transcript(
    open_page, lesson
):
    page = open_page()
    page.route(f"https://{HOST}/**", lambda route: route.abort())
    page.goto(f"/lessons/{lesson.pk}/")
    video = page.locator("video")
    page.locator(".seek").first.wait_for(state="attached")
    before = video.bounding_box()
    assert before["height"] == pytest.approx(before["width"] * 9 / 16, abs=1)
    video.evaluate("video => { video.play().catch(() => {}); }")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The recording could not be loaded. You can read the transcript.")
    assert video.bounding_box()["height"] == before["height"]


def test_a_lesson_without_recordings_loads_nothing_for_them(open_page, course):
    page, asked = open_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/lessons/{course.modules.get(title='Introduction to TensorFlow').lessons.first().pk}/")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "recordings" in url] == []


def test_a_browser_follows_no_redirect_to_another_host(open_page, lesson, faults):
    page, asked = open_page(), []
    page.route(
        f"https://{HOST}/**",
        lambda route: route.fulfill(status=302, headers={"Location": "https://evil.example/a.wav"}),
    )
    page.route("https://evil.example/**", lambda route: (asked.append(route.request.url), route.abort()))
    page.goto(f"/lessons/{lesson.pk}/")
    page.locator(".seek").first.wait_for(state="attached")
    page.locator("audio").evaluate("audio => { audio.play().catch(() => {}); }")
    expect(page.get_by_role("alert")).to_be_visible()
    assert asked == []
    assert all("media-src" in fault for fault in faults)
    faults.clear()
