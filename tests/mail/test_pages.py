"""A person chooses which mail they get: in Settings, or by the link in a mail."""

import pytest
from django.urls import reverse

from mail.models import MutedMail
from mail.rules.delivery import unsubscribe_path
from mail.services import unsubscribe_token
from tests import factories as make
from tests.portal.pages.test_home import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner(client):
    person = make.enroll(course=make.make_course())
    client.force_login(person)
    return person


def test_settings_and_a_link_without_signing_in_stop_mail(client, learner):
    assert client.post("/settings/mail/", {"announcements": "on", "reminders": "on"}).status_code == 302
    assert list(MutedMail.objects.values_list("user", "kind")) == [(learner.pk, "notices")]
    client.logout()
    page = reverse("unsubscribe", args=[unsubscribe_token(learner, "announcements")])
    assert "Stop these emails?" in text(client.get(page))
    assert MutedMail.objects.count() == 1
    assert "You will get no more of these emails" in text(client.post(page))
    assert MutedMail.objects.filter(user=learner).count() == 2


def test_the_address_of_the_mail_settings_leads_to_settings_and_changes_nothing(client, learner):
    answers = [client.get("/settings/mail/"), client.head("/settings/mail/")]
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [(302, "/settings/")] * 2
    assert not MutedMail.objects.exists()


def test_the_path_in_mail_is_the_address_of_the_page():
    token = unsubscribe_token(make.make_user(), "notices")
    assert reverse("unsubscribe", args=[token]) == unsubscribe_path(token)
