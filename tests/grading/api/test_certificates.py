"""Anyone can verify a certificate by its code."""

import pytest

pytestmark = pytest.mark.django_db


def test_certificates_are_verified_by_anyone_who_has_the_code(client, world):
    code = world.ids["code"]
    said = [client.get(f"/api/v1/certificates/{each}/") for each in (code, code.lower(), "nothing")]
    assert [(answer.status_code, answer.json().get("code")) for answer in said] == [
        *((200, code), (200, code), (404, "not_found"))
    ]
    assert (said[0].json()["is_valid"], said[0].json()["pass_percent"]) == (True, "70.0")
