"""Output is made fit to pass on: known kinds, no control characters, within the limits."""

import base64
import json

import pytest

from labs.runner.protocol import RunLimits
from labs.runner.supervisor import output
from labs.runner.supervisor.output import STREAM, Meter, OverLimit, clean, is_display, joined, joins
from labs.runner.wire import Malformed

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n rest")
NOTE = "application/vnd.finalcheck.note+json"

ESCAPES = {
    "a colour": "\x1b[31mred\x1b[0m",
    "a window title": "\x1b]0;title\x07red",
    "a link": "\x1b]8;;http://evil\x1b\\red\x1b]8;;\x1b\\",
    "a device string": "\x1bP1;2|data\x1b\\red",
    "a bell": "r\x07ed",
    "NUL": "r\0ed",
    "delete": "re\x7fd",
    "an eight-bit control": "r\x9b31med",
    "turned text": "r\u202eed",
    "an unfinished sequence": "red\x1b",
}
ESCAPES["an eight-bit control"] = "r\x9bed"


@pytest.mark.parametrize("name", ESCAPES)
def test_terminal_control_is_taken_out(name):
    assert clean({"text/plain": ESCAPES[name].encode()}) == {"text/plain": "red"}


def test_tabs_lines_and_returns_stay():
    assert clean({"text/plain": b"a\tb\r\nc\b"}) == {"text/plain": "a\tb\r\nc\b"}


def test_bytes_that_are_not_text_are_marked():
    assert clean({"text/plain": b"a\xffb"}) == {"text/plain": "a\ufffdb"}


@pytest.mark.parametrize(
    "mime",
    [
        "application/javascript",
        "image/svg+xml",
        "text/javascript",
        "application/pdf",
        "application/vnd.jupyter.widget-view+json",
        "",
    ],
)
def test_a_kind_that_could_act_is_left_out(mime):
    assert clean({mime: b"alert(1)", "text/plain": b"safe"}) == {"text/plain": "safe"}


def test_an_image_must_be_one():
    dark = "application/vnd.finalcheck.dark+png"
    assert clean({"image/png": PNG, dark: PNG}) == {"image/png": PNG.decode(), dark: PNG.decode()}


@pytest.mark.parametrize("value", [b"<svg/>", base64.b64encode(b"GIF89a"), b"\xff", PNG + b"\n<script>"])
def test_a_forged_image_is_malformed(value):
    with pytest.raises(Malformed):
        clean({"image/png": value})


@pytest.mark.parametrize(
    "value",
    [
        b"no",
        b"[1]",
        b"NaN",
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b"{" * 10_000,
        b'{"a": "' + b"x" * output.JSON_BYTES + b'"}',
    ],
)
def test_json_that_is_not_an_object_or_not_finite_is_malformed(value):
    with pytest.raises(Malformed):
        clean({NOTE: value})


def test_texts_inside_json_are_cleaned_too():
    value = json.dumps({"te\x1b[1mxt": ["\x1b[31mred", {"deep": "\x07"}]}).encode()
    assert clean({NOTE: value}) == {NOTE: {"text": ["red", {"deep": ""}]}}


def test_output_beyond_the_cap_is_over_the_limit():
    meter = Meter(RunLimits(output_bytes=1000))
    meter.count_message(1000 + output.HEAD_BYTES)
    with pytest.raises(OverLimit):
        meter.count_message(1)


def test_displays_beyond_the_cap_are_over_the_limit():
    meter = Meter(RunLimits(displays=1))
    meter.count("1", {"image/png": ""}, 1)
    with pytest.raises(OverLimit):
        meter.count("1", {"text/html": ""}, 1)


def test_frames_are_limited_and_continued_text_is_not_a_new_frame():
    meter = Meter(RunLimits(frames=2))
    for name in ("stdout", "stdout", "stdout", "stderr", "stderr"):
        meter.count("1", stream("1", "a", name)["data"], 1)
    assert meter.frames == 2
    with pytest.raises(OverLimit, match="more than 2 pieces of output"):
        meter.count("2", stream("2", "a", "stderr")["data"], 1)


@pytest.mark.parametrize("bundle", [{}, {NOTE: {}}, {"text/plain": "\ufffd" * 1000}])
def test_a_frame_costs_at_least_what_it_takes_to_store(bundle):
    meter = Meter(RunLimits())
    meter.count("1", bundle, 0)
    assert meter.bytes >= len(json.dumps(bundle)) + 100


@pytest.mark.parametrize(
    ("bundle", "counts"),
    [
        ({"text/plain": "", STREAM: {}}, False),
        ({"text/plain": "", NOTE: {}}, False),
        ({"text/plain": ""}, True),
        ({"text/html": "", NOTE: {}}, True),
    ],
)
def test_only_what_is_shown_counts_as_a_display(bundle, counts):
    assert is_display(bundle) is counts


def stream(cell, text, name="stdout"):
    return {"cell": cell, "data": {"text/plain": text, STREAM: {"name": name}}}


def test_stretches_of_one_stream_are_joined():
    assert joined(stream("1", "a"), stream("1", "b")) == stream("1", "ab")


@pytest.mark.parametrize(
    "later", [stream("2", "b"), stream("1", "b", "stderr"), {"cell": "1", "data": {"text/plain": "b"}}]
)
def test_output_of_another_cell_stream_or_kind_is_not_joined(later):
    assert (joins(stream("1", "a"), stream("1", "b")), joins(stream("1", "a"), later)) == (True, False)
