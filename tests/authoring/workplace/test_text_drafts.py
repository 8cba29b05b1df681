"""What an author types into a text is kept for that author until it is published or discarded."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from course.models import Course, Lesson, TextDraft, TextVersion
from people.models import Enrollment
from quizzes.models import Question
from tests import factories as make
from tests.authoring.workplace.test_texts import NASTY

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    call_command("course", "load", str(NASTY), yes=True, verbosity=0)
    return Course.objects.get()


@pytest.fixture
def path(course):
    return Lesson.objects.exclude(path="").first().path


def teacher_of(course):
    person = make.make_user(is_staff=True)
    Enrollment.objects.create(user=person, course=course, role="instructor", enrolled_at=make.NOW)
    return person


@pytest.fixture
def author(client, course):
    person = teacher_of(course)
    client.force_login(person)
    return person


def address(course, path, key="", name="edit_text"):
    return reverse(name, args=[course.slug, path]) + (f"?question={key}" if key else "")


def opened(client, course, path, key="", **query):
    return client.get(address(course, path, key), query) if query else client.get(address(course, path, key))


def save(client, course, path, text, revision=0, key="", **more):
    form = opened(client, course, path, key).context
    said = {"text": text, "digest": form["digest"], "revision": revision, **more}
    return client.post(address(course, path, key, "text_draft"), said)


def test_typed_text_is_restored_and_labeled_as_a_draft(client, course, path, author):
    published = opened(client, course, path).context["text"]
    answer = save(client, course, path, published + "\nMine.\n")
    assert (answer.status_code, answer.json()["revision"]) == (200, 1)
    page = opened(client, course, path)
    assert (page.context["text"], page.context["theirs"]) == (published + "\nMine.\n", None)
    assert "This is your draft" in page.content.decode()
    assert path in client.get(reverse("course_texts", args=[course.slug])).content.decode().split("<table")[0]
    client.force_login(teacher_of(course))
    other = opened(client, course, path)
    assert (other.context["text"], "This is your draft" in other.content.decode()) == (published, False)


def test_the_list_of_drafts_has_the_time_of_each_on_a_line_of_its_own(client, course, path, author):
    save(client, course, path, "Mine.\n")
    page = " ".join(client.get(reverse("course_texts", args=[course.slug])).content.decode().split())
    listed = page.partition('id="drafts"')[2].partition("</section>")[0]
    assert f'>{path}</a> <p class="small-text mute"><time datetime=' in listed


def test_a_question_and_its_file_have_drafts_of_their_own(client, course, author):
    question = Question.objects.exclude(file="").first()
    save(client, course, question.file, "the question", key=question.key)
    save(client, course, question.file, "the file")
    assert opened(client, course, question.file, question.key).context["text"] == "the question"
    assert opened(client, course, question.file).context["text"] == "the file"


def test_a_draft_that_a_later_publication_overtook_is_shown_beside_it(client, course, path, author):
    published = opened(client, course, path).context["text"]
    save(client, course, path, published + "\nMine.\n")
    client.force_login(teacher_of(course))
    form = opened(client, course, path).context
    theirs = {"text": published + "\nTheirs.\n", "digest": form["digest"], "revision": 0, "do": "publish"}
    assert client.post(address(course, path), theirs).status_code == 302
    client.force_login(author)
    page = opened(client, course, path)
    assert (page.context["text"], page.context["theirs"]) == (published + "\nMine.\n", published + "\nTheirs.\n")
    assert "A newer version was published after you began this draft" in page.content.decode()


def test_a_publication_that_overtook_a_draft_is_shown_until_the_draft_is_published(client, course, path, author):
    published = opened(client, course, path).context["text"]
    save(client, course, path, published + "\nMine.\n")
    client.force_login(teacher_of(course))
    form = opened(client, course, path).context
    client.post(address(course, path), {"text": published + "\nTheirs.\n", "digest": form["digest"]})
    client.force_login(author)
    seen = opened(client, course, path).context
    typed = {"text": seen["text"] + "More.\n", "began": seen["began"], "revision": seen["revision"]}
    assert client.post(address(course, path, name="text_draft"), typed).status_code == 200
    assert opened(client, course, path).context["theirs"] == published + "\nTheirs.\n"


def test_discarding_a_draft_brings_back_what_is_published(client, course, path, author):
    published = opened(client, course, path).context["text"]
    save(client, course, path, "mine")
    answer = client.post(address(course, path, name="text_draft"), {"do": "discard"})
    assert (answer.status_code, opened(client, course, path).context["text"]) == (302, published)
    assert TextDraft.objects.get().text is None


def test_publishing_ends_the_draft_and_every_other_button_saves_it(client, course, path, author):
    form = opened(client, course, path).context
    said = {"text": form["text"] + "\nMine.\n", "digest": form["digest"], "revision": 0}
    for place, button in enumerate(["preview", "check"]):
        page = client.post(address(course, path), {**said, "do": button, "revision": place})
        assert (page.status_code, page.context["revision"]) == (200, place + 1)
    assert TextDraft.objects.get().text == said["text"]
    assert client.post(address(course, path), {**said, "do": "publish", "revision": 2}).status_code == 302
    assert (TextDraft.objects.get().text, TextVersion.objects.filter(author=author).count()) == (None, 1)


def test_a_text_that_cannot_be_published_is_kept_as_a_draft(client, course, path, author):
    form = opened(client, course, path).context
    said = {"text": "no front matter", "digest": form["digest"], "revision": 0, "do": "publish"}
    assert client.post(address(course, path), said).status_code == 400
    assert opened(client, course, path).context["text"] == "no front matter"


def test_a_second_window_overwrites_nothing_and_both_texts_are_offered(client, course, path, author):
    save(client, course, path, "first window")
    late = save(client, course, path, "second window")
    assert (late.status_code, late.json()["code"]) == (409, "stale_text_draft")
    assert late.json()["draft"] == {"text": "first window", "revision": 1}
    assert save(client, course, path, "first window").status_code == 200  # the same save, whose answer was lost
    form = {"text": "second window", "digest": opened(client, course, path).context["digest"], "revision": 0}
    page = client.post(address(course, path), {**form, "do": "publish"})
    assert (page.status_code, page.context["text"], page.context["elsewhere"]) == (409, "second window", "first window")
    assert (TextDraft.objects.get().text, TextVersion.objects.count()) == ("first window", 0)
    again = client.post(address(course, path), {**form, "do": "preview", "revision": page.context["revision"]})
    assert (again.status_code, TextDraft.objects.get().text) == (200, "second window")


def test_an_older_version_does_not_replace_a_draft_unasked(client, course, path, author):
    form = opened(client, course, path).context
    said = {"text": form["text"] + "\nMine.\n", "digest": form["digest"], "revision": 0, "do": "publish"}
    client.post(address(course, path), said)
    oldest = TextVersion.objects.order_by("pk").first()
    assert opened(client, course, path, version=oldest.pk).context["text"] == oldest.text
    save(client, course, path, "my draft", revision=2)
    assert opened(client, course, path, version=oldest.pk).context["text"] == "my draft"
    assert opened(client, course, path, version=oldest.pk, instead="draft").context["text"] == oldest.text


def test_the_draft_of_a_question_that_is_gone_can_still_be_copied_and_discarded(client, course, author):
    question = Question.objects.exclude(file="").first()
    save(client, course, question.file, "what I had", key=question.key)
    Question.objects.filter(pk=question.pk).update(is_retired=True)
    page = opened(client, course, question.file, question.key)
    assert (page.status_code, "what I had" in page.content.decode()) == (200, True)
    client.post(address(course, question.file, question.key, "text_draft"), {"do": "discard"})
    assert opened(client, course, question.file, question.key).status_code == 404


def test_a_text_that_is_too_long_or_no_text_of_the_course_is_refused(client, course, path, author):
    assert save(client, course, path, "x" * 1_000_001).json()["code"] == "text_too_long"
    assert save(client, course, path, "a\0b").json()["code"] == "text_unfit"
    for place in (address(course, "nothing.md", name="text_draft"), address(course, path, "no-question", "text_draft")):
        assert client.post(place, {"text": "x"}).status_code == 404
        assert client.post(place, {"do": "discard"}).status_code == 302
    assert TextDraft.objects.count() == 0
    assert client.post(address(course, path, name="text_draft"), {"text": ""}).status_code == 200


@pytest.mark.parametrize("name", ["edit_text", "text_draft"])
def test_a_nul_in_the_address_is_not_found(client, course, path, author, name):
    assert client.post(address(course, path, "%00", name), {"text": "x"}).status_code == 404
    assert client.post(address(course, path, name="text_draft"), {"text": "x", "began": "\0"}).status_code == 200


def test_a_version_opens_only_in_the_editor_of_its_text(client, course, path, author):
    form = opened(client, course, path).context
    said = {"text": form["text"] + "\nMine.\n", "digest": form["digest"], "do": "publish"}
    client.post(address(course, path), said)
    other = Lesson.objects.exclude(path="").exclude(path=path).first().path
    version = TextVersion.objects.first()
    assert opened(client, course, path, version=version.pk).status_code == 200
    assert opened(client, course, other, version=version.pk).status_code == 404


def test_versions_say_why_they_were_published(client, course, path, author):
    form = opened(client, course, path).context
    said = {
        "text": form["text"] + "\nMine.\n",
        "digest": form["digest"],
        "do": "publish",
        "reason": "A slip in the sum.",
    }
    client.post(address(course, path), said)
    assert "A slip in the sum." in client.get(reverse("text_history", args=[course.slug, path])).content.decode()


def test_a_draft_is_for_those_who_teach_the_course(client, course, path, author):
    for person in (make.enroll(course=course), make.make_user(is_staff=True)):
        client.force_login(person)
        assert client.post(address(course, path, name="text_draft"), {"text": "x"}).status_code == 404
    assert TextDraft.objects.count() == 0
