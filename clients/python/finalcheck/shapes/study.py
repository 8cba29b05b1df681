from typing import Literal, TypedDict


class StudyNote(TypedDict):
    """A note of your own. `is_found` says whether the lesson still has its passage or section."""

    id: str
    lesson: str
    kind: Literal["bookmark", "highlight", "note"]
    section: str
    section_title: str
    quote: str
    before: str
    after: str
    text: str
    is_found: bool
    revision: int
    created_at: str
    saved_at: str


class AskedForHelp(TypedDict):
    id: str
    about: Literal["lesson", "lab"]
    place: str
    title: str
    section: str
    section_title: str
    text: str
    code: str
    created_at: str
    answer: str
    answered_at: str | None


class OwnHelp(AskedForHelp):
    """What you asked. While you sit an exam, the reply is on hold."""

    is_on_hold: bool


class HelpOfLearner(AskedForHelp):
    """What a learner asked, as staff read it."""

    learner: str
    name: str


class WeeklyTime(TypedDict):
    """An hour of a day of the week, 1 for Monday."""

    day: int
    hour: int


class Goal(TypedDict):
    unit: Literal["days", "lessons", "questions"]
    amount: int
    reminder: WeeklyTime | None


class GoalWeek(TypedDict):
    """Your weekly goal in a course, None without one, and what you did this week."""

    goal: Goal | None
    timezone: str
    first_day: str
    last_day: str
    days_studied: list[str]
    lessons_finished: int
    questions_answered: int
    is_reached: bool


class PracticeDay(TypedDict):
    """The ids of the questions that wait today, in order, how many you practiced today, and the next day with questions."""

    day: str
    timezone: str
    done: int
    questions: list[str]
    minutes: int
    next_day: str | None
    next_count: int
