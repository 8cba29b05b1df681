"""What the report says of the items of a file in each format, and which files are refused with a sentence."""

import signal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from exchange.refusals import Refusal
from exchange.rules.items import ItemOutcome
from exchange.rules.report import ImportReport, ReportedItem
from exchange.services import report_import
from exchange.services.deadline import time_limited
from tests.exchange.samples import MOODLE, QTI2, QTI12, SAMPLES, asked, item12, moodle, packed, qti12

ENTITIES = '<!DOCTYPE quiz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE quiz [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def report_of(name: str, content: str | bytes) -> ImportReport:
    return report_import(name=name, content=content.encode() if isinstance(content, str) else content)


def refused(name: str, content: str | bytes) -> str:
    with pytest.raises(Refusal) as refusal:
        report_of(name, content)
    assert refusal.value.sentence.endswith(".")
    return refusal.value.code


def end_of(name: str, content: str) -> str:
    """Return the code with which a file or its only item is refused."""
    try:
        (item,) = report_of(name, content).items
    except Refusal as refusal:
        return refusal.code
    return item.reasons[0].code


def read_for_ever() -> None:
    with time_limited(0.01):
        while True:
            pass


@pytest.mark.parametrize("name", SAMPLES)
def test_each_item_of_a_file_has_an_outcome_and_the_counts_add_up(name):
    text, outcomes = SAMPLES[name]
    report = report_of(name, text)
    assert [item.outcome for item in report.items] == outcomes
    assert (report.total, report.copies, sum(report.counts.values())) == (len(outcomes), 0, len(outcomes))


@pytest.mark.parametrize("name", SAMPLES)
def test_only_a_lossless_item_has_no_reason_and_only_a_refused_one_no_question(name):
    for item in report_of(name, SAMPLES[name][0]).items:
        assert bool(item.reasons) == (item.outcome is not ItemOutcome.LOSSLESS)
        assert bool(item.question) == (item.outcome is not ItemOutcome.REFUSED)
        assert all(reason.words.endswith((".", "}")) or ":" in reason.words for reason in item.reasons)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_choice_keeps_its_right_option(name):
    questions = [item.question for item in report_of(name, SAMPLES[name][0]).items if "options" in item.question]
    assert questions
    right = {option["text"] for question in questions for option in question["options"] if option.get("right")}
    assert right & {"4", "four", "Jupiter"}


def test_partial_credit_is_reported_as_changed_with_its_shares():
    reasons = report_of("moodle.xml", MOODLE).items[3].reasons
    assert [reason.code for reason in reasons] == ["partial_credit"]
    assert "50 %" in reasons[0].words


def test_essays_and_formulas_are_refused_each_with_its_reason():
    codes = [item.reasons[0].code for item in report_of("moodle.xml", MOODLE).items if not item.question]
    assert codes == ["essay", "calculated"]


def test_several_gaps_to_type_are_refused():
    text = asked("cloze", "", "{1:SHORTANSWER:=one} and {1:SHORTANSWER:=two}")
    assert report_of("moodle.xml", moodle(text)).items[0].reasons[0].code == "several_gaps"


def test_a_condition_of_canvas_that_accepts_a_pattern_is_refused():
    pattern = '</varequal><varsubstring respident="response1">f[iou]</varsubstring>'
    item = item12("one", "What is 2 + 2?").replace("</varequal>", pattern)
    assert report_of("canvas.xml", qti12(item)).items[0].reasons[0].code == "pattern"


def test_a_condition_of_canvas_that_is_not_read_is_refused():
    item = item12("one", "What is 2 + 2?").replace("varequal", "durequal")
    assert report_of("canvas.xml", qti12(item)).items[0].reasons[0].code == "scored_by_program"


def test_an_item_that_a_file_has_twice_is_refused_the_second_time():
    items = report_of("canvas.xml", qti12(item12("one", "What?"), item12("one", "What?"))).items
    assert [item.outcome for item in items] == ["lossless", "refused"]
    assert items[1].reasons[0].words == "The file has this question before, as item 1."


def test_a_quiz_that_canvas_wrote_twice_loses_no_item():
    first = qti12(item12("one", "Same id?"), item12("two", "Same words?"), item12("three", "Only here?"))
    second = qti12(item12("one", "Same id, more words?"), item12("other", "Same words?"), item12("four", "Only there?"))
    files = {"q/assessment_qti.xml": first, "non_cc_assessments/q.xml.qti": second}
    report = report_of("course.imscc", packed(files))
    assert (report.total, report.copies) == (6, 2)
    assert {item.ident for item in report.items} == {"one", "other", "three", "four"}


def test_a_package_reports_the_items_of_all_its_files():
    report = report_of("bank.zip", packed({"one.xml": QTI2, "two.xml": QTI12, "notes.xml": "<notes/>"}))
    assert (report.format, report.counts) == ("QTI 2 and QTI 1.2", {"lossless": 2, "changed": 0, "refused": 1})


def test_a_package_without_questions_is_refused():
    assert refused("bank.zip", packed({"notes.xml": "<notes><quiz name='x'/></notes>"})) == "bank_unknown"


@pytest.mark.parametrize("declared", [ENTITIES, EXTERNAL])
@pytest.mark.parametrize("name", ["moodle.xml", "canvas.xml", "item.xml"])
def test_entities_are_refused(name, declared):
    text = SAMPLES[name][0].replace("?>\n", f"?>\n{declared}", 1)
    assert refused(name, text) == "bank_entities"
    assert refused("bank.zip", packed({name: text})) == "bank_entities"


def test_an_entity_that_nobody_declares_is_refused():
    assert refused("moodle.xml", "<quiz>&a;</quiz>") == "bank_unreadable"


def test_a_document_type_of_another_host_is_not_fetched():
    text = MOODLE.replace("?>\n", '?>\n<!DOCTYPE quiz SYSTEM "http://192.0.2.1/quiz.dtd">', 1)
    assert report_of("moodle.xml", text).total == 6


def test_an_archive_that_grows_too_much_is_refused():
    assert refused("bank.zip", packed({"one.xml": f"<quiz>{' ' * 80_000_000}</quiz>"})) == "archive_bomb"


@pytest.mark.parametrize("name", ["../one.xml", "/etc/one.xml", "a/../../one.xml"])
def test_an_archive_that_leaves_its_folder_is_refused(name):
    assert refused("bank.zip", packed({name: QTI2})) == "archive_name_unfit"


def test_an_archive_that_is_cut_off_is_refused():
    assert refused("bank.zip", packed({"one.xml": QTI2})[:-30]) == "archive_unreadable"


@pytest.mark.parametrize("name", ["bank.gift", "bank.txt", "moodle.xml", "canvas.xml", "item.xml"])
def test_a_wrong_encoding_is_refused(name):
    assert refused(name, SAMPLES[name][0].encode().replace(b"What", b"Wh\xe4t", 1).replace(b"France", b"\xff")) in (
        "bank_encoding",
        "bank_unreadable",
    )


def test_a_csv_of_a_spreadsheet_may_have_its_older_encoding():
    items = report_of("bank.csv", "question,answer\nWo ist Käse?,Zürich\n".encode("cp1252")).items
    assert items[0].question["prompt"] == "Wo ist Käse?"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("moodle.xml", "<html><body/></html>", "bank_unknown"),
        ("moodle.xml", "<quiz><question>", "bank_unreadable"),
        ("moodle.xml", "<quiz/>", "bank_empty"),
        ("bank.txt", "Nothing is asked here.", "bank_unknown"),
        ("bank.csv", "a,b\n1,2\n", "bank_unknown"),
        ("bank.gift", "", "bank_empty"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0", "bank_encoding"),
        ("moodle.xml", "<quiz>" + "<question/>" * 12_001 + "</quiz>", "bank_crowded"),
        ("moodle.xml", b" " * (24 * 1024 * 1024 + 1), "bank_too_large"),
    ],
)
def test_what_is_no_bank_is_refused(name, content, code):
    assert refused(name, content) == code


@pytest.mark.parametrize(
    ("name", "content", "end"),
    [
        ("bank.txt", "\n" * 3_000_000 + "x", "bank_unknown"),
        ("bank.gift", "::a:: {\n\n" + "b\n\n" * 100_000, "unreadable"),
        ("bank.gift", "::a:: {#" + "." * 100_000 + "x}", "number_unread"),
        ("moodle.xml", moodle(asked("cloze", "", "{1:MC:" * 100_000)), "no_question"),
        ("moodle.xml", moodle(asked("cloze", "", "{1:MC:" * 100_000 + "\\}")), "no_question"),
    ],
    ids=["empty lines", "an open brace", "a range", "open gaps", "an escaped brace"],
)
def test_a_long_text_is_read_once_and_not_from_each_of_its_places(name, content, end):
    assert end_of(name, content) == end


def test_a_file_whose_reading_never_ends_is_refused():
    with pytest.raises(Refusal, match=r"takes more than 0\.01 seconds of processor time"):
        read_for_ever()


def test_a_file_that_is_read_in_time_leaves_no_alarm_behind():
    before = signal.getsignal(signal.SIGPROF)
    with time_limited():
        report_of("bank.gift", SAMPLES["bank.gift"][0])
    assert (signal.getsignal(signal.SIGPROF), signal.getitimer(signal.ITIMER_PROF)) == (before, (0.0, 0.0))


def test_a_report_that_forgets_an_item_cannot_be_made():
    item = ReportedItem(1, "essay", "", "", ItemOutcome.REFUSED, (), "")
    with pytest.raises(AssertionError):
        ImportReport("GIFT", "", 2, 0, (item,))
    with pytest.raises(AssertionError):
        ImportReport("GIFT", "", 2, 0, (item, item))


@given(
    name=some.sampled_from(sorted(SAMPLES)),
    place=some.floats(0, 1),
    length=some.integers(0, 40),
    noise=some.one_of(
        some.binary(max_size=12),
        some.sampled_from(
            [b"<", b"]]>", b"&#0;", b"{", b"}", b"%", b"1e999999", b"=", b"\n\n", b"->", b'"', b"::", b"<p>"]
        ),
    ),
)
def test_a_damaged_file_is_reported_or_refused_with_a_sentence(name, place, length, noise):
    content = SAMPLES[name][0].encode()
    at = int(place * len(content))
    damaged = content[:at] + noise + content[at + length :]
    try:
        report = report_of(name, damaged)
        said, lost = "counts.", report.total - report.copies - sum(report.counts.values())
    except Refusal as refusal:
        said, lost = refusal.sentence, 0
    assert (said[-1], lost) == (".", 0)
