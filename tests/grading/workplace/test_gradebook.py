"""The gradebook: every learner and item, the same strings as everywhere, a constant number of queries, safe spreadsheets."""

import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grading.models import Override
from grading.selectors.grades import course_grade
from people.models import Enrollment
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


def answer(learner, question, *, is_right):
    response = make.right(question) if is_right else make.wrong(question)
    services.check_response(learner=learner, question_id=question.pk, response=response, number=1, now=NOW)


def learners_of(course, review, number):
    """Make `number` learners; the n-th got n questions right."""
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
    table = list(csv.reader(io.StringIO(b"".join(answer_.streaming_content).decode("utf-8-sig"))))
    given = [f"{item.title}: points given" for item in (review, exam)]
    assert table == [
        ["username", "name", "email", review.title, exam.title, *given, "overall_percent", "passed"],
        ["l00", "L00", "l00@example.org", "0.0", "", "", "", "0.0", "false"],
        ["l01", "L01", "l01@example.org", "33.3", "", "", "", "16.6", "false"],
        ["l02", "L02", "l02@example.org", "66.6", "", "", "", "33.3", "false"],
        ["l03", "L03", "l03@example.org", "100.0", "", "", "", "50.0", "false"],
    ]
    for learner, line in zip(learners, table[1:], strict=True):
        grade = course_grade(learner.pk, course.pk)
        browser = Client()
        browser.force_login(learner)
        body = browser.get(f"/api/v1/courses/{course.slug}/progress/").json()
        assert (grade.percent, body["overall"]["percent"]) == (line[7], line[7])
        begun = [item["percent"] if item["state"] != "not_started" else "" for item in body["items"]]
        assert begun == line[3:5]


def test_the_page_shows_each_learners_email(client, course, teacher):
    make.enroll(course=course, user=make.make_user(username="ada"))
    make.enroll(course=course, user=make.make_user(username="ben"))
    page = client.get(reverse("gradebook", args=["deep"])).content.decode()
    assert re.findall(r'<td class="mail">(.*?)</td>', page) == ["ada@example.org", "ben@example.org"]


def test_columns_with_equal_names_show_their_modules(client, course, teacher):
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
    from accounts.models import User

    people = User.objects.bulk_create(
        User(username=f"bulk{place}", name=f"Bulk {place}", email=f"b{place}@example.org") for place in range(size)
    )
    Enrollment.objects.bulk_create(
        Enrollment(user=person, course=course, enrolled_at=NOW, name=person.name) for person in people
    )
    return people


def test_the_gradebook_is_sorted_filtered_searched_and_paged(client, course, teacher):
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
    assert names("?page=99") == ["l01", "l02", "l03"]
    assert names("?words=l02@example.org") == ["l02"]


@pytest.mark.parametrize("query", ["sort=nonsense", "show=nonsense", "down=yes", "size=7", "page=two"])
def test_invalid_queries_are_refused(client, course, teacher, query):
    answer_ = client.get(f"{reverse('gradebook', args=['deep'])}?{query}")
    assert answer_.status_code == 400
    assert "is not a valid value" in answer_.content.decode()


def test_the_page_size_of_learners_can_be_chosen(client, course, teacher):
    make_many(course, 60)
    address = reverse("gradebook", args=["deep"])
    shown = {size: len(client.get(address, {"size": size}).context["lines"]) for size in (25, 50, 100)}
    assert shown == {25: 25, 50: 50, 100: 60}


def test_a_cell_that_was_not_started_is_empty_and_not_zero(client, course, teacher):
    review, exam = make.make_review(course=course, questions=2), make.make_exam(course=course)
    answer(make.enroll(course=course), review.questions.first(), is_right=False)
    page = client.get(reverse("gradebook", args=["deep"])).content.decode()
    page = " ".join(page.split()).replace(" >", ">")
    cells = re.findall(r'<a\s+class="cell[^"]*"[^>]*>\s*(.*?)\s*</a>', page, re.DOTALL)
    assert cells == ["0.0", '<span aria-hidden="true">–</span><span class="visually-hidden">not started</span>']
    body = client.get("/api/v1/courses/deep/gradebook/").json()["results"][0]
    assert [item["state"] for item in body["items"]] == ["in_progress", "not_started"]
    services.override_score(
        course=course,
        assessment_id=exam.pk,
        learner_id=int(body["learner"]["id"]),
        points=Decimal(0),
        reason="r",
        author=teacher,
        now=NOW,
    )
    page = client.get(reverse("gradebook", args=["deep"])).content.decode()
    assert re.search(r'class="cell given"[^>]*>\s*0\.0', page)


def table_at(client, name, query=""):
    sent = client.get(reverse(name, args=["deep"]) + query)
    return list(csv.reader(io.StringIO(b"".join(sent.streaming_content).decode("utf-8-sig"), newline="")))


def test_the_file_has_the_learners_of_the_search_in_its_order(client, course, teacher):
    review = make.make_review(course=course, questions=4)
    learners_of(course, review, 4)
    assert [row[0] for row in table_at(client, "gradebook_csv", "?sort=overall&down=1")[1:]] == [
        "l03",
        "l02",
        "l01",
        "l00",
    ]
    assert [row[0] for row in table_at(client, "gradebook_csv", "?words=l02")[1:]] == ["l02"]
    page = client.get(f"{reverse('gradebook', args=['deep'])}?words=l02&page=1").content.decode()
    assert "gradebook.csv?words=l02" in page


def rename_two():
    Enrollment.objects.filter(user__username="l0").update(name="Zoe")  # would come last now
    Enrollment.objects.filter(user__username="l8").update(name="Abe")  # would come first now
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_each_learner_is_in_the_file_once_although_the_order_changes_meanwhile(client, course, teacher, monkeypatch):
    monkeypatch.setattr("grading.selectors.table.CHUNK", 2)
    for place in range(9):
        make.enroll(course=course, user=make.make_user(username=f"l{place}"))
    lines = client.get(reverse("gradebook_csv", args=["deep"])).streaming_content
    sent = [next(lines) for _ in range(4)]
    with ThreadPoolExecutor(1) as other:  # on a separate connection, like another request
        other.submit(rename_two).result()
    sent += lines
    assert [line.decode().split(",")[0] for line in sent[1:]] == [f"l{place}" for place in range(9)]


def test_exported_overrides_are_imported_as_they_are(client, course, teacher):
    review = make.make_review(course=course, questions=4, title="=Review")
    exam = make.make_exam(course=course)
    learners = learners_of(course, review, 3)
    given = {"course": course, "author": teacher, "now": NOW}
    for learner, found, points, reason in (
        (learners[0], review, "2.5", "an oral exam,\nin two parts"),
        (learners[1], exam, "0", "=cmd()"),
    ):
        services.override_score(
            assessment_id=found.pk, learner_id=learner.pk, points=Decimal(points), reason=reason, **given
        )
    table = table_at(client, "overrides_csv")
    assert table == [
        ["username", "item", "points", "reason"],
        ["l00", "'=Review", "2.5", "an oral exam,\nin two parts"],
        ["l01", exam.title, "0", "'=cmd()"],
    ]
    assert table_at(client, "overrides_csv", "?words=l01")[1:] == table[2:]
    sent = client.get(reverse("overrides_csv", args=["deep"]))
    file = b"".join(sent.streaming_content)
    assert file.startswith(b"\xef\xbb\xbfusername,"), "without the mark, a spreadsheet takes UTF-8 for something else"
    shown = upload(client, file)
    assert (shown.context["plan"], shown.context["unchanged"]) == (None, 2)
    edited = upload(client, file.replace(b"2.5", b"3")).context["plan"]
    assert [(effect.line.item, effect.before, effect.after) for effect in edited.effects] == [
        ("=Review", "2.5 of 4", "3 of 4")
    ]
    assert edited.effects[0].line.reason == "an oral exam,\nin two parts"


def test_names_of_columns_are_read_in_any_case(client, course, teacher):
    review = make.make_review(course=course, questions=4)
    learners_of(course, review, 1)
    shown = upload(client, f"Username, Item ,POINTS,Reason\nl00,{review.title},2,r\n")
    assert [found.after for found in shown.context["plan"].effects] == ["2 of 4"]


def test_the_list_can_show_only_running_exams_or_certificates(client, course, teacher):
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
    services.start_sitting(learner=sitting, assessment=exam, now=timezone.now())
    address = reverse("gradebook", args=["deep"])
    shown = {
        show: [line.username for line in client.get(f"{address}?show={show}").context["lines"]]
        for show in ("certified", "uncertified", "running")
    }
    assert shown == {"certified": ["passed"], "uncertified": ["sitting"], "running": ["sitting"]}


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", " ＋1", "\u200b-1"]


def test_the_file_computes_nothing_in_a_spreadsheet(client, course, teacher):
    make.make_review(course=course, title="=cmd()")
    for place, formula in enumerate(FORMULAS):
        learner = make.enroll(course=course, user=make.make_user(username=f"p{place}"))
        Enrollment.objects.filter(user=learner).update(name=formula)
    table = table_at(client, "gradebook_csv", "?sort=username")
    assert table[0][3] == "'=cmd()"
    assert [row[1] for row in table[1:]] == [f"'{formula}" for formula in FORMULAS]


def test_expired_sittings_are_settled_before_they_are_shown(client, course, teacher):
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
        ("username,item,points\nl00,x,1\n", "The header is missing these columns: reason."),
        (f"{HEADER}nobody,{{title}},1,r\n", "No learner of the course is called “nobody”."),
        (f"{HEADER}l00,Nothing,1,r\n", "No item of the course is called “Nothing”."),
        (f"{HEADER}l00,{{title}},many,r\n", "“many” is not a number."),
        (f"{HEADER}l00,{{title}},1_0,r\n", "“1_0” is not a number."),
        (f"{HEADER}l00,{{title}},sNaN,r\n", "“sNaN” is not a number."),
        (f"{HEADER}l00,{{title}},1,\n", "A reason is missing."),
        (f"{HEADER}l00,{{title}},1,{'r' * 1001}\n", "The reason is longer than 1000 characters."),
        (f"{HEADER}l00,{{title}},1,r\0r\n", "The line contains a NUL character. Remove it."),
        (
            f"{HEADER}l00,{{title}},5,r\n",
            "Points must be between 0 and 4, with at most two decimals. Nothing was changed. Correct the points.",
        ),
        (f"{HEADER}l00,{{title}},1,r\nl00,{{title}},2,r\n", "l00 and “{title}” appear twice in the file."),
        (
            f"{HEADER}l00,{{title}},,r\n",
            "There is nothing to undo here; someone may have undone it already. Nothing was changed. Reload to see the "
            "current state.",
        ),
        (b"\xff\xfe", "The file is not UTF-8 text. Save it as “CSV UTF-8”."),
        ("", "The header is missing these columns: username, item, points, reason."),
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
