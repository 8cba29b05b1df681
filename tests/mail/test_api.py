"""Which mail a person wants, over the API."""

import pytest

pytestmark = pytest.mark.django_db


def test_me_mail_is_what_a_person_wants(world):
    ada, address = world.client("ada"), "/api/v1/me/mail/"
    before = ada.get(address).json()
    wanted = {"announcements": False, "notices": True}
    assert ada.put(address, wanted).json() == {**before, **wanted} == ada.get(address).json()
