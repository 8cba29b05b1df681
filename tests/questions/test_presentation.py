"""Forms, pages, words and the API's shape of every type, for any draft."""

import json
from html.parser import HTMLParser

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from questions import types
from questions.rules.attempts import is_same
from tests.questions.bodies import SOURCES, authored, body_of, right_response, wrong_response

NAME = "q-7"
VOID = {"input", "br", "img", "use", "path"}


class Page(HTMLParser):
    """What a browser would send, and what a screen reader would miss."""

    def __init__(self, html):
        super().__init__()
        self.fields, self.ids, self.references, self.open, self.select = [], [NAME + "-prompt"], [], [], None
        self.unnamed, self.labelled, self.forbidden, self.text = [], [], [], []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.forbidden += [(tag, name) for name in given if name == "style" or name.startswith("on")]
        self.forbidden += [tag] if tag in ("script", "style") else []
        self.ids += [given["id"]] if "id" in given else []
        for name in ("aria-labelledby", "aria-describedby", "for"):
            self.references += (given.get(name) or "").split()
        if tag in ("input", "select") and "label" not in self.open and not given.get("aria-labelledby"):
            self.unnamed.append(given["id"])
        self.labelled += [given["for"]] if "for" in given else []
        self.note_field(tag, given)
        self.open += [tag] if tag not in VOID else []

    def note_field(self, tag, given):
        if tag == "select":
            self.select = given["name"]
            self.fields.append((self.select, ""))
        elif tag == "option" and "selected" in given:
            self.fields[-1] = (self.select, given["value"])
        elif tag == "input" and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            self.fields.append((given["name"], given["value"] or ""))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_data(self, data):
        self.text.append(data)

    @property
    def unlabelled(self):
        return [each for each in self.unnamed if each not in self.labelled]

    @property
    def words(self):
        return " ".join(" ".join(self.text).split())

    @property
    def sent(self):
        post = QueryDict(mutable=True)
        for name, value in self.fields:
            post.appendlist(name, value)
        return post


def context(name, response=None, *, shows_key=False, render=str):
    question = authored(name, render)
    return types.get(name).context(question.body, response, question.key if shows_key else None)


def controls(name, response=None, **options):
    card = context(name, response, **options)
    return Page(render_to_string(types.get(name).input_template, {"name": NAME, "card": card}))


def result(name, response=None, **options):
    card = context(name, response, **options)
    return Page(render_to_string(types.get(name).result_template, {"name": NAME, "card": card}))


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("response", [right_response, wrong_response])
def test_a_form_that_shows_a_response_sends_the_same_response(name, response):
    sent = types.get(name).from_form(controls(name, response(name)).sent, NAME)
    assert is_same(types.get(name).parse(sent, body_of(name)), response(name))


@pytest.mark.parametrize("name", SOURCES)
def test_an_untouched_form_and_a_missing_one_are_blank(name):
    assert types.get(name).from_form(controls(name).sent, NAME) is None
    assert types.get(name).from_form(QueryDict(), NAME) is None


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("response", [None, "right"])
def test_controls_have_labels_and_ids_of_their_own_and_no_inline_style_or_script(name, response):
    page = controls(name, response and right_response(name))
    assert (page.unlabelled, page.forbidden) == ([], [])
    assert sorted(page.ids) == sorted(set(page.ids))
    assert set(page.references) - set(page.ids) == set()
    assert {field.startswith(NAME) for field, _ in page.fields} <= {True}


@pytest.mark.parametrize("name", SOURCES)
def test_labels_stay_within_their_question(name):
    """Two questions of one type on a page share no field and no id."""
    card = context(name, right_response(name))
    one, other = (
        Page(render_to_string(types.get(name).input_template, {"name": prefix, "card": card}))
        for prefix in ("q-1", "q-12")
    )
    assert set(one.ids[1:]) & set(other.ids[1:]) == set()
    both = QueryDict("&".join(page.sent.urlencode() for page in (one, other)))
    assert is_same(types.get(name).from_form(both, "q-1"), types.get(name).from_form(one.sent, "q-1"))


PARTS = [
    ("multiple_choice", "a=1&q-7=x&q-7=y", ["x", "y"]),
    ("single_choice", "q-7=x&q-7=y", ["x", "y"]),
    ("true_false", "q-7=true", True),
    ("true_false", "q-7=maybe", "maybe"),
    ("true_false", "q-7=true&q-7=false", ["true", "false"]),
    ("numeric", "q-7=+3,14+", " 3,14 "),
    ("text", "q-7=", None),
    ("matching", "q-7-a=x&q-7-b=", {"a": "x"}),
    ("matching", "q-7-a=&q-7-b=", None),
    ("matching", "q-7-a=x&q-7-a=y", {"a": ["x", "y"]}),
    ("ordering", "q-7-a=2&q-7-b=1", ["b", "a"]),
    ("ordering", "q-7-a=2&q-7-b=", {"a": "2"}),
    ("ordering", "q-7-a=1&q-7-b=1", {"a": "1", "b": "1"}),
    ("ordering", "q-7-a=1&q-7-b=3", {"a": "1", "b": "3"}),
    ("ordering", "q-7-a=1&q-7-a=2", {"a": ["1", "2"]}),
    ("ordering", "q-7-a=&q-7-b=", None),
    ("tensor_shape", "q-7=(None, 28, 28, 1)", [None, 28, 28, 1]),
    ("tensor_shape", "q-7=[null,28]", [None, 28]),
    ("tensor_shape", "q-7=None, 28", [None, 28]),
    ("tensor_shape", "q-7=(?, 10)", [None, 10]),
    ("tensor_shape", "q-7=(10,)", [10]),
    ("tensor_shape", "q-7=10", [10]),
    ("tensor_shape", "q-7=()", []),
    ("tensor_shape", "q-7=[]", []),
    ("tensor_shape", "q-7=  ", None),
    ("tensor_shape", "q-7=(a, b)", "(a, b)"),
    ("tensor_shape", "q-7=(1,,2)", "(1,,2)"),
    ("tensor_shape", "q-7=(-1)", "(-1)"),
    ("tensor_shape", "q-7=((1))", "((1))"),
    ("tensor_shape", "q-7=(1.5)", "(1.5)"),
    ("tensor_shape", "q-7=(99999999999)", "(99999999999)"),
    ("tensor_shape", "q-7=\u0661", "\u0661"),
]


@pytest.mark.parametrize(("name", "sent", "raw"), PARTS)
def test_each_form_is_read_as_its_response(name, sent, raw):
    assert is_same(types.get(name).from_form(QueryDict(sent.replace("+", "%20")), NAME), raw)


@pytest.mark.parametrize(
    ("name", "draft"),
    [
        ("numeric", "3,"),
        ("text", "  half a wor"),
        ("tensor_shape", "(None, 28"),
        ("multiple_choice", "one"),
        ("matching", "one"),
        ("ordering", "one"),
    ],
)
def test_a_half_done_draft_comes_back_as_it_was_left(name, draft):
    first = {
        "multiple_choice": lambda: [body_of(name)["options"][0]["id"]],
        "matching": lambda: {body_of(name)["left"][1]["id"]: body_of(name)["right"][0]["id"]},
        "ordering": lambda: {body_of(name)["items"][2]["id"]: "1"},
    }
    response = first.get(name, lambda: draft)()
    assert types.get(name).from_form(controls(name, response).sent, NAME) == response


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from([item["id"] for column in body_of("matching").values() for item in column])
    | st.sampled_from([item["id"] for item in body_of("ordering")["items"]]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=3) | st.sampled_from([item["id"] for item in body_of("matching")["left"]]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("name", SOURCES)
@given(draft=anything)
def test_no_stored_draft_breaks_a_page_or_a_description(name, draft):
    assert controls(name, draft).forbidden == []
    assert result(name, draft, shows_key=True).forbidden == []
    assert types.get(name).describe(body_of(name), draft) != ""


@pytest.mark.parametrize(
    ("name", "right", "wrong", "key"),
    [
        ("true_false", "False", "True", "False"),
        ("single_choice", "ReLU", "Step", "ReLU"),
        ("multiple_choice", "ReLU; Sigmoid", "ReLU; Sigmoid; Momentum", "ReLU; Sigmoid"),
        ("numeric", "0.25 nats", "7 nats", "0.25 nats (± 0.01)"),
        ("text", "gradient descent", "momentum", "gradient descent or SGD"),
        (
            "matching",
            "spam → binary; digit → categorical; ham → binary",
            "spam → binary; digit → binary; ham → binary",
            "spam → binary; digit → categorical; ham → binary",
        ),
        (
            "ordering",
            "1. batch; 2. loss; 3. gradient; 4. update",
            "1. update; 2. gradient; 3. loss; 4. batch",
            "1. batch; 2. loss; 3. gradient; 4. update",
        ),
        ("tensor_shape", "(None, 28, 28, 1)", "()", "(None, 28, 28, 1)"),
    ],
)
def test_responses_and_keys_in_words(name, right, wrong, key):
    kind, question = types.get(name), authored(name)
    described = [kind.describe(question.body, response(name)) for response in (right_response, wrong_response)]
    assert (*described, kind.describe_key(question.body, question.key)) == (right, wrong, key)
    assert kind.describe(question.body, None) == "no response"


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("true_false", "True False Your response, correct", "True Your response, incorrect False Correct answer"),
        (
            "single_choice",
            "ReLU Your response, correct It keeps what is positive. Sigmoid It squashes. Step",
            "ReLU Correct answer It keeps what is positive. Sigmoid It squashes. Step Your response, incorrect",
        ),
        (
            "multiple_choice",
            "ReLU Your response, correct Sigmoid Your response, correct Momentum It belongs to the optimiser.",
            "ReLU Your response, correct Sigmoid Your response, correct "
            "Momentum Your response, incorrect It belongs to the optimiser.",
        ),
        ("numeric", "0.25 nats Your response, correct", "7 nats Your response, incorrect 0.25 nats Correct answer"),
        (
            "text",
            "gradient descent Your response, correct",
            "momentum Your response, incorrect gradient descent or SGD Correct answer",
        ),
        (
            "matching",
            "spam → binary Correct digit → categorical Correct ham → binary Correct",
            "spam → binary Correct digit → binary Incorrect Correct answer: categorical ham → binary Correct",
        ),
        (
            "ordering",
            "1 batch Correct position 2 loss Correct position 3 gradient Correct position 4 update Correct position",
            "1 update Belongs in position 4 2 gradient Belongs in position 3 3 loss Belongs in position 2 4 batch Belongs in position 1",
        ),
        (
            "tensor_shape",
            "(None, 28, 28, 1) Your response, correct",
            "() Your response, incorrect (None, 28, 28, 1) Correct answer",
        ),
    ],
)
def test_a_result_shows_response_and_key_in_words(name, right, wrong):
    shown = [result(name, response(name), shows_key=True).words for response in (right_response, wrong_response)]
    assert shown == [right, wrong]


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("response", [None, "wrong"])
def test_without_the_key_a_page_holds_nothing_that_the_key_would_change(name, response):
    given = response and wrong_response(name)
    assert [word in result(name, given).words.casefold() for word in ("right", "wrong", "belongs", "squashes")] == [
        False
    ] * 4
    assert [word in controls(name, given).words for word in ("squashes", "optimiser")] == [False] * 2
    card = json.dumps(context(name, given), default=vars)
    assert [word in card for word in ('"good"', '"bad"', "squashes")] == [False] * 3


@pytest.mark.parametrize("name", SOURCES)
def test_a_question_that_was_never_answered_shows_its_key_in_the_end(name):
    page = result(name, None, shows_key=True)
    assert "Your response" not in page.words
    assert ("Correct" in page.words) is True


@pytest.mark.parametrize(
    ("name", "columns"),
    [("single_choice", ["options"]), ("multiple_choice", ["options"]), ("ordering", ["items"])],
)
def test_the_api_shows_options_as_id_and_html(name, columns):
    body = body_of(name)
    assert types.get(name).options(body) == [{"id": i["id"], "html": i["html"]} for i in body[columns[0]]]


def test_the_api_shows_matching_as_two_columns():
    body = body_of("matching")
    columns = {side: [{"id": item["id"], "html": item["html"]} for item in body[side]] for side in ("left", "right")}
    assert types.get("matching").options(body) == columns


@pytest.mark.parametrize("name", ["true_false", "numeric", "text", "tensor_shape"])
def test_the_api_shows_no_options_where_there_are_none(name):
    assert types.get(name).options(body_of(name)) == []


def test_markup_that_a_select_cannot_show_is_listed_next_to_a_letter():
    page = controls("matching", render=lambda text: f"<em>{text}</em>")
    assert "A: " in page.words
    assert [choice["text"] for choice in context("matching", render="<b>{}</b>".format)["left"][0]["choices"]] == [
        f"{letter}: {item['source']}" for letter, item in zip("ABC", body_of("matching")["right"], strict=True)
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "0.01"),
        ({"tolerance": "0"}, ""),
        ({"tolerance": "0.02", "relative": True}, "2 %"),
        ({"tolerance": "0.005", "relative": True}, "0.5 %"),
    ],
)
def test_learners_see_the_tolerance(changes, expected):
    question = authored("numeric", **changes)
    assert types.get("numeric").context(question.body, None, None)["tolerance"] == expected


def test_text_of_an_author_or_a_learner_is_escaped():
    attack = "<script>alert(1)</script>"
    assert controls("text", attack).forbidden == result("text", attack, shows_key=True).forbidden == []
    question = authored("numeric", unit=attack)
    card = types.get("numeric").context(question.body, "7", question.key)
    for template in (types.get("numeric").input_template, types.get("numeric").result_template):
        assert Page(render_to_string(template, {"name": NAME, "card": card})).forbidden == []
