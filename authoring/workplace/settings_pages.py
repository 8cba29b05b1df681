"""Pages that edit a YAML text of the course by form: the same draft, check and publication as in the text editor."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from authoring.folder import Mistake, Path, read_document, value_at, with_value
from authoring.forms.settings import SettingsForm
from authoring.refusals import Refusal
from authoring.rules.passages import Passage
from authoring.services import Publication, UndonePublication, edit_texts, last_publication, publish
from authoring.workplace.publishing import asked_before, confirmed_in, reason_in, tell_published
from authoring.workplace.text_drafts import began_in, discard_drafts, draft_for, draft_key, keep_typed
from authoring.workplace.texts import passage_in
from course.rules.comparing import compare
from course.selectors import text_draft_of
from course.services import discard_text_draft, text_digest
from people.gate import workplace_page

if TYPE_CHECKING:
    from course.models import Course, TextDraft

ABOUT_REVOKING = {"revocation_needs_reason", "certificate_not_offered"}


@dataclass
class SettingsSection:
    """A heading with the forms of one part of the text. `new_row` is what another row says, if there may be more."""

    name: str
    title: str
    intro: str = ""
    forms: Sequence[SettingsForm] = ()
    new_row: object = None
    row_words: str = ""  # the button that adds a row
    mistakes: list[str] = field(default_factory=list)
    exposed: str = ""  # exams whose keys throwaway accounts can read because of what this section says
    uncounted: str = ""  # exams that no published category with a weight takes
    effect: str = ""  # what the draft of this section does beside grades
    is_folded: bool = False  # closed while it says nothing of its own

    @property
    def is_open(self) -> bool:
        """Tell whether the section is shown open: unless it may be folded, says nothing and has nothing wrong."""
        says = any(name in form.values for form in self.forms for name in form.fields)
        wrong = self.mistakes or self.exposed or any(form.errors for form in self.forms)
        return bool(not self.is_folded or says or wrong)


type Sections = Sequence[SettingsSection]
type MakeSections = Callable[[object, QueryDict | None], Sections]  # for what the text says, and what was posted


@dataclass(frozen=True)
class SettingsPage:
    """The text that a page edits, and the sections for what the text says and what was posted.

    `beside` are drafts of other new texts, which are published and discarded with it. `after` is the page that follows.
    `menu` is the item of the workplace that the page belongs to: "settings", "exams" or "gradebook".
    """

    path: str
    title: str
    intro: str
    sections: MakeSections
    beside: Mapping[str, "TextDraft"] = field(default_factory=dict)
    after: str = ""
    menu: str = "settings"
    extra: dict[str, object] = field(default_factory=dict)  # more for the template


def rows_at(data: object, keys: Path) -> list[object]:
    """Return the rows of a list in a text that may have mistakes."""
    rows = value_at(data, keys)
    return rows if isinstance(rows, list) else []


def settings_page(request: HttpRequest, course: "Course", page: SettingsPage) -> HttpResponse:
    """Show the settings of the author's draft, or of the published text. A POST changes the draft, and publishes it."""
    passage = passage_in(request, course, page.path, "")
    draft = draft_for(request, course, passage)
    text = passage.text if draft is None or draft.text is None else draft.text
    if request.method != "POST":
        return show_settings(request, course, page, passage, page.sections(read_document(text).data, None), text=text)
    match request.POST.get("do", ""):
        case "discard":
            discard_text_draft(**draft_key(request, course, page.path), now=request.now)
            discard_drafts(request, course, page.beside.values())
            messages.success(request, _("Draft discarded. The published settings were not changed."))
            return redirect(page.after or request.path)
        case "undo":
            last = last_publication(course_id=course.pk, path=passage.path, text=passage.text)
            text = text if last is None else last.before
            sections = page.sections(read_document(text).data, None)
        case _:
            sections = page.sections(read_document(text).data, request.POST)
            if request.POST.get("rows", "") != digest_of_rows(sections):
                now = page.sections(read_document(text).data, None)
                return show_settings(request, course, page, passage, now, text=text, status=409, is_moved=True)
            text = with_changes(sections, text, request.POST.getlist("remove"))
    added = next((section for section in sections if request.POST.get("do") == f"add-{section.name}"), None)
    if added is not None:
        text = (
            with_value(text, (added.name, len(added.forms)), added.new_row)
            or with_value(text, (added.name,), [added.new_row])  # the first of a list that the text does not have
            or text
        )
    try:
        revision = keep_typed(request, course, passage, text)
    except Refusal as refusal:
        context = {"status": refusal.status, "refusal": refusal.sentence}
        return show_settings(request, course, page, passage, sections, text=text, **context)
    if added is not None:
        return redirect(f"{request.get_full_path()}#{added.name}-{len(added.forms)}")
    return judge_settings(request, course, page, passage, sections, text, revision)


def digest_of_rows(sections: Sections) -> str:
    """Return a digest of which rows the sections show, so that no value is written into another row than its own."""
    return text_digest(repr([[form.values.get("id") for form in section.forms] for section in sections]))


def with_changes(sections: Sections, text: str, removed: Sequence[str]) -> str:
    """Return the text with what was typed. What cannot be written stays in its field, with the reason."""
    for section in sections:
        for form in section.forms:
            for name, keys, value in form.changes():
                made = with_value(text, keys, value)
                if made is None:
                    form.add_mistake(name, str(form.UNWRITABLE))
                text = text if made is None else made
        for form in reversed(section.forms if section.new_row is not None else ()):
            if form.prefix in removed:
                text = with_value(text, form.keys, None) or text
        if section.new_row is not None and value_at(read_document(text).data, (section.name,)) == []:
            text = with_value(text, (section.name,), None) or text
    optional = [form.keys for section in sections for form in section.forms if form.is_optional and form.keys]
    for keys in sorted(optional, key=len, reverse=True):
        if value_at(read_document(text).data, keys) == {}:
            text = with_value(text, keys, None) or text
    return text


def judge_settings(
    request: HttpRequest,
    course: "Course",
    page: SettingsPage,
    passage: Passage,
    sections: Sections,
    text: str,
    revision: int,
) -> HttpResponse:
    """Check the whole course with the draft. Then show who would move or, if that is asked and confirmed, publish it."""
    if any(form.errors for section in sections for form in section.forms):
        return show_settings(request, course, page, passage, sections, text=text, status=400)
    if text == passage.text:
        messages.info(request, _("These settings are published already, so there is nothing to change."))
        return redirect(request.path)
    is_asked = request.POST.get("do") == "publish"
    if is_asked and request.POST.get("digest", "") != text_digest(passage.text):
        return show_settings(request, course, page, passage, sections, text=text, status=409)
    try:
        edit = edit_texts(
            course=course,
            texts={page.path: text, **{path: draft.text for path, draft in page.beside.items()}},
            based_on={page.path: passage.text, **dict.fromkeys(page.beside, "")},
            editor=request.user,
            reason=reason_in(request),
        )
        last = last_publication(course_id=course.pk, path=page.path, text=passage.text)
        if last is not None and last.before == text:
            revoked = frozenset(request.POST.getlist("revoke"))
            edit = replace(edit, undo=UndonePublication(last.published_at, revoked, reason_in(request)))
        done = publish(edit=edit, confirmed=confirmed_in(request) if is_asked else None, now=request.now)
    except Refusal as refusal:
        context = {"status": refusal.status, "refusal": refusal.sentence}
        if refusal.code in ABOUT_REVOKING:
            context |= tried_before(publish(edit=edit, confirmed=None, now=request.now))
        return show_settings(request, course, page, passage, sections, text=text, **context)
    shown = page.sections(read_document(text).data, None)
    if done.mistakes:
        rest = place_mistakes(shown, page.path, done.mistakes)
        return show_settings(request, course, page, passage, shown, text=text, status=400, mistakes=rest)
    if not done.is_written:
        asked = tried_before(done)
        status = 409 if is_asked else 200
        return show_settings(request, course, page, passage, shown, text=text, status=status, **asked)
    discard_text_draft(**draft_key(request, course, page.path), now=request.now, revision=revision)
    discard_drafts(request, course, page.beside.values())
    tell_published(request, len(edit.undo.revoked) if edit.undo else 0)
    return redirect(page.after or request.path)


def tried_before(plan: Publication) -> dict[str, object]:
    """Return what a page shows of a plan before somebody confirms it."""
    crossing = sum(movement.crosses for movement in plan.effects.movements)
    return {**asked_before(plan), "crossing": crossing, "is_tried": True}


def place_mistakes(sections: Sections, path: str, mistakes: Sequence[Mistake]) -> list[Mistake]:
    """Show each mistake beside its field or below its heading. Return those that have no place on the page."""
    return [mistake for mistake in mistakes if mistake.path != path or not _is_placed(sections, mistake)]


def _is_placed(sections: Sections, mistake: Mistake) -> bool:
    forms = [form for section in sections for form in section.forms]
    for form in sorted(forms, key=lambda form: -len(form.keys)):
        depth = len(form.keys)
        name = mistake.keys[depth] if len(mistake.keys) > depth else None
        if mistake.keys[:depth] == form.keys and name in form.fields:
            form.add_mistake(str(name), mistake.text)
            return True
    section = next((named for named in sections if mistake.keys[:1] == (named.name,)), None)
    if section is not None:
        section.mistakes.append(mistake.text)
    return section is not None


def show_settings(
    request: HttpRequest,
    course: "Course",
    page: SettingsPage,
    passage: Passage,
    sections: Sections,
    *,
    text: str,
    status: int = 200,
    **context: object,
) -> HttpResponse:
    """Show the forms. What was published after the draft began is shown beside them."""
    stored, digest = text_draft_of(request.user.pk, course.pk, page.path, ""), text_digest(passage.text)
    is_draft = stored is not None and stored.text is not None and stored.text != passage.text
    began = (stored.digest if stored and is_draft else began_in(request)) or digest
    return workplace_page(
        request,
        course,
        "authoring/settings.html",
        section=page.menu,
        title=page.title,
        status=status,
        is_refused=status == 400,
        page=page,
        sections=sections,
        is_new=not passage.text,
        is_readable=isinstance(read_document(text).data, dict),
        draft=stored if is_draft else None,
        revision=stored.revision if stored else 0,
        digest=digest,
        began=began,
        rows=digest_of_rows(sections),
        is_overtaken=began != digest,
        lines=compare(passage.text, text),
        can_undo=(
            not is_draft and last_publication(course_id=course.pk, path=passage.path, text=passage.text) is not None
        ),
        reason=request.POST.get("reason", ""),
        chosen=request.POST.getlist("revoke"),
        **page.extra,
        **context,
    )
