"""Begin an exam, such as a midterm or a quiz: drafts of its settings and of its first question."""

import re
from collections.abc import Collection
from itertools import count
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from authoring.folder import (
    EXAM_FOLDER,
    exam_names,
    exam_of_pool,
    first_exam,
    first_section,
    is_exam_folder,
    is_pool,
    read_document,
)
from authoring.forms.arranging import WHOLE_COURSE
from authoring.forms.policy import NewExamForm
from authoring.refusals import Refusal
from authoring.services import editable_texts, ids_ever_used
from authoring.workplace.new_texts import begin_drafts
from authoring.workplace.policy import exam_form
from authoring.workplace.settings_pages import SettingsPage, settings_page
from course.selectors import drafted_texts, modules_of
from people.gate import needs, workplace_page
from people.rules.roles import Permission

if TYPE_CHECKING:
    from course.models import Course, Module

FIRST = "-first"  # ends the id of an exam's first question
EXAM_FILE = re.compile(r"(?P<folder>[^/]+)/exam(?:-(?P<name>[^/]+))?\.yaml")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.CHANGE_POLICY, asks={"module", "name"})
def new_exam(request: HttpRequest, course: "Course") -> HttpResponse:
    """Ask where a new exam belongs. With `module=` and the `name` of its file, show the settings of its draft.

    They are published with its questions.
    """
    places = places_for_exams(course)
    folder, name = request.GET.get("module", ""), request.GET.get("name", "")
    if folder:
        if folder not in places:
            raise Refusal("not_found")
        path = exam_path(folder, name)
        if path in drafted_texts(request.user.pk, course.pk, path) and path not in editable_texts(course_id=course.pk):
            return drafted_exam(request, course, folder, name)
        return redirect("new_exam", course.slug)
    choices = [(at, where.title) for at, where in places.items()]
    form = NewExamForm(request.POST if request.method == "POST" else None, modules=choices)
    if form.is_bound and form.is_valid():
        problem = pools_in_the_way(request, course, form.cleaned_data["module"])
        if not problem:
            return begin_exam(request, course, form.cleaned_data, places[form.cleaned_data["module"]])
        form.add_error("module", problem)
    status = 400 if form.errors else 200
    title = _("New exam or quiz")
    return workplace_page(
        request,
        course,
        "authoring/new_exam.html",
        section="exams",
        title=title,
        status=status,
        form=form,
        modules=numbered_modules(course),
    )


def numbered_modules(course: "Course") -> list[tuple[str, str]]:
    """Return folder and title of the modules whose objectives an exam can ask about."""
    return [(section.folder, section.title) for section in modules_of(course) if section.folder[:1].isdigit()]


class ExamPlace(NamedTuple):
    """A section that can have exams. The first question is `about` a module. `is_new`: the course has no such section yet."""

    title: str
    about: "Module"
    is_new: bool = False


def begin_exam(request: HttpRequest, course: "Course", asked: dict[str, object], where: ExamPlace) -> HttpResponse:
    """Begin the drafts of an exam, and of its section if that is new, and lead to its settings."""
    folder = str(asked["module"])
    inside = f"{folder}/"
    drafts = drafted_texts(request.user.pk, course.pk, "")
    published = editable_texts(course_id=course.pk)
    paths = {*published, *drafts}
    taken = {path.removeprefix(inside) for path in paths if path.startswith(inside)}
    wanted = slugify(asked["title"])[:60].strip("-_").replace("_", "-") or f"{where.about.key}-exam"
    used = ids_ever_used(course.pk)
    questions = {question.removesuffix(FIRST) for question in used.questions if question.endswith(FIRST)}
    drafted = {pool_name(path) for path in drafts if is_pool(path)}
    key = free_name(wanted, taken, used.assessments | questions | drafted)
    name = key if exam_names(paths, folder) else ""
    texts = first_exam(
        exam_path(folder, name),
        key=key,
        title=asked["title"],
        time_limit=asked["time_limit"],
        objective=where.about.objectives[0]["id"],
    )
    if where.is_new and section_head(folder) not in drafts:
        files = {path: text.encode() for path, text in published.items()}
        texts |= first_section(files, folder, _("Exams"), used.modules)
    begin_drafts(request, course, texts)
    page = reverse("new_exam", args=[course.slug])
    return redirect(f"{page}?{urlencode({'module': folder} | ({'name': name} if name else {}))}")


def unpublished_exams(request: HttpRequest, course: "Course") -> list[tuple[str, str]]:
    """Return title and address of each exam that this author has begun and not published."""
    drafts = drafted_texts(request.user.pk, course.pk, "")
    matches = [(draft, EXAM_FILE.fullmatch(path)) for path, draft in sorted(drafts.items())]
    begun = [(draft, match) for draft, match in matches if match]
    if not begun:
        return []
    known = editable_texts(course_id=course.pk)
    page = reverse("new_exam", args=[course.slug])
    listed = []
    for draft, match in begun:
        if draft.path not in known:
            data = read_document(draft.text or "").data
            title = data.get("title") if isinstance(data, dict) else None
            query = {"module": match["folder"]} | ({"name": match["name"]} if match["name"] else {})
            listed.append((str(title or draft.path), f"{page}?{urlencode(query)}"))
    return listed


def pools_in_the_way(request: HttpRequest, course: "Course", folder: str) -> str:
    """Return a sentence that names drafts which would become questions of a new exam, or ""."""
    sentence = _("Questions of an earlier exam would be published with this one: {paths}. Discard their drafts first.")
    left = left_pools(request, course, folder)
    return sentence.format(paths=", ".join(left)) if left else ""


def left_pools(request: HttpRequest, course: "Course", folder: str) -> list[str]:
    """Return the author's drafts of pools in a folder that belong to no exam."""
    drafts = drafted_texts(request.user.pk, course.pk, f"{folder}/")
    names = exam_names({*drafts, *editable_texts(course_id=course.pk)}, folder)
    return sorted(path for path in drafts if is_pool(path) and exam_of_pool(path, names) not in names)


def pool_name(path: str) -> str:
    """Return the name of a pool. The first pool of a new exam has the exam's id."""
    return path.rpartition("/")[2].removeprefix("pool-").removesuffix(".yaml")


def free_name(wanted: str, taken: Collection[str], keys: Collection[str]) -> str:
    """Return a name for an exam whose id and files are new, and that takes no pool from another exam.

    `taken` are the names of the files that are there, and `keys` the ids in the whole course.
    """
    pools = [pool for pool in taken if pool.startswith("pool-")]
    names = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
    return next(
        name
        for name in names
        if name not in keys
        and f"exam-{name}.yaml" not in taken
        and not any(exam_of_pool(pool, [name]) for pool in pools)
    )


def section_head(folder: str) -> str:
    return f"{folder}/module.yaml"


def exam_path(folder: str, name: str) -> str:
    return f"{folder}/exam-{name}.yaml" if name else f"{folder}/exam.yaml"


def places_for_exams(course: "Course") -> dict[str, ExamPlace]:
    """Return, by folder, the sections that can have exams, and that of the whole course even if it does not exist yet.

    The first question is about the section itself, or about the first module with objectives, because every question is
    about an objective. Without objectives, there is no place.
    """
    sections = [section for section in modules_of(course) if is_exam_folder(section.folder)]
    with_objectives = [section for section in sections if section.objectives]
    if not with_objectives:
        return {}
    first = with_objectives[0]
    places = {
        section.folder: ExamPlace(section.title, section if section.objectives else first) for section in sections
    }
    return {**places, EXAM_FOLDER: places.get(EXAM_FOLDER) or ExamPlace(str(WHOLE_COURSE), first, is_new=True)}


def drafted_exam(request: HttpRequest, course: "Course", folder: str, name: str) -> HttpResponse:
    drafts = drafted_texts(request.user.pk, course.pk, f"{folder}/")
    names = exam_names({*drafts, *editable_texts(course_id=course.pk)}, folder)
    pools = {path: draft for path, draft in drafts.items() if is_pool(path) and exam_of_pool(path, names) == name}
    section = {path: draft for path, draft in drafts.items() if path == section_head(folder)}
    page = SettingsPage(
        path=exam_path(folder, name),
        title=_("New exam or quiz"),
        intro=_("Learners see it as soon as you publish it, unless it opens later. Write its questions first."),
        sections=exam_form(request, course, None),
        beside=pools | section,
        after=reverse("exam_list", args=[course.slug]),
        menu="exams",
        extra={"questions": sorted(pools)},
    )
    return settings_page(request, course, page)
