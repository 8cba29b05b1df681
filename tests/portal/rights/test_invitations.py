"""What is stored about a person who was invited by email."""

import pytest
from allauth.account.models import EmailAddress

from mail.models import Mail
from people.models import PersonalInvitation
from people.rules.roster import read_roster
from people.services import apply_roster, plan_roster
from portal.rights.selectors import course_tables
from portal.rights.services import erase_person
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW


def test_an_archive_has_the_invitations_of_a_confirmed_address_and_erasing_deletes_them(settings):
    course, author = make.make_course(), make.make_user()
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    rows = read_roster("email\nada@example.org\n").rows
    plan = plan_roster(course=course, rows=rows, inviting_at=NOW)
    apply_roster(course=course, rows=rows, expected=plan.digest, author=author, now=NOW, invites=True)
    ada, squatter = make.make_user(), make.make_user()
    for user in (ada, squatter):
        EmailAddress.objects.create(user=user, email="ada@example.org", verified=user == ada)

    def invited(user):
        return [row["email"] for row in dict(course_tables(user.pk, None))["invitations"]]

    assert (invited(ada), invited(squatter)) == (["ada@example.org"], [])
    erase_person(user=squatter, actor=None, reason="", now=NOW)
    assert PersonalInvitation.objects.count() == 1
    erase_person(user=ada, actor=None, reason="", now=NOW)
    assert (PersonalInvitation.objects.count(), Mail.objects.count()) == (0, 0)
