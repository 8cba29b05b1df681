from django.conf import settings
from django.http import HttpRequest

from accounts.adapters import AccountAdapter as CourseAccountAdapter
from people.selectors.invited import invitation_ahead
from quizzes.selectors.running import running_exam

NOBODY = 0  # the id of no account


class ExamAccountAdapter(CourseAccountAdapter):
    """Let a learner into an exam with a running clock, even if other people's password guesses have locked the account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """An invitation is enough where people cannot sign up by themselves."""
        return settings.SIGN_UP or invitation_ahead(request) is not None

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        """Return whether an address needs no mail to confirm it: the link of an invitation came by mail to it."""
        invitation = invitation_ahead(request)
        return (invitation is not None and invitation.email == email.lower()) or super().is_email_verified(
            request, email
        )

    def is_ajax(self, request: HttpRequest) -> bool:
        """Answer everyone with a page. allauth would put it into JSON for a script, but ours read pages."""
        return False

    def may_always_try(self, request: HttpRequest, account: object) -> bool:
        """Return whether a lock would cost time in an exam. One without a time limit can wait, and may run for weeks."""
        exam = running_exam(NOBODY if account is None else account.pk, request.now)
        return exam is not None and not exam.is_untimed
