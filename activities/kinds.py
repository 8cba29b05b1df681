"""What the activities of a kind tell the rooms below them, and the values that they tell it with."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from django.db.models import Exists, QuerySet

    from course.models import Course
    from course.rules.objectives import ObjectiveAnswers, ObjectiveSource
    from grading.models import Override
    from grading.rules.activity_results import ActivityResult, ActivityWorth
    from grading.rules.lateness import LateTerms
    from grading.rules.ledger import Ledger
    from grading.services import OverrideOrder, ScoreEntry


type LearnerIds = "Collection[int] | QuerySet[Any, Any]"


@dataclass(frozen=True)
class Evidence:
    """What only the activities know, and the decision about a certificate needs.

    `has_open_sitting` says whether a sitting of the learner is open in this course (D19). `basis_questions` holds, per
    activity, the ids of the questions that count (the basis of D23), or None if no certificate can be issued.
    `is_disclosed`: the learner may know of a certificate at once (D33).
    """

    has_open_sitting: bool
    basis_questions: dict[str, list[str]] | None = None
    is_disclosed: bool = True


@dataclass(frozen=True)
class ActivityPage:
    """What the page of an activity shows. `parts` holds the titles of its parts by id, such as those of a lab's cells.

    `written` returns what a learner has saved in one part, or in all of them for ""; `has_writing` says whether learners
    can write in this activity. `opens_for` returns the opening for a person, if that is not the same for everyone.
    """

    id: str
    title: str
    course: "Course"
    opens_at: datetime | None
    parts: Mapping[str, str]
    written: Callable[[int, str], str] = lambda learner_id, part: ""
    has_writing: bool = False
    opens_for: "Callable[[int | None], datetime | None] | None" = None

    def opening_for(self, person_id: int | None) -> datetime | None:
        """Return when the page opens for a person. Runs at most one query."""
        return self.opens_at if self.opens_for is None else self.opens_for(person_id)


@dataclass(frozen=True)
class OpenSitting:
    """A running exam and the deadline that counts now, None without an end. It still runs between its deadline and its
    settlement.
    """

    pk: str
    assessment_id: str
    course_id: int
    title: str
    deadline_at: datetime | None
    is_paused: bool
    is_untimed: bool


class WithheldScores(NamedTuple):
    """The exams whose score a learner may not know yet: `counting` are graded, `all` are also those with a void sitting.

    A void sitting gives no points, but the history of the score tells what it had reached.
    """

    counting: frozenset[str] = frozenset()
    all: frozenset[str] = frozenset()


@dataclass(frozen=True)
class TimeAdded:
    """Time that somebody `added` to an exam of a learner `at` an instant. The exam then ended at `until`."""

    at: datetime
    title: str
    reason: str
    added: timedelta
    until: datetime | None
    author_id: int | None


class CellEvidence(NamedTuple):
    """What the page of a gradebook cell shows of an activity besides points: its template, and values for the template."""

    template: str
    shown: Mapping[str, Any]


class ActivityLink(NamedTuple):
    """A page about an activity, for the pages of other kinds that link to it."""

    title: str
    url: str


class RegradableActivity(NamedTuple):
    """An activity that tests judge, and the page that runs its test runs again.

    So many runs were judged by the tests as they are now (`current`), and so many by earlier tests (`others`).
    """

    title: str
    url: str
    current: int
    others: int


class RecomputedWorth(NamedTuple):
    """What an activity is worth to a learner who has not started it, and its late terms, None without a late policy."""

    worth: "ActivityWorth"
    late: "LateTerms | None"


class RecomputedScore(NamedTuple):
    """A learner's score in an activity, as recomputed. None if the learner's grade leaves it out: then no score is stored."""

    activity: str
    learner_id: int
    result: "ActivityResult | None"


@dataclass(frozen=True)
class Recomputation:
    """What a kind computes again from its records, so that `verify_grades` can compare it with what is stored.

    `worths` returns what each activity of a course is worth, by id. `scores` yields the scores of learners at an instant, in
    a course or in all. `problems` yields a sentence for each record of a course, or of all, that does not follow from others;
    `problems_of` does so for the records of learners.
    """

    worths: Callable[[int], dict[str, RecomputedWorth]]
    scores: Callable[[Sequence[int], int | None, datetime], Iterator[RecomputedScore]]
    problems: Callable[[int | None], Iterator[str]]
    problems_of: Callable[[Sequence[int], int | None], Iterator[str]] = lambda learners, course_id: iter(())


type EvidenceFor = Callable[["ScoreEntry", datetime], Evidence | None]


@dataclass(frozen=True)
class ActivityKind:
    """What is asked of the activities of a kind. None if the kind does not answer it.

    `evidence` returns the evidence for the decision about a certificate, or None if none would be given anyway.
    `exam_started_at` returns when a learner started an exam that is not settled or abandoned, or None. `is_in_exam` tells
    whether an exam of the learner is running at an instant. `page` returns the page of the activity with an id, and raises
    Refusal not_found if it does not exist.

    For the gradebook: `settle` settles what is due in a scope (a learner or everyone, a course or all) at an instant, and
    returns the learner's running exam, if the scope is a learner. `withheld` returns what a learner may not know yet of a
    course. `is_running` returns, for a query of people (OuterRef "user_id"), whether one of their exams in a course is
    running. `running_since` returns since when those learners who are in an exam of a course have been in one. `time_added`
    returns what was added to a learner's exams in a course, newest first. `modules` returns the title of the module of each
    activity in a course. `has` says whether an activity of a course is of this kind, and `override` carries out an override
    in one.

    For the page of a gradebook cell: `cell` returns the evidence behind the cell of a learner in an activity of a course,
    by the learner's ledger. `actions` are the services that instructors call there for a sitting, by name.

    For the pages that analyze and regrade questions: `failures` returns the pages about failed tests in a course, and
    `regradable` its activities with test runs that can be run again.

    `recompute` computes again what is stored.

    For the pages of objectives: `answers` returns the answers of learners (ids, or a query of ids) in a course by objective
    and source, as a reader may know them: a learner by id, or None for staff. `measures` returns how many questions or tests
    of a course measure each objective now.
    """

    name: str
    evidence: EvidenceFor | None = None
    exam_started_at: Callable[[int], datetime | None] | None = None
    is_in_exam: Callable[[int, datetime], bool] | None = None
    page: Callable[[str], ActivityPage] | None = None
    settle: Callable[[int | None, int | None, datetime], OpenSitting | None] | None = None
    withheld: Callable[[int, int, datetime], WithheldScores] | None = None
    is_running: "Callable[[int, datetime], Exists] | None" = None
    running_since: Callable[[int, Collection[int], datetime], dict[int, datetime]] | None = None
    time_added: Callable[[int, int], list[TimeAdded]] | None = None
    modules: Callable[[int], dict[str, str]] | None = None
    has: Callable[[int, str], bool] | None = None
    override: "Callable[[OverrideOrder], Override] | None" = None
    cell: "Callable[[int, str, int, Ledger], CellEvidence] | None" = None
    actions: Mapping[str, Callable[..., object]] = field(default_factory=dict)
    failures: "Callable[[Course], list[ActivityLink]] | None" = None
    regradable: "Callable[[Course], list[RegradableActivity]] | None" = None
    recompute: Recomputation | None = None
    answers: "Callable[[int, LearnerIds, int | None, datetime], list[ObjectiveAnswers]] | None" = None
    measures: "Callable[[int], Mapping[ObjectiveSource, int]] | None" = None
