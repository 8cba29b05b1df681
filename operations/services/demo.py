"""People for a demo, created through the same services that real people use."""

import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.services import ensure_account
from course.selectors import course_by_slug, courses, modules_of
from lessons.services import mark_lesson_done
from operations.refusals import Refusal
from people.selectors import was_enrolled
from people.services import appoint_staff, enroll
from questions.rules.attempts import Json
from quizzes.selectors import Card, assessments_of, paper_of
from quizzes.services import check_response, hand_in_sitting, save_draft, start_sitting

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course
    from quizzes.models import Assessment

PASSWORD = "finalcheck"  # noqa: S105  # printed on the terminal: these accounts exist on loopback only
type Stage = Literal["enrolled", "midterm", "graded"]
NAMES = ("Ada", "Ben", "Chidi", "Dana", "Emre", "Fatou", "Goro", "Hanna", "Ines", "Jonas", "Kofi", "Lena", "Mina")
FAMILIES = ("Abara", "Berg", "Costa", "Dubois", "Eriksen", "Fischer", "Garcia", "Haddad", "Ito", "Jansen", "Okafor")


@dataclass(frozen=True)
class DemoAccount:
    """An account of the demo."""

    username: str
    name: str
    is_staff: bool = False
    is_superuser: bool = False
    is_course_creator: bool = False


ACCOUNTS = (
    DemoAccount("learner", "Lena Fischer"),
    DemoAccount("learner2", "Kofi Mensah"),
    DemoAccount("instructor", "Ines Duarte", is_staff=True, is_course_creator=True),
    DemoAccount("admin", "Ada Berg", is_staff=True, is_superuser=True),
)


@transaction.atomic
def ensure_demo_accounts(*, now: datetime) -> None:
    """Create the four demo accounts once: learner2 is halfway through the open courses, the instructor teaches all.

    It is one transaction, which waits for the disk once. A start that is cut off leaves no accounts, so the next start
    creates all of them.
    """
    secret = cache(lambda: make_password(PASSWORD))  # once, and only for new accounts, because hashing takes long
    people = {
        account.username: ensure_account(
            username=account.username,
            name=account.name,
            password_hash=secret,
            is_staff=account.is_staff,
            is_superuser=account.is_superuser,
            is_course_creator=account.is_course_creator,
        )
        for account in ACCOUNTS
    }
    for course in courses():
        appoint_once(people["instructor"][0], course, people["admin"][0], now)
        learner2, is_new = people["learner2"]
        if is_new and course.joins_by == "open":
            # learner2 is not halfway through a course that was not open nine days ago, for example: it is left out.
            with suppress(Refusal), transaction.atomic():
                study(learner2, course, stage="midterm", dice=random.Random(2), now=now - timedelta(days=9))


def appoint_once(instructor: "User", course: "Course", admin: "User", now: datetime) -> None:
    """Appoint the first time only. Later changes by an administrator, such as a dismissal, stay."""
    if was_enrolled(instructor.pk, course.pk):
        return
    with suppress(Refusal):
        appoint_staff(
            course=course,
            username=instructor.username,
            role="instructor",
            author=admin,
            reason="Teaches the demo.",
            now=now,
        )


def seed_demo(*, learners: int, stage: Stage, seed: int, now: datetime, slug: str = "") -> list[str]:
    """Create `learners` people who progressed up to `stage`, the same for the same seed. Return their usernames.

    Raises Refusal not_found if the course does not exist.
    """
    course = course_by_slug(slug or next((listed.slug for listed in courses()), ""))
    secret = cache(lambda: make_password(PASSWORD))  # once, because hashing takes longer than creating a whole history
    made = []
    for number in range(1, learners + 1):
        dice = random.Random(f"{seed}/{number}")
        username = f"demo-{seed}-{number}"
        user, is_new = ensure_account(
            username=username, name=f"{dice.choice(NAMES)} {dice.choice(FAMILIES)}", password_hash=secret
        )
        if is_new:
            study(user, course, stage=stage, dice=dice, now=now - timedelta(days=dice.randint(8, 60)))
        made.append(username)
    return made


def study(user: "User", course: "Course", *, stage: Stage, dice: random.Random, now: datetime) -> None:
    """Enroll, read, answer and sit the exam, up to `stage`, from `now` on."""
    enroll(user=user, course=course, now=now, name=user.name)
    if stage == "enrolled":
        return
    skill = dice.uniform(0.25, 0.9)
    modules = modules_of(course)
    read = modules if stage == "graded" else modules[: (len(modules) + 1) // 2]
    for lesson in (lesson for module in read for lesson in module.lessons.all()):
        mark_lesson_done(user=user, lesson=lesson, now=now + timedelta(hours=dice.randint(1, 48)))
    for assessment in assessments_of(course.pk):
        if assessment.kind == "review":
            share = 1.0 if stage == "graded" else 0.6
            answer_review(user, assessment, skill, share, dice, now + timedelta(days=2))
        elif stage == "graded":
            sit_exam(user, assessment, skill, dice, now + timedelta(days=6))


def answer_review(
    user: "User", assessment: "Assessment", skill: float, share: float, dice: random.Random, now: datetime
) -> None:
    """Answer the first `share` (0 to 1) of a review's questions."""
    cards = paper_of(assessment=assessment, learner_id=user.pk, now=now).cards
    for card in cards[: round(len(cards) * share)]:
        now += timedelta(seconds=dice.randint(20, 240))
        answer(user, card, skill, dice, now)


@transaction.atomic  # its deadline is long past, so a sweep could settle it halfway
def sit_exam(user: "User", assessment: "Assessment", skill: float, dice: random.Random, now: datetime) -> None:
    """Sit the exam. Some people check everything; some leave drafts for the end."""
    sitting, _ = start_sitting(learner=user, assessment=assessment, now=now)
    cards: Sequence[Card] = paper_of(assessment=assessment, learner_id=user.pk, now=now).cards
    for card in cards:
        now += timedelta(seconds=dice.randint(10, 60))
        if dice.random() < 0.1:
            save_draft(
                learner=user, question_id=card.question_id, response=pick(card, skill, dice), revision=0, now=now
            )
        else:
            answer(user, card, skill, dice, now)
    hand_in_sitting(learner=user, sitting_id=sitting.pk, now=now + timedelta(seconds=30))


def answer(user: "User", card: Card, skill: float, dice: random.Random, now: datetime) -> None:
    """Make attempts until one is right or none are left."""
    for number in range(1, card.attempts_limit + 1):
        response = pick(card, skill, dice)
        outcome = check_response(learner=user, question_id=card.question_id, response=response, number=number, now=now)
        if outcome.is_final:
            return


def pick(card: Card, skill: float, dice: random.Random) -> Json:
    """Return a right response with probability `skill`, otherwise a wrong one."""
    examples: tuple[Json, Json] = card.type.examples(card.version.body, card.version.secret)
    right, wrong = examples
    return right if dice.random() < skill else wrong
