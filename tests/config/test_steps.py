"""What a start says before the programs run."""

import pytest

from config.up import steps


@pytest.mark.parametrize(
    ("is_demo", "sign_up", "has_server", "warns"),
    [
        (False, True, False, True),
        (False, True, True, False),
        (False, False, False, False),
        (True, True, False, False),  # a demo prints its mail
    ],
)
def test_a_start_warns_if_people_may_sign_up_and_there_is_no_mail_server(
    settings, monkeypatch, is_demo, sign_up, has_server, warns
):
    monkeypatch.setattr(steps, "steps", lambda *, is_demo: [])
    settings.SIGN_UP = sign_up
    if not has_server:
        settings.MAILERS = {"default": {"BACKEND": settings.MAILER_THAT_SENDS_NOTHING}}
    said = []
    steps.take_steps(said.append, is_demo=is_demo)
    assert ["FINALCHECK_EMAIL_URL names no mail server" in each for each in said] == [True] * warns
