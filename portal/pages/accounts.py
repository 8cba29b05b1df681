from django.conf import settings
from django.http import HttpRequest

from course.accounts import AccountAdapter as CourseAccountAdapter
from portal.pages.selectors import running_exam


class ExamAccountAdapter(CourseAccountAdapter):
    """Let a learner into a running exam, even if other people's password guesses have locked the account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGN_UP

    def is_ajax(self, request: HttpRequest) -> bool:
        """Answer everyone with a page. allauth would put it into JSON for a script, but ours read pages."""
        return False

    def may_always_try(self, request: HttpRequest, account: object) -> bool:
        return running_exam(account.pk, request.now) is not None
