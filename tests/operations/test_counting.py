"""Where a worker or a sweeper answers /metrics, and what it does if it cannot."""

import socket

from operations.services import measuring, serve_counters


def test_metrics_are_answered_on_the_loopback_interface_unless_told_otherwise(settings, monkeypatch):
    asked = []
    monkeypatch.setattr(measuring, "start_http_server", lambda port, host, registry: asked.append((host, port)))
    settings.METRICS_PORT = 9100
    serve_counters()
    settings.METRICS_HOST = "0.0.0.0"  # as in a container
    serve_counters()
    assert asked == [("127.0.0.1", 9100), ("0.0.0.0", 9100)]  # the same


def test_a_program_whose_port_is_taken_goes_on_and_says_so(settings, caplog):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings.METRICS_PORT = taken.getsockname()[1]
        serve_counters()
    assert f"/metrics is not answered at 127.0.0.1:{settings.METRICS_PORT}" in caplog.text
