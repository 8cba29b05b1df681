"""Editing texts in the workplace: previewed, checked, never over another person's edit, never moving a grade unasked."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from django.urls import reverse

from authoring.folder import title_in
from authoring.services import export_course, read_folder
from authoring.workplace.previews import STRAY
from course.models import Course, Lesson, Module, TextVersion
from labs.services import record_passed
from people.models import Enrollment
from quizzes import services
from quizzes.models import Question
from records.models import AuditEntry
from tests import factories as make
from tests.portal.workplace.people import instructor_of, staff_in

pytestmark = pytest.mark.django_db
NASTY = Path(__file__).parents[2] / "nasty-course"


@pytest.fixture
def course():
    call_command("course", "load", str(NASTY), yes=True, verbosity=0)
    return Course.objects.get()


@pytest.fixture
def teacher(client, course):
    person = make.make_user(is_staff=True)
    Enrollment.objects.create(user=person, course=course, role="instructor", enrolled_at=make.NOW)
    client.force_login(person)
    return person


def opened(client, course, path):
    page = client.get(reverse("edit_text", args=[course.slug, path]))
    return {name: page.context[name] for name in ("text", "digest", "revision")}


def test_an_edit_is_published_recorded_and_kept_by_the_next_load(client, course, teacher):
    lesson = Lesson.objects.exclude(path="").first()
    form = opened(client, course, lesson.path)
    url = reverse("edit_text", args=[course.slug, lesson.path])
    answer = client.post(url, {**form, "text": form["text"] + "\nAnother sentence.\n"})
    lesson.refresh_from_db()
    assert (answer.status_code, "Another sentence." in lesson.html, lesson.edited_by) == (302, True, teacher)
    assert AuditEntry.objects.get().action == "edit_text"
    call_command("course", "load", str(NASTY), yes=True, verbosity=0)
    lesson.refresh_from_db()
    assert "Another sentence." in lesson.html


def test_two_people_never_overwrite_each_other_silently(client, course, teacher):
    path = Lesson.objects.exclude(path="").first().path
    url, form = reverse("edit_text", args=[course.slug, path]), opened(client, course, path)
    assert client.post(url, {**form, "text": form["text"] + "\nMine.\n"}).status_code == 302
    client.force_login(instructor_of(course))
    late = client.post(url, {**form, "text": form["text"] + "\nTheirs.\n"})
    assert late.status_code == 409
    assert "Mine." in late.context["theirs"]
    assert "Theirs." in late.context["text"]


def test_a_mistake_is_named_with_its_line_and_nothing_is_written(client, course, teacher):
    lesson = Lesson.objects.exclude(path="").first()
    before = lesson.html
    form = opened(client, course, lesson.path)
    answer = client.post(reverse("edit_text", args=[course.slug, lesson.path]), {**form, "text": "no front matter"})
    lesson.refresh_from_db()
    assert (answer.status_code, lesson.html) == (400, before)
    assert f"{lesson.path}:1:" in answer.content.decode()


def test_texts_are_listed_by_module_under_the_titles_that_learners_see(client, course, teacher):
    page = client.get(reverse("course_texts", args=[course.slug]))
    groups = {group.title: [(row.title, row.path) for row in group.rows] for group in page.context["groups"]}
    modules = Module.objects.values_list("title", flat=True)
    assert list(groups) == ["The whole course", *modules]
    assert groups["Second"] == [
        ("Order of things", "02-second/10-order.md"),
        ("Title and objectives", "02-second/module.yaml"),
        ("Review questions", "02-second/review.yaml"),
    ]
    assert groups["Final exam"][-1] == ("Exam questions: second", "exam/pool-second.yaml")
    lab = next(row for row in page.context["groups"][2].rows if row.files)
    assert (lab.title, lab.path, lab.files[0]) == ("Tiny", "01-first/labs/tiny", "01-first/labs/tiny/lab.py")


def test_a_lesson_without_a_file_is_not_listed_among_the_texts(client, course, teacher):
    make.make_lesson(module=course.modules.first(), title="By hand")
    page = client.get(reverse("course_texts", args=[course.slug]))
    assert (page.status_code, [row for group in page.context["groups"] for row in group.rows if not row.path]) == (
        200,
        [],
    )


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('title: "It\'s: here"\n', "It's: here"),
        ("---\nid: a\ntitle: First\n---\n\ntitle: Second\n", "First"),
        ("- id: a\n  title: Inside\n", ""),
        ("title: [1]\n", ""),
        ("title: {\n", ""),
        ("title:\n", ""),
    ],
)
def test_a_title_is_read_from_a_text_whatever_else_it_holds(text, title):
    assert title_in(text) == title


def test_others_find_nothing_here(client, course):
    path = Lesson.objects.exclude(path="").first().path
    urls = [reverse("course_texts", args=[course.slug]), reverse("edit_text", args=[course.slug, path])]
    for person in (make.make_user(is_staff=True), make.make_user()):
        client.force_login(person)
        assert [client.get(url).status_code for url in urls] == [404, 404]


def test_the_preview_is_what_a_learner_would_see_and_writes_nothing(client, course, teacher):
    lesson = Lesson.objects.exclude(path="").first()
    text = opened(client, course, lesson.path)["text"] + "\nThe slope is $w$.\n"
    url = reverse("preview_text", args=[course.slug, lesson.path])
    fragment = client.post(url, {"text": text}).content.decode()
    assert ("<math" in fragment, "<html" in fragment) == (True, False)
    without_script = client.post(reverse("edit_text", args=[course.slug, lesson.path]), {"text": text, "do": "preview"})
    assert ("<math" in without_script.content.decode(), without_script.context["text"]) == (True, text)
    before = lesson.html
    lesson.refresh_from_db()
    assert (lesson.html, TextVersion.objects.count()) == (before, 0)


def test_mistakes_appear_next_to_the_text_while_typing(client, course, teacher):
    path = Lesson.objects.exclude(path="").first().path
    text = opened(client, course, path)["text"] + "\n[there](lesson:nowhere)\n"
    preview = client.post(reverse("preview_text", args=[course.slug, path]), {"text": text}).context["preview"]
    assert preview.mistakes == ((text.count("\n"), "“lesson:nowhere” is not a page of this course."),)


def test_the_whole_course_is_checked_on_request(client, course, teacher):
    path = Lesson.objects.exclude(path="").first().path
    answer = client.post(reverse("edit_text", args=[course.slug, path]), {"text": "no front matter", "do": "check"})
    assert (answer.status_code, [mistake.path for mistake in answer.context["checked"].mistakes][:1]) == (200, [path])


def a_question(course):
    asked = Question.objects.filter(assessment__course=course, is_retired=False, file="01-first/review.yaml")
    return asked.order_by("position").first()


def question_url(course, question):
    return f"{reverse('edit_text', args=[course.slug, question.file])}?question={question.key}"


def test_one_question_is_edited_in_its_place(client, course, teacher):
    question = a_question(course)
    others = list(Question.objects.filter(file=question.file).exclude(pk=question.pk).values_list("source", flat=True))
    form = client.get(question_url(course, question)).context
    assert (form["text"], [each.text.key for each in form["preview"].questions]) == (question.source, [question.key])
    text = form["text"].replace(question.current.prompt.split()[0], "Again, " + question.current.prompt.split()[0], 1)
    done = client.post(question_url(course, question), {"text": text, "digest": form["digest"], "do": "publish"})
    versions = question.current.number
    question.refresh_from_db()
    assert (done.status_code, question.current.number, question.source) == (302, versions + 1, text)
    assert (
        list(Question.objects.filter(file=question.file).exclude(pk=question.pk).values_list("source", flat=True))
        == others
    )
    assert text in export_course(course_id=course.pk)[question.file].decode()


def test_two_questions_of_one_file_are_edited_at_once_without_a_conflict(client, course, teacher):
    one, two = Question.objects.filter(file=a_question(course).file, is_retired=False)[:2]
    forms = [client.get(question_url(course, question)).context for question in (one, two)]
    done = [
        client.post(
            question_url(course, question), {"text": f"{form['text'].rstrip()}\n  # seen\n", "digest": form["digest"]}
        ).status_code
        for question, form in zip((one, two), forms, strict=True)
    ]
    assert done == [302, 302]


def test_versions_are_kept_compared_and_restored_through_the_editor(client, course, teacher):
    path = Lesson.objects.exclude(path="").first().path
    url, form = reverse("edit_text", args=[course.slug, path]), opened(client, course, path)
    client.post(url, {**form, "text": form["text"] + "\nMine.\n"})
    history = client.get(reverse("text_history", args=[course.slug, path])).context
    assert [(version.author, version.text == form["text"]) for version in history["versions"]] == [
        (teacher, False),
        (None, True),
    ]
    assert [line.text for line in history["lines"] if line.kind == "added"] == ["", "Mine."]
    oldest = history["versions"][-1]
    older = client.get(url, {"version": oldest.pk}).context
    assert (older["text"], older["is_older"]) == (form["text"], True)
    restored = {name: older[name] for name in ("text", "digest", "revision")}
    assert client.post(url, restored).status_code == 302
    assert export_course(course_id=course.pk)[path].decode() == form["text"]


def test_a_version_of_another_course_is_not_shown(client, course, teacher):
    path = Lesson.objects.exclude(path="").first().path
    other = TextVersion.objects.create(
        course=make.make_course(), path=path, text="secret", digest="", created_at=make.NOW
    )
    assert client.get(reverse("edit_text", args=[course.slug, path]), {"version": other.pk}).status_code == 404


def test_the_folder_downloads_with_the_edits_in_it(client, course, teacher):
    path = Lesson.objects.exclude(path="").first().path
    form = opened(client, course, path)
    client.post(reverse("edit_text", args=[course.slug, path]), {**form, "text": form["text"] + "\nMine.\n"})
    answer = client.get(reverse("folder_zip", args=[course.slug]))
    with ZipFile(BytesIO(answer.content)) as archive:
        found = {name.removeprefix(f"{course.slug}/"): archive.read(name) for name in archive.namelist()}
    assert (found, b"Mine." in found[path]) == (export_course(course_id=course.pk), True)


@pytest.mark.parametrize("path", ["nothing.md", "figures/none.svg", "../course.yaml"])
def test_only_texts_of_the_course_can_be_edited(client, course, teacher, path):
    for name in ("edit_text", "preview_text"):
        assert client.post(reverse(name, args=[course.slug, path]), {"text": "x"}).status_code == 404


EMPTIED = {"emptied": lambda text: "", "renamed": lambda text: text.replace("id: ", "id: another-", 1)}


@pytest.mark.parametrize("change", EMPTIED.values(), ids=EMPTIED)
def test_an_edit_of_one_question_neither_removes_nor_renames_it(client, course, teacher, change):
    question = a_question(course)
    form = client.get(question_url(course, question)).context
    answer = client.post(question_url(course, question), {"text": change(form["text"]), "digest": form["digest"]})
    question.refresh_from_db()
    assert (answer.status_code, question.is_retired, question.source) == (400, False, form["text"])
    assert answer.context["mistakes"] == [STRAY]


def test_an_edit_that_removes_a_question_asks_for_confirmation(client, course, teacher):
    question = a_question(course)
    learner = make.enroll(course=course)
    services.check_response(learner=learner, question_id=question.pk, response=False, number=1, now=make.NOW)
    form, url = opened(client, course, question.file), reverse("edit_text", args=[course.slug, question.file])
    shorter = {**form, "text": form["text"].replace(question.source, "")}
    asked = client.post(url, shorter)
    question.refresh_from_db()
    assert (asked.status_code, asked.context["removed"], question.is_retired) == (409, {question.key: 1}, False)
    assert client.post(url, {**shorter, "accepted": asked.context["accepted"]}).status_code == 302
    question.refresh_from_db()
    assert question.is_retired


def test_an_author_publishes_a_text_and_cannot_change_grades_or_the_policy(client, course, teacher):
    client.force_login(staff_in(course, "author"))
    lesson = Lesson.objects.exclude(path="").first()
    form, url = opened(client, course, lesson.path), reverse("edit_text", args=[course.slug, lesson.path])
    assert client.post(url, {**form, "text": form["text"] + "\nAnother sentence.\n"}).status_code == 302
    policy = reverse("edit_text", args=[course.slug, "course.yaml"])
    draft = reverse("text_draft", args=[course.slug, "course.yaml"])
    answers = (client.get(policy), client.post(policy, {"text": "x"}), client.post(draft, {"text": "x"}))
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert "course.yaml" not in client.get(reverse("course_texts", args=[course.slug])).content.decode()
    assert set(TextVersion.objects.values_list("path", flat=True)) == {lesson.path}


def test_a_course_keeps_its_slug_so_its_texts_never_replace_those_of_another_course(client, course, teacher):
    other = make.make_course(slug="other")
    for lab in read_folder(export_course(course_id=course.pk)).labs:
        record_passed(digest=lab.tried, now=make.NOW)
    form, url = opened(client, course, "course.yaml"), reverse("edit_text", args=[course.slug, "course.yaml"])
    answer = client.post(url, {**form, "text": form["text"].replace("slug: nasty", "slug: other")})
    assert (other.modules.count(), Course.objects.count()) == (0, 2)
    assert (answer.status_code, "course.yaml:2: the slug" in answer.content.decode()) == (400, True)


def test_a_preview_after_a_refusal_never_says_that_no_mistakes_were_found(client, course, teacher):
    path = "02-second/module.yaml"
    form, url = opened(client, course, path), reverse("edit_text", args=[course.slug, path])
    text = form["text"].replace("id: order", "id: sorting")  # the questions ask for “order”

    def says_none(page):
        return "No mistakes were found." in page.content.decode()

    assert says_none(client.get(url))
    refused = client.post(url, {**form, "text": text})
    assert (refused.status_code, says_none(refused), b'name="refused"' in refused.content) == (400, False, True)
    typed, preview = {"text": f"{text}\n"}, reverse("preview_text", args=[course.slug, path])
    assert [says_none(client.post(preview, sent)) for sent in (typed, {**typed, "refused": "1"})] == [True, False]
    again = {**opened(client, course, path), "refused": "1", "do": "preview", "text": text}
    assert says_none(client.post(url, again)) is False


def test_an_author_learns_how_many_grades_a_text_would_change_and_not_whose(client, course, teacher):
    right, other = Question.objects.filter(assessment__course=course, file="01-first/review.yaml")[:2]
    learner = make.enroll(course=course, user=make.make_user(username="unmistakable"))
    said = {"response": make.right(right), "number": 1, "now": make.NOW}
    services.check_response(learner=learner, question_id=right.pk, **said)
    url, asked = reverse("edit_text", args=[course.slug, other.file]), {}
    for person in (teacher, staff_in(course, "author")):
        client.force_login(person)
        form = opened(client, course, other.file)
        shorter = {**form, "text": form["text"].replace(other.source, "")}
        asked[person] = client.post(url, shorter)
        confirmed = {**shorter, **opened(client, course, other.file), "text": shorter["text"]}
        confirmed["accepted"] = asked[person].context["accepted"]
    words = [answer.content.decode() for answer in asked.values()]
    assert ["unmistakable" in each for each in words] == [True, False]
    assert "this would change the grade of 1 learner" in " ".join(words[1].split())
    assert client.post(url, confirmed).status_code == 409
    other.refresh_from_db()
    assert (other.is_retired, TextVersion.objects.count()) == (False, 0)


def changed_key(client, course, *, text=lambda text: text.replace("answer: true", "answer: false")):
    question = Question.objects.get(key="is-true")
    form = client.get(question_url(course, question)).context
    said = {name: form[name] for name in ("digest", "revision")} | {"text": text(form["text"]), "do": "preview"}
    return question, client.post(question_url(course, question), said)


def test_the_preview_of_a_new_key_says_how_many_learners_answered_and_leads_to_a_regrade(client, course, teacher):
    question = Question.objects.get(key="is-true")
    for _ in range(2):
        learner = make.enroll(course=course)
        services.check_response(learner=learner, question_id=question.pk, response=True, number=1, now=make.NOW)
    question, answer = changed_key(client, course)
    page, regrade = answer.content.decode(), reverse("regrade_question", args=[course.slug, question.pk])
    assert ("2 learners answered the published version" in page, f'href="{regrade}"' in page) == (True, True)
    typed = {"text": answer.context["text"]}
    address = reverse("preview_text", args=[course.slug, question.file]) + f"?question={question.key}"
    assert "2 learners answered the published version" in client.post(address, typed).content.decode()


def test_the_preview_of_a_new_key_that_nobody_answered_asks_for_no_regrade(client, course, teacher):
    _, answer = changed_key(client, course)
    assert "published version" not in answer.content.decode()


def test_the_preview_of_a_corrected_prompt_asks_for_no_regrade(client, course, teacher):
    question = Question.objects.get(key="is-true")
    learner = make.enroll(course=course)
    services.check_response(learner=learner, question_id=question.pk, response=True, number=1, now=make.NOW)
    _, answer = changed_key(client, course, text=lambda text: text.replace("prompt: Is", "prompt: Is it true that"))
    assert "published version" not in answer.content.decode()


def test_publishing_a_new_key_shows_how_many_learners_answered_the_old_one(client, course, teacher):
    question = Question.objects.get(key="is-true")
    learner = make.enroll(course=course)
    services.check_response(learner=learner, question_id=question.pk, response=True, number=1, now=make.NOW)
    form = client.get(question_url(course, question)).context
    said = {"text": form["text"].replace("answer: true", "answer: false"), "digest": form["digest"], "do": "publish"}
    page = client.post(question_url(course, question), said, follow=True).content.decode()
    regrade = reverse("regrade_question", args=[course.slug, question.pk])
    assert ("1 learner answered the earlier version" in page, f'href="{regrade}"' in page) == (True, True)


def test_publishing_an_unchanged_text_makes_no_version(client, course, teacher):
    path = Lesson.objects.exclude(path="").first().path
    assert client.post(reverse("edit_text", args=[course.slug, path]), opened(client, course, path)).status_code == 302
    assert (TextVersion.objects.count(), AuditEntry.objects.count()) == (0, 0)


@pytest.mark.parametrize("more", ["\0", "long " * 40_000], ids=["a NUL", "200 kB"])
def test_texts_with_invalid_characters_are_not_published(client, course, teacher, more):
    lesson = Lesson.objects.exclude(path="").first()
    form = opened(client, course, lesson.path)
    url = reverse("edit_text", args=[course.slug, lesson.path])
    answer = client.post(url, {**form, "text": f"{form['text']}\n{more}\n"})
    assert (answer.status_code, TextVersion.objects.count()) == (400, 0)


def test_the_preview_shows_near_misses_and_when_learners_read_them(client, course, teacher):
    question = Question.objects.get(key="how-much")
    rows = "near_misses:\n    - {answer: '3', why: You added up.}\n    - {answer: '4', why: Too much.}\n  explanation:"
    form = client.get(question_url(course, question)).context
    said = {"text": form["text"].replace("explanation:", rows, 1), "digest": form["digest"], "do": "preview"}
    (shown,) = client.post(question_url(course, question), said).context["preview"].questions
    assert [tuple(each) for each in shown.near_misses] == [
        ("3 € & cents", "You added up.", False),  # the key plus 1
        ("4 € & cents", "Too much.", False),  # twice the key
    ]
    said["text"] = said["text"].replace("'4'", "'9'")
    page = client.post(question_url(course, question), said)
    assert [each.is_early for each in page.context["preview"].questions[0].near_misses] == [False, True]
    assert [
        page.content.decode().count(f"Shown {when}.") for when in ("after a wrong attempt", "with the explanation")
    ] == [1, 1]
