"""The class: its learners and groups, a class list as a file, and one learner's place in the class."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.adapters import password_address
from foundation.frame.outcomes import attempted, tell
from foundation.frame.wording import spoken
from foundation.mailers import sends_mail
from mail.selectors import class_reach, mail_states, without_mail
from people.access import learner_in
from people.forms import GroupsForm, RemovalForm, RosterForm, StudentNumberForm
from people.gate import choice, needs, page_of_rows, workplace_page
from people.refusals import Refusal
from people.rules.roles import Permission
from people.rules.roster import Roster, alike_groups, decode_roster, read_roster
from people.rules.spreadsheets import as_csv
from people.selectors import group_names, groups_by_enrollment, has_student_numbers, learners_in
from people.services import (
    Listed,
    RosterPlan,
    apply_roster,
    plan_roster,
    remove_learner,
    restore_learner,
    set_groups,
    set_student_number,
    without_password,
)

if TYPE_CHECKING:
    from course.models import Course

ROWS = 50
LARGEST = 1024 * 1024


@require_safe
@needs(Permission.MANAGE_CLASS, asks={"words", "group", "show", "page"})
def roster(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show the learners of the class, or those who left, with their groups, and who gets no mail and why."""
    groups = group_names(course)
    words = request.GET.get("words", "").replace("\0", "").strip()
    group = choice(request, "group", ("", *groups), "")
    show = choice(request, "show", ("enrolled", "unmailed", "left"), "enrolled")
    learners = learners_in(course.pk, words=words, has_left=show == "left", group=group).order_by("name", "pk")
    people = learners_in(course.pk).values_list("user_id", flat=True)
    if show == "unmailed":
        learners = learners.filter(user__in=without_mail(people, course.pk))
    rows = page_of_rows(request, learners, ROWS)
    named = groups_by_enrollment([row.pk for row in rows])
    is_mailed = show != "left" and sends_mail()
    states = mail_states([row.user_id for row in rows], course.pk) if is_mailed else {}
    return workplace_page(
        request,
        course,
        "people/workplace/roster.html",
        section="class",
        title=_("Class"),
        rows=rows,
        learners=[(row, named.get(row.pk, []), states.get(row.user_id)) for row in rows],
        reach=class_reach(people, course.pk) if is_mailed else None,
        groups=groups,
        group=group,
        words=words,
        show=show,
        has_numbers=has_student_numbers(course.pk),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MANAGE_CLASS)
def class_list(request: HttpRequest, course: "Course") -> HttpResponse:
    """Read a class list: say what becomes of each row, then do it, and show the links for new accounts once."""
    if request.method != "POST":
        return list_page(request, course, "")
    text, sentence = text_sent(request)
    roster = read_roster(text) if not sentence else Roster((), ())
    invites, plan = request.POST.get("invites") == "yes", None
    expected = request.POST.get("expected")
    arguments = {"course": course, "rows": roster.rows}
    try:
        plan = plan_roster(inviting_at=request.now if invites else None, now=request.now, **arguments)
        if sentence or roster.mistakes or plan.mistakes or not expected:
            return list_page(request, course, text, roster=roster, plan=plan, refusal=sentence, invites=invites)
        listed = apply_roster(expected=expected, author=request.user, now=request.now, invites=invites, **arguments)
    except Refusal as refusal:
        return list_page(request, course, text, roster=roster, plan=plan, refusal=spoken(refusal), invites=invites)
    return workplace_page(
        request,
        course,
        "people/workplace/class_listed.html",
        section="class",
        title=_("The class list was applied"),
        counts=plan.counts,
        invites=invites,
        links=(links := links_of(request, course, listed)),
        table=csv_of(links),
        reach=class_reach(learners_in(course.pk).values_list("user_id", flat=True), course.pk)
        if sends_mail()
        else None,
    )


def text_sent(request: HttpRequest) -> tuple[str, str]:
    """Return the list that was uploaded or pasted, and why it cannot be read, if so."""
    upload = request.FILES.get("file")
    if upload is None:
        return request.POST.get("text", ""), ""
    if upload.size > LARGEST:
        return "", _("The file is larger than a megabyte. Nothing was changed. Split it into several files.")
    return decode_roster(upload.read()), ""


def list_page(
    request: HttpRequest,
    course: "Course",
    text: str,
    *,
    roster: Roster | None = None,
    plan: RosterPlan | None = None,
    refusal: str = "",
    invites: bool = False,
) -> HttpResponse:
    wrong = (*(roster.mistakes if roster else ()), *(plan.mistakes if plan else ()))
    mistakes = sorted(wrong, key=lambda mistake: mistake.number)
    return workplace_page(
        request,
        course,
        "people/workplace/class_list.html",
        section="class",
        title=_("Class list"),
        status=409 if refusal else 400 if mistakes else 200,
        form=RosterForm(initial={"text": text, "invites": "yes" if invites else "no"}),
        invites=invites,
        text=text,
        plan=plan if plan and plan.fates and not mistakes and not refusal else None,
        has_numbers=plan is not None and any(fate.row.student_number for fate in plan.fates),
        unused=roster.unused if roster else (),
        alike=alike_groups({name for row in roster.rows for name in row.groups}, group_names(course)) if roster else [],
        mails_class_lists=settings.MAILS_CLASS_LISTS,
        mistakes=mistakes,
        refusal=refusal,
    )


def links_of(request: HttpRequest, course: "Course", listed: Sequence[Listed]) -> list[tuple[Listed, str]]:
    """Return the people who have no password yet, each with the link that sets one."""
    people = [person for person in listed if person.user]
    wanted = {user.pk for user in without_password(course=course, user_ids=[person.user.pk for person in people])}
    return [(person, password_address(request, person.user)) for person in people if person.user.pk in wanted]


def csv_of(links: Sequence[tuple[Listed, str]]) -> str:
    rows = [[person.enrollment.name, person.user.username, person.user.email, address] for person, address in links]
    return "".join(as_csv([["name", "username", "email", "link"], *rows]))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MANAGE_CLASS)
def membership(request: HttpRequest, course: "Course", learner_id: int) -> HttpResponse:
    """Show a learner's place in the class. A POST says in `do` what to change."""
    enrollment = learner_in(course.pk, learner_id)
    named = groups_by_enrollment([enrollment.pk]).get(enrollment.pk, [])
    groups, removal = GroupsForm(initial={"groups": ", ".join(named)}), RemovalForm()
    number = StudentNumberForm(initial={"number": enrollment.student_number})
    arguments = {"course": course, "learner_id": learner_id, "author": request.user, "now": request.now}
    changed = ""
    match request.POST.get("do") if request.method == "POST" else None:
        case "groups":
            groups = GroupsForm(request.POST)
            if groups.is_valid():
                attempted(groups, lambda: set_groups(names=groups.cleaned_data["groups"], **arguments))
                changed = "" if groups.errors else _("The groups were saved.")
        case "number":
            number = StudentNumberForm(request.POST)
            if number.is_valid():
                attempted(number, lambda: set_student_number(number=number.cleaned_data["number"], **arguments))
                changed = "" if number.errors else _("The student number was saved.")
        case "remove":
            removal = RemovalForm(request.POST)
            if removal.is_valid():
                attempted(removal, lambda: remove_learner(reason=removal.cleaned_data["reason"], **arguments))
                changed = "" if removal.errors else _("The learner was removed. Everything they did is kept.")
        case "restore":
            restore_learner(**arguments)
            changed = _("The learner is back in the class, with everything they did.")
    if changed:
        tell(request, changed)
        return redirect("membership", course.slug, learner_id)
    return workplace_page(
        request,
        course,
        "people/workplace/membership.html",
        section="class",
        title=enrollment.name or enrollment.user.get_full_name(),
        status=400 if request.method == "POST" else 200,
        enrollment=enrollment,
        learner=enrollment.user,
        groups=groups,
        number=number,
        known=group_names(course),
        alike=alike_groups(named, group_names(course)),
        removal=removal,
    )
