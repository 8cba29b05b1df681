"""Ada takes the course: one state after another, from a course without an answer to a settled exam."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import time_machine

from labs import services as labs
from labs.models import Lab
from labs.rules.solutions import solution_terms
from lessons.help.services import answer_help, ask_for_help
from lessons.help.subjects import HelpSubject
from quizzes import services as quizzes
from quizzes.models import Assessment, Attempt, QuestionVersion, Sitting
from tests import factories as make
from tests.leaks.canaries import canaries_in, canary
from tests.leaks.world import NOW, World, answer, leave_work, report
from tests.undoing import undone

STATES = (
    *("unanswered", "one attempt used", "final", "exam running", "paused", "handed in", "withheld", "released"),
    *("time is up", "settled"),
)


def states(world: World) -> Iterator[str]:
    """Take the course as Ada, and stop in each of STATES. What a caller does in between is its own to undo."""
    steps = {"unanswered": None, "one attempt used": try_once, "final": answer_all, "exam running": start_exam}
    with time_machine.travel(NOW, tick=False) as clock:
        for state, step in steps.items():
            if step:
                step(world)
            yield reached(world, state)
        for branch in ({"paused": pause}, {"handed in": hand_in}, {"withheld": withhold, "released": release}):
            before = set(world.facts)
            with undone():
                for state, step in branch.items():
                    step(world)
                    yield reached(world, state)
            world.facts = before
        deadline = Sitting.objects.get(pk=world.ids["sitting_id"]).deadline_at
        assert deadline is not None
        world.now = deadline + timedelta(seconds=10)
        clock.move_to(world.now)
        yield reached(world, "time is up")
        world.now = deadline + timedelta(seconds=31)
        clock.move_to(world.now)
        settle(world)
        open_solution(world)
        yield reached(world, "settled")


@contextmanager
def in_state(world: World, wanted: str) -> Iterator[None]:
    """Take the course as Ada until this state, and stay there."""
    course = states(world)
    while next(course) != wanted:
        pass
    try:
        yield
    finally:
        course.close()


def reached(world: World, state: str) -> str:
    world.state = state
    world.remembered.clear()
    return state


ANSWERED = ("choice", "choices", "number", "pairs", "order", "shape")


def try_once(world: World) -> None:
    named: dict[str, object] = {"number": "31", "shape": [31]}
    for key in ANSWERED:
        answer(world, "ada", key, named.get(key) or make.wrong(world.questions[key]), 1)
    world.facts |= {("missed", "wombats"), ("missed", "bandicoots")}
    leave_work(world, "ada")
    run_tests(world, is_right=False)
    world.facts.add(("failed", "tiny"))


def run_tests(world: World, *, is_right: bool) -> None:
    """Let Ada run the lab's tests. What the judge would say is written down, because no runner runs here."""
    ada, lab = world.people["ada"], Lab.objects.get(pk=world.ids["lab_id"])
    cells = [{"id": "2", "source": f"# {canary('code', 'ada', 'tested')}"}]
    run = labs.order_lab_run(learner=ada, lab=lab, cells=cells, mode="test", now=NOW)
    verdict, message = ("passed", "") if is_right else ("failed", canary("labmessage", "tiny", "message"))
    rows = [{"name": "The answer", "points": "1", "verdict": verdict, "message": message, "tolerance": ""}]
    labs.finish_run(run=run, outcome=labs.RunOutcome("succeeded", tests=rows), now=NOW)
    world.ids["run_id"] = run.pk


def answer_all(world: World) -> None:
    for key in ANSWERED:
        right_now = make.right if key == "choice" else make.wrong
        response = "-7041.5903" if key == "number" else right_now(world.questions[key])
        answer(world, "ada", key, response, 2)
    world.facts.add(("missed", "numbats"))  # only now, because it leads to the key
    answer(world, "ada", "word", canary("reviewkey", "word", "other"), 2)
    answer(world, "ada", "truth", False, 1)
    world.facts |= {("final", key) for key in (*ANSWERED, "word", "truth")}
    answer_variant(world)
    for number in (1, 2):  # final, and held back until the release
        answer(world, "ada", "held", make.wrong(world.questions["held"]), number)
    report(world, "ada", "held", "keyreply")
    run_tests(world, is_right=True)  # which does not open the solution: the lab counts, and has not closed (D37)
    said = {"course": world.course, "learner_id": world.people["ada"].pk, "now": NOW}
    lab = Lab.objects.get(pk=world.ids["lab_id"])
    for role in ("instructor", "admin"):
        labs.open_lab_work(lab=lab, reason=canary("auditreason", "ada", role), author=world.people[role], **said)
        world.facts.add((f"opened by {role}", "ada"))
    quizzes.override_score(
        assessment_id=world.ids["review"], points=Decimal(5), reason=canary("reason", "ada"),
        author=world.people["instructor"], **said,
    )  # fmt: skip


def answer_variant(world: World) -> None:
    """Use both attempts at the question that draws its values. Ada may see her variant, and the next one in practice (D43)."""
    question = world.questions["values"]
    for number in (1, 2):
        answer(world, "ada", "values", "none of them", number)
    bank = list(QuestionVersion.objects.filter(question=question).order_by("pk"))
    pinned = bank.index(Attempt.objects.filter(question=question, sitting__learner=world.people["ada"])[0].version)
    world.facts |= {("final", name_of_variant(bank[index])) for index in (pinned, (pinned + 1) % len(bank))}


def name_of_variant(version: QuestionVersion) -> str:
    """Return the word by which the canaries of a variant are told apart."""
    (name,) = {secret.of for secret in canaries_in(str(version.secret["answers"]), {})}
    return name


def start_exam(world: World) -> None:
    ada, exam = world.people["ada"], Assessment.objects.get(pk=world.ids["exam"])
    said = {"reason": canary("releasereason", "ada"), "author": world.people["instructor"], "now": NOW}
    quizzes.release_assessment(course=world.course, assessment_id=world.ids["held"], **said)
    world.facts |= {("released", "held"), ("released", "ada")}
    subject = HelpSubject("lab", world.ids["lab_id"], "Tiny")
    said = {"text": canary("helptext", "ada", "exam"), "now": NOW}
    asked = ask_for_help(learner=ada, course=world.course, subject=subject, **said)
    sitting, _ = quizzes.start_sitting(learner=ada, assessment=exam, now=NOW)
    reply = {"actor": world.people["instructor"], "text": canary("heldreply", "ada"), "now": NOW}
    answer_help(request_id=asked.pk, course_id=world.course.pk, **reply)
    drawn = {each.question.key: each for each in sitting.questions.select_related("question", "version")}
    (pick,) = (key for key in drawn if key.startswith("pick"))
    (term,) = (key for key in drawn if key.startswith("term"))
    (total,) = (key for key in drawn if key.startswith("sum"))
    variant = name_of_variant(drawn["drawn"].version)
    world.ids |= {"sitting_id": sitting.pk, "pick": pick, "term": term, "sum": total, "variant": variant}
    world.facts |= {("drawn", key) for key in (*drawn, variant)}
    answer(world, "ada", pick, make.right(world.questions[pick]), 1)
    answer(world, "ada", term, canary("answer", "ada", "exam"), 1)
    question = world.questions[total].pk
    quizzes.save_draft(learner=ada, question_id=question, response="31.4159", revision=0, now=NOW)
    report(world, "ada", term, "examreply")
    quizzes.add_minutes(
        course=world.course, sitting_ids=None, minutes=5, reason=canary("reason", "ada", "minutes"), key="one",
        author=world.people["instructor"], now=NOW,
    )  # fmt: skip


def pause(world: World) -> None:
    """Pause Ada's exam. Its questions are hidden until it continues (D32)."""
    quizzes.pause_sittings(
        course=world.course, sitting_ids=None, hours=1, reason=canary("reason", "ada", "pause"),
        author=world.people["instructor"], now=NOW,
    )  # fmt: skip
    world.facts -= {fact for fact in world.facts if fact[0] == "drawn"}


def open_solution(world: World) -> None:
    """Let the author show the lab's model solution to those who have passed: Ada, and nobody else."""
    terms = solution_terms(is_counted=True, opens="after_passing")
    Lab.objects.filter(pk=world.ids["lab_id"]).update(solution_opens=terms.stored())
    world.facts.add(("solved", "tiny"))


def hand_in(world: World) -> None:
    quizzes.hand_in_sitting(learner=world.people["ada"], sitting_id=world.ids["sitting_id"], now=NOW)
    settle(world)


def withhold(world: World) -> None:
    """Let Ada hand in an exam whose results and keys wait for a release (D33). Replies to her questions do not wait."""
    waiting = dict.fromkeys(("verdict", "score", "key", "explanation"), "release")
    Assessment.objects.filter(pk=world.ids["exam"]).update(show=waiting)
    quizzes.hand_in_sitting(learner=world.people["ada"], sitting_id=world.ids["sitting_id"], now=NOW)
    world.facts.add(("ended", "ada"))


def release(world: World) -> None:
    said = {"reason": canary("releasereason", "ada", "exam"), "author": world.people["instructor"], "now": NOW}
    quizzes.release_assessment(course=world.course, assessment_id=world.ids["exam"], **said)
    settle(world)


def settle(world: World) -> None:
    world.facts |= {("settled", key) for key in map(world.ids.get, ("pick", "term", "sum", "variant"))}
    world.facts |= {("ended", "ada"), ("settled", "ada")}
