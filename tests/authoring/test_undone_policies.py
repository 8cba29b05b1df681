"""The undo of a policy offers to revoke the certificates that this policy issued, and revokes those that are chosen (D23)."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.utils.html import escape

from authoring.services import published_settings, settings_changed, settings_undone
from course.models import Course
from grading.models import Certificate, CertificateEvent
from grading.selectors import certificate_of
from grading.selectors.grades import course_grade
from mail.models import Mail
from mail.services.sending import written_letter
from operations.services import verify_grades
from quizzes.models import Question
from quizzes.services import check_response
from records.models import AuditEntry
from tests import factories as make
from tests.authoring.api.test_policies import POLICY, source
from tests.authoring.api.test_policies import send as call
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.publishing import confirm
from tests.authoring.test_course_folder import learner_with, load
from tests.authoring.workplace.test_policy import send
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
NOW, HOUR = make.NOW, timedelta(hours=1)
WHY = "The pass mark was published by mistake."


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW + 3 * HOUR, tick=False):
        yield


@pytest.fixture
def course():
    load(nasty_files())
    return Course.objects.get()


@pytest.fixture
def author(course):
    return instructor_of(course)


@pytest.fixture
def teacher(client, author):
    client.force_login(author)
    return client


@pytest.fixture
def learner(course):
    """A learner with half of the review points, who got a certificate when the pass mark fell to 10 %."""
    return learner_with({"second-true": True})


def lower(course, author, percent=10):
    settings = published_settings(course_id=course.pk)
    edit = settings_changed(
        course=course, settings=settings, changes={"pass_percent": percent}, editor=author, reason="As agreed."
    )
    assert confirm(edit, NOW + HOUR).is_written


@pytest.fixture
def code(course, author, learner):
    """The code of the certificate that a lower pass mark issued."""
    lower(course, author)
    return Certificate.objects.get(learner=learner).code


def answer(learner, key, *, now=NOW + 2 * HOUR):
    question = Question.objects.get(key=key)
    check_response(
        learner=learner, question_id=question.pk, response=question.current.secret["answer"], number=1, now=now
    )


def state_of(learner, course):
    return certificate_of(learner.pk, course.pk)


def publish_undo(teacher, page, **chosen):
    return send(teacher, "publish", page=page, accepted=page.context["accepted"], **chosen)


def test_the_undo_names_who_would_not_hold_a_certificate_otherwise_and_why(teacher, learner, code):
    page = send(teacher, "undo")
    (offered,) = page.context["unearned"]
    assert (offered.code, offered.username, offered.percent, offered.pass_percent) == (
        code,
        learner.username,
        "16.6",
        "70.0",
    )
    text = " ".join(page.content.decode().split())
    assert "1 certificate was issued by the publication that you undo" in text
    assert escape(offered.name) in text
    assert 'name="revoke"' in text
    assert "checked" not in text.partition('name="revoke"')[2].partition(">")[0]


def test_a_certificate_stays_valid_unless_the_teacher_chooses_to_revoke_it(teacher, course, learner, code):
    page = send(teacher, "undo")
    assert send(teacher, "publish", page=page).status_code == 409  # the list was not confirmed
    assert publish_undo(teacher, page).status_code == 302
    assert "pass_percent: 70" in source()
    assert state_of(learner, course).is_valid
    assert course_grade(learner.pk, course.pk).pass_percent == "10.0"
    assert list(verify_grades(now=NOW + 3 * HOUR)) == []


def test_a_chosen_certificate_is_revoked_with_reason_author_audit_and_mail(
    teacher, author, course, learner, code, client
):
    page = send(teacher, "undo")
    done = publish_undo(teacher, page, revoke=[code], reason=WHY)
    assert done.status_code == 302
    event = CertificateEvent.objects.get()
    assert (event.kind, event.reason, event.author, event.certificate.code) == ("revoked", WHY, author, code)
    entry = AuditEntry.objects.get(action="revoke_certificate")
    assert (entry.actor, entry.reason, entry.target, entry.course) == (author, WHY, f"learner:{learner.pk}", course)
    assert entry.details == {
        "cause": "policy undone",
        "certificate": code,
        "percent": "16.6",
        "pass_percent": "70.0",
    }
    notices = Mail.objects.filter(facts__what="certificate_revoked")
    assert list(notices.values_list("user", flat=True)) == [learner.pk]
    grade = course_grade(learner.pk, course.pk)
    assert (grade.is_revoked, grade.has_passed, grade.pass_percent) == (True, False, "70.0")
    client.logout()
    public = " ".join(client.get(f"/certificates/{code}/").content.decode().split())
    assert "it was revoked on" in public
    assert WHY not in public
    client.force_login(learner)
    assert escape(WHY) in client.get(f"/certificates/{code}/").content.decode()
    assert list(verify_grades(now=NOW + 3 * HOUR)) == []


def test_the_learner_reads_by_mail_that_the_certificate_was_revoked(teacher, learner, code):
    publish_undo(teacher, send(teacher, "undo"), revoke=[code], reason=WHY)
    letter = written_letter(Mail.objects.get(facts__what="certificate_revoked"))
    assert "Your certificate was revoked" in letter.subject
    assert "Your answers and points are kept." in letter.body


def test_only_the_chosen_certificates_are_revoked(teacher, author, course, learner):
    other = learner_with({"second-true": True})
    lower(course, author)
    chosen = Certificate.objects.get(learner=other).code
    page = send(teacher, "undo")
    assert {each.username for each in page.context["unearned"]} == {learner.username, other.username}
    publish_undo(teacher, page, revoke=[chosen], reason=WHY)
    assert (state_of(learner, course).is_valid, state_of(other, course).is_valid) == (True, False)
    assert list(verify_grades(now=NOW + 3 * HOUR)) == []


@pytest.mark.parametrize(
    ("learners", "sentence"), [(0, ""), (1, "1 certificate was revoked."), (2, "2 certificates were revoked.")]
)
def test_the_message_says_how_many_certificates_were_revoked(teacher, author, course, learner, learners, sentence):
    learner_with({"second-true": True})
    lower(course, author)
    codes = list(Certificate.objects.values_list("code", flat=True))[:learners]
    answer = publish_undo(teacher, send(teacher, "undo"), revoke=codes, reason=WHY)
    (message,) = [str(message) for message in get_messages(answer.wsgi_request)]
    assert message.startswith(f"{sentence} Published.".strip())


def test_a_certificate_that_its_learner_has_also_earned_since_is_not_offered(teacher, author, course, learner):
    lower(course, author, 17)
    lower(course, author)
    answer(learner, "is-true")
    assert course_grade(learner.pk, course.pk).percent == "18.4"
    page = send(teacher, "undo")
    assert (page.context["unearned"], page.context["movements"]) == ((), ())


def test_one_that_was_issued_by_an_answer_is_not_offered(teacher, author, course):
    learner = make.enroll(course=course)
    lower(course, author)
    answer(learner, "second-true")
    assert state_of(learner, course).is_valid
    assert send(teacher, "undo").context["unearned"] == ()


def test_without_a_reason_nothing_is_published_and_the_choice_is_shown_again(teacher, course, learner, code):
    page = send(teacher, "undo")
    refused = publish_undo(teacher, page, revoke=[code], reason=" ")
    assert (refused.status_code, refused.context["chosen"]) == (400, [code])
    assert "gave no reason" in refused.content.decode()
    assert ("pass_percent: 10" in source(), state_of(learner, course).is_valid) == (True, True)
    assert publish_undo(teacher, refused, revoke=[code], reason=WHY).status_code == 302


def test_a_list_that_changed_meanwhile_is_shown_again(teacher, author, course, learner, code):
    page = send(teacher, "undo")
    question = Question.objects.get(key="is-true")
    check_response(
        learner=learner,
        question_id=question.pk,
        response=question.current.secret["answer"],
        number=1,
        now=NOW + 2 * HOUR,
    )
    stale = publish_undo(teacher, page, revoke=[code], reason=WHY)
    assert (stale.status_code, stale.context["unearned"][0].percent) == (409, "18.4")
    assert ("pass_percent: 10" in source(), CertificateEvent.objects.exists()) == (True, False)


def test_an_undo_that_is_sent_twice_revokes_once(teacher, code):
    page = send(teacher, "undo")
    for _ in range(2):
        publish_undo(teacher, page, revoke=[code], reason=WHY)
    assert CertificateEvent.objects.count() == 1
    assert Mail.objects.filter(facts__what="certificate_revoked").count() == 1
    assert AuditEntry.objects.filter(action="revoke_certificate").count() == 1


def test_a_certificate_that_is_not_offered_is_refused(teacher, course, code):
    stranger = make.enroll(course=course)
    other = Certificate.objects.create(
        code="AAAA-BBBB-CCCC", course=course, learner=stranger, issued_at=NOW, pass_percent=70, basis={}
    )
    page = send(teacher, "undo")
    refused = publish_undo(teacher, page, revoke=[other.code], reason=WHY)
    assert refused.status_code == 409
    assert "cannot be revoked here" in refused.content.decode()
    assert not CertificateEvent.objects.exists()


def test_a_learner_who_passes_later_gets_the_certificate_back_by_the_policy_of_that_day(
    teacher, author, course, learner
):
    lower(course, author, 17)
    lower(course, author)
    code = Certificate.objects.get(learner=learner).code
    publish_undo(teacher, send(teacher, "undo"), revoke=[code], reason=WHY)
    assert course_grade(learner.pk, course.pk).is_revoked
    later = NOW + timedelta(days=20)
    answer(learner, "is-true", now=later)
    state = state_of(learner, course)
    assert (state.certificate.code, state.is_valid, state.pass_percent, state.issued_at) == (
        code,
        True,
        17,
        later,
    )
    grade = course_grade(learner.pk, course.pk)
    assert (grade.is_certified, grade.pass_percent, grade.percent) == (True, "17.0", "18.4")
    assert Mail.objects.filter(facts__what="certificate", user=learner).count() == 2
    page = teacher.get(f"/api/v1/certificates/{code}/").json()
    assert (page["is_valid"], page["pass_percent"]) == (True, "17.0")
    assert list(verify_grades(now=later)) == []
    lower(course, author, 12)  # the new basis keeps the pass mark of its day
    assert course_grade(learner.pk, course.pk).pass_percent == "17.0"


def test_the_api_previews_and_revokes_the_same(teacher, course, learner, code):
    preview = call(teacher, f"{POLICY}undo/", dry_run=True).json()
    assert preview["unearned"] == [
        {"code": code, "username": learner.username, "percent": "16.6", "pass_percent": "70.0"}
    ]
    body = {"expected": preview["expected"], "revoke": [code]}
    unexplained = call(teacher, f"{POLICY}undo/", **body)
    assert (unexplained.status_code, unexplained.json()["code"]) == (400, "revocation_needs_reason")
    unknown = call(teacher, f"{POLICY}undo/", **{**body, "revoke": ["none"], "reason": WHY})
    assert (unknown.status_code, unknown.json()["code"]) == (409, "certificate_not_offered")
    unseen = call(teacher, f"{POLICY}undo/", **{**body, "expected": "", "reason": WHY})
    assert (unseen.status_code, unseen.json()["code"]) == (409, "preview_stale")
    done = call(teacher, f"{POLICY}undo/", "key", **body, reason=WHY)
    assert (done.status_code, done.json()["is_written"]) == (200, True)
    assert not state_of(learner, course).is_valid
    again = call(teacher, f"{POLICY}undo/", "key", **body, reason=WHY, version=preview["version"])
    assert (again.status_code, again["Idempotent-Replayed"]) == (200, "true")
    assert CertificateEvent.objects.count() == 1


def test_a_change_of_settings_offers_no_certificate(teacher, code):
    assert call(teacher, POLICY, changes={"pass_percent": "70"}, dry_run=True).json()["unearned"] == []


def test_weights_that_are_undone_offer_the_certificates_that_they_gave(teacher, author, course):
    learner = learner_with({"is-true": True, "second-true": True})
    settings = published_settings(course_id=course.pk)
    categories = [
        {**category, "weight": weight} for category, weight in zip(settings.values["categories"], (90, 10), strict=True)
    ]
    assert not course_grade(learner.pk, course.pk).has_passed
    changes = {"categories": categories, "pass_percent": 40}
    edit = settings_changed(course=course, settings=settings, changes=changes, editor=author, reason="")
    assert confirm(edit, NOW + HOUR).is_written
    assert state_of(learner, course).is_valid
    settings = published_settings(course_id=course.pk)
    plan = confirm(settings_undone(course=course, settings=settings, editor=author, reason=""), NOW + 2 * HOUR)
    assert [offered.username for offered in plan.effects.unearned] == [learner.username]
    assert state_of(learner, course).is_valid
