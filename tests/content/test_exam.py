"""The shipped exam: a thousand of its papers are alike."""

from collections import Counter
from decimal import Decimal

from authoring.folder import guess
from quizzes.rules.draw import PoolQuestion, Stratum
from quizzes.rules.objectives import ObjectiveRules, draw_by_objectives
from quizzes.rules.texts import QuestionText
from tests.content.shipped import shipped

EXAM = next(each for each in shipped().assessments if each.kind == "exam")
POOL = {question.key: question for question in EXAM.questions}
STRATA = [Stratum(row["module"], row["difficulty"], row["count"], Decimal(row["points"])) for row in EXAM.draw]
MODULES = [module.key for module in shipped().course.modules if module.objectives]
RULES = ObjectiveRules(EXAM.objectives["at_most"], frozenset(EXAM.objectives["always"]))
DRAWABLE = [
    PoolQuestion(question.key, question.module_key, question.difficulty, question.objective)
    for question in EXAM.questions
]
PAPERS = [draw_by_objectives(STRATA, DRAWABLE, f"seed {number}", RULES) for number in range(1000)]


def test_every_paper_has_five_questions_of_each_module_and_every_question_is_worth_the_same():
    for paper in PAPERS:
        assert sum(drawn.points for drawn in paper) == 5 * len(MODULES)
        assert {drawn.points for drawn in paper} == {Decimal(1)}
        assert Counter(POOL[drawn.id].module_key for drawn in paper) == dict.fromkeys(MODULES, 5)


def test_papers_are_equally_difficult_and_no_question_comes_twice():
    spread = {tuple(sorted(Counter(POOL[drawn.id].difficulty for drawn in paper).items())) for paper in PAPERS}
    assert spread == {((1, 2 * len(MODULES)), (2, 2 * len(MODULES)), (3, len(MODULES)))}
    assert all(len({drawn.id for drawn in paper}) == len(paper) for paper in PAPERS)


def test_every_paper_asks_about_every_objective_and_about_none_more_than_twice():
    objectives = {objective["id"] for module in shipped().course.modules for objective in module.objectives}
    for paper in PAPERS:
        about = Counter(POOL[drawn.id].objective for drawn in paper)
        assert about.keys() == objectives
        assert max(about.values()) <= 2


def test_every_question_of_the_pool_is_drawn_and_none_in_every_paper():
    drawn = Counter(each.id for paper in PAPERS for each in paper)
    assert drawn.keys() == POOL.keys()
    assert max(drawn.values()) < len(PAPERS)


def test_a_paper_shows_at_most_a_sixth_of_the_pool_and_of_each_stratum():
    sizes = Counter((each.module_key, each.difficulty) for each in EXAM.questions)
    assert all(6 * row.count <= sizes[row.module, row.difficulty] for row in STRATA)


def test_the_pool_asks_for_every_objective_at_three_levels():
    asked = {(each.objective, each.level) for each in EXAM.questions}
    objectives = {objective["id"] for module in shipped().course.modules for objective in module.objectives}
    assert asked == {(key, level) for key in objectives for level in ("recall", "apply", "analyse")}


def test_every_paper_asks_for_more_than_it_lets_one_recall():
    """Papers are not drawn by cognitive level, so levels vary. The test gives a lower bound over a thousand papers."""
    asked = [Counter(POOL[drawn.id].level for drawn in paper) for paper in PAPERS]
    least = {level: min(levels[level] for levels in asked) for level in ("recall", "apply", "analyse")}
    assert (least["recall"] >= 1, least["apply"] >= 6, least["analyse"] >= 3) == (True, True, True), least


def test_somebody_who_knows_nothing_earns_little():
    """The promise of docs/course-format.md, although most questions have two attempts."""
    share = guess(EXAM)
    assert (share.blind < 0.14, share.test_wise < 0.25) == (True, True), share


def test_right_options_are_at_every_place_about_equally_often():
    asked = [question for question in EXAM.questions if question.type == "single_choice"]
    places = Counter(pattern_of(question).index(True) for question in asked)
    assert set(places) == set(range(5))
    assert max(places.values()) <= 0.3 * len(asked)


def test_multiple_choice_has_one_to_four_right_options_in_no_pattern():
    asked = [question for question in EXAM.questions if question.type == "multiple_choice"]
    assert {sum(pattern_of(question)) for question in asked} == {1, 2, 3, 4}
    assert max(Counter(pattern_of(question) for question in asked).values()) <= 2


def pattern_of(question: QuestionText) -> tuple[bool, ...]:
    """Return which options are right, in the order of the file."""
    return tuple(option["id"] in question.secret["right"] for option in question.body["options"])
