"""A worker that sweeps as well, as `manage.py up` starts it."""

import threading

from django.db import connection

from operations.management.commands import sweep, work


def test_a_sweep_that_fails_is_followed_by_the_next(settings, monkeypatch):
    settings.WEB_URL = ""
    stop, sweeps = threading.Event(), []

    def fail_once(self, holder):
        sweeps.append(holder)
        if len(sweeps) == 1:
            raise ZeroDivisionError
        stop.set()

    monkeypatch.setattr(sweep.Command, "sweep", fail_once)
    monkeypatch.setattr(sweep, "PAUSE", 0.0)
    monkeypatch.setattr(sweep, "close_old_connections", lambda: None)
    sweep.Command().sweep_until(stop)
    assert sweeps == [sweep.holder_here()] * 2


def test_the_sweeper_of_a_worker_connects_with_its_own_settings(monkeypatch):
    durable, used = {"NAME": "durable"}, []
    monkeypatch.setattr(sweep.Command, "sweep_until", lambda self, stop: used.append(connection.settings_dict))
    thread = threading.Thread(target=work.Command().sweep_durably, args=(threading.Event(), durable))
    thread.start()
    thread.join()
    assert used == [durable]
    assert connection.settings_dict != durable
