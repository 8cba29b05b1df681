"""The gradebook: every learner and item, the same strings as everywhere, constant in cost, inert as a file."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from course.models import Enrollment
from grading.models import Override
from grading.selectors import course_grade
from quizzes import services
from tests import factories as make
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def course():
    return make.make_course(slug="deep")


@pytest.fixture
def teacher(client, course):
    person = make.enroll(course=course, user=make.make_user(username="ines", is_staff=True), role="instructor")
    client.force_login(person)
    return person


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.STAFF_NEED_SECOND_FACTOR = False


def answer(learner, question, *, is_right):
    response = make.right(question) if is_right else make.wrong(question)
    services.submit_attempt(learner=learner, question_id=question.pk, response=response, number=1, now=NOW)


def learners_of(course, review, number):
    """`number` learners, of whom the n-th had n questions right."""
    people = [make.enroll(course=course, user=make.make_user(username=f"l{place:02}")) for place in range(number)]
    for place, person in enumerate(people):
        for position, question in enumerate(review.questions.order_by("position")):
            answer(person, question, is_right=position < place)
    return people


def rows_of(page):
    return [
        (line.username, [cell and cell.percent for cell in line.cells], line.outcome.percent)
        for line in page.context["lines"]
    ]


def test_page_file_api_and_progress_show_the_same_strings(client, course, teacher):
    review = make.make_review(course=course, questions=3)
    exam = make.make_exam(course=course)
    learners = learners_of(course, review, 4)
    page = client.get(reverse("gradebook", args=["deep"]))
    assert rows_of(page) == [
        ("l00", ["0.0", "0.0"], "0.0"),
        ("l01", ["33.3", "0.0"], "16.6"),
        ("l02", ["66.6", "0.0"], "33.3"),
        ("l03", ["100.0", "0.0"], "50.0"),
    ]
    answer_ = client.get(reverse("gradebook_csv", args=["deep"]))
    table = list(csv.reader(io.StringIO(b"".join(answer_.streaming_content).decode())))
    assert table == [
        ["username", "name", review.title, exam.title, "overall_percent", "passed"],
        ["l00", "L00", "0.0", "0.0", "0.0", "false"],
        ["l01", "L01", "33.3", "0.0", "16.6", "false"],
        ["l02", "L02", "66.6", "0.0", "33.3", "false"],
        ["l03", "L03", "100.0", "0.0", "50.0", "false"],
    ]
    for learner, line in zip(learners, table[1:], strict=True):
        grade = course_grade(learner.pk, course.pk)
        browser = Client()
        browser.force_login(learner)
        body = browser.get(f"/api/v1/courses/{course.slug}/progress/").json()
        assert (grade.percent, body["overall"]["percent"]) == (line[4], line[4])
        assert [item["percent"] for item in body["items"]] == line[2:4]


def test_columns_of_one_name_are_told_apart_by_their_modules(client, course, teacher):
    one, two = (make.make_review(course=course, title="Review questions") for _ in range(2))
    page = client.get(reverse("gradebook", args=["deep"]))
    assert [column.title for column in page.context["columns"]] == [
        f"Review questions: {found.module.title}" for found in (one, two)
    ]


@pytest.mark.parametrize("size", [3, 300])
def test_a_page_costs_the_same_statements_at_3_and_300_learners(client, course, teacher, size):
    review = make.make_review(course=course, questions=2)
    people = make_many(course, size)
    answer(people[0], review.questions.first(), is_right=True)
    for query in ("", "?sort=overall&down=1", f"?sort={review.pk}", "?show=running", "?show=certified&words=bulk"):
        with counted_statements() as statements:
            client.get(reverse("gradebook", args=["deep"]) + query)
        assert len(statements) <= 15, query
    with counted_statements() as exported:
        b"".join(client.get(reverse("gradebook_csv", args=["deep"])).streaming_content)
    assert len(exported) <= 14


def make_many(course, size):
    from course.models import User

    people = User.objects.bulk_create(
        User(username=f"bulk{place}", name=f"Bulk {place}", email=f"b{place}@example.org") for place in range(size)
    )
    Enrollment.objects.bulk_create(
        Enrollment(user=person, course=course, enrolled_at=NOW, name=person.name) for person in people
    )
    return people


def test_it_is_sorted_filtered_searched_and_paged(client, course, teacher):
    review = make.make_review(course=course, questions=4)
    learners = learners_of(course, review, 4)
    address = reverse("gradebook", args=["deep"])

    def names(query):
        return [line.username for line in client.get(address + query).context["lines"]]

    assert names(f"?sort={review.pk}&down=1") == ["l03", "l02", "l01", "l00"]
    assert names("?sort=overall") == ["l00", "l01", "l02", "l03"]
    assert names("?sort=username&down=1") == ["l03", "l02", "l01", "l00"]
    assert names("?words=l02") == ["l02"]
    Enrollment.objects.filter(user=learners[0]).update(unenrolled_at=NOW)
    assert names("?show=left") == ["l00"]
    services.override_score(
        course=course,
        assessment_id=review.pk,
        learner_id=learners[1].pk,
        points=Decimal(4),
        reason="r",
        author=teacher,
        now=NOW,
    )
    assert names("?show=overridden") == ["l01"]
    assert names("?sort=nonsense&show=nonsense&page=99") == ["l01", "l02", "l03"]


def test_running_exams_and_certificates_can_be_shown_alone(client, course, teacher):
    review, exam = make.make_review(course=course, questions=1), make.make_exam(course=course)
    passed = make.enroll(course=course, user=make.make_user(username="passed"))
    sitting = make.enroll(course=course, user=make.make_user(username="sitting"))
    for assessment, points in ((review, 1), (exam, 2)):
        services.override_score(
            course=course,
            assessment_id=assessment.pk,
            learner_id=passed.pk,
            points=Decimal(points),
            reason="r",
            author=teacher,
            now=NOW,
        )
    from django.utils import timezone

    services.start_sitting(learner=sitting, assessment=exam, now=timezone.now())
    address = reverse("gradebook", args=["deep"])
    shown = {
        show: [line.username for line in client.get(f"{address}?show={show}").context["lines"]]
        for show in ("certified", "uncertified", "running")
    }
    assert shown == {"certified": ["passed"], "uncertified": ["sitting"], "running": ["sitting"]}


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]


def test_the_file_computes_nothing_in_a_spreadsheet(client, course, teacher):
    make.make_review(course=course, title="=cmd()")
    for place, formula in enumerate(FORMULAS):
        learner = make.enroll(course=course, user=make.make_user(username=f"p{place}"))
        Enrollment.objects.filter(user=learner).update(name=formula)
    answer_ = client.get(reverse("gradebook_csv", args=["deep"]))
    table = list(csv.reader(io.StringIO(b"".join(answer_.streaming_content).decode(), newline="")))
    assert table[0][2] == "'=cmd()"
    assert [row[1] for row in table[1:]] == [f"'{formula}" for formula in FORMULAS]


def test_what_expired_is_settled_before_it_is_shown(client, course, teacher):
    exam = make.make_exam(course=course)
    learner = make.enroll(course=course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW - timedelta(days=700))
    question = sitting.questions.first().question
    services.save_draft(
        learner=learner, question_id=question.pk, response=make.right(question), revision=0, now=sitting.started_at
    )
    assert rows_of(client.get(reverse("gradebook", args=["deep"])))[0][1] == ["50.0"]


HEADER = "username,item,points,reason\n"


def upload(client, text, **fields):
    file = io.BytesIO(text.encode() if isinstance(text, str) else text)
    file.name = "overrides.csv"
    return client.post(reverse("overrides_file", args=["deep"]), {"file": file, **fields})


def test_a_file_of_overrides_is_shown_line_by_line_then_written_whole(client, course, teacher):
    review = make.make_review(course=course, questions=4)
    learners = learners_of(course, review, 2)
    text = f"{HEADER}l00,{review.title},3,an oral exam\nl01,{review.pk},2.5,the same\n"
    shown = upload(client, text)
    assert Override.objects.count() == 0
    plan = shown.context["plan"]
    assert [(found.before, found.after) for found in plan.effects] == [("0 of 4", "3 of 4"), ("1 of 4", "2.5 of 4")]
    assert [shift.after.percent for shift in plan.shifts] == ["37.5", "31.2"]
    done = client.post(reverse("overrides_file", args=["deep"]), {"text": text, "expected": plan.digest})
    assert done.status_code == 302
    assert [course_grade(found.pk, course.pk).percent for found in learners] == ["37.5", "31.2"]
    again = client.post(reverse("overrides_file", args=["deep"]), {"text": text, "expected": plan.digest})
    assert (again.status_code, Override.objects.count()) == (409, 2)
    back = f"{HEADER}l00,{review.title},,a mistake\n"
    digest = upload(client, back).context["plan"].digest
    client.post(reverse("overrides_file", args=["deep"]), {"text": back, "expected": digest})
    assert course_grade(learners[0].pk, course.pk).percent == "0.0"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("username,item,points\nl00,x,1\n", "The header lacks reason."),
        (f"{HEADER}nobody,{{title}},1,r\n", "No learner of the course is called “nobody”."),
        (f"{HEADER}l00,Nothing,1,r\n", "No item of the course is called “Nothing”."),
        (f"{HEADER}l00,{{title}},many,r\n", "“many” is no number of points."),
        (f"{HEADER}l00,{{title}},1_0,r\n", "“1_0” is no number of points."),
        (f"{HEADER}l00,{{title}},1,\n", "A reason is missing."),
        (f"{HEADER}l00,{{title}},1,{'r' * 1001}\n", "The reason is longer than 1000 characters."),
        (f"{HEADER}l00,{{title}},1,r\0r\n", "A NUL stands in it, which nothing can store."),
        (
            f"{HEADER}l00,{{title}},5,r\n",
            "Points here are between 0 and 4, with two decimals at most. Nothing was changed.",
        ),
        (f"{HEADER}l00,{{title}},1,r\nl00,{{title}},2,r\n", "l00 and “{title}” stand in the file twice."),
        (f"{HEADER}l00,{{title}},,r\n", "There is nothing to undo here, or it is undone already. Nothing was changed."),
        (b"\xff\xfe", "The file is not UTF-8 text. Save it as “CSV UTF-8”."),
        ("", "The header lacks username, item, points, reason."),
    ],
)
def test_one_wrong_line_and_nothing_is_written(client, course, teacher, text, sentence):
    review = make.make_review(course=course, questions=4)
    learners_of(course, review, 1)
    text = text.replace("{title}", review.title) if isinstance(text, str) else text
    answer_ = upload(client, text)
    assert answer_.status_code == 400
    assert [found.sentence for found in answer_.context["mistakes"]] == [sentence.replace("{title}", review.title)]
    assert Override.objects.count() == 0


def test_semicolons_and_decimal_commas_are_read(client, course, teacher):
    review = make.make_review(course=course, questions=4)
    learners_of(course, review, 1)
    shown = upload(client, f"\ufeffusername;item;points;reason\nl00;{review.title};2,5;r\n")
    assert [found.after for found in shown.context["plan"].effects] == ["2.5 of 4"]


def test_every_wrong_line_is_named_at_once_in_the_files_order(client, course, teacher):
    review = make.make_review(course=course, questions=4)
    learners_of(course, review, 2)
    lines = ["l00,{t},5,r", "nobody,{t},1,r", "l01,{t},many,r", "l01,Nothing,1,r", "l01,{t},1,"]
    answer_ = upload(client, HEADER + "\n".join(lines).replace("{t}", review.title))
    assert [found.number for found in answer_.context["mistakes"]] == [2, 3, 4, 5, 6]
