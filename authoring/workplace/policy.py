"""The grading policy of a course, and the settings of one assessment, as forms."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from authoring.folder import Path, category_for_column, is_exam_counted, read_document, value_at
from authoring.forms.policy import (
    AttemptsForm,
    CategoryForm,
    ColumnForm,
    DatesSettingsForm,
    ExamPracticeForm,
    ExamSettingsForm,
    LateForm,
    OwnAttemptsForm,
    OwnLateForm,
    PassMarkForm,
    ReviewTitleForm,
    ShowExamForm,
    ShowOwnExamForm,
    ShowOwnReviewForm,
    ShowReviewForm,
    SolutionForm,
    StratumForm,
)
from authoring.refusals import Refusal
from authoring.rules.passages import POLICY
from authoring.services import editable_texts, in_quotes, lab_heads, place_of_assessment
from authoring.workplace.exposed_keys import exposed_exam, exposed_exams
from authoring.workplace.settings_pages import MakeSections, SettingsPage, SettingsSection, rows_at, settings_page
from course.selectors import modules_of
from labs.selectors import lab_activities, lab_by_id
from people.gate import needs
from people.rules.roles import Permission
from quizzes.models import Assessment
from quizzes.selectors import activities_of, assessments_of, objectives_to_practice, question_files

if TYPE_CHECKING:
    from course.models import Course

NEW_CATEGORY = {"title": "New category", "weight": 0, "pass_percent": 0, "of": "mixed"}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.CHANGE_POLICY)
def grading_policy(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show the grading policy as a form. A POST keeps it as a draft, shows whose grade would change, or publishes it."""
    activities, assessments = countable(course), assessments_of(course.pk)
    exams = [(exam.key, exam.title) for exam in assessments if exam.kind == Assessment.Kind.EXAM]
    uncounted = uncounted_exams(course, exams)
    page = SettingsPage(
        path=POLICY,
        title=_("Grading policy"),
        intro=_("How this course counts what learners do."),
        sections=lambda data, posted: policy_sections(
            data,
            posted,
            activities,
            request.now,
            exposed=exposed_exams(request, course, show=value_at(data, ("show",)) or {}),
            uncounted=uncounted,
        ),
        extra={
            "weights": "categories",
        },
    )
    return settings_page(request, course, page)


def uncounted_exams(course: "Course", exams: Iterable[tuple[str, str]]) -> str:
    """Return those of these exams, id and title, that count for nothing in the published policy, in quotes; "" for none."""
    if not course.source:
        return ""
    published = read_document(course.source).data
    return in_quotes(title for key, title in exams if not is_exam_counted(published, key))


def countable(course: "Course") -> list[tuple[str, str]]:
    """Return id and title of everything that a category can count."""
    review = _("Review questions: {title}")
    assessments = [
        (
            activity.key,
            review.format(title=activity.title) if activity.kind == Assessment.Kind.REVIEW else activity.title,
        )
        for activity in activities_of(course.pk)
    ]
    return assessments + [(lab.key, _("Lab: {title}").format(title=lab.title)) for lab in lab_activities(course.pk)]


def policy_sections(
    data: object,
    posted: QueryDict | None,
    activities: list[tuple[str, str]],
    now: datetime,
    *,
    exposed: str,
    uncounted: str,
) -> list[SettingsSection]:
    """Return the sections of course.yaml.

    `exposed` are the exams whose keys throwaway accounts can read, `uncounted` those that count for nothing.
    """
    categories = rows_at(data, ("categories",))
    return [
        SettingsSection("pass_percent", _("Passing"), forms=[PassMarkForm(posted, keys=(), value=data)]),
        SettingsSection(
            "categories",
            _("Categories"),
            _("The overall grade is the sum of the categories by their weights, which add up to exactly 100 %."),
            [
                CategoryForm(posted, keys=("categories", index), value=row, activities=activities)
                for index, row in enumerate(categories)
            ],
            new_row={**NEW_CATEGORY, "id": f"category-{now:%Y-%m-%d-%H%M%S}"},  # an id that was never used
            row_words=_("Add a category"),
            uncounted=uncounted,
        ),
        SettingsSection(
            "attempts",
            _("Attempts at each question"),
            _("They apply to questions that learners have not finished. A wrong attempt costs nothing."),
            [AttemptsForm(posted, keys=("attempts",), value=value_at(data, ("attempts",)))],
            is_folded=True,
        ),
        SettingsSection(
            "late",
            _("Late answers"),
            _("This applies to everything with a due date, unless an assessment or a lab says otherwise."),
            [LateForm(posted, keys=("late",), value=value_at(data, ("late",)))],
            is_folded=True,
        ),
        SettingsSection(
            "show-review",
            _("What learners see of review questions"),
            _("A module’s review questions can say otherwise."),
            [ShowReviewForm(posted, keys=("show", "review"), value=value_at(data, ("show", "review")))],
            is_folded=True,
        ),
        SettingsSection(
            "show-exam",
            _("What learners see of exams"),
            _("An exam can say otherwise. What depends on a closing time needs one."),
            [ShowExamForm(posted, keys=("show", "exam"), value=value_at(data, ("show", "exam")))],
            exposed=exposed,
            is_folded=True,
        ),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.CHANGE_POLICY)
def column_settings(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show the columns of the course as a form, which works like that of the policy (D41)."""
    exams = [exam.key for exam in assessments_of(course.pk) if exam.kind == Assessment.Kind.EXAM]
    page = SettingsPage(
        path=POLICY,
        title=_("Columns"),
        intro=_("Graded items without an activity, whose points you enter."),
        sections=lambda data, posted: [column_section(data, posted, request.now, exams)],
        menu="gradebook",
        after=reverse("columns", args=[course.slug]),
    )
    return settings_page(request, course, page)


def column_section(data: object, posted: QueryDict | None, now: datetime, exams: Collection[str]) -> SettingsSection:
    """Return the section with a form for each column. `exams` are the ids of the exams of the course."""
    rows = [row for row in rows_at(data, ("categories",)) if isinstance(row, dict)]
    categories = [(str(row.get("id")), str(row.get("title") or row.get("id"))) for row in rows]
    return SettingsSection(
        "columns",
        _("Columns"),
        _("A removed column keeps its points. They count again once the column comes back with the same id."),
        [
            ColumnForm(posted, keys=("columns", index), value=row, categories=categories)
            for index, row in enumerate(rows_at(data, ("columns",)))
        ],
        new_row={
            "id": f"column-{now:%Y-%m-%d-%H%M%S}",
            "title": "New column",
            "maximum": 10,
            "category": category_for_column(rows, exams),
        },
        row_words=_("Add a column"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.CHANGE_POLICY)
def assessment_settings(request: HttpRequest, course: "Course", assessment_id: str) -> HttpResponse:
    """Show the settings of review questions or an exam as a form, which works like that of the policy."""
    at = place_of_assessment(course_id=course.pk, assessment_id=assessment_id)
    is_exam = at.keys == ()
    exam = next(exam for exam in assessments_of(course.pk) if exam.pk == assessment_id) if is_exam else None
    page = SettingsPage(
        path=at.path,
        title=at.title if is_exam else _("Review questions: {title}").format(title=at.title),
        intro=_("What this says replaces what the course says."),
        sections=(
            exam_form(request, course, exam) if is_exam else lambda data, posted: review_sections(data, posted, at.keys)
        ),
        menu="exams",
        extra={"questions": question_files(assessment_id)},
    )
    return settings_page(request, course, page)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.CHANGE_POLICY)
def lab_settings(request: HttpRequest, course: "Course", lab_id: str) -> HttpResponse:
    """Show when learners may open the model solution of a lab, as a form that works like that of the policy (D37)."""
    lab = lab_by_id(lab_id)
    path = lab_heads(editable_texts(course_id=course.pk)).get(lab.key) if lab.course_id == course.pk else None
    if path is None:
        raise Refusal("not_found")
    page = SettingsPage(
        path=path,
        title=_("Lab: {title}").format(title=lab.title),
        intro=_("When learners may open the model solution, which shows how the lab can be solved."),
        sections=lambda data, posted: [
            SettingsSection(
                "solution",
                _("Model solution"),
                _(
                    "While a lab that counts toward the grade is open for a learner, the page never puts the solution "
                    "into their cells, whatever you choose."
                ),
                [SolutionForm(posted, keys=(), value=data)],
            )
        ],
    )
    return settings_page(request, course, page)


def exam_form(request: HttpRequest, course: "Course", exam: Assessment | None) -> MakeSections:
    """Return what makes the sections for the text of an exam, which is None if it is new."""
    taught = [module for module in modules_of(course) if module.objectives]
    modules = [(module.key, module.title) for module in taught]
    objectives = [
        (objective["id"], f"{module.title}: {objective['text']}")
        for module in taught
        for objective in module.objectives
    ]
    drawing: set[str] = set() if exam is None else objectives_to_practice(exam)
    offered = [pair for pair in objectives if pair[0] in drawing]

    def uncounted(data: object) -> str:
        return uncounted_exams(course, [(str(value_at(data, ("id",))), str(value_at(data, ("title",))))])

    return lambda data, posted: [
        *exam_sections(data, posted, modules, uncounted(data)),
        *practice_sections(data, posted, offered),
        *own_sections(data, posted, (), ShowOwnExamForm, exposed_exam(request, course, data, exam)),
    ]


def exam_sections(
    data: object, posted: QueryDict | None, modules: list[tuple[str, str]], uncounted: str
) -> list[SettingsSection]:
    """Return the sections that only exams have. `uncounted` is the exam if it counts for nothing."""
    first, form = modules[0][0] if modules else "", ExamSettingsForm(posted, keys=(), value=data)
    return [
        SettingsSection("exam", _("The exam"), forms=[form], uncounted=uncounted),
        SettingsSection(
            "draw",
            _("Draw"),
            _(
                "Without a line here, each learner gets all questions of the pool, for the points that they have there. With "
                "lines, each learner gets so many questions of a module and a difficulty, drawn from the pool."
            ),
            [
                StratumForm(posted, keys=("draw", index), value=row, modules=modules)
                for index, row in enumerate(rows_at(data, ("draw",)))
            ],
            new_row={"module": first, "difficulty": 1, "count": 1, "points": 1},
            row_words=_("Add a line to the draw"),
        ),
    ]


def practice_sections(
    data: object, posted: QueryDict | None, objectives: list[tuple[str, str]]
) -> list[SettingsSection]:
    """Return the section of practice; none for an exam whose questions all have fixed values, which opens nothing."""
    if not objectives and not value_at(data, ("practice",)):
        return []
    return [
        SettingsSection(
            "practice",
            _("Practice"),
            _("Learners find these questions on the page of the exam before they start it."),
            [ExamPracticeForm(posted, keys=(), value=data, objectives=objectives)],
        )
    ]


def review_sections(data: object, posted: QueryDict | None, keys: Path) -> list[SettingsSection]:
    """Return the sections of review questions. Only those with a name of their own have a title."""
    title = ReviewTitleForm(posted, keys=keys, value=value_at(data, keys))
    titled = [SettingsSection("review", _("The questions"), forms=[title])] if keys[0] == "reviews" else []
    return [*titled, *own_sections(data, posted, keys, ShowOwnReviewForm)]


def own_sections(
    data: object,
    posted: QueryDict | None,
    keys: Path,
    show: type[ShowOwnExamForm] | type[ShowOwnReviewForm],
    exposed: str = "",
) -> list[SettingsSection]:
    """Return the sections that review questions and exams have, for what the text says at `keys`.

    `exposed` is an exam whose keys throwaway accounts can read.
    """

    def value_of(name: str) -> object:
        return value_at(data, (*keys, name))

    return [
        SettingsSection(
            "dates",
            _("Dates"),
            forms=[DatesSettingsForm(posted, keys=keys, value=value_at(data, keys))],
        ),
        SettingsSection(
            "attempts",
            _("Attempts at each question"),
            _("They replace those of the course here."),
            [OwnAttemptsForm(posted, keys=(*keys, "attempts"), value=value_of("attempts"))],
            is_folded=True,
        ),
        SettingsSection(
            "show",
            _("What learners see when"),
            forms=[show(posted, keys=(*keys, "show"), value=value_of("show"))],
            exposed=exposed,
            is_folded=True,
        ),
        SettingsSection(
            "late",
            _("Late answers"),
            forms=[OwnLateForm(posted, keys=(*keys, "late"), value=value_of("late"))],
            is_folded=True,
        ),
    ]
