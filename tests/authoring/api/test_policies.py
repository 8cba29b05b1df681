"""The grading policy and the settings of assessments over the API: preview, exactly that change, undo (D23)."""

import pytest

from authoring.folder import first_text, read_document
from course.models import Course, TextDraft, TextVersion
from foundation.turns import turns
from grading.models import GradeCategory
from grading.selectors.grades import course_grade
from quizzes.models import Assessment
from records.models import AuditEntry
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.test_course_folder import learner_with, load
from tests.portal.workplace.people import instructor_of, staff_in

pytestmark = pytest.mark.django_db
POLICY = "/api/v1/courses/nasty/policy/"
FORM = "/admin/courses/nasty/policy/"
SHOWN = {"verdict": "attempt", "score": None, "explanation": None}


def settings_of(**found):
    return f"/api/v1/courses/nasty/assessments/{Assessment.objects.get(**found).pk}/settings/"


def send(client, address, key="", **body):
    headers = {"Idempotency-Key": key} if key else {}
    read = address.removesuffix("undo/")
    body = {"version": client.get(read).json().get("version", ""), **body}
    return client.post(address, body, content_type="application/json", headers=headers)


def reweighted(client, *percents):
    found = client.get(POLICY).json()["settings"]["categories"]
    return [{**each, "weight": percent} for each, percent in zip(found, percents, strict=True)]


def errors(answer):
    return {each["field"]: each["detail"] for each in answer.json()["errors"]}


def source():
    return Course.objects.get().source


def test_courses_policy_is_what_the_published_text_says(teacher, course):
    found = teacher.get(POLICY).json()
    said = found["settings"]
    assert (found["can_undo"], said["pass_percent"], said["late"]) == (False, "70", None)
    assert (said["attempts"]["default"], said["attempts"]["numeric"], said["attempts"]["matching"]) == (2, 3, None)
    assert [each["weight"] for each in said["categories"]] == ["33.3", "66.7"]
    assert said["show"] == {"review": {**SHOWN, "key": "final"}, "exam": {**SHOWN, "key": "end"}}


def test_courses_policy_that_was_read_can_be_sent_back_and_changes_nothing(teacher, course):
    before = source()
    for address in (POLICY, settings_of(kind="exam"), settings_of(key="second-review")):
        answer = send(teacher, address, changes=teacher.get(address).json()["settings"])
        assert (answer.status_code, answer.json()["movements"]) == (200, [])
    assert source() == before
    assert not AuditEntry.objects.filter(action="edit_text").exists()
    assert not TextVersion.objects.exists()


def test_courses_policy_with_new_weights_is_published_only_as_it_was_previewed(teacher, course):
    learner = learner_with({"is-true": True, "second-true": True})
    before, text = course_grade(learner.pk, course.pk).percent, source()
    body = {"changes": {"categories": reweighted(teacher, "90", "10")}, "reason": "As agreed."}
    preview = send(teacher, POLICY, dry_run=True, **body).json()
    (moved,) = preview["movements"]
    assert (preview["is_written"], moved["username"], moved["before"], source()) == (
        False,
        learner.username,
        before,
        text,
    )
    refused = send(teacher, POLICY, **body)
    assert (refused.status_code, refused.json()["code"], source()) == (409, "preview_stale", text)
    done = send(teacher, POLICY, **body, expected=preview["expected"]).json()
    assert (done["is_written"], course_grade(learner.pk, course.pk).percent) == (True, moved["after"])
    assert done["version"] == teacher.get(POLICY).json()["version"] != preview["version"]
    assert source() == text.replace("weight: 33.3", "weight: 90").replace("weight: 66.7", "weight: 10")
    entry = AuditEntry.objects.get(action="edit_text")
    assert (entry.target, entry.reason, entry.details) == ("file:course.yaml", "As agreed.", {"moved_grades": 1})


def test_courses_policy_says_in_its_preview_who_crosses_the_pass_mark(teacher, course):
    learner = learner_with({"is-true": True, "second-true": True})
    reached = course_grade(learner.pk, course.pk).percent
    for percent, crosses in (("0", True), ("70", False)):
        preview = send(teacher, POLICY, dry_run=True, changes={"pass_percent": percent}).json()
        passing = [each["username"] for each in preview["movements"] if each["has_passed"] and not each["had_passed"]]
        assert (passing, preview["is_written"]) == ([learner.username] * crosses, False), reached


def test_courses_policy_undo_takes_back_a_change_by_api_or_by_form(teacher, course):
    learner = learner_with({"is-true": True})
    original, before = source(), course_grade(learner.pk, course.pk).percent
    nothing = send(teacher, f"{POLICY}undo/")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing_to_undo")
    changes = {"categories": reweighted(teacher, "90", "10")}
    preview = send(teacher, POLICY, changes=changes, dry_run=True).json()
    send(teacher, POLICY, changes=changes, expected=preview["expected"])
    assert teacher.get(POLICY).json()["can_undo"] is True
    assert teacher.get(FORM).context["can_undo"] is True
    assert send(teacher, f"{POLICY}undo/").json()["code"] == "preview_stale"
    undone = send(teacher, f"{POLICY}undo/", dry_run=True).json()
    assert [each["username"] for each in undone["movements"]] == [learner.username]
    assert send(teacher, f"{POLICY}undo/", expected=undone["expected"]).json()["is_written"] is True
    assert (source(), course_grade(learner.pk, course.pk).percent) == (original, before)


def test_courses_policy_that_somebody_published_meanwhile_is_not_overwritten(teacher, course):
    read = teacher.get(POLICY).json()["version"]
    assert send(teacher, POLICY, changes={"pass_percent": "65"}).status_code == 200
    overtaken = send(teacher, POLICY, version=read, changes={"pass_percent": "75"})
    undo = send(teacher, f"{POLICY}undo/", version=read)
    assert {(each.status_code, each.json()["code"]) for each in (overtaken, undo)} == {(409, "settings_stale")}
    assert "pass_percent: 65" in source()


def test_courses_policy_is_seen_by_a_form_that_was_open(teacher, course):
    page = teacher.get(FORM)
    said = {name: page.context[name] for name in ("revision", "began", "digest", "rows")}
    send(teacher, POLICY, changes={"pass_percent": "65"})
    answer = teacher.post(FORM, {**said, "pass_percent": "75", "do": "publish"})
    assert answer.status_code in (400, 409)
    assert "pass_percent: 65" in source()


def test_courses_policy_changes_once_for_a_repeated_request(teacher, course):
    read = teacher.get(POLICY).json()["version"]
    sent = [send(teacher, POLICY, "key", version=read, changes={"pass_percent": "65"}) for _ in range(2)]
    assert sent[0].json() == sent[1].json()
    assert (sent[1].status_code, sent[1]["Idempotent-Replayed"]) == (200, "true")
    assert AuditEntry.objects.filter(action="edit_text").count() == 1


@pytest.mark.parametrize("address", [POLICY, f"{POLICY}undo/", "/api/v1/courses/nasty/late-policies/"])
def test_courses_policy_is_changed_one_at_a_time_by_a_person_who_reads_meanwhile(teacher, course, address):
    person = int(teacher.session["_auth_user_id"])
    turns.take(person)
    try:
        refused = teacher.post(address, {}, content_type="application/json")
        assert (refused.status_code, refused.json()["code"]) == (429, "throttled")
        assert teacher.get(address.removesuffix("undo/")).status_code == 200
    finally:
        turns.give_back(person)
    assert teacher.post(address, {}, content_type="application/json").status_code == 400


def test_courses_policy_gets_and_loses_categories_and_keeps_the_text_of_the_others(teacher, course):
    found = teacher.get(POLICY).json()["settings"]["categories"]
    lines = [line for line in source().splitlines() if "33.3" in line or found[0]["title"] in line]
    bonus = {"id": "bonus", "title": "Bonus", "weight": "5", "pass_percent": "0", "of": "lab", "extra_credit": True}
    assert send(teacher, POLICY, changes={"categories": [*found, bonus]}).status_code == 200
    assert (GradeCategory.objects.get(key="bonus").weight, GradeCategory.objects.get(key="bonus").is_extra) == (5, True)
    assert set(lines) <= set(source().splitlines())
    assert send(teacher, POLICY, changes={"categories": found}).status_code == 200
    assert GradeCategory.objects.get(key="bonus").weight == 0
    assert source().encode() == nasty_files()["course.yaml"]
    swapped = send(teacher, POLICY, changes={"categories": found[::-1]})
    assert [each["id"] for each in teacher.get(POLICY).json()["settings"]["categories"]] == [
        each["id"] for each in found[::-1]
    ], swapped.json()


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"categories": "33.3 66"}, "changes.categories", "the weights add up to"),
        ({"attempts": None}, "changes.attempts", "null"),
        ({"attempts": {"numeric": 2}}, "changes.attempts", "default"),
        ({"attempts": {"nothing": 2, "default": 1}}, "changes.attempts.nothing", "Unknown field"),
        ({"pass_percent": 65}, "changes.pass_percent", "another type"),
        ({"pass_percent": "101"}, "changes.pass_percent", "less than or equal to 100"),
        ({"pass_percent": "1e-9"}, "changes.pass_percent", "decimal places"),
        ({"pass_percent": "NaN"}, "changes.pass_percent", "valid number"),
        ({"categories": []}, "changes.categories.non_field_errors", "not be empty"),
        ({"late": {"percent_per_day": 101}}, "changes.late.percent_per_day", "less than or equal to 100"),
        ({"title": "x"}, "changes.title", "Unknown field"),
    ],
)
def test_courses_policy_with_a_mistake_names_its_setting_and_changes_nothing(teacher, course, changes, field, words):
    before = source()
    if isinstance(changes.get("categories"), str):
        changes = {"categories": reweighted(teacher, *changes["categories"].split())}
    answer = send(teacher, POLICY, changes=changes)
    assert (answer.status_code, answer.json()["code"], source()) == (400, "invalid_request", before)
    assert words in errors(answer)[field]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[]", 400),
        (b"{", 400),
        (b'{"version": "x", "changes": {"pass_percent": ' + b"[" * 2000 + b"]" * 2000 + b"}}", 400),
        (b'{"version": "x", "changes": {"pass_percent": "' + b"9" * 900_000 + b'"}}', 400),
        (b'{"version": "' + b"x" * 1_100_000 + b'"}', 413),
        (b'{"version": "x", "changes": {"categories": [' + b"{}," * 50 + b"{}]}}", 400),
    ],
)
@pytest.mark.parametrize("address", [POLICY, f"{POLICY}undo/"])
def test_courses_policy_refuses_malformed_and_huge_bodies(teacher, course, address, body, status):
    before = source()
    answer = teacher.post(address, body, content_type="application/json")
    assert (answer.status_code, source()) == (status, before)


def test_courses_assessments_settings_undo_gives_up_the_settings_of_an_exam(teacher, course):
    address = settings_of(kind="exam")
    exam, found = Assessment.objects.get(kind="exam"), teacher.get(address).json()
    assert (found["kind"], found["settings"]["attempts"], found["settings"]["draw"][1]["points"]) == ("exam", None, "2")
    own = {"time_limit": 45, "attempts": {"default": 1}, "show": {"key": "release"}}
    draw = [{**row, "count": 1} for row in found["settings"]["draw"]]
    fewer = {"changes": {**own, "draw": draw}}
    expected = send(teacher, address, **fewer, dry_run=True).json()["expected"]
    assert send(teacher, address, **fewer, expected=expected).json()["is_written"] is True
    changed = Assessment.objects.get(kind="exam")
    assert (changed.time_limit.total_seconds(), changed.draw[0]["count"], changed.disclosure.key) == (
        2700,
        1,
        "release",
    )
    assert {each.current.attempts_limit for each in changed.questions.filter(is_retired=False)} == {1}
    back = {"time_limit": 60, "attempts": None, "show": None, "draw": found["settings"]["draw"]}
    assert send(teacher, address, changes=back).json()["is_written"] is True
    assert Assessment.objects.get(kind="exam").source == exam.source
    expected = send(teacher, f"{address}undo/", dry_run=True).json()["expected"]
    assert send(teacher, f"{address}undo/", expected=expected).json()["is_written"] is True
    assert Assessment.objects.get(kind="exam").source == changed.source


def test_courses_assessments_settings_take_the_time_limit_by_the_word_none(teacher, course):
    address = settings_of(kind="exam")
    answer = send(teacher, address, changes={"time_limit": "none"})
    assert answer.status_code == 200, answer.json()
    assert Assessment.objects.get(kind="exam").time_limit is None
    assert teacher.get(address).json()["settings"]["time_limit"] == "none"
    assert errors(send(teacher, address, changes={"time_limit": "never"})).keys() == {"changes.time_limit"}


def test_courses_assessments_settings_give_review_questions_dates_and_a_late_policy(teacher, course):
    address = settings_of(key="second-review")
    own = {"due": "2027-03-01 23:59", "late": {"percent_per_day": 10}, "attempts": {"default": 5}}
    before = Assessment.objects.get(key="second-review").module.source
    assert send(teacher, address, changes=own).status_code == 200
    review = Assessment.objects.get(key="second-review")
    assert (review.late["percent_per_day"], review.due_at is not None) == (10, True)
    assert send(teacher, address, changes=dict.fromkeys(own)).status_code == 200
    assert Assessment.objects.get(key="second-review").module.source == before
    wrong = send(teacher, address, changes={"time_limit": 5, "due": "soon"})
    assert {"changes.time_limit", "changes.due"} <= errors(wrong).keys()


def test_courses_assessments_settings_name_the_row_of_a_draw_that_the_pool_cannot_serve(teacher, course):
    address = settings_of(kind="exam")
    draw = teacher.get(address).json()["settings"]["draw"]
    draw[0]["count"] = 400
    answer = send(teacher, address, changes={"draw": draw})
    assert (answer.status_code, "400 questions are drawn" in errors(answer)["changes.draw.0.count"]) == (400, True)


def test_courses_policy_is_read_here_only_by_who_may_change_it(client, course):
    for role in ("author", "assistant", "observer"):
        client.force_login(staff_in(course, role))
        for address in (POLICY, settings_of(kind="exam")):
            sent = [client.get(address), send(client, address, changes={}), send(client, f"{address}undo/")]
            assert {(each.status_code, each.json()["code"]) for each in sent} == {(403, "role_insufficient")}


def test_courses_policy_of_an_archived_course_can_be_read_and_not_changed(teacher, course):
    Course.objects.update(archived_at="2026-01-01T00:00:00Z")
    assert teacher.get(POLICY).status_code == 200
    for address in (POLICY, f"{POLICY}undo/", settings_of(kind="exam")):
        answer = send(teacher, address, changes={"pass_percent": "65"})
        assert (answer.status_code, answer.json()["code"]) == (409, "course_archived")


def test_courses_assessments_settings_of_an_unknown_assessment_or_of_another_course_are_not_found(teacher, course):
    for name in ("nothing", "x" * 200):
        assert teacher.get(f"/api/v1/courses/nasty/assessments/{name}/settings/").status_code == 404


def test_courses_policy_leaves_a_draft_of_the_form_which_is_shown_as_overtaken(teacher, course):
    page = teacher.get(FORM)
    said = {name: page.context[name] for name in ("revision", "began", "digest", "rows")}
    teacher.post(FORM, {**said, "pass_percent": "75", "do": "preview"})
    left = TextDraft.objects.get(path="course.yaml").text
    send(teacher, POLICY, changes={"pass_percent": "65"})
    assert (TextDraft.objects.get(path="course.yaml").text, teacher.get(FORM).context["is_overtaken"]) == (left, True)


def test_courses_assessments_settings_give_further_review_questions_of_a_module_a_title(client):
    files = nasty_files()
    objective = read_document(files["02-second/review.yaml"].decode()).data[0]["objective"]
    question = first_text("02-second/review-extra.yaml")
    question = question.replace("objective: second", f"objective: {objective}")
    load({**files, "02-second/review-extra.yaml": question.encode()})
    client.force_login(instructor_of(Course.objects.get()))
    review = Assessment.objects.get(module__folder="02-second", name="extra")
    address = f"/api/v1/courses/nasty/assessments/{review.pk}/settings/"
    assert client.get(address).json()["settings"]["title"] is None
    assert send(client, address, changes={"title": "Warm-up: two"}).status_code == 200
    review.refresh_from_db()
    assert (review.title, client.get(address).json()["settings"]["title"]) == ("Warm-up: two", "Warm-up: two")
