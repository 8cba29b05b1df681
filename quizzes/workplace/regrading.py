"""A regrade step by step: question, change, dry run, apply with progress, undo."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from activities.registry import regradable_activities
from foundation.frame.forms import ReasonForm
from foundation.frame.outcomes import REFRESH, attempted, tell
from foundation.numbers import number_in
from grading.selectors.regrades import changes_of_regrade, effect_lines, name_learners, plan_tally
from people.gate import choice, needs, page_of_rows, workplace_page
from people.rules.roles import Permission
from questions import types
from quizzes.forms import CorrectionForm, response_in
from quizzes.models import Question
from quizzes.rules.corrections import OF_A_VERSION
from quizzes.selectors import (
    VersionUse,
    attempts_by_question,
    questions_to_regrade,
    regrade_in,
    regrades_in,
    response_called_right,
    versions_in_use,
)
from quizzes.services import RegradePlan, apply_regrade, plan_regrade, plan_undo, settle_due, undo_regrade

if TYPE_CHECKING:
    from course.models import Course

ROWS = 25  # questions, regrades or learners on a page
NEWEST = 5  # regrades above the questions


@require_safe
@needs(Permission.REGRADE, asks={"question", "words", "show", "page"})
def regrades(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show the questions to choose from and the newest regrades. `show=regrades` lists all regrades; `question` opens the form."""
    if question_id := request.GET.get("question"):
        return redirect("regrade_question", course.slug, question_id)
    words = request.GET.get("words", "").replace("\0", "").strip()
    shows_regrades = choice(request, "show", ("questions", "regrades"), "questions") == "regrades"
    made = regrades_in(course.pk)
    rows = page_of_rows(request, made if shows_regrades else questions_to_regrade(course.pk, words), ROWS)
    return workplace_page(
        request,
        course,
        "quizzes/workplace/regrades.html",
        section="analysis",
        title=_("Regrade"),
        words=words,
        shows_regrades=shows_regrades,
        rows=rows,
        questions=[] if shows_regrades else with_attempts(rows),
        newest=[] if shows_regrades else list(made[:NEWEST]),
        labs=[] if shows_regrades or words or rows.number > 1 else regradable_activities(course),
    )


def with_attempts(questions: Collection[Question]) -> list[tuple[Question, int]]:
    """Return each question with its number of attempts."""
    numbers = attempts_by_question([question.pk for question in questions])
    return [(question, numbers.get(question.pk, 0)) for question in questions]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.REGRADE, asks={"version", "variant"})
def regrade_question(request: HttpRequest, course: "Course", question_id: str) -> HttpResponse:
    """Choose the change, then show the dry run, then apply the regrade with the dry run's digest."""
    settle_due(now=request.now, course_id=course.pk)
    uses = versions_in_use(course.pk, question_id)
    form = CorrectionForm(request.POST or None, initial={"kind": "key"})
    asked = request.POST if request.POST.get("version") else request.GET
    version = chosen_version(uses, number_in(asked, "version"), number_in(asked, "variant"))
    context = {
        "uses": offered_versions(uses, version),
        "version": version,
        "form": form,
        "control": control_of(version, request),
    }
    if not (form.is_bound and form.is_valid()):
        return show_regrade_question(request, course, context, status=400 if form.is_bound else 200)
    correction = correction_in(form, version, request)
    if expected := request.POST.get("expected"):
        done = attempted(
            form,
            lambda: apply_regrade(
                course=course,
                now=request.now,
                reason=form.cleaned_data["reason"],
                author=request.user,
                expected=expected,
                **correction,
            ),
        )
        if done is not None:
            tell(request, _("The regrade is applied. The grades it changes are being updated."))
            return redirect("regrade_page", course.slug, done.pk)
    plan = attempted(form, lambda: plan_regrade(course=course, now=request.now, **correction))
    status = 400 if plan is None else 409 if form.errors else 200
    return show_regrade_question(request, course, context, plan=plan, status=status)


def show_regrade_question(
    request: HttpRequest, course: "Course", context: dict[str, Any], *, plan: RegradePlan | None = None, status: int
) -> HttpResponse:
    question = context["version"].version.question
    return workplace_page(
        request,
        course,
        "quizzes/workplace/regrade_question.html",
        section="analysis",
        title=_("Regrade a question"),
        status=status,
        question=question,
        plan=plan,
        rows=effect_lines(course.pk, plan),
        tally=plan_tally(plan),
        past=list(regrades_in(course.pk).filter(question=question)),
        **context,
    )


def chosen_version(uses: list[VersionUse], number: int, variant: int) -> VersionUse:
    """Return the requested version, or else the one with the most attempts."""
    asked = [use for use in uses if use.version.number == number and use.version.variant in (variant, variant or 1)]
    return asked[0] if asked else max(uses, key=lambda use: (use.attempts, use.version.number))


def offered_versions(uses: list[VersionUse], chosen: VersionUse) -> list[VersionUse]:
    """Return the versions to choose from: of the variants only the first, the chosen one and those with attempts."""
    return [use for use in uses if use.version.variant <= 1 or use.attempts or use is chosen]


def control_of(version: VersionUse, request: HttpRequest) -> dict[str, object]:
    """Return the question's own controls, with the response in the form."""
    kind, body = types.get(version.version.type), version.version.body
    response = response_in(request.POST, version.version.question_id) if request.method == "POST" else None
    return {"template": kind.input_template, "card": kind.context(body, response, None), "response": response}


class AskedCorrection(TypedDict):
    """The correction that a form asks for, as arguments of the services."""

    question_id: str
    kind: str
    lowers: bool
    version: NotRequired[int]
    variant: NotRequired[int]
    all_variants: NotRequired[bool]
    response: NotRequired[object]


def correction_in(form: BaseForm, version: VersionUse, request: HttpRequest) -> AskedCorrection:
    kind = form.cleaned_data["kind"]
    correction = AskedCorrection(
        question_id=version.version.question_id,
        kind=kind,
        lowers=form.cleaned_data["lowers"],
    )
    if kind in OF_A_VERSION:
        correction["version"] = version.version.number
        correction["variant"] = version.version.variant
        correction["all_variants"] = form.cleaned_data["all_variants"]
        correction["response"] = response_in(request.POST, version.version.question_id)
    return correction


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.REGRADE, asks={"page"})
def regrade_page(request: HttpRequest, course: "Course", regrade_id: int) -> HttpResponse:
    """Show a regrade, the progress of its scores, and its undo, which starts with a dry run."""
    settle_due(now=request.now, course_id=course.pk)
    regrade = regrade_in(course.pk, regrade_id)
    form, plan = ReasonForm(request.POST or None), None
    if form.is_bound and form.is_valid():
        if expected := request.POST.get("expected"):
            done = attempted(
                form,
                lambda: undo_regrade(
                    course=course,
                    regrade_id=regrade_id,
                    now=request.now,
                    reason=form.cleaned_data["reason"],
                    author=request.user,
                    expected=expected,
                ),
            )
            if done is not None:
                tell(request, _("The regrade is undone. Every grade is as if it had never been applied."))
                return redirect("regrade_page", course.slug, done.pk)
        plan = attempted(form, lambda: plan_undo(course=course, regrade_id=regrade_id, now=request.now))
    ended_at = regrade.rescoring.finished_at
    changes = changes_of_regrade(regrade, activity=regrade.question.assessment_id, until=ended_at)
    moved = page_of_rows(request, changes, ROWS)
    name_learners(course.pk, moved)
    answer = workplace_page(
        request,
        course,
        "quizzes/workplace/regrade.html",
        section="analysis",
        title=_("A regrade undone") if regrade.undoes_id else _("A regrade"),
        status=409 if form.errors else 200,
        regrade=regrade,
        response=response_called_right(regrade),
        rescoring=regrade.rescoring,
        form=form,
        plan=plan,
        moved=moved,
        rows=effect_lines(course.pk, plan),
        tally=plan_tally(plan),
    )
    if ended_at is None and request.method == "GET":
        answer["Refresh"] = REFRESH
    return answer
