"""A learner's draft as a notebook, and back."""

import pytest

from tests import factories as make
from tests.labs.api.test_labs import client_of
from tests.labs.making import RIGHT, make_lab


@pytest.mark.django_db
def test_a_learner_downloads_the_draft_and_sends_it_back():
    lab = make_lab()
    api = client_of(make.enroll(course=lab.course))
    url = f"/api/v1/labs/{lab.pk}/"
    assert api.put(f"{url}draft/", {"cells": RIGHT, "revision": 0}).status_code == 200
    sent = api.get(f"{url}notebook/")
    assert (sent["Content-Type"], sent["X-Content-Type-Options"]) == ("application/x-ipynb+json", "nosniff")
    assert sent["Content-Disposition"] == f'attachment; filename="{lab.key}.ipynb"'
    back = api.put(f"{url}notebook/", sent.content, content_type="application/x-ipynb+json")
    assert (back.status_code, back.json()) == (200, {"cells": RIGHT})
    refused = api.put(f"{url}notebook/", b"[]", content_type="application/octet-stream")
    assert (refused.status_code, refused.json()["code"]) == (400, "notebook_unreadable")
    assert client_of(make.make_user()).get(f"{url}notebook/").json()["code"] == "not_enrolled"
