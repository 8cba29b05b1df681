"""Publishing a question that draws its values stores its bank as versions of one number (D43)."""

import pytest

from authoring.services import edit_files, editable_texts, export_course, publish, read_folder, stored_files
from course.models import Course
from course.selectors import published
from quizzes.models import Question, QuestionVersion
from quizzes.selectors.published_questions import QUESTIONS
from tests import factories as make
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.folder.test_value_functions import CODE, FUNCTIONS, RESULTS, ROWS, results, with_functions
from tests.authoring.folder.test_variants import PATH, TEMPLATE, with_template
from tests.authoring.publishing import load_text
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db


def load(files):
    return load_text(read_folder(files), folder="nasty", overwrite=True)


def bank_of(question, number):
    return list(question.versions.filter(number=number).order_by("variant"))


def test_a_bank_is_stored_and_its_first_variant_is_the_newest_version():
    load(with_template())
    question = Question.objects.select_related("current", "assessment").get(key="drawn")
    bank = bank_of(question, 1)
    assert len(bank) > 1
    assert [version.variant for version in bank] == list(range(1, len(bank) + 1))
    assert question.current == bank[0]
    assert len({version.prompt_html for version in bank}) == len(bank)
    assert {version.points for version in bank} == {question.current.points}
    snapshot = published(question.assessment.course_id)[QUESTIONS]
    assert snapshot.questions[question.pk].variants == tuple(version.pk for version in bank)
    assert {version.pk for version in bank} & snapshot.known.keys() == {bank[0].pk}


def test_fixed_questions_have_no_variant():
    load(with_template())
    assert set(QuestionVersion.objects.exclude(question__key="drawn").values_list("variant", flat=True)) == {0}


def test_the_same_text_stores_no_further_bank_and_another_text_stores_a_whole_one():
    load(with_template())
    question = Question.objects.get(key="drawn")
    stored = question.versions.count()
    load(with_template())
    assert question.versions.count() == stored
    load(with_template(TEMPLATE.replace("How many parameters?", "How many parameters has it?")))
    assert len(bank_of(question, 2)) == stored
    question.refresh_from_db()
    assert (question.current.number, question.current.variant) == (2, 1)


def test_a_question_may_stop_drawing_its_values():
    load(with_template())
    fixed = nasty_files()[PATH].decode() + (
        "- id: drawn\n  type: numeric\n  objective: numbers\n  level: apply\n  difficulty: 1\n  points: 1\n"
        "  prompt: How many?\n  answer: 4\n  explanation: Four.\n"
    )
    load({**nasty_files(), PATH: fixed.encode()})
    question = Question.objects.select_related("current").get(key="drawn")
    assert (question.current.number, question.current.variant) == (2, 0)


def test_a_bank_is_stored_by_the_same_statement_as_one_version():
    def inserts(files):
        with counted_statements() as statements:
            load(files)
        return [str(sent) for sent in statements if 'INSERT INTO "quizzes_questionversion"' in str(sent)]

    assert len(inserts(with_template())) == 1


def test_a_course_with_functions_is_loaded_exported_and_loaded_again_without_a_run():
    load(with_functions())
    question = Question.objects.get(key="layered")
    assert question.versions.count() == 50
    exported = export_course(course_id=question.assessment.course_id)
    assert exported[RESULTS] == with_functions()[RESULTS]
    load(exported)
    assert question.versions.count() == 50


def test_other_values_of_a_function_are_a_second_bank():
    load(with_functions())
    question = Question.objects.get(key="layered")
    load(with_functions(stored=results([ROWS[-1], *ROWS[:-1]])))
    assert [len(bank_of(question, number)) for number in (1, 2)] == [50, 50]
    assert bank_of(question, 1)[0].prompt != bank_of(question, 2)[0].prompt


def test_a_function_that_is_edited_on_the_site_publishes_nothing_before_it_ran_again():
    load(with_functions())
    course, teacher = Course.objects.get(), make.make_user(is_staff=True)
    files = {CODE: FUNCTIONS.replace("60)", "50)")}
    done = publish(edit=edit_files(course=course, files=files, editor=teacher), now=make.NOW)
    assert not done.is_written
    assert "“layers” has changed since its results were stored" in done.mistakes[0].text
    assert export_course(course_id=course.pk)[CODE] == FUNCTIONS.encode()


def test_nobody_edits_stored_results_in_a_browser_and_they_are_not_listed():
    load(with_functions())
    course = Course.objects.get()
    assert CODE in editable_texts(course_id=course.pk)
    assert RESULTS not in editable_texts(course_id=course.pk)
    assert RESULTS not in [file.path for file in stored_files(course_id=course.pk)]
