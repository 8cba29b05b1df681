"""YAML that no author means well or carefully: every text is read, or its mistakes are named."""

from decimal import Decimal

import pytest

from authoring.folder.document import read_document


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("010", 10),
        ("007", 7),
        ("-01", -1),
        ("0_1", 1),
        ("000", 0),
        ("0x10", 16),
        ("0o17", 15),
        ("1_000.50", Decimal("1000.50")),
        ("1e-5", Decimal("0.00001")),
        (".inf", ".inf"),
        ("-.inf", "-.inf"),
        (".nan", ".nan"),
        ("!!int abc", "abc"),
        ("!!float x", "x"),
        ("1e99999999999999999999999", "1e99999999999999999999999"),
        ("1e99999999", "1e99999999"),
        ("9" * 5000, "9" * 5000),
        ("9" * 1000, int("9" * 1000)),
        ("1" + "0" * 1000, "1" + "0" * 1000),
        ("-1" + "0" * 1000, "-1" + "0" * 1000),
        ("0x" + "f" * 4000, "0x" + "f" * 4000),
    ],
)
def test_a_number_is_read_as_it_is_written_and_what_is_none_stays_text(written, value):
    found = read_document(f"a: {written}")
    assert (found.data, found.faults) == ({"a": value}, [])
    assert type(found.data["a"]) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [*x]",
        "a: &x {b: *x}",
        "a: &a [1, 1]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]",
        "a: &x 1\nb: *x",
    ],
)
def test_an_alias_is_refused_because_a_few_of_them_would_fill_the_memory(text):
    found = read_document(text)
    assert {fault.text for fault in found.faults} == {"an alias (*) repeats another part: write it out instead."}


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("title: Statistics: 101", 1, 'put the title in quotes: title: "Statistics: 101".'),
        ("a: b\ntitle: Statistics:  # next term\n", 2, 'put the title in quotes: title: "Statistics:".'),
        ("- id: a\n  prompt: Why: because?", 2, 'put the prompt in quotes: prompt: "Why: because?".'),
        ("- text: It's a: b", 1, 'put the text in quotes: text: "It\'s a: b".'),
        (f"title: a: {'b' * 100}", 1, "put the title in quotes."),
        ('title: Say "a": b', 1, "this is not YAML: mapping values are not allowed here."),
        ("a: b\n  c: d", 2, "this is not YAML: mapping values are not allowed here."),
        ("title: 'a': b", 1, "this is not YAML: mapping values are not allowed here."),
    ],
)
def test_a_value_with_a_colon_is_said_to_need_quotes(text, line, sentence):
    assert [(fault.line, fault.text) for fault in read_document(text).faults] == [(line, sentence)]


def test_a_million_brackets_are_refused():
    assert [fault.text for fault in read_document("[" * 1_000_000).faults] == [
        "this has too many brackets inside one another."
    ]
