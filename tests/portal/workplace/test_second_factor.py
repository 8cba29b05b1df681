"""Staff need a second factor, except in a demo on the loopback."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from tests import factories as make
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def teacher(client, course, settings):
    settings.STAFF_NEED_SECOND_FACTOR = True
    person = instructor_of(course)
    client.force_login(person)
    return person


@pytest.mark.parametrize("name", ["admin:index", "dashboard", "audit"])
def test_without_a_second_factor_every_staff_page_leads_to_adding_one(client, course, teacher, name):
    url = reverse(name, args=[] if ":" in name else [course.slug])
    assert client.get(url).url == reverse("mfa_index")
    assert client.post(url).url == reverse("mfa_index")


@pytest.mark.parametrize(("kind", "opens"), [("totp", True), ("webauthn", True), ("recovery_codes", False)])
def test_an_app_or_a_passkey_is_a_second_factor_and_recovery_codes_are_not(client, course, teacher, kind, opens):
    Authenticator.objects.create(user=teacher, type=kind, data={})
    assert (client.get(reverse("dashboard", args=[course.slug])).status_code == 200) is opens


def test_learners_need_no_second_factor(client, course, settings):
    settings.STAFF_NEED_SECOND_FACTOR = True
    client.force_login(make.enroll(course=course))
    assert client.get(reverse("course", args=[course.slug])).status_code == 200


def test_a_demo_requires_no_second_factor(client, course, teacher, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    assert client.get(reverse("dashboard", args=[course.slug])).status_code == 200
