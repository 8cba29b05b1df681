"""Traces through web, worker and runner: off by default, and without anything that names people."""

from collections.abc import Iterator

import pytest
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from config import requests
from config.tracing import begin_task, end_task, send_trace, tracers
from foundation.tracing import add_parts, span, trace_here, trace_with
from portal.pages.views import offline
from quizzes.tasks import RESCORE_AFTER_REGRADE, rescore_after_regrade_task

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
PAGE = "/service-worker.js"  # a page that needs no database


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    found = InMemorySpanExporter()
    trace_with(tracers(SimpleSpanProcessor(found)), "web")
    yield found
    trace_with(None)


def trace_of(each) -> str:
    return f"{each.context.trace_id:032x}"


def test_a_request_is_a_span_with_its_view_and_its_id_and_without_its_address(spans):
    answer = Client(REMOTE_ADDR="192.0.2.7").get(PAGE, {"name": "ada"})
    (found,) = spans.get_finished_spans()
    assert (found.name, found.status.status_code) == ("GET service_worker", StatusCode.UNSET)
    assert dict(found.attributes) == {
        "http.request.method": "GET",
        "finalcheck.request": answer["X-Request-ID"],
        "http.response.status_code": 200,
    }
    assert found.resource.attributes["service.name"] == "finalcheck-web"


@pytest.mark.parametrize("proxies", [0, 1])
def test_only_a_trusted_proxy_says_to_which_trace_a_request_belongs(spans, settings, proxies):
    settings.PROXIES = proxies
    Client().get(PAGE, headers={"traceparent": PARENT})
    (found,) = spans.get_finished_spans()
    assert (trace_of(found) in PARENT) is bool(proxies)


@pytest.mark.parametrize("path", ["/readyz", "/metrics", "/heartbeat"])
def test_what_monitoring_asks_for_is_not_traced(spans, path):
    requests.trace(lambda _: HttpResponse())(RequestFactory().get(path))
    assert spans.get_finished_spans() == ()


def test_a_page_that_fails_is_marked_without_the_text_of_its_error(spans, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise ValueError("the answer of ada")

    monkeypatch.setattr(offline, "render", fail)
    Client(raise_request_exception=False).get(PAGE)
    (found,) = spans.get_finished_spans()
    assert found.status.status_code is StatusCode.ERROR
    assert "answer of ada" not in found.to_json()


def test_an_exception_inside_of_a_span_is_named_by_its_type_alone(spans):
    with pytest.raises(Http404), span("work", kind="client", attributes={}):
        raise Http404("the answer of ada")
    (found,) = spans.get_finished_spans()
    assert (found.attributes["error.type"], found.status.status_code) == ("Http404", StatusCode.ERROR)
    assert "answer of ada" not in found.to_json()


def test_a_task_belongs_to_the_trace_of_whoever_sent_it(spans):
    headers: dict[str, str] = {}
    with span("request", kind="server", attributes={}):
        send_trace(headers)
    task = rescore_after_regrade_task
    task.push_request(**headers)
    begin_task("1", task)
    inside = trace_here()
    end_task("1")
    task.pop_request()
    outer, inner = spans.get_finished_spans()
    assert (inner.name, trace_of(inner)) == (RESCORE_AFTER_REGRADE, trace_of(outer))
    assert trace_of(inner) in inside


def test_a_task_that_nobody_traces_has_no_span(spans):
    headers: dict[str, str] = {}
    send_trace(headers)
    assert headers == {}
    begin_task("1", rescore_after_regrade_task)
    end_task("1")
    assert spans.get_finished_spans() == ()


@pytest.mark.parametrize(
    "parts", [None, [{}], [{"name": "a", "begin": "x", "end": 1}], [{"name": "a", "begin": 1e300, "end": 1}]]
)
def test_malformed_parts_of_a_runner_break_nothing(spans, parts):
    with span("run code", kind="client", attributes={}) as here:
        add_parts(here, "runner", parts)
    (found,) = spans.get_finished_spans()
    assert dict(found.attributes) == {"finalcheck.parts": "malformed"}


def test_where_traces_are_off_spans_do_nothing_and_the_middleware_is_not_used():
    with span("work", kind="client", parent=PARENT, attributes={}) as here:
        here.update_name("x")
        here.set_status(StatusCode.ERROR)
        add_parts(here, "runner", [])
        assert trace_here() == ""
    with pytest.raises(requests.MiddlewareNotUsed):
        requests.trace(lambda _: None)
