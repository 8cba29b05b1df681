"""Compare what clients were told with what is stored. Yields a sentence for each difference, with the invariant it breaks.

Nobody else uses a learner's account, and every request is repeated until it is answered. So each answer follows from the
ones before, and only the last request of a sitting may be in doubt: it may have been stored before its time was up, with
an answer that got lost.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Count, F, Model

from foundation.refusals import Refusal
from grading.models import Certificate, GradeChange, Override, Score
from labs.models import Run
from questions import types
from quizzes.models import Attempt, Regrade, Sitting, SittingExtension, SittingQuestion, Void
from quizzes.rules.timing import NETWORK_GRACE
from records.models import AuditEntry
from tests.faults.journal import Exchange
from tests.faults.world import World

QUESTION = re.compile(r"/questions/(\w+)/(draft|attempts|flag)/")
ASSESSMENT = re.compile(r"/assessments/(\w+)/(sitting/)?")
HAND_IN = re.compile(r"/sittings/(\w+)/submit/")
APPEND_ONLY: tuple[type[Model], ...] = (Attempt, GradeChange, Override, Regrade, SittingExtension, Void, AuditEntry)
# The models in which the record of an instructor's change is found by its reason
RECORDS: dict[str, type[Model]] = {
    "overrides": Override,
    "voids": Void,
    "extensions": SittingExtension,
    "regrades": Regrade,
}


@dataclass
class Told:
    """What a learner knows of a question from the answers. `attempts` are (number, response).

    `doubtful` is a request that was refused because the time was up, after tries that nobody answered.
    """

    revision: int = 0
    draft: Any = None
    attempts: list[tuple[int, Any]] = field(default_factory=list)
    is_flagged: bool = False
    is_final: bool = False
    doubtful: Exchange | None = None


class Follower:
    """Follows the answers to one learner, and knows what the next one must be."""

    def __init__(self) -> None:
        self.told: defaultdict[str, Told] = defaultdict(Told)
        self.sittings: dict[str, str] = {}  # by assessment
        self.deadlines: dict[str, datetime] = {}  # the last one told, by sitting
        self.handed_in: set[str] = set()
        self.by_key: dict[str, Exchange] = {}

    def problems(self, exchanges: Iterable[Exchange]) -> Iterator[str]:
        for each in exchanges:
            if each.status:
                yield from self.wrong_replay(each) if each.key in self.by_key else self.wrong_answer(each)
                if each.key:
                    self.by_key.setdefault(each.key, each)

    def wrong_replay(self, again: Exchange) -> Iterator[str]:
        first = self.by_key[again.key]
        if (again.status, again.answer) != (first.status, first.answer):
            yield f"D12: request {first.number} was answered {first.answer}, and when repeated, {again.answer}"

    def wrong_answer(self, each: Exchange) -> Iterator[str]:
        if found := QUESTION.fullmatch(each.path):
            told = self.told[found[1]]
            if each.code == "sitting_over":
                told.doubtful = each if each.failures else None
            elif each.status >= 400:
                yield f"I10: request {each.number} to {each.path} fits what was acknowledged, and got {each.answer}"
            else:
                yield from getattr(self, f"wrong_{found[2]}")(each, told)
        elif found := HAND_IN.fullmatch(each.path):
            self.handed_in.add(found[1])
            if each.status != 200 or each.answer["submitted_at"] is None:
                yield f"I10: handing in sitting {found[1]} got {each.answer}"
        elif found := ASSESSMENT.fullmatch(each.path):
            yield from self.wrong_start(each, found[1]) if found[2] else self.wrong_reading(each, found[1])

    def wrong_draft(self, each: Exchange, told: Told) -> Iterator[str]:
        if each.answer["revision"] != told.revision + 1:
            yield f"I10: {each.path} got revision {each.answer['revision']} after revision {told.revision}"
        told.revision, told.draft = each.answer["revision"], each.body["response"]

    def wrong_attempts(self, each: Exchange, told: Told) -> Iterator[str]:
        number = each.answer["number"]
        if number != len(told.attempts) + 1:
            yield f"I6: {each.path} got attempt {number} after {len(told.attempts)} attempts"
        told.attempts.append((number, each.body["response"]))
        told.revision, told.draft, told.is_final = told.revision + 1, None, each.answer["is_final"]

    def wrong_flag(self, each: Exchange, told: Told) -> Iterator[str]:
        told.is_flagged = each.body["is_flagged"]
        if each.answer != {"is_flagged": told.is_flagged}:
            yield f"I10: {each.path} got {each.answer}"

    def wrong_start(self, each: Exchange, assessment: str) -> Iterator[str]:
        if each.status not in (200, 201):
            yield f"I10: starting exam {assessment} got {each.answer}"
            return
        sitting = self.sittings.setdefault(assessment, each.answer["id"])
        if sitting != each.answer["id"]:
            yield f"I1: exam {assessment} has the sittings {sitting} and {each.answer['id']}"
        yield from self.earlier_deadline(each.answer)

    def earlier_deadline(self, sitting: dict[str, Any]) -> Iterator[str]:
        told = datetime.fromisoformat(sitting["deadline_at"])
        before = self.deadlines.setdefault(sitting["id"], told)
        if told < before:
            yield f"I2: the deadline of sitting {sitting['id']} moved from {before} to {told}"
        self.deadlines[sitting["id"]] = told

    def wrong_reading(self, each: Exchange, assessment: str) -> Iterator[str]:
        """Yield what a page of questions says otherwise than the answers before, and keys that it shows too early."""
        if each.status != 200:
            yield f"I10: reading assessment {assessment} got {each.answer}"
            return
        is_exam, sitting = assessment in self.sittings, each.answer["sitting"]
        if is_exam:
            yield from self.earlier_deadline(sitting)
            if sitting["submitted_at"] is not None:
                return  # settled by its deadline: drafts have been graded, and keys may be shown
        for question in each.answer["questions"]:
            told = self.told[question["id"]]
            if (is_exam or not told.is_final) and question["feedback"] is not None:
                yield f"I12: question {question['id']} shows its key: {question['feedback']}"
            shown = question["draft"] or {"response": None, "revision": 0}
            seen = (shown["response"], shown["revision"], question["attempts_used"], question["is_flagged"])
            known = (told.draft, told.revision, len(told.attempts), told.is_flagged)
            if seen != known:
                yield f"I10: question {question['id']} shows {seen}, and {known} was acknowledged"


def problems_of(exchanges: list[Exchange], world: World, seen: "Seen") -> Iterator[str]:
    """Yield everything that is wrong after a storm."""
    for each in exchanges:
        yield from (f"undocumented: {sentence}" for sentence in each.undocumented)
        if not each.status:
            yield f"request {each.number} ({each.method} {each.path}) was never answered"
    for person in world.learners:
        follower = Follower()
        said = [each for each in exchanges if each.who == str(person.pk)]
        yield from (f"learner {person.pk}: {problem}" for problem in follower.problems(said))
        yield from (f"learner {person.pk}: {problem}" for problem in lost(person.pk, follower))
    yield from changes_lost([each for each in exchanges if each.who == str(world.instructor.pk)])
    yield from runs_lost([each for each in exchanges if each.who == str(world.programmer.pk)], world)
    yield from broken_invariants()
    yield from seen.changed()


def lost(learner: int, follower: Follower) -> Iterator[str]:
    """Yield what was acknowledged to a learner and is not stored, and what is stored and was never sent."""
    rows = {
        row.question_id: row
        for row in SittingQuestion.objects.filter(sitting__learner=learner).select_related(
            "sitting", "question__current", "version"
        )
    }
    attempts = defaultdict(list)
    for attempt in Attempt.objects.filter(sitting__learner=learner).order_by("number"):
        attempts[attempt.question_id].append(attempt)
    for question, told in follower.told.items():
        if (row := rows.pop(question, None)) is not None:
            yield from lost_in(row, attempts.pop(question, []), told)
        elif told != Told() and told.doubtful is None:
            yield f"I10: nothing is stored of question {question}, and {told} was acknowledged"
    yield from (f"attempts at question {question} that nobody made" for question in attempts)
    stored = {sitting.pk: sitting for sitting in Sitting.objects.filter(learner=learner)}
    for sitting in follower.sittings.values():
        if sitting not in stored:
            yield f"I10: sitting {sitting} was started and is not stored"
        elif stored[sitting].deadline_at < follower.deadlines[sitting]:
            yield f"I2: the deadline of sitting {sitting} is earlier than the learner was told"
    for sitting in follower.handed_in & set(stored):
        if stored[sitting].settled_at is None:
            yield f"I10: sitting {sitting} was handed in and is not settled"


def lost_in(row: SittingQuestion, attempts: list[Attempt], told: Told) -> Iterator[str]:
    """Yield what of one question is lost or invented."""
    made = [(attempt.number, attempt.response) for attempt in attempts if attempt.by == Attempt.By.LEARNER]
    wanted = [(number, canonical(row, response)) for number, response in told.attempts]
    in_doubt = told.doubtful.body if told.doubtful else {}
    more = [(in_doubt["number"], canonical(row, in_doubt["response"]))] if "number" in in_doubt else []
    if made not in (wanted, wanted + more):
        yield f"I10: attempts {wanted} at question {row.question_id} were acknowledged, stored are {made}"
    if row.is_flagged != told.is_flagged and "is_flagged" not in in_doubt:
        yield f"I10: the flag of question {row.question_id} is {row.is_flagged}, not {told.is_flagged}"
    drafts = [told.draft] + ([in_doubt["response"]] if "revision" in in_doubt else [])
    if len(made) > len(wanted):
        drafts = [None]  # the check in doubt consumed the draft
    if row.revision < told.revision:
        yield f"I10: question {row.question_id} has revision {row.revision}, and {told.revision} was acknowledged"
    if row.sitting.settled_at is None:
        yield from lost_draft(row, told, drafts)
    else:
        yield from ungraded_draft(row, attempts, drafts)


def lost_draft(row: SittingQuestion, told: Told, drafts: list[Any]) -> Iterator[str]:
    """Yield that the draft of an open sitting is not one of these."""
    newest = told.revision + (told.doubtful is not None)
    if row.draft not in drafts or row.revision > newest:
        yield (
            f"I10: revision {told.revision} of question {row.question_id} with {drafts} was acknowledged, "
            f"stored is revision {row.revision} with {row.draft}"
        )


def ungraded_draft(row: SittingQuestion, attempts: list[Attempt], drafts: list[Any]) -> Iterator[str]:
    """Yield that a draft left at the end of a sitting was not graded, or that something else was (D8)."""
    by_learner = [attempt for attempt in attempts if attempt.by == Attempt.By.LEARNER]
    graded = [attempt.response for attempt in attempts if attempt.by == Attempt.By.DEADLINE]
    is_final = any(attempt.is_correct for attempt in by_learner) or (len(by_learner) == row.version.attempts_limit)
    last = by_learner[-1].response if by_learner else None
    allowed = []
    for draft in drafts:
        response = None if draft is None else canonical(row, draft)
        allowed.append([] if response is None or is_final or response == last else [response])
    if graded not in allowed:
        yield f"I10: of question {row.question_id}, {allowed} was left at the end, and {graded} was graded"


def canonical(row: SittingQuestion, response: Any) -> Any:
    version = row.version or row.question.current
    try:
        return types.get(version.type).parse(response, version.body)
    except Refusal:
        return None


def changes_lost(exchanges: list[Exchange]) -> Iterator[str]:
    """Yield an instructor's changes that are not stored exactly as often as they were acknowledged: once or never.

    Giving the points that are in force returns their record and stores nothing (D18).
    """
    for each in exchanges:
        what, wanted = each.path.split("/")[3], int(each.status == 201)
        found = RECORDS[what].objects.filter(reason=each.body["reason"]).count()
        if wanted and is_in_force(each):
            wanted = 0
        if what == "extensions" and wanted:
            wanted = len(each.answer["extended"])
        if found != wanted:
            yield f"I10: {each.path} got {each.status} {each.answer}, and {found} records have its reason"


def is_in_force(given: Exchange) -> bool:
    """Return whether the answer is an older record of the same points for the same learner, and is stored."""
    said, told = given.body, given.answer
    if "points" not in said or told["reason"] == said["reason"]:
        return False
    same = Override.objects.filter(learner=told["learner"], reason=told["reason"], points_earned=said["points"])
    return (told["learner"], told["points"]) == (said["learner"], said["points"]) and same.count() == 1


def runs_lost(exchanges: list[Exchange], world: World) -> Iterator[str]:
    """Yield runs that are missing, doubled or without a verdict."""
    ordered = {each.answer["id"] for each in exchanges if each.method == "POST" and each.status == 202}
    stored = dict(Run.objects.filter(learner=world.programmer.pk).values_list("pk", "verdict"))
    yield from (f"I10: run {run} was ordered and is not stored" for run in ordered - set(stored))
    yield from (f"D12: run {run} was stored, and its client knows of none" for run in set(stored) - ordered)
    yield from (f"D20: run {run} has no verdict" for run in ordered & set(stored) if not stored[run])


def broken_invariants() -> Iterator[str]:
    """Yield rows that break I1, I3, I5, I6, I7 or I9, found by comparing columns and not by the product's own rules."""
    sittings = Sitting.objects.filter(is_void=False, deadline_at__isnull=False)
    doubled = sittings.values("learner", "assessment").annotate(number=Count("pk")).filter(number__gt=1)
    yield from (f"I1: {row}" for row in doubled)
    late = Attempt.objects.filter(sitting__deadline_at__isnull=False, by=Attempt.By.LEARNER)
    yield from (
        f"I3: attempt {attempt.pk} was received at {attempt.received_at}"
        for attempt in late.filter(received_at__gt=F("sitting__deadline_at") + NETWORK_GRACE)
    )
    for sitting in sittings.filter(submitted_at__isnull=False):
        by_deadline = sitting.ended_by == Sitting.Ending.DEADLINE
        is_late = sitting.submitted_at > sitting.deadline_at + NETWORK_GRACE
        if is_late or (by_deadline and sitting.submitted_at != sitting.deadline_at):
            yield f"I5: sitting {sitting.pk} with the deadline {sitting.deadline_at} was handed in {sitting.submitted_at}"
    many = Attempt.objects.values("sitting", "question", "version__attempts_limit").annotate(number=Count("pk"))
    yield from (f"I6: {row}" for row in many.filter(number__gt=F("version__attempts_limit")))
    scores = Score.objects.values("item", "learner").annotate(number=Count("pk")).filter(number__gt=1)
    yield from (f"I7: {row}" for row in scores)
    certificates = Certificate.objects.values("course", "learner").annotate(number=Count("pk")).filter(number__gt=1)
    yield from (f"I9: {row}" for row in certificates)


class Seen:
    """The rows of append-only tables as they were when somebody looked. They must stay as they are (I4, I7, D18)."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, Any], str] = {}

    def look(self) -> None:
        for name, key, digest in all_rows():
            self.rows.setdefault((name, key), digest)

    def changed(self) -> Iterator[str]:
        now = {(name, key): digest for name, key, digest in all_rows()}
        for row, digest in self.rows.items():
            if now.get(row) != digest:
                yield f"I4: the record {row} was {'changed' if row in now else 'lost'}"


def all_rows() -> Iterator[tuple[str, Any, str]]:
    for model in APPEND_ONLY:
        for row in model.objects.order_by("pk").values_list():
            yield model.__name__, row[0], sha256(repr(row).encode()).hexdigest()
