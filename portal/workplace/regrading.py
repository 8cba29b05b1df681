"""A regrade step by step: question, change, dry run, apply with progress, undo."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from course.selectors import learners_named
from portal.forms.answers import response_in
from portal.forms.workplace import Correction, Reasoned
from portal.workplace.acting import attempted, tell
from portal.workplace.gate import for_instructors, page
from quizzes import types
from quizzes.rules.corrections import OF_A_VERSION
from quizzes.selectors import VersionUse, questions_to_regrade, regrade_in, regrades_in, response_of, versions_in_use
from quizzes.services import Plan, apply_regrade, plan_regrade, plan_undo, settle_due, undo_regrade

SHOWN = 200  # learners in a dry run's table; the counts are of all
REFRESH = "2"


@require_safe
@for_instructors
def regrades(request: HttpRequest, course: Any) -> HttpResponse:
    """The questions to choose from, and the regrades there were; with `question`, the form for one."""
    if question_id := request.GET.get("question"):
        return redirect("regrade_question", course.slug, question_id)
    words = request.GET.get("words", "").replace("\0", "").strip()
    return page(
        request,
        course,
        "regrades",
        section="analysis",
        title=_("Regrade"),
        words=words,
        questions=questions_to_regrade(course.pk, words),
        regrades=list(regrades_in(course.pk)[:50]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_instructors
def regrade_question(request: HttpRequest, course: Any, question_id: str) -> HttpResponse:
    """What is to be changed; then the dry run; then, with its digest, the regrade."""
    settle_due(now=request.now, course_id=course.pk)
    uses = versions_in_use(course.pk, question_id)
    form = Correction(request.POST or None, initial={"kind": "key"})
    version = chosen_version(uses, request.POST.get("version") or request.GET.get("version"))
    context = {"uses": uses, "version": version, "form": form, "control": control_of(version, request)}
    if not (form.is_bound and form.is_valid()):
        return show_question(request, course, context, status=400 if form.is_bound else 200)
    said = said_in(form, version, request)
    if expected := request.POST.get("expected"):
        reason = {"reason": form.cleaned_data["reason"], "author": request.user, "expected": expected}
        done = attempted(form, lambda: apply_regrade(course=course, now=request.now, **said, **reason))
        if done is not None:
            tell(request, _("The regrade is written. Every grade it changes follows."))
            return redirect("regrade_page", course.slug, done.pk)
    plan = attempted(form, lambda: plan_regrade(course=course, now=request.now, **said))
    status = 400 if plan is None else 409 if form.errors else 200
    return show_question(request, course, context, plan=plan, status=status)


def show_question(
    request: HttpRequest, course: Any, context: dict[str, Any], *, plan: Plan | None = None, status: int
) -> HttpResponse:
    question = context["version"].version.question
    return page(
        request,
        course,
        "regrade_question",
        section="analysis",
        title=_("Regrade a question"),
        status=status,
        question=question,
        plan=plan,
        rows=effects_of(course.pk, plan) if plan else [],
        tally=tally_of(plan) if plan else {},
        past=list(regrades_in(course.pk).filter(question=question)),
        **context,
    )


def chosen_version(uses: list[VersionUse], number: str | None) -> VersionUse:
    """The version that is asked for; else the one that most attempts answered."""
    asked = [use for use in uses if str(use.version.number) == number]
    return asked[0] if asked else max(uses, key=lambda use: (use.attempts, use.version.number))


def control_of(version: VersionUse, request: HttpRequest) -> dict[str, Any]:
    """The question's own controls, with the response that stands in the form."""
    kind, body = types.get(version.version.type), version.version.body
    response = response_in(request.POST, version.version.question_id) if request.method == "POST" else None
    return {"template": kind.input_template, "card": kind.context(body, response, None), "response": response}


def said_in(form: Any, version: VersionUse, request: HttpRequest) -> dict[str, Any]:
    kind = form.cleaned_data["kind"]
    said = {
        "question_id": version.version.question_id,
        "kind": kind,
        "lowers": form.cleaned_data["lowers"],
    }
    if kind in OF_A_VERSION:
        said["version"] = version.version.number
        said["response"] = response_in(request.POST, version.version.question_id)
    return said


@require_http_methods(["GET", "HEAD", "POST"])
@for_instructors
def regrade_page(request: HttpRequest, course: Any, regrade_id: int) -> HttpResponse:
    """A regrade that was made, how far the grades have followed, and its undo: a dry run first."""
    settle_due(now=request.now, course_id=course.pk)
    regrade = regrade_in(course.pk, regrade_id)
    form, plan = Reasoned(request.POST or None), None
    if form.is_bound and form.is_valid():
        if expected := request.POST.get("expected"):
            said = {"reason": form.cleaned_data["reason"], "author": request.user, "expected": expected}
            done = attempted(form, lambda: undo_regrade(course=course, regrade_id=regrade_id, now=request.now, **said))
            if done is not None:
                tell(request, _("The regrade is undone. Every grade is what it was without it."))
                return redirect("regrade_page", course.slug, done.pk)
        plan = attempted(form, lambda: plan_undo(course=course, regrade_id=regrade_id, now=request.now))
    answer = page(
        request,
        course,
        "regrade",
        section="analysis",
        title=_("A regrade undone") if regrade.undoes_id else _("A regrade"),
        status=409 if form.errors else 200,
        regrade=regrade,
        response=response_of(regrade),
        rescoring=regrade.rescoring,
        form=form,
        plan=plan,
        rows=effects_of(course.pk, plan) if plan else [],
        tally=tally_of(plan) if plan else {},
    )
    if regrade.rescoring.finished_at is None and request.method == "GET":
        answer["Refresh"] = REFRESH
    return answer


def effects_of(course_id: int, plan: Plan) -> list[dict[str, Any]]:
    """The lines of a dry run, those first for whom most changes; with names."""
    weighty = sorted(plan.effects, key=lambda found: (not found.certificate, not found.crosses, found.learner_id))
    shown = weighty[:SHOWN]
    names = learners_named(course_id, [effect.learner_id for effect in shown])
    return [{"name": names.get(effect.learner_id, ""), "effect": effect} for effect in shown]


def tally_of(plan: Plan) -> dict[str, int]:
    effects = plan.effects
    return {
        "attempts": len(plan.changes),
        "learners": len(effects),
        "rise": sum(found.after.exact > found.before.exact for found in effects),
        "fall": sum(found.is_fall for found in effects),
        "pass": sum(found.crosses and found.after.has_passed for found in effects),
        "fail": sum(found.crosses and not found.after.has_passed for found in effects),
        "issued": sum(found.certificate == "issued" for found in effects),
        "revoked": sum(found.certificate == "revoked" for found in effects),
        "restored": sum(found.certificate == "restored" for found in effects),
        "more": max(len(effects) - SHOWN, 0),
    }
