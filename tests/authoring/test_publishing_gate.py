"""One gate: what decides points becomes current only after its trial and with the permission of an instructor, whatever
way it takes (decision 45).
"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from authoring.services import copy_course, editable_texts, plan_copy, read_folder
from course.models import Course, TextDraft, TextVersion
from course.selectors import text_draft_of
from course.services import save_text_draft, text_digest
from labs.models import Lab, Tryout
from portal.refusals import Refusal
from quizzes.models import Assessment
from records.models import AuditEntry
from tests import factories as make
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.publishing import edit_course, load_text
from tests.authoring.workplace.test_tryouts import words
from tests.labs.tried import let_edits_pass
from tests.portal.workplace.people import staff_in

pytestmark = pytest.mark.django_db
FOLDER = "01-first/labs/tiny"
PROBES, SOLUTION, SCRIPT, HEAD = (f"{FOLDER}/{name}" for name in ("probes.py", "solution.py", "lab.py", "lab.yaml"))
LISTED = '    Read(name="{name}", points=2, variable="answer", reference=2, message="answer is 1 + 1."),\n'
NONE = "PROBES = []\n"
FEWER = "Tiny: 4 tests before, 0 now; 8 points before, 0 now"
EXAM, EVERYTHING = "exam/exam.yaml", "01-first/10-everything.md"


def probes_with(number, reference=2):
    tests = "".join(LISTED.format(name=f"Answer {each + 1}") for each in range(number))
    return f"from labs.runner.judge.authoring import Read\n\nPROBES = [\n{tests}]\n".replace("ce=2", f"ce={reference}")


FOUR, TWO = probes_with(4), probes_with(2)
COUNTED = (
    nasty_files()["course.yaml"]
    .decode()
    .replace(
        "weight: 33.3, pass_percent: 60, of: review}",
        "weight: 13.3, pass_percent: 60, of: review}\n  - {id: labs, title: Labs, weight: 20, pass_percent: 60, of: lab}",
    )
)


def load(**files):
    load_text(
        read_folder(nasty_files() | {PROBES: FOUR.encode()} | {path: text.encode() for path, text in files.items()})
    )
    return Course.objects.get(slug="nasty")


@pytest.fixture
def course():
    return load()


@pytest.fixture
def counting():
    """The course, whose labs count."""
    return load(**{"course.yaml": COUNTED})


@pytest.fixture(autouse=True)
def no_runner(settings, tmp_path):
    settings.RUNNER_SOCKET, settings.DATA = tmp_path / "nobody", tmp_path


@pytest.fixture
def sign_in(client):
    def sign_in(course, role):
        person = staff_in(course, role)
        client.force_login(person)
        return person

    return sign_in


def in_the_editor(client, course, person, path, text, accepted=""):
    address = reverse("edit_text", args=[course.slug, path])
    opened = client.get(address)
    if opened.status_code != 200:
        return client.post(address, {"text": text, "do": "publish"})
    form = {name: opened.context[name] for name in ("digest", "revision")}
    return client.post(address, {**form, "text": text, "do": "publish", "accepted": accepted})


def in_an_upload(client, course, person, path, text, accepted=""):
    if accepted:  # the drafts are published on the page of the lab, which asked
        return client.post(reverse("lab_tryout", args=[course.slug, FOLDER]), {"do": "publish", "accepted": accepted})
    folder, _, name = path.rpartition("/")
    sent = {"files": [SimpleUploadedFile(name, text.encode())], "known": folder, "reason": "Better."}
    done = client.post(reverse("course_files", args=[course.slug]), sent)
    if done.status_code != 302:
        return done
    page = client.get(done.url)
    if "would lower" not in words(page):
        return page
    return client.post(done.url, {"do": "publish"})


def on_the_labs_page(client, course, person, path, text, accepted=""):
    draft = text_draft_of(person.pk, course.pk, path, "")
    if draft is None:
        digest = text_digest(editable_texts(course_id=course.pk)[path])
        place = {"user": person, "course_id": course.pk, "path": path, "key": "", "revision": 0}
        save_text_draft(**place, text=text, digest=digest, now=make.NOW)
    return client.post(reverse("lab_tryout", args=[course.slug, FOLDER]), {"do": "publish", "accepted": accepted})


WAYS = pytest.mark.parametrize("publish", [in_the_editor, in_an_upload, on_the_labs_page])


def points():
    return [test["points"] for test in Lab.objects.get(course__slug="nasty").tests]


def drafted(person, path=PROBES):
    return TextDraft.objects.get(user=person, path=path).text


@WAYS
def test_an_author_cannot_take_tests_away(client, course, sign_in, publish):
    author = sign_in(course, "author")
    page = publish(client, course, author, PROBES, NONE)
    assert (page.status_code in (400, 403), FEWER in words(page), points()) == (True, True, [2] * 4)
    assert "Ask an instructor of the course" in words(page)
    assert drafted(author) == NONE
    assert not AuditEntry.objects.exists()


@WAYS
def test_an_author_cannot_take_some_tests_or_points_away_after_a_trial_either(client, course, sign_in, publish):
    let_edits_pass(course, {PROBES: TWO})
    page = publish(client, course, sign_in(course, "author"), PROBES, TWO)
    assert ("Tiny: 4 tests before, 2 now; 8 points before, 4 now" in words(page), points()) == (True, [2] * 4)


@WAYS
def test_an_instructor_confirms_fewer_tests_and_the_audit_names_them(client, course, sign_in, publish):
    instructor = sign_in(course, "instructor")
    asked = publish(client, course, instructor, PROBES, NONE)
    assert (asked.status_code, FEWER in words(asked), points()) == (409, True, [2] * 4)
    assert drafted(instructor) == NONE
    wrong = publish(client, course, instructor, PROBES, NONE, accepted="something else")
    assert (wrong.status_code, points()) == (409, [2] * 4)
    done = publish(client, course, instructor, PROBES, NONE, accepted=asked.context["accepted"])
    assert (done.status_code, points()) == (302, [])
    entry = AuditEntry.objects.get(action="lower_points")
    assert (entry.actor, entry.course, entry.details) == (instructor, course, {"lowered": FEWER})


@WAYS
def test_an_assistant_publishes_nothing(client, course, sign_in, publish):
    assistant = sign_in(course, "assistant")
    assert publish(client, course, assistant, PROBES, NONE).status_code == 403
    assert points() == [2] * 4


@WAYS
@pytest.mark.parametrize("role", ["author", "instructor"])
def test_without_a_runner_programs_that_judge_are_refused_and_kept(client, course, sign_in, publish, role):
    person = sign_in(course, role)
    page = publish(client, course, person, PROBES, probes_with(5))
    assert "No lab runner answers, so the tests of the lab “Tiny” cannot be tried. Nothing was published" in words(page)
    assert (points(), drafted(person), Tryout.objects.exists()) == ([2] * 4, probes_with(5), False)


@WAYS
def test_programs_that_passed_their_trial_are_published_at_once(client, course, sign_in, publish):
    let_edits_pass(course, {PROBES: probes_with(5)})
    publish(client, course, sign_in(course, "author"), PROBES, probes_with(5))
    assert points() == [2] * 5


@WAYS
@pytest.mark.parametrize("role", ["author", "instructor"])
def test_a_lab_that_counts_keeps_a_test_that_gives_points(client, counting, sign_in, publish, role):
    page = publish(client, counting, sign_in(counting, role), PROBES, NONE)
    assert "no test here gives points, but the category “labs” of course.yaml counts this lab." in words(page)
    assert (page.status_code, points()) == (400, [2] * 4)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param(SOLUTION, "answer = 3 - 1\n", id="solution"),
        pytest.param(SCRIPT, "# %%\nanswer = 2\n", id="starter"),
        pytest.param(f"{FOLDER}/variants.py", "# %% right: a sum\nanswer = 1 + 1\n", id="variants"),
        pytest.param(f"{FOLDER}/beside.py", "TOLERANCE = 1\n", id="a file beside the probes"),
        pytest.param(HEAD, nasty_files()[HEAD].decode().replace("wall: 30", "wall: 3"), id="limits"),
    ],
)
def test_everything_that_a_trial_runs_needs_one(client, course, path, text):
    author = staff_in(course, "author")
    with pytest.raises(Refusal) as refused:
        edit_course(course, {path: text}, author)
    assert refused.value.code == "lab_runner_missing"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param(SCRIPT, "# %% [markdown]\n# Add *two* numbers.\n\n# %%\nanswer = None\n", id="explanation"),
        pytest.param(HEAD, nasty_files()[HEAD].decode().replace("title: Tiny", "title: Small"), id="title"),
    ],
)
def test_what_decides_no_points_needs_no_trial(course, path, text):
    author = staff_in(course, "author")
    assert edit_course(course, {path: text}, author).is_written


def test_an_uploaded_program_does_not_replace_another_draft(client, course, sign_in):
    author = sign_in(course, "author")
    on_the_labs_page(client, course, author, PROBES, TWO)
    page = in_an_upload(client, course, author, PROBES, probes_with(5))
    assert (f"You have a draft of {PROBES} with another text." in words(page), drafted(author)) == (True, TWO)


@pytest.mark.parametrize("role", ["author", "instructor"])
def test_removing_a_lab_takes_its_tests_away(client, course, sign_in, role):
    plain = nasty_files()[EVERYTHING].decode().replace("[the lab](lab:tiny)", "the lab")
    load(**{EVERYTHING: plain})
    sign_in(course, role)
    address, removed = reverse("course_files", args=[course.slug]), [PROBES, SOLUTION, SCRIPT, HEAD]
    page = client.post(address, {"removed": removed, "reason": "Old."})
    assert (FEWER in words(page), Lab.objects.get().is_retired) == (True, False)
    again = client.post(address, {"removed": removed, "reason": "Old.", "accepted": page.context["accepted"]})
    is_instructor = role == "instructor"
    assert (page.status_code, again.status_code) == ((409, 302) if is_instructor else (400, 400))
    assert Lab.objects.get().is_retired is is_instructor


def older_version(client, course, person):
    """Publish a fifth and a sixth test, and return the version with four, opened in the editor."""
    let_edits_pass(course, {PROBES: probes_with(6)})
    in_the_editor(client, course, person, PROBES, probes_with(6))
    version = TextVersion.objects.get(path=PROBES, text=FOUR)
    return client.get(reverse("edit_text", args=[course.slug, PROBES]), {"version": version.pk}).context["text"]


def test_an_older_version_passes_the_same_gate(client, course, sign_in):
    author = sign_in(course, "author")
    older = older_version(client, course, author)
    page = in_the_editor(client, course, author, PROBES, older)
    lower = "Tiny: 6 tests before, 4 now; 12 points before, 8 now"
    assert (page.status_code, lower in words(page), points()) == (403, True, [2] * 6)
    instructor = sign_in(course, "instructor")
    page = in_the_editor(client, course, instructor, PROBES, older)
    assert "No lab runner answers" in words(page)
    let_edits_pass(course, {PROBES: older})
    asked = in_the_editor(client, course, instructor, PROBES, older)
    assert (asked.status_code, lower in words(asked)) == (409, True)
    in_the_editor(client, course, instructor, PROBES, older, accepted=asked.context["accepted"])
    assert points() == [2] * 4


def test_an_author_cannot_shorten_an_exam_and_an_instructor_confirms_it(client, course, sign_in):
    text = nasty_files()[EXAM].decode()
    shorter = text.replace("count: 2", "count: 1")
    lower = "3 questions before, 2 now; 4 points before, 3 now"
    page = in_the_editor(client, course, sign_in(course, "author"), EXAM, shorter)
    assert (page.status_code, lower in words(page)) == (403, True)
    instructor = sign_in(course, "instructor")
    asked = in_the_editor(client, course, instructor, EXAM, shorter)
    assert (asked.status_code, lower in words(asked)) == (409, True)
    done = in_the_editor(client, course, instructor, EXAM, shorter, accepted=asked.context["accepted"])
    assert (done.status_code, Assessment.objects.get(kind="exam").draw[0]["count"]) == (302, 1)


def post(client, address, key="", **body):
    headers = {"Idempotency-Key": key} if key else {}
    version = client.get(address.removesuffix("undo/")).json()["version"]
    return client.post(address, {"version": version, **body}, content_type="application/json", headers=headers)


def test_the_api_says_what_would_be_lowered_and_needs_it_confirmed_also_to_undo(client, course, sign_in):
    sign_in(course, "instructor")
    address = f"/api/v1/courses/nasty/assessments/{Assessment.objects.get(kind='exam').pk}/settings/"
    draw = client.get(address).json()["settings"]["draw"]
    more = [{**draw[0], "count": draw[0]["count"] + 1}, *draw[1:]]
    fewer = [{**draw[0], "count": draw[0]["count"] - 1}, *draw[1:]]
    shown = post(client, address, changes={"draw": fewer}, dry_run=True).json()
    assert shown["lowered"] == ["Final exam: 3 questions before, 2 now; 4 points before, 3 now"]
    assert post(client, address, "one", changes={"draw": fewer}).status_code == 409
    assert post(client, address, "two", changes={"draw": fewer}, expected=shown["expected"]).json()["is_written"]
    assert AuditEntry.objects.get(action="lower_points").details == {"lowered": shown["lowered"][0]}
    assert post(client, address, "three", changes={"draw": more}).json()["is_written"]
    undone = post(client, f"{address}undo/", dry_run=True).json()
    assert undone["lowered"] == ["Final exam: 4 questions before, 2 now; 5 points before, 3 now"]
    assert post(client, f"{address}undo/", "four").status_code == 409


@pytest.mark.parametrize(("role", "status"), [("author", 403), ("assistant", 403), ("instructor", 400)])
def test_the_api_lets_no_lab_count_that_has_no_tests(client, sign_in, role, status):
    course = load(**{PROBES: NONE})
    sign_in(course, "instructor")
    address = "/api/v1/courses/nasty/policy/"
    categories = client.get(address).json()["settings"]["categories"]
    lab = {"id": "labs", "title": "Labs", "weight": "20", "pass_percent": "60", "of": "lab"}
    changes = {"categories": [{**categories[0], "weight": "13.3"}, categories[1], lab]}
    version = client.get(address).json()["version"]
    sign_in(course, role)
    sent = {"version": version, "changes": changes}
    refused = client.post(address, sent, content_type="application/json", headers={"Idempotency-Key": "one"})
    assert (refused.status_code, "of: lab" in Course.objects.get().source) == (status, False)
    if role == "instructor":
        assert "counts this lab" in refused.text


def test_a_copy_has_the_programs_of_its_source_and_no_others(course):
    author = staff_in(course, "instructor")
    plan = plan_copy(course=course, slug="next", title="Next", days=0)
    made = copy_course(plan=plan, source=course, author=author, now=make.NOW)
    assert len(Lab.objects.get(course=made).tests) == 4
    lab = Lab.objects.get(course=course)
    later = plan_copy(course=course, slug="later", title="Later", days=0)
    Lab.objects.filter(pk=lab.pk).update(probes=TWO)  # somebody published other tests since the plan was made
    with pytest.raises(Refusal) as refused:
        copy_course(plan=later, source=course, author=author, now=make.NOW)
    assert (refused.value.code, Course.objects.filter(slug="later").exists()) == ("lab_untried", False)


def test_a_copy_of_a_course_in_which_a_lab_without_tests_counts_is_not_made(client, counting, sign_in):
    Lab.objects.update(probes=NONE)
    counting.files.filter(path=PROBES).update(content=NONE.encode())
    plan = plan_copy(course=counting, slug="next", title="Next", days=0)
    assert [(each.path, "counts this lab" in each.text) for each in plan.mistakes] == [(PROBES, True)]
