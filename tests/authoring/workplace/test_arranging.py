"""The page Arrange: order, titles, new parts, other modules and removals, each published at once and undone."""

import re

import pytest

from authoring.services import export_course, read_folder
from course.models import Course, CourseFile, Lesson, Module, TextDraft
from labs.models import Lab
from labs.services import record_passed
from quizzes.models import Assessment, Question
from records.models import AuditEntry
from tests import factories as make
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.test_course_folder import learner_with, load
from tests.portal.workplace.people import instructor_of, staff_in

pytestmark = pytest.mark.django_db
PAGE = "/admin/courses/nasty/arrange/"
PLAIN, EVERYTHING, LAB = "01-first/20-plain.md", "01-first/10-everything.md", "01-first/labs/tiny"
PIXELS = f"{LAB}/pixels.png"


@pytest.fixture
def course():
    load(nasty_files() | {PIXELS: nasty_files()["figures/pixels.png"]})
    return Course.objects.get()


@pytest.fixture
def teacher(client, course):
    client.force_login(instructor_of(course))
    return client


def exported():
    return export_course(course_id=Course.objects.get().pk)


def at(page):
    return re.findall(r'name="at"\s+value="([^"]+)"', page.content.decode())


def send(browser, do, page=None, **changes):
    page = page or browser.get(PAGE)
    return browser.post(PAGE, {"tree": page.context["tree"].digest, "at": at(page), "do": do, **changes})


def of_part(browser, path, do, **fields):
    return browser.post(f"{PAGE}{path}", {"do": do, **fields})


def undo(browser, index=0):
    entry = browser.get(PAGE).context["history"][index]
    return browser.post(PAGE, {"do": f"undo:{entry.at.isoformat()}"})


def assert_loads_again():
    """Check that the exported course has no mistakes and loads without a change."""
    files = exported()
    assert read_folder(files).mistakes == ()
    changed = {(change.action.value, change.kind) for change in load(files).changes}
    assert {action for action, _kind in changed} <= {"exported"}
    assert exported() == files


def test_the_page_shows_titles_in_order_with_small_paths(teacher):
    page = teacher.get(PAGE)
    tree = page.context["tree"]
    assert [section.folder for section in tree.sections][:3] == ["about", "01-first", "02-second"]
    assert [(part.path, part.kind) for part in tree.sections[1].parts] == [
        (EVERYTHING, "lesson"),
        (PLAIN, "lesson"),
        (LAB, "lab"),
        ("01-first/review.yaml", "review"),
    ]
    assert at(page)[:3] == ["about", "about/about.md", "01-first"]


def test_an_arrow_moves_a_line_and_publishes_one_list(teacher):
    before = exported()
    answer = send(teacher, f"up:{PLAIN}")
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}#at-{PLAIN}")
    after = exported()
    assert {path for path in after if after[path] != before.get(path)} == {"01-first/module.yaml"}
    assert (
        after["01-first/module.yaml"]
        .decode()
        .endswith("order:\n  - 20-plain.md\n  - 10-everything.md\n  - labs/tiny\n  - review.yaml\n")
    )
    assert list(Lesson.objects.filter(module__key="first").values_list("key", flat=True)) == ["plain", "everything"]
    assert_loads_again()


def test_a_module_moves_with_what_is_in_it_and_the_step_is_undone(teacher):
    before = exported()
    assert send(teacher, "down:01-first").status_code == 302
    assert [module.key for module in Module.objects.all()][:3] == ["about", "second", "first"]
    entry = AuditEntry.objects.get(action="arrange_course")
    assert entry.details == {"change": "New order: the whole course"}
    assert undo(teacher).status_code == 302
    assert exported() == before


def test_many_lines_are_moved_in_one_publication(teacher):
    page = teacher.get(PAGE)
    lines = at(page)
    lines.remove(LAB)
    lines.insert(lines.index(EVERYTHING), LAB)
    lines = [*lines[-2:], *lines[:-2]]
    assert send(teacher, "order", page, at=lines).status_code == 302
    tree = teacher.get(PAGE).context["tree"]
    assert tree.sections[0].folder == "certificate"
    assert tree.section("01-first").parts[0].path == LAB
    assert AuditEntry.objects.filter(action="arrange_course").count() == 1


def test_the_first_line_does_not_move_up_and_nothing_is_published(teacher):
    before = exported()
    assert send(teacher, "up:about").status_code == 302
    assert (exported(), AuditEntry.objects.filter(action="arrange_course").exists()) == (before, False)


def test_a_tree_that_somebody_else_changed_is_not_overwritten(client, teacher, course):
    page = teacher.get(PAGE)
    assert send(teacher, f"up:{PLAIN}").status_code == 302
    before = exported()
    answer = send(teacher, "down:01-first", page)
    assert (answer.status_code, exported()) == (409, before)
    assert "Somebody has changed this course" in answer.content.decode()


def test_an_order_that_names_other_parts_is_refused(teacher):
    before = exported()
    page = teacher.get(PAGE)
    assert send(teacher, "order", page, at=[*at(page), "09-away"]).status_code == 409
    assert send(teacher, "order", page, at=at(page)[1:]).status_code == 409
    assert exported() == before


@pytest.mark.parametrize("path", ["09-away", "01-first/99-away.md"])
def test_an_unknown_part_is_not_found(teacher, path):
    assert teacher.get(f"{PAGE}{path}").status_code == 404
    assert of_part(teacher, path, "remove").status_code == 404


@pytest.mark.parametrize("path", ["01-first", EVERYTHING, "exam/exam.yaml"])
def test_a_title_is_published_and_undone(teacher, path):
    before = exported()
    title = "New: “quotes” & <b>"
    assert of_part(teacher, path, "rename", title=title).status_code == 302
    assert teacher.get(PAGE).context["tree"].title_of(path) == title
    assert_loads_again()
    assert undo(teacher).status_code == 302
    assert {name: text for name, text in exported().items() if text != before[name]} == {}


def test_a_title_of_spaces_is_refused(teacher):
    assert of_part(teacher, PLAIN, "rename", title="  ").status_code == 400


def test_a_new_module_comes_after_the_last_one_also_in_a_list(teacher):
    send(teacher, "down:01-first")
    assert send(teacher, "add", kind="module", title="Über Größen").status_code == 302
    assert [section.folder for section in teacher.get(PAGE).context["tree"].sections][:4] == [
        *("about", "02-second", "01-first", "03-uber-groen"),
    ]
    assert Module.objects.get(folder="03-uber-groen").title == "Über Größen"
    assert_loads_again()


def test_a_new_lesson_is_a_draft_with_its_title(teacher):
    answer = send(teacher, "add", kind="lesson", folder="01-first", title="More: marks")
    path = "01-first/30-more-marks.md"
    assert (answer.status_code, answer["Location"]) == (302, f"/admin/courses/nasty/texts/edit/{path}")
    assert 'id: more-marks\ntitle: "More: marks"\n' in TextDraft.objects.get(path=path).text


def test_new_review_questions_are_about_an_objective_of_their_module(teacher):
    answer = send(teacher, "add", kind="review", folder="01-first", title="Warm-up")
    assert answer.status_code == 302
    assert "objective: marks\n" in TextDraft.objects.get(path="01-first/review-warm-up.yaml").text
    assert send(teacher, "add", kind="review", folder="about", title="Warm-up").status_code == 400


def test_a_new_lab_is_a_draft_with_its_title_and_an_id_that_is_free(teacher):
    files = {*Lab.objects.values_list("key", flat=True)}
    answer = send(teacher, "add", kind="lab", folder="02-second", title="Tiny")
    folder = "02-second/labs/10-tiny-2"
    assert (answer.status_code, answer["Location"]) == (302, f"/admin/courses/nasty/texts/try/{folder}")
    text = TextDraft.objects.get(path=f"{folder}/lab.yaml").text
    assert ("id: tiny-2\n" in text, "title: Tiny\n" in text, files) == (True, True, {"tiny"})
    drafts = {draft.path: draft.text.encode() for draft in TextDraft.objects.all()}
    assert read_folder(exported() | drafts).mistakes == ()
    assert teacher.get(answer["Location"]).status_code == 200


def test_a_section_that_is_no_module_gets_no_lab(teacher):
    page = send(teacher, "add", kind="lab", folder="about", title="Tiny")
    assert (page.status_code, TextDraft.objects.exists()) == (400, False)
    assert "Only a numbered module can have labs." in page.content.decode()


def test_a_module_without_an_objective_leads_to_where_one_is_written(teacher):
    send(teacher, "add", kind="module", title="Chance")
    page = send(teacher, "add", kind="review", folder="03-chance", title="Quiz")
    assert page.status_code == 400
    assert f'<a href="{PAGE}objectives/03-chance/">Write an objective for “Chance”</a>' in page.content.decode()


def test_a_new_exam_opens_its_settings_with_its_title(teacher):
    answer = send(teacher, "add", kind="exam", folder="01-first", title="Midterm")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/courses/nasty/policy/exams/new/?module=01-first")
    page = teacher.get(answer["Location"])
    assert (page.status_code, 'value="Midterm"' in page.content.decode()) == (200, True)
    assert TextDraft.objects.filter(path="01-first/exam.yaml").exists()


def test_a_section_that_can_have_no_exam_gets_none(teacher):
    page = send(teacher, "add", kind="exam", folder="about", title="Midterm")
    assert (page.status_code, TextDraft.objects.exists()) == (400, False)


def test_who_may_not_change_the_policy_adds_no_exam(client, course):
    client.force_login(staff_in(course, "author"))
    kinds = [key for key, _label in client.get(PAGE).context["form"].fields["kind"].choices]
    assert kinds == ["module", "lesson", "lab", "review"]
    assert send(client, "add", kind="exam", folder="01-first", title="Midterm").status_code == 400


def test_a_lesson_to_which_questions_of_its_module_lead_does_not_move_before_they_do(teacher):
    before = exported()
    page = of_part(teacher, EVERYTHING, "carry", folder="02-second")
    assert (page.status_code, exported()) == (400, before)
    assert [mistake.text for mistake in page.context["mistakes"]] == ["“everything” is not a lesson of this module."]


def test_a_lesson_in_another_module_keeps_its_id_and_its_figures(teacher, course):
    lines = exported()["01-first/review.yaml"].decode().splitlines(keepends=True)
    make_edit(teacher, "01-first/review.yaml", "".join(line for line in lines if "taught_in" not in line))
    before = exported()
    lesson = Lesson.objects.get(key="everything")
    answer = of_part(teacher, EVERYTHING, "carry", folder="02-second")
    assert answer.status_code == 302
    moved = Lesson.objects.get(key="everything")
    assert (moved.pk, moved.module.key, moved.path) == (lesson.pk, "second", "02-second/10-everything.md")
    source = exported()[moved.path].decode()
    assert "](../01-first/figures/triangle.svg " in source
    assert "](../figures/pixels.png " in source
    assert moved.objectives == []
    assert_loads_again()
    assert undo(teacher).status_code == 302
    assert (Lesson.objects.get(key="everything").module.key, exported()) == ("first", before)


def test_a_lab_in_another_module_keeps_its_id_and_all_its_files(teacher):
    before, lab = exported(), Lab.objects.get()
    assert of_part(teacher, LAB, "carry", folder="02-second").status_code == 302
    moved = Lab.objects.get()
    assert (moved.pk, moved.module.key) == (lab.pk, "second")
    assert exported()["02-second/labs/tiny/pixels.png"] == before[PIXELS]
    assert not [path for path in exported() if path.startswith(LAB)]
    assert_loads_again()


def test_a_lab_that_was_moved_comes_back_with_all_its_files(teacher):
    before = exported()
    of_part(teacher, LAB, "carry", folder="02-second")
    assert undo(teacher).status_code == 302
    assert (exported(), Lab.objects.get().module.key) == (before, "first")


def test_a_part_does_not_move_into_a_section_that_is_no_module(teacher):
    assert of_part(teacher, LAB, "carry", folder="about").status_code == 400
    assert of_part(teacher, "01-first/review.yaml", "carry", folder="02-second").status_code == 400


def test_before_a_removal_the_page_names_who_answered_and_whose_grade_moves(teacher, course):
    learner = learner_with({"is-true": True})
    before = exported()
    page = of_part(teacher, "01-first/review.yaml", "ask")
    assert (page.status_code, exported()) == (200, before)
    assert [each.username for each in page.context["movements"]] == [learner.username]
    assert page.context["going"][0][1] == 1
    assert "1 learner has worked here" in " ".join(page.content.decode().split())
    assert of_part(teacher, "01-first/review.yaml", "remove").status_code == 409
    assert exported() == before


def test_what_has_answers_is_retired_and_comes_back_with_them(teacher, course):
    learner_with({"is-true": True})
    before = exported()
    page = of_part(teacher, "01-first/review.yaml", "ask")
    accepted = page.context["accepted"]
    assert of_part(teacher, "01-first/review.yaml", "remove", accepted=accepted).status_code == 302
    assert Assessment.objects.get(key="first-review").is_retired
    assert Question.objects.get(key="is-true").attempts.count() == 1
    assert_loads_again()
    asked = undo(teacher)
    if asked.status_code == 409:
        entry = asked.context["history"][0]
        fields = {"do": f"undo:{entry.at.isoformat()}", "accepted": asked.context["accepted"]}
        asked = teacher.post(PAGE, fields)
    assert asked.status_code == 302
    assert (exported(), Assessment.objects.get(key="first-review").is_retired) == (before, False)


def test_a_lab_is_removed_and_restored_with_its_pictures(teacher):
    record_passed(digest=read_folder(exported()).labs[0].tried, now=make.NOW)
    links = exported()[EVERYTHING].replace(b"[the lab](lab:tiny)", b"the lab")
    make_edit(teacher, EVERYTHING, links.decode())
    before = exported()
    page = of_part(teacher, LAB, "ask")
    assert page.status_code == 200
    assert of_part(teacher, LAB, "remove", accepted=page.context["accepted"]).status_code == 302
    assert not [path for path in exported() if path.startswith(LAB)]
    assert CourseFile.objects.get(path=PIXELS).is_retired
    assert_loads_again()
    assert undo(teacher).status_code == 302
    assert exported() == before


def make_edit(browser, path, text):
    editor = browser.get(f"/admin/courses/nasty/texts/edit/{path}").context
    fields = {"text": text, "digest": editor["digest"], "revision": 0, "do": "publish"}
    assert browser.post(f"/admin/courses/nasty/texts/edit/{path}", fields).status_code == 302


def test_what_other_texts_name_is_not_removed_and_the_page_says_where(teacher):
    before = exported()
    page = of_part(teacher, PLAIN, "ask")
    assert (page.status_code, exported()) == (400, before)
    assert page.context["mistakes"]


def test_a_removed_section_comes_back_last_if_the_order_was_changed_since(teacher):
    send(teacher, "down:01-first")
    page = of_part(teacher, "appendix", "ask")
    if page.status_code == 400:
        pytest.fail(str(page.context["mistakes"]))
    assert of_part(teacher, "appendix", "remove").status_code == 302
    send(teacher, "up:02-second")
    assert undo(teacher, index=1).status_code == 302
    assert [section.folder for section in teacher.get(PAGE).context["tree"].sections] == [
        *("02-second", "about", "01-first", "summary", "exam", "certificate", "appendix"),
    ]
    assert_loads_again()


def test_a_step_whose_text_was_edited_since_is_not_undone(teacher):
    of_part(teacher, PLAIN, "rename", title="Other")
    make_edit(teacher, PLAIN, exported()[PLAIN].decode().replace("title: Other", "title: Third"))
    answer = undo(teacher)
    assert (answer.status_code, "was changed after this step" in answer.content.decode()) == (409, True)


def test_an_author_of_texts_arranges_but_moves_no_grade(client, course):
    client.force_login(staff_in(course, "author"))
    assert send(client, "down:01-first").status_code == 302
    learner_with({"is-true": True})
    before = exported()
    page = of_part(client, "01-first/review.yaml", "ask")
    answer = of_part(client, "01-first/review.yaml", "remove", accepted=page.context["accepted"])
    assert (answer.status_code, exported()) == (409, before)


def test_an_assistant_cannot_open_the_page(client, course):
    client.force_login(staff_in(course, "assistant"))
    assert client.get(PAGE).status_code == 403


def test_a_course_keeps_its_last_section(client):
    course = make.make_course(slug="tiny")
    client.force_login(instructor_of(course))
    assert client.get("/admin/courses/tiny/arrange/").status_code == 200


def test_the_whole_course_can_have_an_exam_and_nothing_else_before_its_section_exists(client):
    load({path: text for path, text in nasty_files().items() if not path.startswith("exam/")})
    client.force_login(instructor_of(Course.objects.get()))
    page = send(client, "add", kind="lesson", folder="exam", title="Rules")
    assert (page.status_code, TextDraft.objects.exists()) == (400, False)
    assert "Only an exam can belong to the whole course." in page.content.decode()
    assert send(client, "add", kind="exam", folder="exam", title="Final exam").status_code == 302
    assert TextDraft.objects.filter(path="exam/module.yaml").exists()
