from dataclasses import dataclass

from quizzes.rules.names import assessment_name


@dataclass
class Module:
    title: str


@dataclass
class Assessment:
    kind: str
    title: str
    module: Module


def test_a_review_is_called_after_its_module_because_all_reviews_have_one_title():
    review = Assessment("review", "Review questions", Module("Tensors"))
    assert assessment_name(review) == "Tensors: Review questions"


def test_an_exam_has_a_title_that_no_other_assessment_has():
    assert assessment_name(Assessment("exam", "Final exam", Module("Tensors"))) == "Final exam"
