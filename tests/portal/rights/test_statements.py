"""A learner's signed statement verifies without the site, and nothing in it can be changed unnoticed."""

import json
from base64 import b64encode
from contextlib import suppress
from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command

from grading.models import GradeCategory, GradeItem
from portal.allowances.services import extend_activity
from portal.refusals import Refusal
from portal.rights.services import verify_records
from portal.rights.services.chains import LONGEST_WAIT
from portal.rights.services.sealing import KINDS
from quizzes import services
from quizzes.models import Attempt, Question
from records.models import Seal, StatementKey
from records.rules.sealing import in_one_form
from tests import factories as make
from tests.portal.rights.altering import take_guards_away
from tests.portal.rights.verifying import NOW, VERIFIER, items_in, keys, problems, signed_again, statement_of, verify

pytestmark = pytest.mark.django_db
WRONG_SIGNATURE = "No key in KEYS.json made this signature for this statement."


def test_the_verifier_has_at_most_sixty_lines_and_imports_only_python_and_cryptography():
    lines = VERIFIER.read_text().splitlines()
    imported = [line for line in lines if line.startswith(("import ", "from "))]
    assert len(lines) <= 60
    assert [line.partition("#")[0].strip() for line in imported] == [
        "import base64, hashlib, json, sys",
        "from fractions import Fraction as F",
        "from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey",
    ]


def test_a_statement_verifies_in_a_program_of_its_own(tmp_path, learner, course):
    said = json.loads(json.dumps(statement_of(learner, course)))
    result = "All records fit, and they make the signed grade of 18.7 %. Items with records that do not count: none."
    assert verify(tmp_path, said, keys()) == (0, [result])
    assert (said["fraction"], said["percent"], said["has_passed"]) == ("3/16", "18.7", False)
    assert {each["content"]["kind"] for each in said["records"]} == {"attempt", "grade_change", "override"}


def test_the_program_names_an_altered_record_and_a_removed_one_and_a_changed_grade(tmp_path, learner, course):
    good = json.loads(json.dumps(statement_of(learner, course)))
    altered, removed, raised, unknown = (deepcopy(good) for _ in range(4))
    altered["records"][1]["content"]["received_at"] = "2026-11-24T11:00:00.000000Z"
    name = f"Record 2 ({altered['records'][1]['content']['kind']} {altered['records'][1]['content']['id']})"
    fault = "was altered, or follows a removed one."
    assert verify(tmp_path, altered, keys()) == (1, [WRONG_SIGNATURE, f"{name} {fault}"])
    gone = removed["records"].pop(0)
    status, said = verify(tmp_path, removed, keys())
    assert (status, said[1], gone["position"]) == (1, f"{name} {fault}", 1)
    raised |= {"fraction": "1", "percent": "100.0", "has_passed": True}
    sentence = "The records make 18.7 % (3/16), and the statement says 100.0 % (1)."
    assert verify(tmp_path, signed_again(raised), keys()) == (1, [sentence])
    other = Ed25519PrivateKey.generate()
    unknown |= {"public_key": b64encode(other.public_key().public_bytes_raw()).decode(), "key_id": "0" * 16}
    unsigned = {key: value for key, value in unknown.items() if key != "signature"}
    unknown["signature"] = b64encode(other.sign(in_one_form(unsigned))).decode()
    assert verify(tmp_path, unknown, keys()) == (1, [WRONG_SIGNATURE])


def test_points_that_everyone_gets_have_a_record_also_for_a_learner_who_came_later(learner, course):
    question, late = Question.objects.filter(assessment__course=course).first(), make.enroll(course=course)
    regrade = {"course": course, "question_id": question.pk, "kind": "credit", "reason": "misprint", "now": NOW}
    services.apply_regrade(**regrade, author=make.make_user())
    latest = make.enroll(course=course)
    for each in (late, latest, latest):
        said = json.loads(json.dumps(statement_of(each, course)))
        item = items_in(said)[0]
        assert (item["state"], item["earned"], item["possible"]) == ("not_started", "1", "2")
        assert [record["content"]["points_earned"] for record in said["records"]] == ["1"]
        assert problems(said, keys()) == []


def test_dropped_extra_and_exempt_items_make_the_same_grade_as_on_the_progress_page(learner, course):
    extra = make.make_review(course=course, kinds=["numeric"])
    exempt = make.make_review(course=course, kinds=["numeric"])
    GradeItem.objects.filter(activity=extra.pk).update(is_extra=True)
    GradeCategory.objects.filter(course=course, key="review").update(drop_lowest=1)
    question = extra.questions.get()
    services.check_response(learner=learner, question_id=question.pk, response="0.25", number=1, now=NOW)
    services.exempt_learner(
        course=course,
        learner_id=learner.pk,
        assessment_id=exempt.pk,
        reason="was away",
        author=make.make_user(),
        now=NOW,
    )
    for drop in (1, 0, 2):
        GradeCategory.objects.filter(course=course, key="review").update(drop_lowest=drop)
        said = json.loads(json.dumps(statement_of(learner, course)))
        assert problems(said, keys()) == []
        assert Decimal(said["percent"]) > 40


def test_a_learner_who_is_exempt_from_a_whole_category_gets_the_grade_of_the_others(learner, course):
    exam = make.make_exam(course=course)
    services.exempt_learner(
        course=course, learner_id=learner.pk, assessment_id=exam.pk, reason="was away", author=make.make_user(), now=NOW
    )
    said = json.loads(json.dumps(statement_of(learner, course)))
    assert (said["fraction"], problems(said, keys())) == ("3/8", [])


def test_a_learner_who_has_done_nothing_gets_a_statement_of_nothing(course):
    make.make_review(course=course)
    said = json.loads(json.dumps(statement_of(make.enroll(course=course), course)))
    assert (said["records"], said["percent"], problems(said, keys())) == ([], "0.0", [])


def test_no_statement_is_made_while_an_exam_of_the_course_runs(learner, course):
    sitting, _ = services.start_sitting(learner=learner, assessment=make.make_exam(course=course), now=NOW)
    with pytest.raises(Refusal) as refused:
        statement_of(learner, course)
    assert refused.value.code == "statement_waits"
    assert not Seal.objects.exists()
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
    assert problems(json.loads(json.dumps(statement_of(learner, course))), keys()) == []


def test_a_statement_that_was_signed_with_an_older_key_still_verifies(learner, course, settings):
    old = json.loads(json.dumps(statement_of(learner, course)))
    settings.SECRET_KEY = "another" * 10
    new = json.loads(json.dumps(statement_of(learner, course)))
    assert old["key_id"] != new["key_id"]
    assert StatementKey.objects.count() == 2
    assert (problems(old, keys()), problems(new, keys())) == ([], [])
    assert new["records"] == old["records"]


def test_learners_download_the_statement_and_the_program_from_progress(client, learner, course):
    client.force_login(learner)
    page = client.get(f"/courses/{course.slug}/progress/").content.decode()
    assert f'href="/courses/{course.slug}/statement.json"' in page
    assert "verify_statement.py" in page
    answer = client.get(f"/courses/{course.slug}/statement.json")
    assert answer["Content-Disposition"].startswith(f'attachment; filename="statement-{course.slug}-')
    assert problems(answer.json(), keys()) == []
    client.force_login(make.enroll(course=course))
    assert "statement.json" not in client.get(f"/courses/{course.slug}/progress/").content.decode()


def item_of(said, assessment):
    (item,) = [
        each for category in said["categories"] for each in category["items"] if each["title"] == assessment.title
    ]
    return item


def test_a_statement_says_what_late_answers_lost_by_which_policy_and_due_date(course):
    review, learner, due_at = (
        make.make_review(course=course, kinds=["numeric", "text"]),
        make.enroll(course=course),
        NOW,
    )
    make.make_late(review, due_at=due_at, percent_per_day=20, grace_minutes=30, lowest_percent=50)
    numeric, text = review.questions.order_by("position")
    for question, late in ((numeric, timedelta(minutes=30)), (text, timedelta(days=1, hours=1))):
        said = {"learner": learner, "question_id": question.pk, "response": make.right(question), "number": 1}
        services.check_response(now=due_at + late, **said)
    said = json.loads(json.dumps(statement_of(learner, course)))
    item = item_of(said, review)
    policy = {"percent_per_day": 20, "grace_minutes": 30, "lowest_percent": 50}
    assert item["late_policy"] == {"due_at": "2026-11-24T12:00:00.000000Z", **policy}
    assert (item["earned"], item["late"]) == ("1.6", "0.4")
    assert [(each["earned"], each["late"]) for each in item["questions"]] == [("1", "0"), ("0.6", "0.4")]
    assert problems(said, keys()) == []


def test_a_statement_has_the_later_due_date_of_its_learner(course):
    review, learner = make.make_review(course=course, kinds=["numeric"]), make.enroll(course=course)
    make.make_late(review, due_at=NOW, percent_per_day=20)
    question = review.questions.get()
    said = {"learner": learner, "question_id": question.pk, "response": make.right(question), "number": 1}
    services.check_response(now=NOW + timedelta(hours=1), **said)
    given = {"course": course, "learner_id": learner.pk, "activity": review.pk, "closes_at": None, "reason": "was ill"}
    extend_activity(due_at=NOW + timedelta(days=2), author=make.make_user(), now=NOW, **given)
    said = json.loads(json.dumps(statement_of(learner, course)))
    item = item_of(said, review)
    assert (item["earned"], item["late"], item["late_policy"]["due_at"]) == ("1", "0", "2026-11-26T12:00:00.000000Z")
    assert "date_extension" in {each["content"]["kind"] for each in said["records"]}
    assert problems(said, keys()) == []


def test_a_statement_has_extra_attempts_and_the_limit_of_each_attempt(course):
    review, learner = make.make_review(course=course, kinds=["numeric"]), make.enroll(course=course)
    question, target = review.questions.get(), {"assessment_id": review.pk, "learner_ids": [learner.pk], "extra": 1}
    services.give_extra_attempts(course=course, reason="private words", author=make.make_user(), now=NOW, **target)
    for number, response in enumerate((make.wrong(question), make.wrong(question, variant=1), make.right(question)), 1):
        said = {"learner": learner, "question_id": question.pk, "response": response, "number": number}
        services.check_response(now=NOW, **said)
    said = json.loads(json.dumps(statement_of(learner, course)))
    records = [each["content"] for each in said["records"]]
    assert [each["extra"] for each in records if each["kind"] == "extra_attempts"] == [1]
    limits = [(each["number"], each["attempts_limit"]) for each in records if each["kind"] == "attempt"]
    assert limits == [(1, 3), (2, 3), (3, 3)]
    assert "private words" not in json.dumps(said)
    assert (item_of(said, review)["earned"], problems(said, keys())) == ("1", [])


def verify_here(folder, said):
    """Return what the site's own command says of a statement that a learner kept."""
    (folder / "kept.json").write_text(json.dumps(said), "utf-8")
    errors = StringIO()
    with suppress(CommandError):
        call_command("verify_records", statement=folder / "kept.json", stdout=StringIO(), stderr=errors)
    return errors.getvalue().splitlines()


def test_new_seals_that_fit_do_not_fit_a_statement_that_the_learner_kept(tmp_path, learner, course):
    kept = json.loads(json.dumps(statement_of(learner, course)))
    assert verify_here(tmp_path, kept) == []
    take_guards_away(Attempt, Seal)
    altered = Attempt.objects.order_by("pk").first()
    Attempt.objects.filter(pk=altered.pk).update(received_at=NOW + timedelta(minutes=1))
    Seal.objects.all()._raw_delete("default")
    statement_of(learner, course)  # seals everything again
    assert list(verify_records(now=NOW)) == []
    positions = {(each["content"]["kind"], each["content"]["id"]): each["position"] for each in kept["records"]}
    position = positions["attempt", altered.pk]
    named = f"attempt {altered.pk} of learner {learner.pk}: sealed again since position {position} was signed"
    assert named in verify_here(tmp_path, kept)


def test_the_last_record_removed_with_its_seal_is_named_only_by_a_statement_that_the_learner_kept(
    tmp_path, learner, course
):
    kept = json.loads(json.dumps(statement_of(learner, course)))
    last = Seal.objects.filter(learner=learner).order_by("position").last()
    model = next(kind.model for kind in KINDS if kind.name == last.kind)
    take_guards_away(model, Seal)
    for gone in (model.objects.filter(pk=last.record), Seal.objects.filter(pk=last.pk)):
        gone._raw_delete("default")
    assert list(verify_records(now=NOW + LONGEST_WAIT)) == []
    name = f"{last.kind} {last.record} of learner {learner.pk}"
    assert verify_here(tmp_path, kept) == [f"{name}: signed at position {last.position}, and has no seal any more"]


def test_the_site_names_what_is_missing_and_trusts_only_what_it_signed(tmp_path, learner, course):
    kept = json.loads(json.dumps(statement_of(learner, course)))
    sentence = ["This site did not sign this statement, or it was changed since."]
    assert verify_here(tmp_path, {**kept, "percent": "100.0"}) == sentence
    assert verify_here(tmp_path, {**kept, "key_id": "unknown"}) == sentence
    assert verify_here(tmp_path, {**kept, "signature": "no base64"}) == sentence
    (tmp_path / "kept.json").write_text("[]")
    with pytest.raises(CommandError, match="is not a statement"):
        call_command("verify_records", statement=tmp_path / "kept.json")
