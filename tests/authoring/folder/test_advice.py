"""Advice that only a strict check gives."""

import pytest

from tests.authoring.folder.nasty import edited, nasty_files, read

EVERYTHING, REVIEW, SECOND = "01-first/10-everything.md", "01-first/review.yaml", "02-second/review.yaml"
SOURCES, POOL = "data/sources.csv", "exam/pool-first.yaml"


@pytest.mark.parametrize(
    ("path", "old", "new", "advice"),
    [
        (EVERYTHING, 'runtime=tf2 after=[add] expect=""', "runtime=tf2 run=true after=[add]",
         [f"{EVERYTHING}:46: the listing “silent” runs, but it has no expect."]),
        (EVERYTHING, "```console\n", "```python {tests=add}\nassert total == 3, 'It is not 3.'\n```\n\n```console\n",
         [f"{EVERYTHING}:32: the listing “add” has a hidden test, but no listing solves it."]),
        (REVIEW, "      why: It is no HTML.\n", "",
         [f"{REVIEW}:29: options[1].why: a wrong option needs the reason why someone believes it."]),
        (REVIEW, "text: Bold letters, $b$", "text: None of the above",
         [f"{REVIEW}:29: options[1].text: “of the above” can be guessed from its form.",
          f"{REVIEW}:29: options[1]: this option speaks of the others, so it needs “last: true” to stay behind them."]),
        (REVIEW, '"`<b>`, with brackets"', '"`<b>`, with brackets on both sides of the letter in the middle"',
         [f"{REVIEW}:26: options[0].text: the right option is by far the longest."]),
        (SOURCES, "data/points.csv,data,ours,Apache-2.0,hand\n", "",
         ["data/points.csv:1: data/sources.csv does not say where this file comes from."]),
        (SOURCES, "data/points.csv,", "data/point.csv,",
         ["data/points.csv:1: data/sources.csv does not say where this file comes from.",
          f"{SOURCES}:4: the file “data/point.csv” does not exist."]),
        (SOURCES, "path,kind", "file,kind",
         ["01-first/figures/triangle.svg:1: data/sources.csv does not say where this file comes from.",
          "data/points.csv:1: data/sources.csv does not say where this file comes from.",
          f"{SOURCES}:1: the columns are path,kind,source,licence,made_by.",
          "figures/pixels.png:1: data/sources.csv does not say where this file comes from."]),
        (EVERYTHING, "![Two grey pixels](../figures/pixels.png \"Two pixels.\")\n", "",
         ["figures/pixels.png:1: nothing uses this file."]),
        ("01-first/figures/triangle.svg", 'fill="none"/>', 'fill="#fff"/>',
         ["01-first/figures/triangle.svg:1: this drawing is shown as a picture, in the dark theme on a light plate, because "
          "the SVG file has fill=“#fff”, which does not follow the theme: use currentColor or a class."]),
    ],
)  # fmt: skip
def test_advice(path, old, new, advice):
    text = read(edited(path, old, new))
    assert text.mistakes == ()
    assert [str(each) for each in text.advice] == advice


def test_pictures_that_are_heavy_or_have_another_format_than_their_name_says():
    pixels = nasty_files()["figures/pixels.png"]
    for content, advice in {
        pixels
        + bytes(
            400_000
        ): "this picture has 400 kB. Upload it in the workplace, which makes it smaller, or do so yourself.",
        b"GIF89a\x02\x00\x01\x00\x80\x00\x00" + bytes(6) + b",\0\0\0\0\x02\0\x01\0\0\x02\x02D\n\0;": (
            "the file is a GIF picture, but its name says PNG: give it the name that fits."
        ),
    }.items():
        text = read({**nasty_files(), "figures/pixels.png": content})
        assert (text.mistakes, [str(line) for line in text.advice]) == ((), [f"figures/pixels.png:1: {advice}"])


def test_a_damaged_picture_is_a_mistake():
    text = read({**nasty_files(), "figures/pixels.png": b"nothing"})
    assert [line.text for line in text.mistakes] == [
        "../figures/pixels.png: the file is not a picture that browsers can show, or is damaged."
    ]


@pytest.mark.parametrize("written", ["<../figures/My Pixels.PNG>", "../figures/My%20Pixels.PNG"])
def test_the_name_of_a_picture_may_have_blanks_and_capitals(written):
    files = edited(EVERYTHING, "../figures/pixels.png", written)
    files["figures/My Pixels.PNG"] = files.pop("figures/pixels.png")
    files[SOURCES] = files[SOURCES].replace(b"pixels.png", b"My Pixels.PNG")
    text = read(files)
    assert (text.mistakes, text.advice) == ((), ())
    [page] = [lesson.html for module in text.course.modules for lesson in module.lessons if lesson.key == "everything"]
    assert 'figures/My Pixels.PNG" alt="Two grey pixels" width="2" height="1"' in page.replace("%20", " ")


def test_an_objective_without_a_question_and_a_module_without_a_review():
    text = read(edited(SECOND, None, None))
    assert [str(each) for each in text.advice] == [
        "02-second/module.yaml:1: this module has no review questions.",
        "02-second/module.yaml:4: no review question asks for the objective “order”.",
    ]


def test_a_course_without_an_exam():
    files = {path: content for path, content in nasty_files().items() if not path.startswith("exam/")}
    assert [str(each) for each in read(files).advice] == ["course.yaml:1: this course has no exam."]


SPICES = ["anise or basil", "chives and cumin", "dill", "fennel with mint", "ginger", "nutmeg for once", "rue"]


def true_false(key: str, answer: str) -> str:
    return (
        f"\n- id: {key}\n  type: true_false\n  objective: marks\n  level: recall\n  difficulty: 1\n  points: 1\n"
        f"  prompt: What of {key}, {SPICES[int(key[-1])]}?\n  answer: {answer}\n  explanation: It is.\n"
    )


def test_one_answer_for_all_true_false_questions_of_a_file():
    files = dict(nasty_files())
    files["exam/pool-more.yaml"] = "".join(true_false(f"more-{number}", "true") for number in range(5)).encode()
    assert [str(each) for each in read(files).advice] == [
        "exam/pool-more.yaml:1: all 5 true/false questions here have the same answer."
    ]
    files["exam/pool-more.yaml"] += (true_false("more-5", "false") + true_false("more-6", "false")).encode()
    assert read(files).advice == ()


def single_choice(key: str, prompt: str, right: str, wrong: str, *, is_first: bool = True) -> str:
    options = [f"    - {{text: {right}, right: true, why: so}}\n", f"    - {{text: {wrong}, why: no}}\n"]
    return (
        f"\n- id: {key}\n  type: single_choice\n  objective: marks\n  level: recall\n  difficulty: 1\n  points: 1\n"
        f"  prompt: {prompt}\n  options:\n{''.join(options[:: 1 if is_first else -1])}  explanation: It is.\n"
    )


def choices(*rights_and_wrongs: tuple[str, str], is_first: str) -> dict[str, bytes]:
    """Return a pool of single-choice questions; `is_first` has an F for each question whose right option is first."""
    written = (
        single_choice(f"more-{number}", f"Which of {SPICES[number]}?", right, wrong, is_first=is_first[number] == "F")
        for number, (right, wrong) in enumerate(rights_and_wrongs)
    )
    return {**nasty_files(), "exam/pool-more.yaml": "".join(written).encode()}


LONG, SHORT = ("longer", "short"), ("short", "longer")


@pytest.mark.parametrize(
    ("pairs", "is_first", "advice"),
    [
        ([LONG] * 4 + [SHORT], "FSFSF", ["in 4 of 5 single choice questions here the longest option is right."]),
        ([SHORT] * 4 + [LONG], "FSFSF", ["in 4 of 5 single choice questions here the shortest option is right."]),
        ([LONG, SHORT] * 3, "SSSSSS", []),  # learners see the options shuffled
        ([LONG, SHORT, LONG, SHORT, LONG], "FSFSF", []),
        ([LONG] * 4, "FFFF", []),  # too few to show a habit
    ],
)
def test_habits_of_length_give_keys_away(pairs, is_first, advice):
    found = read(choices(*pairs, is_first=is_first)).advice
    assert [str(each) for each in found] == [f"exam/pool-more.yaml:1: {text}" for text in advice]


@pytest.mark.parametrize(
    ("old", "new", "advice"),
    [
        ("Which?", "Is the first option right?", "its prompt says “first option”"),
        ("explanation: ", "explanation: Option B is wrong. ", "its explanation says “Option B”"),
    ],
)
def test_a_question_that_names_an_option_by_its_place(old, new, advice):
    files, question = dict(nasty_files()), single_choice("more-1", "Which?", "Anise or basil", "Chives and cumin")
    assert old in question
    files["exam/pool-more.yaml"] = question.replace(old, new).encode()
    assert [str(each) for each in read(files).advice] == [
        f"exam/pool-more.yaml:2: “more-1”: {advice}, and each learner sees the options in another order."
    ]


def test_true_false_questions_that_are_nearly_all_true():
    files = dict(nasty_files())
    answers = ["true"] * 5 + ["false"]
    files["exam/pool-more.yaml"] = "".join(true_false(f"more-{n}", each) for n, each in enumerate(answers)).encode()
    assert [str(each) for each in read(files).advice] == [
        "exam/pool-more.yaml:1: 5 of 6 true/false questions here are true."
    ]


def test_a_question_that_is_asked_twice_in_nearly_the_same_words():
    files = dict(nasty_files())
    files["exam/pool-more.yaml"] = b"".join([
        single_choice("one", "Which of these follows a gradient down the slope?", "Descent", "Ascent").encode(),
        single_choice("two", "Which of these follows the gradient down a slope?", "Ascent", "Descent").encode(),
    ])  # fmt: skip
    assert [str(each) for each in read(files).advice] == [
        "exam/pool-more.yaml:14: “two”: asks nearly what “one” asks (exam/pool-more.yaml)."
    ]


def test_a_group_of_similar_questions_is_reported_once():
    words = "Which of these follows a gradient down the slope of a long and narrow valley"
    asked = {
        "one": f"{words}?",
        "two": f"{words} {SPICES[3]}?",
        "three": f"{words} {SPICES[3]} or rue?",
        "four": f"{words} now?",
    }
    files = dict(nasty_files())
    files["exam/pool-more.yaml"] = "".join(
        single_choice(key, prompt, "Descent", "Ascent") for key, prompt in asked.items()
    ).encode()
    assert [str(each) for each in read(files).advice] == [
        "exam/pool-more.yaml:14: “two”: asks nearly what “one” asks (exam/pool-more.yaml), and so do “three”, “four”."
    ]


def test_only_the_right_option_repeats_the_prompt():
    files = dict(nasty_files())
    question = single_choice(
        "more-1", "Which gradient vanishes?", "The gradient that vanishes", "Nothing of the sort at all"
    )
    files["exam/pool-more.yaml"] = question.encode()
    assert [str(each) for each in read(files).advice] == [
        "exam/pool-more.yaml:2: “more-1”: only the right option repeats words of the prompt."
    ]
