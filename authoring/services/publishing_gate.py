"""The gate that everything passes that decides points, whatever way it takes to become current (decision 45).

It asks two things. Did the programs that judge a lab pass their trial? And if grades would move, or an activity would ask
less or be worth less than the published one, may this person decide that?
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from authoring.folder import FolderText, is_lab_head, lab_folder, lab_id_in
from authoring.refusals import Refusal
from authoring.services.grade_movements import Movement
from authoring.services.undone_policies import UnearnedCertificate
from course.selectors import course_by_slug, course_id_of
from grading.rules.arithmetic import points_text
from labs.judging import judging_labs, passed_among, unfinished_or_failed
from labs.rules.texts import LabText
from labs.selectors import lab_activities
from labs.services import begin_tryout, has_ready_runner
from people.access import permissions_in
from people.rules.roles import Permission
from quizzes.selectors import activities_of
from records.services import record_audit

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class AskedWorth:
    """What a published activity asks: its questions or, if it is a lab, its tests (`asks` names one), with their points."""

    title: str
    asks: str
    number: int
    points: Decimal


@dataclass(frozen=True)
class LoweredActivity:
    """An activity that would ask less or be worth less than before. One that goes asks nothing any more."""

    title: str
    asks: str
    numbers: tuple[int, int]
    points: tuple[Decimal, Decimal]

    def __str__(self) -> str:
        pairs = {self.asks: tuple(map(Decimal, self.numbers)), "point": self.points}
        fewer = [_before_and_now(noun, *pair) for noun, pair in pairs.items() if pair[1] < pair[0]]
        return f"{self.title}: {'; '.join(fewer)}"


def _before_and_now(noun: str, before: Decimal, now: Decimal) -> str:
    return f"{points_text(before)} {noun}{'' if before == 1 else 's'} before, {points_text(now)} now"


@dataclass(frozen=True)
class Effects:
    """What somebody confirms before it is written: grades that move, activities that are worth less, and questions that go.

    `removed` are the questions with the number of learners who answered each. An operator does not confirm them.
    `unearned` are certificates that the editor may choose to revoke.
    """

    movements: tuple[Movement, ...] = ()
    lowered: tuple[LoweredActivity, ...] = ()
    removed: tuple[tuple[str, int], ...] = ()
    unearned: tuple[UnearnedCertificate, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.movements or self.lowered or self.removed or self.unearned)

    @property
    def lowers_nothing(self) -> bool:
        """Return whether no grade falls and no activity becomes worth less."""
        return not self.lowered and not any(movement.is_fall for movement in self.movements)


def asked_in(course_id: int | None) -> dict[tuple[str, str], AskedWorth]:
    """Return what each activity of a course asks, by kind and key. Runs three queries."""
    if course_id is None:
        return {}
    assessments = {
        (assessment.kind, assessment.key): AskedWorth(
            assessment.title, "question", len(assessment.worth.winnable), sum(assessment.worth.winnable, Decimal(0))
        )
        for assessment in activities_of(course_id)
    }
    labs = {
        ("lab", lab.key): AskedWorth(lab.title, "test", len(lab.winnable), sum(lab.winnable, Decimal(0)))
        for lab in lab_activities(course_id)
    }
    return assessments | labs


def lowered_between(
    before: Mapping[tuple[str, str], AskedWorth], after: Mapping[tuple[str, str], AskedWorth]
) -> tuple[LoweredActivity, ...]:
    """Return the activities that ask less or are worth less after a change."""
    pairs = [(was, after.get(key) or AskedWorth(was.title, was.asks, 0, Decimal(0))) for key, was in before.items()]
    return tuple(
        LoweredActivity(was.title, was.asks, (was.number, now.number), (was.points, now.points))
        for was, now in pairs
        if now.number < was.number or now.points < was.points
    )


def may_publish(*, effects: Effects, course_id: int, editor: "User | None") -> bool:
    """Return whether this person may move grades and make activities worth less. An operator, who loads a folder, may.

    Raises Refusal needs_instructor if they may not and no grade moves. If grades move too, the page says whose.
    """
    decides_points = bool(effects.movements or effects.lowered or effects.unearned)
    if not decides_points or editor is None or Permission.CHANGE_POLICY in permissions_in(editor, course_id):
        return True
    if not (effects.movements or effects.unearned):
        raise Refusal("needs_instructor", lowered=lowered_words(effects.lowered))
    return False


def lowered_words(lowered: Iterable[LoweredActivity]) -> str:
    return " · ".join(map(str, lowered))


def record_lowered(*, lowered: tuple[LoweredActivity, ...], slug: str, editor: "User | None", now: datetime) -> None:
    """Name in the audit what a publication lowered."""
    course = course_by_slug(slug)
    details: dict[str, object] = {"lowered": lowered_words(lowered)}
    record_audit(actor=editor, action="lower_points", now=now, course=course, target=f"course:{slug}", details=details)


def labs_to_try(text: FolderText, *, source_id: int | None = None) -> list[LabText]:
    """Return the labs whose tests have to pass a trial before this text is written.

    These are the labs with tests whose programs are neither published here nor have passed a trial on this site. A copy
    takes the programs of its source (`source_id`). A course that is new on this site comes from a folder on the
    operator's disk, and nobody takes it yet, so its labs need no trial.
    """
    course_id = source_id if source_id is not None else course_id_of(text.course.slug) if text.course else None
    if course_id is None:
        return []
    published = {lab.tried for lab in judging_labs(course_id).values()}
    new = [lab for lab in text.labs if lab.tests and lab.tried not in published]
    passed = passed_among({lab.tried for lab in new}) if new else set()
    return [lab for lab in new if lab.tried not in passed]


def refuse_untried(labs: Sequence[LabText]) -> None:
    """Refuse programs that judge and were not tried. Raises Refusal lab_untried."""
    if labs:
        raise Refusal("lab_untried", lab=labs[0].title)


def bring_to_trial(*, text: FolderText, editor: "User", now: datetime) -> Refusal:
    """Begin to try the first lab that needs it, with its programs as they would be published. Return what to tell.

    That is Refusal lab_untried while the trials go on, lab_trial_failed once one of them found a problem, or
    lab_runner_missing. Raises Refusal tryout_running if this person is trying another lab. Call it outside a transaction.
    """
    assert text.course is not None
    course, lab = course_by_slug(text.course.slug), labs_to_try(text)[0]
    tryout = unfinished_or_failed(editor.pk, course.pk, lab.tried)
    if tryout is not None and tryout.finished_at is not None:
        failed = next(row for row in tryout.results if row["problems"])
        return Refusal("lab_trial_failed", lab=lab.title, trial=failed["name"], problem=failed["problems"][0])
    if not has_ready_runner(lab.runtime, now):
        return Refusal("lab_runner_missing", lab=lab.title)
    if tryout is None:
        begin_tryout(
            course=course,
            folder=folder_with_lab(text, lab),
            files=lab.programs,
            runtime=lab.runtime,
            limits=lab.limits,
            author=editor,
            now=now,
        )
    return Refusal("lab_untried", lab=lab.title)


def folder_with_lab(text: FolderText, lab: LabText) -> str:
    files = text.course.files if text.course else ()
    return next(
        lab_folder(file.path)
        for file in files
        if is_lab_head(file.path) and lab_id_in(file.content.decode()) == lab.key
    )
