"""Fragments that a process keeps look as if they were rendered for each request."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine
from django.template import Context, RequestContext, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.functional import SimpleLazyObject
from django.utils.translation import override

from accounts.models import User
from foundation.fast import keeping
from foundation.fast.keeping import fragments
from foundation.fast.kept_texts import Placeholders
from operations.services import seed_demo
from people.services import extend_dates, set_accommodation
from quizzes.models import Assessment
from tests import factories as make
from tests.pieces import without

pytestmark = pytest.mark.django_db
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
CLOSES = re.compile(r"Closes\s+<time[^>]*>([^<]+)")
NONCE = re.compile(r'nonce="[^"]+"')


LOAD = "{% load keeping %}"


def rendered(text: str, **values: object) -> str:
    return Template("{% load keeping i18n %}" + text).render(Context(values))


def test_a_fragment_is_rendered_once_for_each_tuple_of_keys():
    template = Template(LOAD + "{% keep tests.foundation.fast.if_one %}{{ one }}{{ text }}{% endkeep %}")
    pages = [{"one": one, "two": 2, "text": text} for one, text in ("ab", "ac", "bc")]
    assert [template.render(Context(page)) for page in pages] == ["ab", "ab", "bc"]


def test_two_fragments_with_equal_keys_are_two_fragments():
    first, second = ("{% keep tests.foundation.fast.one %}" + word + "{% endkeep %}" for word in ("first", "second"))
    assert rendered(first + second, one=1) == "firstsecond"


def test_a_fragment_is_kept_without_the_indentation_of_its_template_but_code_keeps_its_spaces():
    assert rendered("{% keep %}<p>\n    one\n\n    two</p>{% endkeep %}") == "<p>\none\ntwo</p>"
    assert rendered("{% keep %}<pre>if x:\n    y</pre>{% endkeep %}") == "<pre>if x:\n    y</pre>"


def test_each_language_has_a_fragment_of_its_own():
    template = Template("{% load keeping i18n %}{% keep %}{% get_current_language as code %}{{ code }}{% endkeep %}")
    found = []
    for language in ("en", "de", "en"):
        with override(language):
            found.append(template.render(Context()))
    assert found == ["en", "de", "en"]


def test_a_form_in_a_fragment_has_the_token_of_its_request():
    template = Template("{% load keeping %}{% keep %}{% csrf_token %}{% endkeep %}")
    first, second = (template.render(Context({"csrf_token": token})) for token in ("one", "two"))
    assert 'value="one"' in first
    assert 'value="two"' in second


def test_what_differs_between_requests_is_filled_in_and_escaped():
    template = Template("{% load keeping %}{% keep %}{{ short_name }}, {{ reader_id }}, {{ this_page }}{% endkeep %}")
    shown = [
        template.render(Context({"short_name": name, "reader_id": 7, "this_page": "/?a&b"})) for name in ("A", "<B>")
    ]
    assert shown == ["A, 7, /?a&amp;b", "&lt;B&gt;, 7, /?a&amp;b"]


def test_what_a_look_fills_in_may_differ_between_requests():
    part = "{% keep tests.foundation.fast.two_filled %}{{ one }}: q-{{ two }}-{{ two }}{% endkeep %}"
    template = Template(LOAD + part)
    shown = [template.render(Context({"one": one, "two": [two]})) for one, two in ((1, "a"), (1, "<b>"), (2, 3))]
    assert shown == ["1: q-a-a", "1: q-&lt;b&gt;-&lt;b&gt;", "2: q-3-3"]


def test_a_fresh_part_of_a_fragment_is_rendered_for_each_request():
    part = "{% keep tests.foundation.fast.one %}{{ one }}{% fresh %}{{ two }}{% endfresh %}{% endkeep %}"
    template = Template(LOAD + part)
    assert [template.render(Context({"one": one, "two": two})) for one, two in ("ab", "ac", "bc")] == ["ab", "ac", "bc"]


def test_a_kept_fragment_contains_the_values_of_the_fragments_inside():
    begin = "{% keep tests.foundation.fast.two_with_one %}"
    inner = begin + "{{ one }}{{ two }}{% fresh %}{{ one }}{% endfresh %}{% endkeep %}"
    template = Template(LOAD + begin + inner + "{% endkeep %}")
    assert [template.render(Context({"one": one, "two": two})) for one, two in ("ab", "cb", "cd")] == [
        "aba",
        "cbc",
        "cdc",
    ]


def test_a_fragment_asks_only_for_the_values_it_shows():
    template = Template("{% load keeping %}{% keep %}{{ short_name }}{% endkeep %}")
    nonce = SimpleLazyObject(lambda: pytest.fail("a nonce was made that no script needs"))
    assert template.render(Context({"short_name": "A", "csp_nonce": nonce})) == "A"


def test_a_fragment_is_kept_only_if_what_its_look_needs_is_set():
    template = Template(LOAD + "{% keep tests.foundation.fast.if_one %}{{ text }}{% endkeep %}")
    pages = [({"one": one, "text": text}) for one, text in ((None, "a"), (None, "b"), (1, "c"), (1, "d"), ("", "e"))]
    assert [template.render(Context(page)) for page in pages] == ["a", "b", "c", "c", "e"]


def test_a_fragment_sees_what_its_look_shows_and_nothing_else_of_the_page():
    """So what an author of a template forgot to declare is not shown, rather than shown to somebody else."""
    seen = (
        "{{ course.title }}{{ course.code }}|{{ user.name }}|{{ secret }}|{{ lesson.html }}{{ lesson.key }}|{{ phase }}"
    )
    page = {
        "course": SimpleNamespace(title="Course", code="code"),
        "user": SimpleNamespace(is_staff=True, name="Mina"),
        "lesson": {"html": "text", "key": "key"},
        "secret": "secret",
        "seconds": 1,
    }
    assert rendered("{% keep tests.foundation.fast.titled %}" + seen + "{% endkeep %}", **page) == "Course|||text|yes"
    assert rendered("{% keep %}" + seen + "{% endkeep %}", **page) == "||||"
    open_part = "{% keep tests.foundation.fast.everything %}{{ secret }}{% endkeep %}"
    assert rendered(open_part, one=1, **page) == "secret"


def test_a_variable_of_which_a_look_shows_nothing_is_not_there():
    test = "{% if course %}course{% endif %}{% if lesson is None %}no lesson{% endif %}{{ course.title }}"
    part = "{% keep tests.foundation.fast.titled %}" + test + "{% endkeep %}"
    assert rendered(part, user=SimpleNamespace(is_staff=False)) == "no lesson"
    assert rendered(part, course=SimpleNamespace(title=""), user=SimpleNamespace(is_staff=False)) == "no lesson"
    titled = rendered(part, course=SimpleNamespace(title="A"), lesson={"html": ""}, user=SimpleNamespace(is_staff=True))
    assert titled == "courseno lessonA"


def test_without_this_piece_every_part_is_rendered_for_each_request():
    items = [Item(1, "a"), Item(1, "b")]
    parts = (
        "{% keep tests.foundation.fast.two_filled %}{{ one }}{% blocktranslate %}{{ two }}{% endblocktranslate %}"
        "{{ two }}{% fresh %}{{ three }}{% endfresh %}{% endkeep %}"
        "{% keep tests.foundation.fast.titled %}{{ phase }}{% endkeep %}"
        "{% keepeach item items tests.foundation.fast.one %}{{ item.text }}{% endkeepeach %}"
    )
    template = Template("{% load keeping i18n %}" + parts)
    pages = [{"one": 1, "two": [two], "three": two, "items": items, "seconds": 1} for two in "ab"]
    with without("kept_parts"):
        assert [template.render(Context(page)) for page in pages] == ["1aaayesab", "1bbbyesab"]
    assert len(fragments) == 0


def test_text_is_escaped_as_everywhere():
    assert rendered("{% keep tests.foundation.fast.one %}{{ one }}{% endkeep %}", one="<b>") == "&lt;b&gt;"


def test_a_key_that_cannot_be_compared_is_an_error():
    with pytest.raises(TypeError):
        rendered("{% keep tests.foundation.fast.one %}{% endkeep %}", one=["word"])


def test_long_fragments_are_put_into_the_page_when_it_is_sent():
    """Also one inside of another, kept or rendered for each request. The page itself stays short until then."""
    words = "word " * 1000
    inner = "{% keep tests.foundation.fast.two %}" + words + "{{ two }}{% endkeep %}"
    outer = "{% keep tests.foundation.fast.three_filled %}{{ one }}{{ three }}" + inner
    outer += "{% fresh %}" + inner + "{% endfresh %}"
    template = Template("{% load keeping %}<p>" + outer + "{% endkeep %}</p>" + inner)
    values = {"one": 1, "two": 2, "three": "<3>"}
    alone = template.render(Context(values))
    for _ in range(2):
        request = RequestFactory().get("/")
        request.placeholders = Placeholders()
        page = template.render(RequestContext(request, values))
        assert len(page) < 200
        assert b"".join(request.placeholders.filled(page.encode())).decode() == alone
        fragments.clear()


def test_memory_holds_a_bounded_number_of_fragments(monkeypatch):
    monkeypatch.setattr(keeping, "MOST_FRAGMENTS", 3)
    template = Template(LOAD + "{% keep tests.foundation.fast.three_filled %}{{ one }}{{ two }}{% endkeep %}")
    for one in "abcad":  # "a" is used again, so "b" goes first
        template.render(Context({"one": one, "two": 1, "three": 3}))
    assert len(fragments) == 3
    assert [template.render(Context({"one": one, "two": 2, "three": 3})) for one in "ab"] == ["a1", "b2"]


@pytest.fixture
def a_still_clock():
    with time_machine.travel(make.NOW, tick=False):
        yield


def pages_of(user: User) -> Iterator[tuple[str, str]]:
    """Every page with cards that this learner has, without what differs from request to request."""
    client = Client()
    client.force_login(user)
    for assessment in Assessment.objects.order_by("pk"):
        text = client.get(f"/assessments/{assessment.pk}/").text
        yield f"{user} {assessment}", NONCE.sub("", CSRF.sub("", text))


@pytest.mark.usefixtures("a_still_clock")
def test_pages_of_many_learners_look_the_same_whatever_was_kept_before():
    course = make.make_course()
    for _ in range(2):
        make.make_review(course=course, kinds=sorted(make.SOURCES))
    make.make_exam(course=course, drawn=6, pool=12, kinds=sorted(make.SOURCES))
    for seed, stage in enumerate(["enrolled", "midterm", "graded"]):
        seed_demo(learners=3, stage=stage, seed=seed, slug=course.slug, now=make.NOW)
    people = list(User.objects.order_by("pk"))
    alone = {}
    for user in people:
        fragments.clear()
        alone |= dict(pages_of(user))
    together = {}
    for user in [*people, *reversed(people)]:
        together |= dict(pages_of(user))
    for name in alone:
        assert together[name].splitlines() == alone[name].splitlines(), name
    assert len(fragments) > 50


@pytest.mark.usefixtures("a_still_clock")
def test_the_dates_of_one_learner_are_shown_to_nobody_else():
    closes, later = make.NOW + timedelta(days=1), make.NOW + timedelta(days=2)
    review = make.make_review(course=make.make_course(), closes_at=closes)
    extended, other = make.enroll(course=review.course), make.enroll(course=review.course)
    extend_dates(
        course=review.course,
        learner_id=extended.pk,
        activity=review.pk,
        common=review.dates,
        due_at=None,
        closes_at=later,
        reason="ill",
        author=make.make_user(is_staff=True),
        now=make.NOW,
    )
    shown = {user: "".join(text for _, text in pages_of(user)) for user in (extended, other)}
    assert CLOSES.findall(shown[extended]) == ["26 November 2026, 12:00 (UTC)"]
    assert CLOSES.findall(shown[other]) == ["25 November 2026, 12:00 (UTC)"]


@pytest.mark.usefixtures("a_still_clock")
def test_each_reader_sees_dates_in_their_own_time_zone():
    course = make.make_course()
    module = make.make_module(course=course, closes_at=make.NOW + timedelta(days=1))
    make.make_review(course=course, module=module)
    shown = []
    for zone in ("UTC", "Europe/Berlin"):
        user = make.enroll(course=course, user=make.make_user(timezone=zone))
        client = Client()
        client.force_login(user)
        outline = client.get(f"/courses/{course.slug}/").text
        shown += [CLOSES.findall(text) for text in (outline, *(text for _, text in pages_of(user)))]
    assert shown == [["25 November 2026, 12:00 (UTC)"]] * 2 + [["25 November 2026, 13:00 (Europe/Berlin)"]] * 2


@pytest.mark.usefixtures("a_still_clock")
def test_the_extra_time_of_one_learner_is_shown_to_nobody_else():
    exam = make.make_exam(course=make.make_course())
    slow, other = make.enroll(course=exam.course), make.enroll(course=exam.course)
    given = {"multiplier": Decimal("1.5"), "reason": "ill", "author": make.make_user(), "now": make.NOW}
    set_accommodation(course=exam.course, learner_id=slow.pk, **given)
    said = ("1.50 times the usual time", "90 minutes", "60 minutes")
    shown = ["".join(text for _, text in pages_of(user)) for user in (slow, other, slow)]
    assert [[words in text for words in said] for text in shown] == [
        [True, True, False],
        [False, False, True],
        [True, True, False],
    ]


class Item:
    ranks = None

    def __init__(self, look: object, text: str) -> None:
        self.look, self.text = look, text


def test_each_item_of_a_loop_is_rendered_once_for_its_look_and_the_keys():
    part = "{% keepeach item items tests.foundation.fast.one %}{{ item.text }}{{ one }} {% endkeepeach %}"
    template = Template(LOAD + part)
    shown = [
        template.render(Context({"items": [Item(look, text) for look, text in items], "one": one}))
        for items, one in (([(1, "a"), (2, "b")], 0), ([(2, "c"), (3, "d")], 0), ([(2, "e")], 1), ([], 0))
    ]
    assert shown == ["a0 b0 ", "b0 d0 ", "e1 ", ""]


def test_the_name_of_a_loop_means_what_it_meant_before_after_the_loop():
    part = "{% keepeach item items tests.foundation.fast.one %}{{ item.text }}{% endkeepeach %}{{ item }}"
    template = Template(LOAD + part)
    assert template.render(Context({"items": [Item(1, "a")], "item": "before"})) == "abefore"


@pytest.mark.parametrize("kind", ["numeric", "text"])
def test_the_line_below_a_field_depends_on_whether_there_is_a_button(kind):
    """It was kept for both, so an exam without Checks spoke of a button."""
    fields = [{"name": "q-1", "card": {"value": ""}, "lacks_button": lacks} for lacks in (False, True, False)]
    shown = [render_to_string(f"{kind}/input.html", field) for field in fields]
    assert ["Enter on the button checks it" in text for text in shown] == [True, False, True]
